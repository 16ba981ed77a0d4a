// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/source"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// signOptions are the flags of "sign".
type signOptions struct {
	signerOptions
	anchorOptions
	As         string
	Review     bool
	Agree      string
	Disagree   string
	Declare    string
	Steps      string
	Recordings []string
}

// addFlags adds the flags to the command.
func (o *signOptions) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.As, "as", "", "`NAME` of the signer in the policy (required)")
	o.signerOptions.addFlags(cmd)
	o.anchorOptions.addFlags(cmd)
	cmd.Flags().BoolVar(&o.Review, "review", false, "sign as a reviewer of the closed bundle")
	cmd.Flags().StringVar(&o.Agree, "agree", "", "write and sign a statement of agreement with this `TEXT`")
	cmd.Flags().StringVar(&o.Declare, "declare", "", "how you know of the ceremony: `WHAT` is present (the default), part, recording, approved or received")
	must(cmd.RegisterFlagCompletionFunc("declare", cobra.FixedCompletions(approval.DeclaredNames(), cobra.ShellCompDirectiveNoFileComp)))
	cmd.Flags().StringVar(&o.Steps, "steps", "", "with --declare part: the first and the last step at which you were present, such as `3-9`")
	addEach(cmd, &o.Recordings, "recording", "with --declare recording: the SHA-256 `DIGEST` of a file that you watched; repeat for each")
	cmd.Flags().StringVar(&o.Disagree, "disagree", "", "write and sign a statement of dissent with this `TEXT`")
}

