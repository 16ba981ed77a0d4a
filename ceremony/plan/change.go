// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// What becomes of an entry that keeps no date and reason of its own.
const (
	nowKept     = "kept"
	nowReleased = "released"
	nowDropped  = "dropped"
)

// oidHoldInstruction says what to do about a certificate that is on hold. An entry that
// is no longer on hold does not keep it.
const oidHoldInstruction profiles.OID = "2.5.29.23"

// changes reads what the step says of entries of the previous CRL that do not stay as
// they are, or not without a word. What may be changed, and to what, is for the rules
// to say.
func (l *loader) changes(a *Artifact, li *listing, pl *places) {
	pl.change = pl.fields["change"].List()
	for i, item := range pl.change {
		m := item.Map()
		l.change(a, li, i+1, item, m)
		m.Close()
	}
}

func (l *loader) change(a *Artifact, li *listing, n int, item source.Node, m *source.Map) {
	serial, cert := l.changed(item, m)
	was, now, because := m.Need("was"), m.Need("now"), m.Need("because")
	c := profiles.Change{Item: n, Why: because.Text()}
	if c.Why != "" && len(c.Why) < 20 {
		because.Fail("the reason is too short: write at least 20 characters")
	}
	switch s := m.Opt("status"); {
	case s.Enum("status", "online") == "":
	case m.Opt("serial").Present():
		s.FailHint("name the certificate with certificate: in place of its serial number", "status: is that of a certificate")
	case !cert.IsZero():
		a.Online = append(a.Online, cert)
	}
	at, of, hint := li.before[serial], "serial "+string(serial), "revoke it under revoke:, or remove it here"
	if !cert.IsZero() {
		of = cert.ID()
	}
	switch {
	case serial == "" || !li.read: // reported
		return
	case len(at) == 0 && li.heldByDelta(serial):
		l.releaseOfDelta(li, serial, &c, was, now)
		return
	case len(at) == 0:
		if cert.IsZero() {
			hint = "correct the serial number; or " + hint
		}
		item.FailHint(hint, "the previous CRL has no entry for %s to change", of)
		return
	case li.moved[at[0]]:
		item.Fail("duplicate change of the entry of %s", of)
		return
	}
	one := l.was(was, li, at)
	c.Was = oldEntry(&li.entries[one])
	l.become(a, li, li.entries[one], c, now, cert)
	li.chosen(at, one, &c)
}

// changed reads which entry an item is about.
func (l *loader) changed(item source.Node, m *source.Map) (profiles.Serial, Ref) {
	cert, serial := m.Opt("certificate"), m.Opt("serial")
	switch {
	case cert.Present() == serial.Present():
		item.FailHint("write certificate: ID, or serial: HEX where the certificate is not there", "an entry needs exactly one of certificate: and serial:")
	case cert.Present():
		return l.certificate(cert)
	default:
		text := serial.Text()
		s, ok := profiles.SerialFromHex(text)
		if !ok && text != "" {
			serial.FailHint(digitsOf(text)+", in quotation marks", "%s", notSerial(text))
		}
		return s, Ref{}
	}
	return "", Ref{}
}

// serialHint says how a serial number is written.
const serialHint = "the digits alone, as openssl x509 -serial writes them"

// digitsOf has the digits of a serial number that other programs write with colons, spaces,
// a prefix or what makes a spreadsheet keep it, or says how it is written.
func digitsOf(text string) string {
	digits := strings.TrimPrefix(strings.NewReplacer(":", "", " ", "", "'", "", "=", "").Replace(strings.ToLower(text)), "0x")
	if _, ok := profiles.SerialFromHex(digits); !ok {
		return serialHint
	}
	return "write " + digits
}

// notSerial says why a text is no serial number.
func notSerial(text string) string {
	if n, ok := new(big.Int).SetString(text, 16); ok {
		if long := tooLong(n); long != "" {
			return long
		}
	}
	return strconv.Quote(text) + " is not a serial number in hexadecimal"
}

