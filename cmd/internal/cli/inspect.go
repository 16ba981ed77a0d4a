// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"rootceremony/internal/foreign"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
)

// inspectOptions are the flags of "inspect".
type inspectOptions struct {
	Format choice
}

// addFlags adds the flags to the command.
func (o *inspectOptions) addFlags(cmd *cobra.Command) {
	addFormat(cmd, &o.Format)
}

func newInspectCommand(deps deps) *cobra.Command {
	var opts inspectOptions
	cmd := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Show a certificate, CRL, request or OCSP response as text",
		Long: `Show a certificate, CRL, request or OCSP response (DER or PEM) as text: every
field, in encoded order. It is read by a parser that shares no code with the
builder of these objects. The same bytes always give the same text. FILE may be
- for standard input.`,
		Example: `  ceremony inspect root.pem
  ceremony inspect - < root.der`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("pem", "der", "crt", "cer", "crl", "csr"),
		RunE: func(_ *cobra.Command, args []string) error {
			return runInspect(opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

// inspected is one object of a file.
type inspected struct {
	Type   string `json:"type"`
	SHA256 string `json:"sha256"`
	Size   int    `json:"size"`
	Text   string `json:"text"`
}

func runInspect(opts inspectOptions, name string, deps deps) error {
	data, err := readArgument(name, deps.In)
	if err != nil {
		return err
	}
	blocks, err := inspect.Decode(data)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, foreign.Named(err, name))
	}
	var objects []inspected
	for _, b := range blocks {
		text, err := inspect.Text(b.DER)
		if err != nil {
			return fmt.Errorf("showing %s: %w", name, err)
		}
		sum := sha256.Sum256(b.DER)
		objects = append(objects, inspected{b.Type, hex.EncodeToString(sum[:]), len(b.DER), text})
	}
	if opts.Format.value == "json" {
		return writeJSON(deps.Out, objects)
	}
	for i, o := range objects {
		if i > 0 {
			fmt.Fprintln(deps.Out)
		}
		fmt.Fprint(deps.Out, o.Text)
	}
	return nil
}

// readArgument reads the file that an argument names; - is standard input, where
// there is one.
func readArgument(name string, in io.Reader) ([]byte, error) {
	if name == "-" && in != nil {
		return source.ReadAll("standard input", in)
	}
	return source.ReadFile(name)
}
