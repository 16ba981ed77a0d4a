// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term/termtest"
)

// inOneDay is the fast ceremony of two days in one, with other text: old and new in turn.
func inOneDay(t *testing.T, changes ...string) *plan.Preview {
	t.Helper()
	text := strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1)
	return quickly(t, strings.NewReplacer(changes...).Replace(text))
}

// stopsAtDigits are people who stop the ceremony when digits are asked for, once those of
// that many signatures were typed.
func stopsAtDigits(after int, people *termtest.Script) *termtest.Script {
	digest, asked := "", 0
	return termtest.NewScript(80).On("first four digits", func(screen, _ string) string {
		if asked++; asked > after {
			return "STOP"
		}
		digest = shownDigest(screen)
		return digest[:4]
	}).On("next four digits", func(string, string) string { return digest[4:8] }).
		On("second person", termtest.Reply("STOP")).Then(people)
}

// notConfirmed is a ceremony that people stop instead of confirming the certificate of the CA.
func notConfirmed(t *testing.T, p *plan.Preview) Options {
	t.Helper()
	o := fastRun(t, p)
	o.People = Asked{Terminal: stopsAtDigits(1, attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))}
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nobody stopped it")
	}
	return o
}

// stoppedAgain is a ceremony in which an artifact is withheld, and that people stop when they
// have its step repeated and see the bytes.
func stoppedAgain(t *testing.T, p *plan.Preview, artifact, step string) Options {
	t.Helper()
	o := fastRun(t, p)
	o.AfterSigning = failAfter(artifact)
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nothing failed")
	}
	o.AfterSigning = nil
	redo := o
	redo.Redo, redo.People = step, Asked{Terminal: stopsAtDigits(0, again(p, "park"))}
	if _, err := Resume(context.Background(), redo); err == nil {
		t.Fatal("nobody stopped it again")
	}
	return o
}

// TestAmendWhatFailed guards people who change in the plan what went wrong: what was done for
// it follows from the plan of that time, and the bundle verifies.
func TestAmendWhatFailed(t *testing.T) {
	withheld := func(t *testing.T, p *plan.Preview) Options { return stoppedAgain(t, p, "ca-cert", "5") }
	renamed := []string{"issue: ca-cert", "issue: ca-certificate"}
	leftOut := []string{"  - issue: ca-cert\n    profile: profiles/tls-issuing.yaml\n    subject: ca\n    issuer: root\n    validity: {not-before: signing-day, for: 3y}\n", ""}
	for name, c := range map[string]struct {
		fails   func(t *testing.T, p *plan.Preview) Options
		changes []string
	}{
		"renamed before it is signed":      {notConfirmed, renamed},
		"left out before it is signed":     {notConfirmed, leftOut},
		"changed while its step is redone": {withheld, []string{"for: 3y}", "for: 2y}"}},
		"renamed while its step is redone": {withheld, renamed},
	} {
		t.Run(name, func(t *testing.T) {
			p := inOneDay(t)
			o := c.fails(t, p)
			amend(&o, inOneDay(t, c.changes...))
			goOn(t, o, termtest.NewScript(80).On("Continue under amendment 1", termtest.Reply("amend")).
				Then(attendants(p.Plan.Ceremony.Window.From.Add(5*time.Hour))))
			verifies(t, o.Bundle)
		})
	}
}

// TestKeyRedoneAfterWithheld guards a certificate that was withheld: it is of the key of its
// time, also where that key is made anew before the certificate is.
func TestKeyRedoneAfterWithheld(t *testing.T) {
	p := inOneDay(t)
	o := stoppedAgain(t, p, "root-cert", "4")
	o.Redo = "2"
	goOn(t, o, again(p, "park"))
	verifies(t, o.Bundle)
}

// verifies demands a complete bundle without problems.
func verifies(t *testing.T, bundle string) {
	t.Helper()
	v, problems := verified(t, bundle, verify.Options{})
	if v == nil || len(v.Problems)+len(v.Incomplete) > 0 {
		t.Fatal(problems)
	}
}
