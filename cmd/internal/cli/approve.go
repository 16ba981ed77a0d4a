// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/term"
)

// approveOptions are the flags of "approve".
type approveOptions struct {
	signerOptions
	Policy string
	Digest string
	As     choice
	Out    string
	Format choice
}

// meaningByName says that the name of the file tells what it is.
const meaningByName = "by-name"

// addFlags adds the flags to the command.
func (o *approveOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Policy, "policy", "trust policy in `FILE` (required)", "json")
	addOnce(cmd, &o.Digest, "policy-digest", "`DIGEST` of the policy from paper, in hex or as words")
	o.signerOptions.addFlags(cmd)
	o.As = newChoice(meaningByName, "plan", "site", "profile", "policy")
	o.As.addFlag(cmd, "as", "what FILE is")
	addFolder(cmd, &o.Out, "out", "`DIR` for the signatures (default the folder of FILE)")
	addFormat(cmd, &o.Format)
}

func newApproveCommand(deps deps) *cobra.Command {
	var opts approveOptions
	cmd := &cobra.Command{
		Use:   "approve FILE...",
		Short: "Approve a plan, site, profile or policy, or check approvals",
		Long: `Approve a plan, a site, a profile or a trust policy by signing it, or check
whether enough people have approved.

With --key, --agent or --signature the command adds one approval: it checks that
the signature verifies under a key of the policy and writes it to FILE.NAME.sig.
Without them it checks the signatures beside each FILE. The file name tells what
is approved: plan.json, site.json or NAME.profile.json. Use --as for others. A
folder means all of these in it; at a terminal one question is asked before
they are signed.

A policy cannot vouch for itself: give its digest from paper, --policy-digest.
Without it the approvals are "unanchored", and a check ends with status 3.

` + signerHelp + `ceremony-plan-approval-v1 plan.json`,
		Example: `  ceremony approve plan-1/plan.json --policy policy.json --key ~/.ssh/id_ed25519
  ceremony approve plan-1 --policy policy.json --agent card.pub
  ceremony approve plan-1 --policy policy.json --policy-digest DIGEST`,
		Args:              atLeastOne("FILE"),
		ValidArgsFunction: completeFiles("json"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runApprove(cmd.Context(), opts, args, deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

// approvals is what "approve" has read.
type approvals struct {
	files    []approvable
	policy   *approval.Policy
	anchored bool
}

// approvable is a file that people approve.
type approvable struct {
	name      string // without its folder
	in        string // its folder
	folder    string // of its signatures
	object    []byte
	namespace approval.Namespace
}

func runApprove(ctx context.Context, opts approveOptions, names []string, deps deps) error {
	a, err := opts.read(names)
	if err != nil {
		return err
	}
	if opts.given() {
		if err := a.approve(ctx, opts, deps); err != nil {
			return err
		}
	}
	verdicts, err := a.verdicts()
	if err != nil {
		return err
	}
	if opts.Format.value == "json" {
		err = writeJSON(deps.Out, a.answer(verdicts))
	} else {
		err = a.write(deps.Out, verdicts, opts.given())
	}
	if err != nil {
		return err
	}
	if err := a.err(verdicts); err != nil && !opts.given() {
		return err // that others have yet to approve is no error for a person who has
	}
	a.showNext(opts, len(unapproved(verdicts)) == 0, deps)
	return nil
}

// showNext says what comes after the approvals of a plan.
func (a *approvals) showNext(opts approveOptions, done bool, deps deps) {
	for _, f := range a.files {
		p, err := plan.Decode(f.object)
		if f.namespace != approval.PlanApproval || err != nil {
			continue
		}
		c := plan.Commands{Plan: f.in, Policy: opts.Policy}
		if a.anchored {
			c.PolicyDigest = a.policy.SHA256()
		}
		c = c.Near(p, sha256.Sum256(f.object))
		next := c.Ahead(true)
		if done {
			next = next[len(next)-1:]
		} else if opts.given() && len(next) > 1 {
			next[0].Why = "the others who approve run"
		}
		fmt.Fprintln(deps.Err)
		showNext(deps.Err, next)
	}
}

// read reads what is approved and by which policy.
func (o *approveOptions) read(names []string) (*approvals, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Policy == "" {
		return nil, usage("add --policy FILE; ceremony policy init --help says how to write one", "--policy is missing")
	}
	names, err := o.inFolders(names)
	if err != nil {
		return nil, err
	}
	if o.Signature != "" && len(names) > 1 {
		return nil, usage("give one FILE with it", "--signature fits one file only")
	}
	a := &approvals{}
	for _, name := range names {
		if len(names) > 1 && o.As.value == meaningByName && approval.IsSupporting(filepath.Base(name)) {
			continue // as in plan-1/*.json
		}
		f, err := o.file(name)
		if err != nil {
			return nil, err
		}
		a.files = append(a.files, f)
	}
	if len(a.files) == 0 {
		return nil, usage("name plan.json, site.json or NAME.profile.json", "none of these files is one to approve")
	}
	if err := o.readPolicy(a); err != nil {
		return nil, err
	}
	for _, f := range a.files {
		if !a.policy.Demands(f.namespace) {
			return nil, findings("%s has no rule for a %s: nobody can approve one", o.Policy, f.namespace.Rule())
		}
	}
	return a, nil
}

// file reads one file that is approved.
func (o *approveOptions) file(name string) (approvable, error) {
	f := approvable{name: filepath.Base(name), in: filepath.Dir(name), folder: cmp.Or(o.Out, filepath.Dir(name))}
	known := true
	if o.As.value == meaningByName {
		f.namespace, known = approval.NamespaceOfFile(f.name)
	} else {
		f.namespace, _ = approval.NamespaceOf(o.As.value)
	}
	if _, err := os.Stat(name); err == nil && !known { // what is not there has no other name
		return f, usage("add --as plan, site, profile or policy", "the name %s does not tell what the file is", f.name)
	}
	var err error
	f.object, err = readArgument(name, nil)
	return f, err
}

// readPolicy reads the policy and compares it with its digest from paper.
func (o *approveOptions) readPolicy(a *approvals) error {
	var err error
	if a.policy, err = loadPolicy(o.Policy); err != nil || o.Digest == "" {
		return err
	}
	sum, err := flagDigest("--policy-digest", o.Digest)
	if err != nil {
		return err
	}
	if a.anchored = sum == a.policy.SHA256(); !a.anchored {
		return findings("%s does not have the digest given with --policy-digest", o.Policy)
	}
	return nil
}

// approve gets a signature on each file and writes it.
func (a *approvals) approve(ctx context.Context, opts approveOptions, deps deps) error {
	if err := a.policy.CheckAt(time.Now()); err != nil {
		return findings("%s: %v", opts.Policy, err)
	}
	if err := opts.found(); err != nil {
		return err
	}
	if err := a.refused(ctx, opts); err != nil {
		return err
	}
	if len(a.files) == 1 {
		a.files[0].show(deps.Err)
		opts.introduce(ctx, deps.Err, a.policy)
	} else if err := a.agreed(ctx, opts, deps); err != nil {
		return err
	}
	for _, f := range a.files {
		if err := f.approve(ctx, opts, a.policy, deps); err != nil {
			return err
		}
	}
	return nil
}

// twice is the hint where somebody has signed already.
const twice = "each person counts once; to replace a signature, first move the old file away"

// refused says before anybody reads and agrees that their key cannot approve, or has. Of a
// key that ssh-keygen cannot read, and of a signature by hand, the signature says it.
func (a *approvals) refused(ctx context.Context, opts approveOptions) error {
	key := cmp.Or(opts.Key, opts.Agent)
	if key == "" {
		return nil
	}
	print, _ := approval.FingerprintOf(ctx, approval.Exec(io.Discard), key)
	if print == "" {
		return nil
	}
	for _, f := range a.files {
		person, err := a.policy.Approver(print, f.namespace)
		if err != nil {
			return err
		}
		if err := absent(twice, f.signature(person)); err != nil {
			return err
		}
	}
	return nil
}

// signature is where the approval of a person is written.
func (f *approvable) signature(p approval.Person) string {
	return filepath.Join(f.folder, approval.SignatureFile(f.name, p.ID))
}

// show shows what is about to be signed.
func (f *approvable) show(w io.Writer) {
	fmt.Fprintf(w, "You approve: %s.\n", f.namespace.Declaration())
	if title := f.title(); title != "" {
		printRow(w, "ceremony", title)
	}
	printRow(w, "file", f.name)
	showDigest(w, f.object)
}

// approve gets the signature and writes it.
func (f *approvable) approve(ctx context.Context, opts approveOptions, policy *approval.Policy, deps deps) error {
	r := approval.SignRequest{Namespace: f.namespace, Object: f.object, Policy: policy}
	data, key, err := opts.sign(ctx, r, deps.Err)
	if err != nil {
		return err
	}
	person, _ := policy.Owner(key)
	out := f.signature(person)
	if err := writeNew(out, data, twice); err != nil {
		return err
	}
	fmt.Fprint(deps.Err, fitted(fmt.Sprintf("%s has signed:\n  %s\n", person.Name(), out), term.WidthOf(deps.Err)))
	return nil
}

// title is what a plan calls itself, to be recognized.
func (f *approvable) title() string {
	if f.namespace != approval.PlanApproval {
		return ""
	}
	p, err := plan.Decode(f.object)
	if err != nil || p.Ceremony.ID == "" {
		return ""
	}
	return fmt.Sprintf("%q (%q)", p.Ceremony.Title, p.Ceremony.ID)
}
