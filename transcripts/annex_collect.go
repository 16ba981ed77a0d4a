// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"cmp"
	"slices"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// collector fills an annex from what a journal adds up to. Each list is in the
// order of its lines.
type collector struct {
	annex *Annex
	*history.History
	ledger map[int]history.Signature // by operation
}

func (c *collector) approvals() {
	for _, r := range c.Approvals {
		e := r.Event
		all := e.Approvals
		if len(all) == 0 {
			all = []event.Approval{{}}
		}
		for _, a := range all {
			c.annex.Approvals = append(c.annex.Approvals, AnnexApproval{
				Line: r.Seq, Time: annexTime(r.Time), Plan: r.Plan.Name(), PlanSHA256: upper(r.Plan.SHA256), Class: e.Class, PolicySHA256: upper(e.PolicySHA256),
				Object: a.Object, File: a.File, SHA256: upper(a.SHA256), Person: a.Person, Roles: list(a.Roles), Key: a.Key, Algorithm: a.Algorithm,
				Touch: a.Touch, Resolution: a.Resolution, Date: a.Date, ScanSHA256: upper(a.ScanSHA256), Vouchers: list(a.Vouchers), How: r.How,
			})
		}
	}
}

func (c *collector) room() {
	for _, m := range c.Moves {
		what := "arrived"
		if m.Left {
			what = "left"
		}
		c.annex.Attendance = append(c.annex.Attendance, AnnexAttendance{m.Seq, annexTime(m.Time), what, m.Person, m.Role, list(m.By), m.How})
	}
	for _, d := range c.Deviations {
		e := d.Event
		c.annex.Deviations = append(c.annex.Deviations,
			AnnexDeviation{d.Seq, annexTime(d.Time), d.Step, e.Expected, e.Happened, e.Decision, list(e.DecidedBy), d.How})
	}
}

// logins lists what was done with tokens. Whether one is software is in all
// its rows: a filter by that column finds them all.
func (c *collector) logins() {
	for _, u := range c.Tokens {
		v := AnnexLogin{Line: u.Seq, Time: annexTime(u.Time), Token: u.Token, Software: u.Opened.Software, How: u.How}
		switch e := u.Event.(type) {
		case event.TokenOpened:
			v.Event, v.Result = "opened", "done"
			v.Label, v.Serial, v.Model, v.Firmware, v.Login = e.Label, e.Serial, e.Model, e.Firmware, e.Login
			if e.Module != nil {
				v.Module = e.Module.Path
			}
		case event.PINRefused:
			v.Event, v.Result, v.Person = "PIN refused", e.Outcome, e.Person
		case event.TokenRestarted:
			v.Event, v.Result = "fresh process", "done"
		case event.TokenClosed:
			v.Event, v.Result = "closed", cmp.Or(e.Error, "done")
		}
		c.annex.Logins = append(c.annex.Logins, v)
	}
}

// operations puts each call into its population: those with an end, and then those
// without one: what they did is unknown, and an auditor wants to see just these.
func (c *collector) operations() {
	for _, o := range c.Ended {
		switch {
		case o.Intended.Seq == 0: // the grammar of the journal refuses it
		case o.Finished != nil:
			c.result(o, o.Finished.Record, o.Finished.Event.Key, "done", "")
		default:
			c.result(o, o.Failed.Record, o.Failed.Event.Key, "failed", o.Failed.Event.Effect)
		}
	}
	for _, p := range c.Proofs {
		e := p.Event
		c.annex.Keys = append(c.annex.Keys, AnnexKey{Line: p.Seq, Time: annexTime(p.Time), Step: p.Step, Operation: e.Operation, Event: "prove",
			Result: e.How, Token: e.Token, Key: e.Key, ID: upper(e.ID), SPKISHA256: upper(e.SPKISHA256), How: p.How})
	}
	slices.SortStableFunc(c.annex.Keys, func(a, b AnnexKey) int { return cmp.Compare(a.Line, b.Line) })
	for _, o := range c.Open() {
		c.result(o, o.Intended.Record, nil, "unknown", "")
	}
}

