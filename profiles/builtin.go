// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"embed"
	"path"
	"strings"
)

//go:embed data/*.yaml
var data embed.FS

// BuiltInProfile is a profile that comes with the program, to be copied and
// adapted.
type BuiltInProfile struct {
	Name    string // of the profile and its file
	Summary string // one line
	Data    []byte
}

// BuiltIns returns the profiles that come with the program, by name.
func BuiltIns() []BuiltInProfile {
	files, err := data.ReadDir("data")
	if err != nil {
		panic("internal error: " + err.Error())
	}
	out := make([]BuiltInProfile, len(files))
	for i, f := range files {
		b, err := data.ReadFile(path.Join("data", f.Name()))
		if err != nil {
			panic("internal error: " + err.Error())
		}
		first, _, _ := strings.Cut(string(b), "\n")
		out[i] = BuiltInProfile{
			Name:    strings.TrimSuffix(f.Name(), ".yaml"),
			Summary: strings.TrimPrefix(first, "# "),
			Data:    b,
		}
	}
	return out
}

// BuiltInByName returns the built-in profile of that name.
func BuiltInByName(name string) (BuiltInProfile, bool) {
	for _, p := range BuiltIns() {
		if p.Name == name {
			return p, true
		}
	}
	return BuiltInProfile{}, false
}
