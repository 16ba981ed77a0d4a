// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package ext holds the extensions that profiles have words for, each in one
// file: its name and identifier, the kinds of objects that may have it, how its
// value is read from YAML and from plan.json, what is checked, what binding puts
// into it, what people read, and the sections that ask for it in the table of a
// CP/CPS. [Specs] lists them all.
//
// Two other rooms have one file an extension: package templates writes the bytes,
// internal/inspect reads them. Neither knows the other; what an extension must
// say once it is issued is compared in words ([Value.Issued]).
package ext
