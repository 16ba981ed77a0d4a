// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"fmt"
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
	if n := len(list.LeftOut); n > 0 {
		count += fmt.Sprintf("; %d of the previous CRL left out", n)
	}
	if from := c.a.RevokedFrom; listed > 0 && from != nil {
		fresh = append(fresh, fmt.Sprintf("new: %d of the list %s", listed, from.Path),
			"  SHA-256 "+from.SHA256, "  whether this CA issued their certificates is not checked")
	}
	lines := []string{count}
	if !c.a.Previous.IsZero() {
		lines = append(lines, "previous CRL: "+c.a.Previous.ID())
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
	var out []string
	byRule := map[string][]string{} // serial numbers, by why
	var rules []string
	told := func(s profiles.Serial, text string) { out = append(append(out, text), names[s]...) }
	for _, e := range list.Entries {
		switch ch := e.Change; {
		case ch == nil:
		case ch.Item == 0:
			if byRule[ch.Why] == nil {
				rules = append(rules, ch.Why)
			}
			byRule[ch.Why] = append(byRule[ch.Why], e.Serial.String())
		case e.Encoded != nil:
			told(e.Serial, "stays: "+c.revocation(e)+" (because: "+ch.Why+")")
		default:
			told(e.Serial, "changed: "+c.revocation(e)+" (was "+c.old(ch.Was)+"; because: "+ch.Why+datedBack(list, &e)+")")
		}
	}
	for _, e := range list.LeftOut {
		told(e.Serial, string(e.How)+": "+e.Serial.String()+" (was "+c.old(e.Was)+"; because: "+e.Why+")")
	}
	for _, why := range rules {
		out = append(out, fmt.Sprintf("changed by rule: %d, %s (%s)", len(byRule[why]), firstOf(byRule[why]), why))
	}
	return out
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

// firstOf names the first of many.
func firstOf(list []string) string {
	text := strings.Join(list[:min(len(list), manyEntries)], ", ")
	if more := len(list) - manyEntries; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// keptExtensions shows the extensions beside reasonCode of entries that are carried
// over as they were.
func keptExtensions(list []profiles.RevokedEntry) []string {
	var out []string
	more := 0
	for _, e := range list {
		text := extraText(&e)
		switch {
		case !e.CarriedOver || e.Change != nil && e.Change.Item > 0 || text == "":
		case len(out) == manyEntries:
			more++
		default:
			out = append(out, "carried over: "+e.Serial.String()+text)
		}
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("carried over: %d more entries with such extensions", more))
	}
	return out
}

// extraText shows the extensions of an entry beside reasonCode.
func extraText(e *profiles.RevokedEntry) string {
	var text strings.Builder
	text.WriteString(invalidText(e.InvalidityDate))
	for _, x := range e.Extensions {
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
	return revokedText(o.Date, o.Reason) + invalidText(o.InvalidityDate)
}

func revokedText(date profiles.Moment, reason profiles.Reason) string {
	on := map[profiles.Moment]string{profiles.SigningDay: "on ", profiles.SigningTime: "at "}[asWritten(date)]
	return fmt.Sprintf("revoked %s%s, %s", on, date, cmp.Or(string(reason), "no reason"))
}
