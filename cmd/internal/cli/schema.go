// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"

	"rootceremony/ceremony/schema"
)

func newSchemaCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:   "schema [NAME]",
		Short: "List the JSON Schemas, or print one",
		Long: `List the JSON Schemas of the files that people write and of the records that
this program writes, or print one. They are for editors and auditors. "ceremony
plan" checks far more than a schema can say, and is the authority.

To use a schema in an editor with the YAML language server, begin the YAML file
with the line "# yaml-language-server: $schema=profile.schema.json".`,
		Example: `  ceremony schema
  ceremony schema ceremony > ceremony.schema.json
  ceremony schema journal`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return exactly("NAME")(cmd, args)
		},
		ValidArgsFunction: completeSchemas,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return runSchemaList(deps)
			}
			return runSchema(args[0], deps)
		},
	}
}

func runSchemaList(deps deps) error {
	var rows [][2]string
	for _, s := range schema.All() {
		rows = append(rows, [2]string{s.Name, s.Summary})
	}
	writeNames(deps.Out, rows)
	return nil
}

func runSchema(name string, deps deps) error {
	data, err := schema.Get(name)
	if err != nil {
		return usage("ceremony schema shows their names", "%v", err)
	}
	_, err = deps.Out.Write(data)
	return err
}

// completeSchemas offers the names of the schemas.
func completeSchemas(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, s := range schema.All() {
		out = append(out, cobra.CompletionWithDesc(s.Name, s.Summary))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
