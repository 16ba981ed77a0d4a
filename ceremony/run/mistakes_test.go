// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/rand"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/secret"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

var update = flag.Bool("update", false, "write the expected files anew")

// mistake is one wrong edit of an example.
type mistake struct {
	name    string
	example string
	edits   []edit
}

type edit struct{ file, old, new string }

const (
	ceremonyFile = "ceremony.yaml"
	issuingFile  = "profiles/tls-issuing.yaml"
)

// crlStep is the step of root-2026 that signs its CRL.
const crlStep = "  - crl: root-x1-crl-1\n    profile: profiles/root-crl.yaml\n    issuer: root-x1\n    number: 1\n    first: true\n" +
	"    this-update: signing-time\n    next-update: 11mo\n"

// mistakes are what people get wrong. Each must be found by planning, with its
// place, and no key may ever come of it.
var mistakes = []mistake{
	{"key-usage-typo", "root-2026", []edit{{issuingFile, "crl-sign]", "crl-signs]"}}},
	{"hash-does-not-fit-key", "root-2026", []edit{{"profiles/root.yaml", "ecdsa-sha384, sha384-rsa", "ecdsa-sha256, sha384-rsa"}}},
	{"not-after-beyond-issuer", "root-2026", []edit{
		{"profiles/root.yaml", "at-least: 2922d", "at-least: 1y"},
		{ceremonyFile, "for: 9y6mo", "for: 2y"}}},
	{"ca-under-path-length-0", "root-2026", []edit{
		{ceremonyFile, "  r1:\n    key: r1\n", "  r1:\n    key: r1\n    crl-url: http://r1.c.example.com/r1.crl\n    ca-issuers-url: http://r1.i.example.com/r1.crt\n    ocsp-url: http://r1.o.example.com/\n"},
		{ceremonyFile, "    subject: e1\n    issuer: root-x1", "    subject: e1\n    issuer: r1"}}},
	{"wrong-issuers-cdp", "root-2026", []edit{
		{ceremonyFile, "  r1:\n    key: r1\n", "  r1:\n    key: r1\n    crl-url: http://r1.c.example.com/r1.crl\n"},
		{issuingFile, "crl-distribution-points: [issuer]", "crl-distribution-points: [\"http://r1.c.example.com/r1.crl\"]"}}},
	{"reused-crl-number", "issuing-2027", []edit{{ceremonyFile, "number: 2", "number: 1"}}},
	{"change-that-is-not-declared", "issuing-2027", []edit{{ceremonyFile, secondCRL,
		secondCRL + thirdCRL("revoke", "date: 2027-05-14T06:00:00Z, reason: key-compromise")}}},
	{"change-to-another-reason", "issuing-2027", []edit{{ceremonyFile, secondCRL,
		secondCRL + thirdCRL("change", wasRevoked+strings.Replace(becomesCompromised, "key-compromise", "cessation-of-operation", 1))}}},
	{"change-to-a-later-date", "issuing-2027", []edit{{ceremonyFile, secondCRL, strings.Replace(secondCRL, "date: signing-time", "date: 2027-05-01T00:00:00Z", 1) +
		thirdCRL("change", strings.Replace(wasRevoked, "signing-time", "2027-05-01T00:00:00Z", 1)+becomesCompromised)}}},
	{"change-of-another-entry", "issuing-2027", []edit{{ceremonyFile, secondCRL,
		secondCRL + thirdCRL("change", strings.Replace(wasRevoked, "superseded", "privilege-withdrawn", 1)+becomesCompromised)}}},
	{"change-of-nothing", "issuing-2027", []edit{{ceremonyFile, secondCRL,
		secondCRL + strings.Replace(thirdCRL("change", wasRevoked+becomesCompromised), "e1-cert", "e2-cert", 1)}}},
	{"revoking-another-cas-certificate", "cross-2026", []edit{{ceremonyFile, "steps:\n", "steps:\n" +
		"  - crl: bad-crl\n    profile: profiles/root-crl.yaml\n    issuer: root-x1\n    number: 7\n    first: true\n" +
		"    this-update: signing-time\n    next-update: 11mo\n    revoke: [{certificate: isrg-root-x2, date: signing-time, reason: superseded}]\n"},
		{ceremonyFile, "  - use: [root-x1]\n", ""}, {ceremonyFile, "steps:\n", "steps:\n  - use: [root-x1]\n"}}},
	{"good-and-revoked-in-a-later-step", "root-2026", []edit{{ceremonyFile, "  - section: Close the room\n",
		strings.Replace(strings.Replace(crlStep, "crl-1", "crl-2", 1), "number: 1\n    first: true\n", "number: 2\n    previous: root-x1-crl-1\n", 1) +
			"    revoke: [{certificate: e1-cert, date: signing-time, reason: superseded}]\n  - section: Close the room\n"}}},
	{"attribute-in-another-spelling", "root-2026", []edit{{ceremonyFile, "common-name: Example Root X1}", "commonname: Example Root X1}"}}},
	{"length-in-words", "root-2026", []edit{{ceremonyFile, "for: 9y6mo", "for: 20 years"}}},
	{"status-typo", "root-2026", []edit{{ceremonyFile, "certificate: e1-cert\n    status: good", "certificate: e1-cert\n    status: god"}}},
	{"action-typo", "root-2026", []edit{{ceremonyFile, "- generate: [root-x1]", "- generat: [root-x1]"}}},
	{"authority-typo", "root-2026", []edit{{ceremonyFile, "    subject: e1\n    issuer: root-x1", "    subject: e1\n    issuer: root-x"}}},
	{"two-keys-one-subject", "root-2026", []edit{{ceremonyFile, "common-name: E1}", "common-name: R1}"}}},
	{"validity-one-second-too-long", "root-2026", []edit{{ceremonyFile,
		"    subject: r1\n    issuer: root-x1\n    validity: {not-before: signing-day, for: 3y}",
		"    subject: r1\n    issuer: root-x1\n    validity: {not-before: 2026-12-01T00:00:00Z, not-after: 2029-12-01T00:00:00Z}"}}},
	{"unknown-key", "root-2026", []edit{{ceremonyFile, "    issuer: root-x1\n    number: 1", "    isuer: root-x1\n    number: 1"}}},
	{"second-document", "root-2026", []edit{{ceremonyFile, "steps:\n", "---\nsteps:\n"}}},
	{"missing-input", "issuing-2027", []edit{{ceremonyFile, "artifact: e1-cert}", "artifact: e9-cert}"}}},
	{"missing-file", "cross-2026", []edit{{ceremonyFile, "inputs/partner.csr.pem", "inputs/partner.pem"}}},
	{"window-cannot-hold-dates", "root-2026", []edit{{ceremonyFile,
		"    validity: {not-before: signing-day, for: 9y6mo}", "    validity: {not-before: 2026-11-20T00:00:00Z, for: 9y6mo}"}}},
	{"root-of-fifteen-years", "root-2026", []edit{{"profiles/root.yaml", "at-most: 10y", "at-most: 15y"}, {ceremonyFile, "for: 9y6mo", "for: 15y"}}},
	{"submission-before-the-ceremony", "root-2026", []edit{{ceremonyFile, "for: 9y6mo}\n", "for: 9y6mo}\n    submission: 2026-12-01\n"}}},
	{"submission-of-an-issuing-ca", "root-2026", []edit{{ceremonyFile, "for: 3y}\n", "for: 3y}\n    submission: 2027-02-15\n"}}},
	{"cross-certificate-of-another-key", "cross-2026", []edit{{"profiles/cross.yaml", "method: existing", "method: rfc7093-1"}}},
	{"request-of-another-key", "cross-2026", []edit{{ceremonyFile, "    existing: isrg-root-x2\n", "    existing: isrg-root-x2\n    request: partner-request\n"}}},
	{"person-named-like-a-namespace", "root-2026", []edit{{ceremonyFile, "[alice, erin], need: 1", "[alice, ceremony-review-v1], need: 1"}}},
	{"nobody-does-it", "root-2026", []edit{{ceremonyFile, "[alice, erin], need: 1", "[], need: 1"}, {ceremonyFile, "who: [administrator, internal-witness]", "who: []"}}},
	// Published incidents, by their number in Mozilla's tracker or by what went
	// wrong in many places.
	{"incident-lets-encrypt-2038351-cross-without-eku", "cross-2026", []edit{{"profiles/cross.yaml", "  - extended-key-usage: [server-auth]\n", ""}}},
	{"incident-digicert-1654967-no-cdp", "root-2026", []edit{{issuingFile, "  - crl-distribution-points: [issuer]\n", ""}}},
	{"incident-gts-1652581-ocsp-without-digital-signature", "root-2026", []edit{{"profiles/root.yaml", "ocsp: delegated", "ocsp: direct"}}},
	{"incident-2020-ocsp-signing-in-a-ca", "root-2026", []edit{{issuingFile, "[server-auth]", "[server-auth, ocsp-signing]"}}},
	{"incident-2019-issuing-ca-without-eku", "root-2026", []edit{{issuingFile, "  - extended-key-usage: [server-auth]\n", ""}}},
	{"incident-2024-basic-constraints-not-critical", "root-2026", []edit{{issuingFile, "basic-constraints: {critical: true", "basic-constraints: {critical: false"}}},
	{"incident-2024-rdn-order", "root-2026", []edit{{issuingFile, "[country, organization, common-name]", "[common-name, organization, country]"}}},
	{"incident-1963456-https-in-cdp", "root-2026", []edit{{ceremonyFile, "crl-url: http://x1", "crl-url: https://x1"}}},
	{"incident-revocation-after-this-update", "issuing-2027", []edit{{ceremonyFile, "date: signing-time, reason", "date: 2027-06-03T00:00:00Z, reason"}}},
	{"incident-kir-1921598-no-reserved-policy", "root-2026", []edit{{issuingFile, "[2.23.140.1.2.1]", "[1.3.6.1.4.1.99999.1]"}}},
	{"key-not-available", "root-2026", []edit{{ceremonyFile, "  - generate: [root-x1]\n", ""}}},
	{"mistakes-below-a-mistake", "root-2026", []edit{{ceremonyFile, "algorithm: ecdsa-p384, class: root}", "algorithm: rsa-3072, class: root}"},
		{ceremonyFile, "signing-day, for: 3y}", "signing-day, for: 4y}"}}},
	{"backed-up-before-it-is-made", "root-2026", []edit{{ceremonyFile, "  - generate: [root-x1]\n", "  - do: Copy it.\n    who: [administrator]\n    backs-up: [root-x1]\n    record: {root-x1: key-digest, e9: key-digest}\n  - generate: [root-x1]\n"}}},
	{"backed-up-twice-at-once", "root-2026", []edit{{ceremonyFile, "keys: [root-x1], to", "keys: [root-x1, root-x1], to"}}},
	{"step-template-that-is-not-there", "root-2026", []edit{{ceremonyFile, "step-template: cameras", "step-template: camera"}}},
	{"step-template-by-its-old-word", "root-2026", []edit{{ceremonyFile, "step-template: cameras", "ready: cameras"}}},
	{"built-in-profile-by-its-old-prefix", "root-2026", []edit{{ceremonyFile, "profile: profiles/root.yaml", "profile: ready:br-root"}}},
	{"step-template-without-parameters", "root-2026", []edit{{ceremonyFile, "    with: {token: root, keys: [root-x1], to: HSM C}\n", ""}}},
	{"step-template-with-wrong-parameters", "root-2026", []edit{{ceremonyFile, "keys: [root-x1], to: HSM C", "keys: [root-x2], from: HSM C"}}},
	{"response-without-a-crl", "root-2026", []edit{{ceremonyFile, crlStep, ""}}},
	{"crl-after-the-response", "root-2026", []edit{{ceremonyFile, crlStep, ""}, {ceremonyFile, "  - section: Close the room\n", crlStep + "  - section: Close the room\n"}}},
	{"waiver-matches-nothing", "root-2026", []edit{{ceremonyFile, "steps:\n", "waivers:\n" +
		"  - {rule: w_sub_ca_aia_missing, artifact: e1-cert, reason: the repository is not ready yet, citation: BR 7.1.2.6.1, approver: erin, expires: 2027-12-01}\nsteps:\n"}}},
}

