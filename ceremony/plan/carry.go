// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// listing are the entries of the CRL of one step while its step is read.
type listing struct {
	entries   []profiles.RevokedEntry // carried over, where they are not in moved, and then what the step itself says
	left      []profiles.LeftOutEntry
	read      bool                                      // the previous CRL, as far as there has to be one
	before    map[profiles.Serial][]int                 // where the previous CRL has entries, in entries; see [listing.index]
	moved     map[int]bool                              // entries that a change says something of
	longDates map[profiles.Serial]bool                  // entries of it whose date has another form than RFC 5280 has
	delta     map[profiles.Serial]*inspect.RevokedEntry // what later delta CRLs say
	fresh     map[profiles.Serial]source.Node           // what the step revokes, and where it says so
}

// previous reads the CRL before this one.
func (l *loader) previous(a *Artifact, pl *places) *listing {
	li := &listing{before: map[profiles.Serial][]int{}, moved: map[int]bool{}, longDates: map[profiles.Serial]bool{}, fresh: map[profiles.Serial]source.Node{}}
	first, prev := pl.fields["first"], pl.fields["previous"]
	a.First = first.Present() && first.Bool()
	switch {
	case a.First && prev.Present():
		prev.Fail("a CRL needs exactly one of first: true and previous:")
		return li
	case a.First:
		li.read = true
		return li
	case !prev.Present():
		pl.step.FailHint("write previous: INPUT, or first: true for the first CRL of this issuer",
			"the previous CRL is not named")
		return li
	}
	id := prev.Name()
	made, obj := l.Plan.Artifact(id), l.Inputs[id]
	switch {
	case made != nil && made.RevocationList() != nil:
		a.Previous = CRLRef(id)
		for _, e := range made.RevocationList().Entries {
			e.CarriedOver, e.Listed, e.Change, e.Date = true, false, nil, e.Date.In(id)
			li.entries = append(li.entries, e)
		}
	case obj != nil && obj.crl() != nil && lint.IsDelta(obj.crl()):
		prev.FailHint("name the complete CRL that it adds to, and leave the delta CRL among the inputs: what it revokes has to be in the new one",
			"%v", lint.CheckCompleteCRL(obj.crl()))
	case obj != nil && obj.crl() != nil:
		a.Previous = InputRef(id)
		for i := range obj.crl().Entries {
			e := &obj.crl().Entries[i]
			if long := tooLong(e.Serial); long != "" {
				prev.Fail("the previous CRL lists %s", long)
				continue
			}
			li.entries = append(li.entries, carriedOver(e))
			if y := e.Date.Year(); e.Date.Tag == inspect.TagGeneralizedTime && y >= 1950 && y < 2050 {
				li.longDates[li.entries[len(li.entries)-1].Serial] = true
			}
		}
	default:
		l.badReference(prev, aCRL, fromEither)
	}
	li.read, li.delta = !a.Previous.IsZero(), l.laterDelta(a)
	li.index()
	return li
}

// carriedOver is an entry of an existing CRL. It keeps its bytes: what other tools
// wrote into it says something of the certificate, whether or not it is read here.
func carriedOver(e *inspect.RevokedEntry) profiles.RevokedEntry {
	out := profiles.RevokedEntry{Serial: profiles.Serial(e.Serial.Text(16)), Date: profiles.FixedMoment(e.Date.Time),
		Reason: reasonOf(e), CarriedOver: true, Encoded: e.Raw}
	if date, present, err := e.InvalidityDate(); present && err == nil {
		out.InvalidityDate = profiles.FixedMoment(date.Time)
	}
	for _, x := range e.Extensions {
		switch {
		case x.OID.Equal(inspect.OIDReasonCode) && out.Reason != profiles.Unreadable, x.OID.Equal(inspect.OIDInvalidityDate) && out.InvalidityDate != "":
		default:
			out.Extensions = append(out.Extensions, profiles.EntryExtension{OID: profiles.OID(x.OID.String()), DER: x.Value})
		}
	}
	return out
}

// certifiedReasons are the reasons for which certificates are revoked.
var certifiedReasons = []profiles.Reason{profiles.KeyCompromise, profiles.CACompromise, profiles.AffiliationChanged,
	profiles.Superseded, profiles.CessationOfOperation, profiles.PrivilegeWithdrawn}

// entryReasons are those that the entry of a CRL may have, with some more words.
func entryReasons(more ...profiles.Reason) []profiles.Reason {
	return slices.Concat(certifiedReasons, []profiles.Reason{profiles.CertificateHold, profiles.AACompromise}, more)
}

