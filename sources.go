// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package rootceremony has the source of what decides a lint result, so that the
// version of the engine can be computed and is never stale.
package rootceremony

import "embed"

// Sources are the files that a lint result depends on: rules, messages, corrections,
// dates of policies, both parsers, what a profile means, what a plan has an object
// linted beside, and in go.mod the versions of all that others wrote.
//
// The patterns leave tests out: a pattern cannot say "not _test.go" at once.
//
//go:embed go.mod
//go:embed lint/*[^t].go lint/*[^s]t.go lint/*[^t]est.go lint/*[^e]st.go
//go:embed profiles/*[^t].go profiles/*[^s]t.go
//go:embed profiles/ext/*[^t].go profiles/ext/*[^s]t.go
//go:embed profiles/value/*[^t].go
//go:embed templates/*[^t].go templates/*[^s]t.go templates/*[^t]est.go
//go:embed internal/algorithm/*[^t].go
//go:embed internal/foreign/*[^t].go internal/foreign/*[^s]t.go
//go:embed internal/inspect/*[^t].go internal/inspect/*[^s]t.go internal/inspect/*[^t]est.go internal/inspect/*[^e]st.go
//go:embed internal/source/*[^t].go internal/source/*[^s]t.go internal/source/*[^t]est.go
//go:embed internal/unseen/*[^t].go
//go:embed ceremony/plan/*[^t].go ceremony/plan/*[^s]t.go
var Sources embed.FS
