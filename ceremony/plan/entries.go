// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// entries counts the entries of a CRL and shows those that are new, those that are
// not as the previous CRL had them or not in it any more, and the extensions that were
// carried over; each with the name of its certificate, where that is known. What stays
// as it was is in the CRL it came from, whose digest is in the plan, and may be
// thousands of lines. OCSP responses that say otherwise and are still valid are among
// them.
func (c *card) entries() []transcripts.CardRow {
	list := profiles.As[*profiles.RevocationList](c.object)
	names := c.certNames()
	var fresh []string
	added, carried, changed, listed := 0, 0, 0, 0
	for _, e := range list.Entries {
		switch {
		case !e.CarriedOver && e.Listed:
			listed++
		case !e.CarriedOver:
			added++
			fresh = append(append(fresh, "new: "+c.revocation(e)), names[e.Serial]...)
		case e.Change != nil && e.Encoded == nil:
			changed++
		default:
			carried++
		}
	}
	count := "none"
	if len(list.Entries) > 0 {
		count = fmt.Sprintf("%d: %d new, %d carried over", len(list.Entries), added+listed, carried)
	}
	if changed > 0 {
		count += fmt.Sprintf(", %d changed", changed)
	}
	count += leftOutCount(list.LeftOut)
	if from := c.a.RevokedFrom; listed > 0 && from != nil {
		fresh = append(fresh, fmt.Sprintf("new: %d of the list %s, SHA-256", listed, from.Path))
		fresh = append(append(fresh, indented(digestLines(from.SHA256))...), listedInSum(list.Entries)...)
		fresh = append(fresh, "  whether this CA issued their certificates is not checked")
	}
	fresh = append(fresh, oddListed(list.Entries)...)
	lines := []string{count}
	if !c.a.Previous.IsZero() {
		lines = append(append(lines, "previous CRL: "+c.a.Previous.ID()), c.lostExtensions(list)...)
	}
	if c.a.First {
		lines = append(lines, "the first CRL of its issuer")
	}
	out := []transcripts.CardRow{cardRow("Entries", slices.Concat(lines, fresh, c.exceptions(list, names), keptExtensions(list.Entries))...)}
	if old := c.OldAnswers(c.a); len(old) > 0 {
		out = append(out, cardRow("Old response", old...))
	}
	return out
}

// leftOutCount counts what is not in the CRL any more, by where it was.
func leftOutCount(list []profiles.LeftOutEntry) (text string) {
	ofDelta := 0
	for _, e := range list {
		if e.Delta {
			ofDelta++
		}
	}
	if n := len(list) - ofDelta; n > 0 {
		text = fmt.Sprintf("; %d of the previous CRL left out", n)
	}
	if ofDelta > 0 {
		text += fmt.Sprintf("; %d of a later delta CRL left out", ofDelta)
	}
	return text
}

// lostExtensions shows the extensions of the previous CRL that this one does not have.
func (c *card) lostExtensions(list *profiles.RevocationList) (out []string) {
	in := c.Inputs[c.a.Previous.ID()]
	if !c.a.Previous.IsInput() || in == nil || in.crl() == nil {
		return nil
	}
	for _, x := range lint.LostExtensions(in.crl(), func(x *inspect.Extension) bool {
		return slices.ContainsFunc(list.Extensions, func(e profiles.Extension) bool {
			o := e.Opaque()
			return string(e.OID()) == x.OID.String() && e.Critical == x.Critical && len(o) == 1 && bytes.Equal(o[0].DER, x.Value)
		})
	}) {
		out = append(out, "  its extension "+x+" is not in this one")
	}
	return out
}

// certNames gives the names of the certificates that a CRL may list, by their serial
// numbers.
func (c *card) certNames() map[profiles.Serial][]string {
	out := map[profiles.Serial][]string{}
	issuer := c.issuer()
	for _, in := range c.Plan.Inputs {
		if cert := c.inputCert(InputRef(in.ID)); cert != nil && cert.Issuer.String() == issuer {
			out[profiles.Serial(cert.Serial.Text(16))] = []string{"  " + in.ID + ": " + c.subjectOf(InputRef(in.ID))}
		}
	}
	for _, made := range c.Plan.Artifacts {
		if made.Certificate() == nil {
			continue
		}
		name := []string{"  " + made.ID + ": " + c.subjectOf(CertRef(made.ID))}
		out[profiles.SerialOf(made.ID)] = name
		if c.room != nil && c.room.Serials[made.ID] != nil { // references are followed
			out[profiles.Serial(c.room.Serials[made.ID].Text(16))] = name
		}
	}
	return out
}

