// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
)

// branchText is a ceremony that signs a CRL after the first year.
const branchText = `version: 1
ceremony: {id: BRANCH, approval: none, title: A branch, window: {from: 2027-06-01T08:00:00Z, to: 2027-06-01T20:00:00Z}}
` + withInputs + sameRoot + `steps:
  - section: Keys
  - use: [root]
  - section: Signatures
  - crl: BRANCH-crl
    profile: profiles/root-crl.yaml
    issuer: root
    number: 2
    previous: root-crl
    this-update: signing-time
    next-update: 11mo
`

// year plans one more ceremony beside the first, and carries it out.
func (y *twoYears) year(t *testing.T, id, text string) error {
	t.Helper()
	write(t, y.folder, "ceremony.yaml", []byte(smaller(strings.ReplaceAll(text, "BRANCH", id))))
	p, err := plan.NewPreview(context.Background(), ceremonytest.Load(t, y.folder), rand.Reader)
	if err != nil || len(p.Problems) > 0 {
		return fmt.Errorf("%w %v", err, p.Problems)
	}
	_, err = Execute(context.Background(), p, y.options(p, id))
	return err
}

// TestForgerOfBranches guards the third year against two ceremonies that followed the same
// bundle, each with a CRL of the same number, of which one revokes what the other does not
// know of: whoever names both loses no revocation, and a plan that names one of them shows
// the other as one that it does not follow.
func TestForgerOfBranches(t *testing.T) {
	y := firstYear(t, onceFast)
	const revokes = "    revoke:\n      - {certificate: ca-cert, date: signing-time, reason: superseded}\n"
	third := strings.NewReplacer("number: 2", "number: 3", "2027-06-01", "2027-07-01", "previous: root-crl", "previous: right-crl",
		"  root-crl: {bundle: first, artifact: root-crl}\n", "  left-crl: {bundle: left, artifact: left-crl}\n  right-crl: {bundle: right, artifact: right-crl}\n").Replace(branchText)
	for _, c := range []struct{ id, text, says string }{
		{"left", branchText + revokes, ""},
		{"right", branchText, ""},
		{"forgets", third, "left-crl, with number 2, lists serial"},
		{"keeps", third + revokes, ""},
		{"follows", strings.Replace(third, "  left-crl: {bundle: left, artifact: left-crl}\n", "", 1), ""},
	} {
		err := y.year(t, c.id, c.text)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.id, err, c.says)
		}
	}
	for dir, says := range map[string]string{"left": "no plan of this ceremony has inputs of this bundle", "right": "", "first": ""} {
		v, problems := verified(t, filepath.Join(y.folder, "follows"), verify.Options{Earlier: []string{filepath.Join(y.folder, dir)}})
		if v.OK() != (says == "") || !strings.Contains(problems, says) {
			t.Errorf("with %s: %q, want %q", dir, problems, says)
		}
	}
}