func newSignCommand(deps deps) *cobra.Command {
	var opts signOptions
	cmd := &cobra.Command{
		Use:   "sign BUNDLE",
		Short: "Sign the manifest of a bundle, or a statement about it",
		Long: `Sign the manifest of a bundle, or a statement about it.

Participants sign the manifest; each declares: I was present throughout except
for absences in the journal; the script was followed except for exceptions in
the journal; I compared the words of the manifest that were read aloud; to my
knowledge this record is true.

Those who cannot declare that write a statement instead, with --declare:

  part        I was present from one step to another
  recording   I watched the recording and was not present
  approved    I approved the plan and was absent
  received    I received the bundle and verified it

A statement counts toward no threshold. "verify" compares it with the record.

The command verifies the bundle first, and refuses to sign if that fails. Where
the attendance lists say otherwise than you, it says so before you sign. Give
the digest from your own paper with --manifest. With --policy the key must
belong to NAME in that trust policy.

Reviewers sign later with --review, or add a statement with --agree TEXT. To
disagree, use --disagree TEXT; this works also when the bundle does not verify.

` + signerHelp + `ceremony-manifest-v1 BUNDLE/MANIFEST`,
		Example: `  ceremony sign bundle --as bob --key ~/.ssh/id_ed25519_sk --manifest DIGEST
  ceremony sign bundle --as dana --key dana --review --policy policy.json
  ceremony sign bundle --as carol --key carol --declare part --steps 3-9
  ceremony sign bundle --as bob --key bob --disagree TEXT`,
		Args:              exactly("BUNDLE"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSign(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *signOptions) check() error {
	switch {
	case o.As == "":
		return usage("add --as with your name as the policy calls you", "--as is missing")
	case !approval.IsName(o.As):
		return usage("lower-case letters, digits and hyphens", "--as: %q is not a name", o.As)
	case !o.given():
		return usage("add --key FILE, --agent FILE.pub or --signature FILE", "nothing to sign with")
	case o.statement() && o.Signature != "":
		return usage("only the manifest and a --review can be signed by hand", "--signature does not go with a statement: --agree, --disagree or --declare")
	}
	if err := o.signerOptions.check(); err != nil {
		return err
	}
	if err := o.checkDeclaration(); err != nil {
		return err
	}
	return oneOfFlags(flagSet{"--review", o.Review}, flagSet{"--agree", o.Agree != ""}, flagSet{"--disagree", o.Disagree != ""})
}

func (o *signOptions) statement() bool {
	return o.Agree != "" || o.Disagree != "" || o.declared() != nil
}

// checkDeclaration checks the flags that say how the signer knows of the ceremony.
func (o *signOptions) checkDeclaration() error {
	if o.Declare != "" && !slices.Contains(approval.DeclaredNames(), o.Declare) {
		return usage("one of "+source.Among(o.Declare, approval.DeclaredNames()), "--declare: %q is unknown", o.Declare)
	}
	from, to, both := strings.Cut(o.Steps, "-")
	part, recording := o.Declare == string(approval.DeclaredPart), o.Declare == string(approval.DeclaredRecording)
	switch {
	case part != (o.Steps != ""), part && (!both || from == "" || to == ""):
		return usage("as in --declare part --steps 3-9", "--steps goes with --declare part, and names the first and the last step")
	case recording != (len(o.Recordings) > 0):
		return usage("as in --declare recording --recording DIGEST", "--recording goes with --declare recording, and gives the SHA-256 of what you watched")
	case o.declared() != nil && o.Review:
		return usage("sign twice: once with --review, once with --declare", "--review does not go with --declare %s", o.Declare)
	}
	for i, text := range o.Recordings {
		sum, err := flagDigest("--recording", text)
		if err != nil {
			return err
		}
		o.Recordings[i] = sum
	}
	return nil
}

// declared is what a statement declares; nil where the manifest is signed.
func (o *signOptions) declared() *approval.Declaration {
	if o.Declare == "" || o.Declare == approval.DeclaredNames()[0] {
		return nil
	}
	from, to, _ := strings.Cut(o.Steps, "-")
	return &approval.Declaration{What: approval.Declared(o.Declare), From: from, To: to, Recordings: o.Recordings}
}

func runSign(ctx context.Context, opts signOptions, bundle string, deps deps) error {
	if err := opts.check(); err != nil {
		return err
	}
	if err := needsBundle(bundle); err != nil {
		return err
	}
	if err := opts.found(); err != nil {
		return err
	}
	manifest, err := opts.readManifest(ctx, bundle, deps)
	if err != nil {
		return err
	}
	r := approval.SignRequest{Namespace: approval.ManifestDeclaration, Object: manifest}
	out := filepath.Join(bundle, "signatures", "MANIFEST."+opts.As+".sig")
	var statement string
	switch {
	case opts.statement():
		statement = filepath.Join(bundle, "attestations", opts.As+".json")
		out, r.Namespace = statement+".sig", approval.Review
		if r.Object, err = opts.attestation(manifest); err != nil {
			return err
		}
	case opts.Review:
		out, r.Namespace = filepath.Join(bundle, "signatures", "MANIFEST."+opts.As+"."+string(approval.Review)+".sig"), approval.Review
	}
	const hint = "each person signs once; a signature is never replaced"
	if err := absent(hint, out, statement); err != nil {
		return err
	}
	data, err := opts.signed(ctx, r, deps)
	if err != nil {
		return err
	}
	if statement != "" {
		if err := writeNew(statement, r.Object, hint); err != nil {
			return err
		}
	}
	if err := writeNew(out, data, hint); err != nil {
		return err
	}
	fmt.Fprintln(deps.Out, out)
	_, err = os.Stat(plan.PolicyIn(bundle))
	showNext(deps.Err, []plan.NextCommand{{Why: "see whether all have signed who have to", Line: plan.Commands{Bundle: bundle, Approval: err == nil}.Verify()}})
	return nil
}

// readManifest verifies the bundle and shows the digest that is about to be
// signed. Only a statement can be about a bundle that does not verify.
func (o *signOptions) readManifest(ctx context.Context, bundle string, deps deps) ([]byte, error) {
	anchor, err := o.options()
	if err != nil {
		return nil, err
	}
	v, err := verifyBundle(ctx, bundle, anchor)
	if err != nil {
		return nil, err
	}
	defer func() { _ = v.Close() }() // it was only read
	v.Unsigned = nil                 // that is what signing is for
	a := newAnswer(v, true, false)
	if err := a.err(bundle); err != nil && !o.statement() {
		writeAnswer(deps.Out, a)
		if a.ManifestSHA256 == "" { // there is nothing to sign yet
			return nil, withHint(err, "nothing was signed; %s", a.completes(bundle))
		}
		return nil, withHint(err, "nothing was signed; to say so in your own words, use --disagree TEXT")
	}
	data, err := v.ReadFile(transcripts.ManifestPath, source.MaxFile)
	if err != nil {
		return nil, fmt.Errorf("reading manifest: %w", err)
	}
	if d := o.declared(); d != nil && d.What == approval.DeclaredPart && len(v.Records) > 0 && !v.HadSteps(d.From, d.To) {
		return nil, usage(itsSteps(v.History.Steps), "--steps %s: the ceremony had no such steps in this order; nothing was signed", o.Steps)
	}
	showManifest(deps, v, data)
	return data, o.doubted(ctx, v, deps)
}

// doubted says before anything is signed where the record does not bear out what the
// person declares, as "verify" will say first of all from then on; at a terminal it asks
// for one word. A review, and a statement in somebody's own words, declare nothing.
func (o *signOptions) doubted(ctx context.Context, v *verify.Verdict, deps deps) error {
	if o.Review || o.statement() && o.declared() == nil {
		return nil
	}
	doubts := v.Doubts(o.As, o.declared())
	for _, text := range doubts {
		fmt.Fprintln(deps.Err, term.Wrap("THE RECORD SAYS OTHERWISE: "+text+".", 80))
	}
	if len(doubts) == 0 {
		return nil
	}
	fmt.Fprintln(deps.Err, term.Wrap("If you sign, every verdict and report begins with that. If you were not there, or not throughout, say so with --declare.", 80))
	return oneWord(ctx, "sign", "Type SIGN to declare it nevertheless, anything else to stop: ", deps)
}

// oneWord asks people at a terminal for a word before something is signed. Where nobody
// can be asked, what they typed has to do.
func oneWord(ctx context.Context, word, prompt string, deps deps) error {
	if !term.IsTerminal(deps.In) {
		return nil
	}
	t, err := deps.Terminal(ctx)
	if err != nil {
		return err
	}
	defer t.Close() //nolint:errcheck // ssh-keygen may want it next
	answer, err := t.Ask(prompt)
	if err != nil {
		return err
	}
	if !strings.EqualFold(strings.TrimSpace(answer), word) {
		return &exitError{status: exitStopped, err: errors.New("stopped; nothing was signed")}
	}
	return nil
}

// itsSteps says which steps a ceremony had; one that people abandoned may have none.
func itsSteps(steps []*history.Step) string {
	if len(steps) == 0 {
		return "it was ended before its first step"
	}
	return fmt.Sprintf("its steps are from %s to %s; the report lists them", steps[0].Step, steps[len(steps)-1].Step)
}

func showManifest(deps deps, v *verify.Verdict, manifest []byte) {
	if v.Mode == event.Rehearsal {
		fmt.Fprintln(deps.Err, "REHEARSAL. Its keys and signatures mean nothing.")
	}
	printRow(deps.Err, "ceremony", fmt.Sprintf("%s (%s)", v.Title, v.Ceremony))
	printRow(deps.Err, "file", transcripts.ManifestPath)
	showDigest(deps.Err, manifest)
}

// attestation writes the statement.
func (o *signOptions) attestation(manifest []byte) ([]byte, error) {
	sum := sha256.Sum256(manifest)
	data, err := approval.NewAttestation(approval.Attestation{
		Manifest: hex.EncodeToString(sum[:]), Disagree: o.Disagree != "", Text: cmp.Or(o.Disagree, o.Agree), Declaration: o.declared(),
	})
	if err != nil {
		return nil, usage("plain text, without control characters", "the statement cannot be written: %v", err)
	}
	return data, nil
}

// signed gets the signature; with a policy it must be one of the named person.
func (o *signOptions) signed(ctx context.Context, r approval.SignRequest, deps deps) ([]byte, error) {
	if o.Policy != "" {
		policy, err := loadPolicy(o.Policy)
		if err != nil {
			return nil, err
		}
		r.Policy = policy
	}
	declares := r.Namespace.Declaration()
	if d := o.declared(); d != nil {
		declares = d.Says()
	}
	fmt.Fprintln(deps.Err, term.Wrap("You declare: "+declares+".", 80))
	o.introduce(ctx, deps.Err, r.Policy)
	data, key, err := o.sign(ctx, r, deps.Err)
	if err != nil {
		return nil, err
	}
	if r.Policy != nil {
		if person, _ := r.Policy.Owner(key); person.ID != o.As {
			return nil, fmt.Errorf("the key belongs to %s, not to %s", person.ID, o.As)
		}
	}
	return data, nil
}
