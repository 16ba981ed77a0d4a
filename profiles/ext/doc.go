// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package ext holds the extensions that profiles can name, each in one file:
// its name and identifier, the kinds of objects that may have it, how its value
// is read from YAML and from plan.json, what is checked, what binding puts into
// it, what people read, and the sections that ask for it in the table of a
// CP/CPS. [Specs] lists them all.
//
// Two other packages have one file for each extension: package templates writes
// the bytes, internal/inspect reads them. They do not import each other; the
// declared and the issued value of an extension are compared as text
// ([Value.Issued]).
package ext
