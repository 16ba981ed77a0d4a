// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/internal/approval"
	"rootceremony/internal/source"
)

// policyInitOptions are the flags of "policy init".
type policyInitOptions struct {
	Org      string
	Keys     []string
	Auditors []string
	Need     int
	Expires  string
	Verified bool
	Paper    bool
	Manifest string
	Out      string
}

// addFlags adds the flags to the command.
func (o *policyInitOptions) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.Org, "org", "", "`NAME` of the organization (required)")
	addEach(cmd, &o.Keys, "key", "an approver and a public key, as `NAME=FILE.pub`; repeat for each")
	addEach(cmd, &o.Auditors, "auditor", "an auditor and a public key, as `NAME=FILE.pub`; repeat for each")
	cmd.Flags().IntVar(&o.Need, "need", 2, "require `N` approvers")
	cmd.Flags().StringVar(&o.Expires, "expires", "", "last valid `DAY`, such as 2027-06-30 (default a year from now)")
	cmd.Flags().BoolVar(&o.Verified, "verified", false, "require FIDO keys to verify the user by PIN or fingerprint")
	cmd.Flags().BoolVar(&o.Paper, "paper", false, "accept approvals on paper")
	cmd.Flags().StringVar(&o.Manifest, "manifest", "", "`NAMES` of all who must sign the manifest, with commas between; none for nobody\n(default: --need approvers)")
	addFile(cmd, &o.Out, "out", "new `FILE` for the policy (required)", "json")
}

func newPolicyInitCommand(deps deps) *cobra.Command {
	var opts policyInitOptions
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a trust policy for a small team",
		Long: `Write a trust policy for a small team, from the public keys of its people.

Everybody named with --key is an approver. --need of them must approve profiles,
plans and sites, and sign the manifest. Name a person with two keys twice; they
still count once. Auditors may review and vouch for papers, but never count as
approvers. For roles that exclude each other, edit the file and run "ceremony
policy check".

Whoever signs the manifest declares to have been in the room throughout. With
--manifest say who that will be, if it is not the approvers.

Each person makes a key with ssh-keygen and hands over the .pub file:

  ssh-keygen -t ed25519 -f alice
  ssh-keygen -t ed25519-sk -O verify-required -f alice     on a FIDO2 device`,
		Example: `  ceremony policy init --org example --key al=a.pub --key bob=b.pub --out p.json
  ceremony policy init --org example --key ann=a.pub --need 1 --out p.json
  ceremony policy init --org x --key a=a.pub --need 1 --manifest a --out p.json`,
		Args: cobra.NoArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			return runPolicyInit(opts, deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *policyInitOptions) check() error {
	switch {
	case o.Org == "":
		return usage("add --org with the name of your organization, such as example-trust", "--org is missing")
	case len(o.Keys) == 0:
		return usage("add --key NAME=FILE.pub for each approver", "--key is missing")
	case o.Out == "":
		return usage("add --out FILE", "--out is missing")
	}
	return nil
}

func runPolicyInit(opts policyInitOptions, deps deps) error {
	if err := opts.check(); err != nil {
		return err
	}
	now := time.Now()
	draft, err := opts.draft(now)
	if err != nil {
		return err
	}
	data, err := approval.NewPolicy(draft)
	var problems source.Errors
	if errors.As(err, &problems) {
		return opts.explain(draft, problems)
	}
	if err != nil {
		return err
	}
	policy, err := approval.ParsePolicy(opts.Out, data)
	if err != nil {
		return err
	}
	if err := policy.CanBeMet(now); err != nil {
		return usage("give --expires a day in the future", "%v", err)
	}
	if err := writeNew(opts.Out, data, "name a new file with --out FILE"); err != nil {
		return err
	}
	writePolicy(deps, policy, data)
	fmt.Fprintf(deps.Out, "\nwritten to %s\n", opts.Out)
	return nil
}

// explain words problems by the flags that they come from.
func (o *policyInitOptions) explain(d approval.Draft, problems source.Errors) error {
	if n := len(d.Roles[0].Members); o.Need > n {
		return usage(fmt.Sprintf("add people with --key, or use --need %d", n), "%d approvers are needed, but only %d are named", o.Need, n)
	}
	return usage("see ceremony policy init --help", "%s: %s", problems[0].Path, problems[0].Msg)
}

// draft puts the flags together.
func (o *policyInitOptions) draft(now time.Time) (approval.Draft, error) {
	d := approval.Draft{Expires: now.UTC().AddDate(1, 0, 0).Truncate(24 * time.Hour).Add(24*time.Hour - time.Second)}
	if o.Expires != "" {
		day, err := time.Parse(time.DateOnly, o.Expires)
		if err != nil {
			return d, usage("as in --expires 2027-06-30", "--expires: %q is not a day", o.Expires)
		}
		d.Expires = day.Add(24*time.Hour - time.Second)
	}
	approvers, err := o.people(&d, "key", o.Keys)
	if err != nil {
		return d, err
	}
	auditors, err := o.people(&d, "auditor", o.Auditors)
	if err != nil {
		return d, err
	}
	d.Roles = []approval.Role{{Name: "approver", Members: approvers, Threshold: o.Need}}
	for _, n := range approval.Namespaces() {
		if n != approval.Review && n != approval.PolicyApproval && n != approval.ManifestDeclaration {
			d.Rules = append(d.Rules, approval.Rule{For: n, Roles: []string{"approver"}, Paper: o.Paper})
		}
	}
	if err := o.manifestRule(&d, approvers); err != nil {
		return d, err
	}
	if len(auditors) > 0 {
		d.Roles = append(d.Roles, approval.Role{Name: "auditor", Members: auditors, Threshold: 1})
	}
	return d, nil
}

// manifestRule says whose signatures a manifest needs: those of --need approvers, or of
// all whom --manifest names.
func (o *policyInitOptions) manifestRule(d *approval.Draft, people []string) error {
	role := "approver"
	switch o.Manifest {
	case "":
	case "none":
		return nil
	default:
		role = "manifest-signer"
		names := strings.Split(o.Manifest, ",")
		for _, n := range names {
			if !slices.Contains(people, n) {
				return usage("name people who have a --key, with commas between, or none", "--manifest: %q is not one of them", n)
			}
		}
		d.Roles = append(d.Roles, approval.Role{Name: role, Members: names, Threshold: len(names)})
	}
	d.Rules = append(d.Rules, approval.Rule{For: approval.ManifestDeclaration, Roles: []string{role}})
	return nil
}

// people reads keys into the draft and lists whose they are.
func (o *policyInitOptions) people(d *approval.Draft, flag string, given []string) ([]string, error) {
	list, err := pairs(flag, given)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, pair := range list {
		data, err := readArgument(pair[1], nil)
		if err != nil {
			return nil, err
		}
		public, err := approval.ParsePublicKey(string(data))
		if err != nil {
			return nil, withHint(fmt.Errorf("%s: %w", pair[1], err), "it must be the .pub file that ssh-keygen wrote")
		}
		key := approval.Key{SSH: public, UserVerified: o.Verified && public.FIDO()}
		if len(names) > 0 && names[len(names)-1] == pair[0] {
			last := &d.People[len(d.People)-1]
			last.Keys = append(last.Keys, key)
			continue
		}
		names = append(names, pair[0])
		d.People = append(d.People, approval.Person{ID: pair[0], Org: o.Org, Keys: []approval.Key{key}})
	}
	return names, nil
}