// tooLong says of a serial number that it is longer than what is read, or nothing.
func tooLong(n *big.Int) string {
	if octets := (n.BitLen() + 7) / 8; octets > profiles.LongestSerial {
		return fmt.Sprintf("a serial number of %d octets; at most %d are read", octets, profiles.LongestSerial)
	}
	return ""
}

// was reads what the previous CRL says, and gives the entry that says so: of a serial
// number there may be more than one.
func (l *loader) was(n source.Node, li *listing, at []int) (one int) {
	if !n.Present() {
		return at[0]
	}
	m := n.Map()
	date, reason, invalidity := m.Need("date"), m.Need("reason"), m.Opt("invalidity-date")
	said := profiles.OldEntry{Date: moment(date), InvalidityDate: fixed(invalidity)}
	var known bool
	said.Reason, known = anyReason(reason, entryReasons(profiles.Unspecified, profiles.Unreadable, noReason))
	m.Close()
	var write, says []string
	for _, i := range at {
		have := oldEntry(&li.entries[i])
		write, says = append(write, "was: "+wasText(have)), append(says, oldText(have))
		have.Date = asWritten(have.Date) // dated by the signing of the CRL that revoked it
		if saysSame(said, have) {
			return i
		}
	}
	if said.Date != "" && known && (said.InvalidityDate != "") == invalidity.Present() { // otherwise reported
		n.FailHint("write "+strings.Join(write, ", or "), "the previous CRL says of serial %s: %s", li.entries[at[0]].Serial, strings.Join(says, "; and "))
	}
	return at[0]
}

// become reads what the entry becomes.
func (l *loader) become(a *Artifact, li *listing, e profiles.RevokedEntry, c profiles.Change, now source.Node, cert Ref) {
	if now.IsMap() {
		l.newEntry(a, li, e, c, now, cert)
		return
	}
	word := now.Enum("outcome", nowKept, nowReleased, nowDropped)
	held := e.Reason == profiles.CertificateHold
	switch {
	case word == "": // reported
	case word == nowDropped && (!cert.IsInput() || cert.IsZero()):
		now.FailHint("name it under inputs, and write certificate: INPUT", "an entry is dropped with the certificate as proof that it has expired (RFC 5280 3.3)")
	case word == nowKept && (e.Reason == profiles.Unspecified || e.Reason == profiles.Unreadable):
		reason := map[bool]string{true: noReason, false: "…"}[e.Reason == profiles.Unspecified]
		now.FailHint("write now: {date: "+string(asWritten(e.Date))+", reason: "+reason+"}, or with another reason", "serial %s cannot stay as it is: its reason is %s (RFC 5280 5.3.1), so say what it becomes", e.Serial, e.Reason)
	case word == nowKept && len(li.before[e.Serial]) > 1: // of several, this one
		e.Change = &c
		li.entries = append(li.entries, e)
	case word != nowDropped && !held:
		now.FailHint("remove the item, and the entry stays as it is; or write now: {date: …, reason: …}", "serial %s is not on hold", e.Serial)
	case word == nowKept:
		e.Change = &c
		li.entries = append(li.entries, e)
	case word == nowReleased:
		li.left = append(li.left, profiles.LeftOutEntry{Serial: e.Serial, Was: c.Was, How: profiles.Released, Why: c.Why, Item: c.Item})
	case word == nowDropped:
		li.left = append(li.left, profiles.LeftOutEntry{Serial: e.Serial, Was: c.Was, How: profiles.Dropped, Why: c.Why, Item: c.Item})
	}
}

// releaseOfDelta reads that a certificate which only a delta CRL has on hold is not on hold
// any more: the complete CRL does not list it, and removeFromCRL is in delta CRLs alone
// (RFC 5280 5.3.1).
func (l *loader) releaseOfDelta(li *listing, serial profiles.Serial, c *profiles.Change, was, now source.Node) {
	have := carriedOver(li.delta[serial])
	alone := &listing{entries: []profiles.RevokedEntry{have}}
	l.was(was, alone, []int{0})
	if now.IsMap() || now.Enum("outcome", nowKept, nowReleased, nowDropped) != nowReleased {
		now.FailHint("keep it on hold with reason: certificate-hold, or revoke it with another reason, under revoke:", "only a delta CRL lists serial %s, so that nothing but released can be said of it here", serial)
		return
	}
	li.left = append(li.left, profiles.LeftOutEntry{Serial: serial, Was: oldEntry(&have), How: profiles.Released, Why: c.Why, Item: c.Item, Delta: true})
}

