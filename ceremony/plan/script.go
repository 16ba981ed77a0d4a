// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	_ "crypto/sha512"
	"fmt"
	"time"

	"rootceremony/internal/term"
	"rootceremony/transcripts"
)

// Script gives the printable script: what BR 6.1.1.1 calls the Key Generation
// Script. It follows from the plan and, where one is given, from the site
// file, which puts the identities of devices in the place of blanks.
func (p *Preview) Script(site *Site) ([]byte, error) {
	s, err := p.scriptView(site)
	if err != nil {
		return nil, err
	}
	return s.HTML(term.Words)
}

// scriptView fills the view.
func (p *Preview) scriptView(site *Site) (*transcripts.Script, error) {
	win := p.Plan.Ceremony.Window
	s := &transcripts.Script{
		Ceremony: p.Plan.Ceremony.ID, Title: p.Plan.Ceremony.Title,
		From: Stamp(win.From), To: Stamp(win.To), Extended: extended(win), PlanSHA256: fmt.Sprintf("%x", p.Digest),
		Takes: p.Plan.takes(), Approved: p.Plan.Approval != ApprovalNone, Commands: p.scriptCommands(),
	}
	if site != nil {
		sum, err := site.Digest()
		if err != nil {
			return nil, err
		}
		s.SiteSHA256, s.Software, s.TemplateNotes = fmt.Sprintf("%x", sum), site.SoftwareToken, site.TemplateNotes()
	}
	for _, r := range p.Plan.People {
		s.People = append(s.People, transcripts.ScriptRole{Role: r.Role, Need: r.Need, People: r.Of})
	}
	for _, f := range p.Plan.Files {
		s.Files = append(s.Files, transcripts.Labelled{Label: f.Path, Value: f.SHA256, Note: f.Kind})
	}
	resolved, err := p.ResolvedProfiles()
	if err != nil {
		return nil, err
	}
	for _, o := range resolved { // what people approve of a profile
		s.Files = append(s.Files, transcripts.Labelled{Label: o.Name, Value: SHA256Hex(o.Data), Note: "resolved"})
	}
	s.Warnings = p.WarningTexts()
	for _, w := range p.Plan.Waivers {
		s.Waivers = append(s.Waivers, transcripts.ScriptWaiver{Rule: w.Rule, Artifact: w.Artifact, Reason: w.Reason,
			Citation: w.Citation, Approver: w.Approver, Expires: w.Expires.UTC().Format(time.DateOnly)})
	}
	for _, u := range p.Plan.Unchecked {
		s.Waivers = append(s.Waivers, transcripts.ScriptWaiver{Rule: u.Rule, Artifact: u.Artifact,
			Reason: "accepted unchecked, without " + u.Lacks + ": " + u.Reason, Approver: u.Approver})
	}
	for _, k := range p.Plan.Keys {
		s.Keys = append(s.Keys, p.scriptKey(k))
	}
	p.devices(s, site)
	s.Sections = p.sections()
	return s, nil
}

// extended is until when people may extend a window, if they may.
func extended(win Window) string {
	if win.Extend.IsZero() {
		return ""
	}
	return Stamp(win.Last())
}

// scriptCommands are the commands on paper. Where folders are and what the digest
// of the policy is, the plan does not know: both are written in by hand.
func (p *Preview) scriptCommands() transcripts.ScriptCommands {
	c := Commands{Approval: p.Plan.Approval != ApprovalNone}
	s := transcripts.ScriptCommands{Resume: c.Resume(), Redo: c.Redo(""), Sign: c.Sign(), Verify: c.Verify()}
	c.File, c.Plan = "AMENDED-FILE", "NEW-PLAN"
	s.Amend = c.Amend()
	c.File, c.Plan = "", ""
	if f := Find(p.Plan.Files, func(f *File) bool { return f.Kind == "ceremony" }); f != nil {
		c.File = f.Path
	}
	s.Run = c.Run()
	return s
}

