// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// leastRoom is how many bytes must be free for a bundle: the examples take two to
// three MiB, a ceremony of a thousand CRLs some tens.
const leastRoom = 64 << 20

// survey is what can be known before anybody is asked anything: of the plan, the
// folders, the host and the devices. It changes nothing and logs in nowhere.
type survey struct {
	*entry
	checks  []preflight.Check
	unseen  []string // what was not looked at, and why
	refused []error  // one for each check that failed, with its own hint where it has one
}

// Preflight is what a survey found.
type Preflight struct {
	Checks []preflight.Check `json:"checks"`
	// Unseen is what could not be looked at, with what would show it.
	Unseen []string `json:"not_seen"`
}

// Survey finds out what [Execute] would refuse, and warns of, before anybody is asked
// anything. Without a plan folder or a bundle in the options those are not looked at.
func Survey(ctx context.Context, p *plan.Preview, o Options) (*Preflight, error) {
	s, err := newSurvey(ctx, p, &o)
	if err != nil {
		return nil, err
	}
	if err := s.beforeStart(p); err != nil {
		return nil, err
	}
	return s.result(), nil
}

// newSurvey is a survey that is made for itself, and not before a ceremony.
func newSurvey(ctx context.Context, p *plan.Preview, o *Options) (*survey, error) {
	if len(p.Problems) > 0 {
		return nil, p.Problems
	}
	return surveyOf(ctx, p.Loaded, p.Digest, o)
}

// surveyOf is a survey for a plan.
func surveyOf(ctx context.Context, l *plan.Loaded, digest [32]byte, o *Options) (*survey, error) {
	if o.Site == nil {
		return nil, o.at(l.Plan, siteMissing).refuse("no site file names the devices in this room")
	}
	o.surveyed = true
	r := newRunner(ctx, plan.NewBuilder(l, false), digest, o)
	return &survey{entry: r.entry}, nil
}

func (s *survey) result() *Preflight {
	const login = "what only a login shows: private objects and their labels, existing keys and their attributes, room for keys, whether PINs are known (ceremony token check)"
	return &Preflight{Checks: s.checks, Unseen: append(s.unseen, login)}
}

// beforeStart looks at everything before a ceremony is begun. What is asked for comes
// first: with another plan or folder other devices and labels may be right. Only who
// asks for the survey alone is told all at once.
// Its error says that people asked the program to stop.
func (s *survey) beforeStart(p *plan.Preview) error {
	same := s.sameSite()
	s.planned(p, same)
	if s.o.Approved != nil && same == nil { // else said already
		s.approvals(p)
	}
	s.placeholders(p)
	s.folders()
	if len(s.refused) > 0 && !s.o.surveyed {
		return nil
	}
	s.window()
	s.machine()
	return s.devices()
}

// beforeResume looks at what may have changed since it was.
func (s *survey) beforeResume() error {
	s.window()
	s.roomFor(preflight.Bundle, s.o.Bundle)
	s.machine()
	return s.devices()
}

func (s *survey) add(c preflight.Check) { s.checks = append(s.checks, c) }

// met notes a requirement that is met.
func (s *survey) met(name, format string, args ...any) {
	s.add(preflight.Met(name, preflight.Require, fmt.Sprintf(format, args...)))
}

// fail notes a requirement that is not met, by the error that says so.
func (s *survey) fail(name, of string, err error) {
	found, next := saying(err)
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		err = nil
	}
	s.failed(preflight.Unmet(name, preflight.Require, found, next).About(of), err)
}

// unmet notes a requirement that is not met, with what to try.
func (s *survey) unmet(name, of, found, next string) {
	s.failed(preflight.Unmet(name, preflight.Require, found, next).About(of), nil)
}

