// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// TestOneVerdictAgain guards a ceremony that goes otherwise than planned against a
// second opinion: whatever session an artifact is prepared in, as of whatever plan and
// beside whatever an earlier attempt left, all find on it what the plan found.
func TestOneVerdictAgain(t *testing.T) {
	for name, carryOut := range map[string]func(t *testing.T) (*plan.Preview, string){
		"resumed": resumedOnce, "signed again": possiblySigned, "signature redone": redoneSignature, "key redone": redoneKey,
		"amended": amendedOnce, "two days": twoDays, "window extended": windowExtended,
	} {
		t.Run(name, func(t *testing.T) {
			p, bundle := carryOut(t)
			oneVerdict(t, p, bundle)
		})
	}
}

// goOn resumes a bundle, which must end.
func goOn(t *testing.T, o Options, people *termtest.Script) {
	t.Helper()
	o.People = Asked{Terminal: people}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
}

// resumedOnce is a ceremony that was cut off between its certificates.
func resumedOnce(t *testing.T) (*plan.Preview, string) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	if !cutOff(t, p, site, memory, bundle, 10, true) {
		t.Fatal("nothing was cut off")
	}
	bundle = disk(t, bundle)
	if made := len(recorded[event.ArtifactWritten](t, bundle)); made == 0 || made >= 2*len(p.Plan.Artifacts) {
		t.Fatalf("%d files were there, and some are to be made in another session", made)
	}
	goOn(t, inMemory(runOptions(p, site, bundle), memory), deciders(p, "adopt"))
	return p, bundle
}

// possiblySigned is one in which nobody knows of a signature whether it exists.
func possiblySigned(t *testing.T) (*plan.Preview, string) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	calls := 0
	o := inMemory(runOptions(p, site, bundle), vague{memory, 4, &calls})
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nothing failed")
	}
	goOn(t, o, deciders(p, "adopt"))
	return p, bundle
}

func redoneSignature(t *testing.T) (*plan.Preview, string) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	bundle := o.Bundle
	o.AfterSigning = failAfter("ca-cert")
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nothing failed")
	}
	o.AfterSigning, o.Redo = nil, "4"
	goOn(t, o, again(p, ""))
	return p, bundle
}

func redoneKey(t *testing.T) (*plan.Preview, string) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	failed := false
	o := inMemory(runOptions(p, site, bundle), late{memory, &failed})
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nothing failed")
	}
	o.Redo = "2"
	goOn(t, o, again(p, "park"))
	return p, bundle
}

func amendedOnce(t *testing.T) (*plan.Preview, string) {
	p, other := ceremonytest.Twice(t), ceremonytest.Amended(t, "for: 3y}", "for: 2y}")
	o := fastRun(t, p)
	bundle := o.Bundle
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	amend(&o, other)
	goOn(t, o, secondDay(p))
	return other, bundle
}

// twoDays is the example whose plan is amended overnight, when its root is signed.
func twoDays(t *testing.T) (*plan.Preview, string) {
	folder := filepath.Join(ceremonytest.Examples(t), "two-days-2026")
	p := ceremonytest.Preview(t, folder)
	amended, err := os.ReadFile(filepath.Join(folder, "amended.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := plan.Load("ceremony.yaml", amended, plan.Disk{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	other, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	site := &plan.Site{Version: 1, SoftwareToken: true}
	memories := map[string]token.Token{}
	for _, name := range p.Plan.Tokens() {
		site.Tokens = append(site.Tokens, inMemoryDevice(name))
		memories[name] = token.NewMemory(name, nil)
	}
	bundle := filepath.Join(t.TempDir(), "bundle")
	o := runOptions(p, site, bundle)
	o.OpenToken = func(_ context.Context, c token.Config, _ Login) (token.Token, error) {
		return persistent{memories[c.Name]}, nil
	}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	amend(&o, other)
	goOn(t, o, termtest.NewScript(80).On("Continue under amendment", termtest.Reply("amend")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(25*time.Hour))))
	return other, bundle
}

func windowExtended(t *testing.T) (*plan.Preview, string) {
	p, o := put(t, 13, longer...)
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return p, o.Bundle
}
