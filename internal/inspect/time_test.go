// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	for _, tt := range []struct {
		tag      byte
		in, want string // want is empty for refused
	}{
		{TagUTCTime, "261201080000Z", "2026-12-01T08:00:00Z"},
		{TagUTCTime, "491231235959Z", "2049-12-31T23:59:59Z"},
		{TagUTCTime, "500101000000Z", "1950-01-01T00:00:00Z"},
		{TagUTCTime, "520229000000Z", "1952-02-29T00:00:00Z"},
		{TagUTCTime, "240229000000Z", "2024-02-29T00:00:00Z"},
		{TagUTCTime, "230229000000Z", ""},
		{TagUTCTime, "2612010800Z", ""},
		{TagUTCTime, "261201080000+0100", ""},
		{TagUTCTime, "261201080000z", ""},
		{TagUTCTime, "261301080000Z", ""},
		{TagUTCTime, "260001080000Z", ""},
		{TagUTCTime, "261200080000Z", ""},
		{TagUTCTime, "261201240000Z", ""},
		{TagUTCTime, "261201086000Z", ""},
		{TagUTCTime, "261201080060Z", ""},
		{TagUTCTime, "2612 1080000Z", ""},
		{TagUTCTime, "", ""},
		{TagGeneralizedTime, "20261201080000Z", "2026-12-01T08:00:00Z"},
		{TagGeneralizedTime, "99991231235959Z", "9999-12-31T23:59:59Z"},
		{TagGeneralizedTime, "20261201080000.5Z", ""},
		{TagGeneralizedTime, "261201080000Z", ""},
		{TagGeneralizedTime, "x0261201080000Z", ""},
		{22, "261201080000Z", ""},
	} {
		d := newDecoder(append([]byte{tt.tag, byte(len(tt.in))}, tt.in...), "t")
		got := d.moment("")
		if tt.want == "" {
			if d.err() == nil {
				t.Errorf("%q is read as %s", tt.in, got)
			}
			continue
		}
		if d.err() != nil || got.Format(time.RFC3339) != tt.want || got.Tag != int(tt.tag) {
			t.Errorf("%q is read as %s, tag %d, error %v", tt.in, got, got.Tag, d.err())
		}
	}
}

// A time of the right form that is on no clock is told from one of another form.
func TestTimesThatDoNotExist(t *testing.T) {
	for in, want := range map[string]string{
		"260230000000Z": "t: time 260230000000Z does not exist (RFC 5280 4.1.2.5)", "261201240000Z": "t: time 261201240000Z does not exist (RFC 5280 4.1.2.5)",
		"261201080060Z": "t: time 261201080060Z does not exist (RFC 5280 4.1.2.5)", "2612 1080000Z": "t: time is not YYMMDDHHMMSSZ (RFC 5280 4.1.2.5)",
	} {
		d := newDecoder(append([]byte{TagUTCTime, byte(len(in))}, in...), "t")
		if d.moment(""); d.err() == nil || d.err().Error() != want {
			t.Errorf("%q: %v, want %q", in, d.err(), want)
		}
	}
}
