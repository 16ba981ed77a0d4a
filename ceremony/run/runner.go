// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/token"
	"rootceremony/lint"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// runner carries one ceremony from its first event to its last: it opens, lets the
// parts do their work, and closes.
type runner struct {
	*session
	state        *state
	room         *room
	paper        *paper
	tokens       *tokens
	keys         *keys
	signing      *signing
	steps        *steps
	interruption *interruption
	redoing      *redoing
	amending     *amending
	resiting     *resiting
	entry        *entry
	before       *history.History // the record when this session began
}

// newRunner puts the parts together: each is given those that it needs.
func newRunner(ctx context.Context, b *plan.Builder, digest [32]byte, o *Options) *runner {
	s := &session{ctx: ctx, o: o}
	st := &state{Builder: b, Digest: digest, replay: verify.NewReplay(b.Plan, history.New()), o: o}
	r := &runner{session: s, state: st, before: history.New()}
	r.room = &room{session: s, state: st}
	r.paper = &paper{session: s, state: st, room: r.room}
	r.tokens = &tokens{session: s, state: st, room: r.room, byName: map[string]token.Token{}, seen: map[string]bool{}, held: held{}}
	r.room.hide = r.tokens.hide
	r.keys = &keys{session: s, state: st, room: r.room, tokens: r.tokens,
		handles: map[string]token.Handle{}, lastRead: map[string]*token.Pair{}}
	r.signing = &signing{session: s, state: st, room: r.room, tokens: r.tokens, keys: r.keys,
		prepared: map[string]*prepared{}, moments: map[string]time.Time{}}
	r.steps = &steps{session: s, state: st, room: r.room, paper: r.paper, keys: r.keys, signing: r.signing}
	r.interruption = &interruption{session: s, state: st, room: r.room, keys: r.keys, signing: r.signing}
	r.redoing = &redoing{session: s, state: st, room: r.room, keys: r.keys, signing: r.signing}
	r.amending = &amending{session: s, state: st, room: r.room, paper: r.paper, tokens: r.tokens}
	r.entry = &entry{session: s, state: st}
	r.resiting = &resiting{session: s, state: st, room: r.room, entry: r.entry, steps: r.steps}
	return r
}

// open asks for the time, begins the bundle and the journal, sees who is here
// and opens the tokens.
func (r *runner) open(p *plan.Preview) error {
	r.greet()
	present, read, err := r.room.gatherPeople()
	if err != nil {
		return err
	}
	if err := r.state.mayBegin(read.room); err != nil {
		return err
	}
	r.room.enter(present, read.room)
	approved, approvals, err := r.o.checkApproval(p, plan.Folder, read.room, nil)
	if err != nil {
		return err
	}
	if err := r.begin(p, approvals); err != nil {
		return err
	}
	if err := r.note(approved, event.Observed); err != nil {
		return err
	}
	if err := r.room.recordPeople(read); err != nil {
		return err
	}
	if err := r.paper.readDigests(); err != nil {
		return err
	}
	if r.state.signs(r.state.Plan, r.journal.History()) {
		if _, err := r.room.inWindow(r.signingTime()); err != nil {
			return err
		}
	}
	return r.tokens.open()
}

// greet shows which ceremony this is, and first of all what it is not.
func (r *runner) greet() {
	r.say("%s", r.state.Plan.Ceremony.Title)
	if r.o.Mode == event.Rehearsal {
		r.say("THIS IS A REHEARSAL: its keys and signatures mean nothing.")
	}
	if r.state.Plan.Approval == plan.ApprovalNone {
		r.say("NOT APPROVED: nobody approved this plan.")
	}
	if r.o.Site != nil && r.o.Site.SoftwareToken {
		r.say("SOFTWARE TOKENS: no hardware protects the keys of this ceremony.")
	}
	for _, note := range r.o.Site.TemplateNotes() {
		r.say("%s", plan.Indent("KEY TEMPLATE: "+note+".", 0))
	}
	if r.entry.found != nil {
		r.entry.found.show(r.say)
	}
}

