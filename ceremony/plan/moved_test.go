// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// TestMovedPart guards relying parties of a CA that publishes its CRL in parts: plan says
// which URLs of before nobody serves any more, whatever else is among the inputs, and says
// nothing where they are still served.
func TestMovedPart(t *testing.T) {
	t.Parallel()
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Root", "subjectKeyIdentifier = hash\n")
	const usual, from, to = "authorityKeyIdentifier = keyid\n", "20261001000000Z", "20261231000000Z"
	at := func(name string) string {
		return "URI:http://old.example.com/" + name + ".crl"
	}
	ca.Certificate("sub", "5555", usual+"subjectKeyIdentifier = hash\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\ncrlDistributionPoints = "+at("1")+"\n")
	ca.Certificate("new", "6666", usual+"subjectKeyIdentifier = hash\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\ncrlDistributionPoints = "+strings.Replace(at("1"), "old", "new", 1)+"\n")
	point := func(name string) string {
		return "issuingDistributionPoint = critical, @idp\n[idp]\nfullname = " + at(name) + "\n"
	}
	ca.CRL("base", "07", from, to, usual+point("1"), "AAAA")
	ca.CRL("other", "07", from, to, usual+point("2"), "BBBB")
	ca.CRL("ended", "07", from, "20261101000000Z", usual+point("2"), "BBBB")
	ca.Write("crl.yaml", adcsProfile+"  - issuing-distribution-point: {critical: true, url: issuer}\n")
	ca.Write("both.yaml", adcsProfile+"  - issuing-distribution-point: {critical: true, url: [http://new.example.com/1.crl, http://old.example.com/1.crl]}\n")
	text := strings.NewReplacer("delta: {file: delta.crl, kind: crl}", "more: {file: new.pem, kind: certificate}", "http://pki.example.com/Root.crl", "http://new.example.com/1.crl").Replace(adcs)
	const moved = "the crl-url of root is http://new.example.com/1.crl, but what it has signed before points to "
	for _, c := range []struct {
		name, from, by, want string
	}{
		{"with certificates of both", "", "", moved + "http://old.example.com/1.crl: relying"},
		{"the last CRL alone", "  sub:   {file: sub.pem, kind: certificate}\n", "", moved + "http://old.example.com/1.crl: relying"},
		{"beside another part", "more: {", "other: {file: other.crl, kind: crl}\n  more: {", moved + "http://old.example.com/1.crl: relying"},
		{"beside another part that has ended", "more: {", "other: {file: ended.crl, kind: crl}\n  more: {", moved + "http://old.example.com/1.crl, http://old.example.com/2.crl: relying"},
		{"under both", `"http://new.example.com/1.crl"`, "[http://new.example.com/1.crl, http://old.example.com/1.crl]", ""},
		{"under both, by the profile", "crl.yaml", "both.yaml", ""},
	} {
		changed := strings.Replace(text, c.from, c.by, 1)
		if c.from != "" && !strings.Contains(text, c.from) {
			t.Fatal(c.name)
		}
		changed, _, _ = strings.Cut(changed, "    revoke:")
		l, err := plan.Load("ceremony.yaml", []byte(changed), plan.Disk{Folder: ca.Folder})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := ""
		for _, w := range l.WarningTexts() {
			if strings.Contains(w, "signed before") {
				got += w
			}
		}
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q lacks %q", c.name, got, c.want)
		}
	}
}
