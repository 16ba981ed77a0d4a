// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// errPower is what the people in the room would call a power cut.
var errPower = errors.New("the power is gone")

// cut is a token whose caller comes to an end before or after one of its calls:
// by a power cut, unless end says how.
type cut struct {
	token.Token
	calls *int
	at    int
	after bool
	end   func()
}

func (c cut) die() {
	if c.end != nil {
		c.end()
	}
	panic(errPower)
}

// around makes one call, or none, or one whose result nobody gets.
func (c cut) around(call func() error) error {
	*c.calls++
	if *c.calls == c.at && !c.after {
		c.die()
	}
	err := call()
	if *c.calls == c.at && c.after {
		c.die()
	}
	return err
}

func (c cut) Generate(ctx context.Context, r token.Request) (p *token.Pair, err error) {
	err = c.around(func() error { p, err = c.Token.Generate(ctx, r); return err })
	return p, err
}

func (c cut) Sign(ctx context.Context, h token.Handle, a algorithm.Signature, d []byte) (s []byte, err error) {
	err = c.around(func() error { s, err = c.Token.Sign(ctx, h, a, d); return err })
	return s, err
}

func (c cut) Find(ctx context.Context, label string, id, spki []byte) (p *token.Pair, err error) {
	err = c.around(func() error { p, err = c.Token.Find(ctx, label, id, spki); return err })
	return p, err
}

func (c cut) Traces(ctx context.Context, known token.Known) (found *token.Traces, err error) {
	err = c.around(func() error { found, err = c.Token.Traces(ctx, known); return err })
	return found, err
}

func (c cut) Random(ctx context.Context, n int) (b []byte, err error) {
	err = c.around(func() error { b, err = c.Token.Random(ctx, n); return err })
	return b, err
}

// fastSite names an in-memory token as if it were a device: what a crash leaves
// in it stays there.
func fastSite() (*plan.Site, *token.Memory) {
	s := &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{inMemoryDevice("root")}}
	return s, token.NewMemory("root", nil)
}

// onHardware has a site file call the token in memory hardware, which has to be named in full.
func onHardware(s *plan.Site) {
	s.SoftwareToken, s.Tokens[0].Serial, s.Tokens[0].Model = false, "REHEARSAL", "in-memory"
}

// inMemoryDevice is a token in memory, as a site file names it.
func inMemoryDevice(name string) token.Config {
	return token.Config{Name: name, Module: "/memory", Label: "REHEARSAL " + name, Login: token.LoginPIN, Template: token.DefaultTemplate}
}

// persistent is a token that outlives the ceremony that used it.
type persistent struct{ token.Token }

func (persistent) Close() error { return nil }

// deciders are people who also decide what to do after an interruption.
func deciders(p *plan.Preview, word string) *termtest.Script {
	return attendants(p.Plan.Ceremony.Window.From.Add(3*3600e9)).
		On("Adopt this key", termtest.Reply(word)).
		On("Sign the same bytes again", termtest.Reply("again"))
}

