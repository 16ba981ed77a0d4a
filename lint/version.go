// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"runtime"
	"sync"

	"rootceremony"
)

// rulesDate is the date of the rule documents that our own rules follow.
const rulesDate = "2026-11-22"

// Versions gives the version of each engine. Two programs with the same versions find
// the same on the same object, to the byte; the version of our own engine is computed
// from its source, so that it cannot be stale.
func Versions() map[string]string {
	return map[string]string{EngineZLint: zlintVersion, EngineCeremony: engineVersion()}
}

// engineVersion is computed once: it reads all sources.
//
//nolint:gochecknoglobals // nothing assigns to it
var engineVersion = sync.OnceValue(func() string { return versionOf(rootceremony.Sources, runtime.Version()) })

// versionOf is the date of the rules, a digest of the sources of the engine, with
// the versions of all modules, and of the version of Go: its parsers find faults, too,
// and have words of their own for them.
func versionOf(sources fs.FS, compiler string) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n", compiler)
	err := fs.WalkDir(sources, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(sources, name)
		fmt.Fprintf(sum, "%x  %s\n", sha256.Sum256(data), name)
		return err
	})
	if err != nil { // they are in the program
		panic(fmt.Errorf("the sources of the linter: %w", err))
	}
	return rulesDate + "+" + hex.EncodeToString(sum.Sum(nil)[:8])
}
