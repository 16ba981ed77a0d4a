// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// keyLifeRules check keys before and after the certificate is issued.
var keyLifeRules = []Rule{
	{
		ID: "key.age", Level: Warning, Citation: "CRP 1.8, 1.3.1.2 and 2.2, MRSP 3.1, 7.1 and 7.4",
		Requirement: "a root is removed 15 years (S/MIME: 18 years) after the generation of its key, and its key is at most 5 years old at inclusion",
		Kinds:       rootKind, Since: packDates{PackChrome: dateChrome15, PackMozilla: dateMRSP29}, Needs: []Need{NeedKeyDate, NeedSigning}, Check: checkKeyAge,
	},
	{
		ID: "ocsp.sample", Level: Error, Citation: "house, RFC 6960 4.2.2.2",
		Requirement: "a new OCSP responder has signed a sample response that verifies under its certificate",
		House:       HouseUnusable, Kinds: delegateKind, Applies: reallySigned, Needs: []Need{NeedSample}, Later: true, Check: checkSample,
	},
}

// inclusionAge is how old a key may be when the root is submitted (CRP 2.2,
// MRSP 7.1).
const inclusionAge = 5

func checkKeyAge(t *target) (ps []problem) {
	made, years := t.ctx.KeyGenerated, 15
	if t.purpose.Intent == profiles.SMIME {
		years = 18
	}
	if made.After(t.ctx.Signing) {
		return at(Error, fault(FieldKey, "the key was generated on %s, after the signing", stamp(made)))
	}
	if end := made.AddDate(years, 0, 0); t.cert().NotAfter.After(end) {
		ps = append(ps, fault(FieldValidity, "valid to %s, but programs remove the root on %s, %d years after its key was generated", stamp(t.cert().NotAfter.Time), end.Format(time.DateOnly), years)...)
	}
	if last := made.AddDate(inclusionAge, 0, 0); t.ctx.Signing.After(last) {
		ps = append(ps, fault(FieldKey, "the key was generated on %s: since %s it is too old for inclusion", stamp(made), last.Format(time.DateOnly))...)
	}
	return ps
}

// reallySigned reports whether the signature is no static one: the key of a
// specimen signs nothing.
func reallySigned(t *target) bool { return !t.static }

func checkSample(t *target) (ps []problem) {
	s := t.ctx.Sample
	if s.Status != 0 {
		return fault(FieldResponder, "the sample response has status %d", s.Status)
	}
	if err := inspect.VerifySignature(t.spki, s.Algorithm, s.RawTBS, s.Signature); err != nil {
		ps = append(ps, fault(FieldResponder, "the sample response under the key of the responder: %v", err)...)
	}
	switch {
	case s.ResponderByName != nil && !bytes.Equal(s.ResponderByName.Raw, t.cert().RawSubject):
		ps = append(ps, fault(FieldResponder, "the responderID of the sample response is %q", s.ResponderByName)...)
	case s.ResponderByName == nil && !bytes.Equal(s.ResponderByKey, sha1Sum(publicKeyBits(t.spki))):
		ps = append(ps, fault(FieldResponder, "the responderID of the sample response is not the SHA-1 of the key")...)
	}
	if len(s.Certificates) > 0 && !bytes.Equal(s.Certificates[0], t.der) {
		ps = append(ps, fault(FieldResponder, "the sample response embeds another certificate")...)
	}
	return ps
}
