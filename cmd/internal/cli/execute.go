// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/internal/secret"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
)

// executeOptions are the flags that "rehearse" and "run" share.
type executeOptions struct {
	Bundle string
	Site   string
	PINFD  int
}

// addFlags adds the flags to the command.
func (o *executeOptions) addFlags(cmd *cobra.Command, siteHelp string) {
	addFolder(cmd, &o.Bundle, "bundle", "new `DIR` for the bundle (required)")
	addFile(cmd, &o.Site, "site", siteHelp, "yaml", "yml")
	addPINFD(cmd, &o.PINFD)
}

func addPINFD(cmd *cobra.Command, fd *int) {
	cmd.Flags().IntVar(fd, "pin-fd", -1, "read PINs from file descriptor `N`, one line a token: its name, a space, the PIN")
	cmd.Flags().Lookup("pin-fd").DefValue = "0" // the help says what happens without it
}

// executeHelp ends the help of both commands.
const executeHelp = `PINs are typed at the terminal or at the PIN pad of the token; for tests,
--pin-fd reads them from a file descriptor. No PIN is taken from an argument or
from the environment, where other users could see it.`

// planned gives a plan and a site that can be carried out; whatever was found in
// either is the error. This comes before any question and before any token.
func planned(ctx context.Context, name string, opts executeOptions) (*plan.Preview, *plan.Site, error) {
	site, err := loadSite(opts.Site)
	if err != nil {
		return nil, nil, err
	}
	p, err := preview(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	if len(p.Problems) > 0 {
		return nil, nil, p.Problems
	}
	return p, site, nil
}

// execute carries out a plan, in the mode and with the people that are given.
func execute(ctx context.Context, p *plan.Preview, opts executeOptions, o run.Options, terminal *lazyTerminal, deps deps) error {
	return carryOut(ctx, opts, o, terminal, deps, func(o run.Options) (*run.Result, error) {
		return run.Execute(ctx, p, o)
	})
}

// carryOut fills in what a ceremony needs of this machine, has it done, and says
// what it left.
func carryOut(ctx context.Context, opts executeOptions, o run.Options, terminal *lazyTerminal, deps deps, do func(run.Options) (*run.Result, error)) error {
	opener, err := withTokens(ctx, &o, terminal, opts.PINFD, deps)
	if err != nil {
		return err
	}
	defer opener.wipe()
	if o.Bundle = opts.Bundle; opts.PINFD >= 0 {
		o.Typed.PINs = strconv.Itoa(opts.PINFD)
	}
	o.Rand = rand.Reader
	o.FileSystem, o.AfterSigning = deps.FileSystem, deps.AfterSigning
	result, err := do(o)
	if err != nil {
		return explained(err)
	}
	if result.Pause != "" {
		fmt.Fprintf(deps.Out, "\npaused    %s\nbundle    %s\n", result.Pause, result.Bundle)
		showNext(deps.Out, result.Next)
		return nil
	}
	fmt.Fprintf(deps.Out, "\nbundle    %s\nreport    %s\nmanifest  %s\n", result.Bundle, result.Report, result.ManifestSHA256)
	showNext(deps.Out, result.Next)
	return nil
}

// withTokens fills in how tokens are looked at and opened, for people at a terminal or
// with PINs from a file descriptor. The caller wipes the PINs.
func withTokens(ctx context.Context, o *run.Options, terminal *lazyTerminal, pinFD int, deps deps) (opener *tokenOpener, err error) {
	opener = &tokenOpener{terminal: terminal}
	if pinFD >= 0 {
		if opener.pins, err = pinsFrom(ctx, pinFD, deps); err != nil {
			opener.wipe()
			return nil, err
		}
	}
	ofThisMachine(o)
	o.LookAt = behind(terminal, o.LookAt)
	o.OpenToken, o.Host = opener.open, thisHost()
	return opener, nil
}

type lookAt = func(context.Context, token.Config) (*token.Seen, error)

// behind locks the terminal before a module is loaded to look at a token: what it leaves
// running must not open the terminal after that.
func behind(terminal *lazyTerminal, look lookAt) lookAt {
	return func(ctx context.Context, c token.Config) (*token.Seen, error) {
		_, _ = terminal.get() // without one no question can be asked, and the first one says so
		return look(ctx, c)
	}
}

// showNext shows what people type next, in this order. Each command is complete and
// can be copied: a long one is broken as a shell allows it.
func showNext(w io.Writer, commands []plan.NextCommand) {
	width := cmp.Or(term.WidthOf(w), columns)
	for i, c := range commands {
		word := "next"
		if i > 0 {
			word = "then"
		}
		if c.Why != "" {
			fmt.Fprintf(w, "%-9s %s\n", word, term.Hang(c.Why, columns, 10))
			word = ""
		}
		fmt.Fprintf(w, "%-9s %s\n", word, term.Command(c.Line, 10, width))
	}
}

// explained gives the errors of a ceremony their hints and exit statuses.
func explained(err error) error {
	var refusal *run.Refusal
	var stopped *run.Stopped
	hint := ""
	switch {
	case errors.As(err, &stopped):
		hint = stopped.Hint()
	case errors.As(err, &refusal):
		hint = refusal.Hint
	}
	if hint == "" {
		return err
	}
	return withHint(err, "%s", wrapped(hint))
}

// wrapped wraps what people read in the hint of a ceremony, and leaves what they copy:
// commands are lines of their own, after two spaces.
func wrapped(text string) string {
	const before = "ceremony: hint: " // on the first line
	lines := strings.Split(before+text, "\n")
	for i, l := range lines {
		if !strings.HasPrefix(l, "  ") {
			lines[i] = term.Wrap(l, columns)
		}
	}
	return strings.Join(lines, "\n")[len(before):]
}

// needBundle checks the one flag that both commands require.
func (o *executeOptions) needBundle() error {
	if o.Bundle == "" {
		return usage("add --bundle DIR with a folder that does not exist yet", "--bundle is missing")
	}
	return nil
}

func pinsFrom(ctx context.Context, fd int, deps deps) (pins map[string]*secret.PIN, err error) {
	if fd == 0 {
		return readPINs(stoppable{ctx, deps.In})
	}
	file, err := openFD(fd)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return readPINs(stoppable{ctx, file})
}

// hostClock is the clock of this machine.
type hostClock struct{ start time.Time }

func newHostClock() hostClock { return hostClock{time.Now()} }

// Now returns what the host believes the time is, in whole seconds as they are
// recorded, so that differences of recorded times come out exactly.
func (hostClock) Now() time.Time { return time.Now().Truncate(time.Second) }

// Mono returns the time since the program began, which nobody can set back.
func (c hostClock) Mono() time.Duration { return time.Since(c.start) }

// onScreen shows what a rehearsal without people would have shown them.
func onScreen(w io.Writer) run.People {
	return run.Simulated{Out: func(text string) { fmt.Fprint(w, text) }}
}
