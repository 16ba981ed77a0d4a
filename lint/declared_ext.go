// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/hex"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// compareName compares a name with a declared one: attributes, order, string
// types and values, or the bytes.
func compareName(got *inspect.Name, want profiles.Name) []problem {
	if len(want.DER) > 0 {
		if !bytes.Equal(got.Raw, want.DER) {
			return fault(FieldSubject, "bytes %x, but %x are declared", got.Raw, []byte(want.DER))
		}
		return nil
	}
	if len(got.RDNs) != len(want.Attributes) {
		return fault(FieldSubject, "%d RDNs in %q, but %d are declared", len(got.RDNs), got, len(want.Attributes))
	}
	for i, w := range want.Attributes {
		rdn := got.RDNs[i]
		switch {
		case len(rdn) != 1 || rdn[0].OID.String() != string(w.OID):
			return fault(FieldSubject, "RDN %d of %q is not %s", i+1, got, w.Type)
		case rdn[0].Value != w.Value:
			return fault(FieldSubject, "%s is %q, but %q is declared", w.Type, rdn[0].Value, w.Value)
		case rdn[0].Tag != stringTags[w.String]:
			return fault(FieldSubject, "%s is a %s, but %s is declared", w.Type, inspect.TagName(rdn[0].Tag), w.String)
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
			ps = append(ps, fault(profiles.FieldOf(&d), "%v", err)...)
		case got != want:
			ps = append(ps, fault(profiles.FieldOf(&d), "%s, but %s is declared", got, want)...)
		}
	}
	return ps
}

// both gives the issued and the declared value of an extension as text.
func (t *target) both(d *profiles.Extension, issued inspect.Extension) (got, want string, err error) {
	want, ok := d.Issued()
	if !ok {
		return "", "", nil // cert.ski, chain.aki or root.aki, and the number of the CRL
	}
	if d.Name == ext.NameRaw {
		return hex.EncodeToString(issued.Value), want, nil
	}
	got, err = t.exts.Canonical(issued.OID)
	return got, want, err
}