// tool is the program as the journal names it, with the engines that it lints with.
func (r *runner) tool() event.Tool {
	tool := r.o.Tool
	tool.Linters = lint.Versions()
	return tool
}

// begin makes the bundle folder and the journal, and copies all that the plan
// was made from and the approvals of it.
func (r *runner) begin(p *plan.Preview, approvals []plan.BundleFile) error {
	start := transcripts.Start{Plan: p.Canonical, Tool: r.tool(), Host: r.o.Host, Clock: r.clock, Rand: r.o.Rand,
		Mirror: r.entry.second, MirrorLost: r.mirrorLost}
	start.Opened = event.CeremonyOpened{
		Ceremony: p.Plan.Ceremony.ID, Title: p.Plan.Ceremony.Title, Mode: r.o.Mode,
		SoftwareTokens: r.o.Site == nil || r.o.Site.SoftwareToken,
		Unapproved:     p.Plan.Approval == plan.ApprovalNone,
		Unattended:     r.o.People.How() == event.Simulated,
	}
	var site []byte
	var err error
	start.Opened.TemplateNotes = r.o.Site.TemplateNotes()
	if r.o.Site != nil {
		if site, err = r.o.Site.Canonical(); err != nil {
			return err
		}
		start.Opened.SiteSHA256 = plan.SHA256Hex(site)
		r.state.sites = verify.Sites{}.And(0, r.o.Site)
	}
	script, err := r.paper.scriptOf(p)
	if err != nil {
		return err
	}
	files, err := p.BundleFiles(plan.Folder, site, script)
	if err != nil {
		return err
	}
	files = append(files, approvals...)
	for _, f := range files {
		if err := r.dir.WriteFile(f.Path, f.Data); err != nil {
			return err
		}
	}
	if r.journal, err = transcripts.Create(r.dir, start); err != nil {
		return err
	}
	if err := r.recordSurvey(); err != nil {
		return err
	}
	for _, f := range files {
		if err := r.loaded(f); err != nil {
			return err
		}
	}
	return nil
}

// recordSurvey records what was looked at before people were asked anything.
func (r *runner) recordSurvey() error {
	if r.entry.found == nil {
		return nil
	}
	return r.note(r.entry.found.event(), event.Observed)
}

// performSteps performs the steps that are left, and closes the ceremony.
func (r *runner) performSteps() (*Result, error) {
	err := r.steps.carryOut()
	var p *pause
	if errors.As(err, &p) {
		if err := r.pauseCeremony(p); err != nil {
			return nil, r.stopped(err)
		}
		return &Result{Bundle: r.o.Bundle, Pause: p.reason, Next: []plan.NextCommand{{Line: r.state.commands().Resume()}}}, nil
	}
	if err != nil {
		return nil, r.stopped(err)
	}
	return r.finished(event.OutcomeComplete)
}

// pauseCeremony closes the tokens and has the head read, so that the ceremony can go
// on another day from a record that is on paper.
func (r *runner) pauseCeremony(p *pause) error {
	if r.step != "" {
		if err := r.note(event.StepFinished{Outcome: event.StepStopped}, event.Observed); err != nil {
			return err
		}
		r.step = ""
	}
	if err := r.tokens.shut(event.CensusPause); err != nil {
		return err
	}
	if err := r.paper.readHead(); err != nil {
		return err
	}
	if err := r.note(event.CeremonyStopped{Reason: p.reason, Pause: true}, event.Observed); err != nil {
		return err
	}
	return r.journal.End()
}

// stopped records why the ceremony ends before its end, as far as that is
// still possible, and gives the error with the place of the record.
func (r *runner) stopped(err error) error {
	after := r.situationAfter(err)
	out := &Stopped{Bundle: r.o.Bundle, Next: after.ways(), Err: err, kept: after.stage == stageBegun || r.journal != nil}
	if r.journal == nil {
		return out
	}
	if r.step != "" {
		outcome := event.StepFailed
		if errors.Is(err, ErrStopped) {
			outcome = event.StepStopped
		}
		_ = r.note(event.StepFinished{Outcome: outcome}, event.Observed)
	}
	r.step = ""
	r.tokens.close() // what their modules printed last is recorded
	recordErr := r.note(event.CeremonyStopped{Reason: event.Seen(err.Error())}, event.Observed)
	endErr := r.journal.End()
	if recordErr == nil && endErr == nil && r.o.Mode == event.Run {
		r.paper.headAtStop()
	}
	out.Err = errors.Join(err, recordErr, endErr)
	return out
}

