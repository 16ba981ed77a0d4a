// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
)

// interruptible is a token at whose nth call something happens.
type interruptible struct {
	token.Token
	calls, at int
	happens   func() error // before the call; its error ends it
	after     bool         // the call had its effect, and the error comes then
}

// call counts a call, and makes it unless something happens before.
func (x *interruptible) call(make func(ctx context.Context) error) error {
	ctx := context.Background() // a call that has begun is not cut off
	if x.calls++; x.calls != x.at {
		return make(ctx)
	}
	err := x.happens()
	if err != nil && !x.after {
		return err
	}
	if made := make(ctx); made != nil {
		return made
	}
	return err
}

func (x *interruptible) Generate(_ context.Context, r token.Request) (p *token.Pair, err error) {
	err = x.call(func(ctx context.Context) (err error) { p, err = x.Token.Generate(ctx, r); return err })
	return p, err
}

func (x *interruptible) Find(_ context.Context, label string, id, spki []byte) (p *token.Pair, err error) {
	err = x.call(func(ctx context.Context) (err error) { p, err = x.Token.Find(ctx, label, id, spki); return err })
	return p, err
}

func (x *interruptible) Random(_ context.Context, n int) (b []byte, err error) {
	err = x.call(func(ctx context.Context) (err error) { b, err = x.Token.Random(ctx, n); return err })
	return b, err
}

func (x *interruptible) Sign(_ context.Context, h token.Handle, alg algorithm.Signature, message []byte) (s []byte, err error) {
	err = x.call(func(ctx context.Context) (err error) { s, err = x.Token.Sign(ctx, h, alg, message); return err })
	if err != nil {
		return nil, err
	}
	return s, nil
}

// TestCrashCall guards an honest record of a call that is interrupted: by Ctrl-C or
// SIGTERM, which wait for it or not, by a worker that dies before it or after it. Each leaves
// an outcome, so that verify refuses neither the record so far nor the one that goes on.
// With CEREMONY_CRASH=all it happens in each call, else in every fifth.
func TestCrashCall(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	every := 5
	if os.Getenv("CEREMONY_CRASH") == "all" {
		every = 1
	}
	dies := &token.WorkerError{Token: "root", Op: "sign", Cause: "crashed", Effect: true}
	for name, c := range map[string]struct {
		err   error
		after bool
		stops bool
	}{
		"held back":   {nil, false, true},
		"not begun":   {context.Canceled, false, true},
		"dies before": {dies, false, false},
		"dies after":  {dies, true, false},
		"fails":       {fmt.Errorf("a device error"), false, false},
	} {
		for n := 1; ; n += every {
			site, memory := fastSite()
			ctx, stop := context.WithCancel(context.Background())
			x := &interruptible{Token: memory, at: n, after: c.after, happens: func() error {
				if c.stops {
					stop()
				}
				return c.err
			}}
			o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), x)
			o.People = Asked{Terminal: attendants(p.Plan.Ceremony.Window.From.Add(time.Hour))}
			_, err := Execute(ctx, p, o)
			stop()
			if x.calls < n {
				break
			}
			if err != nil {
				mustBeIncomplete(t, o.Bundle)
				o.Approved = nil
				people := termtest.NewScript(80).On("Continue?", termtest.Reply("agree")).Then(deciders(p, "adopt"))
				o.People = Asked{Terminal: people}
				_, err = Resume(context.Background(), o)
				if errors.Is(err, token.ErrKeyExists) && c.after { // which people settle when they repeat the step
					mustBeIncomplete(t, o.Bundle)
					continue
				}
				if err != nil {
					t.Fatalf("%s, call %d: %v", name, n, err)
				}
			}
			mustHold(t, name, o.Bundle, len(p.Plan.Artifacts))
		}
	}
}
