// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// chainRules check a certificate against its issuer.
var chainRules = []Rule{
	{
		ID: "chain.issuer-dn", Level: Error, Citation: "BR 7.1.4.1, RFC 5280 4.1.2.4",
		Requirement: "the issuer is byte-for-byte identical to the subject of the issuing CA",
		Record:      RecordIssuer,
		Kinds:       issuedKinds, Needs: []Need{NeedIssuer}, Check: checkIssuerName,
	},
	{
		ID: "chain.aki", Level: Error, Citation: "RFC 5280 4.2.1.1",
		Requirement: "the keyIdentifier of authorityKeyIdentifier is the issuer's subjectKeyIdentifier",
		Record:      RecordIssuer,
		Kinds:       issuedKinds, Needs: []Need{NeedIssuer}, Check: checkAKI,
	},
	{
		ID: "cert.aki", Level: Error, Citation: "RFC 5280 4.2.1.1, 5.2.1, BR 7.1.2.11.1, 7.2.2, SBR 7.1.2.2 h",
		Requirement: "authorityKeyIdentifier has a keyIdentifier; BR (from 2023-09-15, CRLs from 2024-03-15) and SBR: issuer and serial number MUST NOT be present",
		Kinds:       append(slices.Clone(issuedKinds), profiles.CRL), Check: checkKeyIdentifier,
	},
	{
		ID: "chain.ski", Level: Error, Citation: "BR 7.1.2.11.4, RFC 5280 4.2.1.2, else house",
		Requirement: "the subjectKeyIdentifier of a CA is not that of its issuer, whose key is another: the identifier is unique for each key, and paths are built by it",
		House:       HouseUnusable, Asked: packDates{PackTLS: dateBR2}, Kinds: subKinds, Needs: []Need{NeedIssuer}, Check: checkIssuerSKI,
	},
	{
		ID: "chain.signature", Level: Error, Citation: "RFC 5280 6.1.3",
		Requirement: "the signature verifies under the key of the issuer, in software",
		Record:      RecordSignature,
		Kinds:       certKinds, Needs: []Need{NeedIssuerKey, NeedSignature}, Check: checkSignature,
	},
	{
		ID: "chain.issuer-can-sign", Level: Error, Citation: "RFC 5280 6.1.4, 6.3.3, BR 7.2",
		Requirement: "the issuer is a CA (of a CRL, where a document for public CAs holds) and its keyUsage asserts keyCertSign for certificates and cRLSign for CRLs",
		Kinds:       append(slices.Clone(issuedKinds), profiles.CRL), Needs: []Need{NeedIssuer}, Check: checkIssuerCanSign,
	},
	{
		ID: "chain.pathlen", Level: Error, Citation: "RFC 5280 6.1.4, 4.2.1.9",
		Requirement: "the path length of the issuer permits the certificate, and that of a CA is smaller, or that of a self-issued one no greater",
		Kinds:       subKinds, Needs: []Need{NeedIssuer}, Check: checkPathLength,
	},
	{
		ID: "chain.eku-subset", Level: Warning, Citation: "house",
		Requirement: "the key purposes are among those of the issuer",
		House:       HouseAdvice, Kinds: subKinds, Needs: []Need{NeedIssuer}, Check: checkPurposesNested,
	},
	{
		ID: "chain.policy-subset", Level: Warning, Citation: "RFC 5280 6.1.3, 6.1.4",
		Requirement: "the policies are among those of the issuer, or those that its policyMappings map them to",
		Kinds:       subKinds, Needs: []Need{NeedIssuer}, Check: checkPoliciesNested,
	},
	{
		ID: "chain.self-issued", Level: Warning, Citation: "house",
		Requirement: "a certificate with the issuer's own name and another key is never issued by accident (a notice where it is a cross-certificate, as when the CA changes its key)",
		House:       HouseAdvice, Kinds: issuedKinds, Needs: []Need{NeedIssuer}, Check: checkSelfIssued,
	},
	{
		ID: "root.no-end-entity", Level: Error, Citation: "BR 6.1.7, SBR 6.1.7, CSBR 6.1.7, MRSP 5.2, MTRP 3.2.4",
		Requirement: "the key of a root signs only the root itself, subordinate and cross-certified CAs, infrastructure certificates and OCSP responder certificates",
		Since:       packDates{PackTLS: dateRootsOnly, PackSMIME: dateSMIME, PackCodeSigning: dateCSBR, PackMozilla: dateMRSP27, PackMicrosoft: dateMTRP},
		Kinds:       issuedKinds, Needs: []Need{NeedIssuer}, Check: checkRootIssues,
	},
}

