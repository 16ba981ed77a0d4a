// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts/event"
)

// TestRefusedDigestIsNotOnDisk guards that people read digits from the screen: after
// a wrong answer, and when it is asked again, no file of the bundle has the digest
// that they are to confirm. Who has the disk in another terminal could copy it.
func TestRefusedDigestIsNotOnDisk(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	bundle := o.Bundle
	snapshot := map[string][]byte{}
	keep := func(string, string) string {
		err := filepath.WalkDir(bundle, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			snapshot[name], err = os.ReadFile(name)
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return "0000"
	}
	people := termtest.NewScript(80).Once("next four digits", termtest.Reply("0000")).Once("next four digits", keep).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
	refused, confirmed := events[event.ConfirmationRefused](t, bundle), events[event.SignatureConfirmed](t, bundle)
	if len(refused) != 2 || refused[0].Artifact != confirmed[0].Artifact || refused[0].Entered != "0000" || len(snapshot) < 5 {
		t.Fatalf("refused: %+v, %d files", refused, len(snapshot))
	}
	for name, data := range snapshot {
		if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(confirmed[0].TBSSHA256))) {
			t.Errorf("%s has the digest that was not confirmed yet", name)
		}
	}
}
