// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
)

// changing adds changes to the ceremony of a folder.
func changing(t *testing.T, folder string, items ...string) string {
	t.Helper()
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), oneRevocation, oneRevocation+"    change:\n      - {"+strings.Join(items, "}\n      - {")+"}\n")
	return folder
}

// told gives what the plan on the screen and the script say, without line breaks.
func told(t *testing.T, folder string) map[string]string {
	t.Helper()
	p := ceremonytest.Preview(t, folder)
	var screen bytes.Buffer
	if err := p.Write(&screen); err != nil {
		t.Fatal(err)
	}
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"screen": strings.Join(strings.Fields(screen.String()), " "), "script": strings.Join(strings.Fields(string(script)), " ")}
}

// tells fails unless screen and script say everything.
func tells(t *testing.T, folder string, want ...string) {
	t.Helper()
	for name, text := range told(t, folder) {
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %q", name, w)
			}
		}
	}
}

// says fails unless the screen says everything.
func says(t *testing.T, folder string, want ...string) {
	t.Helper()
	wantsAll(t, "screen", told(t, folder)["screen"], want...)
}

// again is an entry with the serial number of another one.
func again(e x509.RevocationListEntry, year, reason int) x509.RevocationListEntry {
	e.RevocationTime, e.ReasonCode = time.Date(year, 2, 1, 0, 0, 0, 0, time.UTC), reason
	return e
}

// TestListedTwice guards a CA whose last CRL lists a certificate twice: it gets its next
// one, which lists it once, and where the two differ, people say which is right.
func TestListedTwice(t *testing.T) {
	t.Parallel()
	earlier := again(superseded, 2024, 1)
	const old, older = "was: {date: 2025-02-01T00:00:00Z, reason: superseded}", "was: {date: 2024-02-01T00:00:00Z, reason: key-compromise}"
	const why = ", because: the records of that year have it so"
	says(t, relist(t, superseded, superseded), "notice: crl.continuity: serial numbers that the previous CRL lists more than once: 1")
	tells(t, relist(t, superseded, superseded, superseded), "2: 1 new, 1 carried over; 2 of the previous CRL left out",
		"repeated: 2 entries: serial 4a02, 4a02 (the previous CRL has the same entry more than once")
	wantsAll(t, "without a word", problemsOf(t, relist(t, superseded, earlier)),
		"previous: the previous CRL lists serial 4a02 2 times, and not the same: revoked 2025-02-01T00:00:00Z, superseded; revoked 2024-02-01T00:00:00Z, key-compromise",
		`write under change: - {serial: "4a02", `+older+`, now: kept, because: WHY}, so that no reason and no time is lost; or, if the CA knows that only one is right, - {serial: "4a02", `+old+`, now: kept`)
	wantsAll(t, "neither", problemsOf(t, changing(t, relist(t, superseded, earlier), `serial: "4a02", `+strings.Replace(old, "2025", "2023", 1)+", now: kept"+why)),
		"write "+old+", or "+older)
	tells(t, changing(t, relist(t, superseded, earlier), `serial: "4a02", `+older+", now: kept"+why),
		"stays: 4a02, revoked 2024-02-01T00:00:00Z, key-compromise", "repeated: 4a02 (was revoked 2025-02-01T00:00:00Z, superseded; because: the records")
	less := changing(t, relist(t, superseded, earlier), `serial: "4a02", `+old+", now: kept"+why)
	tells(t, less, "stays: 4a02, revoked 2025-02-01T00:00:00Z, superseded", "the reason is graver than that of the entry that stays")
	says(t, less, "notice: crl.continuity: serial 4a02 was revoked on 2024-02-01T00:00:00Z for keyCompromise, too, and is now revoked on 2025-02-01T00:00:00Z for superseded: keep the graver reason")
	tells(t, changing(t, relist(t, superseded, earlier), `serial: "4a02", `+old+", now: {date: 2023-02-01T00:00:00Z, reason: key-compromise}"+why),
		"changed: 4a02, revoked 2023-02-01T00:00:00Z, key-compromise (was revoked 2025-02-01T00:00:00Z, superseded", "repeated: 4a02 (was revoked 2024-02-01T00:00:00Z, key-compromise")
	wantsAll(t, "released, though revoked", problemsOf(t, changing(t, relist(t, held, again(held, 2024, 4)), `serial: "4a01", was: {date: 2025-02-01T00:00:00Z, reason: certificate-hold}, now: released`+why)),
		"crl.continuity: serial 4a01 was in the previous CRL and is missing")
}

