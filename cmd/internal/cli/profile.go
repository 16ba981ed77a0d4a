// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"

	"rootceremony/profiles"
)

func newProfileCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Look at the ready profiles and copy them",
		Long: `Look at the ready profiles that come with this program, and copy them.

A profile says what one kind of certificate, CRL, request or OCSP response
contains, exactly: what is not listed must not be present. A ceremony file names
its own copies, which are reviewed and approved with it.`,
		Example: `  ceremony profile list
  ceremony profile copy br-root --to profiles/root.yaml`,
	}
	asGroup(cmd)
	cmd.AddCommand(
		newProfileListCommand(deps),
		newProfileShowCommand(deps),
		newProfileCopyCommand(deps),
		newProfileCheckCommand(deps),
		newProfileTableCommand(deps),
		newProfileResolveCommand(deps),
		newProfileRulesCommand(deps),
	)
	return cmd
}

// readyProfile finds a ready profile, or says which there are.
func readyProfile(name string) (profiles.ReadyProfile, error) {
	if p, ok := profiles.ReadyByName(name); ok {
		return p, nil
	}
	return profiles.ReadyProfile{}, usage("ceremony profile list shows their names", "no ready profile is called %q", name)
}

// completeProfiles offers the names of the ready profiles.
func completeProfiles(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, p := range profiles.Ready() {
		out = append(out, cobra.CompletionWithDesc(p.Name, p.Summary))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