// reasonOf gives the reason of an entry of an existing CRL, or none.
func reasonOf(e *inspect.RevokedEntry) profiles.Reason {
	_, count := e.Extension(inspect.OIDReasonCode)
	switch {
	case count == 0:
		return ""
	case count > 1 || e.Reason == nil || !e.ReasonEnumerated():
		return profiles.Unreadable
	case *e.Reason == 0:
		return profiles.Unspecified
	}
	for _, r := range entryReasons() {
		if r.Code() == *e.Reason {
			return r
		}
	}
	return profiles.Unreadable
}

// unspecifiedLeftOut is why an entry with reasonCode 0 changes without a word.
const unspecifiedLeftOut = "the reasonCode unspecified (0) is expressed by leaving it out (RFC 5280 5.3.1)"

// longDate is why an entry whose date is a GeneralizedTime before 2050 changes without a
// word.
const longDate = "dates before 2050 are written as UTCTime (RFC 5280 5.1.2.6)"

// settle decides of the entries that are carried over and nobody says anything of, and
// puts those that are not where the step has them.
func (l *loader) settle(a *Artifact, v *profiles.RevocationListValues, li *listing, pl *places, rp *profiles.RevocationListProfile) {
	kept := li.entries[:0]
	outside := l.outside(a, rp)
	for i := range li.entries {
		e, same := li.entries[i], li.before[li.entries[i].Serial]
		if li.moved[i] {
			continue
		}
		if e.CarriedOver && outside[e.Serial] {
			li.left = append(li.left, profiles.LeftOutEntry{Serial: e.Serial, Was: oldEntry(&e), How: profiles.OutOfScope, Why: inAnother})
			continue
		}
		if len(same) > 1 && slices.Contains(same, i) {
			l.contradiction(li, same, i, pl)
			continue
		}
		if e.CarriedOver && e.Change == nil && e.Encoded != nil {
			l.carry(&e, li, pl)
		}
		kept = append(kept, e)
	}
	v.Entries, v.LeftOut = kept, li.left
}

// carry looks at one entry of an existing CRL that nobody says anything of.
func (l *loader) carry(e *profiles.RevokedEntry, li *listing, pl *places) {
	prev := pl.fields["previous"]
	if li.longDates[e.Serial] {
		e.Change, e.Encoded = &profiles.Change{Was: oldEntry(e), Why: longDate}, nil
	}
	switch e.Reason {
	case profiles.Unspecified:
		e.Change = &profiles.Change{Was: oldEntry(e), Why: unspecifiedLeftOut}
		e.Reason, e.Encoded = "", nil
	case profiles.CertificateHold:
		prev.FailHint("write under change: "+changeLine(bySerial(e), e, "now: kept")+", or now: released, or now: {date: …, reason: …}",
			"serial %s is on hold in the previous CRL, and the step does not say whether it stays so", e.Serial)
	case profiles.Unreadable:
		prev.FailHint("write under change: "+changeLine(bySerial(e), e, "now: {date: "+string(e.Date)+", reason: …}"),
			"the reasonCode of serial %s in the previous CRL is none of RFC 5280 5.3.1", e.Serial)
		e.Reason = "" // reported
	}
}

// withoutReason has the lines that give a reason to entries of an existing CRL that have
// none; "" where there are no such entries.
func withoutReason(list []profiles.RevokedEntry) string {
	var lines []string
	for i := range list {
		e := list[i]
		if !e.CarriedOver || e.Reason != "" || e.Change != nil && e.Change.Item > 0 {
			continue
		}
		if e.Change != nil {
			e.Reason = e.Change.Was.Reason
		}
		if len(lines) == manyEntries {
			return "write under change: " + strings.Join(lines, "; ") + "; and the others"
		}
		lines = append(lines, changeLine(bySerial(&e), &e, "now: {date: "+string(asWritten(e.Date))+", reason: …}"))
	}
	if lines == nil {
		return ""
	}
	return "write under change: " + strings.Join(lines, "; ")
}

// oldEntry is what an entry says, to be compared with what a change calls it.
func oldEntry(e *profiles.RevokedEntry) profiles.OldEntry {
	return profiles.OldEntry{Date: e.Date, Reason: e.Reason, InvalidityDate: e.InvalidityDate, Extensions: e.Extensions}
}

// saysSame reports whether two entries say the same, but for extensions that nobody
// writes into a ceremony file.
func saysSame(a, b profiles.OldEntry) bool {
	return a.Date == b.Date && a.Reason == b.Reason && a.InvalidityDate == b.InvalidityDate
}

// bySerial names an entry in an item of change:.
func bySerial(e *profiles.RevokedEntry) string { return fmt.Sprintf("serial: %q", string(e.Serial)) }

// changeLine is the item of change: for an entry.
func changeLine(entry string, e *profiles.RevokedEntry, now string) string {
	return fmt.Sprintf("- {%s, was: %s, %s, because: WHY}", entry, wasText(oldEntry(e)), now)
}
