// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
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

	"rootceremony/internal/token"
)

// TokenListOptions are the flags of "token list".
type TokenListOptions struct {
	Module string
	Format choice
}

// AddFlags adds the flags to the command.
func (o *TokenListOptions) AddFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Module, "module", "shared `FILE` of the PKCS#11 module (required)", "so", "dylib")
	addFormat(cmd, &o.Format)
}

func newTokenListCommand(deps deps) *cobra.Command {
	var opts TokenListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the tokens of a PKCS#11 module",
		Long: `List the tokens of a PKCS#11 module, with what each says of itself and a line
that can be pasted into a site file. Nobody logs in and nothing is changed.

The module is loaded by a second process of this program, so that a module that
crashes takes nothing with it.`,
		Example: `  ceremony token list --module /usr/lib/softhsm/libsofthsm2.so
  ceremony token list --module /usr/lib/softhsm/libsofthsm2.so --format json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runTokenList(cmd.Context(), opts, deps)
		},
	}
	opts.AddFlags(cmd)
	return cmd
}

func runTokenList(ctx context.Context, opts TokenListOptions, deps deps) error {
	if opts.Module == "" {
		return usage("add --module FILE, as in /usr/lib/softhsm/libsofthsm2.so", "--module is missing")
	}
	module, err := filepath.Abs(opts.Module)
	if err != nil {
		return fmt.Errorf("finding module: %w", err)
	}
	tokens, err := token.List(ctx, module, "")
	if errors.Is(err, token.ErrNotBuiltIn) {
		return withHint(err, "ceremony version tells whether a build can use PKCS#11")
	}
	if err != nil {
		return err
	}
	if opts.Format.value == "json" {
		return writeJSON(deps.Out, append([]token.Info{}, tokens...))
	}
	if len(tokens) == 0 {
		fmt.Fprintf(deps.Out, "%s shows no token.\n", module)
		return nil
	}
	for i, info := range tokens {
		if i > 0 {
			fmt.Fprintln(deps.Out)
		}
		writeToken(deps.Out, info)
	}
	return nil
}

// writeToken shows one token within 80 columns, but for the line to paste.
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
	row("offers", offers(info))
	if info.Software {
		row("keys", "protected by software only; the site file needs\n"+strings.Repeat(" ", 15)+"software-token: true")
	}
	fmt.Fprintf(w, "  site file line:\n  %s\n", siteLine(info))
}

// offers names the algorithms of keys that a token offers, as far as it says.
func offers(info token.Info) string {
	if len(info.Mechanisms) == 0 {
		return "it does not say"
	}
	var names []string
	for _, a := range info.Offers() {
		names = append(names, string(a))
	}
	return strings.Join(names, " ")
}

// siteLine is how the token stands below "tokens:" in a site file.
func siteLine(info token.Info) string {
	login := token.LoginPIN
	switch {
	case info.Has(token.FlagProtectedPath):
		login = token.LoginPad
	case !info.Has(token.FlagLoginRequired):
		login = token.LoginNone
	}
	fields := []string{"module: " + yamlText(info.ModulePath)}
	for _, f := range [][2]string{{"label", info.Label}, {"serial", info.Serial}, {"model", info.Model}} {
		if f[1] != "" {
			fields = append(fields, f[0]+": "+yamlText(f[1]))
		}
	}
	fields = append(fields, "login: "+string(login))
	return siteName(info.Label) + ": {" + strings.Join(fields, ", ") + "}"
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
