// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"encoding/json"
	"testing"
	"time"
)

func TestParseSpan(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Span
		text string
	}{
		{"15y", Span{Years: 15}, "15y"},
		{"11mo", Span{Months: 11}, "11mo"},
		{"90d", Span{Days: 90}, "90d"},
		{"20y6mo", Span{Years: 20, Months: 6}, "20y6mo"},
		{"12mo", Span{Months: 12}, "12mo"},
		{"36h", Span{Seconds: 36 * 3600}, "36h"},
		{"90min", Span{Seconds: 5400}, "1h30min"},
		{"1y2mo3d4h5min6s", Span{1, 2, 3, 4*3600 + 5*60 + 6}, "1y2mo3d4h5min6s"},
		{"3600s", Span{Seconds: 3600}, "1h"},
		{"0s", Span{}, "0s"},
	} {
		got, err := ParseSpan(tt.in)
		if err != nil || got != tt.want || got.String() != tt.text {
			t.Errorf("%s: got %+v %q %v, want %+v %q", tt.in, got, got, err, tt.want, tt.text)
		}
	}
	for _, in := range []string{
		"", "0d", "0y", "1", "y", "1m", "1M", "1Y", "01y", "-1y", "+1y", "1.5y", "1 y", "1y 2mo",
		"1mo1y", "1y1y", "20y-1s", "1w", "1ms", "1ys", "٣d", "1y\n", "P1Y",
		"100001d", "7001y", "84012mo", "99999999999999999999y", "9223372036854775807s", "2562047788015216h", "7905600001s",
	} {
		if got, err := ParseSpan(in); err == nil {
			t.Errorf("%q gives %+v", in, got)
		}
	}
}

func TestSpanAddTo(t *testing.T) {
	for _, tt := range []struct{ from, span, want string }{
		{"2027-01-31T12:00:00Z", "1mo", "2027-02-28T12:00:00Z"},
		{"2028-01-31T12:00:00Z", "1mo", "2028-02-29T12:00:00Z"},
		{"2028-02-29T00:00:00Z", "1y", "2029-02-28T00:00:00Z"},
		{"2028-02-29T00:00:00Z", "4y", "2032-02-29T00:00:00Z"},
		{"2096-02-29T00:00:00Z", "4y", "2100-02-28T00:00:00Z"},
		{"2027-03-31T00:00:00Z", "11mo", "2028-02-29T00:00:00Z"},
		{"2027-12-31T23:59:59Z", "1s", "2028-01-01T00:00:00Z"},
		{"2027-01-31T00:00:00Z", "1mo1d", "2027-03-01T00:00:00Z"},
		{"2027-01-01T00:00:00Z", "365d", "2028-01-01T00:00:00Z"},
		{"2027-01-01T00:00:00Z", "13mo", "2028-02-01T00:00:00Z"},
		{"2027-08-31T00:00:00Z", "1y6mo", "2029-02-28T00:00:00Z"},
		{"2026-12-01T08:00:00Z", "15y", "2041-12-01T08:00:00Z"},
		{"2026-12-01T08:00:00Z", "250h", "2026-12-11T18:00:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, tt.from)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ParseSpan(tt.span)
		if err != nil {
			t.Fatal(err)
		}
		zone := time.FixedZone("odd", -7*3600)
		if got := s.AddTo(from.In(zone)); got.Format(time.RFC3339) != tt.want {
			t.Errorf("%s + %s = %s, want %s", tt.from, tt.span, got.Format(time.RFC3339), tt.want)
		}
	}
}

func TestSpanJSON(t *testing.T) {
	in := Span{Years: 1, Seconds: 61}
	b, err := json.Marshal(map[string]Span{"for": in})
	if err != nil || string(b) != `{"for":"1y1min1s"}` {
		t.Fatalf("%s %v", b, err)
	}
	var out map[string]Span
	if err := json.Unmarshal(b, &out); err != nil || out["for"] != in {
		t.Errorf("%v %v", out, err)
	}
	if json.Unmarshal([]byte(`{"for":"1w"}`), &out) == nil {
		t.Error("1w is no span")
	}
}
