// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/internal/term"
	"rootceremony/transcripts"
)

// AnchorOptions are the flags that say what is known of a bundle from outside.
type AnchorOptions struct {
	Manifest string
	SealKey  string
	Policy   string
}

// AddFlags adds the flags to the command.
func (o *AnchorOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.Manifest, "manifest", "", "`DIGEST` of the manifest from paper, in hex or words")
	cmd.Flags().StringVar(&o.Policy, "policy-digest", "", "`DIGEST` of the trust policy from paper, in hex or words")
	cmd.Flags().StringVar(&o.SealKey, "seal-key", "", "`DIGEST` of the seal key from paper, in hex or words")
}

// anchor is what is known of a bundle from outside.
type anchor struct {
	transcripts.Anchor
	policy string // SHA-256 of the trust policy
}

// anchor reads what was given.
func (o *AnchorOptions) anchor() (anchor, error) {
	var a anchor
	const hint = "give 64 hexadecimal digits, or the 32 words in quotes"
	if o.Manifest != "" {
		sum, err := digest(o.Manifest)
		if err != nil {
			return a, usage(hint, "--manifest: %v", err)
		}
		a.ManifestSHA256 = sum
	}
	if o.SealKey != "" {
		sum, err := digest(o.SealKey)
		if err != nil {
			return a, usage(hint, "--seal-key: %v", err)
		}
		a.SealKeys = []string{sum}
	}
	if o.Policy != "" {
		sum, err := digest(o.Policy)
		if err != nil {
			return a, usage(hint, "--policy-digest: %v", err)
		}
		a.policy = sum
	}
	return a, nil
}

// digest reads a SHA-256 in hexadecimal, with or without the spaces that screens
// and paper show, or in words, and returns hexadecimal.
func digest(text string) (string, error) {
	sum, err := hex.DecodeString(strings.ToLower(strings.Join(strings.Fields(text), "")))
	if err != nil {
		sum, err = term.FromWords(text)
	}
	if err != nil {
		return "", err
	}
	if len(sum) != 32 {
		return "", fmt.Errorf("%d bytes, a SHA-256 has 32", len(sum))
	}
	return hex.EncodeToString(sum), nil
}
