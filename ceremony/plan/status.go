// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// crl binds a CRL: the entries of the previous one, as they were or as the step says,
// and the certificates revoked now.
func (l *loader) crl(a *Artifact, prof profiles.Profile, pl *places, m *source.Map) {
	for _, f := range []string{"issuer", "number", "this-update", "next-update"} {
		pl.fields[f] = m.Need(f)
	}
	for _, f := range []string{"first", "previous", "revoke", "revoke-from", "change"} {
		pl.fields[f] = m.Opt(f)
	}
	rp, _ := prof.(*profiles.RevocationListProfile)
	issuer := l.issuerOf(a, pl.fields["issuer"], false)
	v := profiles.RevocationListValues{
		Artifact: a.ID, Number: pl.fields["number"].BigInt(),
		ThisUpdate: moment(pl.fields["this-update"]), NextUpdate: end(pl.fields["next-update"]),
		Window: l.Plan.Ceremony.Window.bounds(),
	}
	li := l.previous(a, pl)
	l.revocations(a, li, pl)
	l.revocationsFrom(a, li, pl)
	l.changes(a, li, pl)
	l.settle(a, &v, li, pl, rp)
	if issuer == nil || rp == nil {
		return
	}
	v.IssuerKey, v.Issuer = l.keyOf(issuer), profiles.URLs(issuer.URLs)
	bound, problems := rp.Bind(v)
	l.report(problems, pl)
	if bound != nil {
		a.Object = bound
	}
}

func reason(n source.Node) profiles.Reason {
	return profiles.Reason(n.Enum("reason", words(certifiedReasons)...))
}

// certificate resolves a certificate of an input or of an earlier step.
func (l *loader) certificate(n source.Node) (profiles.Serial, Ref) {
	id := n.Name()
	if id == "" {
		return "", Ref{}
	}
	if obj := l.Inputs[id]; obj != nil && obj.Cert() != nil {
		return profiles.Serial(obj.Cert().Serial.Text(16)), InputRef(id)
	}
	if made := l.Plan.Artifact(id); made != nil && made.Certificate() != nil {
		return profiles.SerialOf(id), CertRef(id)
	}
	l.badReference(n, aCertificate, fromEither)
	return "", Ref{}
}

// ocsp binds a pre-signed OCSP response.
func (l *loader) ocsp(a *Artifact, prof profiles.Profile, pl *places, m *source.Map) {
	for _, f := range []string{"issuer", "certificate", "status", "this-update", "next-update"} {
		pl.fields[f] = m.Need(f)
	}
	pl.fields["responder"], pl.fields["revoked"] = m.Opt("responder"), m.Opt("revoked")
	rp, _ := prof.(*profiles.ResponseProfile)
	issuer := l.issuerOf(a, pl.fields["issuer"], false)
	v := profiles.ResponseValues{
		Artifact: a.ID, Status: pl.fields["status"].Enum("status", "good", "revoked"),
		ThisUpdate: moment(pl.fields["this-update"]), NextUpdate: end(pl.fields["next-update"]),
		Window: l.Plan.Ceremony.Window.bounds(),
	}
	v.Serial, a.Subject = l.certificate(pl.fields["certificate"])
	l.revokedStatus(a, &v, pl)
	if issuer == nil || rp == nil || v.Serial == "" || v.Status == "revoked" && v.Revoked == nil {
		return
	}
	v.SignerKey = l.keyOf(issuer)
	a.Responder = a.Issuer
	if r := pl.fields["responder"]; r.Present() {
		key := l.responder(a, r)
		if key == nil {
			return
		}
		v.SignerKey = key.Algorithm
	}
	bound, problems := rp.Bind(v)
	l.report(problems, pl)
	if bound != nil {
		a.Object = bound
	}
}

// responder resolves the certificate whose key signs an OCSP response.
func (l *loader) responder(a *Artifact, n source.Node) *Key {
	id := n.Name()
	made := l.Plan.Artifact(id)
	if made == nil || made.Certificate() == nil {
		l.badReference(n, aCertificate, fromStep)
		return nil
	}
	a.Responder = CertRef(id)
	key := l.Plan.Key(made.SubjectKey.ID())
	if key == nil || key.Token == "" {
		n.Fail("the key of responder %q is not on a token of this ceremony", id)
		return nil
	}
	a.IssuerKey = KeyRef(key.ID)
	return key
}
