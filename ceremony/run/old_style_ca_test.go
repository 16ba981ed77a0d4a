// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/inspect"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token/tokentest"
)

// oldStyleConfig is how openssl ca was set up when nobody wrote key identifiers.
const oldStyleConfig = `[ca]
default_ca = old
[old]
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
certificate = old.pem
private_key = old.key
default_md = sha384
policy = any
crl_extensions = crl
unique_subject = no
[any]
commonName = supplied
[crl]
[req]
distinguished_name = dn
[dn]
[root]
subjectKeyIdentifier = none
authorityKeyIdentifier = none
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
`

// oldStyleCeremony signs the next CRL of that CA.
const oldStyleCeremony = `version: 1
ceremony:
  id: old-style
  title: The next CRL of a CA that openssl made
  approval: none
  window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T20:00:00Z}
people:
  administrator:    {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  old:      {file: old.pem, kind: certificate}
  expired:  {file: expired.pem, kind: certificate}
  negative: {file: negative.pem, kind: certificate}
  last:     {file: last.crl, kind: crl}
keys:
  old: {token: root, algorithm: ecdsa-p384, class: root, certificate: old}
authorities:
  old: {key: old, certificate: old}
steps:
  - use: [old]
  - crl: old-crl
    profile: crl.yaml
    issuer: old
    number: 8
    previous: last
    this-update: signing-time
    next-update: 6mo
    revoke:
      - {certificate: negative, date: 2026-12-01T00:00:00Z, reason: key-compromise, invalidity-date: 2026-11-01T00:00:00Z}
    change:
      - serial: "-4D"
        was: {date: 2024-01-01T00:00:00Z, reason: none}
        now: {date: 2023-12-01T00:00:00Z, reason: key-compromise}
        because: The key of this card was found in a dump.
      - serial: B1
        was: {date: 2025-01-01T00:00:00Z, reason: certificate-hold}
        now: kept
        because: The owner of the card is still on leave.
      - serial: B2
        was: {date: 2025-01-01T00:00:00Z, reason: certificate-hold}
        now: released
        because: The owner of the card has found it again.
      - serial: B3
        was: {date: 2025-01-01T00:00:00Z, reason: certificate-hold}
        now: {date: 2025-01-01T00:00:00Z, reason: superseded}
        because: The card was replaced by another one.
      - certificate: expired
        was: {date: 2019-01-01T00:00:00Z, reason: superseded}
        now: dropped
        because: It expired in 2020, and the last CRL still has it.
`