// TestDeviceSilent guards the record against a device that does not answer any more, neither
// to the call that makes a key nor to who counts its objects after it: the record does not say
// that they are gone, and the ceremony goes on when the device is there again.
func TestDeviceSilent(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	silent := &token.WorkerError{Token: "root", Op: "generate", Cause: "did not answer", Effect: true}
	memory.Faults.BeforeGenerate = func(r token.Request) error {
		if r.Label != "ca" {
			return nil
		}
		memory.Faults.Census = func(token.Census) (token.Census, error) { return nil, silent }
		return silent
	}
	o := inMemory(runOptions(p, site, bundle), memory)
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
	if _, err := Execute(t.Context(), p, o); !errors.Is(err, silent) {
		t.Fatalf("it goes on: %v", err)
	}
	memory.Faults = token.Faults{}
	o.People = Asked{Terminal: deciders(p, "adopt").On("agree or ask", termtest.Reply("agree")).On("-digest)", laptop(bundle))}
	if _, err := Resume(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
}

// TestKeyNotCounted guards the record against a device that shows a key without its id when
// its objects are counted at the end: the record does not say that the key is gone, and the
// ceremony ends once the device answers rightly.
func TestKeyNotCounted(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	o := inMemory(runOptions(p, site, bundle), memory)
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
	room := deciders(p, "adopt").On("-digest)", laptop(bundle)).On("agree or ask", termtest.Reply("agree"))
	o.People = Asked{Terminal: termtest.NewScript(80).Once("first four digits", func(string, string) string {
		memory.Faults.Census = func(c token.Census) (token.Census, error) {
			c = slices.Clone(c)
			for i := range c {
				c[i].ID = ""
			}
			return c, nil
		}
		return "HELP" // the question is asked again
	}).Then(room)}
	_, err := Execute(t.Context(), p, o)
	var stopped *Stopped
	if !errors.As(err, &stopped) || !strings.Contains(err.Error(), "was there before, and is not found; look at the device") {
		t.Fatalf("it goes on: %v", err)
	}
	memory.Faults = token.Faults{}
	o.People = Asked{Terminal: room}
	if _, err := Resume(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
}

// TestResume guards a ceremony against every power cut: at each call of the
// token, before it and after it, the ceremony is cut off and resumed, and ends
// with a bundle that verifies, with every planned artifact and no key lost. Without
// CEREMONY_CRASH=all, people take the key over at every other call, and destroy it at the rest.
func TestResume(t *testing.T) {
	t.Parallel()
	folder := ceremonytest.FastFolder(t)
	p := ceremonytest.Preview(t, folder)
	step := min(stride(), 2)
	for i, word := range []string{"adopt", "destroy"} {
		for at := 1 + i%step; ; at += step {
			ran := 0
			for _, after := range []bool{false, true} {
				name := fmt.Sprintf("%s %d %v", word, at, after)
				bundle := filepath.Join(t.TempDir(), "bundle")
				site, memory := fastSite()
				if !cutOff(t, p, site, memory, bundle, at, after) {
					continue
				}
				ran++
				bundle = disk(t, bundle)
				resumeOnce(t, name, p, site, memory, bundle, word)
			}
			if ran == 0 {
				break
			}
		}
	}
}

// cutOff runs the ceremony until the power goes, and reports whether it went.
func cutOff(t *testing.T, p *plan.Preview, site *plan.Site, memory *token.Memory, bundle string, at int, after bool) (cutOff bool) {
	t.Helper()
	o := runOptions(p, site, bundle)
	calls := 0
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) {
		return persistent{cut{Token: memory, calls: &calls, at: at, after: after}}, nil
	}
	cutOff, err := powerGoes(func() (*Result, error) { return Execute(context.Background(), p, o) })
	if err != nil {
		t.Fatal(err)
	}
	return cutOff
}

// disk is what is on the disk after the power went: the dead process holds its
// lock no more.
func disk(t *testing.T, bundle string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "bundle")
	if err := os.CopyFS(copied, os.DirFS(bundle)); err != nil {
		t.Fatal(err)
	}
	return copied
}

func resumeOnce(t *testing.T, name string, p *plan.Preview, site *plan.Site, memory *token.Memory, bundle, word string) {
	t.Helper()
	o := runOptions(p, site, bundle)
	o.People = Asked{Terminal: deciders(p, word)}
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, problem := range v.Problems {
		t.Errorf("%s: %v", name, problem)
	}
	if len(v.Incomplete) > 0 || v.Rebuilt != len(p.Plan.Artifacts) {
		t.Errorf("%s: incomplete %v, %d artifacts", name, v.Incomplete, v.Rebuilt)
	}
	objects, err := memory.Census(context.Background())
	if err != nil || len(objects) != 4 {
		t.Errorf("%s: the token holds %v (%v), want two key pairs", name, objects, err)
	}
}

// TestSerialDrawnAgain guards whoever copied a serial number onto paper: where a session
// stops between drawing and signing, the next one draws another. Screen and report name
// the one that is in no certificate.
func TestSerialDrawnAgain(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	day := p.Plan.Ceremony.Window.From
	o.People = Asked{Terminal: termtest.NewScript(80).Once("the first four digits", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP")).Then(attendants(day))}
	if _, err := Execute(context.Background(), p, o); !errors.Is(err, ErrStopped) {
		t.Fatal(err)
	}
	people := attendants(day.Add(3 * time.Hour))
	goOn(t, o, people)
	drawn := events[event.SerialDrawn](t, o.Bundle)
	if len(drawn) != 3 || drawn[0].Artifact != "root-cert" || drawn[1].Artifact != "root-cert" || drawn[0].Serial == drawn[1].Serial {
		t.Fatalf("drawn: %+v", drawn)
	}
	if screen := people.Screen(); strings.Count(screen, "ANOTHER SERIAL NUMBER FOR root-cert") != 1 || !strings.Contains(screen, "it is on paper: "+drawn[0].Serial) {
		t.Errorf("the screen does not say that %s is replaced:\n%s", drawn[0].Serial, screen)
	}
	if report := string(read(t, o.Bundle, "report/report.html")); !strings.Contains(report, drawn[0].Serial) || !strings.Contains(report, "nothing was signed with it") {
		t.Errorf("the report does not name %s", drawn[0].Serial)
	}
}
