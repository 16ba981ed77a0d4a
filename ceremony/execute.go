// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"rootceremony/internal/artifact"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
	"rootceremony/lint"
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
	Site         *Site // nil in a rehearsal on in-memory tokens
	People       People
	Clock        HostClock
	Rand         io.Reader // makes the seal key and key ids
	Tool         transcripts.Tool
	Host         *transcripts.Host
	// FileSystem is where the bundle is written; nil is that of the host.
	FileSystem artifact.FS
	// OpenToken opens a device of the site; log gets what its module prints.
	OpenToken func(ctx context.Context, c token.Config, log func(string)) (token.Token, error)
}

// Result is what a finished ceremony leaves.
type Result struct {
	Bundle         string
	Report         string
	ManifestSHA256 string
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
func Execute(ctx context.Context, p *Preview, o Options) (*Result, error) {
	if err := o.check(p); err != nil {
		return nil, err
	}
	linter, err := lint.New(lint.Options{KeyLints: true, Waivers: p.lintWaivers()})
	if err != nil {
		return nil, err
	}
	r := newRunner(ctx, p, o)
	r.linter, r.w = linter, newWorld(p.Loaded, o.Mode == transcripts.Rehearsal)
	defer r.closeTokens()
	if err := r.open(); err != nil {
		return nil, r.stopped(err)
	}
	if err := r.steps(); err != nil {
		return nil, r.stopped(err)
	}
	closed, err := r.close()
	if err != nil {
		return nil, r.stopped(err)
	}
	return r.result(closed), nil
}

func (r *runner) result(closed *transcripts.Closed) *Result {
	return &Result{Bundle: r.o.Bundle, Report: filepath.Join(r.o.Bundle, "report", "report.html"), ManifestSHA256: closed.ManifestSHA256}
}

// check refuses what can be refused before anything is touched.
func (o *Options) check(p *Preview) error {
	if len(p.Problems) > 0 {
		return p.Problems
	}
	rehearsed := find(p.Plan.Inputs, func(i *Input) bool { return i.Bundle != nil && i.Bundle.Rehearsal })
	switch {
	case o.Mode != transcripts.Run && o.Site == nil:
		return nil
	case o.Site == nil:
		return &Refusal{Reason: "no site file says which devices stand in this room", Hint: "give it with --site FILE"}
	case o.Mode == transcripts.Run && rehearsed != nil:
		return &Refusal{Reason: fmt.Sprintf("input %q comes from a rehearsal", rehearsed.ID), Hint: "name the bundle of the real ceremony"}
	case o.Mode == transcripts.Run && !bytes.Equal(o.Approved, p.Canonical):
		return &Refusal{Reason: fmt.Sprintf("this plan (SHA-256 %x) is not the one in the plan folder", p.Digest),
			Hint: "compare both with diff; after a change, run ceremony plan again and have the new digest approved"}
	}
	for _, name := range p.Plan.tokens() {
		if _, err := o.Site.device(name); err != nil {
			return &Refusal{Reason: err.Error(), Hint: "add it under tokens:"}
		}
	}
	return nil
}

// runner carries one ceremony from its first event to its last.
type runner struct {
	ctx    context.Context
	p      *Preview
	o      Options
	linter *lint.Linter
	w      *world

	dir       *artifact.Dir
	j         *transcripts.Journal
	clock     *roomClock
	present   []Person
	tokens    map[string]token.Token
	handles   map[string]token.Handle // by key id
	unproved  []string                // keys generated since the last proof
	ready     map[string]*prepared    // by artifact id
	moments   map[string]time.Time    // of signatures that may be made again, by artifact id
	approvals []planFile              // the policy and the signatures on the plan
	past      *past                   // what earlier sessions did; empty in the first
	ops       int
	step      string
}

func newRunner(ctx context.Context, p *Preview, o Options) *runner {
	return &runner{
		ctx: ctx, p: p, o: o, tokens: map[string]token.Token{}, handles: map[string]token.Handle{},
		ready: map[string]*prepared{}, moments: map[string]time.Time{}, past: &past{},
	}
}

// say puts a line on the screen.
func (r *runner) say(format string, args ...any) { r.o.People.Say(fmt.Sprintf(format, args...) + "\n") }

// heading puts a section or step on the screen with what makes a video
// searchable: event number, time and ceremony.
func (r *runner) heading(title string) {
	r.say("\n%s", rule(title))
	r.say("   %s · event %d · %s", stamp(r.clock.Now()), len(r.j.Records())+1, r.p.Plan.Ceremony.ID)
}

// note records an event of the current step.
func (r *runner) note(e transcripts.Event, how transcripts.How, by ...string) error {
	_, err := r.j.Append(e, r.step, how, by...)
	return err
}

// open asks for the time, begins the bundle and the journal, sees who is here
// and opens the tokens.
func (r *runner) open() error {
	r.say("%s", r.p.Plan.Ceremony.Title)
	if r.o.Mode == transcripts.Rehearsal {
		r.say("THIS IS A REHEARSAL: its keys and signatures mean nothing.")
	}
	if r.p.Plan.Approval == ApprovalNone {
		r.say("NOT APPROVED: nobody approved this plan.")
	}
	if r.o.Site != nil && r.o.Site.SoftwareToken {
		r.say("SOFTWARE TOKENS: no hardware protects the keys of this ceremony.")
	}
	present, room, host, refs, by, err := r.gatherPeople()
	if err != nil {
		return err
	}
	r.present, r.clock = present, newRoomClock(r.o.Clock, room)
	approved, err := r.judgeApproval(room)
	if err != nil {
		return err
	}
	if err := r.begin(); err != nil {
		return err
	}
	if err := r.note(approved, transcripts.Observed); err != nil {
		return err
	}
	if err := r.recordPeople(room, host, refs, by); err != nil {
		return err
	}
	if err := r.readDigests(by); err != nil {
		return err
	}
	return r.openTokens()
}

// gatherPeople asks who is here and what time it is in the room; nothing is
// written yet.
func (r *runner) gatherPeople() (present []Person, room, host time.Time, refs, by []string, err error) {
	win := r.p.Plan.Ceremony.Window
	if present, err = r.attendance(); err != nil {
		return
	}
	host = r.o.Clock.Now().Truncate(time.Second)
	if room, refs, by, err = r.o.People.RoomTime(host, win, present); err != nil {
		return
	}
	if room.Before(win.From) || room.After(win.To) {
		err = &Refusal{Reason: fmt.Sprintf("it is %s, outside the window %s to %s", stamp(room), stamp(win.From), stamp(win.To)),
			Hint: "wait, or plan again with another window and have that approved"}
	}
	return
}

// recordPeople records the time and who is here.
func (r *runner) recordPeople(room, host time.Time, refs, by []string) error {
	attested := transcripts.ClockAttested{Room: stamp(room), Host: stamp(host), OffsetSeconds: int64(room.Sub(host).Seconds()), References: refs}
	if err := r.note(attested, r.o.People.How(), by...); err != nil {
		return err
	}
	for _, p := range r.present {
		if err := r.note(transcripts.ParticipantArrived{Person: p.Name, Role: p.Role}, r.o.People.How(), by...); err != nil {
			return err
		}
	}
	return nil
}

// attendance asks who is in the room, role by role.
func (r *runner) attendance() ([]Person, error) {
	var present []Person
	for _, role := range r.p.Plan.People {
		names, err := r.o.People.Present(role)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			present = append(present, Person{Name: n, Role: role.Role})
		}
	}
	return present, nil
}

