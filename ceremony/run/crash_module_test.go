// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// moduleFault is what the module does in one of its calls.
type moduleFault struct {
	call, when string
	nth        int
	action     string
}

func (f moduleFault) String() string {
	return fmt.Sprintf("%s:%s:%d:%s", f.call, f.when, f.nth, f.action)
}

// endless reports whether the call does not come back.
func (f moduleFault) endless() bool { return f.action == "hang" || f.action == "spin" }

// TestCrashModule guards the record and the keys against the module: it fails, crashes,
// ends its process, does not return or returns nonsense in each of its calls, before
// and after the work is done. The ceremony says what happened and what to type; the
// record verifies; resumed with the sound module it ends, and every key on the token
// is in the record.
func TestCrashModule(t *testing.T) {
	p := smallPreview(t)
	all := moduleFaults(t, p)
	step := 1
	if stride() > 1 {
		all = slices.DeleteFunc(all, moduleFault.endless) // TestModuleMisbehaves waits for one
		step = len(all)/6 + 1
	}
	for i := step / 2; i < len(all); i += step {
		t.Run(all[i].String(), func(t *testing.T) { moduleFails(t, p, all[i]) })
	}
	t.Logf("%d faults, every %d. was tried", len(all), step)
}

// TestCrashModuleDestroys guards a test partition: where a module fails when the keys of a
// rehearsal are destroyed, the error names what is left there, and the record does not
// pass for one that is whole.
func TestCrashModuleDestroys(t *testing.T) {
	p := twoKeysPreview(t)
	for _, action := range []string{"err=30", "abort", "exit0", "hang"} {
		for _, when := range []string{"before", "after"} {
			for nth := 1; nth <= 4; nth++ {
				f := moduleFault{"C_DestroyObject", when, nth, action}
				if stride() > 1 && (f.endless() || nth != 1 || action == "exit0") {
					continue
				}
				t.Run(f.String(), func(t *testing.T) { destroyFails(t, p, f) })
			}
		}
	}
}

func destroyFails(t *testing.T, p *plan.Preview, f moduleFault) {
	t.Setenv("FAULT_CALLS", filepath.Join(t.TempDir(), "calls"))
	o := behindModule(t, p, f.String())
	o.Mode, o.Approved = event.Rehearsal, nil
	_, err := Execute(context.Background(), p, o)
	t.Log(err)
	if err == nil {
		t.Fatal("nothing failed")
	}
	saysWhatNext(t, err)
	soFarSound(t, o.Bundle)
	t.Setenv("FAULT", "")
	tok, openErr := openSoftHSM(context.Background(), o.Site.Tokens[0], Login{})
	if openErr != nil {
		t.Fatal(openErr)
	}
	defer tok.Close()
	left, censusErr := tok.Census(context.Background())
	if censusErr != nil {
		t.Fatal(censusErr)
	}
	if len(left) > 2 {
		t.Errorf("one fault left %v", left)
	}
	for _, object := range left {
		if !strings.Contains(err.Error(), object.ID) {
			t.Errorf("the error does not name %v", object)
		}
	}
}

// smallPreview plans the smallest ceremony.
func smallPreview(t *testing.T) *plan.Preview {
	t.Helper()
	return previewOf(t, ceremonytest.Small)
}

// twoKeysPreview plans one with a second key.
func twoKeysPreview(t *testing.T) *plan.Preview {
	t.Helper()
	return previewOf(t, strings.NewReplacer("  k: {", "  j: {token: root, algorithm: ecdsa-p384, class: root}\n  k: {", "[k]", "[j, k]").Replace(ceremonytest.Small))
}

func previewOf(t *testing.T, text string) *plan.Preview {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ceremonytest.Preview(t, dir)
}

// moduleFaults lists what is tried: a sound run shows the calls that there are.
func moduleFaults(t *testing.T, p *plan.Preview) (all []moduleFault) {
	t.Helper()
	calls := filepath.Join(t.TempDir(), "calls")
	t.Setenv("FAULT_CALLS", calls)
	o := behindModule(t, p, "")
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, call := range strings.Fields(string(made)) {
		times[call]++
	}
	if len(times) < 20 {
		t.Errorf("only these calls were made: %v", times)
	}
	numbered := []string{"C_GetSlotList", "C_GetMechanismList", "C_FindObjects", "C_GetAttributeValue", "C_Sign"}
	for call, n := range times {
		actions := map[string][]string{"before": {"err=30", "abort", "exit0", "hang"}, "after": {"err=30", "segv", "exit0", "spin"}}
		switch {
		case call == "C_GetFunctionList":
			actions["after"] = append(actions["after"], "null")
		case slices.Contains(numbered, call):
			actions["after"] = append(actions["after"], "huge", "more", "none")
		}
		for when, does := range actions {
			for _, nth := range slices.Compact([]int{1, (n + 1) / 2, n}) {
				for _, action := range does {
					all = append(all, moduleFault{call, when, nth, action})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b moduleFault) int {
		return cmp.Or(cmp.Compare(a.call, b.call), cmp.Compare(a.when, b.when), a.nth-b.nth, cmp.Compare(a.action, b.action))
	})
	return all
}

// behindModule is a run on a token of its own behind the fault module. Its deadlines
// are short where they end a call, but not so short that a busy machine misses them.
func behindModule(t *testing.T, p *plan.Preview, fault string) Options {
	t.Helper()
	module := tokentest.BuildFaultModule(t)
	t.Setenv("SOFTHSM2_CONF", "") // a folder of its own
	c := tokentest.NewSoftHSM(t, "ca")
	c.Name, c.Module = "root", module
	t.Setenv("FAULT", fault)
	o := runOptions(p, &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{c}}, filepath.Join(t.TempDir(), "bundle"))
	o.People = Asked{Terminal: attendants(p.Plan.Ceremony.Window.From.Add(20*time.Minute)).
		On("Adopt this key", termtest.Reply("adopt")).On("Sign the same bytes again", termtest.Reply("again"))}
	o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
		limit := 10 * time.Second
		if strings.HasSuffix(fault, ":hang") || strings.HasSuffix(fault, ":spin") {
			limit = 2 * time.Second
		}
		return token.Open(ctx, token.Options{Config: c, PIN: tokentest.PIN, Log: l.Log, Deadlines: token.Deadlines{Open: limit, Call: limit, Generate: limit}})
	}
	return o
}

