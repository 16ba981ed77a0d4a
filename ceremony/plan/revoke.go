// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// revocations adds what a CRL step revokes, in the order of the step: rules name new
// entries by their place there.
func (l *loader) revocations(a *Artifact, li *listing, pl *places) {
	pl.revoke = pl.fields["revoke"].List()
	for _, item := range pl.revoke {
		m := item.Map()
		e, ref := l.revocation(a, li, m)
		online := m.Opt("status").Enum("status", "online") != ""
		m.Close()
		first, twice := li.fresh[e.Serial]
		switch at := li.before[e.Serial]; {
		case e.Serial == "" || e.Date == "": // reported
			continue
		case len(at) > 0:
			item.FailHint("remove it: the entry is carried over; or write under change: "+
				changeLine("certificate: "+ref.ID(), &li.entries[at[0]], "now: {date: …, reason: …}"), "the previous CRL already revokes this certificate")
			continue
		case twice:
			item.Fail("the certificate is revoked twice: line %d revokes it, too", first.Pos().Line)
			continue
		default:
			a.Revokes = append(a.Revokes, ref)
		}
		if online {
			a.Online = append(a.Online, ref)
		}
		li.withDelta(&e)
		li.fresh[e.Serial] = item
		li.entries = append(li.entries, e)
	}
}

// revocation reads {certificate, date, reason, invalidity-date} and gives a reference to
// the certificate.
func (l *loader) revocation(a *Artifact, li *listing, m *source.Map) (profiles.RevokedEntry, Ref) {
	cert, date, invalidity := m.Need("certificate"), m.Need("date"), m.Opt("invalidity-date")
	e := profiles.RevokedEntry{Date: moment(date), InvalidityDate: fixed(invalidity)}
	invalidBefore(&e, invalidity)
	var ref Ref
	e.Serial, ref = l.certificate(cert)
	e.Reason = li.reason(m.Need("reason"), e.Serial)
	l.dated(dating{artifact: a.ID, crl: true, node: date, moment: e.Date}, ref)
	return e, ref
}

// reason reads why a certificate is revoked. A ceremony puts none on hold; what a later
// delta CRL has on hold may stay so.
func (li *listing) reason(n source.Node, serial profiles.Serial) profiles.Reason {
	if !n.Present() || n.Text() != string(profiles.CertificateHold) {
		return reason(n)
	}
	if serial != "" && !li.heldByDelta(serial) {
		n.FailHint("revoke it with another reason; one that the previous CRL has on hold stays so under change:, and one that a later delta CRL among the inputs has on hold, here",
			"a ceremony puts no certificate on hold, and no delta CRL among the inputs that is later than the previous CRL has this one on hold")
	}
	return profiles.CertificateHold
}
