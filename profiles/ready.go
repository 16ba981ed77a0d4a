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

// ReadyProfile is a profile that comes with the program, to be copied and made
// one's own.
type ReadyProfile struct {
	Name    string // of the profile and its file
	Summary string // one line
	Data    []byte
}

// Ready returns the profiles that come with the program, by name.
func Ready() []ReadyProfile {
	files, err := data.ReadDir("data")
	if err != nil {
		panic("internal error: " + err.Error())
	}
	out := make([]ReadyProfile, len(files))
	for i, f := range files {
		b, err := data.ReadFile(path.Join("data", f.Name()))
		if err != nil {
			panic("internal error: " + err.Error())
		}
		first, _, _ := strings.Cut(string(b), "\n")
		out[i] = ReadyProfile{
			Name:    strings.TrimSuffix(f.Name(), ".yaml"),
			Summary: strings.TrimPrefix(first, "# "),
			Data:    b,
		}
	}
	return out
}

// ReadyByName returns the ready profile of that name.
func ReadyByName(name string) (ReadyProfile, bool) {
	for _, p := range Ready() {
		if p.Name == name {
			return p, true
		}
	}
	return ReadyProfile{}, false
}
