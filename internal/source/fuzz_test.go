// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/unseen"
)

// FuzzParse holds what is true of every input: no panic, errors that are in the
// file, on one line and without Go types, and clean values.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.yaml")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, trap := range traps {
		f.Add([]byte(trap.text))
	}
	goType := regexp.MustCompile(`\b(yaml\.|map\[|interface \{|runtime error|nil pointer|\*?source\.)`)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse("f", data)
		err = errors.Join(err, read(d))
		var es Errors
		if err != nil && !errors.As(err, &es) {
			t.Fatalf("not Errors: %v", err)
		}
		for _, e := range append(es, d.Warnings()...) {
			switch text := e.Error(); {
			case e.Pos.Line < 1 || e.Pos.Line > max(len(d.lines), 1) || e.Pos.Column < 1:
				t.Errorf("outside of the file: %s", text)
			case e.Pos.Column > len([]rune(d.Line(e.Pos.Line)))+2:
				t.Errorf("right of the line: %s", text)
			case strings.ContainsAny(text, "\n\r\x1b"):
				t.Errorf("not one line: %q", text)
			case goType.MatchString(e.Msg) && !goType.Match(data):
				t.Errorf("a Go type: %s", text)
			}
			_ = d.Caret(e)
		}
		if len(es) == 0 {
			checkClean(t, d.root)
		}
	})
}

// checkClean requires that no value holds a character that is refused.
func checkClean(t *testing.T, v *value) {
	for _, r := range v.text {
		if unseen.Is(r) {
			t.Errorf("%U in a value", r)
		}
	}
	for _, c := range v.items {
		checkClean(t, c)
	}
}

// FuzzSpan holds that the canonical form is stable and that adding a span
// never goes back.
func FuzzSpan(f *testing.F) {
	for _, s := range []string{"15y", "20y6mo", "1y2mo3d4h5min6s", "90min", "0s", "1mo1y"} {
		f.Add(s)
	}
	start := time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSpan(text)
		if err != nil {
			return
		}
		again, err := ParseSpan(s.String())
		if err != nil || again != s {
			t.Errorf("%q becomes %q, which is %+v, %v", text, s, again, err)
		}
		if end := s.AddTo(start); end.Before(start) || !s.IsZero() && end.Equal(start) || end.Year() > 9999 {
			t.Errorf("%v + %q = %v", start, text, end)
		}
	})
}

// FuzzURL holds that what is accepted is plain ASCII without surprises.
func FuzzURL(f *testing.F) {
	for _, s := range []string{"http://example.com/", "https://a:1/b?c", "http://u@a/", "http://a#b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if urlProblem(text) != "" {
			return
		}
		for _, r := range text {
			if r <= ' ' || r > '~' || strings.ContainsRune("<>\"\\^`{|}#", r) {
				t.Errorf("%q holds %U", text, r)
			}
		}
		host, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(text, "http://"), "https://"), "/")
		if host == "" || strings.ContainsAny(host, "@?") {
			t.Errorf("%q has host %q", text, host)
		}
	})
}
