// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
)

// Options say how a plan is carried out.
type Options struct {
	Mode   transcripts.Mode
	Bundle string // folder to be made; it must not exist, or be empty
	// Approved is the plan.json that people approved; the plan must come out
	// the same byte for byte. Empty in a rehearsal.
	Approved []byte
	// Policy is the trust policy that says who has to approve, PolicySHA256 its
	// digest as it is known from outside, and Approvals the folder with people's
	// signatures. They are needed to run a plan unless it says approval: none.
	Policy       []byte
	PolicySHA256 string
	Approvals    fs.FS
	Site         *plan.Site // nil in a rehearsal on in-memory tokens
	People       People
	Clock        HostClock
	Rand         io.Reader // makes the seal key and key ids
	Tool         transcripts.Tool
	Host         *transcripts.Host
	// FileSystem is where the bundle is written; nil is that of the host.
	FileSystem artifact.FS
	// OpenToken opens a device of the site.
	OpenToken func(ctx context.Context, c token.Config, l Login) (token.Token, error)
	// Redo names a step that people want done again when the ceremony is resumed.
	Redo string
	// Amendment is another plan for the steps that are left when the ceremony is
	// resumed.
	Amendment *plan.Preview
	// Typed is what people typed, for the commands that they are shown.
	Typed plan.Commands
	// Script is script.html of the plan folder, which people printed; nil where
	// there is none.
	Script []byte
	// Abandon ends the ceremony for good when it is resumed, whatever is left.
	Abandon bool

	afterSigning func(artifact string) error // a fault that a test lets the last check find
}

// Result is what a ceremony leaves: when it is finished, or for the time being.
type Result struct {
	Bundle         string
	Pause          string // why it was put off; it is not finished then, and has no more than a bundle
	Report         string
	ManifestSHA256 string
	Next           []plan.NextCommand // what people type next
}

func (o *Options) fileSystem() artifact.FS {
	if o.FileSystem == nil {
		return artifact.OS{}
	}
	return o.FileSystem
}

// Refusal is an error about the request itself: nothing was opened, made or
// written.
type Refusal struct {
	Reason string
	Hint   string
}

// Error implements error.
func (r *Refusal) Error() string { return r.Reason }

// Execute carries out a plan: on real tokens with people, or as a rehearsal.
// Whatever goes wrong after the journal was begun is in the journal.
func Execute(ctx context.Context, p *plan.Preview, o Options) (*Result, error) {
	if err := o.check(p); err != nil {
		return nil, err
	}
	r := newRunner(ctx, plan.NewBuilder(p.Loaded, o.Mode == transcripts.Rehearsal), p.Digest, &o)
	if err := r.work.hold(p); err != nil {
		return nil, err
	}
	defer r.tokens.close()
	defer r.entry.release()
	if err := r.entry.foresee(p); err != nil {
		return nil, err
	}
	if err := r.open(p); err != nil {
		return nil, r.stopped(err)
	}
	return r.carryOn()
}

// carryOn performs the steps that are left, and closes the ceremony.
func (r *runner) carryOn() (*Result, error) {
	err := r.steps.carryOut()
	var p *pause
	if errors.As(err, &p) {
		if err := r.putOff(p); err != nil {
			return nil, r.stopped(err)
		}
		return &Result{Bundle: r.o.Bundle, Pause: p.reason, Next: []plan.NextCommand{{Line: r.work.commands().Resume()}}}, nil
	}
	if err != nil {
		return nil, r.stopped(err)
	}
	return r.finished(transcripts.OutcomeComplete)
}

// check refuses what can be refused before anything is touched.
func (o *Options) check(p *plan.Preview) error {
	if len(p.Problems) > 0 {
		return p.Problems
	}
	rehearsed := plan.Find(p.Plan.Inputs, func(i *plan.Input) bool { return i.Bundle != nil && i.Bundle.Rehearsal })
	switch {
	case o.Mode != transcripts.Run && o.Site == nil:
		return nil
	case o.Site == nil:
		return &Refusal{Reason: "no site file says which devices stand in this room", Hint: "give it with --site FILE"}
	case o.Mode == transcripts.Run && rehearsed != nil:
		return &Refusal{Reason: fmt.Sprintf("input %q comes from a rehearsal", rehearsed.ID), Hint: "name the bundle of the real ceremony"}
	case o.Mode == transcripts.Run:
		if err := o.isApproved(p); err != nil {
			return err
		}
	}
	return o.siteHas(p.Plan)
}

// isApproved refuses a plan that is not, byte for byte, the one that people saw.
func (o *Options) isApproved(p *plan.Preview) error {
	if bytes.Equal(o.Approved, p.Canonical) {
		return nil
	}
	return &Refusal{Reason: fmt.Sprintf("this plan (SHA-256 %x) is not the one in the plan folder", p.Digest),
		Hint: "after a change, plan again and have the new digest approved:\n  " + o.commands(p.Plan).MakePlan()}
}

// siteHas refuses a site file that does not name every token of a plan.
func (o *Options) siteHas(p *plan.Plan) error {
	if err := o.Site.Has(p); err != nil {
		return &Refusal{Reason: err.Error(), Hint: plan.SiteHint}
	}
	return nil
}

// runner carries one ceremony from its first event to its last: it opens, lets the
// parts do their work, and closes.
type runner struct {
	*session
	work     *work
	room     *room
	paper    *paper
	tokens   *tokens
	keys     *keys
	signing  *signing
	steps    *steps
	settling *settling
	redoing  *redoing
	amending *amending
	entry    *entry
}