// result puts one call into its population.
func (c *collector) result(o *history.Operation, r event.Record, key *event.Key, result, effect string) {
	e := o.Intended.Event
	k := event.Key{}
	for _, known := range []*event.Key{key, e.Key} {
		if known != nil {
			k.Label, k.ID = cmp.Or(k.Label, known.Label), cmp.Or(k.ID, known.ID)
			k.Algorithm, k.SPKISHA256 = cmp.Or(k.Algorithm, known.Algorithm), cmp.Or(k.SPKISHA256, known.SPKISHA256)
		}
	}
	switch e.What {
	case event.WhatSign:
		c.signature(o, r, k, result, effect)
	case event.WhatGenerate, event.WhatFind, event.WhatDestroy:
		if effect != "" {
			result += ", effect " + effect
		}
		c.annex.Keys = append(c.annex.Keys, AnnexKey{Line: r.Seq, Time: annexTime(r.Time), Step: r.Step, Operation: o.Number, Event: e.What,
			Result: result, Token: e.Token, Key: k.Label, ID: upper(k.ID), Algorithm: k.Algorithm, SPKISHA256: upper(k.SPKISHA256), How: r.How})
	}
}

// due lists what the signatures leave to do.
func (c *collector) due() {
	for _, s := range c.Ledger() {
		for _, d := range s.Due {
			v := AnnexDue{Line: s.Line(), Time: annexTime(d.Since), Operation: s.Number, Signed: s.What(), What: d.What, Of: upper(d.Of), Citation: d.Citation, Met: d.Met}
			if !d.Until.IsZero() {
				v.Until = annexTime(d.Until)
			}
			c.annex.Due = append(c.annex.Due, v)
		}
	}
}

func (c *collector) signature(o *history.Operation, r event.Record, k event.Key, result, effect string) {
	if result == "done" {
		result = "signed"
	}
	e := o.Intended.Event
	confirmation := event.Record{}
	if o.Confirmed != nil {
		confirmation = *o.Confirmed
	}
	entry, owner := c.ledger[o.Number], ""
	if entry.Operation != nil {
		owner = entry.Owner()
	}
	c.annex.Signatures = append(c.annex.Signatures, AnnexSignature{
		Line: r.Seq, Time: annexTime(r.Time), Step: r.Step, Operation: e.Operation, Token: e.Token, Key: k.Label,
		KeySHA256: upper(k.SPKISHA256), Artifact: e.Artifact, Purpose: e.Purpose, For: e.For, Algorithm: e.Algorithm,
		TBSSHA256: upper(e.TBSSHA256), Result: result, Effect: effect,
		ConfirmedBy: list(confirmation.By), ConfirmLine: confirmation.Seq,
		Standing: entry.Standing, Owner: owner, Lacks: entry.Lacks,
	})
}

// files lists the evidence: what was read, and what was written, each result of
// linting once.
func (c *collector) files() {
	seen := map[string]bool{}
	for _, f := range c.Files {
		v := AnnexEvidence{Line: f.Seq, Time: annexTime(f.Time), Step: f.Step, Event: "written", Path: f.Path, SHA256: upper(f.File.SHA256), How: f.How}
		switch e := f.Event.(type) {
		case event.FileLoaded:
			v.Event, v.Kind = "read", e.Kind
			if e.External {
				v.Event = "external"
			}
		case event.FileWritten:
			v.Kind = e.Kind
		case event.ObjectLinted:
			if v.Kind = "lint"; seen[f.Path] {
				continue
			}
		case event.ArtifactWritten:
			v.Kind = e.Kind
			c.certificate(f.Record, e)
		default:
			continue
		}
		seen[f.Path] = true
		c.annex.Evidence = append(c.annex.Evidence, v)
	}
}

func (c *collector) certificate(r event.Record, e event.ArtifactWritten) {
	if e.Kind != event.KindCertificate || e.Encoding != event.EncodingDER {
		return
	}
	s := event.Summary{}
	if e.Summary != nil {
		s = *e.Summary
	}
	c.annex.Certificates = append(c.annex.Certificates, AnnexCertificate{
		Line: r.Seq, Artifact: e.Artifact, Subject: s.Subject, Issuer: s.Issuer, Serial: upper(s.Serial),
		SPKISHA256: upper(s.SPKISHA256), SHA256: upper(e.SHA256), Key: s.Key, KeyAlgorithm: s.KeyAlgorithm,
		SignatureAlgorithm: s.SignatureAlgorithm, NotBefore: s.NotBefore, NotAfter: s.NotAfter,
		SubjectKeyID: upper(s.SubjectKeyID), AuthorityKeyID: upper(s.AuthorityKeyID), CA: s.CA, Profile: s.Profile,
		Path: e.Path, Withheld: e.Withheld,
	})
}
