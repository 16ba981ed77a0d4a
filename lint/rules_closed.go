// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// closedRules refuse extensions that are not expected, regardless of the
// profile.
var closedRules = []Rule{
	{
		ID: "cert.extension-unique", Level: Error, Citation: "RFC 5280 4.2, 5.2",
		Requirement: "A certificate MUST NOT include more than one instance of a particular extension.",
		Kinds:       allKinds, Check: checkExtensionsUnique,
	},
	{
		ID: "cert.extension-kind", Level: Error, Citation: "RFC 5280 4.2, 5.2, RFC 6960 4.2.2.2.1 and 4.4",
		Requirement: "an extension that has a name in profiles occurs only in kinds of objects that must or may have it",
		Kinds:       allKinds, Check: checkExtensionKinds,
	},
	{
		ID: "cert.other-extension", Level: Warning, Citation: "BR 7.1.2.6.1, 7.1.2.3.1, 7.1.2.2.3, 7.1.2.8.2, 7.1.2.11.5, 7.2.2, RFC 5280 4.2, 5.2, 5.3, RFC 6960 4.4",
		Requirement: "BR (from 2023-09-15, CRLs from 2024-03-15): any other extension is NOT RECOMMENDED; one that is critical and not of RFC 5280 makes certificate-using systems reject the object, and in an entry the CRL",
		Kinds:       append(slices.Clone(certKinds), profiles.CRL, profiles.OCSPResponse), Check: checkOtherExtensions,
	},
}

func checkExtensionsUnique(t *target) (ps []problem) {
	return slices.Concat(repeated(t, t.exts, profiles.Field{}), t.repeatedInside())
}

// checkExtensionKinds checks the bytes against the extensions that profiles may
// declare.
func checkExtensionKinds(t *target) (ps []problem) {
	exts := t.exts
	if t.resp() != nil {
		exts = slices.Concat(exts, t.single().Extensions)
	}
	for _, e := range exts {
		if why := ext.Refuses(t.obj.Kind(), profiles.OID(e.OID.String())); why.Why != "" {
			ps = append(ps, fault(t.extField(e.OID), "%s cannot have %s: %s", t.obj.Kind(), inspect.OIDName(e.OID), why)...)
		}
	}
	return ps
}

// repeated finds extensions that occur more than once in a list.
func repeated(t *target, exts inspect.Extensions, field profiles.Field) (ps []problem) {
	for i, e := range exts {
		_, n := exts.Extension(e.OID)
		first := slices.IndexFunc(exts, func(x inspect.Extension) bool { return x.OID.Equal(e.OID) })
		if n < 2 || first != i {
			continue
		}
		at := field
		if at == (profiles.Field{}) {
			at = t.extField(e.OID)
		}
		ps = append(ps, fault(at, "extension %s occurs %d times", inspect.OIDName(e.OID), n)...)
	}
	return ps
}

// placed is a list of extensions with the field that it is in.
type placed struct {
	field profiles.Field
	exts  inspect.Extensions
}

// repeatedInside looks into the entries of a CRL and the one single response.
func (t *target) repeatedInside() (ps []problem) {
	if inside := rows[t.obj.Kind()].inside; inside != nil {
		for _, in := range inside(t) {
			ps = append(ps, repeated(t, in.exts, in.field)...)
		}
	}
	return ps
}

// insideCRL gives the extensions of each entry.
func insideCRL(t *target) []placed {
	out := make([]placed, 0, len(t.crl().Entries))
	for _, e := range t.crl().Entries {
		out = append(out, placed{t.entryField(e.Serial), e.Extensions})
	}
	return out
}

// insideResponse gives the extensions of the one single response.
func insideResponse(t *target) []placed { return []placed{{FieldStatus, t.single().Extensions}} }

// criticalByRFC5280 are the other extensions that RFC 5280 has critical.
var criticalByRFC5280 = []asn1.ObjectIdentifier{inspect.OIDPolicyConstraints, inspect.OIDInhibitAnyPolicy, inspect.OIDPolicyMappings}

func checkOtherExtensions(t *target) (ps []problem) {
	usual := rows[t.obj.Kind()].usual
	for _, e := range t.exts {
		if slices.ContainsFunc(usual, e.OID.Equal) {
			continue
		}
		p := fault(t.extField(e.OID), "extension %s", inspect.OIDName(e.OID))
		known := t.cert() != nil && slices.ContainsFunc(criticalByRFC5280, e.OID.Equal)
		switch {
		case e.Critical && !known:
			ps = append(ps, at(Error, fault(p[0].field, "extension %s is critical", inspect.OIDName(e.OID)))...)
		case t.pack(PackTLS) && !t.kind(profiles.RootCA): // root.extensions
			from := dateBR2
			if t.crl() != nil {
				from = dateBRCRL
			}
			ps = append(ps, since(from, p)...)
		}
	}
	if t.crl() != nil {
		ps = append(ps, t.otherInEntries()...)
	}
	return ps
}

// otherInEntries finds critical extensions of entries that RFC 5280 does not have: who
// cannot process one must not use the CRL at all. Those that it has, crl.criticality and
// crl.entry-belongs check.
func (t *target) otherInEntries() (ps []problem) {
	for i := range t.crl().Entries {
		e := &t.crl().Entries[i]
		for _, x := range e.Extensions {
			if x.Critical && !x.OID.Equal(inspect.OIDCertificateIssuer) && !slices.ContainsFunc(entryNotCritical, x.OID.Equal) {
				ps = append(ps, citing("RFC 5280 5.3", at(Error, fault(t.entryField(e.Serial), "serial %x has a critical %s", e.Serial, inspect.OIDName(x.OID))))...)
			}
		}
	}
	return ps
}
