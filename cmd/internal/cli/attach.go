// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/internal/source"
	"rootceremony/transcripts"
)

// attachOptions are the flags of "attach".
type attachOptions struct {
	What     string
	By       string
	Step     string
	Key      string
	External bool
}

// addFlags adds the flags to the command.
func (o *attachOptions) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.What, "what", "", "`TEXT` that describes the evidence (required)")
	cmd.Flags().StringVar(&o.By, "by", "", "`NAME` of the person who adds it (required)")
	cmd.Flags().StringVar(&o.Step, "step", "", "`NUMBER` of the step that it belongs to")
	cmd.Flags().StringVar(&o.Key, "key", "", "`KEY` that it is about: its name in the ceremony file, or the SHA-256 of its public key")
	cmd.Flags().BoolVar(&o.External, "external", false, "record only the digests: for videos and other large files")
}

func newAttachCommand(deps deps) *cobra.Command {
	var opts attachOptions
	cmd := &cobra.Command{
		Use:   "attach BUNDLE FILE",
		Short: "Add late evidence to a closed bundle",
		Long: `Add late evidence to a closed bundle: scans of the signed script, videos, logs
of the HSM.

The command copies FILE to evidence-late/ under the next number and writes a
record: its digests, a description, who added it and which step it belongs to.
Each record contains the digest of the one before. No signed file changes.

With --key it belongs to a key of the ceremony, such as an attestation that the
vendor's tool made for it. verify and the report then say "attached, not
verified": this program does not look into it.

An exhibit proves nothing by itself. To vouch for one, sign its record with
ssh-keygen in the namespace ceremony-review-v1, and save the signature as
evidence-late/NNN.json.NAME.sig.`,
		Example: `  ceremony attach bundle scan.pdf --what script --by dana --step 14
  ceremony attach bundle camera-1.mp4 --what video --by dana --external
  ceremony attach bundle root.p7b --what attestation --by dana --key root-x1`,
		Args:              exactly("BUNDLE", "FILE"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runAttach(cmd.Context(), opts, args[0], args[1], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func (o *attachOptions) check() error {
	switch {
	case strings.TrimSpace(o.What) == "":
		return usage("add --what TEXT, such as 'scan of the signed script'", "--what is missing")
	case o.By == "":
		return usage("add --by with your name", "--by is missing")
	case !approval.IsName(o.By):
		return usage("lower-case letters, digits and hyphens", "--by: %q is not a name", o.By)
	}
	return nil
}

// runAttach verifies the record first: evidence for one that is invalid would only
// hide that.
func runAttach(ctx context.Context, opts attachOptions, bundle, name string, deps deps) error {
	if err := opts.check(); err != nil {
		return err
	}
	if err := needsBundle(bundle); err != nil {
		return err
	}
	v, err := transcripts.Verify(bundle, transcripts.VerifyOptions{Limits: artifact.DefaultLimits()})
	if err != nil {
		return err
	}
	defer func() { _ = v.Close() }() // it was only read
	c := plan.Commands{Bundle: bundle}
	switch {
	case len(v.Problems) > 0:
		return withHint(findings("%s is invalid: %s", bundle, v.Problems[0]), "nothing was added; this command says more:\n  %s", c.VerifyAlone())
	case v.ManifestSHA256 == "":
		c.Site = siteBeside(bundle, v.History.Site())
		return withHint(findings("%s is not closed", bundle), "nothing was added; %s", run.Ways(c, v.History.Opened, "")[0])
	case opts.Step != "" && !v.History.StepBegun(opts.Step):
		return usage("the script shows the step numbers", "--step: the ceremony had no step %q", opts.Step)
	}
	var about string
	if opts.Key != "" {
		key := v.History.KeyNamed(opts.Key)
		if key == nil {
			return usage("a name of keys: in the ceremony file, or an SPKI SHA-256 of the report", "--key: the ceremony had no key %q", opts.Key)
		}
		about = key.SPKISHA256
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	file, err := source.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	e, err := transcripts.Attach(bundle, v, transcripts.Exhibit{
		File: plainName(name), External: opts.External, What: opts.What, Step: opts.Step, Key: about, By: opts.By,
		Added: deps.Now().UTC().Format(time.RFC3339),
	}, file)
	if err != nil {
		return err
	}
	fmt.Fprintf(deps.Out, "%s\n", filepath.Join(bundle, filepath.FromSlash(transcripts.ExhibitPath(e.Number))))
	return nil
}

// plainName writes the name of a file in the characters that paths of a bundle allow.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, filepath.Base(name))
}
