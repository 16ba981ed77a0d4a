// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// relist writes the last CRL of an old CA with other entries, and gives its folder.
func relist(t *testing.T, entries ...x509.RevocationListEntry) string {
	t.Helper()
	return relisted(t, &x509.RevocationList{RevokedCertificateEntries: entries})
}

// relisted writes the last CRL of an old CA, and gives its folder.
func relisted(t *testing.T, list *x509.RevocationList) string {
	t.Helper()
	list.Number = big.NewInt(7)
	return signedLists(t, map[string]*x509.RevocationList{"last.crl": list})
}

// asOnceWritten writes the reason unspecified in the place of aACompromise and the
// GeneralizedTime of 2025 in the place of that of 2050, and signs again: no library
// writes them any more.
func asOnceWritten(t *testing.T, der []byte, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	var l struct {
		TBS, Algorithm asn1.RawValue
		Signature      asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &l); err != nil {
		t.Fatal(err)
	}
	l.TBS.FullBytes = bytes.ReplaceAll(l.TBS.FullBytes, []byte{10, 1, 10}, []byte{10, 1, 0})
	l.TBS.FullBytes = bytes.ReplaceAll(l.TBS.FullBytes, []byte("20500201000000Z"), []byte("20250201000000Z"))
	sum := sha512.Sum384(l.TBS.FullBytes)
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	l.Signature = asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}
	if der, err = asn1.Marshal(l); err != nil {
		t.Fatal(err)
	}
	return der
}

var (
	revokedIn2025 = time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC)
	held          = x509.RevocationListEntry{SerialNumber: big.NewInt(0x4a01), RevocationTime: revokedIn2025, ReasonCode: 6}
	superseded    = x509.RevocationListEntry{SerialNumber: big.NewInt(0x4a02), RevocationTime: revokedIn2025, ReasonCode: 4}
	dated         = x509.RevocationListEntry{SerialNumber: big.NewInt(0x4a03), RevocationTime: revokedIn2025, ReasonCode: 1,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 24}, Value: append([]byte{24, 15}, "20240101000000Z"...)}}}
	unreadable  = x509.RevocationListEntry{SerialNumber: big.NewInt(0x4a04), RevocationTime: revokedIn2025, ReasonCode: 7}
	unspecified = x509.RevocationListEntry{SerialNumber: big.NewInt(0x4a05), RevocationTime: revokedIn2025, ReasonCode: 10} // see asOnceWritten
)

