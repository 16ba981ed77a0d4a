// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/secret"
	"rootceremony/internal/token"
)

// mistake is one change to an example that must be found with its place.
type mistake struct {
	name    string
	example string   // folder below examples
	file    string   // changed, relative to the example
	edits   []string // what is replaced once, and by what; "" is the end of the file
	want    string   // a regular expression that one line of the answer matches
}

// mistakes are the kinds that ceremonies have really had.
var mistakes = []mistake{
	{
		"key usage typo", "root-2026", "profiles/root.yaml",
		[]string{
			"bits: [cert-sign,",
			"bits: [cert-sing,",
		},
		`profiles/root\.yaml:15:40: .*"cert-sing".*"cert-sign"`,
	},
	{
		"hash that does not fit the key", "root-2026", "profiles/root.yaml",
		[]string{
			"signature: [ecdsa-sha384,",
			"signature: [ecdsa-sha256,",
		},
		`profiles/root\.yaml:9:1: .*P-384`,
	},
	{
		"notAfter beyond the issuer", "root-2026", "ceremony.yaml",
		[]string{
			"subject: e1\n    issuer: root-x1\n    validity: {not-before: signing-day, for: 3y}",
			"subject: e1\n    issuer: root-x1\n    validity: {not-before: signing-day, for: 16y}",
		},
		`ceremony\.yaml:\d+:\d+: `,
	},
	{
		"CA under path length 0", "root-2026", "ceremony.yaml",
		[]string{
			"subject: e1\n    issuer: root-x1",
			"subject: e1\n    issuer: r1",
			"common-name: R1}\n",
			"common-name: R1}\n    crl-url: http://r1.c.example.com/r1.crl\n    ca-issuers-url: http://r1.i.example.com/r1.crt\n",
		},
		`\.yaml:\d+:\d+: .*path`,
	},
	{
		"wrong issuer's CDP", "root-2026", "profiles/tls-issuing.yaml",
		[]string{
			"crl-distribution-points: [issuer]",
			"crl-distribution-points: ['http://x2.c.example.com/root-x2.crl']",
		},
		`profiles/tls-issuing\.yaml:\d+:\d+: `,
	},
	{
		"two keys with one subject", "root-2026", "ceremony.yaml",
		[]string{
			"common-name: E1}",
			"common-name: R1}",
		},
		`ceremony\.yaml:\d+:\d+: .*(subject|name)`,
	},
	{
		"validity one second too long", "root-2026", "ceremony.yaml",
		[]string{
			"subject: r1\n    issuer: root-x1\n    validity: {not-before: signing-day, for: 3y}",
			"subject: r1\n    issuer: root-x1\n    validity: {not-before: 2026-12-01T00:00:00Z, not-after: 2029-12-01T00:00:00Z}",
		},
		`ceremony\.yaml:\d+:\d+: .*3y`,
	},
	{
		"unknown key", "root-2026", "ceremony.yaml",
		[]string{
			"  title:",
			"  titel: x\n  title:",
		},
		`ceremony\.yaml:5:3: ceremony\.titel: unknown key "titel"`,
	},
	{
		"second document", "root-2026", "ceremony.yaml",
		[]string{
			"",
			"---\nversion: 1\n",
		},
		`ceremony\.yaml:\d+:1: .*document`,
	},
	{
		"missing input file", "cross-2026", "ceremony.yaml",
		[]string{
			"inputs/partner.csr.pem",
			"inputs/partner.pem",
		},
		`ceremony\.yaml:\d+:\d+: .*inputs/partner\.pem`,
	},
	{
		"window that cannot hold the dates", "root-2026", "ceremony.yaml",
		[]string{
			"validity: {not-before: signing-day, for: 15y}",
			"validity: {not-before: 2026-11-29T00:00:00Z, for: 15y}",
		},
		`ceremony\.yaml:\d+:\d+: `,
	},
}

