// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/internal/approval"
	"rootceremony/internal/term"
)

// policyCheckOptions are the flags of "policy check".
type policyCheckOptions struct {
	Format choice
}

// addFlags adds the flags to the command.
func (o *policyCheckOptions) addFlags(cmd *cobra.Command) { addFormat(cmd, &o.Format) }

func newPolicyCheckCommand(deps deps) *cobra.Command {
	var opts policyCheckOptions
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a trust policy and show what it says",
		Long: `Check a trust policy and show what it says: who may sign what, with which keys,
and which roles must approve each type of file. All problems are reported at
once, each with line and column. It is a finding if the policy has expired, or
needs more people than will have valid keys at the same time.

The output shows the digest in hex and as words. Write it down: other commands
take it as --policy-digest.`,
		Example:           `  ceremony policy check policy.json`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("json"),
		RunE: func(_ *cobra.Command, args []string) error {
			return runPolicyCheck(opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runPolicyCheck(opts policyCheckOptions, name string, deps deps) error {
	data, err := readArgument(name, nil)
	if err != nil {
		return err
	}
	policy, err := approval.ParsePolicy(name, data)
	if err != nil {
		return err
	}
	if opts.Format.value == "json" {
		if err := writeJSON(deps.Out, policyJSON(policy, data)); err != nil {
			return err
		}
	} else {
		writePolicy(deps, policy, data)
	}
	if err := policy.CanBeMet(time.Now()); err != nil {
		return findings("%s: %v", name, err)
	}
	return nil
}

// policyAnswer is the answer of "policy check" for programs. The policy itself
// is JSON already.
type policyAnswer struct {
	SHA256  string    `json:"sha256"`
	Words   []string  `json:"words"`
	Version int       `json:"version"`
	Expires time.Time `json:"expires"`
	People  int       `json:"people"`
	Demands []string  `json:"demands"`
}

func policyJSON(p *approval.Policy, data []byte) policyAnswer {
	sum := sha256.Sum256(data)
	a := policyAnswer{SHA256: p.SHA256(), Words: term.Words(sum[:]), Version: p.Version, Expires: p.Expires, People: len(p.People), Demands: []string{}}
	for _, rule := range p.Rules {
		a.Demands = append(a.Demands, rule.For.Rule())
	}
	return a
}

// writePolicy shows a policy to people.
func writePolicy(deps deps, p *approval.Policy, data []byte) {
	w := deps.Out
	fmt.Fprintf(w, "trust policy, version %d, expires %s\n", p.Version, p.Expires.Format(time.RFC3339))
	showDigest(w, data)
	for _, rule := range p.Rules {
		printRow(w, "needs", ruleText(p, rule))
	}
	for _, pair := range p.Separation {
		printRow(w, "apart", pair[0]+" and "+pair[1])
	}
	for _, person := range p.People {
		var roles []string
		for _, r := range p.Roles {
			for _, id := range r.Members {
				if id == person.ID {
					roles = append(roles, r.Name)
				}
			}
		}
		if roles == nil {
			roles = []string{"no role"}
		}
		printRow(w, "person", person.Name()+": "+strings.Join(roles, ", "))
		for _, k := range person.Keys {
			printRow(w, "", "key "+keyText(k))
		}
	}
}

func ruleText(p *approval.Policy, rule approval.Rule) string {
	var parts []string
	for _, name := range rule.Roles {
		for _, r := range p.Roles {
			if r.Name == name {
				parts = append(parts, fmt.Sprintf("%d of %d as %s", r.Threshold, len(r.Members), r.Name))
			}
		}
	}
	word := " and "
	if rule.Any {
		word = " or "
	}
	text := rule.For.Rule() + ": " + strings.Join(parts, word)
	if rule.Paper {
		text += "; paper counts"
	}
	return text
}

func keyText(k approval.Key) string {
	text := k.SSH.Fingerprint() + " " + strings.Fields(k.SSH.String())[0]
	if k.UserVerified {
		text += ", with PIN or finger"
	}
	if !k.NotBefore.IsZero() {
		text += ", from " + k.NotBefore.Format(time.RFC3339)
	}
	if !k.NotAfter.IsZero() {
		text += ", until " + k.NotAfter.Format(time.RFC3339)
	}
	return text
}

func runPolicySigners(name string, deps deps) error {
	policy, err := loadPolicy(name)
	if err != nil {
		return err
	}
	_, err = deps.Out.Write(approval.AllowedSigners(policy))
	return err
}
