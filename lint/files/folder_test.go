// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bufio"
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// verdicts are the findings of a target that count, a line each: fingerprint, level,
// rule and clause, with the message as the reason.
func verdicts(target *format.Target) (out []string) {
	for _, f := range target.Findings {
		if f.Counts() {
			out = append(out, fmt.Sprintf("%s %s %s (%s) # %s", target.SHA256, f.Level, f.Rule, oneLine(f.Citation), oneLine(f.Message)))
		}
	}
	return out
}

// oneLine keeps a line of the golden list on its line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// systemRoots are the roots of Debian's package ca-certificates, a file each.
func systemRoots(t *testing.T) (out []File) {
	t.Helper()
	data, err := os.ReadFile("../testdata/roots.pem")
	if err != nil {
		t.Fatal(err)
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		out = append(out, File{Name: fmt.Sprintf("%03d.der", len(out)), Data: block.Bytes, Named: true})
	}
	return out
}

// Roots that programs trust have, each at its own date and below the documents for TLS,
// exactly the findings of a list that was looked at; none of them is by a rule that is
// younger than the root, and all in one folder raise nothing else.
func TestSystemRoots(t *testing.T) {
	l := newLinter(t, Options{Scope: []profiles.RootScope{profiles.ScopeTLS}})
	files := systemRoots(t)
	var alone, together []string
	for _, f := range files {
		r, err := l.Check(t.Context(), []File{f})
		if err != nil {
			t.Fatal(err)
		}
		alone = append(alone, verdicts(&r.Targets[0])...)
		since := parsed(t, f.Data).NotBefore.Time
		for _, x := range r.Targets[0].Findings {
			if rule, ok := l.ruleOf(x.Rule); ok && x.Counts() && rule.FromFor(packsTLS).After(since) {
				t.Errorf("%s of %s is younger than a root of %s", x.Rule, rule.From, since)
			}
		}
	}
	r, err := l.Check(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Targets {
		together = append(together, verdicts(&r.Targets[i])...)
	}
	if !slices.Equal(alone, together) {
		t.Errorf("in one folder: %d findings, one by one %d", len(together), len(alone))
		for _, line := range together {
			if !slices.Contains(alone, line) {
				t.Error("only in the folder: " + line)
			}
		}
	}
	golden(t, "testdata/roots.txt", alone)
}

// golden compares lines with those of a file.
func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		want = append(want, s.Text())
	}
	for _, line := range lines {
		if !slices.Contains(want, line) {
			t.Errorf("new: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(lines, line) {
			t.Errorf("no longer found: %s", line)
		}
	}
}

// published is what a CA may have in one folder: a root, a cross-certificate for it by
// an older root, a renewal of it, and CAs below.
func published(t *testing.T) []File {
	t.Helper()
	oldKey, newKey1, subKey := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	old := issue(t, "br-root", "FAKE Old Root", oldKey, oldKey, nil, nil)
	root := issue(t, "br-root", "FAKE Root", newKey1, newKey1, nil, nil)
	renewed := issue(t, "br-root", "FAKE Root", newKey1, newKey1, nil, func(c *profiles.Certificate) { c.SerialOctets = 17 })
	cross := issue(t, "tls-issuing-ca", "FAKE Root", newKey1, oldKey, parsed(t, old), func(c *profiles.Certificate) {
		c.Subject = profiles.Name{DER: parsed(t, root).RawSubject}
		c.Extensions = slices.Clone(c.Extensions)
		c.Extensions[2].Value = ext.BasicConstraints{CA: true}
	})
	sub := issue(t, "tls-issuing-ca", "FAKE CA", subKey, newKey1, parsed(t, root), nil)
	rekeyed := issue(t, "tls-issuing-ca", "FAKE CA", newKey(t, algorithm.ECDSAP384), newKey1, parsed(t, root), func(c *profiles.Certificate) { c.SerialOctets = 18 })
	var out []File
	for i, der := range [][]byte{old, root, renewed, cross, sub, rekeyed} {
		out = append(out, File{Name: fmt.Sprintf("%d.der", i), Data: der, Named: true})
	}
	return out
}