// TestNothingLostOfTwo guards a certificate that the last CRL lists twice, where nobody
// knows which entry is right: the line to write has the gravest reason with the earliest
// date, so that no compromise becomes a hold, which the next CRL could release.
func TestNothingLostOfTwo(t *testing.T) {
	t.Parallel()
	since := dated
	since.SerialNumber, since.RevocationTime = held.SerialNumber, time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, want, others string
		entries            []x509.RevocationListEntry
	}{
		{"a hold and a compromise", "2026-02-01T00:00:00Z, reason: key-compromise}, now: {date: 2025-02-01T00:00:00Z, reason: key-compromise}", "2026-02-01T00:00:00Z, reason: key-compromise}, now: kept", []x509.RevocationListEntry{held, again(held, 2026, 1)}},
		{"a hold and another reason", "2026-02-01T00:00:00Z, reason: superseded}, now: {date: 2025-02-01T00:00:00Z, reason: superseded}", "2026-02-01T00:00:00Z, reason: superseded}, now: kept", []x509.RevocationListEntry{again(held, 2026, 4), held}},
		{"a hold and no reason", "2026-02-01T00:00:00Z, reason: none}, now: {date: 2025-02-01T00:00:00Z, reason: none}", "2026-02-01T00:00:00Z, reason: none}, now: kept", []x509.RevocationListEntry{held, again(held, 2026, 0)}},
		{"three", "2025-02-01T00:00:00Z, reason: key-compromise}, now: {date: 2023-02-01T00:00:00Z, reason: key-compromise}", "2024-02-01T00:00:00Z, reason: superseded}, now: kept", []x509.RevocationListEntry{again(held, 2023, 6), again(held, 2024, 4), again(held, 2025, 1)}},
		{"an invalidity date", "2026-02-01T00:00:00Z, reason: key-compromise, invalidity-date: 2024-01-01T00:00:00Z}, now: {date: 2025-02-01T00:00:00Z, reason: key-compromise, invalidity-date: 2024-01-01T00:00:00Z}", "if the CA knows", []x509.RevocationListEntry{held, since}},
		{"two holds", "2025-02-01T00:00:00Z, reason: certificate-hold}, now: kept", "2026-02-01T00:00:00Z, reason: certificate-hold}, now: kept", []x509.RevocationListEntry{again(held, 2026, 6), held}},
	} {
		got := problemsOf(t, relist(t, c.entries...))
		line := `serial: "4a01", was: {date: ` + c.want
		wantsAll(t, c.name, got, "write under change: - {"+line, c.others)
		if strings.Contains(got, "certificate-hold}, now: kept") && c.name != "two holds" {
			t.Errorf("%s: the hold is offered: %s", c.name, got)
		}
		if got := problemsOf(t, changing(t, relist(t, c.entries...), line+", because: nobody knows which of them is right")); got != "" {
			t.Errorf("%s: the line to write is refused: %s", c.name, got)
		}
	}
}

// TestDatedLater guards a CA whose last CRL has an entry of a day that has not come: the
// message has the line that corrects it, and that is taken.
func TestDatedLater(t *testing.T) {
	t.Parallel()
	const line = `{serial: "4a02", was: {date: 2029-02-01T00:00:00Z, reason: superseded}, now: {date: `
	wantsAll(t, "as it was", problemsOf(t, relist(t, again(superseded, 2029, 4))), "write under change: - "+line+"…, reason: superseded}, because: WHY}")
	if got := problemsOf(t, changing(t, relist(t, again(superseded, 2029, 4)), line[1:]+"2026-02-01T00:00:00Z, reason: superseded}, because: the year was mistyped in that list")); got != "" {
		t.Error(got)
	}
}

// TestOldEntriesInFull guards what people approve of an entry that goes or changes: all
// that it says.
func TestOldEntriesInFull(t *testing.T) {
	t.Parallel()
	card := held
	card.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 23}, Value: []byte{6, 2, 42, 3}}, {Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Value: []byte{5, 0}}}
	const was = `serial: "4a01", was: {date: 2025-02-01T00:00:00Z, reason: certificate-hold}, because: the card was found again, now: `
	const said = "was revoked 2025-02-01T00:00:00Z, certificate-hold, holdInstructionCode 06022a03, 1.2.3.4 0500"
	tells(t, changing(t, relist(t, card), was+"released"), "released: 4a01 ("+said)
	tells(t, changing(t, relist(t, card), was+"{date: 2025-02-01T00:00:00Z, reason: superseded}"), "changed: 4a01, revoked 2025-02-01T00:00:00Z, superseded, 1.2.3.4 0500 ("+said)
}

