// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/internal/approval"
)

// ApproveOptions are the flags of "approve".
type ApproveOptions struct {
	SignerOptions
	Policy string
	Digest string
	As     choice
	Out    string
	Format choice
}

// meaningByName stands for the name of the file.
const meaningByName = "by-name"

// AddFlags adds the flags to the command.
func (o *ApproveOptions) AddFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Policy, "policy", "trust policy in `FILE` (required)", "json")
	cmd.Flags().StringVar(&o.Digest, "policy-digest", "", "`DIGEST` of the policy from paper, in hex or words")
	o.SignerOptions.AddFlags(cmd)
	o.As = newChoice(meaningByName, "plan", "site", "profile", "policy")
	o.As.addFlag(cmd, "as", "what is approved")
	addFolder(cmd, &o.Out, "out", "`DIR` of the signatures (default the folder of FILE)")
	addFormat(cmd, &o.Format)
}

func newApproveCommand(deps deps) *cobra.Command {
	var opts ApproveOptions
	cmd := &cobra.Command{
		Use:   "approve FILE",
		Short: "Approve a plan, a site, a profile or a policy, or check that",
		Long: `Approve a plan, a site, a profile or a policy by signing it, or check whether
enough people have.

With --key, --agent or --signature a person approves: the signature is verified,
must be by a key of the policy, and is written as FILE.NAME.sig. Without them
the signatures beside FILE are judged. What is approved follows from the name of
the file, plan.json or site.json; for others --as says it.

A policy cannot vouch for itself. Give its digest as it stands on paper. Without
it, an approval is "unanchored", which is status 3 when approvals are judged.

` + signerHelp + `ceremony-plan-approval-v1 plan.json`,
		Example: `  ceremony approve plan-1/plan.json --policy policy.json --key ~/.ssh/id_ed25519
  ceremony approve plan-1/plan.json --policy policy.json --policy-digest DIGEST
  ceremony approve root.json --as profile --policy policy.json --agent card.pub`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("json"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runApprove(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.AddFlags(cmd)
	return cmd
}

// approvalCase is what "approve" has read.
type approvalCase struct {
	name      string // of the file, without its folder
	folder    string
	object    []byte
	namespace approval.Namespace
	policy    *approval.Policy
	anchored  bool
}

func runApprove(ctx context.Context, opts ApproveOptions, file string, deps deps) error {
	c, err := opts.read(file)
	if err != nil {
		return err
	}
	if opts.given() {
		if err := c.approve(ctx, opts, deps); err != nil {
			return err
		}
	}
	verdict, err := c.judge()
	if err != nil {
		return err
	}
	if opts.Format.value == "json" {
		err = writeJSON(deps.Out, c.answer(verdict))
	} else {
		err = c.write(deps.Out, verdict)
	}
	if err != nil || opts.given() {
		return err // what others still have to do is no fault of who approved
	}
	return c.err(verdict)
}

// read reads what is approved and by which policy.
func (o *ApproveOptions) read(file string) (*approvalCase, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Policy == "" {
		return nil, usage("add --policy FILE; ceremony policy init writes one", "--policy is missing")
	}
	c := &approvalCase{name: filepath.Base(file), folder: cmp.Or(o.Out, filepath.Dir(file))}
	rule := o.As.value
	if rule == meaningByName {
		rule = strings.TrimSuffix(c.name, ".json")
		if c.name != approval.PlanFile && c.name != approval.SiteFile {
			return nil, usage("add --as plan, site, profile or policy", "the name of %s does not say what it is", c.name)
		}
	}
	c.namespace, _ = approval.NamespaceOf(rule)
	var err error
	if c.object, err = readArgument(file, nil); err != nil {
		return nil, err
	}
	if c.policy, err = loadPolicy(o.Policy); err != nil {
		return nil, err
	}
	if o.Digest != "" {
		sum, err := flagDigest("--policy-digest", o.Digest)
		if err != nil {
			return nil, err
		}
		if c.anchored = sum == c.policy.SHA256(); !c.anchored {
			return nil, findings("%s is not the policy whose digest was given", o.Policy)
		}
	}
	if !c.policy.Demands(c.namespace) {
		return nil, findings("%s has no rule for a %s: nobody can approve one", o.Policy, rule)
	}
	return c, nil
}

// approve shows what is about to be signed, gets the signature and writes it.
func (c *approvalCase) approve(ctx context.Context, opts ApproveOptions, deps deps) error {
	if err := c.policy.CheckAt(time.Now()); err != nil {
		return findings("%s: %v", opts.Policy, err)
	}
	fmt.Fprintf(deps.Err, "You approve: %s.\n", c.namespace.Says())
	if title := ceremonyTitle(c.object); title != "" && c.namespace == approval.PlanApproval {
		printRow(deps.Err, "ceremony", title)
	}
	printRow(deps.Err, "file", c.name)
	showDigest(deps.Err, c.object)
	r := approval.SignRequest{Namespace: c.namespace, Object: c.object, Policy: c.policy}
	data, proof, err := opts.sign(ctx, r, deps.Err)
	if err != nil {
		return err
	}
	person, _ := c.policy.Owner(proof.Key)
	out := filepath.Join(c.folder, approval.SignatureFile(c.name, person.ID))
	if err := writeNew(out, data, "people count once; move the old signature away if it is to be replaced"); err != nil {
		return err
	}
	fmt.Fprintf(deps.Err, "%s has signed: %s\n", person.Name(), out)
	return nil
}

// ceremonyTitle is what a plan calls itself, to be recognized.
func ceremonyTitle(plan []byte) string {
	var p struct {
		Ceremony struct{ ID, Title string }
	}
	if json.Unmarshal(plan, &p) != nil || p.Ceremony.ID == "" {
		return ""
	}
	return fmt.Sprintf("%q (%q)", p.Ceremony.Title, p.Ceremony.ID)
}

// judge judges the signatures in the folder.
func (c *approvalCase) judge() (approval.Verdict, error) {
	folder, err := approval.ReadFolder(os.DirFS(c.folder))
	if err != nil {
		return approval.Verdict{}, err
	}
	return approval.Judge(c.policy, folder.Case(c.name, c.object, c.namespace, time.Now())), nil
}

// approvalAnswer is the answer of "approve" for programs.
type approvalAnswer struct {
	Approved bool             `json:"approved"`
	Anchored bool             `json:"anchored"`
	Verdict  approval.Verdict `json:"verdict"`
}

func (c *approvalCase) answer(v approval.Verdict) approvalAnswer {
	return approvalAnswer{Approved: v.Approved(), Anchored: c.anchored, Verdict: v}
}

func (c *approvalCase) write(w io.Writer, v approval.Verdict) error {
	err := v.Write(w)
	if !c.anchored {
		_, more := fmt.Fprintln(w, "  policy    UNANCHORED: its digest was compared with nothing")
		err = errors.Join(err, more)
	}
	return err
}

// err is the error of an answer that is no.
func (c *approvalCase) err(v approval.Verdict) error {
	switch {
	case !v.Approved():
		return findings("%s is not approved", c.name)
	case !c.anchored:
		return withHint(findings("%s is approved by a policy that is unanchored", c.name), "add --policy-digest with the digest from paper")
	}
	return nil
}
