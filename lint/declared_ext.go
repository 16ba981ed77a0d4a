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
		got, want, err := t.both(&d, t.exts[i].Value)
		switch {
		case err != nil:
			ps = append(ps, fault(d.Field(), "%v", err)...)
		case got != want:
			ps = append(ps, fault(d.Field(), "%s, and %s is declared", got, want)...)
		}
	}
	return ps
}

// both writes the value of an extension and the declared value alike.
func (t *target) both(d *profiles.Extension, value []byte) (got, want string, err error) {
	switch d.Name {
	case profiles.ExtBasicConstraints:
		bc, _, err := t.exts.BasicConstraints()
		return basicText(bc.CA, bc.PathLen), basicText(d.BasicConstraints.CA, d.BasicConstraints.PathLength), err
	case profiles.ExtKeyUsage:
		bits, _ := usage(t.exts)
		want := uint16(0)
		for _, u := range d.KeyUsage {
			want |= usageBits[u]
		}
		return fmt.Sprintf("%09b", bits), fmt.Sprintf("%09b", want), nil
	case profiles.ExtExtKeyUsage:
		ids, _, err := t.exts.ExtKeyUsage()
		var want []string
		for _, p := range d.ExtKeyUsage {
			want = append(want, string(p.OID))
		}
		return listText(dotted(ids)), listText(want), err
	case profiles.ExtSubjectKeyID, profiles.ExtAuthorityKeyID, profiles.ExtCRLNumber:
		return "", "", nil // cert.ski, chain.aki or root.aki, and the number of the CRL
	case profiles.ExtOCSPNoCheck:
		return hex.EncodeToString(value), "0500", nil
	case profiles.ExtRaw:
		return hex.EncodeToString(value), hex.EncodeToString(d.Raw.DER), nil
	}
	return t.bothLists(d)
}

// bothLists does the same for extensions that are lists.
func (t *target) bothLists(d *profiles.Extension) (got, want string, err error) {
	switch d.Name {
	case profiles.ExtPolicies:
		list, _, err := t.exts.Policies()
		return policyText(list), declaredPolicyText(d.Policies), err
	case profiles.ExtCRLPoints:
		points, _, err := t.exts.CRLDistributionPoints()
		return pointText(points), listText(d.CRLURLs), err
	case profiles.ExtInfoAccess:
		list, _, err := t.exts.AuthorityInfoAccess()
		var a, b []string
		for _, x := range list {
			a = append(a, x.Method.String()+" "+x.Name.Value)
		}
		for _, x := range d.InfoAccess {
			method := map[string]string{"ocsp": inspect.OIDAccessOCSP.String(), "ca-issuers": inspect.OIDAccessCAIssuers.String()}[x.Method]
			b = append(b, method+" "+x.URL)
		}
		return listText(a), listText(b), err
	case profiles.ExtNameConstraints:
		nc, _, err := t.exts.NameConstraints()
		return treesText(nc.Permitted) + " but " + treesText(nc.Excluded),
			declaredTreesText(d.NameConstraints.Permitted) + " but " + declaredTreesText(d.NameConstraints.Excluded), err
	case profiles.ExtIssuingPoint:
		p, _, err := t.exts.IssuingDistributionPoint()
		w := d.IssuingPoint
		return fmt.Sprint(inspect.URIs(p.FullNames), p.OnlyContainsUserCerts.Value, p.OnlyContainsCACerts.Value),
			fmt.Sprint(w.URLs, w.OnlyUserCerts, w.OnlyCACerts), err
	}
	return "", "", fmt.Errorf("no comparison for %s", d.Name)
}

func listText(list []string) string { return strings.Join(list, ", ") }

func basicText(ca bool, pathLen *int) string {
	if pathLen == nil {
		return fmt.Sprintf("cA %t", ca)
	}
	return fmt.Sprintf("cA %t, path length %d", ca, *pathLen)
}

func policyText(list []inspect.Policy) string {
	var out []string
	for _, p := range list {
		s := p.OID.String()
		for _, q := range p.Qualifiers {
			s += fmt.Sprintf(" %s %q", q.Kind, q.Value)
		}
		out = append(out, s)
	}
	return listText(out)
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

func pointText(points []inspect.DistributionPoint) string {
	var out []string
	for i, p := range points {
		if i > 0 {
			out = append(out, "another distribution point")
		}
		out = append(out, inspect.URIs(p.FullNames)...)
	}
	return listText(out)
}
