// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"errors"
	"os"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/source"
)

// noFiles has nothing that a ceremony file could name but the built-in profiles.
type noFiles struct{}

func (noFiles) Read(string) ([]byte, error) { return nil, errors.New("no such file") }

func (noFiles) Bundle(string) (*plan.EarlierBundle, error) { return nil, errors.New("no such bundle") }

// FuzzLoad guards the operator: whatever a ceremony file holds, the answer is a
// plan or a list of problems with places, never a panic.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"root-2026", "issuing-2027", "cross-2026"} {
		data, err := os.ReadFile("../../examples/" + name + "/ceremony.yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(ceremonytest.Small))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := plan.Load("ceremony.yaml", data, noFiles{})
		if err == nil {
			if _, err := l.Plan.Canonical(); err != nil {
				t.Error(err)
			}
			return
		}
		var problems source.Errors
		if !errors.As(err, &problems) {
			t.Errorf("the error has no place: %v", err)
		}
	})
}

// FuzzLoadSite is the same for site files.
func FuzzLoadSite(f *testing.F) {
	data, err := os.ReadFile("../../examples/root-2026/site.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := plan.LoadSite("site.yaml", data); err == nil {
			if _, err := s.Canonical(); err != nil {
				t.Error(err)
			}
		}
	})
}
