// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package schema holds JSON Schemas (draft 2020-12) of the files that people
// write and of the records that the program writes. They are for editors and
// auditors; the loaders of the program stay the authority, and tests compare
// both.
package schema

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed *.schema.json
var files embed.FS

// Schema is one JSON Schema.
type Schema struct {
	Name    string
	Summary string // one line
	Data    []byte
}

// All returns every schema, in the order in which their files come about.
func All() []Schema {
	all := []Schema{
		{Name: "ceremony", Summary: "ceremony file (YAML)"},
		{Name: "site", Summary: "site file (YAML)"},
		{Name: "profile", Summary: "profile of a certificate, CRL, request or OCSP response (YAML)"},
		{Name: "plan", Summary: "plan.json, what people approve"},
		{Name: "journal", Summary: "one line of journal.jsonl, one event"},
	}
	for i := range all {
		data, err := files.ReadFile(all[i].Name + ".schema.json")
		if err != nil {
			panic("internal error: " + err.Error())
		}
		all[i].Data = data
	}
	return all
}

// Get returns the schema of that name.
func Get(name string) ([]byte, error) {
	var names []string
	for _, s := range All() {
		if s.Name == name {
			return s.Data, nil
		}
		names = append(names, s.Name)
	}
	return nil, fmt.Errorf("no schema is called %q; there are %s", name, strings.Join(names, ", "))
}
