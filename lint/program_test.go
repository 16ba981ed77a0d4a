// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// rootUntil makes a root like another, checked against Microsoft alone.
func rootUntil(t *testing.T, m *made, last string) *made {
	c := valid(aimed(m.obj.certificate(), profiles.TLSServer, PackMicrosoft), "2026-12-01T00:00:00Z", last)
	return certificate(t, c, key(t, algorithm.ECDSAP384, "root"), nil)
}

// MTRP 3.1.8 counts ten years from the submission since 2026-07-01, and asks
// for no minimum any more; what it said before holds for roots of that time.
func TestMicrosoftRoot(t *testing.T) {
	tests := []struct {
		name, last, submission, signed string
		want                           string // what the finding says; "" for none
	}{
		{name: "six years", last: "2032-11-30T23:59:59Z"},
		{name: "ten years", last: "2036-11-30T23:59:59Z"},
		{name: "a second more", last: "2036-12-01T00:00:00Z", want: "more than 10 years from notBefore 2026-12-01T00:00:00Z, which is used because no date of submission is given"},
		{name: "fifteen years", last: "2041-11-30T23:59:59Z", want: "no date of submission is given"},
		{name: "ten years and three months, submitted then", last: "2037-02-28T23:59:59Z", submission: "2027-03-01"},
		{name: "a second more, submitted then", last: "2037-03-01T00:00:00Z", submission: "2027-03-01", want: "more than 10 years from the submission on 2027-03-01"},
		{name: "submitted on the day of signing", last: "2036-11-30T23:59:59Z", submission: "2026-12-01"},
		{name: "submitted before the signing", last: "2036-11-30T23:59:59Z", submission: "2026-11-30", want: "before the signing"},
		{name: "signed on the last day of the old rule", last: "2041-11-30T23:59:59Z", signed: "2026-06-30"},
		{name: "six years by the old rule", last: "2032-11-30T23:59:59Z", signed: "2026-06-30", want: "not 8 to 25 years"},
		{name: "signed on the first day of the new rule", last: "2041-11-30T23:59:59Z", signed: "2026-07-01", want: "more than 10 years"},
	}
	l, root := newLinter(t), theRoot(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := rootUntil(t, root, test.last)
			m.ctx.Submission = day0(t, test.submission)
			if test.signed != "" {
				m.ctx.Signing = day0(t, test.signed)
			}
			got := ""
			for _, f := range m.check(l).Findings {
				if f.Rule == "prog.ms-root-validity" {
					got += string(f.Status) + " " + f.Details
				}
			}
			switch {
			case test.want == "" && got != "":
				t.Errorf("found %s", got)
			case test.want != "" && (strings.HasPrefix(got, "error ") != (test.submission != "") || !strings.Contains(got, test.want)):
				t.Errorf("found %q, want %q, an error where the submission is known", got, test.want)
			}
		})
	}
}

func day0(t *testing.T, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Both ends of what br-root allows, and what the examples take, raise nothing
// under the packs of all programs.
func TestRootForEveryPack(t *testing.T) {
	l, p := newLinter(t), builtIn(t, "br-root").(*profiles.CertificateProfile)
	for _, length := range []source.Span{{Days: 2922}, {Years: 9, Months: 6}, {Years: 10}} {
		v := values("br-root", "Root", 9)
		v.Validity.NotAfter.For = length
		c := bound[profiles.Certificate](t)(p.Bind(v))
		c.Purpose.Rules = []string{PackTLS, PackMozilla, PackChrome, PackApple, PackMicrosoft, PackCCADB}
		clean(t, l, certificate(t, c, key(t, algorithm.ECDSAP384, "builtin"), nil))
	}
}

// SBR 6.1.5 asks 4096 bits of the key that is certified since 2026-09-15: in
// roots, cross-certificates and requests too, and of old keys that are
// certified again. It says nothing of the key that signs, nor of responders.
func TestMailKeys(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	small := key(t, algorithm.RSA3072, "r1")
	root := aimed(rootProfile(t), profiles.SMIME, PackSMIME)
	root.Signature = algorithm.SHA384RSA
	mail := aimed(smimeProfile(t), profiles.SMIME, PackSMIME)
	cross := aimed(w.cross.obj.certificate(), profiles.SMIME, PackSMIME)
	by := certificate(t, root, small, nil)
	mail2 := *mail
	mail2.Signature = algorithm.SHA384RSA
	public := rsaSPKI(t, new(big.Int).SetBit(big.NewInt(1), 4095, 1), 65537) // as large as asked; nothing more
	large := edit(t, certificate(t, &mail2, small, by), by, func(p [][]byte) [][]byte { p[atKey] = public; return p })
	tests := []struct {
		name   string
		m      *made
		signed time.Time
		want   bool
	}{
		{"a root", certificate(t, root, small, nil), signing, true},
		{"a subordinate CA", certificate(t, mail, small, w.root), signing, true},
		{"the day before", certificate(t, mail, small, w.root), dateSMC017.Add(-time.Second), false},
		{"the day itself", certificate(t, mail, small, w.root), dateSMC017, true},
		{"a cross-certificate", certificate(t, cross, small, w.root), signing, true},
		{"EC", certificate(t, mail, key(t, algorithm.ECDSAP384, "mail"), w.root), signing, false},
		{"4096 bits under a root of 3072", large, signing, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.m.ctx.Signing = test.signed
			if r := test.m.check(l); found(r, "key.size-smime", Error) != test.want {
				t.Errorf("found %t, want %t:%s", !test.want, test.want, show(r))
			}
		})
	}
}