// TestMistakes gives each mistake to plan and to run: both answer with status 3
// and its place, run opens no token, and SoftHSM holds nothing afterwards.
func TestMistakes(t *testing.T) {
	hsm := newSoftHSM(t)
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			folder := m.apply(t)
			file := filepath.Join(folder, "ceremony.yaml")
			m.refused(t, "plan", file)
			m.refused(t, "run", file, "--plan", emptyPlan(t), "--site", hsm.site(t), "--bundle", filepath.Join(folder, "bundle"))
			if _, err := os.Stat(filepath.Join(folder, "bundle")); err == nil {
				t.Error("run made a bundle")
			}
		})
	}
	hsm.wantEmpty(t)
}

// refused wants status 3 and a line that matches.
func (m mistake) refused(t *testing.T, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	status := Run(t.Context(), args, Stdio{Out: &out, Err: &errs, Terminal: func(context.Context) (Terminal, error) {
		t.Errorf("%s asked somebody", args[0])
		return nil, errors.New("nobody is here")
	}})
	if status != ExitFindings {
		t.Errorf("%s: exit status %d, want %d", args[0], status, ExitFindings)
	}
	if !regexp.MustCompile(`(?m)` + m.want).MatchString(errs.String()) {
		t.Errorf("%s: no line matches %s in\n%s", args[0], m.want, &errs)
	}
}

// apply copies the example and makes the mistake in the copy.
func (m mistake) apply(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("../../../examples/"+m.example)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(folder, m.file)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for edit := range slices.Chunk(m.edits, 2) {
		before, after, found := strings.Cut(text, edit[0])
		switch {
		case edit[0] == "":
			text += edit[1]
		case found:
			text = before + edit[1] + after
		default:
			t.Fatalf("%s has no %q", m.file, edit[0])
		}
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// emptyPlan is a plan folder; run must stop before it compares.
func emptyPlan(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "plan.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// softHSMTokens is a SoftHSM of one test with the two tokens of the examples.
type softHSMTokens struct{ missing string }

const testPIN = "7391846205"

func newSoftHSM(t *testing.T) softHSMTokens {
	t.Helper()
	if !token.BuiltIn {
		return softHSMTokens{"this build has no PKCS#11"}
	}
	if _, err := exec.LookPath("softhsm2-util"); err != nil || softHSM() == "" {
		return softHSMTokens{"SoftHSM2 is not installed; make test installs it"}
	}
	folder := t.TempDir()
	config := filepath.Join(folder, "softhsm2.conf")
	if err := os.WriteFile(config, []byte("directories.tokendir = "+folder+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", config)
	for _, label := range []string{"example-root", "example-issuing"} {
		out, err := exec.CommandContext(t.Context(), "softhsm2-util", "--init-token", "--free",
			"--label", label, "--pin", testPIN, "--so-pin", testPIN).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	return softHSMTokens{}
}

// site writes a site file for the two tokens.
func (h softHSMTokens) site(t *testing.T) string {
	t.Helper()
	module := softHSM()
	if module == "" {
		module = "/usr/lib/softhsm/libsofthsm2.so"
	}
	name := filepath.Join(t.TempDir(), "site.yaml")
	text := "version: 1\nsoftware-token: true\ntokens:\n" +
		"  root:    {module: " + module + ", label: example-root,    login: pin}\n" +
		"  issuing: {module: " + module + ", label: example-issuing, login: pin}\n"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// wantEmpty looks at both tokens with a login.
func (h softHSMTokens) wantEmpty(t *testing.T) {
	t.Helper()
	if h.missing != "" {
		t.Logf("the tokens were not looked at: %s", h.missing)
		return
	}
	for _, label := range []string{"example-root", "example-issuing"} {
		tok, err := token.Open(t.Context(), token.Options{
			Config: token.Config{Name: label, Module: softHSM(), Label: label, Login: token.LoginPIN},
			PIN: func(token.Info, int) (*secret.PIN, error) {
				return secret.ReadPIN(io.LimitReader(strings.NewReader(testPIN), int64(len(testPIN))), len(testPIN))
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		census, err := tok.Census(t.Context())
		if err != nil || len(census) > 0 {
			t.Errorf("%s holds %v (%v), want nothing", label, census, err)
		}
		if err := tok.Close(); err != nil {
			t.Error(err)
		}
	}
}
