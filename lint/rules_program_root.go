// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"time"
)

// dateMicrosoft10 is the day since which MTRP 3.1.8 limits new roots to ten
// years. For roots signed before, the earlier text of 3.1.8 applies.
var dateMicrosoft10 = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func checkMicrosoftRoot(t *target) []problem {
	last, start := t.cert().NotAfter.Time, t.cert().NotBefore.Time
	from, level := fmt.Sprintf("notBefore %s, which is used because no date of submission is given", stamp(start)), Warning
	if s := t.ctx.Submission; !s.IsZero() {
		start, from, level = s, "the submission on "+s.Format(time.DateOnly), Error
	}
	if t.signedAt().Before(dateMicrosoft10) {
		if last.Before(start.AddDate(8, 0, -1)) || last.After(start.AddDate(25, 0, 1)) {
			return at(level, fault(FieldValidity, "valid to %s, which is not 8 to 25 years from %s", stamp(last), from))
		}
		return nil
	}
	if !start.Add(day).After(t.ctx.Signing) && !t.ctx.Submission.IsZero() {
		return fault(FieldSubmission, "%s is before the signing at %s", from, stamp(t.ctx.Signing))
	}
	if end := start.AddDate(10, 0, 0); !last.Before(end) { // the last second counts, RFC 5280 4.1.2.5
		return at(level, fault(FieldValidity, "valid to %s, more than 10 years from %s%s", stamp(last), from, t.dating()))
	}
	return nil
}

// signedAt is the time of signing, or the date used in its place when it is not
// known.
func (t *target) signedAt() time.Time {
	if t.ctx.Signing.IsZero() && t.cert() != nil {
		return t.cert().NotBefore.Time
	}
	return t.ctx.Signing
}

// dating says which date was used as the time of signing, for rules that apply
// to what is signed since a day when only a date of the object is known.
func (t *target) dating() string {
	if t.ctx.DatedBy == "" {
		return ""
	}
	return fmt.Sprintf("; %s is used as the day of signing", t.ctx.DatedBy)
}
