// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import "slices"

// The kinds of files that people write, or hand on.
const (
	CeremonyFile = "ceremony file"
	SiteFile     = "site file"
	ProfileFile  = "profile"
	PolicyFile   = "trust policy"
	PlanFile     = "plan.json"
)

// fileKinds are the kinds, with keys that no other kind has, and what takes such a file.
var fileKinds = []struct {
	kind, try string
	keys      []string
}{
	{PlanFile, `"approve" takes its folder; "plan" takes the ceremony file that it was made from`, []string{"artifacts"}},
	{CeremonyFile, `the command "plan" takes it`, []string{"ceremony", "people", "steps"}},
	{SiteFile, "it goes with --site", []string{"tokens"}},
	{ProfileFile, `"lint" takes it, and a ceremony file names it`, []string{"profile"}},
	{PolicyFile, `"policy check" takes it`, []string{"principals"}},
}

// FileKind says of which kind a file is, by the keys of its outermost mapping, and which
// command takes it; "" if that is not clear.
func FileKind(root Node) (kind, try string) {
	for _, k := range fileKinds {
		if root.IsMap() && slices.ContainsFunc(k.keys, func(key string) bool { _, found := root.v.byKey[key]; return found }) {
			return k.kind, k.try
		}
	}
	return "", ""
}

// ParseAs is [Parse] for a file of one kind. Of a file of another kind that is all that is
// said: what else is wrong with it is wrong for the kind that was wanted.
func ParseAs(want, name string, data []byte) (*Document, error) {
	doc, err := Parse(name, data)
	if kind, _ := FileKind(doc.Root()); kind != "" && kind != want {
		doc.errs = nil
		doc.Root().IsOther(want)
		return doc, doc.Err()
	}
	return doc, err
}

// IsOther reports a file of another kind than is wanted, in one sentence: else each of its
// keys would be a problem of its own.
func (n Node) IsOther(want string) bool {
	kind, try := FileKind(n)
	if kind == "" || kind == want {
		return false
	}
	n.FailHint(try, "this is a %s, and not a %s", kind, want)
	return true
}