// exceptions says of each entry of the previous CRL that it changes, stays by a
// decision, or is left out, what it was and why; those that a rule changes are told
// together.
func (c *card) exceptions(list *profiles.RevocationList, names map[profiles.Serial][]string) []string {
	type rule struct{ what, why string }
	var out []string
	byRule := map[rule][]string{} // serial numbers
	var rules []rule
	ruled := func(what, why string, s profiles.Serial) {
		r := rule{what, why}
		if byRule[r] == nil {
			rules = append(rules, r)
		}
		byRule[r] = append(byRule[r], s.String())
	}
	told := func(s profiles.Serial, text string) { out = append(append(out, text), names[s]...) }
	for _, e := range list.Entries {
		switch ch := e.Change; {
		case ch == nil:
		case ch.Item == 0:
			ruled("changed by rule", ch.Why, e.Serial)
		case e.Encoded != nil:
			told(e.Serial, "stays: "+c.revocation(e)+" (because: "+ch.Why+")")
		default:
			told(e.Serial, "changed: "+c.revocation(e)+" (was "+c.old(ch.Was)+"; because: "+ch.Why+datedBack(list, &e)+")")
		}
	}
	for _, e := range list.LeftOut {
		if e.How == profiles.Repeated && e.Item == 0 {
			ruled(string(e.How), e.Why, e.Serial)
			continue
		}
		remark := ""
		switch e.How {
		case profiles.Repeated:
			remark = graver(list, &e)
		case profiles.Dropped:
			remark = c.expired(e.Serial)
		}
		told(e.Serial, string(e.How)+": "+e.Serial.String()+" (was "+c.old(e.Was)+"; because: "+e.Why+remark+")")
	}
	for _, r := range rules {
		out = append(out, fmt.Sprintf("%s: %s (%s)", r.what, serialNumbers(byRule[r]), r.why))
	}
	return out
}

// expired says when the certificate expired whose entry is dropped: that it has, and that a
// CRL after that day lists it, is why it may be (RFC 5280 3.3).
func (c *card) expired(s profiles.Serial) string {
	for _, in := range c.Plan.Inputs {
		if cert := c.inputCert(InputRef(in.ID)); cert != nil && cert.Issuer.String() == c.issuer() && profiles.Serial(cert.Serial.Text(16)) == s {
			return "; the certificate expired on " + Stamp(cert.NotAfter.Time)
		}
	}
	return ""
}

// datedBack remarks that there is an extension for what an earlier date says. The BRs
// and CSBRs use the date of the revocation for it, and say that this is an exception.
func datedBack(list *profiles.RevocationList, e *profiles.RevokedEntry) string {
	byDate := slices.Contains(list.Purpose.Rules, lint.PackTLS) || slices.Contains(list.Purpose.Rules, lint.PackCodeSigning)
	if byDate || asWritten(e.Date) != e.Date || e.Date >= e.Change.Was.Date || asWritten(e.Change.Was.Date) != e.Change.Was.Date {
		return ""
	}
	return "; the revocation is dated back, and invalidity-date: exists for that (RFC 5280 5.3.2)"
}

// manyEntries is how many entries of one kind are named one by one.
const manyEntries = 8

// keptExtensions shows what is unusual of entries that are carried over as they were:
// extensions beside reasonCode, and serial numbers that RFC 5280 does not have.
func keptExtensions(list []profiles.RevokedEntry) []string {
	return unusual("carried over", list, func(e *profiles.RevokedEntry) string {
		if !e.CarriedOver || e.Change != nil && e.Change.Item > 0 {
			return ""
		}
		return oddSerial(e.Serial) + extraText(e)
	})
}

