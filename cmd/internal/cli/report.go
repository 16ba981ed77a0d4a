// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
)

// reportOptions are the flags of "report".
type reportOptions struct {
	anchorOptions
	Out   string
	Annex string
}

// addFlags adds the flags to the command.
func (o *reportOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Out, "out", "new `FILE` for the report", "html")
	addFolder(cmd, &o.Annex, "annex", "new `DIR` for the auditor's annex, in CSV and JSON")
	o.anchorOptions.addFlags(cmd)
}

func newReportCommand(deps deps) *cobra.Command {
	var opts reportOptions
	cmd := &cobra.Command{
		Use:   "report BUNDLE",
		Short: "Write the report of a bundle, with the verdict",
		Long: `Verify a bundle and write its report, with the verdict, as one HTML page.

The report inside a bundle shows the record without a verdict: a report inside
the bundle cannot vouch for it. This one is written outside the bundle by your
own copy of the program, and gives the same verdict as "ceremony verify". Status
0 does not tell whether there was an anchor; the page does.

--annex writes the whole record as populations for audit sampling: steps,
signatures, keys, logins, approvals, attendance, deviations, evidence and
certificates. Each is a CSV file; annex.json contains all of them and the
verdict. Every row names its line of the journal. In CSV, an apostrophe precedes
any text that a spreadsheet would take for a formula.`,
		Example: `  ceremony report bundle --out report.html
  ceremony report bundle --annex annex-1`,
		Args:              exactly("BUNDLE"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runReport(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runReport(ctx context.Context, opts reportOptions, bundle string, deps deps) error {
	if opts.Out == "" && opts.Annex == "" {
		return usage("add --out FILE or --annex DIR, outside of the bundle", "--out is missing")
	}
	anchor, err := opts.from(bundle)
	if err != nil {
		return err
	}
	v, err := verifyBundle(ctx, bundle, anchor)
	if err != nil {
		return err
	}
	defer func() { _ = v.Close() }() // it was only read
	answer := newAnswer(v, true, false)
	if opts.Out != "" {
		if err := writeReport(v, opts.Out); err != nil {
			return err
		}
		fmt.Fprintln(deps.Out, opts.Out)
	}
	if opts.Annex != "" {
		if err := writeAnnex(v, bundle, opts.Annex); err != nil {
			return err
		}
		fmt.Fprintln(deps.Out, opts.Annex)
	}
	// They are written in any case; the status tells the verdict.
	return answer.err(bundle)
}

// writeReport writes the report with the verdict into a new file.
func writeReport(v *verify.Verdict, name string) error {
	page, err := transcripts.ReportWithVerdict(v.Verdict, "ceremony "+readBuild().Version, after(v))
	if err != nil {
		return fmt.Errorf("rendering the report: %w", err)
	}
	if err := artifact.WriteFile(name, page, 0o644); err != nil {
		return withHint(err, "name a new file with --out FILE")
	}
	return nil
}
