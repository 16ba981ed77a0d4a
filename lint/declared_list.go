// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"slices"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// declaredCRL compares number, times and entries of a CRL.
func (t *target) declaredCRL() (ps []problem) {
	want := t.obj.revocationList()
	if n, present, err := t.exts.CRLNumber(); err != nil || !present || n.String() != want.Number {
		ps = append(ps, fault(FieldNumber, "CRL number %v, but %s is declared", n, want.Number)...)
	}
	ps = append(ps, t.declaredUpdates(want.ThisUpdate, want.NextUpdate, t.crl().ThisUpdate, t.crl().NextUpdate)...)
	if len(t.crl().Entries) != len(want.Entries) {
		ps = append(ps, fault(FieldEntries, "%d entries, but %d are declared", len(t.crl().Entries), len(want.Entries))...)
	}
	for i := range want.Entries {
		ps = append(ps, t.declaredEntry(&want.Entries[i])...)
	}
	return ps
}

// declaredEntry compares one declared entry with the encoded one.
func (t *target) declaredEntry(want *profiles.RevokedEntry) []problem {
	serial := string(want.Serial)
	field, got := t.fields[serial], t.entries[serial]
	if got == nil {
		return fault(field, "declared serial %s is missing", want.Serial)
	}
	date, err := want.Date.At(t.ctx.Signing)
	switch {
	case err != nil:
		return fault(field, "%v", err)
	case !got.Date.Equal(date):
		return fault(field, "serial %s was revoked on %s, but %s is declared", want.Serial, stamp(got.Date.Time), stamp(date))
	case !sameReason(got.Reason, want.Reason):
		return fault(field, "serial %s has %s, but %q is declared", want.Serial, reasonText(got), want.Reason)
	case want.Encoded != nil && !bytes.Equal(got.Raw, want.Encoded):
		return fault(field, "serial %s is not as in the previous CRL, byte for byte", want.Serial)
	case !extensionsDeclared(got, want):
		return fault(field, "the extensions of serial %s are not those that are declared", want.Serial)
	}
	return nil
}

// extensionsDeclared compares the extensions of an entry beside reasonCode with those declared.
func extensionsDeclared(got *inspect.RevokedEntry, want *profiles.RevokedEntry) bool {
	var others []profiles.EntryExtension
	invalid := profiles.Moment("")
	date, _, err := got.InvalidityDate()
	for _, x := range got.Extensions {
		switch {
		case x.OID.Equal(inspect.OIDReasonCode) && got.Reason != nil:
		case x.OID.Equal(inspect.OIDInvalidityDate) && err == nil && invalid == "":
			invalid = profiles.FixedMoment(date.Time)
		default:
			others = append(others, profiles.EntryExtension{OID: profiles.OID(x.OID.String()), DER: x.Value})
		}
	}
	return invalid == want.InvalidityDate && slices.EqualFunc(others, want.Extensions, func(a, b profiles.EntryExtension) bool {
		return a.OID == b.OID && bytes.Equal(a.DER, b.DER)
	})
}

// sameReason compares a reason with a declared one.
func sameReason(got *int, want profiles.Reason) bool {
	if want == "" {
		return got == nil
	}
	return got != nil && *got == want.Code()
}

// declaredUpdates compares thisUpdate and nextUpdate.
func (t *target) declaredUpdates(from profiles.Moment, to profiles.End, this inspect.Time, next *inspect.Time) (ps []problem) {
	start, err := from.At(t.ctx.Signing)
	if err != nil {
		return fault(FieldThisUpdate, "%v", err)
	}
	if !this.Equal(start) {
		ps = append(ps, fault(FieldThisUpdate, "thisUpdate %s, but %s is declared", stamp(this.Time), stamp(start))...)
	}
	end, err := to.Next(start)
	switch {
	case err != nil:
		ps = append(ps, fault(FieldNextUpdate, "%v", err)...)
	case next == nil:
		ps = append(ps, fault(FieldNextUpdate, "nextUpdate is missing")...)
	case !next.Equal(end):
		ps = append(ps, fault(FieldNextUpdate, "nextUpdate %s, but %s is declared", stamp(next.Time), stamp(end))...)
	}
	return ps
}

// declaredResponse compares an OCSP response.
func (t *target) declaredResponse() (ps []problem) {
	want, got := t.obj.response(), t.single()
	if hash := algorithm.HashOf(got.CertID.HashOID.String()); hash != want.CertIDHash {
		ps = append(ps, fault(FieldCertID, "hash %q, but %q is declared", hash, want.CertIDHash)...)
	}
	if byName := t.resp().ResponderByName != nil; byName != (want.Responder == profiles.ResponderByName) {
		ps = append(ps, fault(FieldResponder, "responder by name: %t, but %s is declared", byName, want.Responder)...)
	}
	if serial := hexSerial(got.CertID.Serial); serial != string(want.Serial) {
		ps = append(ps, fault(FieldSerial, "serial %s, but %s is declared", serial, want.Serial)...)
	}
	if got.Status != want.Status {
		ps = append(ps, fault(FieldStatus, "status %s, but %s is declared", got.Status, want.Status)...)
	}
	if want.Revoked != nil {
		date, err := want.Revoked.Date.At(t.ctx.Signing)
		if err != nil || got.RevokedAt == nil || !got.RevokedAt.Equal(date) || !sameReason(got.Reason, want.Revoked.Reason) {
			ps = append(ps, fault(FieldStatus, "date or reason of the revocation is not as declared")...)
		}
	}
	if len(got.Extensions) > 0 {
		ps = append(ps, fault(FieldExtensions, "%d extensions in the single response, but none can be declared", len(got.Extensions))...)
	}
	return append(ps, t.declaredUpdates(want.ThisUpdate, want.NextUpdate, got.ThisUpdate, got.NextUpdate)...)
}