// TestChange guards what a step says of entries of the previous CRL: each mistake is
// reported at its place, with the lines to write.
func TestChange(t *testing.T) {
	const was, why = "was: {date: 2025-02-01T00:00:00Z, reason: certificate-hold}, ", ", because: the card was found again"
	const of = `serial: "4a01", ` + was
	const superseding = `serial: "4a02", was: {date: 2025-02-01T00:00:00Z, reason: superseded}, `
	for _, c := range []struct{ name, change, want string }{
		{"a hold without a word", "", `previous: serial 4a01 is on hold in the previous CRL, and the step does not say whether it stays so (write under change: - {serial: "4a01", was: {date: 2025-02-01T00:00:00Z, reason: certificate-hold}, now: kept, because: WHY}, or now: released`},
		{"kept", of + "now: kept" + why, ""},
		{"in capitals", strings.Replace(of, "4a01", "4A01", 1) + "now: kept" + why, ""},
		{"released", of + "now: released" + why, ""},
		{"revoked", of + "now: {date: 2025-02-01T00:00:00Z, reason: superseded}" + why, ""},
		{"another date than it was", strings.Replace(of, "2025", "2024", 1) + "now: kept" + why, "change[0].was: the previous CRL says of serial 4a01: revoked 2025-02-01T00:00:00Z, certificate-hold (write was: {date: 2025-02-01T00:00:00Z, reason: certificate-hold})"},
		{"too short a reason", of + "now: kept, because: found", "change[0].because: the reason is too short"},
		{"no entry", strings.Replace(of, "4a01", "4a09", 1) + "now: kept" + why, "change[0]: the previous CRL has no entry for serial 4a09 to change"},
		{"twice", of + "now: kept" + why + "}, {" + of + "now: released" + why, "change[1]: duplicate change of the entry of serial 4a01"},
		{"neither certificate nor serial", was + "now: kept" + why, "change[0]: an entry needs exactly one of certificate: and serial:"},
		{"no serial number", `serial: "4a:01", ` + was + "now: kept" + why, `change[0].serial: "4a:01" is not a serial number in hexadecimal`},
		{"dropped without the certificate", of + "now: dropped" + why, "change[0].now: an entry is dropped with the certificate as proof"},
		{"answered online", of + "now: kept, status: online" + why, "change[0].status: status: is that of a certificate"},
		{"released, and never on hold", of + "now: kept" + why + "}, {" + superseding + "now: released" + why, "change[1].now: serial 4a02 is not on hold"},
		{"nothing changes", of + "now: kept" + why + "}, {" + superseding + "now: {date: 2025-02-01T00:00:00Z, reason: superseded}" + why, "change[1].now: the previous CRL says the same"},
		{"to another reason", of + "now: kept" + why + "}, {" + superseding + "now: {date: 2025-02-01T00:00:00Z, reason: privilege-withdrawn}" + why, "change[1]: old-crl: error: crl.continuity: serial 4a02 was"},
		{"invalid since", of + "now: kept" + why + "}, {" + superseding + "now: {date: 2025-02-01T00:00:00Z, reason: superseded, invalidity-date: 2024-02-01T00:00:00Z}" + why, ""},
		{"invalid later", of + "now: kept" + why + "}, {" + superseding + "now: {date: 2025-02-01T00:00:00Z, reason: superseded, invalidity-date: 2026-02-01T00:00:00Z}" + why, "invalidity-date: the invalidity date is after the revocation"},
		{"a date that cannot be written", strings.Replace(of, "2025", "1949", 1) + "now: {date: 1949-01-01T00:00:00Z, reason: superseded}" + why, "change[0].was.date: \"1949-02-01T00:00:00Z\" is before 1950"},
		{"an invalidity date is lost", of + "now: kept" + why + `}, {serial: "4a03", was: {date: 2025-02-01T00:00:00Z, reason: key-compromise, invalidity-date: 2024-01-01T00:00:00Z}, now: {date: 2025-01-01T00:00:00Z, reason: key-compromise}` + why, "change[1].now: the entry has an invalidityDate, which would be lost"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := relist(t, held, superseded, dated)
			if c.change != "" {
				ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), oneRevocation, oneRevocation+"    change: [{"+c.change+"}]\n")
			}
			got := problemsOf(t, folder)
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
			if strings.Contains(c.want, "before 1950") && strings.Count(got, "\n") != 1 { // was and now
				t.Errorf("a date that is refused is refused again: %q", got)
			}
		})
	}
}

// problemsOf plans the ceremony of a folder.
func problemsOf(t *testing.T, folder string) string {
	t.Helper()
	l, err := loadFolder(folder)
	if err != nil {
		return err.Error()
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) > 0 {
		return p.Problems.Error()
	}
	return ""
}

// TestReasonIsGiven guards an entry for a CA whose reason is unspecified: it is left out
// where nobody asks for one, and where the BRs do, the message has the line to write. One
// that cannot be read has to be replaced.
func TestReasonIsGiven(t *testing.T) {
	for _, c := range []struct {
		name, rules, change, want string
		entry                     x509.RevocationListEntry
	}{
		{"unspecified", "", "", "", unspecified},
		{"unspecified under the BRs", "cabf-tls", "", `serial 4a05 has no reasonCode`, unspecified},
		{"the line to write", "cabf-tls", "", `- {serial: "4a05", was: {date: 2025-02-01T00:00:00Z, reason: unspecified}, now: {date: 2025-02-01T00:00:00Z, reason: …}, because: WHY}`, unspecified},
		{"given", "cabf-tls", `serial: "4a05", was: {date: 2025-02-01T00:00:00Z, reason: unspecified}, now: {date: 2025-02-01T00:00:00Z, reason: superseded}, because: it was replaced by another one`, "", unspecified},
		{"unreadable", "", "", "the reasonCode of serial 4a04 in the previous CRL is none of RFC 5280 5.3.1", unreadable},
		{"unreadable, given", "", `serial: "4a04", was: {date: 2025-02-01T00:00:00Z, reason: unreadable}, now: {date: 2025-02-01T00:00:00Z, reason: superseded}, because: it was replaced by another one`, "", unreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := relist(t, c.entry)
			if c.change != "" {
				ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), oneRevocation, oneRevocation+"    change: [{"+c.change+"}]\n")
			}
			if c.rules != "" {
				ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "intent: private\n", "intent: tls-server\nrules: ["+c.rules+"]\nimplements: https://example.com/cps\n")
			}
			got := problemsOf(t, folder)
			if c.want == "" && strings.Contains(got, "reason") || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}
