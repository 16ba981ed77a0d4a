// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// revokedStatus reads when and why the certificate of a response was revoked: from
// a CRL that says so, or from the step itself.
func (l *loader) revokedStatus(a *Artifact, v *profiles.ResponseValues, pl *places) {
	n := pl.fields["revoked"]
	if (v.Status == "revoked") != n.Present() {
		pl.fields["status"].FailHint("write revoked: {from: CRL} or revoked: {date: …, reason: …}",
			"status revoked needs a date and a reason; status good must have neither")
		return
	}
	if !n.Present() {
		return
	}
	m := n.Map()
	defer m.Close()
	if from := m.Opt("from"); from.Present() {
		for _, own := range []string{"date", "reason"} {
			if o := m.Opt(own); o.Present() {
				o.FailHint("remove it", "%s: is that of the CRL which from: names", own)
			}
		}
		l.revokedFrom(v, from)
		return
	}
	date := m.Need("date")
	v.Revoked = &profiles.RevokedEntry{Serial: v.Serial, Date: moment(date), Reason: reason(m.Need("reason"))}
	l.dated(dating{artifact: a.ID, node: date, moment: v.Revoked.Date}, a.Subject)
}

// revokedFrom takes date and reason of a revocation from the entry of a CRL.
func (l *loader) revokedFrom(v *profiles.ResponseValues, from source.Node) {
	id := from.Name()
	made := l.Plan.Artifact(id)
	if made == nil || made.RevocationList() == nil {
		l.badReference(from, aCRL, fromStep)
		return
	}
	if v.Serial == "" { // reported
		return
	}
	e := Find(made.RevocationList().Entries, func(e *profiles.RevokedEntry) bool { return e.Serial == v.Serial })
	if e == nil {
		from.FailHint("revoke it there, or name the CRL that does", "CRL %q does not list this certificate", id)
		return
	}
	v.Revoked = &profiles.RevokedEntry{Serial: v.Serial, Date: e.Date.In(id), Reason: e.Reason}
}

// dating is a place that gives the date of a revocation.
type dating struct {
	artifact string
	crl      bool
	node     source.Node
	moment   profiles.Moment
}

// dated remembers where the file dates the revocation of a certificate by the
// signing of the step itself.
func (l *loader) dated(d dating, cert Ref) {
	if !cert.IsZero() && (d.moment == profiles.SigningDay || d.moment == profiles.SigningTime) {
		if l.revoked[cert] == nil {
			l.certs = append(l.certs, cert)
		}
		l.revoked[cert] = append(l.revoked[cert], d)
	}
}

// oneDate reports revocations that two steps date, each by its own signing: in the
// room these are two seconds, and of a certificate two dates.
func (l *loader) oneDate() {
	for _, cert := range l.certs {
		list := l.revoked[cert]
		first := list[0]
		if c := Find(list, func(d *dating) bool { return d.crl }); c != nil {
			first = *c // a response follows the CRL, whatever the order
		}
		for _, d := range list {
			if d.artifact != first.artifact && !l.sameMoment(d.moment, first.moment) {
				d.node.FailHint(first.instead(&d), "%s, in line %d, dates this revocation by its own signing, too, which is another second; one revocation has one date",
					first.artifact, first.node.Pos().Line)
			}
		}
	}
}

// sameMoment reports whether two moments are the same whenever in the window each
// is: as the day is, of a window within one.
func (l *loader) sameMoment(a, b profiles.Moment) bool {
	win := l.Plan.Ceremony.Window
	early, err := a.At(win.From)
	late, lateErr := b.At(win.Last())
	return a == b && err == nil && lateErr == nil && early.Equal(late)
}

// instead says how another step has the date of this one.
func (d *dating) instead(other *dating) string {
	const same = "or write the same time in both"
	switch {
	case d.crl && other.crl:
		return fmt.Sprintf("write previous: %s and remove the entry here, which carries it over; %s", d.artifact, same)
	case !d.crl:
		return "revoke it in a CRL first and write revoked: {from: CRL} in both; " + same
	case d.node.Pos().Line > other.node.Pos().Line:
		return fmt.Sprintf("move the step of %s before this one and write revoked: {from: %s} here; %s", d.artifact, d.artifact, same)
	}
	return fmt.Sprintf("write revoked: {from: %s}; %s", d.artifact, same)
}
