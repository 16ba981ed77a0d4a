// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/term/termtest"
)

// TestCrossOwnRoot guards the day on which a new root is made and certified by
// the old one: the cross-certificate has the name, key and key identifier of the
// new root, which a rehearsal marks as it marks every name that it makes.
func TestCrossOwnRoot(t *testing.T) {
	folder := ceremonytest.CrossOwnRootFolder(t, ceremonytest.CrossOwnRoot)
	_, res := rehearseAlone(t, folder)
	root, cross := madeCert(t, res.Bundle, "REHEARSAL-new-cert"), madeCert(t, res.Bundle, "REHEARSAL-new-by-old")
	if !bytes.Equal(root.RawSubject, cross.RawSubject) || root.Subject.CommonName != "REHEARSAL New Root" {
		t.Errorf("root %q, cross-certificate %q", root.Subject, cross.Subject)
	}
	if !bytes.Equal(root.RawSubjectPublicKeyInfo, cross.RawSubjectPublicKeyInfo) || !bytes.Equal(root.SubjectKeyId, cross.SubjectKeyId) {
		t.Error("the cross-certificate has another key or key identifier than the root")
	}
	if cross.Issuer.CommonName != "REHEARSAL Old" {
		t.Errorf("issued by %q", cross.Issuer)
	}
}

// madeCert reads a certificate of a bundle.
func madeCert(t *testing.T, bundle, name string) *x509.Certificate {
	t.Helper()
	der, err := os.ReadFile(filepath.Join(bundle, "artifacts", name+".der"))
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// nextRoot adds a root to the ceremony of Twice, and nextByRoot its
// cross-certificate.
var nextRoot = []string{
	"  ca: {token: root,", "  next: {token: root, algorithm: ecdsa-p384, class: root}\n  ca: {token: root,",
	"  ca: {key: ca,", "  next: {key: next, subject: {country: US, organization: Example Trust, common-name: Next Root}, ocsp: none}\n  ca: {key: ca,",
	"[root, ca]", "[root, ca, next]",
}

const nextByRoot = `  - issue: next-cert
    profile: profiles/root.yaml
    subject: next
    issuer: next
    validity: {not-before: signing-day, for: 9y6mo}
  - issue: next-by-root
    profile: profiles/cross.yaml
    existing: next-cert
    issuer: root
    validity: {not-before: signing-day, for: 3y}
  - issue: ca-cert
`

// previewNext plans the ceremony of Twice with a second root, and with its
// certificate and its cross-certificate where they are asked for.
func previewNext(t *testing.T, certified bool) *plan.Preview {
	t.Helper()
	folder := ceremonytest.FastFolder(t)
	ceremonytest.CopyFile(t, "../../examples/cross-2026/profiles/cross.yaml", filepath.Join(folder, "profiles/cross.yaml"))
	text := strings.NewReplacer(nextRoot...).Replace(ceremonytest.TwiceText)
	if certified {
		text = strings.Replace(text, "  - issue: ca-cert\n", nextByRoot, 1)
	}
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ceremonytest.Preview(t, folder)
}

// TestCrossOwnRootLater guards the same day when things go wrong: the
// cross-certificate comes by an amendment, the root's certificate is withheld and
// signed again, and the cross-certificate is of the second one.
func TestCrossOwnRootLater(t *testing.T) {
	first, amended := previewNext(t, false), previewNext(t, true)
	o := fastRun(t, first)
	if _, err := Execute(context.Background(), first, o); err != nil {
		t.Fatal(err)
	}
	amend(&o, amended)
	o.AfterSigning = failAfter("next-cert")
	o.People = Asked{Terminal: termtest.NewScript(80).On("Continue under amendment 1", termtest.Reply("amend")).Then(again(amended, ""))}
	var stopped *Stopped
	if _, err := Resume(context.Background(), o); !errors.As(err, &stopped) || !strings.Contains(err.Error(), "too late") {
		t.Fatalf("the root did not fail: %v", err)
	}
	o.Amendment, o.AfterSigning = nil, nil
	o.Redo, o.People = amended.Plan.SigningStep("next-cert").ID, Asked{Terminal: again(amended, "")}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, o.Bundle, len(amended.Plan.Artifacts)+1)
	root, cross := madeCert(t, o.Bundle, "next-cert.attempt-2"), madeCert(t, o.Bundle, "next-by-root")
	if !bytes.Equal(root.RawSubject, cross.RawSubject) || !bytes.Equal(root.SubjectKeyId, cross.SubjectKeyId) {
		t.Errorf("root %q, cross-certificate %q", root.Subject, cross.Subject)
	}
}