// devices puts the identities of tokens into the tables of materials and of
// devices; without a site file they stay empty.
func (p *Preview) devices(s *transcripts.Script, site *Site) {
	if site == nil {
		site = &Site{}
	}
	for _, name := range p.Plan.Tokens() {
		c, _ := site.Device(name) // without one the places stay empty
		s.Devices = append(s.Devices, transcripts.ScriptDevice{Token: name, Label: c.Label, Serial: c.Serial, Model: c.Model, Module: c.Module, Login: c.LoginSaid()})
		for _, d := range c.Spares {
			s.Devices = append(s.Devices, transcripts.ScriptDevice{Token: "spare of " + name, Label: d.Label, Serial: d.Serial, Model: d.Model, Module: d.Module, Login: c.LoginSaid()})
		}
		s.Logins = append(s.Logins, p.Plan.scriptLogins(name, site))
	}
	for _, m := range p.Plan.Materials {
		v := transcripts.ScriptMaterial{ID: m.ID, What: m.What, Serial: m.Serial}
		if c, err := site.Device(m.Token); err == nil && v.Serial == "" {
			v.Serial = c.Serial
		}
		s.Materials = append(s.Materials, v)
	}
}

// sections cuts the steps at the headings of the plan.
func (p *Preview) sections() []transcripts.ScriptSection {
	tables := p.tables()
	var out []transcripts.ScriptSection
	for _, st := range p.Plan.Steps {
		if st.Kind == StepSection {
			out = append(out, transcripts.ScriptSection{ID: st.ID, Title: st.Title})
			continue
		}
		if len(out) == 0 {
			out = append(out, transcripts.ScriptSection{Title: "Steps"})
		}
		last := &out[len(out)-1]
		last.Steps = append(last.Steps, p.scriptStep(st, tables))
	}
	return out
}

func (p *Preview) scriptStep(st Step, tables map[string][]Step) transcripts.ScriptStep {
	v := transcripts.ScriptStep{ID: st.ID, Kind: string(st.Kind), Title: st.Title, Who: st.Who, Takes: st.Takes,
		ByPeople: st.ByPeople(), Proved: p.Plan.provedAfter(st.ID), Head: p.Plan.HeadAfter(st.ID)}
	for _, f := range st.Record {
		v.Record = append(v.Record, transcripts.ScriptField{Name: f.Name, Type: f.Type})
	}
	for _, id := range st.Keys {
		v.Keys = append(v.Keys, p.scriptKey(*p.Plan.Key(id)))
	}
	if len(v.Who) == 0 {
		v.Who = []string{RoleAdministrator, RoleWitness}
	}
	if st.Kind != StepSign {
		return v
	}
	v.Card = p.scriptCard(p.Plan.Artifact(st.Artifact))
	table := tables[st.ID]
	switch {
	case len(table) < 2:
	case table[0].ID == st.ID:
		for _, row := range table {
			v.Table = append(v.Table, row.Artifact)
		}
	default:
		v.TableAt = table[0].ID
	}
	return v
}

// tables finds the steps that are confirmed together: CRLs and OCSP responses
// of steps that follow each other. The room confirms them by the same rule.
func (p *Preview) tables() map[string][]Step {
	out := map[string][]Step{}
	var run []Step
	for _, st := range p.Plan.Steps {
		if st.Kind != StepSign || !p.Plan.Artifact(st.Artifact).ConfirmedInTable() {
			run = nil
			continue
		}
		run = append(run, st)
		for _, row := range run {
			out[row.ID] = run
		}
	}
	return out
}

// scriptKey shows a key with the step where it is made or found.
func (p *Preview) scriptKey(k Key) transcripts.ScriptKey {
	v := transcripts.ScriptKey{ID: k.ID, Token: k.Token, Algorithm: string(k.Algorithm), Class: k.Class, SPKISHA256: k.SPKISHA256}
	v.Source = map[KeySource]string{
		KeyGenerated: "generated in this ceremony", KeyExisting: "on the token, input " + k.Input, KeyRequest: "elsewhere, input " + k.Input,
	}[k.Source]
	for _, st := range p.Plan.Steps {
		if Find(st.Keys, func(id *string) bool { return *id == k.ID }) != nil {
			v.Step = st.ID
			break
		}
	}
	return v
}

// ConfirmedInTable reports whether an artifact is confirmed as a row of a table.
func (a *Artifact) ConfirmedInTable() bool { return rowOf(a.Kind()).inTable }

// ConfirmedTogether gives the artifacts that are confirmed with one, in the order of the
// steps: itself, and if it is a CRL or an OCSP response those that the next steps make.
func (p *Plan) ConfirmedTogether(a *Artifact) []*Artifact {
	var batch []*Artifact
	for _, st := range p.Steps {
		switch {
		case st.Artifact == a.ID:
			batch = append(batch, a)
		case len(batch) == 0:
		case st.Kind != StepSign || !a.ConfirmedInTable() || !p.Artifact(st.Artifact).ConfirmedInTable():
			return batch
		default:
			batch = append(batch, p.Artifact(st.Artifact))
		}
	}
	return batch
}
