// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/preflight/preflighttest"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

func TestMain(m *testing.M) { tokentest.Main(m) }

var (
	digestOnScreen = regexp.MustCompile(`([0-9a-f]{4}\s+){15}[0-9a-f]{4}`)
	poolOnScreen   = regexp.MustCompile(`\((\d) of ([^)]*)\)`)
)

// shownDigest is the last digest on a screen, or nothing.
func shownDigest(screen string) string {
	all := digestOnScreen.FindAllString(screen, -1)
	if len(all) == 0 {
		return ""
	}
	return strings.Join(strings.Fields(all[len(all)-1]), "")
}

// attendants are a terminal with people who read the screen and do what it asks.
func attendants(now time.Time) *termtest.Script {
	digest := ""
	digits := func(from int) termtest.Answer {
		return func(screen, _ string) string {
			digest = cmp.Or(shownDigest(screen), digest)
			return digest[from : from+4]
		}
	}
	return termtest.NewScript(80).
		On("Who is here", func(_, prompt string) string {
			m := poolOnScreen.FindStringSubmatch(prompt)
			return strings.Join(strings.Split(m[2], ", ")[:m[1][0]-'0'], " ")
		}).
		On("Time now", termtest.Reply(plan.Stamp(now))).
		On("Name of the first clock", termtest.Reply("wall clock")).
		On("Name of the second clock", termtest.Reply("radio clock")).
		On("first four digits", digits(0)).
		On("next four digits", digits(4)).
		On("type done", termtest.Reply("done")).
		On("agree or ask", termtest.Reply("ask")).
		On("How many events", termtest.Reply("none")).
		On("Continue without them", termtest.Reply("agree")).
		On("Did this happen", termtest.Reply("agree")).
		On("Who is at the keyboard", termtest.First).
		On("(number)", termtest.Reply("3")).
		On("(UTC, example ", termtest.Reply(plan.Stamp(now))).
		On("(text)", termtest.Reply("TEB-0042"))
}

// laptop is another machine that reads the artifacts of a bundle, with coreutils.
func laptop(bundle string) termtest.Answer {
	return func(_, prompt string) string {
		command := "cd artifacts && sha256sum * | LC_ALL=C sort -k 2 | sha256sum"
		if key, ok := strings.CutSuffix(strings.TrimSpace(prompt), " (key-digest, SHA-256 of its public key):"); ok { // as if a copy was read
			command = `jq -r 'select(.type=="key.proved" and .data.key=="` + key + `").data.spki_sha256' journal/journal.jsonl | tail -n 1`
		}
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = bundle
		out, err := cmd.Output()
		if err != nil {
			return err.Error()
		}
		return strings.Fields(string(out))[0]
	}
}

// hsm is a pair of SoftHSM2 tokens and the site file that names them.
func hsm(t *testing.T) *plan.Site {
	t.Helper()
	s := &plan.Site{Version: 1, SoftwareToken: true}
	for name, label := range map[string]string{"root": "example-root", "issuing": "example-issuing"} {
		c := tokentest.NewSoftHSM(t, label)
		c.Name = name
		s.Tokens = append(s.Tokens, c)
	}
	return s
}

// openSoftHSM opens a token of hsm in a worker process.
func openSoftHSM(ctx context.Context, c token.Config, l Login) (token.Token, error) {
	refused := func(outcome string) error { return l.Refused(outcome, true) }
	return token.Open(ctx, token.Options{Config: c, PIN: tokentest.PIN, OnRefused: refused, Log: l.Log})
}

// runOptions are those of a real run an hour into the window.
func runOptions(p *plan.Preview, site *plan.Site, bundle string) Options {
	now := p.Plan.Ceremony.Window.From.Add(time.Hour)
	script, _ := p.Script(site) // what a plan cannot print, it cannot run
	return Options{Script: script,
		Mode: event.Run, Bundle: bundle, Approved: p.Canonical, Site: site, People: Asked{Terminal: attendants(now).On("-digest", laptop(bundle))},
		Clock: newHostClock(now), Rand: rand.Reader, Tool: event.Tool{Version: "test", Go: "test"}, OpenToken: openSoftHSM,
		Machine: preflighttest.CalmHost(), LookAt: looksWell,
	}
}

// looksWell is a device in memory of which the survey has nothing to say, or the real one:
// a module that misbehaves begins after it.
func looksWell(ctx context.Context, c token.Config) (*token.Seen, error) {
	if c.Module != "/memory" {
		c.Module = cmp.Or(os.Getenv("FAULT_MODULE"), c.Module)
		return lookAtSoftHSM(ctx, c)
	}
	i := token.NewMemory(c.Name, nil).Info()
	i.Flags = []string{token.FlagInitialized, token.FlagLoginRequired, token.FlagPINSet}
	for _, k := range algorithm.Keys() {
		for _, m := range []algorithm.Mechanism{k.PKCS11().Generate, k.PKCS11().Sign} {
			i.Mechanisms = append(i.Mechanisms, token.Mechanism{Type: m.Type, Name: m.Name, MaxKey: 1 << 20})
		}
	}
	return &token.Seen{Info: i}, nil
}

// TestRunExamples guards what the tool is for: the files that were rehearsed
// run on PKCS#11 tokens, and their bundles verify.
func TestRunExamples(t *testing.T) {
	dir, site := ceremonytest.Examples(t), hsm(t)
	for _, name := range []string{"root-2026", "issuing-2027", "cross-2026"} {
		ok := t.Run(name, func(t *testing.T) {
			folder := filepath.Join(dir, name)
			p := ceremonytest.Preview(t, folder)
			res, err := Execute(context.Background(), p, runOptions(p, site, bundleOf(t, folder)))
			if err != nil {
				t.Fatal(err)
			}
			mustVerify(t, res.Bundle, len(p.Plan.Artifacts))
			verifiedByOpenSSL(t, p, res.Bundle, "")
			noPIN(t, res.Bundle)
			if name == "root-2026" {
				readmeCommands(t, res.Bundle)
			}
		})
		if !ok {
			return
		}
	}
}

// TestRehearseOnDevices guards a test partition: a rehearsal there leaves no
// key behind, and its record shows that they were destroyed.
func TestRehearseOnDevices(t *testing.T) {
	dir, site := ceremonytest.Examples(t), hsm(t)
	rehearse(t, filepath.Join(dir, "root-2026"))
	for _, name := range []string{"root-2026", "issuing-2027"} {
		p := ceremonytest.Preview(t, filepath.Join(dir, name))
		o := runOptions(p, site, filepath.Join(dir, name+"-on-devices"))
		o.Mode, o.Approved = event.Rehearsal, nil
		res, err := Execute(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		mustVerify(t, res.Bundle, len(p.Plan.Artifacts))
		for _, c := range site.Tokens {
			mustBeEmpty(t, c)
		}
	}
}
