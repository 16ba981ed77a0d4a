// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// Parts of the second example, whose inputs come from the bundle of the first.
const (
	inputsE1  = "  e1-cert:       {bundle: ../bundles/root-2026, artifact: e1-cert}\n"
	lastCRL   = "  root-x1-crl-1: {bundle: ../bundles/root-2026, artifact: root-x1-crl-1}\n"
	previous  = "    previous: root-x1-crl-1\n"
	newAnswer = `
  - generate: [responder]
  - {issue: responder-cert, profile: "builtin:ocsp-responder", subject: responder, issuer: root-x1, validity: {not-before: signing-day, for: 1y}}
  - {ocsp: e1-new, profile: "builtin:ocsp-response", issuer: root-x1, responder: responder-cert, certificate: e1-cert, status: STATUS, this-update: signing-time, next-update: 6mo}
`
)

// withResponder gives the second example a responder, with a response about e1.
func withResponder(text, status string) string {
	text = strings.Replace(text, "\nauthorities:\n", "  responder: {token: issuing, algorithm: ecdsa-p256, class: ocsp-responder}\n\nauthorities:\n"+
		"  responder: {key: responder, subject: {country: US, organization: Example Trust, common-name: New Responder}, ocsp: none}\n", 1)
	return strings.TrimRight(text, "\n") + strings.Replace(newAnswer, "STATUS", status, 1)
}

