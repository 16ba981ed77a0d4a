// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term"
)

// signerOptions are the flags that say how a person signs.
type signerOptions struct {
	Key       string
	Agent     string
	Signature string
}

// addFlags adds the flags to the command.
func (o *signerOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Key, "key", "sign with the private key in `FILE` (ssh-keygen -f)")
	addFile(cmd, &o.Agent, "agent", "sign with the key in ssh-agent whose public half is in `FILE`", "pub")
	addFile(cmd, &o.Signature, "signature", "use the signature in `FILE`, made by hand", "sig")
}

// signerHelp ends the help of commands that sign.
const signerHelp = `ssh-keygen makes the signature and asks for a passphrase, PIN or touch; this
program never sees them. Keys in files, in ssh-agent, on FIDO2 devices and on
smart cards work. To sign by hand on another computer, run this there and give
the result to --signature:

  ssh-keygen -Y sign -f KEY -n `

// oneOfFlags refuses flags that say different things at once.
func oneOfFlags(flags ...flagSet) error {
	var set []string
	for _, f := range flags {
		if f.set {
			set = append(set, f.name)
		}
	}
	if len(set) > 1 {
		return usage("give one of them", "%s exclude each other", strings.Join(set, " and "))
	}
	return nil
}

// flagSet is a flag and whether it was given.
type flagSet struct {
	name string
	set  bool
}

func (o *signerOptions) check() error {
	return oneOfFlags(flagSet{"--key", o.Key != ""}, flagSet{"--agent", o.Agent != ""}, flagSet{"--signature", o.Signature != ""})
}

// found misses a key file before people read what they are to sign.
func (o *signerOptions) found() error {
	name := cmp.Or(o.Key, o.Agent)
	if name == "" {
		return nil
	}
	_, err := os.Stat(name)
	if _, public := os.Stat(name + ".pub"); err != nil && public != nil { // ssh-keygen takes that one, too
		return withHint(err, "name the file of your own key; %s", startsHere())
	}
	return nil
}

func (o *signerOptions) given() bool { return o.Key != "" || o.Agent != "" || o.Signature != "" }

// sign gives a good signature for the request, made now or by hand.
func (o *signerOptions) sign(ctx context.Context, r approval.SignRequest, errs io.Writer) ([]byte, approval.PublicKey, error) {
	if o.Signature != "" {
		data, err := readArgument(o.Signature, nil)
		if err != nil {
			return nil, approval.PublicKey{}, err
		}
		key, err := r.Accept(data)
		return data, key, err
	}
	r.KeyFile, r.Agent = o.Key, false
	if o.Agent != "" {
		r.KeyFile, r.Agent = o.Agent, true
	}
	data, key, err := approval.Sign(ctx, approval.Exec(errs), r)
	switch {
	case errors.Is(err, approval.ErrNoKeygen):
		err = withHint(err, "install openssh-client, or sign on another computer and give --signature FILE")
	case errors.Is(err, approval.ErrNoSignature) && o.Agent != "":
		err = withHint(err, "ssh-add -L lists the keys in ssh-agent")
	}
	return data, key, err
}

// introduce shows who is about to sign, by the policy where one is given. ssh-keygen reads
// the fingerprint out of a key file, also where no public half lies beside it; of one that
// it cannot read the signature itself says it.
func (o *signerOptions) introduce(ctx context.Context, w io.Writer, policy *approval.Policy) {
	if o.Signature != "" {
		return
	}
	print, err := approval.FingerprintOf(ctx, approval.Exec(io.Discard), cmp.Or(o.Key, o.Agent))
	switch {
	case err != nil:
	case policy == nil:
		printRow(w, "signer", "key "+print)
	default:
		printRow(w, "signer", policy.Introduce(print)+", key "+print)
	}
}

// loadPolicy reads a trust policy. Its problems come with file, line and column.
func loadPolicy(name string) (*approval.Policy, error) {
	data, err := readArgument(name, nil)
	if err != nil {
		return nil, err
	}
	return approval.ParsePolicy(name, data)
}

// writeNew writes a file that does not exist yet.
func writeNew(name string, data []byte, hint string) error {
	if err := absent(hint, name); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // signatures are for everybody to read
		return err
	}
	return artifact.WriteFile(name, data, 0o644)
}

// absent refuses files that exist already, before anybody is asked to sign. An
// empty name is none.
func absent(hint string, files ...string) error {
	for _, name := range files {
		if name == "" {
			continue
		}
		if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return withHint(fmt.Errorf("%s exists already", name), "%s", hint)
		}
	}
	return nil
}

// printRow writes one line of name and text, wrapped at 80 columns.
func printRow(w io.Writer, name, text string) {
	const indent = 10
	fmt.Fprintf(w, "%-*s%s\n", indent, name, term.Hang(text, columns, indent))
}

// showDigest writes a digest in hexadecimal and as words to read aloud.
func showDigest(w io.Writer, data []byte) {
	sum := sha256.Sum256(data)
	printRow(w, "sha-256", hex.EncodeToString(sum[:]))
	printRow(w, "words", digestWords(data))
}

// digestWords is the SHA-256 of something, in words.
func digestWords(data []byte) string {
	sum := sha256.Sum256(data)
	return strings.Join(term.Words(sum[:]), " ")
}

// pairs reads NAME=FILE.
func pairs(flag string, given []string) ([][2]string, error) {
	var out [][2]string
	for _, text := range given {
		name, file, ok := strings.Cut(text, "=")
		if !ok || name == "" || file == "" {
			return nil, usage("an example is --"+flag+" alice=alice.pub", "--%s: %q is not NAME=FILE", flag, text)
		}
		out = append(out, [2]string{name, file})
	}
	slices.SortStableFunc(out, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return out, nil
}
