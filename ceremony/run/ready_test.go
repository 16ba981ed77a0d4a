// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
)

// withReady is the fast ceremony with all ready steps at its end.
func withReady(t *testing.T) string {
	t.Helper()
	folder := fastFolder(t)
	text := fast + `  - ready: cameras
    who: [administrator]
  - ready: hsm-initialisation
    who: [administrator]
    with: {token: root}
  - ready: partitions-and-card-sets
    who: [administrator]
    with: {token: root, custodians: Alice and Bob}
  - ready: back-up-and-clone
    who: [administrator, internal-witness]
    with: {token: root, keys: [root, ca], to: HSM B}
  - ready: seal-in-bags
    who: [administrator]
    with: {things: both HSMs}
  - ready: export-on-media
    who: [internal-witness]
`
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestReadySteps guards what every ceremony does by hand: the steps stand in the
// plan as if they were written there, and docs/ceremony-file.md names them all.
func TestReadySteps(t *testing.T) {
	p := preview(t, withReady(t))
	var all strings.Builder
	for i, st := range p.Plan.Steps {
		all.WriteString(st.Title + "\n")
		if i > 0 && len(st.ID) < len(p.Plan.Steps[i-1].ID) {
			t.Errorf("step %s follows step %s", st.ID, p.Plan.Steps[i-1].ID)
		}
	}
	if strings.ContainsAny(all.String(), "{}") || !strings.Contains(all.String(), "Copy keys root and ca of token root to HSM B") {
		t.Errorf("parameters are not put in:\n%s", all.String())
	}
	if len(p.Warnings) != 0 {
		t.Errorf("a root key that is backed up: %q", p.Warnings)
	}
	if w := preview(t, fastFolder(t)).Warnings; len(w) != 1 || !strings.Contains(w[0], `root key "root"`) {
		t.Errorf("a root key that nothing backs up: %q", w)
	}
	page, err := os.ReadFile("../../docs/ceremony-file.md")
	if err != nil {
		t.Fatal(err)
	}
	ready, err := plan.ReadySteps()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range ready {
		if !strings.Contains(string(page), "| `"+r.Name+"` |") || r.Says == "" || len(r.Steps) == 0 {
			t.Errorf("docs/ceremony-file.md does not name %s", r.Name)
		}
		for name := range r.With {
			if !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("docs/ceremony-file.md does not name the parameter %s of %s", name, r.Name)
			}
		}
	}
}

// TestReadBack guards what leaves the room, and what is backed up: the digest that
// a second laptop prints with coreutils or openssl is the only answer, and verify
// compares it again.
func TestReadBack(t *testing.T) {
	p := preview(t, withReady(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	o := inMemory(runOptions(p, site, bundle), memory)
	zeros := term.Reply(strings.Repeat("0", 64))
	people := term.NewScript(80).Once("digest-1 (artifacts-digest)", zeros).Once("ca (key-digest)", zeros).On("-digest)", laptop(bundle)).
		On("(number)", term.Reply("2")).On("(time)", term.Reply("2026-12-01T09:00:00Z")).
		Then(room(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
	refused := events[transcripts.ConfirmationRefused](t, bundle)
	if len(refused) != 2 || !strings.HasSuffix(refused[0].Reason, "field ca") || !strings.HasSuffix(refused[1].Reason, "field digest-1") {
		t.Errorf("refused: %v", refused)
	}
	if shown := regexp.MustCompile(laptop(bundle)("", "")).FindAllString(people.Screen(), -1); len(shown) != 2 {
		t.Errorf("the digest is on the screen %d times, want as often as it was typed", len(shown))
	}
	g := &golden{dir: bundle, preview: p}
	g.forge(t, bundle, eachEvent(func(e *transcripts.StepRecorded) {
		for _, name := range []string{"digest-1", "root"} {
			if e.Fields[name] != "" {
				e.Fields[name] = strings.Repeat("0", 64)
			}
		}
	}))
	_, problems := judged(t, bundle, verify.Options{})
	for _, want := range []string{"the field digest-1 is not the digest of the artifacts", "the field root is not the digest of the public key"} {
		if !strings.Contains(problems, want) {
			t.Errorf("want %q in: %s", want, problems)
		}
	}
}

// TestKeptAsItWas guards bundles against later programs: ready steps and ready
// profiles that the program ships otherwise by then are read from the bundle.
func TestKeptAsItWas(t *testing.T) {
	p := amended(t, "profile: profiles/root.yaml", "profile: ready:br-root", "  - section: Signatures\n", "  - ready: cameras\n    who: [administrator]\n  - section: Signatures\n")
	other := plan.Bundled{Folder: plan.PlanFolder, Plan: p.Plan, ReadAs: func(path string, _ int64) ([]byte, error) {
		f := plan.Find(p.Plan.Files, func(f *plan.PlanFile) bool { return plan.BundlePath(plan.PlanFolder, *f) == path })
		data := string(p.Raw(*f))
		return []byte(strings.NewReplacer("Start all cameras.", "Start the old cameras.", "the section of your", "the page of your").Replace(data)), nil
	}}
	l, err := plan.Load("ceremony.yaml", p.Doc.Data, other)
	if err != nil {
		t.Fatal(err)
	}
	if title := plan.Find(l.Plan.Steps, func(s *plan.Step) bool { return strings.Contains(s.Title, "cameras") }).Title; !strings.Contains(title, "the old cameras") {
		t.Errorf("the ready steps of today: %s", title)
	}
	for _, f := range l.Plan.Files {
		before := plan.Find(p.Plan.Files, func(g *plan.PlanFile) bool { return g.Path == f.Path })
		if changed := f.SHA256 != before.SHA256; changed != (f.Path == "ready-steps:cameras" || f.Path == "ready:br-root") {
			t.Errorf("%s: changed %v", f.Path, changed)
		}
	}
}
