// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/internal/term"
	"rootceremony/internal/token"
)

// tokenListOptions are the flags of "token list".
type tokenListOptions struct {
	Module  string
	Objects bool
	Format  choice
}

// addFlags adds the flags to the command.
func (o *tokenListOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Module, "module", "PKCS#11 module `FILE`, a shared library (required)", "so", "dylib")
	cmd.Flags().BoolVar(&o.Objects, "objects", false, "also list the objects that are seen without a login")
	addFormat(cmd, &o.Format)
}

func newTokenListCommand(deps deps) *cobra.Command {
	var opts tokenListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the tokens of a PKCS#11 module",
		Long: `List the tokens of a PKCS#11 module: what each reports of itself, and a line to
paste into a site file. The command does not log in and changes nothing.

With --objects it also lists the public objects of each token, with their labels
and ids: certificates and public keys, as a rule. Private objects are seen after
a login only.

A second process loads the module, so that a crash of the module does no harm.`,
		Example: `  ceremony token list --module /usr/lib/softhsm/libsofthsm2.so
  ceremony token list --module /usr/lib/softhsm/libsofthsm2.so --objects
  ceremony token list --module /usr/lib/softhsm/libsofthsm2.so --format json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runTokenList(cmd.Context(), opts, deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runTokenList(ctx context.Context, opts tokenListOptions, deps deps) error {
	if opts.Module == "" {
		return usage("add --module FILE, such as /usr/lib/softhsm/libsofthsm2.so", "--module is missing")
	}
	module, err := filepath.Abs(opts.Module)
	if err != nil {
		return fmt.Errorf("finding module: %w", err)
	}
	tokens, err := token.List(ctx, module, "")
	if errors.Is(err, token.ErrNotBuiltIn) {
		return withHint(err, "ceremony version shows whether a build supports PKCS#11")
	}
	if err != nil {
		return err
	}
	listed := make([]listedToken, len(tokens))
	for i, info := range tokens {
		listed[i].Info = info
		if info.Has(token.FlagInitialized) {
			listed[i].URI = info.URI()
		}
		if opts.Objects {
			listed[i].look(ctx, module)
		}
	}
	if err := ctx.Err(); err != nil {
		return err // what is not seen then is no fault of a token
	}
	if opts.Format.value == "json" {
		return writeJSON(deps.Out, listed)
	}
	if looks := token.SoftHSMLooks(module); looks != "" && !slices.ContainsFunc(tokens, func(i token.Info) bool { return i.Has(token.FlagInitialized) }) {
		fmt.Fprintln(deps.Err, term.Wrap("No token is initialized. "+looks, columns))
	}
	if len(tokens) == 0 {
		fmt.Fprintf(deps.Out, "%s shows no token.\n", module)
		return nil
	}
	for i, t := range listed {
		if i > 0 {
			fmt.Fprintln(deps.Out)
		}
		writeToken(deps.Out, t.Info)
		if opts.Objects {
			t.writeObjects(deps.Out)
		}
	}
	return nil
}

// listedToken is a token with its public objects, where somebody asked for them.
type listedToken struct {
	token.Info
	URI     string       `json:"uri,omitempty"`
	Objects token.Census `json:"objects,omitempty"`
	Problem string       `json:"objects_problem,omitempty"` // why they were not seen
}

// look asks the token for the objects that anybody sees.
func (l *listedToken) look(ctx context.Context, module string) {
	if !l.Has(token.FlagInitialized) {
		l.Problem = "the token is not initialized"
		return
	}
	seen, err := token.Look(ctx, token.Options{Config: token.Config{Name: l.Label, Module: module, Label: l.Label, Serial: l.Serial, Model: l.Model}})
	if err != nil {
		l.Problem = err.Error()
		return
	}
	l.Objects = seen.Public
}

// writeObjects lists the objects, a line each.
func (l *listedToken) writeObjects(w io.Writer) {
	switch {
	case l.Problem != "":
		fmt.Fprintf(w, "  objects      not seen: %s\n", l.Problem)
		return
	case len(l.Objects) == 0:
		fmt.Fprintln(w, "  objects      none are public")
		return
	}
	for i, o := range l.Objects {
		fmt.Fprintf(w, "  %-13s%s %s label %q id %s\n", map[bool]string{true: "objects"}[i == 0], o.Class, o.KeyType, o.Label, cmp.Or(o.ID, "none"))
	}
}

// writeToken shows one token within 80 columns.
func writeToken(w io.Writer, info token.Info) {
	row := func(name, value string) {
		fmt.Fprintf(w, "  %-13s%s\n", name, value)
	}
	if !info.Has(token.FlagInitialized) {
		fmt.Fprintf(w, "Slot %d\n", info.Slot)
		row("state", "not initialized")
		row("model", info.Model)
		return
	}
	fmt.Fprintf(w, "Token %q\n", info.Label)
	row("serial", info.Serial)
	row("model", info.Model)
	row("maker", info.Manufacturer)
	row("firmware", info.Firmware+", hardware "+info.Hardware)
	row("slot", strconv.FormatUint(uint64(info.Slot), 10)+" (may change at every start)")
	row("module", info.ModuleDescription+" "+info.ModuleVersion+", PKCS#11 "+info.Cryptoki)
	row("its SHA-256", info.ModuleSHA256)
	for i, flag := range info.Flags {
		row(map[bool]string{true: "flags"}[i == 0], flag)
	}
	row("key types", keyTypes(info))
	if info.Software {
		row("keys", "protected by software only; the site file needs\n"+strings.Repeat(" ", 15)+"software-token: true")
	}
	fmt.Fprintf(w, "  for the site file:\n  %s\n", strings.ReplaceAll(siteLine(info), "\n", "\n  "))
	fmt.Fprintf(w, "  as a PKCS#11 URI:\n  %s\n", info.URI())
}

// keyTypes names the key types that a token offers, as far as it reports them.
func keyTypes(info token.Info) string {
	if len(info.Mechanisms) == 0 {
		return "not reported"
	}
	var names []string
	for _, a := range info.Offers() {
		names = append(names, string(a))
	}
	return strings.Join(names, " ")
}

// siteLine is the entry of the token below "tokens:" in a site file. What does not fit
// into a line continues in the next: between two fields YAML allows that.
func siteLine(info token.Info) string {
	login := token.LoginPIN
	switch {
	case info.Has(token.FlagProtectedPath):
		login = token.LoginPad
	case !info.Has(token.FlagLoginRequired):
		login = token.LoginNone
	}
	fields := []string{"module: " + yamlText(info.ModulePath)}
	names := [][2]string{{"label", info.Label}, {"serial", info.Serial}, {"model", info.Model}}
	if slices.ContainsFunc(names, func(f [2]string) bool { return f[1] != strings.TrimSpace(f[1]) }) { // only a URI can say that
		fields, names = []string{"uri: " + strconv.Quote(info.URI())}, nil
	}
	for _, f := range names {
		if f[1] != "" {
			fields = append(fields, f[0]+": "+yamlText(f[1]))
		}
	}
	fields = append(fields, "login: "+string(login))
	line := siteName(info.Label) + ": {" + fields[0]
	width := term.Columns(line)
	for _, f := range fields[1:] {
		between := ", "
		if width += term.Columns(f) + len(between); width >= columns-len("  }") {
			between, width = ",\n  ", len("  ")+term.Columns(f)
		}
		line += between + f
	}
	return line + "}"
}

// siteName makes a name for the site file from a label.
func siteName(label string) string {
	name := regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(label), "-")
	name = strings.Trim(name, "-")
	if name == "" || name[0] < 'a' {
		name = strings.TrimSuffix("token-"+name, "-")
	}
	return name
}

// plainYAML is what every YAML reader takes for text without quotes.
var plainYAML = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9 ._/-]*[A-Za-z0-9._/-]$`)

// yamlText quotes a text where a YAML reader could take it for something else.
func yamlText(s string) string {
	words := []string{"true", "false", "null", "yes", "no", "on", "off"}
	if plainYAML.MatchString(s) && !slices.Contains(words, strings.ToLower(s)) {
		return s
	}
	return strconv.Quote(s)
}
