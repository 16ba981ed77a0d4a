// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/create"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/internal/source"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
)

// initOptions are the flags of "init".
type initOptions struct {
	answers    map[string]*[]string // by flag
	MakeTokens bool
	Day        string
	Next       string
	Revoke     []string
	Renew, Add []string
	Format     choice
}

// initHelp says what the flag of each question takes.
var initHelp = []struct{ flag, help string }{
	{"purpose", "`WORD` for what it is for: " + strings.Join(create.Purposes(), ", ")},
	{"organization", "`NAME` of the organization (default Example Trust)"},
	{"country", "country `CC` in the names of public CAs (default US)"},
	{"root", "`NAME` of the root (default of organization and purpose)"},
	{"root-key", "`ALGORITHM` of the key of the root (default by purpose)"},
	{"ca", "an issuing CA, as `KIND,ALGORITHM,NAME`, each optional; none for a root\nalone; repeat for each"},
	{"domain", "`DOMAINS` of technically constrained CAs, with commas between"},
	{"url", "`URL` where CRLs and certificates are published (default http://pki.example.com)"},
	{"status", "how clients see what is revoked: `WORD` crl, crl-and-ocsp or none (default crl)"},
	{"administrator", "`NAMES` of administrators, with commas between"},
	{"witness", "`NAMES` of internal witnesses, with commas between"},
	{"auditor", "`NAMES` of auditors, with commas between, or none"},
	{"key", "an approver of the plan and a public key, as `NAME=FILE.pub`; repeat for each"},
	{"need", "require `N` approvers (default 2)"},
	{"auditor-key", "an auditor and a public key, as `NAME=FILE.pub`; repeat for each"},
	{"tokens", "`WORD` for what holds the keys: softhsm or hsm (default softhsm)"},
}

// addFlags adds the flags to the command.
func (o *initOptions) addFlags(cmd *cobra.Command) {
	o.answers = map[string]*[]string{}
	for _, h := range initHelp {
		o.answers[h.flag] = new([]string)
		cmd.Flags().StringArrayVar(o.answers[h.flag], h.flag, nil, h.help)
	}
	for flag, words := range create.Words() {
		must(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)))
	}
	cmd.Flags().BoolVar(&o.MakeTokens, "make-tokens", false, "make the SoftHSM tokens, with the PIN "+token.TrialPIN)
	cmd.Flags().StringVar(&o.Day, "day", "", "first `DAY` of the window, such as 2027-10-15 (default today)")
	addFolder(cmd, &o.Next, "next", "continue with the CAs of the `BUNDLE` of an earlier ceremony")
	addEach(cmd, &o.Revoke, "revoke", "with --next: a certificate of the bundle to revoke, as `ID,REASON`; repeat\nfor each")
	addEach(cmd, &o.Renew, "renew", "with --next: the `ID` of a CA's certificate, for a new one of the same key and\nname; repeat for each")
	addEach(cmd, &o.Add, "add", "with --next: another CA like that of a certificate, with a new key, as\n`ID,NAME`; repeat for each")
	addFormat(cmd, &o.Format)
}

