// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"strings"
	"testing"
)

// FuzzParseExhibit guards against records of exhibits that can be read in two
// ways, or that stop the program.
func FuzzParseExhibit(f *testing.F) {
	e := Exhibit{Version: 1, Number: 1, File: "scan.pdf", SHA256: strings.Repeat("ab", 32), SHA512: strings.Repeat("cd", 64), Size: 3,
		What: "a scan", Step: "3", By: "dana", Added: "2026-12-02T10:00:00Z", ManifestSHA256: strings.Repeat("01", 32)}
	good, err := e.bytes()
	if err != nil {
		f.Fatal(err)
	}
	if _, err := parseExhibit(good); err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("{}\n"))
	f.Add(append([]byte(" "), good...))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := parseExhibit(data)
		if err != nil {
			return
		}
		again, err := e.bytes()
		if err != nil || string(again) != string(data) {
			t.Errorf("%q was read as %q (%v)", data, again, err)
		}
	})
}
