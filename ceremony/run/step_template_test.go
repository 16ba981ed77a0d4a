// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts/event"
)

// TestReadBack guards what leaves the room, and what is backed up: the digest that
// a second laptop prints with coreutils or openssl is the only answer, and verify
// compares it again.
func TestReadBack(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.WithStepTemplates(t))
	o := fastRun(t, p)
	bundle := o.Bundle
	zeros := termtest.Reply(strings.Repeat("0", 64))
	people := termtest.NewScript(80).Once("digest-1 (artifacts-digest)", zeros).Once("ca (key-digest,", zeros).On("-digest", laptop(bundle)).
		On("(number)", termtest.Reply("2")).On("(UTC, example ", termtest.Reply("2026-12-01T09:00:00Z")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
	refused := events[event.ConfirmationRefused](t, bundle)
	if len(refused) != 2 || !strings.HasSuffix(refused[0].Reason, "field ca") || !strings.HasSuffix(refused[1].Reason, "field digest-1") {
		t.Errorf("refused: %v", refused)
	}
	if shown := regexp.MustCompile(laptop(bundle)("", "")).FindAllString(people.Screen(), -1); len(shown) != 2 {
		t.Errorf("the digest is on the screen %d times, want as often as it was typed", len(shown))
	}
	g := &golden{dir: bundle, preview: p}
	g.forge(t, bundle, eachEvent(func(e *event.StepRecorded) {
		for _, name := range []string{"digest-1", "root"} {
			if e.Fields[name] != "" {
				e.Fields[name] = strings.Repeat("0", 64)
			}
		}
	}))
	_, problems := verified(t, bundle, verify.Options{})
	for _, want := range []string{"the field digest-1 is not the digest of the artifacts", "the field root is not the digest of the public key"} {
		if !strings.Contains(problems, want) {
			t.Errorf("want %q in: %s", want, problems)
		}
	}
}
