// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/foreign"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/internal/term"
	"rootceremony/lint/files"
	"rootceremony/lint/format"
	"rootceremony/profiles"
	"rootceremony/transcripts/event"
)

// lintOptions are the flags of "lint".
type lintOptions struct {
	Kind              choice
	Profile           string
	Issuer            string
	Existing          string
	Previous          string
	Scope             []string
	Included          string
	Affiliate         choice
	Submitted, Signed string
	FailOn            choice
	Verbose           bool
	Rules             []string
	At                string
	Engines           []string
	Format            choice
}

// addFlags adds the flags to the command.
func (o *lintOptions) addFlags(cmd *cobra.Command) {
	o.Kind = newChoice(append([]string{""}, files.Kinds()...)...)
	cmd.Flags().Var(kindFlag{&o.Kind}, "kind", "treat objects as this `KIND` (default: guessed, and printed)")
	must(cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(files.Kinds(), cobra.ShellCompDirectiveNoFileComp)))
	addOnce(cmd, &o.Profile, "profile", "objects must match this profile exactly: `NAME or FILE`")
	addFile(cmd, &o.Issuer, "issuer", "`FILE` with issuer certificates", "pem", "der", "crt", "cer")
	addFile(cmd, &o.Existing, "existing", "`FILE` with the certificate being cross-certified", "pem", "der", "crt", "cer")
	addFile(cmd, &o.Previous, "previous", "`FILE` with the previous CRL", "pem", "der", "crl")
	cmd.Flags().StringSliceVar(&o.Scope, "scope", nil, "the root is for these `USES`: tls, smime, code-signing, private")
	must(cmd.RegisterFlagCompletionFunc("scope", cobra.FixedCompletions([]string{"tls", "smime", "code-signing", "private"}, cobra.ShellCompDirectiveNoFileComp)))
	addOnce(cmd, &o.Included, "included", "root programs included the root on this `DATE`, or new")
	o.Affiliate = choice{allowed: []string{"yes", "no"}} // or neither
	o.Affiliate.addFlag(cmd, "affiliate", "the CA is an Affiliate of its issuer (default: nobody says)")
	addOnce(cmd, &o.Submitted, "submitted", "the root is submitted to root programs on this `DATE`")
	addOnce(cmd, &o.Signed, "signed", "objects were signed at this `TIME`: a date, or as in 2027-03-15T09:30:00Z")
	o.addCommon(cmd)
}

// addCommon adds the flags that "profile check" has as well.
func (o *lintOptions) addCommon(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&o.Rules, "rules", nil, "use these rule `PACKS` instead of the default ones")
	must(cmd.RegisterFlagCompletionFunc("rules", cobra.FixedCompletions(profiles.RulePacks(), cobra.ShellCompDirectiveNoFileComp)))
	addOnce(cmd, &o.At, "at", "use the rules in force at `TIME`: a date, or as in 2027-03-15T09:30:00Z")
	cmd.Flags().StringSliceVar(&o.Engines, "engine", nil, "show only the findings of `ENGINES`: zlint, ceremony (default both)")
	o.Format = newChoice(format.Names()...)
	o.Format.addFlag(cmd, "format", "format of the output")
	o.FailOn = newChoice(format.Warning, format.Notice, format.Error) // warnings and errors are what blocks a plan
	o.FailOn.addFlag(cmd, "fail-on", "exit with status 3 on findings of at least this level")
	cmd.Flags().BoolVarP(&o.Verbose, "verbose", "v", false, "list what was not checked, suppressed and announced")
}

// kindFlag keeps the long list of kinds out of the usage line.
type kindFlag struct{ *choice }

// Type is what help texts call the value.
func (kindFlag) Type() string { return "KIND" }

// Set takes one of the kinds.
func (k kindFlag) Set(s string) error {
	if !slices.Contains(files.Kinds(), s) {
		return fmt.Errorf("must be one of: %s", strings.Join(files.Kinds(), ", "))
	}
	k.value = s
	return nil
}

