// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// copyOf copies a bundle to where it can be forged.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	forged := filepath.Join(t.TempDir(), "bundle")
	check(t, os.CopyFS(forged, os.DirFS(dir)))
	return forged
}

func said(v *Verdict) string {
	var b strings.Builder
	for _, p := range v.Problems {
		fmt.Fprintln(&b, p)
	}
	for _, s := range v.Incomplete {
		fmt.Fprintln(&b, s)
	}
	return b.String()
}

func TestVerifyRefusesForgeries(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	for name, forge := range allForgeries(t, dir) {
		t.Run(name, func(t *testing.T) {
			forged := copyOf(t, dir)
			forge.do(t, forged)
			v := verifyBundle(t, forged, VerifyOptions{})
			if v.OK() || !strings.Contains(said(v), forge.verify) {
				t.Errorf("want %q in\n%s", forge.verify, said(v))
			}
		})
	}
}

// TestEveryByteMatters changes, cuts, lengthens and deletes every file, once
// with MANIFEST as it was and once with MANIFEST made right again.
func TestEveryByteMatters(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	check(t, err)
	paths := tree.Paths()
	check(t, tree.Close())
	changes := map[string]func(data []byte) []byte{
		"first byte":    func(d []byte) []byte { d[0] ^= 1; return d },
		"a byte inside": func(d []byte) []byte { d[len(d)/2] ^= 4; return d },
		"last byte":     func(d []byte) []byte { d[len(d)-1] ^= 1; return d },
		"truncated":     func(d []byte) []byte { return d[:len(d)-1] },
		"half":          func(d []byte) []byte { return d[:len(d)/2] },
		"empty":         func([]byte) []byte { return nil },
		"longer":        func(d []byte) []byte { return append(d, '\n') },
		"deleted":       nil,
	}
	forged := copyOf(t, dir)
	for _, path := range paths {
		original := get(t, forged, path)
		for what, change := range changes {
			for _, again := range []bool{false, true} {
				if change == nil {
					remove(t, forged, path)
				} else {
					put(t, forged, path, change(slices.Clone(original)))
				}
				if again && path != ManifestPath {
					remanifest(t, forged)
				}
				v := verifyBundle(t, forged, VerifyOptions{})
				if v.OK() || !strings.Contains(said(v), path) && !strings.HasPrefix(path, "journal/") {
					t.Errorf("%s of %s, MANIFEST rebuilt: %v:\n%s", what, path, again, said(v))
				}
				put(t, forged, path, original)
				put(t, forged, ManifestPath, get(t, dir, ManifestPath))
			}
		}
	}
	if v := verifyBundle(t, forged, VerifyOptions{}); !v.OK() {
		t.Fatalf("the test did not undo its changes:\n%s", said(v))
	}
}

// TestEveryJournalByteMatters flips bytes of a journal, in another place of
// each line.
func TestEveryJournalByteMatters(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	data := get(t, dir, JournalPath)
	digest := hexDigest(get(t, dir, event.PlanPath))
	line := 1
	for i := range data {
		if data[i] != '\n' && i%17 != line%17 {
			continue
		}
		changed := slices.Clone(data)
		changed[i] ^= byte(1 << (i % 7))
		_, err := ReadJournal(changed, digest)
		here, next := fmt.Sprintf("line %d:", line), fmt.Sprintf("line %d:", line+1)
		last := line == strings.Count(string(data), "\n")
		switch {
		case err == nil && !last:
			t.Fatalf("byte %d of line %d was changed unnoticed", i, line)
		case err != nil && !strings.HasPrefix(err.Error(), here) && !strings.HasPrefix(err.Error(), next):
			t.Fatalf("byte %d of line %d: %v", i, line, err)
		}
		if data[i] == '\n' {
			line++
		}
	}
}

