// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/source"
	"rootceremony/transcripts/event"
)

// ordersAll tells that all mutants are tried, and not a sample: make test-orders.
func ordersAll() bool { return os.Getenv("CEREMONY_ORDERS") == "all" }

// sampled is the distance of the mutants that are tried unless all are.
const sampled = 13

// TestOrders guards the promise of planning, whatever somebody wrote by mistake:
// each ceremony file with a step removed, with two steps swapped, with a reference
// to something else is refused at a line of the file, or can be carried out, and
// its bundle verifies. Refusing everything is no way out: see accepted.
func TestOrders(t *testing.T) {
	for _, f := range ceremonytest.OrderFiles(t) {
		t.Run(f.Name, func(t *testing.T) {
			if ordersAll() {
				t.Parallel()
			}
			if _, err := planned(f, f.Text); err != nil {
				t.Fatalf("unchanged: %v", err)
			}
			every, want := sampled, accepted[f.Name]
			if ordersAll() {
				every = 1
			}
			list, accepted, tried := mutants(t, f.Text), 0, 0
			for i := 0; i < len(list); i += every {
				if tried++; tryMutant(t, f, list[i]) {
					accepted++
				}
			}
			t.Logf("%s: %d of %d mutants are tried, %d accepted", f.Name, tried, len(list), accepted)
			if least := map[bool]int{true: want.all, false: want.sample}[ordersAll()]; accepted < least {
				t.Errorf("%d mutants are accepted, and %d were", accepted, least)
			}
			for _, what := range want.must {
				mustStand(t, f, list, what)
			}
		})
	}
}

// mustStand plans a mutant that is no mistake.
func mustStand(t *testing.T, f ceremonytest.File, list []mutant, what string) {
	t.Helper()
	i := slices.IndexFunc(list, func(m mutant) bool { return m.what == what })
	if i < 0 {
		t.Errorf("there is no mutant %q", what)
	} else if _, err := planned(f, list[i].text); err != nil {
		t.Errorf("%s is no mistake, and is refused: %v", what, err)
	}
}

// accepted counts for each file the mutants that plan accepts, among the sample
// and among all; the numbers may only rise. must are mutants that are no mistake:
// steps that do not depend on each other, and references to what fits as well.
var accepted = map[string]struct {
	sample, all int
	must        []string
}{
	"root-2026":      {5, 60, []string{"steps[7].with.keys[0]: root-x1 is e1", "steps 17 and 18 swapped", "steps[16].certificate: r1-cert is e1-cert"}},
	"issuing-2027":   {2, 22, []string{"steps 6 and 7 swapped"}},
	"cross-2026":     {1, 14, []string{"without step 1"}},
	"two-days-2026":  {2, 24, []string{"without step 12"}},
	"amended":        {5, 30, []string{"without step 12"}},
	"fast":           {3, 24, []string{"steps 6 and 7 swapped"}},
	"templates":      {4, 36, []string{"without step 12"}},
	"next-crl":       {0, 1, nil},
	"cross-own-root": {0, 5, []string{"steps 1 and 2 swapped", "steps 2 and 3 swapped"}},
	"small":          {2, 7, []string{"without step 1"}},
	"hierarchy":      {2, 40, []string{"steps 6 and 7 swapped", "steps[5].subject: resp is sub", "steps[6].issuer: root is sub", "steps[7].certificate: sub-cert is resp-cert"}},
	"revoked":        {5, 35, []string{"steps 4 and 5 swapped", "steps 1 and 2 swapped", "steps[7].certificate: one-cert is root-cert"}},
	"partner":        {1, 15, []string{"steps 3 and 4 swapped"}},
	"from-bundle":    {1, 10, []string{"steps 1 and 2 swapped", "steps 3 and 4 swapped"}},
	"two-roots":      {0, 14, []string{"steps 1 and 2 swapped", "steps 3 and 4 swapped", "steps 5 and 6 swapped"}},
	"people":         {1, 13, []string{"steps 4 and 5 swapped"}},
}

// belongsElsewhere are mutants that plan accepts and the room or verify refuses,
// each with its reason. The list may only get shorter.
var belongsElsewhere = map[string]string{}

// tryMutant plans a mutant and carries it out. It reports whether the plan has no errors.
func tryMutant(t *testing.T, f ceremonytest.File, m mutant) bool {
	t.Helper()
	p, err := planned(f, m.text)
	name := f.Name + ": " + m.what
	switch {
	case err != nil:
		if why := unplaced(err); why != "" {
			t.Errorf("%s: %s: %v", name, why, err)
		}
		return false
	case belongsElsewhere[name] != "":
		return true
	}
	if err := carriedOut(t, p); err != nil {
		t.Errorf("%s: plan accepts it, but %v", name, err)
	}
	return true
}

// planned plans a text and makes all that people read of the plan.
func planned(f ceremonytest.File, text string) (p *plan.Preview, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	l, err := plan.Load("ceremony.yaml", []byte(text), f.Files)
	if err != nil {
		return nil, err
	}
	p, err = plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		return nil, err
	}
	if len(p.Problems) > 0 {
		return nil, p.Problems
	}
	if err := p.Write(io.Discard); err != nil {
		return nil, err
	}
	_, err = p.Script(nil)
	return p, err
}

// unplaced says what is wrong with a refusal: every mistake has its place.
func unplaced(err error) string {
	var problems source.Errors
	if !errors.As(err, &problems) || len(problems) == 0 {
		return "refused without a place"
	}
	for _, e := range problems {
		if e.Pos.File == "" || e.Pos.Line == 0 || e.Pos.Column == 0 || e.Msg == "" {
			return "a mistake without a place or without words"
		}
		if strings.Contains(e.Hint, "this is a bug") {
			return "a mistake that no reader found"
		}
	}
	return ""
}

// carriedOut rehearses a plan and verifies the bundle.
func carriedOut(t *testing.T, p *plan.Preview) error {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // there may be thousands
	o := run.Options{
		Mode: event.Rehearsal, Bundle: filepath.Join(dir, "bundle"), People: run.Simulated{}, Clock: &ticking{},
		Rand: rand.Reader, Tool: event.Tool{Version: "test", Go: "test"},
	}
	res, err := run.Execute(context.Background(), p, o)
	if err != nil {
		return fmt.Errorf("the rehearsal fails: %w", err)
	}
	v, err := verify.Bundle(context.Background(), res.Bundle, verify.Options{})
	if err != nil {
		return fmt.Errorf("the bundle cannot be verified: %w", err)
	}
	defer v.Close()
	if len(v.Problems)+len(v.Incomplete) > 0 || v.Rebuilt != len(p.Plan.Artifacts) {
		return fmt.Errorf("the bundle does not verify: %v %v, %d rebuilt", v.Problems, v.Incomplete, v.Rebuilt)
	}
	return nil
}

// ticking is a host clock that advances by a millisecond when it is asked.
type ticking struct{ mono time.Duration }

func (*ticking) Now() time.Time { return time.Unix(1e9, 0) }

func (c *ticking) Mono() time.Duration {
	c.mono += time.Millisecond
	return c.mono
}
