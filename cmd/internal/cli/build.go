// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"rootceremony/internal/artifact"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// buildFacts is what a build says of itself.
type buildFacts struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	System   string `json:"system"`
	PKCS11   bool   `json:"pkcs11"`

	settings map[string]string // of the compiler
}

// readBuild asks the running program.
func readBuild() buildFacts {
	facts := buildFacts{
		Version: "(devel)",
		Go:      runtime.Version(),
		System:  runtime.GOOS + "/" + runtime.GOARCH,
		PKCS11:  token.BuiltIn,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return facts
	}
	facts.Version = cmp.Or(info.Main.Version, facts.Version)
	facts.settings = make(map[string]string)
	for _, setting := range info.Settings {
		facts.settings[setting.Key] = setting.Value
	}
	facts.Commit = facts.settings["vcs.revision"]
	facts.Modified = facts.settings["vcs.modified"] == "true"
	return facts
}

// thisTool is the program as the journal names it. The digest is left out where
// the program's own file cannot be read.
func thisTool() event.Tool {
	facts := readBuild()
	return event.Tool{
		Version:     facts.Version,
		Go:          facts.Go,
		VCSRevision: facts.Commit,
		Settings:    facts.settings,
		SHA256:      ownSHA256(),
	}
}

// ownSHA256 is the digest of the program's own file, or empty.
var ownSHA256 = sync.OnceValue(func() string { //nolint:gochecknoglobals // a constant that takes time to make
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	sum, err := artifact.SumFile(path)
	if err != nil {
		return ""
	}
	return sum.SHA256Hex()
})

// thisHost is the machine. What the system does not tell is left out.
func thisHost() *event.Host {
	name, _ := os.Hostname()
	return &event.Host{
		Name:   name,
		OS:     runtime.GOOS,
		Arch:   runtime.GOARCH,
		Kernel: firstLine("/proc/sys/kernel/osrelease"),
		BootID: firstLine("/proc/sys/kernel/random/boot_id"),
		Root:   os.Geteuid() == 0,
	}
}

func firstLine(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return line
}
