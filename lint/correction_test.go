// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"
	"testing"
	"time"

	"rootceremony/profiles"
)

// An entry of the previous CRL may become keyCompromise, or get an earlier date
// for it, where the ceremony file declares that (BR 7.2.2). Nothing else may
// change, declared or not.
func TestCorrection(t *testing.T) {
	w, l := newHierarchy(t), newLinter(t)
	serial, was := hexSerial(w.e1.cert.Serial), date("2027-06-01T09:00:00Z")
	why := &profiles.Change{Was: profiles.OldEntry{Date: profiles.FixedMoment(was), Reason: profiles.Superseded}, Why: "the key was found in public", Item: 1}
	tests := []struct {
		name   string
		date   time.Time
		reason profiles.Reason
		why    *profiles.Change
		want   string // what the finding says; "" for none
	}{
		{"as it was", was, profiles.Superseded, nil, ""},
		{"keyCompromise", was, profiles.KeyCompromise, why, ""},
		{"keyCompromise on an earlier day", was.AddDate(0, 0, -9), profiles.KeyCompromise, why, ""},
		{"keyCompromise on a later day", was.AddDate(0, 0, 9), profiles.KeyCompromise, why, "may only become an earlier one"},
		{"keyCompromise without a word", was, profiles.KeyCompromise, nil, "declare it in the ceremony file"},
		{"an earlier day without a word", was.AddDate(0, 0, -9), profiles.KeyCompromise, nil, "declare it in the ceremony file"},
		{"another reason", was, profiles.CessationOfOperation, why, "may only become keyCompromise"},
		{"an earlier day alone", was.AddDate(0, 0, -9), profiles.Superseded, why, "only for keyCompromise"},
		{"no reason", was, "", why, "may only become keyCompromise"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := revocationList(t, crlProfile(t, "crl-3", 3, profiles.RevokedEntry{
				Serial: profiles.Serial(serial), Date: profiles.FixedMoment(test.date), Reason: test.reason, CarriedOver: true, Change: test.why,
			}), w.root, date("2028-01-01T00:00:00Z"))
			m.ctx.First, m.ctx.Previous = false, w.revoking.crl
			got := ""
			for _, f := range m.check(l).Findings {
				if f.Rule == "crl.continuity" {
					got += string(f.Status) + " " + f.Field.String() + " " + f.Details
				}
			}
			place := map[bool]string{true: "error change[0] ", false: "error previous "}[test.why != nil]
			if test.want == "" && got != "" || test.want != "" && (!strings.HasPrefix(got, place) || !strings.Contains(got, test.want)) {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}
