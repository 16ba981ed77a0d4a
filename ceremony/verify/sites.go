// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Sites are the site files of a ceremony, each with the line since which it is in force.
type Sites []siteFrom

type siteFrom struct {
	seq  int
	site *plan.Site
}

// ReadSites reads the site files that a record names. A rehearsal in memory has none.
func ReadSites(h *history.History, read func(name string) ([]byte, error)) (Sites, error) {
	var all Sites
	for _, s := range h.Sites {
		name := s.Folder() + "/site.json"
		data, err := read(name)
		var site *plan.Site
		if err == nil {
			site, err = plan.DecodeSite(data)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, siteFrom{s.Seq, site})
	}
	return all, nil
}

// Sites are the site files of the bundle.
func (v *Verdict) Sites() Sites { return v.sites }

// At is the site file in force for a line; nil where there is none.
func (s Sites) At(seq int) *plan.Site {
	for _, from := range slices.Backward(s) {
		if from.seq < seq {
			return from.site
		}
	}
	if len(s) == 0 {
		return nil
	}
	return s[0].site
}

// Last is the site file that is in force at the end.
func (s Sites) Last() *plan.Site {
	if len(s) == 0 {
		return nil
	}
	return s[len(s)-1].site
}

// And are the site files with one more that is in force after a line.
func (s Sites) And(seq int, site *plan.Site) Sites {
	return append(slices.Clone(s), siteFrom{seq, site})
}

// TemplateOf is the template that a key is compared with: for one that was made in this
// ceremony that of the site file by which it was made, else that of the line.
func (s Sites) TemplateOf(h *history.History, tokenName, spki string, seq int) (token.Template, error) {
	if k := h.Key(spki); k != nil && k.Generated {
		seq = k.First.Seq
	}
	site := s.At(seq)
	if site == nil {
		return token.Named(token.DefaultTemplate), nil
	}
	c, err := site.Device(tokenName)
	return c.Chosen(), err
}

// Restoring are the keys that have to be on a token that becomes another device: those
// that the ceremony made or found on it, and that were not destroyed.
func Restoring(h *history.History, tokenName string) []string {
	keys := []string{}
	for _, k := range h.Keys {
		if k.Token == tokenName && k.Destroyed == 0 && !k.Parked && len(k.Proved) > 0 {
			keys = append(keys, k.SPKISHA256)
		}
	}
	return keys
}

// SiteApproved says who approved a site file that takes the place of another one; missing
// says what it lacks.
func SiteApproved(policy []byte, digest string, c approval.SiteCase) (approved *event.SiteApproved, missing string, err error) {
	v, err := approval.CheckSite(policy, digest, c)
	if err != nil {
		return nil, "", err
	}
	if !v.Approved() {
		return nil, approval.Missing([]approval.FileVerdict{v}), nil
	}
	return &event.SiteApproved{PolicySHA256: v.PolicySHA256, Approvals: approvals(v), Notices: notCounted(v)}, "", nil
}

// siteChanged checks a change of the site file: that it is between the two files in the
// bundle, and that those agreed, approved and restored whom and what it needs.
func (w *stepChecker) siteChanged(r event.Record, e event.SiteChanged) {
	was, is := w.v.sites.At(r.Seq), w.v.sites.At(r.Seq+1)
	if was == nil || is == nil {
		return // said where they are read
	}
	c := plan.CompareSites(was, is, w.plan(), w.before.OpenedAs)
	for _, refused := range c.Refused {
		w.v.problem(line(r.Seq), "no site file may change this: %s", refused)
	}
	if e.Needs != c.Needs {
		w.v.problem(line(r.Seq), "the change is recorded as one that needs %q, but it needs %q", e.Needs, c.Needs)
	}
	if !slices.Equal(e.Difference, event.Legible(c.Lines)) {
		w.v.problem(line(r.Seq), "the recorded difference is not the difference between the site files")
	}
	if notes := is.TemplateNotes(); !slices.Equal(e.TemplateNotes, notes) {
		w.v.problem(line(r.Seq), "what the key templates of the site file let is not recorded as it is: %s", strings.Join(notes, "; "))
	}
	if err := is.Has(w.plan()); err != nil {
		w.v.problem(line(r.Seq), "%v", err)
	}
	w.quorum(r)
	w.needDualControl(r, "agreed to the change of the site file")
	if c.Needs == event.SiteByWitness && !w.witnessed(r) {
		w.v.problem(line(r.Seq), "no auditor and no other witness agreed to the change of the site file")
	}
	w.restored(r, e, c, is)
	w.siteApproved(r, e, c.Needs)
}

