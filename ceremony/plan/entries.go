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

// EntryFacts counts the entries of a CRL and shows those that are new, those that are
// not as the previous CRL had them or not in it any more, and the extensions that were
// carried over. What stays as it was is in the CRL it came from, whose digest is in the
// plan, and may be thousands of lines. OCSP responses that say otherwise and are still
// valid are among them.
func (l *Loaded) EntryFacts(a *Artifact) []transcripts.Labelled {
	list := a.RevocationList()
	var fresh []transcripts.Labelled
	carried, changed, listed := 0, 0, 0
	for _, e := range list.Entries {
		switch {
		case !e.CarriedOver && e.Listed:
			listed++
		case !e.CarriedOver:
			fresh = append(fresh, transcripts.Labelled{Value: "new: " + revocationText(e)})
		case e.Change != nil && e.Encoded == nil:
			changed++
		default:
			carried++
		}
	}
	count := transcripts.Labelled{Label: "Entries", Value: "none"}
	if len(list.Entries) > 0 {
		count.Value = fmt.Sprintf("%d: %d new, %d carried over", len(list.Entries), len(fresh)+listed, carried)
	}
	if changed > 0 {
		count.Value += fmt.Sprintf(", %d changed", changed)
	}
	if n := len(list.LeftOut); n > 0 {
		count.Value += fmt.Sprintf("; %d of the previous CRL left out", n)
	}
	if from := a.RevokedFrom; listed > 0 && from != nil {
		fresh = append(fresh, transcripts.Labelled{Value: fmt.Sprintf("new: %d of the list %s", listed, from.Path),
			Note: "SHA-256 " + from.SHA256 + "; whether this CA issued their certificates is not checked"})
	}
	if !a.Previous.IsZero() {
		count.Note = "previous CRL: " + a.Previous.ID()
	}
	if a.First {
		count.Note = "the first CRL of its issuer"
	}
	out := slices.Concat([]transcripts.Labelled{count}, fresh, exceptions(list), keptExtensions(list.Entries))
	for _, old := range l.OldAnswers(a) {
		out = append(out, transcripts.Labelled{Label: "Old response", Value: old})
	}
	return out
}

// exceptions says of each entry of the previous CRL that it changes, stays by a
// decision, or is left out, what it was and why; those that a rule changes are told
// together.
func exceptions(list *profiles.RevocationList) []transcripts.Labelled {
	var out []transcripts.Labelled
	byRule := map[string][]string{} // serial numbers, by why
	var rules []string
	for _, e := range list.Entries {
		switch c := e.Change; {
		case c == nil:
		case c.Item == 0:
			if byRule[c.Why] == nil {
				rules = append(rules, c.Why)
			}
			byRule[c.Why] = append(byRule[c.Why], e.Serial.String())
		case e.Encoded != nil:
			out = append(out, transcripts.Labelled{Value: "stays: " + revocationText(e), Note: "because: " + c.Why})
		default:
			out = append(out, transcripts.Labelled{Value: "changed: " + revocationText(e), Note: "was " + oldText(c.Was) + "; because: " + c.Why + datedBack(list, &e)})
		}
	}
	for _, e := range list.LeftOut {
		out = append(out, transcripts.Labelled{Value: string(e.How) + ": " + e.Serial.String(), Note: "was " + oldText(e.Was) + "; because: " + e.Why})
	}
	for _, why := range rules {
		out = append(out, transcripts.Labelled{Value: fmt.Sprintf("changed by rule: %d, %s", len(byRule[why]), firstOf(byRule[why])), Note: why})
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
func keptExtensions(list []profiles.RevokedEntry) []transcripts.Labelled {
	var out []transcripts.Labelled
	more := 0
	for _, e := range list {
		text := extraText(&e)
		switch {
		case !e.CarriedOver || e.Change != nil && e.Change.Item > 0 || text == "":
		case len(out) == manyEntries:
			more++
		default:
			out = append(out, transcripts.Labelled{Value: "carried over: " + e.Serial.String() + text})
		}
	}
	if more > 0 {
		out = append(out, transcripts.Labelled{Value: fmt.Sprintf("carried over: %d more entries with such extensions", more)})
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

// revocationText shows a revocation as it will be encoded.
func revocationText(e profiles.RevokedEntry) string {
	return e.Serial.String() + ", " + revokedText(e.Date, e.Reason) + extraText(&e)
}

// oldText shows what an entry of the previous CRL says.
func oldText(o profiles.OldEntry) string {
	return revokedText(o.Date, o.Reason) + invalidText(o.InvalidityDate)
}

func revokedText(date profiles.Moment, reason profiles.Reason) string {
	as := asWritten(date)
	on := map[profiles.Moment]string{profiles.SigningDay: "on ", profiles.SigningTime: "at "}[as]
	return fmt.Sprintf("revoked %s%s, %s", on, date, cmp.Or(string(reason), "no reason"))
}