// newRunner puts the parts together: each is given those that it needs.
func newRunner(ctx context.Context, b *plan.Builder, digest [32]byte, o *Options) *runner {
	s := &session{ctx: ctx, o: o}
	w := &work{Builder: b, Digest: digest, past: &verify.Replay{}, o: o}
	r := &runner{session: s, work: w}
	r.room = &room{session: s, work: w}
	r.paper = &paper{session: s, work: w, room: r.room}
	r.tokens = &tokens{session: s, work: w, room: r.room, byName: map[string]token.Token{}, seen: map[string]bool{}}
	r.room.hide = r.tokens.hide
	r.keys = &keys{session: s, work: w, room: r.room, tokens: r.tokens,
		handles: map[string]token.Handle{}, lastRead: map[string]*token.Pair{}}
	r.signing = &signing{session: s, work: w, room: r.room, tokens: r.tokens, keys: r.keys,
		ready: map[string]*prepared{}, moments: map[string]time.Time{}}
	r.steps = &steps{session: s, work: w, room: r.room, paper: r.paper, keys: r.keys, signing: r.signing}
	r.settling = &settling{session: s, work: w, room: r.room, keys: r.keys, signing: r.signing}
	r.redoing = &redoing{session: s, work: w, room: r.room, keys: r.keys, signing: r.signing}
	r.amending = &amending{session: s, work: w, room: r.room, paper: r.paper, tokens: r.tokens}
	r.entry = &entry{session: s, work: w}
	return r
}

// say puts a line on the screen.
func (s *session) say(format string, args ...any) {
	s.o.People.Say(fmt.Sprintf(format, args...) + "\n")
}

// moment puts on the screen what makes a video searchable: time, number of the
// next event, ceremony.
func (s *steps) moment() {
	s.say("      %s · event %d · %s", plan.Stamp(s.clock.Now()), len(s.journal.Records())+1, s.work.Plan.Ceremony.ID)
}

// note records an event of the current step.
func (s *session) note(e transcripts.Event, how transcripts.How, by ...string) error {
	_, err := s.journal.Append(e, s.step, how, by...)
	return err
}

// open asks for the time, begins the bundle and the journal, sees who is here
// and opens the tokens.
func (r *runner) open(p *plan.Preview) error {
	r.greet()
	present, room, host, refs, by, err := r.room.gatherPeople()
	if err != nil {
		return err
	}
	r.room.present, r.clock = present, newRoomClock(r.o.Clock, room)
	approved, approvals, err := r.o.judgeApproval(p, plan.Folder, room)
	if err != nil {
		return err
	}
	if err := r.begin(p, approvals); err != nil {
		return err
	}
	if err := r.note(approved, transcripts.Observed); err != nil {
		return err
	}
	if err := r.room.recordPeople(room, host, refs, by); err != nil {
		return err
	}
	if err := r.paper.readDigests(); err != nil {
		return err
	}
	return r.tokens.open()
}

// greet shows which ceremony this is, and first of all what it is not.
func (r *runner) greet() {
	r.say("%s", r.work.Plan.Ceremony.Title)
	if r.o.Mode == transcripts.Rehearsal {
		r.say("THIS IS A REHEARSAL: its keys and signatures mean nothing.")
	}
	if r.work.Plan.Approval == plan.ApprovalNone {
		r.say("NOT APPROVED: nobody approved this plan.")
	}
	if r.o.Site != nil && r.o.Site.SoftwareToken {
		r.say("SOFTWARE TOKENS: no hardware protects the keys of this ceremony.")
	}
}

// named gives the people of a list of names.
func (r *room) named(names []string) []Person {
	var out []Person
	for _, p := range r.present {
		if plan.Find(names, func(n *string) bool { return *n == p.Name }) != nil {
			out = append(out, p)
		}
	}
	return out
}

// withRole gives the people present in any of the roles.
func (r *room) withRole(roles ...string) []Person {
	var out []Person
	for _, p := range r.present {
		if plan.Find(roles, func(s *string) bool { return *s == p.Role }) != nil {
			out = append(out, p)
		}
	}
	return out
}

// stopped records why the ceremony ends before its end, as far as that is
// still possible, and gives the error with the place of the record.
func (r *runner) stopped(err error) error {
	if r.journal == nil {
		return err
	}
	next := r.goOn(err)
	if r.step != "" {
		outcome := transcripts.StepFailed
		if errors.Is(err, ErrStopped) {
			outcome = transcripts.StepStopped
		}
		_ = r.note(transcripts.StepFinished{Outcome: outcome}, transcripts.Observed)
	}
	r.step = ""
	recordErr := r.note(transcripts.CeremonyStopped{Reason: err.Error()}, transcripts.Observed)
	return &Stopped{Bundle: r.o.Bundle, Next: next, Err: errors.Join(err, recordErr, r.journal.End())}
}

// goOn gives the commands of which one helps after an error.
func (r *runner) goOn(err error) []plan.NextCommand {
	var withheld *WithheldError
	if errors.As(err, &withheld) && r.o.Mode == transcripts.Run {
		return r.work.commands().AfterFailure(withheld.Step)
	}
	return []plan.NextCommand{r.work.commands().GoOn(r.o.Mode, "")}
}

// commands are those for what is carried out.
func (w *work) commands() plan.Commands { return w.o.commands(w.Plan) }

// Stopped is an error after the journal was begun: the record so far is kept.
type Stopped struct {
	Bundle string
	Next   []plan.NextCommand // of which one helps
	Err    error
}

// Hint is what to do next. What refused to go on knows better.
func (s *Stopped) Hint() string {
	var refusal *Refusal
	if errors.As(s.Err, &refusal) && refusal.Hint != "" {
		return refusal.Hint
	}
	return "the record so far is kept in " + s.Bundle + "; " + plan.OneOf(s.Next)
}

// Error implements error.
func (s *Stopped) Error() string { return s.Err.Error() }

// Unwrap gives the cause.
func (s *Stopped) Unwrap() error { return s.Err }