// TestJournalRearranged edits the journal as somebody without the seal key
// can: links and numbers, MANIFEST too, are made right again.
func TestJournalRearranged(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	size := len(journalLines(t, dir))
	forged := copyOf(t, dir)
	for at := 1; at < size-1; at++ {
		for what, change := range map[string]func([]string) []string{
			"dropped":    func(l []string) []string { return slices.Delete(l, at, at+1) },
			"repeated":   func(l []string) []string { return slices.Insert(l, at, l[at]) },
			"moved down": func(l []string) []string { l[at], l[at+1] = l[at+1], l[at]; return l },
		} {
			rechain(t, forged, change)
			remanifest(t, forged)
			if v := verifyBundle(t, forged, VerifyOptions{}); v.OK() || !strings.Contains(said(v), checkpointPath(size)) {
				t.Errorf("line %d %s:\n%s", at+1, what, said(v))
			}
			put(t, forged, JournalPath, get(t, dir, JournalPath))
			put(t, forged, ManifestPath, get(t, dir, ManifestPath))
		}
	}
	if v := verifyBundle(t, forged, VerifyOptions{}); !v.OK() {
		t.Fatalf("the test did not undo its changes:\n%s", said(v))
	}
}

// TestOnlyAnAnchorTells makes the whole record again with another seal key.
// It is consistent; what was known outside tells it apart.
func TestOnlyAnAnchorTells(t *testing.T) {
	_, first := makeBundle(t, roomOptions{})
	dir, second := makeBundle(t, roomOptions{seed: 5})
	v := verifyBundle(t, dir, VerifyOptions{})
	if !v.OK() || v.IsAnchored() {
		t.Fatalf("want consistent and unanchored:\n%s", said(v))
	}
	if v := verifyBundle(t, dir, VerifyOptions{Anchor: Anchor{ManifestSHA256: hexDigest(get(t, dir, reportPath))}}); !strings.Contains(said(v), "which is that of "+reportPath) {
		t.Errorf("whose digest was given for that of MANIFEST is not told:\n%s", said(v))
	}
	seal := func(c *Closed) string {
		public := strings.TrimSuffix(string(get(t, dir, vkeyPath(1))), "\n")
		if c == first {
			key, err := newSealKey(&counting{}, checkpointOrigin("2026-root-x1", 1))
			check(t, err)
			public = key.vkey
		}
		digest, err := SealDigest(public)
		check(t, err)
		return digest
	}
	head := func(c *Closed, octets int) []Head { return []Head{{c.Head.Size, c.Head.Root[:octets]}} }
	for _, test := range []struct {
		name   string
		anchor Anchor
		ok     bool
	}{
		{"manifest", Anchor{ManifestSHA256: second.ManifestSHA256}, true},
		{"other manifest", Anchor{ManifestSHA256: first.ManifestSHA256}, false},
		{"seal key", Anchor{SealKeys: []string{seal(second)}}, true},
		{"seal key twice", Anchor{SealKeys: []string{seal(second), seal(second)}}, true},
		{"two seal keys, of which one is wrong", Anchor{ManifestSHA256: second.ManifestSHA256, SealKeys: []string{seal(second), seal(first)}}, false},
		{"other seal key", Anchor{SealKeys: []string{seal(first)}}, false},
		{"head", Anchor{Heads: head(second, 16)}, true},
		{"other head", Anchor{Heads: head(first, 32)}, false},
		{"head too short", Anchor{Heads: head(second, 8)}, false},
		{"one right and one wrong", Anchor{ManifestSHA256: second.ManifestSHA256, SealKeys: []string{seal(first)}}, false},
	} {
		if v := verifyBundle(t, dir, VerifyOptions{Anchor: test.anchor}); v.IsAnchored() != test.ok || v.OK() != test.ok {
			t.Errorf("%s: ok %v, anchored %v by %q:\n%s", test.name, v.OK(), v.IsAnchored(), v.Anchored, said(v))
		}
	}
}

func TestLinksAndStrangeNames(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	for name, do := range map[string]func(dir string) error{
		"link to a file":      func(d string) error { return os.Symlink("MANIFEST", filepath.Join(d, "artifacts", "link.der")) },
		"link to a directory": func(d string) error { return os.Symlink("/etc", filepath.Join(d, "signatures")) },
		"space in a name":     func(d string) error { return os.WriteFile(filepath.Join(d, "a b"), nil, 0o644) },
	} {
		forged := copyOf(t, dir)
		check(t, do(forged))
		if v := verifyBundle(t, forged, VerifyOptions{}); v.OK() {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := Verify(filepath.Join(dir, "nowhere"), VerifyOptions{}); err == nil {
		t.Error("a folder that is not there was verified")
	}
}