func checkIssuerName(t *target) []problem {
	if bytes.Equal(t.cert().RawIssuer, t.issuer.RawSubject) {
		return nil
	}
	return otherIssuer(t.cert().Issuer, t.issuer.Subject)
}

// otherIssuer says that an issuer is not the subject of the CA, byte for byte. Names that
// read alike differ in their string types.
func otherIssuer(issuer, ca inspect.Name) []problem {
	if issuer.String() == ca.String() {
		return fault(FieldIssuer, "the issuer, %q, is written with other string types than the subject of the CA", issuer)
	}
	return fault(FieldIssuer, "issuer %q, but the issuing CA is %q", issuer, ca)
}

func checkAKI(t *target) []problem { return t.aki(t.issuer) }

// aki compares the authority key identifier of a certificate or CRL with its issuer.
// That it has one is for cert.aki; an issuer without identifier is an old root, whose key
// the plan gives one.
func (t *target) aki(issuer *inspect.Certificate) []problem {
	aki, present, err := t.exts.AuthorityKeyID()
	want := subjectKeyID(issuer.Extensions)
	if want == nil {
		want = t.ctx.IssuerKeyID
	}
	if err != nil || !present || len(aki.KeyID) == 0 || len(want) == 0 || bytes.Equal(aki.KeyID, want) {
		return nil
	}
	return fault(t.extField(inspect.OIDAuthorityKeyID), "keyIdentifier %x, but the issuer has %x", aki.KeyID, want)
}

func checkKeyIdentifier(t *target) []problem {
	field := t.extField(inspect.OIDAuthorityKeyID)
	aki, present, err := t.exts.AuthorityKeyID()
	switch {
	case err != nil:
		return fault(field, "%v", err)
	case !present:
		return fault(field, "authorityKeyIdentifier is missing")
	case len(aki.KeyID) == 0:
		return fault(field, "authorityKeyIdentifier has no keyIdentifier")
	case aki.Issuer == nil && aki.Serial == nil:
		return nil
	}
	docs := packDates{PackTLS: dateBR2, PackSMIME: dateSMIME}
	if t.crl() != nil {
		docs = packDates{PackTLS: dateBRCRL}
	}
	if from := docs.among(t.purpose.Rules); !from.IsZero() {
		return since(from, fault(field, "authorityKeyIdentifier has an issuer or a serial number"))
	}
	return nil
}

func checkIssuerSKI(t *target) []problem {
	mine := subjectKeyID(t.exts)
	if len(mine) == 0 || bytes.Equal(t.spki, t.issuer.RawSPKI) || !bytes.Equal(mine, subjectKeyID(t.issuer.Extensions)) {
		return nil
	}
	return fault(t.extField(inspect.OIDSubjectKeyID), "identifier %x is that of the issuer, whose key is another", mine)
}

func checkSignature(t *target) []problem {
	// Whether SHA-1 may be used on that day is a question for cert.alg-table.
	if err := verifySignature(t.ctx.IssuerKey, t.alg, t.tbs, t.signature); err != nil {
		return fault(FieldSignature, "%v", err)
	}
	return nil
}

func checkIssuerCanSign(t *target) (ps []problem) {
	bits, present := usage(t.issuer.Extensions)
	// RFC 5280 6.3.3 (f) asks of who signs a CRL for cRLSign alone. Without a keyUsage that
	// says so, nothing tells such a signer from any other certificate.
	if !actsAsCA(t.issuer) && (!t.kind(profiles.CRL) || !present || t.pack(webPacks...)) {
		ps = append(ps, fault(FieldIssuer, "issuer %q is not a CA", t.issuer.Subject)...)
	}
	need, name := uint16(usageCertSign), "keyCertSign"
	if t.kind(profiles.CRL) {
		need, name = usageCRLSign, "cRLSign"
	}
	if present && bits&need == 0 {
		ps = append(ps, fault(FieldIssuer, "the keyUsage of issuer %q lacks %s", t.issuer.Subject, name)...)
	}
	return ps
}