// moduleFails lets one fault happen, and resumes.
func moduleFails(t *testing.T, p *plan.Preview, f moduleFault) {
	calls := filepath.Join(t.TempDir(), "calls")
	t.Setenv("FAULT_CALLS", calls)
	o := behindModule(t, p, f.String())
	ctx := context.Background()
	if f.endless() { // a login has no deadline: people give up
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, 6*time.Second)
		defer cancel()
	}
	_, err := Execute(ctx, p, o)
	if err == nil {
		mustHold(t, "the run that ended", o.Bundle, len(p.Plan.Artifacts))
	} else {
		t.Log(err)
		endAbandoned(t, err)
		saysWhatNext(t, err)
		o = mustResume(t, p, o, err)
	}
	keysAreRecorded(t, o)
}

var redoHint = regexp.MustCompile(`^the record so far is kept in \S+; redo step (\d+):`)

// hintOf gives the hint of an error.
func hintOf(err error) string {
	var s *Stopped
	if !errors.As(err, &s) {
		return ""
	}
	return s.Hint()
}

var abandonedProcess = regexp.MustCompile(`process (\d+)`)

// endAbandoned ends the worker that an abandoned login left behind.
func endAbandoned(t *testing.T, err error) {
	t.Helper()
	if found := abandonedProcess.FindStringSubmatch(err.Error()); found != nil {
		if pid, err := strconv.Atoi(found[1]); err == nil {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// saysWhatNext wants an error of a line or two that people understand, and a hint.
func saysWhatNext(t *testing.T, err error) {
	t.Helper()
	if hintOf(err) == "" {
		t.Errorf("nothing says what to do next after: %v", err)
	}
	if text := err.Error(); len(text) > 1200 || strings.Contains(text, "goroutine") {
		t.Errorf("an error of %d bytes: %.300s", len(text), text)
	}
}

// mustResume goes on with the module as it should be: as the hint says, it repeats a step
// that left a key, or begins again where nothing was done. It wants a bundle that verifies.
func mustResume(t *testing.T, p *plan.Preview, o Options, after error) Options {
	t.Helper()
	t.Setenv("FAULT", "")
	if lines, err := os.ReadFile(filepath.Join(o.Bundle, transcripts.JournalPath)); err != nil || !strings.Contains(string(lines), `"plan.approval"`) {
		o.Bundle += "-again"
		if _, err := Execute(context.Background(), p, o); err != nil {
			t.Fatal(err)
		}
	} else {
		soFarSound(t, o.Bundle)
		if redo := redoHint.FindStringSubmatch(hintOf(after)); redo != nil && errors.Is(after, token.ErrOrphan) {
			o.Redo, o.People = redo[1], Asked{Terminal: termtest.NewScript(80).On("Time now", termtest.Reply(plan.Stamp(p.Plan.Ceremony.Window.From.Add(20*time.Minute)))).Then(again(p, "destroy"))}
		}
		if _, err := Resume(context.Background(), o); err != nil {
			t.Fatal(err)
		}
	}
	mustHold(t, "resumed", o.Bundle, len(p.Plan.Artifacts))
	return o
}

// keysAreRecorded wants no key on the token that the record does not name.
func keysAreRecorded(t *testing.T, o Options) {
	t.Helper()
	t.Setenv("FAULT", "")
	tok, err := openSoftHSM(context.Background(), o.Site.Tokens[0], Login{})
	if err != nil {
		t.Fatal(err)
	}
	defer tok.Close()
	objects, err := tok.Census(context.Background())
	if err != nil || len(objects) == 0 {
		t.Fatal(objects, err)
	}
	record, err := os.ReadFile(filepath.Join(o.Bundle, transcripts.JournalPath))
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range objects {
		if object.ID == "" || !strings.Contains(string(record), object.ID) {
			t.Errorf("the record does not name what is on the token: %v", object)
		}
	}
}