// begin makes the bundle folder and the journal, and copies all that the plan
// was made from.
func (r *runner) begin() error {
	dir, err := artifact.NewDirFS(r.o.fileSystem(), r.o.Bundle)
	if err != nil {
		return &Refusal{Reason: err.Error(), Hint: "name a folder that does not exist yet"}
	}
	r.dir = dir
	start := transcripts.Start{Plan: r.p.Canonical, Tool: r.o.Tool, Host: r.o.Host, Clock: r.clock, Rand: r.o.Rand}
	start.Opened = transcripts.CeremonyOpened{
		Ceremony: r.p.Plan.Ceremony.ID, Title: r.p.Plan.Ceremony.Title, Mode: r.o.Mode,
		SoftwareTokens: r.o.Site == nil || r.o.Site.SoftwareToken,
		Unapproved:     r.p.Plan.Approval == ApprovalNone,
		Unattended:     r.o.People.How() == transcripts.Simulated,
	}
	var site []byte
	if r.o.Site != nil {
		if site, err = r.o.Site.Canonical(); err != nil {
			return err
		}
		sum := artifact.Sum(site)
		start.Opened.SiteSHA256 = sum.SHA256Hex()
	}
	files := append(r.planFiles(site), r.approvals...)
	for _, f := range files {
		if err := r.dir.WriteFile(f.path, f.data); err != nil {
			return err
		}
	}
	if r.j, err = transcripts.Create(r.dir, start); err != nil {
		return err
	}
	for _, f := range files {
		e := transcripts.FileLoaded{Path: f.path, Kind: f.kind, SHA256: artifact.Sum(f.data).SHA256Hex()}
		if err := r.note(e, transcripts.Observed); err != nil {
			return err
		}
	}
	return nil
}

