// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
)

// TestSubmissionForm guards that schema and loader want the same form of the day
// of submission. The sample of all other keys has no root; with one more
// authority it would take half as long again.
func TestSubmissionForm(t *testing.T) {
	s := compile(t, "ceremony")
	folder := filepath.Join("..", "..", "examples", "root-2026")
	data, err := os.ReadFile(filepath.Join(folder, "ceremony.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	load := loadCeremony(plan.Disk{Folder: folder})
	for _, c := range []struct {
		text string
		good bool
	}{
		{"2027-03-01", true}, {`"2027-03-01"`, true}, {"2027-3-1", false}, {"2027-03-01T00:00:00Z", false}, {"2027", false},
		{"soon", false}, {"[2027-03-01]", false}, {"2027-13-01", false},
	} {
		text := strings.Replace(string(data), "for: 9y6mo}\n", "for: 9y6mo}\n    submission: "+c.text+"\n", 1)
		if err := load([]byte(text)); (err == nil) != c.good {
			t.Errorf("the loader says of %s: %v", c.text, err)
		}
		value := decode(t, encode(t, valueOf(t, "ceremony.yaml", []byte(text))))
		if err := s.Validate(value); (err == nil) != c.good {
			t.Errorf("the schema says of %s: %v", c.text, err)
		}
	}
}
