// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/secret"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// TestRunOnModules runs a root on the module of one maker and its issuing CAs on that of
// another, with two wrong PINs on each token: a team with hardware has both on its day.
// make test-modules sets up the tokens, names the site file, and has the PINs in a file.
func TestRunOnModules(t *testing.T) {
	name := os.Getenv("CEREMONY_MODULES_SITE")
	if name == "" {
		t.Skip("SKIPPED: it takes the tokens that make test-modules sets up")
	}
	folder := filepath.Join(ceremonytest.Examples(t), "root-2026")
	file := read(t, folder, "ceremony.yaml")
	write(t, folder, "ceremony.yaml", bytes.Replace(file, []byte("algorithm: ecdsa-p384, class: root"), []byte("algorithm: rsa-4096, class: root"), 1))
	p, site := ceremonytest.Preview(t, folder), siteOf(t, name)
	o := runOptions(p, site, bundleOf(t, folder))
	people := attendants(p.Plan.Ceremony.Window.From).On("-digest", laptop(o.Bundle)).
		On("Who entered it", termtest.Reply("alice")).On("Try another PIN", termtest.Reply("try"))
	wrong := map[string]int{}
	o.LookAt, o.People, o.OpenToken = lookAtSoftHSM, Asked{Terminal: people}, func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
		pin := func(info token.Info, _ int) (*secret.PIN, error) {
			if err := l.LastTry(info); err != nil {
				return nil, err
			}
			if wrong[c.Name] < 2 {
				wrong[c.Name]++
				return secret.NewPIN([]byte("not-the-PIN")), nil
			}
			return secret.NewPIN([]byte(pinOf(t, c.Name))), nil
		}
		return token.Open(ctx, token.Options{Config: c, PIN: pin, Log: l.Log, OnRefused: func(outcome string) error { return l.Refused(outcome, true) }})
	}
	res, err := Execute(t.Context(), p, o)
	if err != nil {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	v, problems := verified(t, res.Bundle, verify.Options{})
	if problems != "" || v.Rebuilt != len(p.Plan.Artifacts) {
		t.Errorf("%d of %d artifacts were rebuilt: %s", v.Rebuilt, len(p.Plan.Artifacts), problems)
	}
	journal := string(read(t, res.Bundle, "journal/journal.jsonl"))
	for _, c := range site.Tokens {
		if n := strings.Count(journal, `"data":{"outcome":"wrong","person":"alice","token":"`+c.Name+`"}`); n != 2 {
			t.Errorf("%d wrong PINs of token %s are recorded, want 2", n, c.Name)
		}
	}
	verifiedByOpenSSL(t, p, res.Bundle, "")
	t.Logf("%d artifacts, signed by tokens of %s and %s", v.Rebuilt, site.Tokens[0].Module, site.Tokens[1].Module)
}

// TestDeviceGone takes a device away in the middle of a ceremony, before the key is made that
// is to be found by a fresh process and before the first signature, as a cable does, or a
// service that ends: people are told what helps, and when it is back the same command ends the
// ceremony. Without a module of make test-modules it is SoftHSM2, whose token is moved away.
func TestDeviceGone(t *testing.T) {
	c, gone, back := tokenToTakeAway(t)
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := runOptions(p, &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{c}}, bundleOf(t, t.TempDir()))
	room := func(session int) *termtest.Script { // an hour after the one before
		now := p.Plan.Ceremony.Window.From.Add(time.Duration(session+1) * time.Hour)
		o.Clock = newHostClock(now)
		return deciders(p, "adopt").On("-digest)", laptop(o.Bundle)).Once("Time now", termtest.Reply(plan.Stamp(now)))
	}
	o.LookAt = lookAtSoftHSM
	if name := os.Getenv("CEREMONY_MODULES_PINS"); name != "" {
		o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
			pin := func(token.Info, int) (*secret.PIN, error) { return secret.NewPIN([]byte(pinOf(t, c.Name))), nil }
			return token.Open(ctx, token.Options{Config: c, PIN: pin, Log: l.Log})
		}
	}
	for i, prompt := range []string{"type done to generate key ca", "first four digits"} {
		people := termtest.NewScript(80).Once(prompt, func(string, string) string {
			gone()
			return "HELP" // the question is asked again
		}).Then(room(i))
		o.People = Asked{Terminal: people}
		var err error
		if i == 0 {
			_, err = Execute(t.Context(), p, o)
		} else {
			_, err = Resume(t.Context(), o)
		}
		var stopped *Stopped
		if !errors.As(err, &stopped) || !strings.Contains(stopped.Hint(), "ceremony resume") {
			t.Fatalf("without its device, at %q: %v\n%s", prompt, err, people.Screen())
		}
		t.Logf("at %q: %v", prompt, err)
		back()
	}
	people := room(2)
	o.People = Asked{Terminal: people}
	if _, err := Resume(t.Context(), o); err != nil {
		t.Fatalf("with its device again: %v\n%s", err, people.Screen())
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
}

// tokenToTakeAway is a token, with what takes it away and brings it back: commands of make
// test-modules, or moves of the folder of a token of SoftHSM2.
func tokenToTakeAway(t *testing.T) (c token.Config, gone, back func()) {
	name := os.Getenv("CEREMONY_MODULES_SITE")
	if os.Getenv("CEREMONY_MODULES_GONE") == "" {
		c = tokentest.NewSoftHSM(t, "example-root")
		c.Name = "root"
		folder := filepath.Join(filepath.Dir(os.Getenv("SOFTHSM2_CONF")), "tokens")
		move := func(from, to string) func() {
			return func() {
				if err := os.Rename(from, to); err != nil {
					t.Error(err)
				}
				if err := os.MkdirAll(folder, 0o700); err != nil {
					t.Error(err)
				}
			}
		}
		return c, move(folder, folder+"-away"), func() { os.Remove(folder); move(folder+"-away", folder)() }
	}
	command := func(variable string) func() {
		return func() {
			if out, err := exec.Command("sh", "-c", os.Getenv(variable)).CombinedOutput(); err != nil {
				t.Errorf("%s: %v %s", os.Getenv(variable), err, out)
			}
		}
	}
	return siteOf(t, name).Tokens[0], command("CEREMONY_MODULES_GONE"), command("CEREMONY_MODULES_BACK")
}

// siteOf reads a site file.
func siteOf(t *testing.T, name string) *plan.Site {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	site, err := plan.LoadSite(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// pinOf reads the PIN of a token from the file that has a line for each.
func pinOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(os.Getenv("CEREMONY_MODULES_PINS"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if of, pin, _ := strings.Cut(strings.TrimSpace(line), " "); of == name {
			return pin
		}
	}
	t.Fatalf("no PIN for token %s", name)
	return ""
}
