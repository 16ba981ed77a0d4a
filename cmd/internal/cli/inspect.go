// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rootceremony/internal/foreign"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/internal/unseen"
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
- for standard input.

A second parser reads every object, too. If the two disagree, or an object
cannot be read, the status is 3; of one that cannot be read its elements are
shown up to the fault. Where the second parser does not support what is in an
object, such as another curve, the text says so, and the status is 0.`,
		Example: `  ceremony inspect root.pem
  ceremony inspect - < root.der`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("pem", "der", "crt", "cer", "crl", "csr"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runInspect(cmd.Context(), opts, args[0], deps)
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
	Fault  string `json:"fault,omitempty"` // why it cannot be read, or what the second parser says
}

func runInspect(ctx context.Context, opts inspectOptions, name string, deps deps) error {
	data, err := readArgument(name, stoppable{ctx, deps.In})
	if err != nil {
		return err
	}
	blocks, err := inspect.Decode(data)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, foreign.Named(err, name))
	}
	var objects []inspected
	var faults []string
	for i, b := range blocks {
		text, err := inspect.Shown(b.DER)
		sum := sha256.Sum256(b.DER)
		o := inspected{Type: b.Type, SHA256: hex.EncodeToString(sum[:]), Size: len(b.DER), Text: text}
		if err != nil {
			o.Fault = err.Error()
			faults = append(faults, fmt.Sprintf("object %d: %s", i+1, o.Fault))
		}
		objects = append(objects, o)
	}
	if opts.Format.value == "json" {
		if err := writeJSON(deps.Out, objects); err != nil {
			return err
		}
	} else {
		writeInspected(deps.Out, objects)
	}
	if len(faults) > 0 {
		return findings("%s: %s", name, firstOfMany(faults))
	}
	return nil
}

func writeInspected(w io.Writer, objects []inspected) {
	for i, o := range objects {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprint(w, o.Text)
	}
}

// readArgument reads the file that an argument names; - is standard input, where
// there is one.
func readArgument(name string, in io.Reader) ([]byte, error) {
	if name == "-" && in != nil {
		return source.ReadAll("standard input", in)
	}
	data, err := source.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, withHint(err, "%s", nearFile(name))
	}
	return data, err
}

// nearFile helps who typed the name of a file that is not there: one in that folder has
// almost this name, or they are in another folder than they think.
func nearFile(name string) string {
	entries, _ := os.ReadDir(filepath.Dir(name)) // of a folder that is not there there are none
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if near := source.Near(filepath.Base(name), names); near != "" {
		return "there is: " + unseen.Line(filepath.Join(filepath.Dir(name), near))
	}
	return startsHere()
}
