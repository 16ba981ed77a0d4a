// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// revocations adds what a CRL step revokes, and takes the entries that it
// corrects out of those carried over: rules name entries by their place in the
// step.
func (l *loader) revocations(a *Artifact, v *profiles.RevocationListValues, pl *places) {
	carried := len(v.Entries)
	before := make(map[profiles.Serial]int, carried)
	for i := range v.Entries {
		before[v.Entries[i].Serial] = i
	}
	corrected := map[int]bool{}
	pl.revoke = pl.fields["revoke"].List()
	for _, item := range pl.revoke {
		m := item.Map()
		e, ref := l.revocation(a, m)
		online := m.Opt("status").Enum("status", "online") != ""
		why := m.Opt("correction")
		m.Close()
		at, known := before[e.Serial]
		switch {
		case e.Serial == "": // reported
			continue
		case known && corrected[at]:
			item.Fail("duplicate correction of this certificate's entry")
		case known:
			e.Correction = correction(item, why, &v.Entries[at], &e)
			corrected[at] = true
		case why.Present():
			why.FailHint("remove correction: where a certificate is revoked for the first time",
				"the previous CRL has no entry for this certificate to correct")
		default:
			a.Revokes = append(a.Revokes, ref)
		}
		if online {
			a.Online = append(a.Online, ref)
		}
		v.Entries = append(v.Entries, e)
	}
	kept := v.Entries[:0]
	for i := range v.Entries {
		if !corrected[i] {
			kept = append(kept, v.Entries[i])
		}
	}
	v.Entries = kept
}

// revocation reads {certificate, date, reason} and gives a reference to the
// certificate.
func (l *loader) revocation(a *Artifact, m *source.Map) (profiles.RevokedEntry, Ref) {
	cert, date := m.Need("certificate"), m.Need("date")
	e := profiles.RevokedEntry{Date: moment(date), Reason: reason(m.Need("reason"))}
	var ref Ref
	e.Serial, ref = l.certificate(cert)
	l.dated(dating{artifact: a.ID, crl: true, node: date, moment: e.Date}, ref)
	return e, ref
}

// correction says what an entry of the previous CRL was and why it changes. What
// may be changed, and to what, is for the rules to say.
func correction(item, why source.Node, was, is *profiles.RevokedEntry) *profiles.Correction {
	c := &profiles.Correction{Date: was.Date, Reason: was.Reason, Why: why.Text()}
	switch {
	case !why.Present():
		item.FailHint("remove it: the entry is carried over; or add correction: WHY to change it (BR 7.2.2)",
			"the previous CRL already revokes this certificate")
	case is.Date == was.Date && is.Reason == was.Reason:
		item.FailHint("remove it: the entry is carried over", "the previous CRL has the same date and reason: there is nothing to correct")
	case c.Why != "" && len(c.Why) < 20:
		why.Fail("the reason is too short: write at least 20 characters")
	}
	return c
}