// A folder that a CA published raises nothing that its objects, each with its issuer,
// do not raise: a cross-certificate, a renewal and a new key are no contradictions. That
// the new key has the name of the old one is against BR 7.1.2.10.2 alone, which is SHOULD.
func TestPublishedFolder(t *testing.T) {
	files := published(t)
	var issuers []*inspect.Certificate
	for _, f := range files {
		issuers = append(issuers, parsed(t, f.Data))
	}
	scope := []profiles.RootScope{profiles.ScopeTLS}
	folder, text := check(t, newLinter(t, Options{Scope: scope, Rules: []string{lint.PackTLS}}), files...)
	for i, f := range files {
		l := newLinter(t, Options{Scope: scope, Rules: []string{lint.PackTLS}, Issuers: issuers})
		one, _ := check(t, l, f)
		for _, rule := range rules(&folder.Targets[i]) {
			if rekeyed := i >= 4 && rule == "set.subject-unique"; !rekeyed && !slices.Contains(rules(&one.Targets[0]), rule) {
				t.Errorf("%s: %s is found in the folder alone:\n%s", f.Name, rule, text)
			}
		}
	}
}

// Among many certificates the issuer is the one under which an object verifies, by name,
// key identifier and signature; where one has name and identifier and none the key, that
// is a finding; where none has the identifier, the issuer is not there.
func TestIssuerAmongMany(t *testing.T) {
	rootKey, subKey, other := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil)
	namesake := issue(t, "br-root", "FAKE Root", other, other, nil, nil)
	sub := issue(t, "tls-issuing-ca", "FAKE CA", subKey, rootKey, parsed(t, root), nil)
	forged := issue(t, "tls-issuing-ca", "FAKE CA", subKey, other, parsed(t, root), nil)
	l := newLinter(t, Options{})
	for _, c := range []struct {
		name  string
		files []File
		want  string // rule, or "" for none
		note  string
	}{
		{"its issuer is the second", []File{{Name: "a", Data: sub}, {Name: "b", Data: namesake}, {Name: "c", Data: root}}, "", "issuer: c"},
		{"another key signed", []File{{Name: "a", Data: forged}, {Name: "b", Data: root}}, "chain.signature", "issuer: b"},
		{"a namesake alone", []File{{Name: "a", Data: sub}, {Name: "b", Data: namesake}}, "", ""},
	} {
		for i := range c.files {
			c.files[i].Named = true
		}
		r, text := check(t, l, c.files...)
		got := rules(&r.Targets[0])
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s: %v, want %q\n%s", c.name, got, c.want, text)
		}
		if c.note != "" && !slices.Contains(r.Targets[0].Notes, c.note) {
			t.Errorf("%s: no note %q:\n%s", c.name, c.note, text)
		}
	}
}

// Of issuers that a person named, one has to be that of the object.
func TestNamedIssuers(t *testing.T) {
	rootKey, other := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil)
	sub := issue(t, "tls-issuing-ca", "FAKE CA", newKey(t, algorithm.ECDSAP384), rootKey, parsed(t, root), nil)
	two := []*inspect.Certificate{
		parsed(t, issue(t, "br-root", "FAKE Other", other, other, nil, nil)), parsed(t, issue(t, "br-root", "FAKE Third", other, other, nil, nil)),
	}
	if got := verdict(t, Options{Issuers: two}, sub, "chain.issuer-dn"); got != format.Error {
		t.Errorf("%q", got)
	}
}

// The same certificate in DER and in PEM is one object, which is told of once, with where
// else it is.
func TestSameObjectOnce(t *testing.T) {
	f := systemRoots(t)[0]
	again := File{Name: "again.pem", Named: true, Data: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.Data})}
	r, err := newLinter(t, Options{}).Check(t.Context(), []File{f, again})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Targets) != 1 || !slices.Contains(r.Targets[0].Notes, "the same object is in again.pem") {
		t.Errorf("%d objects: %+v", len(r.Targets), r.Targets)
	}
}