// witnessed reports whether somebody agreed beside an administrator and a witness.
func (w *stepChecker) witnessed(r event.Record) bool {
	n := 0
	for _, p := range w.plan().People {
		for _, who := range w.before.Here(p.Role) {
			if slices.Contains(r.By, who) && event.MayWitness(p.Role) {
				n++
			}
		}
	}
	return n > 1 // the witness of every decision is one of them
}

// restored checks what is said of devices that take the place of others.
func (w *stepChecker) restored(r event.Record, e event.SiteChanged, c plan.SiteChange, is *plan.Site) {
	var named []string
	for _, d := range e.Restored {
		named = append(named, d.Token)
		device, err := is.Device(d.Token)
		if err != nil || device.Serial != d.Serial || d.Seal == "" {
			w.v.problem(line(r.Seq), "token %q is the device with serial %q and seal %q, and the site file has serial %q", d.Token, d.Serial, d.Seal, device.Serial)
		}
		if want := Restoring(w.before, d.Token); !slices.Equal(d.Keys, want) {
			w.v.problem(line(r.Seq), "the keys that were restored on token %q are not the %d that the ceremony has there", d.Token, len(want))
		}
	}
	if !slices.Equal(named, c.Moved) {
		w.v.problem(line(r.Seq), "tokens %q are other devices, and the record tells of %q", c.Moved, named)
	}
}

// siteApproved evaluates again who approved a change of the site file.
func (w *stepChecker) siteApproved(r event.Record, e event.SiteChanged, needs string) {
	if needs != event.SiteByPolicy || w.plan().Approval == plan.ApprovalNone {
		if e.Approved != nil {
			w.v.problem(line(r.Seq), "the change needs no approval, but the record has one")
		}
		return
	}
	folder := event.SiteFolder(e.Number)
	want, missing, err := w.v.evaluateSite(folder, r.Time, w.before, nil)
	switch {
	case err != nil:
		w.v.problem(folder, "%v", err)
	case want == nil:
		w.v.problem(folder, "the approvals of the site file do not meet the policy: %s", missing)
	case differ(e.Approved, event.Legible(want)):
		w.v.problem(line(r.Seq), "the recorded approvals of the site file differ from the signatures")
	default:
		name := fmt.Sprintf("site change %d", e.Number)
		w.v.Approved = append(w.v.Approved, ApprovedPlan{name, want.Approvals})
		now, missing, err := w.v.evaluateSite(folder, r.Time, w.before, w.v.given)
		if err != nil || now == nil {
			w.v.problem(plan.ApprovalsFolder(folder), "with the given revocations, the approvals of the site file do not meet the policy: %s", missing)
			return
		}
		w.v.toldLater(name, want.Notices, now.Notices)
	}
}

// evaluateSite evaluates again who approved a site file; more are revocations beside those
// of the bundle.
func (v *Verdict) evaluateSite(folder string, at time.Time, before *history.History, more *approval.Revocations) (*event.SiteApproved, string, error) {
	policy, err := v.ReadFile(plan.PolicyPath, plan.MaxInput)
	if err != nil {
		return nil, "", err
	}
	site, err := v.ReadFile(folder+"/site.json", plan.MaxInput)
	if err != nil {
		return nil, "", err
	}
	c := approval.SiteCase{Site: site, Folder: v.Folder(plan.ApprovalsFolder(folder)), At: at}
	if c.Revocations, err = RevokedBy(before, v.readInput); err != nil {
		return nil, "", err
	}
	c.Revocations = c.Revocations.With(more)
	approved, missing, err := SiteApproved(policy, plan.SHA256Hex(policy), c)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "no file is there", nil
	}
	return approved, missing, err
}

// checkModules checks that a module is the one that the site file names and states, and
// has the bytes with which it was first loaded, unless the site file states others.
func (v *Verdict) checkModules() {
	first := map[string]string{}
	for _, u := range v.History.TokensOpened() {
		site := v.sites.At(u.Seq)
		if site == nil {
			return // a rehearsal in memory, which loads none
		}
		c, err := site.Device(u.Event.Token)
		if err != nil {
			continue // said of the device
		}
		m := u.Event.Module
		switch {
		case m == nil && c.ModuleSHA256 == "":
			continue
		case m == nil || m.Path != c.Module || c.ModuleSHA256 != "" && m.SHA256 != c.ModuleSHA256:
			v.problem(line(u.Seq), "the module of token %q is not the one that the site file states", u.Event.Token)
		case c.ModuleSHA256 == "" && first[m.Path] != "" && first[m.Path] != m.SHA256:
			v.problem(line(u.Seq), "the module of token %q has other bytes than before, and no site file states them", u.Event.Token)
		}
		if m != nil {
			first[m.Path] = m.SHA256
		}
	}
}
