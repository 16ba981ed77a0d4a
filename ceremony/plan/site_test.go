// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// TestSiteKeys guards a team against a site file whose name for a key does nothing: it
// names nothing, or a key that is made in the ceremony or is on another token.
func TestSiteKeys(t *testing.T) {
	p := ceremonytest.PreviewOldCA(t, ceremonytest.WriteOldCA(t, 0)).Plan
	made := ceremonytest.Preview(t, ceremonytest.FastFolder(t)).Plan
	const token = "{module: /m.so, label: l, login: pin"
	for text, want := range map[string]string{
		"root: " + token + `, keys: {old: {label: theirs, id: "0A01"}}}`:              "",
		"root: " + token + `, keys: {of-another-ceremony: {id: "0a01"}}}`:             "",
		"root: " + token + `, keys: {old: {}}}`:                                       "a key is named by its label:, its id:, or both",
		"root: " + token + `, keys: {old: {id: "0a0"}}}`:                              "not hexadecimal",
		"root: " + token + `, keys: {old: {id: "0a", name: x}}}`:                      "name",
		"root: " + token + "}\n  spare: " + token + `, keys: {old: {label: theirs}}}`: `names key "old" on token "spare", and the ceremony file has it on token "root"`,
		"root: " + token + `, keys: {` + made.Keys[0].ID + `: {label: theirs}}}`:      "and the ceremony makes it",
	} {
		s, err := plan.LoadSite("site.yaml", []byte("version: 1\nsoftware-token: true\ntokens:\n  "+text+"\n"))
		if err == nil {
			if err = s.Has(p); err == nil {
				err = s.Has(made)
			}
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