// newEntry reads date and reason of an entry that changes. Other extensions stay.
func (l *loader) newEntry(a *Artifact, li *listing, e profiles.RevokedEntry, c profiles.Change, now source.Node, cert Ref) {
	m := now.Map()
	date := m.Need("date")
	invalidity := m.Opt("invalidity-date")
	e.Date = moment(date)
	e.Reason, _ = anyReason(m.Need("reason"), entryReasons(noReason)) // rules say which may
	e.InvalidityDate, e.Encoded, e.Change = fixed(invalidity), nil, &c
	m.Close()
	invalidBefore(&e, invalidity)
	switch {
	case e.Date == "": // reported
		return
	case saysSame(oldEntry(&e), c.Was):
		now.FailHint("remove the item: the entry stays as it is", "the previous CRL says the same: there is nothing to change")
	case c.Was.InvalidityDate != "" && e.InvalidityDate == "":
		now.FailHint("write invalidity-date: "+string(c.Was.InvalidityDate), "the entry has an invalidityDate, which would be lost")
	}
	e.Extensions = staying(e.Extensions, &e)
	l.dated(dating{artifact: a.ID, crl: true, node: date, moment: e.Date}, cert)
	li.entries = append(li.entries, e)
}

// staying gives those of the extensions of an old entry that the new one keeps.
func staying(old []profiles.EntryExtension, e *profiles.RevokedEntry) []profiles.EntryExtension {
	replaced := map[profiles.OID]bool{
		oidHoldInstruction:                               e.Reason != profiles.CertificateHold,
		profiles.OID(inspect.OIDReasonCode.String()):     true, // that could not be read
		profiles.OID(inspect.OIDInvalidityDate.String()): e.InvalidityDate != "",
	}
	return slices.DeleteFunc(slices.Clone(old), func(x profiles.EntryExtension) bool { return replaced[x.OID] })
}

// invalidBefore checks that a certificate was invalid no later than it was revoked (RFC
// 5280 5.3.2).
func invalidBefore(e *profiles.RevokedEntry, n source.Node) {
	if asWritten(e.Date) == e.Date && e.Date != profiles.SigningDay && e.Date != profiles.SigningTime && e.Date != "" && e.InvalidityDate > e.Date {
		n.Citing("RFC 5280 5.3.2").Fail("the invalidity date is after the revocation, %s", e.Date)
	}
}

// asWritten is the moment as the step that dates the revocation has it.
func asWritten(m profiles.Moment) profiles.Moment {
	if _, as, ok := m.Of(); ok {
		return as
	}
	return m
}

// fixed reads a time that need not be there.
func fixed(n source.Node) profiles.Moment {
	if !n.Present() {
		return ""
	}
	t := n.Time()
	if t.IsZero() {
		return ""
	}
	return profiles.FixedMoment(t)
}

// noReason is the word for an entry without reasonCode.
const noReason = "none"

// anyReason reads a reason, or that there is none.
func anyReason(n source.Node, allowed []profiles.Reason) (r profiles.Reason, known bool) {
	if r = profiles.Reason(n.Enum("reason", words(allowed)...)); r == noReason {
		return "", true
	}
	return r, r != ""
}

// wasText writes an old entry as a ceremony file does.
func wasText(o profiles.OldEntry) string {
	parts := []string{"date: " + string(asWritten(o.Date)), "reason: " + reasonWord(o.Reason)}
	if o.InvalidityDate != "" {
		parts = append(parts, "invalidity-date: "+string(o.InvalidityDate))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func reasonWord(r profiles.Reason) string {
	if r == "" {
		return noReason
	}
	return string(r)
}
