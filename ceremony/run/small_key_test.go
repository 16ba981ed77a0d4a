// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/token"
)

// thirteens is a generator that gives nothing but zeros before a last 13, as a token
// did whose keys were all below 256.
type thirteens struct{}

func (thirteens) Read(p []byte) (int, error) {
	clear(p)
	p[len(p)-1] = 13
	return len(p), nil
}

// TestSmallKeyIsNotUsed has a token make the private key 13: the ceremony stops
// before that key signs anything, and going on does not help.
func TestSmallKeyIsNotUsed(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, _ := fastSite()
	memory := token.NewMemory("root", thirteens{})
	o := runOptions(p, site, filepath.Join(t.TempDir(), "bundle"))
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
	_, err := Execute(context.Background(), p, o)
	for _, want := range []string{"was generated on token root and will not sign", "key.quality", "anyone can compute it"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the ceremony said %v, and nothing of %q", err, want)
		}
	}
	signed := func() bool {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(o.Bundle, "journal", "journal.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(data), `"what":"sign"`)
	}
	if signed() {
		t.Error("the key signed")
	}
	mustBeIncomplete(t, o.Bundle)
	o.People = Asked{Terminal: deciders(p, "adopt").On("-digest", laptop(o.Bundle))}
	if _, err := Resume(context.Background(), o); err == nil || !strings.Contains(err.Error(), "anyone can compute it") {
		t.Errorf("going on, the ceremony said %v", err)
	}
	if signed() {
		t.Error("the key signed when the ceremony went on")
	}
}