func newInitCommand(deps deps) *cobra.Command {
	var opts initOptions
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Write a first ceremony file, profiles and site file",
		Long: `Write a first ceremony file, with the profiles, the site file and the schemas
that go with it, into DIR, which must be new or empty. Nothing is overwritten,
and either all files are written or none.

Only --purpose is needed; all else has a default, and the output says what was
decided and why. Without --purpose, at a terminal, each question that no flag
answers is asked. An empty answer takes the default. BACK takes an answer back,
HELP shows the question again, STOP ends without writing anything; their case
does not matter.

Plan, rehearsal and a run on SoftHSM work at once. --make-tokens also makes the
SoftHSM tokens, in DIR/tokens. Names such as Example Trust and example.com are
placeholders: "ceremony run" refuses them on real tokens.

With --next the file is that of the yearly ceremony after the one of BUNDLE: the
next CRL, with what --revoke names, and where there were OCSP responses a new
responder and new responses. --renew and --add sign certificates of issuing CAs.
Inputs, names, URLs, numbers and profiles come from the bundle.

With --key a trust policy is written, and people have to approve the plan.
Without, the ceremony file says approval: none. At a terminal the keys are asked
for.`,
		Example: `  ceremony init my-root
  ceremony init my-root --purpose private --make-tokens
  ceremony init my-root --purpose tls --ca tls --ca tls,rsa-3072
  ceremony init year-2 --next my-root/bundle --revoke ca-1-cert,superseded`,
		Args:              exactly("DIR"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runInit(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

// given are the flags that were typed.
func (o *initOptions) given() (map[string][]string, error) {
	given := map[string][]string{}
	for flag, values := range o.answers {
		switch {
		case flag == "key", flag == "auditor-key":
			if len(*values) > 0 {
				given[flag] = []string{strings.Join(*values, "\n") + "\n"}
			}
		case len(*values) > 1 && flag != "ca":
			return nil, usage("where it takes several names, write commas between them", "--%s is given twice", flag)
		case len(*values) > 0:
			given[flag] = *values
		}
	}
	if !o.MakeTokens {
		return given, nil
	}
	given["make-tokens"] = []string{"yes"}
	if err := token.HasSoftHSM(); err != nil {
		return nil, withHint(err, "install it, on Debian with apt-get install softhsm2, or leave --make-tokens out")
	}
	return given, nil
}

// notWritten is the hint about files that cannot be planned.
const notWritten = "nothing was written, and the places are those of the files that would have been: give other answers"

// day is when the window begins.
func (o *initOptions) day() (time.Time, error) {
	if o.Day == "" {
		return time.Now(), nil
	}
	day, err := time.Parse(time.DateOnly, o.Day)
	if err != nil {
		return day, usage("as in --day 2027-10-15", "--day: %q is not a day", o.Day)
	}
	return day, nil
}

func runInit(ctx context.Context, opts initOptions, folder string, deps deps) error {
	given, err := opts.given()
	if err != nil {
		return err
	}
	if err := artifact.CheckNew(artifact.OS{}, folder); err != nil {
		return withHint(err, "name a folder that is new or empty, in one that is there; nothing is overwritten")
	}
	now, err := opts.day()
	if err != nil {
		return err
	}
	if opts.Next != "" {
		return runInitNext(ctx, opts, folder, given, now, deps)
	}
	a := &create.Answers{Now: now, CanMakeTokens: token.HasSoftHSM() == nil}
	a.Module, _ = token.SoftHSMModule()
	a.WritePolicy = writePolicyOf
	if err := answerAll(ctx, a, given, deps); err != nil {
		return err
	}
	files := a.Files()
	if err := create.Check(ctx, folder, files); err != nil {
		return withHint(err, "%s", notWritten)
	}
	if files, err = writeFolder(ctx, folder, a, files); err != nil {
		return err
	}
	return showCreated(deps.Out, opts.Format.value, folder, a, files, a.WriteFiles != "")
}

// answerAll fills in the answers: by flags, and at the terminal by asking, where nothing
// says what it is for.
func answerAll(ctx context.Context, a *create.Answers, given map[string][]string, deps deps) error {
	var ask create.Ask
	if len(given["purpose"]) == 0 {
		if !term.IsTerminal(deps.In) {
			return usage("add --purpose with one of "+strings.Join(create.Purposes(), ", ")+"; at a terminal it is asked", "--purpose is missing")
		}
		terminal := deps.lazyTerminal(ctx)
		defer func() { _ = terminal.Close() }() // its state is restored as well as can be
		ask = asking(terminal)
	}
	err := a.Interview(given, ask)
	var flag *create.FlagError
	var hinted *exitError
	switch {
	case errors.As(err, &hinted), errors.Is(err, fs.ErrNotExist): // it says what to type, or which file is not there
		return err
	case errors.As(err, &flag):
		return usage("see ceremony init --help", "%v", err)
	}
	if err == nil && a.WriteFiles == "no" {
		return nothingWritten()
	}
	return err
}

// writePolicyOf writes the trust policy of the keys that were answered.
func writePolicyOf(a *create.Answers) ([]byte, string, error) {
	p := policyInitOptions{
		Org: cmp.Or(create.Slug(a.Organization), "ceremony-team"), Need: a.Need,
		Keys: create.KeyPairs(a.Keys), Auditors: create.KeyPairs(a.AuditorKeys),
	}
	draft, err := p.draft(a.Now)
	if err != nil {
		return nil, "", err
	}
	data, err := approval.NewPolicy(draft)
	var problems source.Errors
	if errors.As(err, &problems) {
		return nil, "", p.explain(draft, problems)
	}
	return data, digestWords(data), err
}

// writeFolder writes all files, and for SoftHSM a folder for its tokens, or nothing. It
// gives those that it wrote.
func writeFolder(ctx context.Context, folder string, a *create.Answers, files []create.File) ([]create.File, error) {
	if a.Tokens != create.TokensSoftHSM {
		return files, create.Write(folder, files, nil)
	}
	full, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	tokens := filepath.Join(full, "tokens")
	config := create.File{Name: create.SoftHSMConfigName, What: "where SoftHSM has its tokens", Data: []byte(token.SoftHSMConfig(tokens))}
	files = append([]create.File{config}, files...)
	return files, create.Write(folder, files, func() error {
		var labels []string
		if a.MakeTokens == "yes" {
			labels = a.Labels()
		}
		return token.MakeSoftHSM(ctx, tokens, labels)
	})
}