// listedInSum counts the reasons of a file that lists revocations, and has its first and
// last date: nobody reads thousands of lines.
func listedInSum(list []profiles.RevokedEntry) (out []string) {
	counts := map[profiles.Reason]int{}
	var first, last profiles.Moment
	for i := range list {
		e := &list[i]
		if e.CarriedOver || !e.Listed {
			continue
		}
		counts[e.Reason]++
		if first == "" || e.Date < first {
			first = e.Date
		}
		last = max(last, e.Date)
	}
	for _, r := range append(slices.Clone(certifiedReasons), profiles.CertificateHold, "") {
		if counts[r] > 0 {
			out = append(out, fmt.Sprintf("  %s: %d", cmp.Or(string(r), "no reason"), counts[r]))
		}
	}
	return append(out, "  dated "+string(first)+" to "+string(last))
}

// oddListed shows the unusual serial numbers of a file that lists revocations, and what its
// lines do not have: extensions that come from a delta CRL.
func oddListed(list []profiles.RevokedEntry) []string {
	return unusual("in the list", list, func(e *profiles.RevokedEntry) string {
		if e.CarriedOver || !e.Listed {
			return ""
		}
		return oddSerial(e.Serial) + extraText(e)
	})
}

// unusual names entries of which there is something to say, and counts what is too much
// to be read.
func unusual(where string, list []profiles.RevokedEntry, what func(*profiles.RevokedEntry) string) (out []string) {
	more := 0
	for i := range list {
		text := what(&list[i])
		switch {
		case text == "":
		case len(out) == manyEntries:
			more++
		default:
			out = append(out, where+": "+list[i].Serial.String()+text)
		}
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("%s: %d more such entries", where, more))
	}
	return out
}

// oddSerial says what is unusual of a serial number (RFC 5280 4.1.2.2).
func oddSerial(s profiles.Serial) string {
	n, ok := new(big.Int).SetString(string(s), 16)
	switch {
	case !ok: // a reference
	case n.Sign() < 0:
		return ", a negative serial number"
	case n.Sign() == 0:
		return ", the serial number zero"
	case n.BitLen()/8+1 > 20:
		return fmt.Sprintf(", a serial number of %d octets", n.BitLen()/8+1)
	}
	return ""
}

// extraText shows the extensions of an entry beside reasonCode.
func extraText(e *profiles.RevokedEntry) string {
	return invalidText(e.InvalidityDate) + extensionsText(e.Extensions)
}

// extensionsText shows the extensions of an entry that nothing here interprets.
func extensionsText(list []profiles.EntryExtension) string {
	var text strings.Builder
	for _, x := range list {
		name := string(x.OID)
		if id, err := x.OID.Identifier(); err == nil {
			name = inspect.OIDName(id)
		}
		fmt.Fprintf(&text, ", %s %x", name, []byte(x.DER))
	}
	return text.String()
}

func invalidText(at profiles.Moment) string {
	if at == "" {
		return ""
	}
	return ", invalid since " + string(at)
}

// revocation shows a revocation as it will be encoded.
func (c *card) revocation(e profiles.RevokedEntry) string {
	return e.Serial.String() + ", " + c.revoked(e.Date, e.Reason) + extraText(&e)
}

// old shows what an entry of the previous CRL says.
func (c *card) old(o profiles.OldEntry) string {
	o.Date = c.moment(o.Date)
	return oldText(o)
}

func (c *card) revoked(date profiles.Moment, reason profiles.Reason) string {
	return revokedText(c.moment(date), reason)
}

// moment gives a moment that the signing decides, once that is known.
func (c *card) moment(m profiles.Moment) profiles.Moment {
	if c.room != nil {
		if at, err := m.At(c.signing); err == nil {
			return profiles.FixedMoment(at)
		}
	}
	return m
}

func oldText(o profiles.OldEntry) string {
	return revokedText(o.Date, o.Reason) + invalidText(o.InvalidityDate) + extensionsText(o.Extensions)
}

func revokedText(date profiles.Moment, reason profiles.Reason) string {
	on := map[profiles.Moment]string{profiles.SigningDay: "on ", profiles.SigningTime: "at "}[asWritten(date)]
	return fmt.Sprintf("revoked %s%s, %s", on, date, cmp.Or(string(reason), "no reason"))
}