// planFile is a file that goes into the plan folder of a bundle.
type planFile struct {
	path, kind string
	data       []byte
}

// planFiles are plan.json, site.json, the ceremony file, profiles and inputs.
// They are on the disk before the journal begins: whatever interrupts the
// ceremony, its plan can be read again.
func (r *runner) planFiles(site []byte) []planFile {
	files := []planFile{{"plan/plan.json", "plan", r.p.Canonical}}
	if site != nil {
		files = append(files, planFile{"plan/site.json", "site", site})
	}
	for _, f := range r.p.Plan.Files {
		files = append(files, planFile{bundlePath(f), f.Kind, r.p.Raw(f)})
	}
	return files
}

// bundlePath is where a file of the plan stands in the bundle.
func bundlePath(f PlanFile) string {
	switch f.Kind {
	case "ceremony":
		return "plan/ceremony.yaml"
	case "profile":
		return "plan/profiles/" + f.Name + ".yaml"
	}
	return "plan/inputs/" + f.Name
}

// readDigests shows what people compare with paper: plan, site and seal key.
func (r *runner) readDigests(by []string) error {
	seal, err := hex.DecodeString(r.j.SealKeySHA256())
	if err != nil {
		return err
	}
	digests := []struct {
		what string
		sum  [32]byte
	}{{"plan", r.p.Digest}, {"seal-key", [32]byte(seal)}}
	if r.o.Site != nil {
		sum, err := r.o.Site.Digest()
		if err != nil {
			return err
		}
		digests = append(digests, struct {
			what string
			sum  [32]byte
		}{"site", sum})
	}
	for _, d := range digests {
		r.say("\nSHA-256 of the %s, to be read aloud and compared with paper:\n%s", strings.ReplaceAll(d.what, "-", " "), groups(fmt.Sprintf("%x", d.sum)))
		words := term.Words(d.sum[:])
		for _, l := range term.WordLines(words, wordsPerLine) {
			r.say("      %s", l)
		}
		if err := r.o.People.Done(r.named(by)); err != nil {
			return err
		}
		e := transcripts.DigestRead{What: d.what, SHA256: fmt.Sprintf("%x", d.sum), Words: joinWords(words)}
		if err := r.note(e, r.o.People.How(), by...); err != nil {
			return err
		}
	}
	return nil
}

// named gives the people of a list of names.
func (r *runner) named(names []string) []Person {
	var out []Person
	for _, p := range r.present {
		if find(names, func(n *string) bool { return *n == p.Name }) != nil {
			out = append(out, p)
		}
	}
	return out
}

// withRole gives the people present in any of the roles.
func (r *runner) withRole(roles ...string) []Person {
	var out []Person
	for _, p := range r.present {
		if find(roles, func(s *string) bool { return *s == p.Role }) != nil {
			out = append(out, p)
		}
	}
	return out
}

// stopped records why the ceremony ends before its end, as far as that is
// still possible, and gives the error with the place of the record.
func (r *runner) stopped(err error) error {
	if r.j == nil {
		return err
	}
	if r.step != "" {
		_ = r.note(transcripts.StepFinished{Outcome: transcripts.StepFailed}, transcripts.Observed)
	}
	r.step = ""
	recordErr := r.note(transcripts.CeremonyStopped{Reason: err.Error()}, transcripts.Observed)
	return &Stopped{Bundle: r.o.Bundle, Err: errors.Join(err, recordErr, r.j.End())}
}

// Stopped is an error after the journal was begun: the record so far is kept.
type Stopped struct {
	Bundle string
	Err    error
}

// Error implements error.
func (s *Stopped) Error() string { return s.Err.Error() }

// Unwrap gives the cause.
func (s *Stopped) Unwrap() error { return s.Err }
