// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// crl binds a CRL: the entries of the previous one, less those dropped, plus
// the certificates revoked now.
func (l *loader) crl(a *Artifact, prof profiles.Profile, pl *places, m *source.Map) {
	for _, f := range []string{"issuer", "number", "this-update", "next-update"} {
		pl.fields[f] = m.Need(f)
	}
	for _, f := range []string{"first", "previous", "revoke"} {
		pl.fields[f] = m.Opt(f)
	}
	rp, _ := prof.(*profiles.RevocationListProfile)
	issuer := l.issuerOf(a, pl.fields["issuer"], false)
	v := profiles.RevocationListValues{
		Artifact: a.ID, Number: pl.fields["number"].BigInt(),
		ThisUpdate: moment(pl.fields["this-update"]), NextUpdate: end(pl.fields["next-update"]),
		Window: l.Plan.Ceremony.Window.bounds(),
	}
	l.previous(a, &v, pl)
	l.revocations(a, &v, pl)
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

// previous carries over the entries of the CRL before this one.
func (l *loader) previous(a *Artifact, v *profiles.RevocationListValues, pl *places) {
	first, prev := pl.fields["first"], pl.fields["previous"]
	a.First = first.Present() && first.Bool()
	switch {
	case a.First && prev.Present():
		prev.Fail("a CRL needs exactly one of first: true and previous:")
		return
	case a.First:
		return
	case !prev.Present():
		pl.step.FailHint("write previous: INPUT, or first: true for the first CRL of this issuer",
			"the previous CRL is not named")
		return
	}
	id := prev.Name()
	if made := l.Plan.Artifact(id); made != nil && made.RevocationList() != nil {
		a.Previous = CRLRef(id)
		for _, e := range made.RevocationList().Entries {
			e.CarriedOver, e.Correction, e.Date = true, nil, e.Date.In(id)
			v.Entries = append(v.Entries, e)
		}
		return
	}
	obj := l.Inputs[id]
	if obj == nil || obj.crl() == nil {
		l.badReference(prev, aCRL, fromEither)
		return
	}
	a.Previous = InputRef(id)
	entries, err := carryOver(obj.crl())
	if err != nil {
		prev.Fail("%v", err)
	}
	v.Entries = append(v.Entries, entries...)
}

// carryOver reads the entries of an existing CRL.
func carryOver(crl *inspect.RevocationList) ([]profiles.RevokedEntry, error) {
	reasons := map[int]profiles.Reason{}
	for _, r := range []profiles.Reason{profiles.KeyCompromise, profiles.CACompromise, profiles.AffiliationChanged,
		profiles.Superseded, profiles.CessationOfOperation, profiles.PrivilegeWithdrawn} {
		reasons[r.Code()] = r
	}
	var out []profiles.RevokedEntry
	for _, e := range crl.Entries {
		entry := profiles.RevokedEntry{Serial: profiles.Serial(e.Serial.Text(16)), Date: profiles.FixedMoment(e.Date.Time), CarriedOver: true}
		if e.Reason != nil {
			r, ok := reasons[*e.Reason]
			if !ok {
				return nil, fmt.Errorf("the previous CRL gives reason %d for serial %x, which cannot be carried over", *e.Reason, e.Serial)
			}
			entry.Reason = r
		}
		out = append(out, entry)
	}
	return out, nil
}

func reason(n source.Node) profiles.Reason {
	return profiles.Reason(n.Enum("reason", "key-compromise", "ca-compromise", "affiliation-changed",
		"superseded", "cessation-of-operation", "privilege-withdrawn"))
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
