// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
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
	Tag int // TagUTCTime or TagGeneralizedTime
}

// moment reads a Time. RFC 5280 4.1.2.5 allows whole seconds in Zulu only.
func (d *decoder) moment(name string) Time {
	tag, contents, _ := d.any(name)
	if d.err() != nil {
		return Time{}
	}
	century, ok, all := 0, false, contents
	switch {
	case tag == casn1.UTCTime && len(contents) == 13:
		// RFC 5280 4.1.2.5.1: 50 to 99 are 1950 to 1999.
		if century = 20; contents[0] >= '5' {
			century = 19
		}
		ok = true
	case tag == casn1.GeneralizedTime && len(contents) == 15:
		century, ok = digits(contents[:2])
		contents = contents[2:]
	case tag != casn1.UTCTime && tag != casn1.GeneralizedTime:
		d.failIn(name, "expected UTCTime or GeneralizedTime, found %s", tagName(tag))
		return Time{}
	}
	var t time.Time
	if ok {
		t, ok = clock(century, contents)
	}
	if !ok {
		if t, ok = otherwise(tag, all); !ok {
			if formed(tag, all) {
				d.in(name).failBy(ofTimes, "time %s does not exist", all)
				return Time{}
			}
			d.in(name).failBy(ofTimes, "time is not %s", layoutName(tag))
			return Time{}
		}
		d.in(name).wrong(ofTimes, "time is not %s", layoutName(tag))
	}
	return Time{Time: t, Tag: int(tag)}
}

// ofTimes is the clause about times.
const ofTimes = "RFC 5280 4.1.2.5"

// formed reports whether a time has the right form, whatever day or hour it names.
func formed(tag casn1.Tag, s []byte) bool {
	digits, zulu := bytes.CutSuffix(s, []byte("Z"))
	return zulu && len(s) == len(layoutName(tag)) && len(bytes.Trim(digits, "0123456789")) == 0
}

// otherwise reads a time as X.680 46 and 47 have it, which RFC 5280 forbids: without
// seconds, with fractions of them, or in another zone.
func otherwise(tag casn1.Tag, s []byte) (time.Time, bool) {
	layouts := []string{"20060102150405Z0700", "200601021504Z0700", "20060102150405"}
	if tag == casn1.UTCTime {
		layouts = []string{"060102150405Z0700", "0601021504Z0700"}
	}
	for _, l := range layouts {
		t, err := time.Parse(l, string(s))
		if err != nil {
			continue
		}
		if t = t.UTC(); tag == casn1.UTCTime && t.Year() >= 2050 { // the time package has them until 2068
			t = t.AddDate(-100, 0, 0)
		}
		return t, true
	}
	return time.Time{}, false
}

// clock reads YYMMDDHHMMSSZ. A CRL has millions of these, which is why the
// time package does not parse them.
func clock(century int, s []byte) (time.Time, bool) {
	var field [6]int
	for i := range field {
		n, ok := digits(s[2*i : 2*i+2])
		if !ok {
			return time.Time{}, false
		}
		field[i] = n
	}
	t := time.Date(century*100+field[0], time.Month(field[1]), field[2], field[3], field[4], field[5], 0, time.UTC)
	valid := s[12] == 'Z' && field[1] == int(t.Month()) && field[2] == t.Day() &&
		field[3] < 24 && field[4] < 60 && field[5] < 60
	return t, valid
}

func digits(s []byte) (int, bool) {
	a, b := s[0]-'0', s[1]-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
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