// edited copies an example next to a bundle of the first one and makes a
// mistake in it.
func edited(t *testing.T, dir string, m mistake) string {
	t.Helper()
	folder := filepath.Join(dir, m.name)
	if err := os.CopyFS(folder, os.DirFS(filepath.Join(dir, m.example))); err != nil {
		t.Fatal(err)
	}
	if m.name == "revoking-another-cas-certificate" {
		ceremonytest.CopyFile(t, filepath.Join(dir, "root-2026/profiles/root-crl.yaml"), filepath.Join(folder, "profiles/root-crl.yaml"))
	}
	for _, e := range m.edits {
		ceremonytest.Replace(t, filepath.Join(folder, e.file), e.old, e.new)
	}
	return folder
}

// drawn is a serial number: the first ceremony draws them anew in each test.
var drawn = regexp.MustCompile(`(serial(?: number)? )[0-9a-f]{24,40}\b`)

// TestMistakes guards the promise of the tool: a mistake in the file is found
// before any token is opened, with its file, line and column, and leaves no key
// behind when it is run all the same.
func TestMistakes(t *testing.T) {
	dir, site := ceremonytest.Examples(t), hsm(t)
	rehearse(t, filepath.Join(dir, "root-2026"))
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			folder := edited(t, dir, m)
			got := strings.ReplaceAll(planProblems(t, folder, site), folder+"/", "")
			got = drawn.ReplaceAllString(got, "${1}SERIAL")
			golden := filepath.Join("testdata", "mistakes", m.name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
	for _, c := range site.Tokens {
		mustBeEmpty(t, c)
	}
}

// planProblems plans a folder and, if it can be previewed, tries to run it.
func planProblems(t *testing.T, folder string, site *plan.Site) string {
	t.Helper()
	name := filepath.Join(folder, ceremonyFile)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := plan.Load(name, data, plan.Disk{Folder: folder})
	if err != nil {
		return err.Error() + "\n"
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := runOptions(p, site, filepath.Join(folder, "new-bundle"))
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Error("the ceremony ran")
	}
	if _, err := os.Stat(o.Bundle); err == nil {
		t.Error("a bundle was begun")
	}
	return p.Problems.Error() + "\n"
}

// mustBeEmpty checks that a token holds no object.
func mustBeEmpty(t *testing.T, c token.Config) {
	t.Helper()
	tok, err := token.Open(context.Background(), token.Options{Config: c, PIN: func(token.Info, int) (*secret.PIN, error) {
		return secret.NewPIN([]byte(tokentest.TestPIN)), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer tok.Close()
	objects, err := tok.Census(context.Background())
	if err != nil || len(objects) > 0 {
		t.Errorf("token %s: %v, %v", c.Name, objects, err)
	}
}
