// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
)

// corpora are objects that others published, with how each collection is linted. They
// are in a folder below the one that CEREMONY_CORPORA names, such as a checkout:
//
//	letsencrypt  github.com/letsencrypt/website, static/certs
//	zlint        github.com/zmap/zlint, v3/testdata
//	pkilint      github.com/digicert/pkilint, tests
//
// Here are only fingerprints, what is wrong as those who made them say, and
// what we find: testdata/corpora.txt.
var corpora = map[string]Options{
	"letsencrypt": {Scope: []profiles.RootScope{profiles.ScopeTLS}},
	"zlint":       {Rules: profiles.RulePacks()},
	"pkilint":     {Scope: []profiles.RootScope{profiles.ScopeTLS}, At: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
}

// foreignObject is a line of corpora.txt.
type foreignObject struct {
	sum, corpus, kind string
	wants             []string // rules that must be found
	found             string   // all rules that are, with their level
	reason            string   // why one that others want is not
}

// TestCorpora compares our verdicts on what others published with those that were looked
// at one by one.
func TestCorpora(t *testing.T) {
	root := os.Getenv("CEREMONY_CORPORA")
	if root == "" {
		t.Skip("CEREMONY_CORPORA names no folder; make test-corpora CORPORA=FOLDER")
	}
	lines := readCorpora(t)
	for _, name := range slices.Sorted(maps.Keys(corpora)) {
		ders := objectsBelow(t, filepath.Join(root, name))
		if len(ders) == 0 {
			t.Errorf("%s: nothing is there", filepath.Join(root, name))
			continue
		}
		for i := range lines {
			if l := &lines[i]; l.corpus == name {
				compareWith(t, l, ders[l.sum])
			}
		}
	}
	if *update {
		writeCorpora(t, lines)
	}
}

// compareWith lints one object alone.
func compareWith(t *testing.T, l *foreignObject, der []byte) {
	t.Helper()
	if der == nil {
		t.Errorf("%s is not in %s", l.sum, l.corpus)
		return
	}
	opts := corpora[l.corpus]
	opts.Kind = l.kind
	r, text := check(t, newLinter(t, opts), File{Name: "object", Data: der, Named: true})
	found := map[string]string{}
	for _, f := range r.Targets[0].Findings {
		if f.TakesEffect == "" {
			found[f.Rule] = f.Level
		}
	}
	var all []string
	for _, rule := range slices.Sorted(maps.Keys(found)) {
		all = append(all, rule+" "+found[rule])
	}
	got := strings.Join(all, ", ")
	if got != l.found && !*update {
		t.Errorf("%s of %s as %s: found %s\nwant %s\n%s", l.sum, l.corpus, l.kind, got, l.found, text)
	}
	l.found = got
	for _, rule := range l.wants {
		if found[rule] == "" && found[ruleParse] == "" && l.reason == "-" {
			t.Errorf("%s of %s as %s: %s is not found, and there is no reason for it; found %s", l.sum, l.corpus, l.kind, rule, got)
		}
	}
}

// What Let's Encrypt published raises in one folder nothing that each certificate with
// its issuers does not raise.
func TestCorporaFolder(t *testing.T) {
	root := os.Getenv("CEREMONY_CORPORA")
	if root == "" {
		t.Skip("CEREMONY_CORPORA names no folder")
	}
	ders := objectsBelow(t, filepath.Join(root, "letsencrypt"))
	var files []File
	var issuers []*inspect.Certificate
	for _, sum := range slices.Sorted(maps.Keys(ders)) {
		c, err := inspect.ParseCertificate(ders[sum])
		if err != nil {
			continue
		}
		files, issuers = append(files, File{Name: sum, Data: ders[sum]}), append(issuers, c)
	}
	opts := corpora["letsencrypt"]
	folder, _ := check(t, newLinter(t, opts), files...)
	opts.Issuers = issuers
	alone := newLinter(t, opts)
	for i := range folder.Targets {
		target := &folder.Targets[i]
		one, _ := check(t, alone, File{Name: target.File, Data: ders[target.File], Named: true})
		for _, rule := range rules(target) {
			// a cross-certificate is known as such beside the root alone
			if target.Kind == one.Targets[0].Kind && !slices.Contains(rules(&one.Targets[0]), rule) {
				t.Errorf("%s, %s: %s is found in the folder alone", target.File, target.Kind, rule)
			}
		}
	}
}

// objectsBelow reads all objects of a folder, in PEM wherever it is, or DER.
func objectsBelow(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	add := func(der []byte) {
		sum := sha256.Sum256(der)
		out[hex.EncodeToString(sum[:12])] = der
	}
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if len(data) > 0 && data[0] == 0x30 {
			add(data)
		}
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			add(block.Bytes)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// corporaFile has a line for each object: fingerprint, collection, kind, rules that must
// be found, rules that are, and why one is not that must be.
const corporaFile = "testdata/corpora.txt"

func readCorpora(t *testing.T) (out []foreignObject) {
	t.Helper()
	data, err := os.ReadFile(corporaFile)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			t.Fatalf("%s:%d: %d columns", corporaFile, i+1, len(f))
		}
		p := foreignObject{sum: f[0], corpus: f[1], kind: f[2], found: strings.TrimPrefix(f[4], "-"), reason: f[5]}
		if f[3] != "-" {
			p.wants = strings.Split(f[3], ",")
		}
		out = append(out, p)
	}
	return out
}

func writeCorpora(t *testing.T, lines []foreignObject) {
	t.Helper()
	var b strings.Builder
	for _, l := range lines {
		for _, column := range []string{l.sum, l.corpus, l.kind, strings.Join(l.wants, ","), l.found} {
			if column == "" {
				column = "-"
			}
			b.WriteString(column + "\t")
		}
		b.WriteString(l.reason + "\n")
	}
	if err := os.WriteFile(corporaFile, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Each reason in the table is about a rule that others want and that is not found, and
// the table has right verdicts alone.
func TestCorporaTable(t *testing.T) {
	known := map[string]bool{ruleParse: true}
	for _, r := range lint.Rules() {
		known[r.ID] = true
	}
	for i, l := range readCorpora(t) {
		missing := slices.DeleteFunc(slices.Clone(l.wants), func(rule string) bool { return strings.Contains(l.found, rule+" ") })
		if _, is := corpora[l.corpus]; !is || (len(missing) > 0) != (l.reason != "-") && !strings.Contains(l.found, ruleParse+" "+format.Fatal) {
			t.Errorf("%s:%d: %v are not found; reason %q", corporaFile, i+1, missing, l.reason)
		}
		for _, rule := range l.wants {
			if !known[rule] {
				t.Errorf("%s:%d: there is no rule %s", corporaFile, i+1, rule)
			}
		}
	}
}
