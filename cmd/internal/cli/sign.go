// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/source"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// signOptions are the flags of "sign".
type signOptions struct {
	signerOptions
	anchorOptions
	As       string
	Review   bool
	Agree    string
	Disagree string
}

// addFlags adds the flags to the command.
func (o *signOptions) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.As, "as", "", "`NAME` of the signer in the policy (required)")
	o.signerOptions.addFlags(cmd)
	o.anchorOptions.addFlags(cmd)
	cmd.Flags().BoolVar(&o.Review, "review", false, "sign as a reviewer of the closed bundle")
	cmd.Flags().StringVar(&o.Agree, "agree", "", "write and sign a statement of agreement with this `TEXT`")
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

The command verifies the bundle first, and refuses to sign if that fails. Give
the digest from your own paper with --manifest. With --policy the key must
belong to NAME in that trust policy.

Reviewers sign later with --review, or add a statement with --agree TEXT. To
disagree, use --disagree TEXT; this works also when the bundle does not verify.

` + signerHelp + `ceremony-manifest-v1 BUNDLE/MANIFEST`,
		Example: `  ceremony sign bundle --as bob --key ~/.ssh/id_ed25519_sk --manifest DIGEST
  ceremony sign bundle --as dana --key dana --review --policy policy.json
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
		return usage("only the manifest and a --review can be signed by hand", "--signature does not go with --agree or --disagree")
	}
	if err := o.signerOptions.check(); err != nil {
		return err
	}
	return oneOfFlags(flagSet{"--review", o.Review}, flagSet{"--agree", o.Agree != ""}, flagSet{"--disagree", o.Disagree != ""})
}

func (o *signOptions) statement() bool { return o.Agree != "" || o.Disagree != "" }

func runSign(ctx context.Context, opts signOptions, bundle string, deps deps) error {
	if err := opts.check(); err != nil {
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
		return nil, withHint(err, "nothing was signed; to say so in your own words, use --disagree TEXT")
	}
	data, err := v.ReadFile(transcripts.ManifestPath, source.MaxFile)
	if err != nil {
		return nil, fmt.Errorf("reading manifest: %w", err)
	}
	showManifest(deps, v, data)
	return data, nil
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
		Manifest: hex.EncodeToString(sum[:]), Disagree: o.Disagree != "", Text: cmp.Or(o.Disagree, o.Agree),
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
	fmt.Fprintln(deps.Err, term.Wrap("You declare: "+r.Namespace.Declaration()+".", 80))
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