// TestLastCRLInFull guards what the last CRL has and the next one has not: its own
// extensions, and serial numbers that nobody would look for among thousands.
func TestLastCRLInFull(t *testing.T) {
	t.Parallel()
	list := &x509.RevocationList{ExtraExtensions: []pkix.Extension{
		{Id: asn1.ObjectIdentifier{2, 5, 29, 18}, Value: []byte{0x30, 4, 0x82, 2, 'a', 'b'}},
		{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Value: append([]byte{4, 100}, make([]byte, 100)...)},
	}}
	for _, serial := range []*big.Int{big.NewInt(-77), big.NewInt(0), new(big.Int).Lsh(big.NewInt(1), 159), new(big.Int).Lsh(big.NewInt(1), 158)} {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: serial, RevocationTime: revokedIn2025, ReasonCode: 4})
	}
	folder := relisted(t, list)
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), oneRevocation, oneRevocation+"    revoke-from: {csv: list.csv}\n")
	write(t, filepath.Join(folder, "list.csv"), "serial,date,reason\n-4e,2027-02-01T00:00:00Z,none\n4e,2027-02-01T00:00:00Z,none\n")
	says(t, folder, "notice: crl.continuity: extensions of the previous CRL that this one does not have as they were: issuerAltName (2.5.29.18) 300482026162; 1.2.3.4 0464"+strings.Repeat("00", 100)+"; a profile can list each",
		"as raw: {oid: OID, der: HEX}")
	tells(t, folder, "its extension issuerAltName (2.5.29.18) 300482026162 is not in this one", "its extension 1.2.3.4 0464", "carried over: -4d, a negative serial number", "carried over: 0, the serial number zero",
		"carried over: 80"+strings.Repeat("0", 38)+", a serial number of 21 octets", "in the list: -4e, a negative serial number")
	for name, text := range told(t, folder) {
		if strings.Contains(text, "carried over: 40") || strings.Contains(text, "in the list: 4e") {
			t.Errorf("%s calls a usual serial number unusual", name)
		}
	}
	ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "  - crl-number\n", "  - crl-number\n  - raw: {oid: 2.5.29.18, der: 300482026162}\n")
	for name, text := range told(t, folder) {
		if strings.Contains(text, "issuerAltName (2.5.29.18) 3004") || !strings.Contains(text, "its extension 1.2.3.4") {
			t.Errorf("%s calls an extension lost that the profile has", name)
		}
	}
}

// TestRefusedOnce guards who reads the errors of a plan: a last CRL that is refused, or a
// mistake in it, is one error, and no change is called wrong because of it.
func TestRefusedOnce(t *testing.T) {
	t.Parallel()
	change := `serial: "4a02", was: {date: 2025-02-01T00:00:00Z, reason: superseded}, now: {date: 2024-02-01T00:00:00Z, reason: key-compromise}, because: the key was found in a dump`
	critical := &x509.RevocationList{RevokedCertificateEntries: []x509.RevocationListEntry{superseded},
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}}
	long := superseded
	long.SerialNumber = new(big.Int).Lsh(big.NewInt(1), 8*64)
	for name, c := range map[string]struct{ folder, want string }{
		"a critical extension":     {changing(t, relisted(t, critical), change), "critical extension 1.2.3.4"},
		"a reason of nobody":       {relist(t, unreadable), "the reasonCode of serial 4a04"},
		"a serial number too long": {relist(t, long), "previous: the previous CRL lists a serial number of 65 octets; at most 64 are read"},
	} {
		if got := problemsOf(t, c.folder); !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestHintOnce guards who reads a plan with many entries that lack the same: what to
// write is said once.
func TestHintOnce(t *testing.T) {
	t.Parallel()
	entries := []x509.RevocationListEntry{again(held, 2025, 0), again(superseded, 2025, 0), again(dated, 2025, 0)}
	folder := relist(t, entries...)
	ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "intent: private\n", "intent: tls-server\nrules: [cabf-tls]\nimplements: https://example.com/cps\n")
	got := problemsOf(t, folder)
	if strings.Count(got, "has no reasonCode") != 3 || strings.Count(got, `serial: "4a01"`) != 1 {
		t.Error(got)
	}
}

// TestLongDates guards a CA whose tool wrote the dates of entries as GeneralizedTime: the
// next CRL says the same in the form that RFC 5280 5.1.2.6 has, and people are told.
func TestLongDates(t *testing.T) {
	t.Parallel()
	folder := relist(t, again(superseded, 2050, 4), again(unspecified, 2050, 10)) // see asOnceWritten
	tells(t, folder, "changed by rule: serial 4a02 (dates before 2050 are written as UTCTime", "2 changed")
	says(t, folder, "notice: crl.continuity: entries of the previous CRL whose date is a GeneralizedTime before 2050: 1", "with the reasonCode unspecified: 1")
	crl, err := x509.ParseRevocationList(ceremonytest.Preview(t, folder).Specimens.DER("old-crl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range crl.RevokedCertificateEntries {
		if e.SerialNumber.Int64() == 0x4a02 && (e.ReasonCode != 4 || !e.RevocationTime.Equal(revokedIn2025)) {
			t.Errorf("the entry is now %v for %d", e.RevocationTime, e.ReasonCode)
		}
	}
}
