// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bytewise says each byte of a digest as its digits.
func bytewise(digest []byte) []string {
	out := make([]string, len(digest))
	for i, b := range digest {
		out[i] = "word" + hex.EncodeToString([]byte{b})
	}
	return out
}

// hostileScript puts one text into every place that a plan or a site can fill.
func hostileScript(text string) *Script {
	digest := strings.Repeat("5a", 32)
	key := ScriptKey{ID: text, Token: text, Algorithm: text, Class: text, Source: text, SPKISHA256: digest, Step: text}
	card := &ScriptCard{Artifact: text, What: text, Root: true, SignBefore: text,
		Rows: []CardRow{{Label: text, Lines: []string{text}}, {Label: text, Lines: []string{text, text}, Extension: true, Critical: true}}}
	step := func(kind string) ScriptStep {
		return ScriptStep{ID: text, Kind: kind, Title: text, ByPeople: kind == "do", Who: []string{text}, Takes: text, Keys: []ScriptKey{key},
			Record: []ScriptField{{text, "text"}, {text, "digest"}, {text, text}}, Card: card, Table: []string{text, text}}
	}
	return &Script{
		Ceremony: text, Title: text, From: text, To: text, Takes: text, PlanSHA256: digest, SiteSHA256: digest, Software: true,
		People:    []ScriptRole{{Role: text, Need: 1, People: []string{text}}},
		Materials: []ScriptMaterial{{text, text, text}},
		Devices:   []ScriptDevice{{text, text, text, text, text, text}},
		Logins:    []ScriptLogins{{Token: text, Opened: 1, Signatures: []ScriptSignatures{{text, 1}}}},
		Files:     []Labelled{{text, text, text}}, Keys: []ScriptKey{key},
		Waivers:  []ScriptWaiver{{text, text, text, text, text, text}},
		Sections: []ScriptSection{{ID: text, Title: text, Steps: []ScriptStep{step("do"), step("generate"), step("use"), step("sign")}}},
		Approved: true, Commands: ScriptCommands{text, text, text, text, text, text},
	}
}

// TestScriptEscapes renders plans that try to be markup, style or a script.
func TestScriptEscapes(t *testing.T) {
	tag := regexp.MustCompile(`<(script|img|b id|/style)`)
	for _, text := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</title><script>`,
		`</style><script>`, `"; } body { display: none } @page { x: "`, "a\u202eb\x00c", `{{.Ceremony}}`,
	} {
		page, err := hostileScript(text).HTML(bytewise)
		check(t, err)
		if found := tag.FindAllString(strings.ReplaceAll(string(page), "</style>\n", ""), -1); found != nil {
			t.Errorf("%q got into the page as %q", text, found)
		}
		if strings.Contains(styles(string(page)), "body { display: none }") {
			t.Errorf("%q got into the style", text)
		}
		for _, r := range string(page) {
			if r == '\u202e' || r == 0 {
				t.Errorf("%q: %U is in the page", text, r)
			}
		}
	}
}

// styles gives what is between the tags of style.
func styles(page string) string {
	var out strings.Builder
	for _, part := range strings.Split(page, "<style>")[1:] {
		style, _, _ := strings.Cut(part, "</style>")
		out.WriteString(style)
	}
	return out.String()
}

// TestScriptIsAlone holds the page to one file that asks for nothing.
func TestScriptIsAlone(t *testing.T) {
	page, err := hostileScript("plain").HTML(bytewise)
	check(t, err)
	for _, want := range []string{
		`http-equiv="Content-Security-Policy" content="default-src 'none'`, "counter(page)", "@bottom-right",
		"Exception sheet 5 of 5", "<svg", "word5a", "BR 6.1.1.1", "Foxtrot",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page has no %s", want)
		}
	}
	for _, never := range []string{"<script", "<link", "src=", "href=", "@import", "url("} {
		if strings.Contains(string(page), never) {
			t.Errorf("the page has %s", never)
		}
	}
	again, err := hostileScript("plain").HTML(bytewise)
	check(t, err)
	if diff := cmp.Diff(string(page), string(again)); diff != "" {
		t.Error(diff)
	}
}

// TestCrosswalkNamesGaps holds the crosswalk to saying that a plan has no step
// for a criterion.
func TestCrosswalkNamesGaps(t *testing.T) {
	s := &Script{Sections: []ScriptSection{{Steps: []ScriptStep{{ID: "2", Kind: "do", ByPeople: true}, {ID: "3", Kind: "sign"}}}}}
	var where []string
	for _, c := range s.crosswalk() {
		if strings.ContainsAny(c.Where, "{}") {
			t.Errorf("%s: %s", c.Item, c.Where)
		}
		where = append(where, c.Where)
	}
	for _, want := range []string{"key generation: no step of this plan", "Cover; steps 2 to 3; Exception sheets", "signing: steps 3"} {
		if !strings.Contains(strings.Join(where, "\n"), want) {
			t.Errorf("no criterion points at %q", want)
		}
	}
}