// secondExample gives the folders of the first two examples, with the bundle of the
// first, and the ceremony file of the second.
func secondExample(t *testing.T) (folder, bundle, text string) {
	t.Helper()
	all := ceremonytest.Examples(t)
	folder, bundle = filepath.Join(all, "issuing-2027"), filepath.Join(all, "bundles", "root-2026")
	if err := os.CopyFS(bundle, os.DirFS(ceremonytest.GoldenBundle)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(folder, "ceremony.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return folder, bundle, string(data)
}

// serialOfE1 gives the serial number of a certificate of the first example.
func serialOfE1(t *testing.T) string {
	t.Helper()
	der, err := os.ReadFile(ceremonytest.GoldenBundle + "/artifacts/e1-cert.der")
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", c.SerialNumber.Bytes()) // a leading zero is shown, as it is in what is tested
}

// replanned plans a text in a folder, and gives all problems.
func replanned(t *testing.T, folder, text string) (*plan.Preview, string) {
	t.Helper()
	l, err := plan.Load("ceremony.yaml", []byte(text), plan.Disk{Folder: folder})
	if err != nil {
		return nil, err.Error()
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) > 0 {
		return p, p.Problems.Error()
	}
	return p, ""
}

// wantsAll reports texts that are not in another, which may wrap.
func wantsAll(t *testing.T, name, text string, wants ...string) {
	t.Helper()
	text = strings.Join(strings.Fields(text), " ")
	for _, want := range wants {
		if !strings.Contains(text, want) || want == "" && text != "" {
			t.Errorf("%s: want %q in:\n%s", name, want, text)
		}
	}
}

// TestOldResponses guards those who ask for the status of a revoked CA: the bundle
// of the first ceremony has a response that calls it good for five more months. The
// plan has an error until it says how people learn better.
func TestOldResponses(t *testing.T) {
	folder, _, text := secondExample(t)
	silent := strings.Replace(text, ", status: online}", "}", 1)
	old := "e1-status-1 of ceremony 2026-root-x1 says good of serial " + serialOfE1(t) + " until 2027-11-01T08:59:59Z"
	for _, c := range []struct {
		name, text string
		problems   []string // nothing: it has no errors
		shown      string
	}{
		{"nothing said", silent, []string{".revoke[0]: root-x1-crl-2: error: crl.earlier-responses: " + old + ", beyond its revocation; it has to be replaced within 24 hours (BR 4.9.9)",
			"write status: online here"}, old + "; to be replaced within 24 hours"},
		{"online", text, nil, old + "; to be replaced online within 24 hours"},
		{"a new response", withResponder(silent, "revoked, revoked: {from: root-x1-crl-2}"), nil, old + "; replaced by e1-new within 24 hours"},
		{"good again", withResponder(silent, "good"), []string{"crl.earlier-responses"}, old},
		{"another word", strings.Replace(text, "status: online", "status: good", 1), []string{`.revoke[0].status: unknown status "good"`}, ""},
	} {
		p, found := replanned(t, folder, c.text)
		if c.problems == nil && found != "" {
			t.Errorf("%s: %s", c.name, found)
		}
		wantsAll(t, c.name, found, c.problems...)
		if p == nil {
			continue
		}
		var screen strings.Builder
		if err := p.Write(&screen); err != nil {
			t.Fatal(err)
		}
		script, err := p.Script(nil)
		if err != nil {
			t.Fatal(err)
		}
		wantsAll(t, c.name, screen.String(), c.shown)
		wantsAll(t, c.name, string(script), c.shown)
	}
}

// TestBundleStatus guards a CA against a plan that looks away: what the MANIFEST of
// an input bundle lists counts whether or not it is an input, and what is lost of it
// is said, and accepted by name or not at all.
func TestBundleStatus(t *testing.T) {
	folder, bundle, text := secondExample(t)
	first := strings.NewReplacer(lastCRL, "", previous, "    first: true\n").Replace(text)
	low := strings.Replace(text, "number: 2", "number: 1", 1)
	file := func(name string) string { return filepath.Join(bundle, "artifacts", name) }

	_, found := replanned(t, folder, first)
	wantsAll(t, "first", found, "crl.earlier: declared as the first CRL, but there is root-x1-crl-1 of ceremony 2026-root-x1, with number 1")
	_, found = replanned(t, folder, low)
	wantsAll(t, "number", found, "crl.number: CRL number 1 does not follow 1")

	p, found := replanned(t, folder, text)
	wantsAll(t, "whole", found, "")
	b := p.Plan.Bundles
	if len(b) != 1 || len(b[0].Status) != 3 || b[0].ManifestSHA256 != p.Plan.Inputs[0].Bundle.ManifestSHA256 {
		t.Errorf("bundles in plan.json: %+v", b)
	}

	// Changed: the bundle is refused, at its place.
	whole, err := os.ReadFile(file("e1-status-1.der"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, file("e1-status-1.der"), string(whole)+"x")
	_, found = replanned(t, folder, text)
	wantsAll(t, "changed", found, "ceremony.yaml:16:27: inputs.root-x1-cert.bundle: bundle ../bundles/root-2026 does not verify: artifacts/e1-status-1.der: its digest differs from the one in MANIFEST")

	// Lost: the rules that need it are not checked, which blocks.
	remove(t, file("e1-status-1.der"), file("e1-status-1.pem"))
	p, found = replanned(t, folder, text)
	wantsAll(t, "lost", found, "root-x1-crl-2: not-checked: crl.earlier-responses: not checked without earlier OCSP responses", "get what is lost from another copy of that bundle")
	wantsAll(t, "lost", strings.Join(p.WarningTexts(), "\n"), "e1-status-1 of ceremony 2026-root-x1 is lost: the MANIFEST of its bundle lists it, but the file is missing")
	p, found = replanned(t, folder, text+`
accept-unchecked:
  - {rule: crl.earlier-responses, artifact: root-x1-crl-2, lacks: earlier OCSP responses, reason: all copies of that response burnt in the fire, approver: erin}
`)
	wantsAll(t, "accepted", found, "")
	if !p.Plan.Bundles[0].Status[lostIn(p)].Lost {
		t.Errorf("%+v", p.Plan.Bundles)
	}
	_, found = replanned(t, folder, strings.Replace(text, inputsE1, inputsE1+"  e1-status: {bundle: ../bundles/root-2026, artifact: e1-status-1}\n", 1))
	wantsAll(t, "lost input", found, `inputs.e1-status.artifact: artifact "e1-status-1" of bundle ../bundles/root-2026 is lost`)
}

func lostIn(p *plan.Preview) int {
	for i, s := range p.Plan.Bundles[0].Status {
		if s.Lost {
			return i
		}
	}
	return 0
}

// TestLostCRL guards a new response against a revocation that nobody has a list of
// any more.
func TestLostCRL(t *testing.T) {
	folder, bundle, text := secondExample(t)
	remove(t, filepath.Join(bundle, "artifacts", "root-x1-crl-1.der"), filepath.Join(bundle, "artifacts", "root-x1-crl-1.pem"))
	text = text[:strings.Index(text, "  - section: The old issuing CA ends")]
	text = withResponder(strings.Replace(text, lastCRL, "", 1), "good")
	_, found := replanned(t, folder, text)
	wantsAll(t, "lost", found, "e1-new: not-checked: ocsp.crl: not checked without latest CRL")
}

// TestResponseInput guards a plan against a response that somebody made up: as an
// input it has to come from its CA.
func TestResponseInput(t *testing.T) {
	folder, bundle, text := secondExample(t)
	pem, err := os.ReadFile(filepath.Join(bundle, "artifacts", "e1-status-1.der"))
	if err != nil {
		t.Fatal(err)
	}
	text = strings.Replace(text, inputsE1, inputsE1+"  e1-status: {file: status.der, kind: ocsp-response}\n", 1)
	write(t, filepath.Join(folder, "status.der"), string(pem))
	p, found := replanned(t, folder, text)
	wantsAll(t, "good", found, "")
	if n := len(p.Plan.Files); strings.Contains(p.Plan.Files[n-1].Path, "e1-status-1") {
		t.Errorf("an input is copied twice: %v", p.Plan.Files)
	}
	// A byte of the signature over the response, which is before the certificate.
	at := len(pem) - 1
	for i := range pem[:len(pem)-4] {
		if pem[i] == 0xa0 && pem[i+1] == 0x82 && pem[i+4] == 0x30 && i > 200 {
			at = i - 1
			break
		}
	}
	bad := []byte(string(pem))
	bad[at] ^= 1
	write(t, filepath.Join(folder, "status.der"), string(bad))
	_, found = replanned(t, folder, text)
	wantsAll(t, "damaged", found, "inputs.e1-status: input e1-status, about a certificate of", "it is not signed by the CA, nor by a responder that the CA certified")
	_, found = replanned(t, folder, strings.Replace(text, "kind: ocsp-response", "kind: crl", 1))
	wantsAll(t, "kind", found, "inputs.e1-status: input is an OCSP response, not a CRL")
	_, found = replanned(t, folder, strings.Replace(text, "certificate: e1-cert, date", "certificate: e1-status, date", 1))
	wantsAll(t, "reference", found, `"e1-status" is an OCSP response from the inputs; expected a certificate`)
}

func write(t *testing.T, name, data string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}