// failed notes a requirement that is not met, and refuses the ceremony because of it, with
// the refusal that there is. Where people give a ceremony up, a device that fails is no
// reason not to.
func (s *survey) failed(c preflight.Check, refusal error) {
	if c.Of != "" && s.o.Abandon {
		s.warn(c.Name, c.Of, c.Found, c.Next)
		return
	}
	s.add(c)
	if refusal == nil {
		refusal = s.notReady(cmp.Or(c.Next, "put that right")).refuse(c.Title() + ": " + c.Found)
	}
	s.refused = append(s.refused, refusal)
}

// require notes a requirement.
func (s *survey) require(name string, err error, found string) {
	if err != nil {
		s.fail(name, "", err)
		return
	}
	s.met(name, "%s", found)
}

// saying takes an error apart: what was found, and what to try next.
func saying(err error) (found, next string) {
	var refusal *Refusal
	var module *token.ModuleError
	var worker *token.WorkerError
	switch {
	case errors.As(err, &refusal):
		return refusal.Reason, refusal.Hint
	case errors.As(err, &module):
		return module.Text, module.Hint
	case errors.As(err, &worker):
		next := worker.Next
		w := *worker
		w.Next = ""
		return w.Error(), next
	case errors.Is(err, token.ErrKeyExists):
		return err.Error(), "use an empty token, or rename the key in the ceremony file"
	}
	return err.Error(), ""
}

// refusal is the error of a survey in which a requirement is not met: all that is wrong
// at once.
func (s *survey) refusal() error {
	switch len(s.refused) {
	case 0:
		return nil
	case 1:
		return s.refused[0]
	}
	reason := fmt.Sprintf("the preflight failed %d checks, before anybody was asked anything:", len(s.refused))
	for _, c := range preflight.With(preflight.Failed, s.checks) {
		reason += fmt.Sprintf("\n  %s: %s", c.Title(), c.Found)
	}
	return s.notReady("put each of them right").refuse(reason)
}

// notReady is the situation in which something has to be put right first.
func (s *survey) notReady(what string) situation { return s.state.before(notReady).about(what) }

// planned looks at plan and site file.
func (s *survey) planned(p *plan.Preview, sameSite error) {
	switch rehearsed := s.o.notRehearsed(p.Plan); {
	case rehearsed != nil:
		s.fail(preflight.Plan, "", rehearsed)
	case s.o.Approved == nil:
		s.unseen = append(s.unseen, "whether this is the plan that people approved, and its approvals (add --plan)")
	default:
		s.require(preflight.Plan, s.o.isApproved(p), preflight.IsPlan(hex.EncodeToString(p.Digest[:])))
	}
	err := s.o.siteHas(p.Plan)
	if err == nil {
		err = sameSite
	}
	s.require(preflight.Site, err, preflight.NamesTokens)
}

// approvals looks at the signatures of people, and at the digest of the policy.
func (s *survey) approvals(p *plan.Preview) {
	switch err := s.checkStartApproval(p); {
	case err != nil:
		s.fail(preflight.Approvals, "", err)
	case p.Plan.Approval == plan.ApprovalNone:
		s.met(preflight.Approvals, preflight.NoApprovals)
	default:
		s.met(preflight.Approvals, "%s", preflight.ApprovedBy(plan.SHA256Hex(s.o.Policy)))
	}
}

// placeholders looks for what was left of an example: a certificate with it is of no use,
// but in a trial.
func (s *survey) placeholders(p *plan.Preview) {
	left := p.Plan.Placeholders()
	switch err := s.o.ownNames(p.Plan); {
	case err != nil:
		s.fail(preflight.Placeholders, "", err)
	case len(left) > 0:
		s.warn(preflight.Placeholders, "", preflight.FirstOf(left), writeNames)
	default:
		s.add(preflight.Met(preflight.Placeholders, s.placeholderLevel(), preflight.NoPlaceholder))
	}
}

// placeholderLevel is what follows from placeholders.
func (s *survey) placeholderLevel() preflight.Level {
	if s.o.Site.SoftwareToken {
		return preflight.Warn
	}
	return preflight.Require
}

