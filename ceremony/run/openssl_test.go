// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/plan"
)

// openssl runs openssl and gives what it printed; it fails the test where
// openssl does.
func openssl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("openssl", args...).CombinedOutput()
	if err != nil {
		t.Errorf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// verifiedByOpenSSL has openssl read and verify every artifact of a plan, under
// the certificate of its issuer.
func verifiedByOpenSSL(t *testing.T, p *plan.Preview, bundle, mark string) {
	t.Helper()
	at := fmt.Sprint(p.Plan.Ceremony.Window.From.Add(2 * time.Hour).Unix())
	file := func(ref plan.Ref) string {
		id := ref.ID()
		if ref.IsInput() && mark != "" && plan.Find(p.Plan.Keys, func(k *plan.Key) bool { return k.Input == id }) != nil {
			return filepath.Join(bundle, plan.StandInPath(id))
		}
		if ref.IsInput() {
			return filepath.Join(bundle, "plan/inputs", id)
		}
		return filepath.Join(bundle, "artifacts", mark+id+".pem")
	}
	for i := range p.Plan.Artifacts {
		a := &p.Plan.Artifacts[i]
		mine, issuer := file(plan.CertRef(a.ID)), file(a.Issuer)
		if a.Issuer.IsSelf() {
			issuer = mine
		}
		switch {
		case a.Certificate() != nil:
			openssl(t, "x509", "-in", mine, "-noout", "-text")
			openssl(t, "verify", "-x509_strict", "-check_ss_sig", "-partial_chain", "-attime", at, "-CAfile", pemFile(t, issuer), mine)
		case a.RevocationList() != nil:
			if out := openssl(t, "crl", "-in", mine, "-noout", "-CAfile", pemFile(t, issuer)); !strings.Contains(out, "verify OK") {
				t.Errorf("openssl crl: %s", out)
			}
		case a.CertRequest() != nil:
			if out := openssl(t, "req", "-in", mine, "-noout", "-verify"); !strings.Contains(out, "OK") {
				t.Errorf("openssl req: %s", out)
			}
		case a.Response() != nil:
			root := pemFile(t, issuer)
			out := openssl(t, "ocsp", "-respin", strings.TrimSuffix(mine, "pem")+"der", "-issuer", root, "-CAfile", root,
				"-cert", pemFile(t, file(a.Subject)), "-no_nonce", "-attime", at, "-validity_period", "999999999")
			if !strings.Contains(out, "Response verify OK") || !strings.Contains(out, ": "+a.Response().Status) {
				t.Errorf("openssl ocsp: %s", out)
			}
		}
	}
}

// pemFile gives a PEM form of a certificate file that may be DER.
func pemFile(t *testing.T, name string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "certificate.pem")
	openssl(t, "x509", "-in", name, "-out", out)
	return out
}

// readmeCommands runs every command of README-VERIFY.md of a bundle, as
// written. What it says of itself is the result: ok or PROBLEM.
func readmeCommands(t *testing.T, bundle string) {
	t.Helper()
	if out, err := byHand(t, bundle); err != nil || strings.Contains(out, "PROBLEM") || !strings.Contains(out, "ok:") {
		t.Errorf("the commands of README-VERIFY.md: %v\n%s", err, out)
	}
}

// byHand executes the commands of README-VERIFY.md, or those of some sections, with the
// setup before the first and the result.
func byHand(t *testing.T, bundle string, sections ...string) (string, error) {
	t.Helper()
	var script []string
	for i, section := range strings.Split(string(read(t, bundle, "README-VERIFY.md")), "\n## ") {
		number, _, _ := strings.Cut(section, ".")
		if i > 0 && sections != nil && !slices.Contains(sections, number) && !strings.HasPrefix(section, "The result") {
			continue
		}
		for i, part := range strings.Split(section, "```") {
			if i%2 == 1 && strings.HasPrefix(part, "sh\n") {
				script = append(script, strings.TrimPrefix(part, "sh\n"))
			}
		}
	}
	cmd := exec.Command("bash", "-c", strings.Join(script, "\n"))
	cmd.Dir = bundle
	out, err := cmd.CombinedOutput()
	return string(out), err
}
