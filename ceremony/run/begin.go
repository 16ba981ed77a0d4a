// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
)

// gatherPeople asks who is here and what time it is in the room; nothing is
// written yet.
func (r *room) gatherPeople() (present []Person, room, host time.Time, refs, by []string, err error) {
	win := r.work.Plan.Ceremony.Window
	if present, err = r.attendance(); err != nil {
		return
	}
	err = r.asking(func() error {
		host = r.o.Clock.Now().Truncate(time.Second)
		room, refs, by, err = r.o.People.RoomTime(host, win, present)
		return err
	})
	if err != nil {
		return
	}
	if room.Before(win.From) || room.After(win.To) {
		err = &Refusal{Reason: fmt.Sprintf("it is %s, outside the window %s to %s", plan.Stamp(room), plan.Stamp(win.From), plan.Stamp(win.To)),
			Hint: "wait, or plan again with another window and have that approved"}
	}
	return
}

// recordPeople records the time and who is here.
func (r *room) recordPeople(room, host time.Time, refs, by []string) error {
	if err := r.note(clockAttested(room, host, refs), r.o.People.How(), by...); err != nil {
		return err
	}
	for _, p := range r.present {
		if err := r.note(transcripts.ParticipantArrived{Person: p.Name, Role: p.Role}, r.o.People.How(), by...); err != nil {
			return err
		}
	}
	return nil
}

// clockAttested is what two people read on the clocks of the room.
func clockAttested(room, host time.Time, refs []string) transcripts.ClockAttested {
	return transcripts.ClockAttested{Room: plan.Stamp(room), Host: plan.Stamp(host), OffsetSeconds: int64(room.Sub(host).Seconds()), References: refs}
}

// attendance asks who is in the room, role by role.
func (r *room) attendance() ([]Person, error) {
	var present []Person
	for _, role := range r.work.Plan.People {
		var names []string
		err := r.asking(func() (err error) {
			names, err = r.o.People.Present(role)
			return err
		})
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
// was made from and the approvals of it.
func (r *runner) begin(p *plan.Preview, approvals []plan.BundleFile) error {
	start := transcripts.Start{Plan: p.Canonical, Tool: r.o.Tool, Host: r.o.Host, Clock: r.clock, Rand: r.o.Rand,
		Mirror: r.entry.second, MirrorLost: r.mirrorLost}
	start.Opened = transcripts.CeremonyOpened{
		Ceremony: p.Plan.Ceremony.ID, Title: p.Plan.Ceremony.Title, Mode: r.o.Mode,
		SoftwareTokens: r.o.Site == nil || r.o.Site.SoftwareToken,
		Unapproved:     p.Plan.Approval == plan.ApprovalNone,
		Unattended:     r.o.People.How() == transcripts.Simulated,
	}
	var site []byte
	var err error
	if r.o.Site != nil {
		if site, err = r.o.Site.Canonical(); err != nil {
			return err
		}
		start.Opened.SiteSHA256 = plan.SHA256Hex(site)
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
	for _, f := range files {
		if err := r.loaded(f); err != nil {
			return err
		}
	}
	return nil
}

// loaded records a file that the ceremony read, and that stands in the bundle.
func (s *session) loaded(f plan.BundleFile) error {
	e := transcripts.FileLoaded{Path: f.Path, Kind: f.Kind, SHA256: plan.SHA256Hex(f.Data)}
	return s.note(e, transcripts.Observed)
}

// secondMedium opens the folder that the site file names for the journal's
// mirror; without one there is none.
func (e *entry) secondMedium(open func(artifact.FS, string) (*artifact.Dir, error)) (*artifact.Dir, error) {
	if e.o.Site == nil || e.o.Site.JournalMirror == "" {
		return nil, nil
	}
	return open(e.o.fileSystem(), e.o.Site.JournalMirror)
}

// mirrorLost tells people that from now on there is one copy of the record.
func (s *session) mirrorLost(err error) {
	s.say("\n      THE SECOND MEDIUM FAILED: %v.\n      The ceremony goes on; the journal is written on one medium only.", err)
}

// readDigests shows plan, site and seal key, which people read aloud.
func (pp *paper) readDigests() error {
	seal, err := hex.DecodeString(pp.journal.SealKeySHA256())
	if err != nil {
		return err
	}
	digests := []struct {
		what string
		sum  [32]byte
	}{{transcripts.WhatPlan, pp.work.Digest}, {transcripts.WhatSeal, [32]byte(seal)}}
	if pp.o.Site != nil {
		sum, err := pp.o.Site.Digest()
		if err != nil {
			return err
		}
		digests = append(digests, struct {
			what string
			sum  [32]byte
		}{transcripts.WhatSite, sum})
	}
	for _, d := range digests {
		if err := pp.readDigest(d.what, d.sum); err != nil {
			return err
		}
	}
	return nil
}

// readDigest shows a digest as people compare it with paper or write it down.
func (pp *paper) readDigest(what string, sum [32]byte) error {
	e := transcripts.DigestRead{What: what, SHA256: fmt.Sprintf("%x", sum)}
	e.Compared = pp.onPaper(e)
	do := map[bool]string{true: "compared with paper", false: "written on the script"}[e.Compared]
	pp.say("\nSHA-256 of the %s, to be read aloud and %s:\n%s", strings.ReplaceAll(what, "-", " "), do, plan.Groups(e.SHA256))
	return pp.readAloud(e, sum[:])
}

// sayWords shows a digest as words.
func (s *session) sayWords(digest []byte) {
	for _, l := range term.WordLines(term.Words(digest), plan.WordsPerLine) {
		s.say("      %s", l)
	}
}

// readAloud shows a digest, or the beginning of one, as words, and records that
// two people compared them with paper or wrote them down.
func (pp *paper) readAloud(e transcripts.DigestRead, digest []byte) error {
	pp.sayWords(digest)
	e.Words = joinWords(term.Words(digest))
	var by []string
	err := pp.room.asking(func() error {
		by = twoOf(pp.room.present)
		return pp.o.People.Done(pp.room.named(by))
	})
	if err != nil {
		return err
	}
	return pp.note(e, pp.o.People.How(), by...)
}
