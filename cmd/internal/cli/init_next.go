// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"time"

	"rootceremony/ceremony/create"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term"
)

// runInitNext writes the ceremony that follows the one of a bundle.
func runInitNext(ctx context.Context, opts initOptions, folder string, given map[string][]string, now time.Time, deps deps) error {
	for flag := range given {
		if flag == "key" || flag == "need" || flag == "auditor-key" {
			return usage("the trust policy of the earlier ceremony still holds", "--%s is given with --next", flag)
		}
		return usage("with --next the bundle answers it; change the ceremony file afterwards", "--%s is given with --next", flag)
	}
	if err := needsBundle(opts.Next); err != nil {
		return err
	}
	_, err := verify.Earlier(opts.Next)
	var n *create.Next
	if err == nil {
		n, err = create.ReadNext(opts.Next, folder, now)
	}
	if err != nil {
		return withHint(err, "name the folder of a bundle that verifies, with a CRL in it")
	}
	if err := nextAnswers(ctx, opts, n, deps); err != nil {
		return err
	}
	files, err := n.Files()
	if err != nil {
		return err
	}
	if files, err = n.Decide(ctx, folder, files); err != nil {
		return withHint(err, "%s", notWritten)
	}
	if err := create.Write(folder, files, nil); err != nil {
		return err
	}
	return showCreated(deps.Out, opts.Format.value, folder, n, files, false)
}

// nextAnswers takes what is to be revoked and which CAs get certificates from the flags;
// without any, people at a terminal are asked.
func nextAnswers(ctx context.Context, opts initOptions, n *create.Next, deps deps) error {
	for _, r := range opts.Revoke {
		if err := n.AddRevocation(r); err != nil {
			return usage("see ceremony init --help", "--revoke: %v", err)
		}
	}
	for _, id := range opts.Renew {
		if err := n.AddCA("renew " + id); err != nil {
			return usage("see ceremony init --help", "--renew: %v", err)
		}
	}
	for _, id := range opts.Add {
		if err := n.AddCA("add " + id); err != nil {
			return usage("see ceremony init --help", "--add: %v", err)
		}
	}
	if len(opts.Revoke)+len(opts.Renew)+len(opts.Add) > 0 || !term.IsTerminal(deps.In) {
		return nil
	}
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	ask := asking(terminal)
	if len(n.Certificates()) > 0 {
		if err := n.AskRevocations(ask); err != nil {
			return err
		}
	}
	return n.AskCAs(ask)
}