func newLintCommand(deps deps) *cobra.Command {
	var opts lintOptions
	cmd := &cobra.Command{
		Use:   "lint PATH...",
		Short: "Lint profiles, ceremony files, certificates, CRLs and more",
		Long: `Lint files, and all files in folders: profiles, ceremony files, site files,
certificates, CRLs, requests and OCSP responses, in YAML, PEM or DER, of at most
16 MiB each. PATH may be - for standard input.

A profile is linted through specimens built from it, without a key; findings
point at its lines. A certificate, CRL or response is linted by the rules in
force on its own date, or on the date given with --at. With --profile it must
match that profile exactly; an object of another kind is an error. Without
--profile its kind is guessed, and the guess is printed:
  root-ca, tls-ca, constrained-tls-ca, cross-ca, smime-ca, constrained-smime-ca,
  code-signing-ca, timestamping-ca, private-ca, ocsp-responder, ca-crl,
  subscriber-crl, ocsp-response
Which documents bind an object depends on what its root is for: say so with
--scope. Without it only the rules for the object's own purpose are checked.
--rules names the rule packs instead: apple, cabf-code-signing, cabf-smime,
cabf-tls, ccadb, chrome, microsoft, mozilla and rfc5280. Some rules need facts
that no object has: --included, --submitted, --affiliate, --existing, --signed.

Files linted in one run are used together: an issuer certificate in one serves
the certificate in another. A rule that lacks information is counted as "not
checked" (listed with --verbose) and never counts as passed.`,
		Example: `  ceremony lint profiles
  ceremony lint issuing.pem --issuer root.pem --profile profiles/issuing.yaml
  ceremony lint root.crl --scope tls --issuer root.pem --previous old.crl
  ceremony lint root.pem --scope smime --included new --fail-on error
  ceremony lint - < root.der
  ceremony lint . --format sarif > lint.sarif`,
		Args: atLeastOne("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLint(cmd.Context(), opts, args, deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

// atLeastOne wants one or more arguments of that name.
func atLeastOne(name string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage(helpHint(cmd), "%s is missing", name)
		}
		return nil
	}
}

func runLint(ctx context.Context, opts lintOptions, paths []string, deps deps) error {
	found, err := files.Find(paths, stoppable{ctx, deps.In})
	if err != nil {
		return err
	}
	return lintFound(ctx, opts, found, deps)
}

// collectRarely is the garbage collector's percentage while files are linted:
// each is small and soon forgotten, and thousands of them are what CI brings.
const collectRarely = 400

// collectFrom is the heap from which it collects as often as it has to: a CRL of 16 MiB,
// which is read by three parsers, took three times as much.
const collectFrom = 512 << 20

// errNothingToLint says that a folder holds nothing of ours: a wrong path passes for
// a clean one otherwise.
var errNothingToLint = errors.New("nothing there is what lint reads")

// lintFound lints files and writes the answer.
func lintFound(ctx context.Context, opts lintOptions, found *files.Found, deps deps) error {
	defer debug.SetGCPercent(debug.SetGCPercent(collectRarely))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(collectFrom))
	o, err := opts.linter()
	if err != nil {
		return err
	}
	l, err := files.New(o)
	if err != nil {
		return usage("see ceremony lint --help", "%v", err)
	}
	report, err := l.Check(ctx, found.Files)
	if err != nil {
		return err
	}
	report.Skip(found.Skipped...)
	report.Sort()
	for _, b := range found.Bundles {
		report.Notes = append(report.Notes, b+" is a bundle; verify it with: "+plan.Commands{Bundle: b}.Verify())
	}
	report.Verbose, report.FailOn = opts.Verbose, opts.FailOn.value
	report.Tool.Name, report.Tool.Version = "ceremony", readBuild().Version
	if err := writeLint(deps.Out, term.WidthOf(deps.Out), opts.Format.value, report); err != nil {
		return err
	}
	if len(report.Targets) == 0 && len(found.Bundles) == 0 {
		return withHint(errNothingToLint, "name the files themselves; --verbose lists what was skipped, and why")
	}
	if n := report.Failing(); n > 0 {
		return findings("%s", event.Count(n, "finding"))
	}
	return nil
}

