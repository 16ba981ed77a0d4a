// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// exitHelp ends every help text.
const exitHelp = `Exit status:
  0    done
  1    failed
  2    wrong usage
  3    findings, invalid, incomplete or unanchored
  4    stopped by a person
  130  interrupted`

// usageTemplate keeps within 80 columns.
const usageTemplate = `Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND{{else}}{{.UseLine}}{{end}}
{{- if .HasAvailableSubCommands}}

Commands:
{{- range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}
{{- end}}

Flags:
{{.LocalFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}

Examples:
{{.Example}}

` + exitHelp + `
{{- if .HasAvailableSubCommands}}

"{{.CommandPath}} COMMAND --help" shows the help of a command.
{{- end}}
`

// finish gives a command and all below it what every command has.
func finish(cmd *cobra.Command) {
	cmd.Long = strings.TrimSpace(cmd.Long)
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolP("help", "h", false, "show this help")
	for _, sub := range cmd.Commands() {
		finish(sub)
	}
}

func newHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND...]",
		Short: "Show the help of a command",
		Long:  `Show the help of a command, as --help does.`,
		Example: `  ceremony help run
  ceremony help profile copy`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runHelp(cmd.Root(), args)
		},
	}
}

func runHelp(root *cobra.Command, args []string) error {
	found, rest, err := root.Find(args)
	if err != nil || len(rest) > 0 {
		return usage(nearCommand(found, rest), "no help for %q", strings.Join(args, " "))
	}
	return found.Help()
}

func helpHint(cmd *cobra.Command) string {
	return "see " + cmd.CommandPath() + " --help"
}
