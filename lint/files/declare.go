// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"slices"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/templates"
)

// mirror declares an object to be what it is, when there is no profile. The
// rules that compare what was declared with what was issued say nothing then,
// and are reported as not checked.
func mirror(o *object, k kind) lint.Object {
	declared := rowOf(o.what).mirror(o, k)
	*declared.DeclaredPurpose() = mirrorPurpose(o, k)
	return lint.Object{Artifact: o.name, Declared: declared}
}

// mirrorPurpose is what an object is for by its kind and by what is in it.
func mirrorPurpose(o *object, k kind) profiles.Purpose {
	purpose := profiles.Purpose{Intent: k.intent, Rules: k.packs, Scope: k.scope}
	if o.cert() == nil {
		return purpose
	}
	// Without digitalSignature a CA must not answer OCSP itself (BR 7.1.2.10.7).
	// With it, only a profile says whether it does.
	if ku, present, err := o.cert().KeyUsage(); err == nil && present && !slices.Contains(ku.Names(), "digitalSignature") {
		purpose.OCSP = "none"
	}
	if k.kind == profiles.CrossCertifiedCA {
		purpose.SubjectHierarchy = k.intent
	}
	return purpose
}

func mirrorRequest(o *object, _ kind) profiles.Object {
	r := o.req()
	return &profiles.Request{
		Subject: profiles.Name{DER: r.RawSubject}, Signature: algorithm.SignatureOf(r.Algorithm),
		Extensions: mirrorExtensions(r.Extensions, r.RawSPKI),
	}
}

func mirrorCertificate(o *object, k kind) profiles.Object {
	c := o.cert()
	return &profiles.Certificate{
		Kind: k.kind, Subject: profiles.Name{DER: c.RawSubject},
		Validity: profiles.Validity{
			NotBefore: profiles.FixedMoment(c.NotBefore.Time),
			NotAfter:  profiles.End{Time: profiles.FixedMoment(c.NotAfter.Time)},
		},
		SerialOctets: c.Serial.BitLen()/8 + 1, Signature: algorithm.SignatureOf(c.OuterAlgorithm),
		Extensions: mirrorExtensions(c.Extensions, c.RawSPKI),
	}
}

// mirrorCRL leaves the entries out: comparing them with themselves says
// nothing, and a CRL may have millions.
func mirrorCRL(o *object, k kind) profiles.Object {
	l := o.crl()
	out := &profiles.RevocationList{
		Covers: k.covers, Signature: algorithm.SignatureOf(l.OuterAlgorithm), ThisUpdate: profiles.FixedMoment(l.ThisUpdate.Time),
		Extensions: mirrorExtensions(l.Extensions, nil),
	}
	if l.NextUpdate != nil {
		out.NextUpdate = profiles.End{Time: profiles.FixedMoment(l.NextUpdate.Time)}
	}
	if n, present, err := l.CRLNumber(); err == nil && present {
		out.Number = n.String()
	}
	return out
}

func mirrorResponse(o *object, k kind) profiles.Object { return responseOf(o.resp(), k.covers) }

func responseOf(r *inspect.Response, covers profiles.Scope) *profiles.Response {
	s := &r.Singles[0]
	out := &profiles.Response{
		Covers: covers, Signature: algorithm.SignatureOf(r.Algorithm), CertIDHash: algorithm.HashOf(s.CertID.HashOID.String()), Responder: profiles.ResponderByKey,
		Serial: profiles.Serial(s.CertID.Serial.Text(16)), Status: s.Status, ThisUpdate: profiles.FixedMoment(s.ThisUpdate.Time),
		Extensions: mirrorExtensions(r.Extensions, nil),
	}
	if r.ResponderByName != nil {
		out.Responder = profiles.ResponderByName
	}
	if s.NextUpdate != nil {
		out.NextUpdate = profiles.End{Time: profiles.FixedMoment(s.NextUpdate.Time)}
	}
	if s.RevokedAt != nil {
		out.Revoked = &profiles.RevokedEntry{Serial: out.Serial, Date: profiles.FixedMoment(s.RevokedAt.Time), Reason: reasonOf(s.Reason)}
	}
	return out
}

// reasonOf gives the reason with a code, or "" for one that no profile has.
func reasonOf(code *int) profiles.Reason {
	for _, r := range []profiles.Reason{
		profiles.KeyCompromise, profiles.CACompromise, profiles.AffiliationChanged, profiles.Superseded,
		profiles.CessationOfOperation, profiles.PrivilegeWithdrawn,
	} {
		if code != nil && r.Code() == *code {
			return r
		}
	}
	return ""
}

// mirrorExtensions names the extensions that are there. Their values are left
// out but for those that rules look at.
func mirrorExtensions(list inspect.Extensions, spki []byte) []profiles.Extension {
	out := make([]profiles.Extension, len(list))
	for i, x := range list {
		id := profiles.OID(x.OID.String())
		spec, named := ext.Named(id)
		switch {
		case !named:
			out[i] = profiles.Extension{Name: ext.NameRaw, Value: ext.Raw{OID: id, DER: x.Value}}
		case spec.Name == ext.NameSubjectKeyID:
			out[i] = profiles.Extension{Name: spec.Name, Value: mirrorKeyID(list, spki)}
		default:
			out[i] = profiles.Extension{Name: spec.Name, Value: spec.Zero}
		}
		out[i].Critical = x.Critical
	}
	return out
}

// mirrorKeyID finds the method that gives the identifier.
func mirrorKeyID(list inspect.Extensions, spki []byte) ext.SubjectKeyID {
	have, _, err := list.SubjectKeyID()
	if err != nil {
		return ext.SubjectKeyID{Method: ext.SKIExisting}
	}
	for _, m := range []ext.SKIMethod{ext.SKISHA256, ext.SKISHA1} {
		if id, err := templates.SubjectKeyID(m, spki); err == nil && bytes.Equal(id, have) {
			return ext.SubjectKeyID{Method: m}
		}
	}
	return ext.SubjectKeyID{Method: ext.SKIExisting, Value: have}
}

// keyOf names the algorithm of a public key as profiles do, or describes it.
func keyOf(spki []byte) algorithm.Key {
	key, err := algorithm.ParseKey(spki)
	if k := algorithm.NameOf(key); err == nil && slices.Contains(algorithm.Families(), algorithm.FamilyOfKey(key)) {
		return k
	}
	return algorithm.Key(inspect.KeyDescription(spki))
}
