// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// line is an entry of a CRL in one line of a table.
type line struct {
	date       string
	reason     profiles.Reason
	invalidity profiles.Moment
	other      string // DER of an extension of nobody
}

func (l line) entry(serial profiles.Serial) profiles.RevokedEntry {
	e := profiles.RevokedEntry{Serial: serial, Date: profiles.Moment(l.date), Reason: l.reason, InvalidityDate: l.invalidity, CarriedOver: true}
	if l.other != "" {
		e.Extensions = []profiles.EntryExtension{{OID: "1.2.3.4", DER: profiles.HexBytes(l.other)}}
	}
	return e
}

// TestEntriesStay guards what becomes of the entries of the previous CRL: they stay
// byte for byte, but for what the documents permit and the ceremony file declares.
func TestEntriesStay(t *testing.T) {
	w, l := newHierarchy(t), newLinter(t)
	serial := profiles.Serial(hexSerial(w.e1.cert.Serial))
	const may, june, july = "2027-05-01T00:00:00Z", "2027-06-01T09:00:00Z", "2027-07-01T00:00:00Z"
	var (
		plain   = line{date: june, reason: profiles.Superseded}
		held    = line{date: june, reason: profiles.CertificateHold}
		reasons = line{date: june}
		invalid = line{june, profiles.KeyCompromise, may, ""}
		strange = line{june, profiles.Superseded, "", "\x05\x00"}
		kept    = &profiles.Change{Why: "because it is like that", Item: 1}
	)
	private, subscribers := []string{PackRFC5280}, profiles.SubscriberCertificates
	for _, test := range []struct {
		name     string
		rules    []string
		covers   profiles.Scope
		was      line
		now      *line // nil: it is gone
		declared *profiles.Change
		gone     profiles.LeftOut
		want     string // what crl.continuity or crl.entry-reason says; "" for nothing
	}{
		{"as it was", private, "", strange, &strange, nil, "", ""},
		{"an extension is lost", private, "", strange, &plain, kept, "", "other extensions have to stay"},
		{"an invalidityDate is lost", private, "", invalid, &line{date: june, reason: profiles.KeyCompromise}, kept, "", "its invalidityDate is lost"},
		{"an invalidityDate without a word", private, "", plain, &line{june, profiles.Superseded, may, ""}, nil, "", "declare it"},
		{"an invalidityDate", private, "", plain, &line{june, profiles.Superseded, may, ""}, kept, "", ""},
		{"a reason where there was none", private, "", reasons, &plain, kept, "", ""},
		{"on hold, kept", private, "", held, &held, kept, "", ""},
		{"on hold, released", private, "", held, nil, nil, profiles.Released, ""},
		{"on hold, revoked", private, "", held, &line{date: july, reason: profiles.Superseded}, kept, "", ""},
		{"on hold, without a reason", private, "", held, &reasons, kept, "", "no longer on hold"},
		{"becomes held", private, "", plain, &held, kept, "", "may only become keyCompromise"},
		{"on hold under the BRs", []string{PackTLS}, "", held, &held, kept, "", "certificateHold is for private CAs"},
		{"released under the BRs", []string{PackTLS}, "", held, nil, nil, profiles.Released, "certificateHold is for private CAs"},
		{"revoked under the BRs", []string{PackTLS}, "", held, &plain, kept, "", ""},
		{"on hold under the SBRs", []string{PackSMIME}, "", held, &held, kept, "", "certificateHold is for private CAs"},
		{"on hold under the CSBRs", []string{PackCodeSigning}, subscribers, held, &held, kept, "", "certificateHold is for private CAs"},
		{"a subscriber on hold under the SBRs", []string{PackSMIME}, subscribers, held, &held, kept, "", "no policy of the Legacy or Multipurpose generation"},
		{"another date", private, "", plain, &line{date: may, reason: profiles.Superseded}, kept, "", "only for keyCompromise"},
		{"a date after its own CRL", private, "", line{date: "2027-07-02T00:00:00Z", reason: profiles.Superseded}, &plain, kept, "", ""},
		{"another date under the CSBRs", []string{PackCodeSigning}, "", plain, &line{date: may, reason: profiles.Superseded}, kept, "", ""},
		{"a later date under the CSBRs", []string{PackCodeSigning}, "", plain, &line{date: july, reason: profiles.Superseded}, kept, "", ""},
		{"gone without a word", private, "", plain, nil, nil, "", "declare it"},
		{"dropped before it expires", private, "", plain, nil, nil, profiles.Dropped, "until one CRL after 2029"},
		{"dropped before it expires, under the CSBRs", []string{PackCodeSigning}, "", plain, nil, nil, profiles.Dropped, "ten years after"},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := crlProfile(t, "crl-2", 2, test.was.entry(serial))
			next := crlProfile(t, "crl-3", 3)
			next.Purpose.Rules = test.rules
			if test.covers != "" {
				next.Covers = test.covers
			}
			if test.now != nil {
				e := test.now.entry(serial)
				e.Change = test.declared
				next.Entries = append(next.Entries, e)
			}
			if test.gone != "" {
				next.LeftOut = append(next.LeftOut, profiles.LeftOutEntry{Serial: serial, How: test.gone, Item: 1})
			}
			m := revocationList(t, next, w.root, date("2028-01-01T00:00:00Z"))
			m.ctx.First, m.ctx.Previous = false, revocationList(t, before, w.root, date(july)).crl
			m.ctx.Revoked = map[string]*inspect.Certificate{string(serial): w.e1.cert}
			got := ""
			for _, f := range m.check(l).Findings {
				if f.Rule == "crl.continuity" || f.Rule == "crl.entry-reason" {
					got += f.Rule + " " + f.Details + "\n"
				}
			}
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

// TestOneOfSeveral guards a certificate that the previous CRL lists more than once: an
// entry of it, or the date of one with the reason of another, may stay, and where that
// loses a graver reason, people are told.
func TestOneOfSeveral(t *testing.T) {
	w, l := newHierarchy(t), newLinter(t)
	serial := profiles.Serial(hexSerial(w.e1.cert.Serial))
	const april, may, june, july = "2027-04-01T00:00:00Z", "2027-05-01T00:00:00Z", "2027-06-01T09:00:00Z", "2027-07-01T00:00:00Z"
	hold, other, none, strange := line{date: may, reason: profiles.CertificateHold}, line{date: june, reason: profiles.Superseded}, line{date: june}, line{june, profiles.Superseded, "", "\x05\x00"}
	invalid := line{june, profiles.KeyCompromise, april, ""}
	for _, test := range []struct {
		name string
		a, b line
		now  line
		want string
	}{
		{"the later one", hold, other, other, ""},
		{"the reason of one and the date of another", hold, other, line{date: may, reason: profiles.Superseded}, ""},
		{"no reason, with the date of another", hold, none, line{date: may}, ""},
		{"a reason of neither", hold, none, line{date: may, reason: profiles.Superseded}, "error only for keyCompromise"},
		{"a date of neither", hold, other, line{date: april, reason: profiles.Superseded}, "error only for keyCompromise"},
		{"an extension is lost", hold, strange, line{date: may, reason: profiles.Superseded}, "error other extensions"},
		{"an extension stays", hold, strange, line{may, profiles.Superseded, "", "\x05\x00"}, ""},
		{"an invalidityDate is lost", hold, invalid, line{date: may, reason: profiles.KeyCompromise}, "error its invalidityDate is lost"},
		{"an invalidityDate stays", hold, invalid, line{may, profiles.KeyCompromise, april, ""}, ""},
		{"the hold", hold, other, hold, "notice for superseded, too, and is now revoked on " + may + " for certificateHold: keep the graver"},
		{"no compromise", line{date: may, reason: profiles.KeyCompromise}, other, other, "notice keep the graver"},
		{"no reason", other, line{date: may}, line{date: may}, "notice keep the graver"},
		{"a hold, where the other has no reason", hold, none, hold, "notice keep the graver"},
		{"two of a kind", other, line{date: may, reason: profiles.PrivilegeWithdrawn}, other, ""},
	} {
		list := func(id string, e line) *inspect.RevocationList {
			return revocationList(t, crlProfile(t, id, 2, e.entry(serial)), w.root, date(july)).crl
		}
		before := *list("crl-2", test.a)
		before.Entries = append(slices.Clone(before.Entries), list("crl-2", test.b).Entries...)
		e := test.now.entry(serial)
		e.Change = &profiles.Change{Why: "because it is like that", Item: 1}
		next := crlProfile(t, "crl-3", 3, e)
		next.Purpose.Rules = []string{PackRFC5280}
		m := revocationList(t, next, w.root, date("2028-01-01T00:00:00Z"))
		m.ctx.First, m.ctx.Previous = false, &before
		m.ctx.Revoked = map[string]*inspect.Certificate{string(serial): w.e1.cert}
		got := ""
		r := m.check(l)
		for _, f := range slices.Concat(r.Findings, r.Notices()) {
			if f.Rule == "crl.continuity" && !strings.Contains(f.Details, "lists more than once") {
				got += string(f.Status) + " " + f.Details + "\n"
			}
		}
		status, text, _ := strings.Cut(test.want, " ")
		if test.want == "" && got != "" || !strings.Contains(got, status) || !strings.Contains(got, text) {
			t.Errorf("%s: found %q, want %q", test.name, got, test.want)
		}
	}
}

// TestHoldable guards SBR 7.2.2: which S/MIME certificates may be on hold.
func TestHoldable(t *testing.T) {
	for _, test := range []struct {
		policies string
		want     bool
	}{
		{"2.23.140.1.5.1.1", true}, {"2.23.140.1.5.4.2", true}, {"2.23.140.1.5.2.3", false}, {"2.23.140.1.2.1", false}, {"", false},
		{"1.2.3 2.23.140.1.5.3.1", true}, {"2.23.140.1.5.3.1 2.23.140.1.5.3.3", false},
	} {
		if got := holdable(strings.Fields(test.policies)); got != test.want {
			t.Errorf("%q: %t", test.policies, got)
		}
	}
}

// signedOtherwise gives a certificate that claims ecdsa-with-SHA224, which nothing here
// computes, with another key identifier of its issuer where that is given.
func signedOtherwise(t *testing.T, c *inspect.Certificate, keyID []byte) *inspect.Certificate {
	t.Helper()
	known, other := []byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3}, []byte{0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1}
	raw := bytes.ReplaceAll(c.Raw, known, other)
	if id, _, err := c.AuthorityKeyID(); keyID != nil && err == nil {
		raw = bytes.ReplaceAll(raw, id.KeyID, keyID)
	}
	out, err := inspect.ParseCertificate(raw)
	if err != nil || bytes.Equal(out.Raw, c.Raw) {
		t.Fatalf("%v; changed: %t", err, !bytes.Equal(out.Raw, c.Raw))
	}
	return out
}

// TestDropped guards which entries of expired certificates may go: under the CSBRs after
// ten years, and nowhere by the certificate of another CA that has the same number.
func TestDropped(t *testing.T) {
	w, l := newHierarchy(t), newLinter(t)
	expired := w.e1.cert.NotAfter
	serial := profiles.Serial(hexSerial(w.e1.cert.Serial))
	byItself := *w.e1.cert
	byItself.RawIssuer, byItself.Issuer = byItself.RawSubject, byItself.Subject
	forged := *w.e1.cert
	forged.Signature = slices.Clone(forged.Signature)
	forged.Signature[len(forged.Signature)-1] ^= 1
	for _, test := range []struct {
		name  string
		rules []string
		proof *inspect.Certificate
		years int // since it expired
		want  string
	}{
		{"a year later", []string{PackRFC5280}, w.e1.cert, 1, ""},
		{"a year later, under the CSBRs", []string{PackCodeSigning}, w.e1.cert, 1, "ten years after"},
		{"nine years later, under the CSBRs", []string{PackCodeSigning}, w.e1.cert, 9, "ten years after"},
		{"eleven years later, under the CSBRs", []string{PackCodeSigning}, w.e1.cert, 11, ""},
		{"by the certificate of another CA", []string{PackRFC5280}, &byItself, 1, "was issued by"},
		{"by a forged certificate", []string{PackRFC5280}, &forged, 1, "signature does not verify"},
		{"by one whose signature nothing computes", []string{PackRFC5280}, signedOtherwise(t, w.e1.cert, nil), 1, "notice crl.continuity: serial " + string(serial) + ": that this CA signed"},
	} {
		at := expired.AddDate(test.years, 1, 0)
		next := crlProfile(t, "crl-3", 3)
		next.Purpose.Rules = test.rules
		next.LeftOut = []profiles.LeftOutEntry{{Serial: serial, How: profiles.Dropped, Item: 1}}
		m := revocationList(t, next, w.root, at)
		before := crlProfile(t, "crl-2", 2, line{date: "2027-06-01T09:00:00Z", reason: profiles.Superseded}.entry(serial))
		m.ctx.First, m.ctx.Previous = false, revocationList(t, before, w.root, expired.AddDate(0, 1, 0)).crl
		m.ctx.Revoked = map[string]*inspect.Certificate{string(serial): test.proof}
		got := ""
		for _, f := range m.check(l).Findings {
			if f.Rule == "crl.continuity" {
				got += string(f.Status) + " " + f.Rule + ": " + f.Details + "\n"
			}
		}
		if test.want == "" && got != "" || !strings.Contains(got, test.want) {
			t.Errorf("%s: found %q, want %q", test.name, got, test.want)
		}
	}
}
