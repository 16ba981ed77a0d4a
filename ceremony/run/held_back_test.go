// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
)

// slow is a token during whose third signature, of the first certificate, somebody asks the program to stop, as
// Ctrl-C and SIGTERM do. It goes on when people were told.
type slow struct {
	token.Token
	stop   func()
	told   func() // returns when they were
	signed int
}

func (s *slow) Sign(ctx context.Context, h token.Handle, alg algorithm.Signature, message []byte) ([]byte, error) {
	if s.signed++; s.signed == 3 {
		s.stop()
		s.told()
	}
	return s.Token.Sign(context.WithoutCancel(ctx), h, alg, message) // it had begun
}

// watched are people at whose screen somebody looks during a call.
type watched struct {
	Asked
	said chan string
}

func (w watched) Say(text string) {
	w.Asked.Say(text)
	if strings.Contains(text, "Asked to stop.") {
		w.said <- text
	}
}

// TestHeldBack guards a call of a token against being cut off: who asks the program to
// stop during one is told at once that it waits, the signature is kept, and the
// ceremony resumes with it.
func TestHeldBack(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	ctx, stop := context.WithCancel(context.Background())
	said, told := make(chan string, 4), ""
	people := termtest.NewScript(80).Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o := inMemory(runOptions(p, site, bundle), &slow{Token: memory, stop: stop, told: func() {
		select {
		case told = <-said:
		case <-time.After(10 * time.Second):
		}
	}})
	o.People = watched{Asked{Terminal: people}, said}
	_, err := Execute(ctx, p, o)
	if !errors.Is(err, context.Canceled) || !strings.Contains(told, "is not cut off") {
		t.Fatalf("told %q, error %v", told, err)
	}
	made := signings(t, bundle)
	again := inMemory(runOptions(p, site, bundle), memory)
	again.Approved = nil
	again.People = Asked{Terminal: termtest.NewScript(80).Then(attendants(p.Plan.Ceremony.Window.From.Add(2 * time.Hour)))}
	if _, err := Resume(context.Background(), again); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
	if made != 3 || signings(t, bundle) != len(p.Plan.Artifacts)+len(generated(p.Plan)) {
		t.Errorf("%d signatures before, %d in all", made, signings(t, bundle))
	}
}

// generated are the keys that a ceremony makes, each of which signs a proof.
func generated(p *plan.Plan) (keys []string) {
	for _, k := range p.Keys {
		if k.Source == plan.KeyGenerated {
			keys = append(keys, k.ID)
		}
	}
	return keys
}
