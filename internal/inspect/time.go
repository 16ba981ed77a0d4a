// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"time"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Tags of the two time types.
const (
	TagUTCTime         = 23
	TagGeneralizedTime = 24
)

// Time is a moment with the type it was encoded in.
type Time struct {
	time.Time
	Tag int    // TagUTCTime or TagGeneralizedTime
	Raw []byte // the element with its header
}

// moment reads a Time. RFC 5280 4.1.2.5 allows whole seconds in Zulu only.
func (d *decoder) moment(name string) Time {
	tag, contents, raw := d.any(name)
	if d.err() != nil {
		return Time{}
	}
	layout := ""
	switch tag {
	case casn1.UTCTime:
		layout = "060102150405Z"
	case casn1.GeneralizedTime:
		layout = "20060102150405Z"
	default:
		d.failIn(name, "expected UTCTime or GeneralizedTime, found %s", tagName(tag))
		return Time{}
	}
	t, err := time.Parse(layout, string(contents))
	if err != nil || t.Format(layout) != string(contents) {
		d.failIn(name, "time is not %s (RFC 5280 4.1.2.5)", layoutName(tag))
		return Time{}
	}
	// RFC 5280 4.1.2.5.1: 50 to 99 are 1950 to 1999. The time package cuts at 69.
	if tag == casn1.UTCTime && t.Year() >= 2050 {
		t = t.AddDate(-100, 0, 0)
	}
	return Time{Time: t, Tag: int(tag), Raw: raw}
}

// generalized is moment where only GeneralizedTime is allowed.
func (d *decoder) generalized(name string) Time {
	if d.err() == nil && !d.at(casn1.GeneralizedTime) {
		d.failIn(name, "expected GeneralizedTime")
	}
	return d.moment(name)
}

// atTime reports whether a Time comes next.
func (d *decoder) atTime() bool { return d.at(casn1.UTCTime) || d.at(casn1.GeneralizedTime) }

func layoutName(tag casn1.Tag) string {
	if tag == casn1.UTCTime {
		return "YYMMDDHHMMSSZ"
	}
	return "YYYYMMDDHHMMSSZ"
}
