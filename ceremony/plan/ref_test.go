// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/profiles"
)

// TestRef guards the words of plan.json: each is read back as the reference that
// wrote it, and anything else is refused.
func TestRef(t *testing.T) {
	for want, r := range map[string]plan.Ref{
		"": {}, "self": plan.Self(), "key:k": plan.KeyRef("k"), "key:k.spki": plan.KeyRef("k").SPKI(), "cert:c": plan.CertRef("c"),
		"cert:c.serial": plan.CertRef("c").Serial(), "crl:l": plan.CRLRef("l"), "input:i": plan.InputRef("i"), "input:i.spki": plan.InputRef("i").SPKI(),
	} {
		got, err := r.MarshalText()
		if err != nil || string(got) != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
		var back plan.Ref
		if err := back.UnmarshalText(got); err != nil || back != r {
			t.Errorf("%q is read as %q, %v", got, back, err)
		}
	}
	for _, bad := range []string{"lost", "k", "key:", "key", "self:x", "self.spki", "key:k.", "key:k.x", "key:k.spki.spki", "dog:d", ":k", ".spki"} {
		var r plan.Ref
		if err := r.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is read as %q", bad, r)
		}
	}
}

// planWord is a word that represents something in plan.json, and is not one of
// the language: what people read says it in theirs.
var planWord = regexp.MustCompile(`\b(key|cert|crl|input):[a-z0-9]|\bsigning-(day|time)\b`)

// TestNoReferenceOnAScreen guards what people read of a plan: the screen, the
// script and the difference between two plans have no reference as plan.json
// writes it. All places where a reference may be are filled.
func TestNoReferenceOnAScreen(t *testing.T) {
	text, _, _ := withReference("", "")
	all, err := plan.Load("all.yaml", []byte(text), ceremonytest.ReferenceFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	filled, err := plan.NewPreview(context.Background(), all, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*plan.Preview{"all": filled, "root-2026": ceremonytest.Preview(t, filepath.Join("..", "..", "examples", "root-2026"))} {
		var screen strings.Builder
		if err := p.Write(&screen); err != nil {
			t.Fatal(err)
		}
		script, err := p.Script(nil)
		if err != nil {
			t.Fatal(err)
		}
		less := *p.Plan
		less.Artifacts, less.Steps = nil, nil
		lines, err := plan.Difference(&less, p.Plan)
		if err != nil {
			t.Fatal(err)
		}
		for what, said := range map[string]string{"screen": screen.String(), "script": string(script), "difference": strings.Join(lines, "\n")} {
			for line := range strings.Lines(said) {
				if word := planWord.FindString(line); word != "" {
					t.Errorf("%s: the %s says %q: %s", name, what, word, strings.TrimSpace(line))
				}
			}
		}
	}
	for _, said := range []string{profiles.SerialOf("x").String(), profiles.SigningDay.String(), profiles.SigningTime.String()} {
		if planWord.MatchString(said) {
			t.Errorf("a reference is said as %q", said)
		}
	}
	if !planWord.MatchString("by key:root-x1") || !planWord.MatchString("cert:e1.serial") {
		t.Error("the test finds no reference")
	}
}