// actsAsCA reports whether a certificate is that of a CA. One before version 3 has no
// basicConstraints; it can be a trust anchor, which is self-signed, and nothing else (RFC
// 5280 6.1.4 k).
func actsAsCA(c *inspect.Certificate) bool {
	if c.Version < 3 {
		return c.SelfIssued() && verifiesItself(c) == nil
	}
	bc, present, err := c.BasicConstraints()
	return present && err == nil && bc.CA
}

func checkPathLength(t *target) []problem {
	field := t.extField(inspect.OIDBasicConstraints)
	outer, _, err := t.issuer.BasicConstraints()
	if err != nil || outer.PathLen == nil {
		return nil
	}
	inner, _, _ := t.exts.BasicConstraints() // what cannot be read is for object.parse
	counts := 1
	if t.cert().SelfIssued() { // which no path length counts (RFC 5280 4.2.1.9, 6.1.4 l)
		counts = 0
	}
	switch {
	case *outer.PathLen < counts:
		return fault(FieldIssuer, "the path length of the issuer is 0: it may not certify a CA")
	case inner.PathLen == nil:
		return at(Warning, fault(field, "no path length, but the issuer's is %d", *outer.PathLen))
	case *inner.PathLen > *outer.PathLen-counts:
		return fault(field, "path length %d, but the issuer's is %d", *inner.PathLen, *outer.PathLen)
	}
	return nil
}

func checkPurposesNested(t *target) (ps []problem) {
	outer, present := purposes(t.issuer.Extensions)
	if !present || slices.Contains(outer, purposeAny) {
		return nil
	}
	inner, present := purposes(t.exts)
	field := t.extField(inspect.OIDExtKeyUsage)
	if !present {
		return fault(field, "extKeyUsage is missing, but the issuer has one")
	}
	for _, e := range inner {
		if !slices.Contains(outer, e) {
			ps = append(ps, fault(field, "%s is not among the purposes of the issuer", purposeName(e))...)
		}
	}
	return ps
}

func checkPoliciesNested(t *target) (ps []problem) {
	outer, present := policies(t.issuer.Extensions)
	if !present || slices.Contains(outer, policyAny) {
		return nil
	}
	outer = mapped(outer, t.issuer.Extensions)
	inner, _ := policies(t.exts)
	for _, p := range inner {
		if !slices.Contains(outer, p) {
			ps = append(ps, fault(t.extField(inspect.OIDCertificatePolicies), "%s is not among the policies of the issuer", p)...)
		}
	}
	return ps
}

// mapped gives the policies that a CA expects below it: those that it maps are replaced by
// what it maps them to (RFC 5280 6.1.4 b).
func mapped(own []string, x inspect.Extensions) []string {
	e, _ := x.Extension(inspect.OIDPolicyMappings)
	if e == nil {
		return own
	}
	var mappings []struct{ Issuer, Subject asn1.ObjectIdentifier }
	if rest, err := asn1.Unmarshal(e.Value, &mappings); err != nil || len(rest) > 0 {
		return own // what cannot be read is for the linting of the CA
	}
	out := slices.Clone(own)
	for _, m := range mappings {
		out = slices.DeleteFunc(out, func(p string) bool { return p == m.Issuer.String() })
	}
	for _, m := range mappings {
		if slices.Contains(own, m.Issuer.String()) {
			out = append(out, m.Subject.String())
		}
	}
	return out
}

func checkRootIssues(t *target) []problem {
	bc, _, err := t.exts.BasicConstraints()
	if !SelfSigned(t.issuer) || err != nil || bc.CA || IsResponder(t.exts) {
		return nil // what cannot be read is for cert.der
	}
	return fault(FieldIssuer, "root %q would sign a certificate that is neither for a CA nor for an OCSP responder", t.issuer.Subject)
}

func checkSelfIssued(t *target) []problem {
	if !bytes.Equal(t.cert().RawSubject, t.issuer.RawSubject) || bytes.Equal(t.spki, t.issuer.RawSPKI) {
		return nil
	}
	ps := fault(FieldSubject, "the subject is the issuer's name %q with another key", t.issuer.Subject)
	if t.kind(profiles.CrossCertifiedCA) { // of the CA's own: RFC 4210 4.4
		return at(Notice, ps)
	}
	return ps
}
