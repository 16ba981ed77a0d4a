// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/internal/term"
	"rootceremony/lint"
	"rootceremony/transcripts/event"
)

// planOptions are the flags of "plan".
type planOptions struct {
	Out    string
	Site   string
	Diff   string
	Format choice
}

// addFlags adds the flags to the command.
func (o *planOptions) addFlags(cmd *cobra.Command) {
	addFolder(cmd, &o.Out, "out", "write plan.json, script.html and the specimens to this new `DIR`")
	addFile(cmd, &o.Site, "site", "check this site `FILE` too, and name its devices in the script", "yaml", "yml")
	addFile(cmd, &o.Diff, "diff", "say how the plan differs from `OLD`: a ceremony file or a plan folder", "yaml", "yml")
	addFormat(cmd, &o.Format)
}

func newPlanCommand(deps deps) *cobra.Command {
	var opts planOptions
	cmd := &cobra.Command{
		Use:   "plan FILE",
		Short: "Check a ceremony file and show what it will do",
		Long: `Check a ceremony file and show what it will do. No token is touched.

The command reads all files that FILE names and builds every certificate, CRL,
request and OCSP response with throw-away keys. It lints each one at both ends
of the ceremony window and checks it against all the others. It reports all
problems at once, each with file, line and column. The output ends with the
digest of the plan, which people approve.

With --diff the command prints how the plan differs from an earlier one, and not
the plan itself: first in words, step by step, then value by value. It compares
the site files if you add --site and OLD is a plan folder with a site.json.

--out writes the plan folder that "ceremony run" needs, with the script to
print. With --site the script names the devices; without it they are left blank.
Nothing is written while there are problems.`,
		Example: `  ceremony plan ceremony.yaml
  ceremony plan ceremony.yaml --out plan-1 --site site.yaml
  ceremony plan amended.yaml --diff ceremony.yaml`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPlan(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runPlan(ctx context.Context, opts planOptions, name string, deps deps) error {
	site, err := loadSite(opts.Site)
	if err != nil {
		return err
	}
	old, err := earlierPlan(opts.Diff)
	if err != nil {
		return err
	}
	p, err := preview(ctx, name)
	if opts.Format.value == "json" {
		return writePlanJSON(p, err, old, site, deps)
	}
	if err != nil {
		return err
	}
	if err := showPlan(p, old, site, deps); err != nil {
		return err
	}
	if len(p.Problems) > 0 {
		return p.Problems
	}
	if site != nil {
		if err := p.Fits(site); err != nil {
			return withHint(err, "%s", plan.SiteHint)
		}
	}
	if opts.Out != "" {
		if err := writePlan(p, site, opts.Out); err != nil {
			return err
		}
		fmt.Fprintf(deps.Out, "\nwritten to %s\n", opts.Out)
	}
	fmt.Fprintln(deps.Out)
	typed := plan.Commands{File: name, Plan: opts.Out, Site: opts.Site}
	showNext(deps.Out, typed.Near(p.Plan, p.Digest).Ahead(false))
	return nil
}

// showPlan prints a plan, or how it differs from an earlier one.
func showPlan(p *plan.Preview, old *plan.Side, site *plan.Site, deps deps) error {
	if old == nil {
		if err := p.Write(deps.Out); err != nil {
			return fmt.Errorf("showing the plan: %w", err)
		}
		for _, note := range site.TemplateNotes() {
			fmt.Fprintf(deps.Out, "\n%s\n", term.Wrap("KEY TEMPLATE: "+note+".", columns))
		}
		return nil
	}
	c, err := compared(p, old, site)
	if err != nil {
		return err
	}
	if err := c.Write(deps.Out); err != nil {
		return fmt.Errorf("showing the difference: %w", err)
	}
	if err := p.WriteVerdict(deps.Out); err != nil {
		return fmt.Errorf("showing the plan: %w", err)
	}
	return nil
}

// writeSite writes site.json, which a policy may want approved like the plan.
func writeSite(dir *artifact.Dir, site *plan.Site) error {
	if site == nil {
		return nil
	}
	data, err := site.Canonical()
	if err != nil {
		return err
	}
	return dir.WriteFile("site.json", data)
}

// writePlan writes plan.json, site.json, the resolved profiles, the script and the
// specimens into a new folder.
func writePlan(p *plan.Preview, site *plan.Site, folder string) error {
	script, err := p.Script(site)
	if err != nil {
		return err
	}
	dir, err := artifact.NewDir(folder)
	if err != nil {
		return withHint(err, "name a folder that does not exist yet with --out DIR")
	}
	if err := dir.WriteFile("plan.json", p.Canonical); err != nil {
		return err
	}
	if err := dir.WriteFile("script.html", script); err != nil {
		return err
	}
	if err := writeSite(dir, site); err != nil {
		return err
	}
	resolved, err := p.ResolvedProfiles()
	if err != nil {
		return err
	}
	for _, o := range resolved {
		if err := dir.WriteFile(o.Name, o.Data); err != nil {
			return err
		}
	}
	for _, a := range p.Plan.Artifacts {
		der := p.Specimens.DER(a.ID)
		text, err := inspect.Text(der)
		if err != nil {
			return fmt.Errorf("showing specimen %s: %w", a.ID, err)
		}
		if err := dir.WriteFile("specimens/"+a.ID+".der", der); err != nil {
			return err
		}
		if err := dir.WriteFile("specimens/"+a.ID+".txt", []byte(text)); err != nil {
			return err
		}
	}
	return nil
}

// planJSON is the answer of "plan" for programs.
type planJSON struct {
	Ceremony   string        `json:"ceremony,omitempty"`
	PlanSHA256 string        `json:"plan_sha256,omitempty"`
	Words      []string      `json:"words,omitempty"`
	Problems   []problemJSON `json:"problems"`
	Warnings   []string      `json:"warnings"`
	Reports    []lint.Report `json:"reports"`

	Difference *plan.Comparison `json:"difference,omitempty"` // from an earlier plan
}

// problemJSON is one problem of a file.
type problemJSON struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Path     string `json:"path,omitempty"`
	Message  string `json:"message"`
	Citation string `json:"citation,omitempty"`
	Hint     string `json:"hint,omitempty"`
}

// writePlanJSON writes what is known, also of a file that could not be planned.
func writePlanJSON(p *plan.Preview, err error, old *plan.Side, site *plan.Site, deps deps) error {
	out := planJSON{Reports: []lint.Report{}, Warnings: []string{}}
	var problems source.Errors
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	if p != nil {
		problems = p.Problems
		out.Ceremony, out.PlanSHA256 = p.Plan.Ceremony.ID, hex.EncodeToString(p.Digest[:])
		out.Words = term.Words(p.Digest[:])
		out.Reports = p.Reports
		for _, w := range p.Warnings() {
			out.Warnings = append(out.Warnings, w.String())
		}
		for _, note := range site.TemplateNotes() {
			out.Warnings = append(out.Warnings, "key template: "+note)
		}
	}
	if p != nil && old != nil {
		if out.Difference, err = compared(p, old, site); err != nil {
			return err
		}
	}
	out.Problems = problemsJSON(problems)
	if err := writeJSON(deps.Out, out); err != nil {
		return err
	}
	if len(problems) > 0 {
		return findings("%s", event.Count(len(problems), "problem"))
	}
	return nil
}

func problemsJSON(problems source.Errors) []problemJSON {
	out := []problemJSON{}
	for _, e := range problems {
		out = append(out, problemJSON{e.Pos.File, e.Pos.Line, e.Pos.Column, e.Path, e.Msg, e.Citation, e.Hint})
	}
	return out
}
