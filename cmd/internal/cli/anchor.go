// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/internal/source"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
)

// anchorOptions are the flags that say what is known of a bundle from outside.
type anchorOptions struct {
	Manifest     string
	SealKeys     []string
	Heads        []string
	PolicyDigest string
	Policy       string
	Revocations  string
	Exhibits     []string
	Earlier      []string
}

// addFlags adds the flags to the command.
func (o *anchorOptions) addFlags(cmd *cobra.Command) {
	addOnce(cmd, &o.Manifest, "manifest", "`DIGEST` of the manifest from paper, in hex or as words")
	addEach(cmd, &o.Heads, "head", "a head from paper: number of events, then sixteen `WORDS`")
	addOnce(cmd, &o.PolicyDigest, "policy-digest", "`DIGEST` of the trust policy from paper, in hex or as words")
	addFile(cmd, &o.Policy, "policy", "use this trust policy `FILE`, from outside the bundle", "json")
	addFile(cmd, &o.Revocations, "revocations", "a list of revoked keys and objects in `FILE`, besides the bundle's", "json")
	addEach(cmd, &o.Exhibits, "exhibit", "scan of a paper approval, a `FILE` outside the bundle; repeat for each")
	addEach(cmd, &o.Earlier, "earlier", "compare inputs with the bundle of an earlier ceremony in `FOLDER`; repeat for each")
	addEach(cmd, &o.SealKeys, "seal-key", "`DIGEST` of the seal key of a session from paper, in hex or as words; repeat for each")
}

// options reads what was given.
func (o *anchorOptions) options() (v verify.Options, err error) {
	if err := o.fromPaper(&v); err != nil {
		return v, err
	}
	return v, o.fromFiles(&v)
}

// fromPaper takes over the digests and heads that people typed.
func (o *anchorOptions) fromPaper(v *verify.Options) error {
	for _, f := range []struct {
		flag, text string
		to         *string
	}{
		{"--manifest", o.Manifest, &v.Anchor.ManifestSHA256}, {"--policy-digest", o.PolicyDigest, &v.PolicySHA256},
	} {
		if f.text == "" {
			continue
		}
		sum, err := flagDigest(f.flag, f.text)
		if err != nil {
			return err
		}
		*f.to = sum
	}
	for _, text := range o.SealKeys {
		sum, err := flagDigest("--seal-key", text)
		if err != nil {
			return err
		}
		v.Anchor.SealKeys = append(v.Anchor.SealKeys, sum)
	}
	for _, text := range o.Heads {
		h, err := head(text)
		if err != nil {
			return usage("give the number of events and the sixteen words, in quotes", "--head: %v", err)
		}
		v.Anchor.Heads = append(v.Anchor.Heads, h)
	}
	return nil
}

// fromFiles reads what is in files and folders outside of the bundle.
func (o *anchorOptions) fromFiles(v *verify.Options) error {
	v.PolicyName = o.Policy
	for _, f := range []struct {
		name string
		to   *[]byte
	}{{o.Policy, &v.Policy}, {o.Revocations, &v.Revocations}} {
		if f.name == "" {
			continue
		}
		data, err := readArgument(f.name, nil)
		if err != nil {
			return err
		}
		*f.to = data
	}
	for _, dir := range o.Earlier {
		if err := needsBundle(dir); err != nil {
			return err
		}
	}
	v.Earlier = o.Earlier
	for _, name := range o.Exhibits {
		sum, err := sumOf(name)
		if err != nil {
			return err
		}
		v.Exhibits = append(v.Exhibits, sum)
	}
	return nil
}

// sumOf is the SHA-256 of a file, in hex.
func sumOf(name string) (string, error) {
	file, err := source.Open(name)
	if err != nil {
		return "", err
	}
	sum, err := artifact.SumReader(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("reading %s: %w", name, err)
	}
	return sum.SHA256Hex(), nil
}

// from reads what was given, and refuses files of the bundle: it cannot vouch for itself.
func (o *anchorOptions) from(bundle string) (verify.Options, error) {
	given := map[string][]string{"--policy": {o.Policy}, "--revocations": {o.Revocations}, "--exhibit": o.Exhibits}
	for _, flag := range slices.Sorted(maps.Keys(given)) {
		for _, name := range given[flag] {
			if name != "" && isIn(bundle, name) {
				return verify.Options{}, usage("get the file from somebody who answers for it; for a policy, its digest for --policy-digest is enough",
					"%s: %s is a file of the bundle, which cannot vouch for itself", flag, name)
			}
		}
	}
	return o.options()
}

// isIn reports whether a file is in a folder, or is one of it by another name. What cannot
// be read is not: that is said when it is read.
func isIn(folder, name string) bool {
	file, err := os.Stat(name)
	if err != nil {
		return false
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil { // WalkDir follows no link
		return false
	}
	found := errors.New("found")
	err = filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if is, e := os.Lstat(path); err == nil && e == nil && os.SameFile(is, file) {
			return found
		}
		return nil
	})
	return errors.Is(err, found)
}

// head reads a head of the record as it is on paper: a number, and at least
// sixteen words or the same in hexadecimal.
func head(text string) (transcripts.Head, error) {
	number, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	size, err := strconv.Atoi(number)
	if err != nil || size < 1 {
		return transcripts.Head{}, fmt.Errorf("%q is not a number of events", number)
	}
	root, err := hexOrWords(rest)
	if err != nil {
		return transcripts.Head{}, err
	}
	if len(root) < transcripts.HeadBytes {
		return transcripts.Head{}, fmt.Errorf("%d words; a head has %d", len(root), transcripts.HeadBytes)
	}
	return transcripts.Head{Size: size, Root: root}, nil
}

// flagDigest reads the digest that a flag was given.
func flagDigest(flag, text string) (string, error) {
	if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == "" && strings.HasSuffix(text, "DIGEST") {
		return "", usage("type 64 hexadecimal digits in its place, or the 32 words in quotes", "%s: %s is a word to replace by the digest that you have", flag, text)
	}
	sum, err := hexOrWords(text)
	if err == nil && len(sum) != 32 {
		err = fmt.Errorf("%d bytes; a SHA-256 digest has 32", len(sum))
	}
	if err != nil {
		return "", usage("give 64 hexadecimal digits, or the 32 words in quotes", "%s: %v", flag, err)
	}
	return hex.EncodeToString(sum), nil
}

// hexOrWords reads bytes in hexadecimal, with or without the spaces that screens
// and paper show, or in words.
func hexOrWords(text string) ([]byte, error) {
	data, err := hex.DecodeString(strings.ToLower(strings.Join(strings.Fields(text), "")))
	if err != nil {
		data, err = term.FromWords(text)
	}
	return data, err
}
