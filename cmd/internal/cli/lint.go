// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint/files"
	"rootceremony/lint/format"
	"rootceremony/profiles"
)

// LintOptions are the flags of "lint".
type LintOptions struct {
	Kind     choice
	Profile  string
	Issuer   string
	Existing string
	Previous string
	Rules    []string
	At       string
	Engines  []string
	Format   choice
}

// AddFlags adds the flags to the command.
func (o *LintOptions) AddFlags(cmd *cobra.Command) {
	o.Kind = newChoice(append([]string{""}, files.Kinds()...)...)
	cmd.Flags().Var(kindFlag{&o.Kind}, "kind", "take objects for this `KIND` (default: guessed, and said)")
	must(cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(files.Kinds(), cobra.ShellCompDirectiveNoFileComp)))
	cmd.Flags().StringVar(&o.Profile, "profile", "", "hold objects to this profile exactly: `NAME or FILE`")
	addFile(cmd, &o.Issuer, "issuer", "`FILE` with the certificates of issuers", "pem", "der", "crt", "cer")
	addFile(cmd, &o.Existing, "existing", "`FILE` with the certificate that is cross-certified", "pem", "der", "crt", "cer")
	addFile(cmd, &o.Previous, "previous", "`FILE` with the CRL before this one", "pem", "der", "crl")
	o.addCommon(cmd)
}

// addCommon adds the flags that "profile check" has as well.
func (o *LintOptions) addCommon(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&o.Rules, "rules", nil, "hold everything to these `PACKS`, in place of its own")
	must(cmd.RegisterFlagCompletionFunc("rules", cobra.FixedCompletions(profiles.RulePacks(), cobra.ShellCompDirectiveNoFileComp)))
	cmd.Flags().StringVar(&o.At, "at", "", "judge by the rules of this `DATE`, as in 2027-03-15")
	cmd.Flags().StringSliceVar(&o.Engines, "engine", nil, "show the findings of these `ENGINES`: zlint, ceremony (default both)")
	o.Format = newChoice(format.Names()...)
	o.Format.addFlag(cmd, "format", "format of the output")
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
	var opts LintOptions
	cmd := &cobra.Command{
		Use:   "lint PATH...",
		Short: "Lint profiles, ceremony files, certificates, CRLs and more",
		Long: `Lint files, and all files below folders: profiles, ceremony files, site files,
certificates, CRLs, requests and OCSP responses, in YAML, PEM or DER.

A profile is linted by specimens, without a key; findings point at its lines. An
object is judged by the rules of its own date, never of today, unless --at names
another. With --profile it is held to that profile exactly. Without, its kind is
guessed and the guess is printed:
  root-ca, tls-ca, constrained-tls-ca, cross-ca, smime-ca, code-signing-ca,
  timestamping-ca, private-ca, ocsp-responder, ca-crl, subscriber-crl,
  ocsp-response
All but private-ca are held to the rules of public trust; --rules rfc5280 holds
everything to RFC 5280 alone. The packs are apple, cabf-code-signing,
cabf-smime, cabf-tls, ccadb, chrome, microsoft, mozilla and rfc5280.

Files that are linted together are known to each other. A rule that lacks what
it has to know is listed as not checked; it never passes for that.`,
		Example: `  ceremony lint profiles
  ceremony lint issuing.pem --issuer root.pem --profile profiles/issuing.yaml
  ceremony lint root.crl --kind ca-crl --issuer root.pem --previous old.crl
  ceremony lint . --format sarif > lint.sarif`,
		Args: atLeastOne("PATH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLint(cmd.Context(), opts, args, deps)
		},
	}
	opts.AddFlags(cmd)
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

func runLint(ctx context.Context, opts LintOptions, paths []string, deps deps) error {
	found, err := files.Find(paths)
	if err != nil {
		return err
	}
	return lintFound(ctx, opts, found, deps)
}

// collectRarely is the garbage collector's percentage while files are linted:
// each is small and soon forgotten, and thousands of them are what CI brings.
const collectRarely = 400

// lintFound lints files and writes the answer.
func lintFound(ctx context.Context, opts LintOptions, found *files.Found, deps deps) error {
	defer debug.SetGCPercent(debug.SetGCPercent(collectRarely))
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
	report.Skipped += found.Skipped
	for _, b := range found.Bundles {
		report.Notes = append(report.Notes, b+" is a bundle; this judges it: "+plan.Commands{Bundle: b}.Verify())
	}
	report.Tool.Name, report.Tool.Version = "ceremony", readBuild().Version
	if err := format.Write(deps.Out, opts.Format.value, report); err != nil {
		return err
	}
	if n := report.Count(); n > 0 {
		return findings("%s", count(n, "finding"))
	}
	return nil
}

// linter turns flags into options of the linter.
func (o *LintOptions) linter() (files.Options, error) {
	out := files.Options{
		Kind: o.Kind.value, Rules: o.Rules, Engines: o.Engines, Now: time.Now(), Rand: rand.Reader, Planner: planner{},
	}
	var err error
	if o.At != "" {
		if out.At, err = time.Parse(time.DateOnly, o.At); err != nil {
			return out, usage("a date looks like 2027-03-15", "%q is not a date", o.At)
		}
	}
	if out.Profile, err = namedProfile(o.Profile); err != nil {
		return out, err
	}
	if out.Issuers, err = certificates(o.Issuer); err != nil {
		return out, err
	}
	existing, err := certificates(o.Existing)
	if err != nil {
		return out, err
	}
	if len(existing) > 1 {
		return out, usage("", "%s holds %d certificates, and one is cross-certified", o.Existing, len(existing))
	}
	if len(existing) == 1 {
		out.Existing = existing[0]
	}
	out.Previous, err = previousCRL(o.Previous)
	return out, err
}

// namedProfile reads the profile of a flag: a file, or a ready one by its name.
func namedProfile(name string) (profiles.Profile, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // nobody asked for one
	}
	data, err := readArgument(name, nil)
	if errors.Is(err, fs.ErrNotExist) {
		if ready, ok := profiles.ReadyByName(name); ok {
			data, err = ready.Data, nil
		}
	}
	if err != nil {
		return nil, withHint(err, "name a file, or one of ceremony profile list")
	}
	doc, err := source.Parse(name, data)
	if err != nil {
		return nil, err
	}
	return profiles.Parse(doc)
}

// blocksOf reads the objects of a file of a flag.
func blocksOf(name string) ([]inspect.Block, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	blocks, err := inspect.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return blocks, nil
}

// certificates reads the certificates of a file of a flag.
func certificates(name string) ([]*inspect.Certificate, error) {
	if name == "" {
		return nil, nil
	}
	blocks, err := blocksOf(name)
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
	blocks, err := blocksOf(name)
	if err != nil {
		return nil, err
	}
	if len(blocks) != 1 {
		return nil, usage("", "%s holds %d objects, and one CRL is the previous one", name, len(blocks))
	}
	l, err := inspect.ParseRevocationList(blocks[0].DER)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return l, nil
}