// linter turns flags into options of the linter.
func (o *lintOptions) linter() (files.Options, error) {
	out := files.Options{
		Kind: o.Kind.value, Rules: o.Rules, Engines: o.Engines, Now: time.Now(), Rand: rand.Reader, Planner: planner{},
	}
	var err error
	for _, s := range o.Scope {
		out.Scope = append(out.Scope, profiles.RootScope(s))
	}
	if is := o.Affiliate.value == "yes"; o.Affiliate.value != "" {
		out.Affiliate = &is
	}
	out.Included = o.Included
	if o.Included != "" && o.Included != profiles.IncludedNew {
		if _, err := moment(o.Included); err != nil {
			return out, err
		}
	}
	for _, f := range []struct {
		text string
		to   *time.Time
	}{{o.At, &out.At}, {o.Submitted, &out.Submitted}, {o.Signed, &out.Signed}} {
		if *f.to, err = moment(f.text); err != nil {
			return out, err
		}
	}
	if out.Profile, err = namedProfile(o.Profile); err != nil {
		return out, err
	}
	if out.Issuers, err = certificates("issuer", o.Issuer); err != nil {
		return out, err
	}
	existing, err := certificates("existing", o.Existing)
	if err != nil {
		return out, err
	}
	if len(existing) > 1 {
		return out, usage("", "%s contains %d certificates; --existing takes one", o.Existing, len(existing))
	}
	if len(existing) == 1 {
		out.Existing = existing[0]
	}
	out.Previous, err = previousCRL(o.Previous)
	return out, err
}

// firstYear is the first that a UTCTime can have (RFC 5280 4.1.2.5.1).
const firstYear = 1950

// moment reads a day, which begins at midnight UTC, or a time; zero for none.
func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		t, err := time.Parse(layout, s)
		switch {
		case err != nil:
		case t.Year() < firstYear:
			return time.Time{}, usage("as in 2027-03-15", "%q is before %d, the first year that a certificate can have", s, firstYear)
		default:
			return t.UTC(), nil
		}
	}
	return time.Time{}, usage("as in 2027-03-15 or 2027-03-15T09:30:00Z", "%q is neither a date nor a time", s)
}

// namedProfile reads the profile of a flag: a file, or a built-in one by its name.
func namedProfile(name string) (profiles.Profile, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // nobody asked for one
	}
	data, err := readArgument(name, nil)
	if errors.Is(err, fs.ErrNotExist) {
		if builtin, ok := profiles.BuiltInByName(name); ok {
			data, err = builtin.Data, nil
		}
	}
	if err != nil {
		return nil, withHint(err, "%s", cmp.Or(nearProfile(name), "name a file, or a built-in profile; ceremony profile list shows their names"))
	}
	doc, err := source.Parse(name, data)
	if err != nil {
		return nil, err
	}
	return profiles.Parse(doc)
}

// blocksOf reads the objects of a file of a flag, which takes one kind of them.
func blocksOf(flag, name, kind string) ([]inspect.Block, error) {
	data, err := readArgument(name, nil)
	if err != nil {
		return nil, err
	}
	blocks, err := inspect.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, foreign.Named(err, name))
	}
	for _, b := range blocks {
		if is := inspect.Guess(b.DER); is != kind {
			return nil, usage("", "%s contains %s; --%s takes %s", name, inspect.A(is), flag, inspect.A(kind))
		}
	}
	return blocks, nil
}

// certificates reads the certificates of a file of a flag.
func certificates(flag, name string) ([]*inspect.Certificate, error) {
	if name == "" {
		return nil, nil
	}
	blocks, err := blocksOf(flag, name, inspect.KindCertificate)
	if err != nil {
		return nil, err
	}
	var out []*inspect.Certificate
	for _, b := range blocks {
		c, err := inspect.ParseCertificate(b.DER)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// previousCRL reads the CRL of a flag.
func previousCRL(name string) (*inspect.RevocationList, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // nobody asked for one
	}
	blocks, err := blocksOf("previous", name, inspect.KindCRL)
	if err != nil {
		return nil, err
	}
	if len(blocks) != 1 {
		return nil, usage("", "%s contains %d objects; --previous takes one CRL", name, len(blocks))
	}
	l, err := inspect.ParseRevocationList(blocks[0].DER)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return l, nil
}

// writeLint writes the answer; what people read fits their terminal, of which the width is
// given: 0 for a file or a program.
func writeLint(w io.Writer, width int, kind string, report *format.Report) error {
	if kind != "text" || width == 0 {
		return format.Write(w, kind, report)
	}
	var text strings.Builder
	if err := format.Write(&text, kind, report); err != nil {
		return err
	}
	_, err := io.WriteString(w, fitted(text.String(), width))
	return err
}
