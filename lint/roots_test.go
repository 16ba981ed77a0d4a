// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

var showRoots = flag.Bool("show-roots", false, "print what is found on the roots of Debian")

// debianRoots reads the bundle, with the names of its files.
func debianRoots(t *testing.T) (names []string, ders [][]byte) {
	t.Helper()
	data, err := os.ReadFile("testdata/roots.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		if name, ok := strings.CutPrefix(line, "# "); ok {
			names = append(names, name)
		}
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		ders = append(ders, block.Bytes)
	}
	if len(names) != len(ders) {
		t.Fatalf("%d names, %d certificates", len(names), len(ders))
	}
	return names, ders
}

// asFound declares a root to be what it is, for a private PKI.
func asFound(t *testing.T, name string, der []byte) (Object, Context) {
	t.Helper()
	c, err := inspect.ParseCertificate(der)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	declared := &profiles.Certificate{
		Artifact: name, Kind: profiles.RootCA, Subject: profiles.Name{DER: c.RawSubject},
		SerialOctets: c.Serial.BitLen()/8 + 1, Signature: algorithm.SHA256RSA,
		Validity: profiles.Validity{
			NotBefore: profiles.FixedMoment(c.NotBefore.Time), NotAfter: profiles.End{Time: profiles.FixedMoment(c.NotAfter.Time)},
		},
		Purpose: profiles.Purpose{Intent: profiles.Private, OCSP: ocspNone, Rules: []string{PackRFC5280}},
	}
	for _, e := range c.Extensions {
		declared.Extensions = append(declared.Extensions, profiles.Extension{
			Name: ext.NameRaw, Critical: e.Critical, Value: ext.Raw{OID: profiles.OID(e.OID.String()), DER: e.Value},
		})
	}
	return Object{Artifact: name, Declared: declared},
		Context{Signing: c.NotBefore.Time, IssuerKey: c.RawSPKI, Siblings: []Sibling{}}
}

// knownRoots reads the findings that were looked at and are true: fingerprint
// and rule.
func knownRoots(t *testing.T) map[string]bool {
	t.Helper()
	f, err := os.Open("testdata/roots.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	known := map[string]bool{}
	for s := bufio.NewScanner(f); s.Scan(); {
		line, _, _ := strings.Cut(s.Text(), "#")
		if fields := strings.Fields(line); len(fields) == 2 {
			known[fields[0]+" "+fields[1]] = true
		}
	}
	return known
}

// Real roots, checked as a private PKI on the day they were made, have the
// findings that were looked at one by one, and no others. Rules that compare
// with a profile are left out: there is none.
func TestDebianRoots(t *testing.T) {
	l, err := New(Options{KeyLints: true})
	if err != nil {
		t.Fatal(err)
	}
	known := knownRoots(t)
	names, ders := debianRoots(t)
	if len(ders) < 140 {
		t.Errorf("%d roots", len(ders))
	}
	clean := 0
	for i, der := range ders {
		obj, ctx := asFound(t, names[i], der)
		r := l.Check(obj, ctx, der)
		sum := sha256.Sum256(der)
		found := slices.DeleteFunc(r.Blocking(), func(f Finding) bool { return comparesWithProfile(f.Rule) })
		if len(found) == 0 {
			clean++
		}
		for _, f := range found {
			id := hex.EncodeToString(sum[:]) + " " + f.Rule
			if *showRoots {
				fmt.Printf("%s # %s, %s: %s %s\n", id, names[i], ctx.Signing.Format("2006"), f.Status, f.Details)
			}
			if !known[id] && !*showRoots {
				t.Errorf("%s # %s: %s %s", id, names[i], f.Status, f.Details)
			}
			known[id+" seen"] = true
		}
	}
	for id := range known {
		if !strings.HasSuffix(id, "seen") && !known[id+" seen"] {
			t.Errorf("no longer found: %s", id)
		}
	}
	t.Logf("%d roots, %d without a finding", len(ders), clean)
}