// abandon has people decide that the ceremony ends here for good. What was
// signed stays listed; nothing that was planned after it is done.
func (r *runner) abandon() error {
	for i := range r.state.Plan.Artifacts {
		a := &r.state.Plan.Artifacts[i]
		done := r.state.replay.Signed(a.ID)
		if done == nil || r.state.replay.Artifact(a.ID).Filed() {
			continue
		}
		var withheld *withheldError
		if err := r.signing.finish(a, done.Finished.Event); err != nil && !errors.As(err, &withheld) {
			return err
		}
	}
	why, err := r.room.text("Why is the ceremony abandoned")
	if err != nil {
		return err
	}
	by, err := r.room.mustAgree("abandon", "End this ceremony permanently and leave the remaining steps undone", stopped)
	if err != nil {
		return err
	}
	e := event.DeviationRecorded{Exception: event.ExceptionAbandoned, Expected: "the ceremony is completed", Happened: why,
		Decision: "the ceremony is abandoned", DecidedBy: by}
	return r.note(e, r.o.People.How(), by...)
}

// finished closes the ceremony and gives what it leaves.
func (r *runner) finished(outcome string) (*Result, error) {
	if short := verify.Undelivered(r.state.Plan, r.journal.History()); outcome == event.OutcomeComplete && len(short) > 0 {
		return nil, r.stopped(fmt.Errorf("the ceremony cannot be closed as complete: %s", short[0]))
	}
	if lacks := verify.Unowned(r.state.Plan, r.journal.History()); outcome == event.OutcomeComplete && len(lacks) > 0 {
		return nil, r.stopped(fmt.Errorf("the ceremony cannot be closed as complete: %s", strings.Join(lacks, "; ")))
	}
	closed, err := r.close(outcome)
	if err != nil {
		return nil, r.stopped(err)
	}
	return &Result{Bundle: r.o.Bundle, Report: filepath.Join(r.o.Bundle, "report", "report.html"), ManifestSHA256: closed.ManifestSHA256,
		Next: r.next()}, nil
}

// next are the commands for the bundle that was closed. The policy by which the
// plan was approved is in it, and says whether people sign the manifest.
func (r *runner) next() []plan.NextCommand {
	c := r.state.commands()
	if r.o.Mode == event.Rehearsal {
		return append([]plan.NextCommand{{Line: c.VerifyAlone()}}, c.Near(r.state.Plan, r.state.Digest).Ahead(true)...)
	}
	data, err := os.ReadFile(r.dir.Path(plan.PolicyPath))
	if err != nil {
		return c.Afterwards(false)
	}
	policy, err := approval.ParsePolicy("", data)
	c.Policy = cmp.Or(c.Policy, plan.PolicyIn(c.Bundle))
	return c.Afterwards(err == nil && policy.Demands(approval.ManifestDeclaration))
}

// close finishes the tokens and the record.
func (r *runner) close(outcome string) (*transcripts.Closed, error) {
	if err := r.keys.finish(); err != nil {
		return nil, err
	}
	if err := r.journal.Unchanged(); err != nil {
		return nil, err
	}
	closed, err := r.journal.Close(outcome)
	if err != nil {
		return nil, err
	}
	r.sayLeftOver()
	r.sayLedger()
	sum := sha256.Sum256(closed.Manifest)
	r.say("\nSHA-256 of the manifest. Read it aloud and write it on every copy of the script:\n%s", plan.Groups(closed.ManifestSHA256))
	r.sayWords(sum[:])
	return closed, nil
}
