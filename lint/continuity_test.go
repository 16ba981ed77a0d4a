// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
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
