// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"strings"
	"time"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// moment reads a time or one of the words that follow from the signing.
func moment(n source.Node) profiles.Moment {
	if !n.Present() {
		return ""
	}
	switch text := n.Text(); {
	case text == string(profiles.SigningDay), text == string(profiles.SigningTime):
		return profiles.Moment(text)
	case !strings.ContainsAny(text, "0123456789"):
		return profiles.Moment(n.Enum("moment", string(profiles.SigningDay), string(profiles.SigningTime)))
	}
	t := n.Time()
	if t.IsZero() {
		return ""
	}
	return profiles.FixedMoment(t)
}

// end reads a time or a length.
func end(n source.Node) profiles.End {
	if !n.Present() {
		return profiles.End{}
	}
	if text := n.Text(); len(text) > 10 && text[4] == '-' {
		return profiles.End{Time: moment(n)}
	}
	return profiles.End{For: n.Span()}
}

// validity reads {not-before: MOMENT, for: SPAN} or {…, not-after: TIME}.
func validity(n source.Node) profiles.Validity {
	m := n.Map()
	defer m.Close()
	v := profiles.Validity{NotBefore: moment(m.Need("not-before"))}
	length, last := m.Opt("for"), m.Opt("not-after")
	switch {
	case length.Present() == last.Present():
		n.Fail("a validity needs exactly one of for: and not-after:")
	case length.Present():
		v.NotAfter = profiles.End{For: length.Span()}
	default:
		v.NotAfter = profiles.End{Time: profiles.FixedMoment(last.Time())}
	}
	return v
}

// Stamp writes a time the way every screen and file does.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
