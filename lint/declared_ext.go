// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// compareName compares a name with a declared one: attributes, order, string
// types and values, or the bytes.
func compareName(got *inspect.Name, want profiles.Name) []problem {
	if len(want.DER) > 0 {
		if !bytes.Equal(got.Raw, want.DER) {
			return fault(FieldSubject, "bytes %x, and %x are declared", got.Raw, []byte(want.DER))
		}
		return nil
	}
	if len(got.RDNs) != len(want.Attributes) {
		return fault(FieldSubject, "%d RDNs in %q, and %d are declared", len(got.RDNs), got, len(want.Attributes))
	}
	for i, w := range want.Attributes {
		rdn := got.RDNs[i]
		switch {
		case len(rdn) != 1 || rdn[0].OID.String() != string(w.OID):
			return fault(FieldSubject, "RDN %d of %q is not %s", i+1, got, w.Type)
		case rdn[0].Value != w.Value:
			return fault(FieldSubject, "%s is %q, and %q is declared", w.Type, rdn[0].Value, w.Value)
		case rdn[0].Tag != stringTags[w.String]:
			return fault(FieldSubject, "%s is a %s, and %s is declared", w.Type, inspect.TagName(rdn[0].Tag), w.String)
		}
	}
	return nil
}

// declaredExtensionValues compares the content of each declared extension.
func (t *target) declaredExtensionValues() (ps []problem) {
	for _, d := range t.declaredExtensions() {
		i := slices.IndexFunc(t.exts, func(e inspect.Extension) bool { return e.OID.String() == string(d.OID()) })
		if i < 0 {
			continue // cert.extensions-closed
		}
		got, want, err := t.both(&d, t.exts[i])
		switch {
		case err != nil:
			ps = append(ps, fault(d.Field(), "%v", err)...)
		case got != want:
			ps = append(ps, fault(d.Field(), "%s, and %s is declared", got, want)...)
		}
	}
	return ps
}

// both gives the issued and the declared value of an extension in the same words.
func (t *target) both(d *profiles.Extension, issued inspect.Extension) (got, want string, err error) {
	switch d.Name {
	case profiles.ExtSubjectKeyID, profiles.ExtAuthorityKeyID, profiles.ExtCRLNumber:
		return "", "", nil // cert.ski, chain.aki or root.aki, and the number of the CRL
	case profiles.ExtRaw:
		return hex.EncodeToString(issued.Value), hex.EncodeToString(d.Raw.DER), nil
	}
	if want, err = declaredText(d); err != nil {
		return "", "", err
	}
	got, err = t.exts.Said(issued.OID)
	return got, want, err
}

// declaredText says what is declared as [inspect.Extensions.Said] does.
func declaredText(d *profiles.Extension) (string, error) {
	switch d.Name {
	case profiles.ExtBasicConstraints:
		return basicText(d.BasicConstraints.CA, d.BasicConstraints.PathLength), nil
	case profiles.ExtKeyUsage:
		want := uint16(0)
		for _, u := range d.KeyUsage {
			want |= usageBits[u]
		}
		return fmt.Sprintf("%09b", want), nil
	case profiles.ExtExtKeyUsage:
		var want []string
		for _, p := range d.ExtKeyUsage {
			want = append(want, string(p.OID))
		}
		return listText(want), nil
	case profiles.ExtOCSPNoCheck:
		return "0500", nil
	case profiles.ExtPolicies:
		return declaredPolicyText(d.Policies), nil
	case profiles.ExtCRLPoints:
		return listText(d.CRLURLs), nil
	case profiles.ExtInfoAccess:
		var want []string
		for _, x := range d.InfoAccess {
			method := map[string]string{"ocsp": inspect.OIDAccessOCSP.String(), "ca-issuers": inspect.OIDAccessCAIssuers.String()}[x.Method]
			want = append(want, method+" "+x.URL)
		}
		return listText(want), nil
	case profiles.ExtNameConstraints:
		return declaredTreesText(d.NameConstraints.Permitted) + " but " + declaredTreesText(d.NameConstraints.Excluded), nil
	case profiles.ExtIssuingPoint:
		return fmt.Sprint(d.IssuingPoint.URLs, d.IssuingPoint.OnlyUserCerts, d.IssuingPoint.OnlyCACerts), nil
	}
	return "", fmt.Errorf("no comparison for %s", d.Name)
}

func listText(list []string) string { return strings.Join(list, ", ") }

func basicText(ca bool, pathLen *int) string {
	if pathLen == nil {
		return fmt.Sprintf("cA %t", ca)
	}
	return fmt.Sprintf("cA %t, path length %d", ca, *pathLen)
}

func declaredPolicyText(list []profiles.Policy) string {
	var out []string
	for _, p := range list {
		s := string(p.OID)
		if p.CPS != "" {
			s += fmt.Sprintf(" %s %q", inspect.QualifierCPS, p.CPS)
		}
		if p.Notice != "" {
			s += fmt.Sprintf(" %s %q", inspect.QualifierNotice, p.Notice)
		}
		out = append(out, s)
	}
	return listText(out)
}