// inFolder runs openssl in a folder.
func inFolder(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// oldStyleCA makes a private CA wholly by openssl, with n entries that nothing is to be
// said of, whose reason is unspecified, and writes the ceremony beside it.
func oldStyleCA(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var index strings.Builder
	revoked := func(serial, at string) {
		fmt.Fprintf(&index, "R\t300101000000Z\t%s\t%s\tunknown\t/CN=%s\n", at, serial, serial)
	}
	for i := range n {
		revoked(fmt.Sprintf("%016X", 1<<60+i), "210101000000Z,unspecified")
	}
	revoked("-4D", "240101000000Z")
	revoked("00", "240101000000Z,superseded")
	revoked("A1", "200505000000Z,keyTime,20190101000000Z")
	for _, held := range []string{"B1", "B2", "B3"} {
		revoked(held, "250101000000Z,holdInstruction,holdInstructionReject")
	}
	write("openssl.cnf", oldStyleConfig)
	write("index.txt", index.String())
	write("index.txt.attr", "unique_subject = no\n")
	write("crlnumber", "07\n")
	write("serial", "EE\n")
	write("crl.yaml", ceremonytest.OldCRLProfile)
	write("ceremony.yaml", oldStyleCeremony)
	inFolder(t, dir, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", "old.key")
	inFolder(t, dir, "req", "-new", "-key", "old.key", "-config", "openssl.cnf", "-subj", "/CN=Old Style CA", "-out", "old.csr")
	inFolder(t, dir, "ca", "-batch", "-config", "openssl.cnf", "-selfsign", "-in", "old.csr", "-extensions", "root", "-notext", "-out", "old.pem",
		"-startdate", "20150101000000Z", "-enddate", "20450101000000Z")
	inFolder(t, dir, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "card.key")
	inFolder(t, dir, "req", "-new", "-key", "card.key", "-config", "openssl.cnf", "-subj", "/CN=card", "-out", "card.csr")
	write("serial", "012FD1\n") // with dates of its own openssl gives no negative serial number
	inFolder(t, dir, "ca", "-batch", "-config", "openssl.cnf", "-in", "card.csr", "-notext", "-out", "positive.pem",
		"-startdate", "20260101000000Z", "-enddate", "20270101000000Z")
	write("negative.pem", string(negated(t, dir, "positive.pem", "old.key")))
	write("serial", "EF\n")
	inFolder(t, dir, "ca", "-batch", "-config", "openssl.cnf", "-in", "card.csr", "-notext", "-out", "expired.pem",
		"-startdate", "20160101000000Z", "-enddate", "20200101000000Z")
	now, err := os.ReadFile(filepath.Join(dir, "index.txt"))
	if err != nil {
		t.Fatal(err)
	}
	expired := strings.Split(strings.TrimSpace(string(now)), "\n")
	last := strings.Split(expired[len(expired)-1], "\t")
	last[0], last[2] = "R", "190101000000Z,superseded"
	expired[len(expired)-1] = strings.Join(last, "\t")
	write("index.txt", strings.Join(expired, "\n")+"\n")
	inFolder(t, dir, "ca", "-config", "openssl.cnf", "-gencrl", "-crl_lastupdate", "20261001000000Z", "-crl_nextupdate", "20270101000000Z", "-out", "last.crl")
	return dir
}

// negated gives a certificate its serial number 77777 with a minus, and signs it again.
func negated(t *testing.T, dir, certificate, key string) []byte {
	t.Helper()
	decode := func(name string) []byte {
		block, _ := pem.Decode(read(t, dir, name))
		if block == nil {
			t.Fatalf("%s is no PEM", name)
		}
		return block.Bytes
	}
	var c struct {
		TBS, Algorithm asn1.RawValue
		Signature      asn1.BitString
	}
	if _, err := asn1.Unmarshal(decode(certificate), &c); err != nil {
		t.Fatal(err)
	}
	c.TBS.FullBytes = bytes.Replace(c.TBS.FullBytes, []byte{2, 3, 0x01, 0x2f, 0xd1}, []byte{2, 3, 0xfe, 0xd0, 0x2f}, 1)
	parsed, err := x509.ParsePKCS8PrivateKey(decode(key))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum384(c.TBS.FullBytes)
	signature, err := ecdsa.SignASN1(rand.Reader, parsed.(*ecdsa.PrivateKey), sum[:])
	if err != nil {
		t.Fatal(err)
	}
	c.Signature = asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}
	der, err := asn1.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// TestOldStyleCA guards a CA that other tools left: no key identifier, thousands of
// entries with reason unspecified, some on hold, negative and zero serial numbers, one
// of a certificate that has expired. It gets its next CRL, byte for byte where nothing
// is said, and people see each exception.
func TestOldStyleCA(t *testing.T) {
	const many = 5000
	dir := oldStyleCA(t, many)
	config := tokentest.NewSoftHSM(t, "old-style")
	config.Name = "root"
	inFolder(t, dir, "pkcs8", "-topk8", "-nocrypt", "-in", "old.key", "-out", "old.p8")
	if out, err := exec.Command("softhsm2-util", "--import", filepath.Join(dir, "old.p8"), "--token", "old-style", "--label", "old", "--id", "01", "--pin", tokentest.TestPIN).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p := ceremonytest.Preview(t, dir)
	site := &plan.Site{Version: 1, SoftwareToken: true}
	site.Tokens = append(site.Tokens, config)
	bundle := filepath.Join(dir, "bundle")
	o := runOptions(p, site, bundle)
	room := attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)).On("accept or stop", termtest.Reply("accept")) // a key that openssl made was outside
	said := &overheard{People: Asked{Terminal: room}}
	o.People = said
	res, err := Execute(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	mustVerify(t, res.Bundle, 1)
	der := filepath.Join(res.Bundle, "artifacts", "old-crl.der")
	if out := inFolder(t, dir, "crl", "-inform", "DER", "-in", der, "-CAfile", "old.pem", "-verify", "-noout"); !strings.Contains(out, "verify OK") {
		t.Error(out)
	}
	compareOldStyle(t, dir, der, many)
	seenOldStyle(t, p, said.text.String(), res.Bundle, many)
	rehearsal := filepath.Join(dir, "rehearsal") // by a stand-in, whose key has another name
	rehearsed(t, p, unsynced{}, rehearsal)
	mustVerify(t, rehearsal, 1)
}

// compareOldStyle compares the CRL with the one before.
func compareOldStyle(t *testing.T, dir, der string, many int) {
	t.Helper()
	before := map[string]inspect.RevokedEntry{}
	for _, e := range crlIn(t, filepath.Join(dir, "last.crl")).Entries {
		before[e.Serial.Text(16)] = e
	}
	now := crlIn(t, der)
	after := map[string]inspect.RevokedEntry{}
	for _, e := range now.Entries {
		after[e.Serial.Text(16)] = e
	}
	for _, serial := range []string{"0", "a1", "b1"} {
		if !bytes.Equal(before[serial].Raw, after[serial].Raw) || len(after[serial].Raw) == 0 {
			t.Errorf("serial %s was %x, is %x", serial, before[serial].Raw, after[serial].Raw)
		}
	}
	if n := len(now.Entries); n != many+6 { // six that stay in some way but two, and one that is new: -4d, 0, a1, b1, b3, -12fd1
		t.Errorf("%d entries", n)
	}
	for serial, want := range map[string]string{
		"1000000000000000": "none", "-4d": "1", "b3": "4", "-12fd1": "1", "b2": "gone", "ef": "gone",
	} {
		got := "gone"
		if e, ok := after[serial]; ok {
			if got = "none"; e.Reason != nil {
				got = fmt.Sprint(*e.Reason)
			}
		}
		if got != want {
			t.Errorf("serial %s: reason %s, want %s", serial, got, want)
		}
	}
	if e := after["b3"]; len(e.Extensions) != 1 {
		t.Errorf("an entry that is no longer on hold keeps its instruction: %v", e.Extensions)
	}
	aki, _, err := now.AuthorityKeyID()
	if err != nil || len(aki.KeyID) != 20 || aki.Serial != nil {
		t.Errorf("authorityKeyIdentifier %+v, %v", aki, err)
	}
}

func crlIn(t *testing.T, name string) *inspect.RevocationList {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := inspect.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	l, err := inspect.ParseRevocationList(blocks[0].DER)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// seenOldStyle looks for each exception where people approve or read it.
func seenOldStyle(t *testing.T, p *plan.Preview, confirmation, bundle string, many int) {
	t.Helper()
	var screen bytes.Buffer
	if err := p.Write(&screen); err != nil {
		t.Fatal(err)
	}
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	report, err := os.ReadFile(filepath.Join(bundle, "report", "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"plan": screen.String(), "confirmation": confirmation, "script": string(script), "report": string(report)} {
		text = strings.Join(strings.Fields(text), " ")
		for _, want := range []string{
			"changed: -4d, revoked 2023-12-01T00:00:00Z, key-compromise", "was revoked 2024-01-01T00:00:00Z, no reason; because: The key of this card was found in a dump.; the revocation is dated back",
			"stays: b1, revoked 2025-01-01T00:00:00Z, certificate-hold", "still on leave",
			"released: b2", "has found it again",
			"changed: b3, revoked 2025-01-01T00:00:00Z, superseded (was revoked 2025-01-01T00:00:00Z, certificate-hold, holdInstructionCode 06072a8648ce380203", "replaced by another one",
			"dropped: ef", "It expired in 2020, and the last CRL still has it.; the certificate expired on 2020-01-01T00:00:00Z",
			fmt.Sprintf("changed by rule: %d entries: serial 1000000000000000", many), "unspecified (0)",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %q", name, want)
			}
		}
		if name != "report" && !strings.Contains(text, "carried over: a1, invalid since 2019-01-01T00:00:00Z") {
			t.Errorf("%s does not show the extension that is carried over", name)
		}
		if len(text) > 100_000 {
			t.Errorf("%s has %d characters", name, len(text))
		}
	}
	if text := screen.String(); !strings.Contains(strings.Join(strings.Fields(text), " "), "whose certificate has none: SHA-1 of the key, method 1") {
		t.Errorf("the plan does not say where the key identifier comes from:\n%s", text)
	}
}

// overheard keeps what people are shown.
type overheard struct {
	People
	text strings.Builder
}

// Say keeps the text.
func (h *overheard) Say(text string) {
	h.text.WriteString(text)
	h.People.Say(text)
}

// Page keeps the text.
func (h *overheard) Page(pages []string, i int) error {
	h.text.WriteString(pages[i])
	return h.People.Page(pages, i)
}