// window compares the host's clock with the window. The clocks in the room decide, so
// this is no requirement.
func (s *survey) window() {
	now, w := s.o.Clock.Now().UTC(), s.state.next().Ceremony.Window
	if now.Before(w.From) || now.After(w.Last()) {
		s.add(preflight.Unmet(preflight.Clock, preflight.Warn, fmt.Sprintf("the host's says %s, and the window is from %s to %s", plan.Stamp(now), plan.Stamp(w.From), plan.Stamp(w.Last())),
			"compare it with other clocks: those in the room decide"))
		return
	}
	s.add(preflight.Met(preflight.Clock, preflight.Warn, fmt.Sprintf("the host's says %s; the window ends %s", plan.Stamp(now), plan.Stamp(w.Last()))))
}

// folders looks at the places where the record is written.
func (s *survey) folders() {
	switch err := artifact.CheckNew(s.o.fileSystem(), s.o.Bundle); {
	case s.o.Bundle == "":
		s.unseen = append(s.unseen, "the folder of the bundle, and the room there (add --bundle)")
	case err != nil:
		s.fail(preflight.Bundle, "", s.taken(err))
	default:
		s.roomFor(preflight.Bundle, filepath.Dir(filepath.Clean(s.o.Bundle)))
	}
	mirror := s.o.Site.JournalMirror
	if mirror == "" {
		return
	}
	if err := artifact.CheckNew(s.o.fileSystem(), mirror); err != nil {
		s.fail(preflight.Mirror, "", s.mirrorTaken(err))
		return
	}
	s.roomFor(preflight.Mirror, filepath.Dir(filepath.Clean(mirror)))
}

// roomFor looks at a folder that is written into.
func (s *survey) roomFor(name, folder string) {
	if err := preflight.Writable(folder); err != nil {
		s.fail(name, "", err)
		return
	}
	free, err := preflight.Room(folder)
	switch {
	case err != nil:
		s.add(preflight.Unmet(name, preflight.Warn, "the room is not known: "+err.Error(), "look at it by hand"))
	case free < leastRoom:
		s.fail(name, "", fmt.Errorf("%d MiB are free in %s, and a bundle may need %d", free>>20, folder, leastRoom>>20))
	default:
		s.met(name, "it can be written, and at least %d MiB are free", leastRoom>>20)
	}
}

// machine looks at the host, and records what this program is.
func (s *survey) machine() {
	s.add(preflight.Met(preflight.Tool, preflight.Record, "version "+s.o.Tool.Version+", SHA-256 "+cmp.Or(s.o.Tool.SHA256, "not known")))
	if s.o.Machine == nil {
		s.unseen = append(s.unseen, "the host")
		return
	}
	for _, c := range s.o.Machine.Checks(s.o.Site.Requires) {
		if c.Outcome == preflight.Failed {
			s.failed(c, nil)
			continue
		}
		s.add(c)
	}
}

// event is what the record keeps: verdicts. Facts are in lines of their own: the
// program in session.started, each module in token.opened.
func (p *Preflight) event() event.PreflightChecked {
	var e event.PreflightChecked
	for _, c := range p.Checks {
		if c.Level != preflight.Record {
			e.Checks = append(e.Checks, event.PreflightCheck{Check: c.Name, Token: c.Of, Level: string(c.Level), Met: c.Outcome == preflight.OK, Found: event.Seen(c.Found)})
		}
	}
	return e
}

// show tells people what they are warned of, before the first question.
func (p *Preflight) show(say func(format string, args ...any)) {
	warned := preflight.With(preflight.Warning, p.Checks)
	say("\nPreflight: %d checks, %s.", len(p.Checks)-len(preflight.With(preflight.Noted, p.Checks)), event.Count(len(warned), "warning"))
	for _, c := range warned {
		say("%s", plan.Indent("WARNING "+c.Title()+": "+c.Found, 6))
	}
}
