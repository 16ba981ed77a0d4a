// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"

	"github.com/spf13/cobra"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

func newProfileCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "List, copy and check profiles",
		Long: `List and copy the built-in profiles, and check, resolve or print your own.

A profile says exactly what one kind of certificate, CRL, request or OCSP
response contains: what it does not list must not be present. A ceremony file
names your copies of profiles, which are reviewed and approved with it.`,
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

// builtinProfile finds a built-in profile, or says which there are.
func builtinProfile(name string) (profiles.BuiltInProfile, error) {
	if p, ok := profiles.BuiltInByName(name); ok {
		return p, nil
	}
	return profiles.BuiltInProfile{}, usage(cmp.Or(nearProfile(name), "ceremony profile list shows their names"), "there is no built-in profile %q", name)
}

// nearProfile asks for the built-in profile that was meant, where one is near.
func nearProfile(name string) string {
	var names []string
	for _, p := range profiles.BuiltIns() {
		names = append(names, p.Name)
	}
	return source.DidYouMean(name, names)
}

// completeProfiles offers the names of the built-in profiles.
func completeProfiles(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var out []cobra.Completion
	for _, p := range profiles.BuiltIns() {
		out = append(out, cobra.CompletionWithDesc(p.Name, p.Summary))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
