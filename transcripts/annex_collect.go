// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"rootceremony/transcripts/event"
)

// collector fills an annex from records.
type collector struct {
	*Annex
	intents   map[int]event.Record // by operation, until there is a result
	plan      string               // what the plan that holds is called
	planSHA   string
	confirmed map[string]event.Record // the last confirmation of an artifact's bytes, by digest
}

func (c *collector) approvals(r event.Record, e event.PlanApproval) {
	all := e.Approvals
	if len(all) == 0 {
		all = []event.Approval{{}}
	}
	for _, a := range all {
		c.Approvals = append(c.Approvals, AnnexApproval{
			Line: r.Seq, Time: annexTime(r.Time), Plan: c.plan, PlanSHA256: upper(c.planSHA), Class: e.Class, PolicySHA256: upper(e.PolicySHA256),
			Object: a.Object, File: a.File, SHA256: upper(a.SHA256), Person: a.Person, Roles: list(a.Roles), Key: a.Key, Algorithm: a.Algorithm,
			Touch: a.Touch, Resolution: a.Resolution, Date: a.Date, ScanSHA256: upper(a.ScanSHA256), Vouchers: list(a.Vouchers), How: r.How,
		})
	}
}

func (c *collector) people(r event.Record) {
	at := annexTime(r.Time)
	switch e := r.Event.(type) {
	case event.CeremonyOpened:
		c.plan, c.planSHA = "plan", e.PlanSHA256
	case event.PlanAmended:
		c.plan, c.planSHA = fmt.Sprintf("amendment %d", e.Number), e.PlanSHA256
	case event.PlanApproval:
		c.approvals(r, e)
	case event.ParticipantArrived:
		c.Attendance = append(c.Attendance, AnnexAttendance{r.Seq, at, "arrived", e.Person, e.Role, list(r.By), r.How})
	case event.ParticipantLeft:
		role := ""
		for _, earlier := range c.Attendance {
			if earlier.Person == e.Person {
				role = cmp.Or(earlier.Role, role)
			}
		}
		c.Attendance = append(c.Attendance, AnnexAttendance{r.Seq, at, "left", e.Person, role, list(r.By), r.How})
	case event.DeviationRecorded:
		c.Deviations = append(c.Deviations, AnnexDeviation{r.Seq, at, r.Step, e.Expected, e.Happened, e.Decision, list(e.DecidedBy), r.How})
	case event.TokenOpened:
		v := AnnexLogin{Line: r.Seq, Time: at, Event: "opened", Result: "done", Token: e.Token, Label: e.Label, Serial: e.Serial, Model: e.Model,
			Firmware: e.Firmware, Login: e.Login, Software: e.Software, How: r.How}
		if e.Module != nil {
			v.Module = e.Module.Path
		}
		c.Logins = append(c.Logins, v)
	case event.PINRefused:
		c.Logins = append(c.Logins, c.same(AnnexLogin{Line: r.Seq, Time: at, Event: "PIN refused", Result: e.Outcome, Person: e.Person, Token: e.Token, How: r.How}))
	case event.TokenRestarted:
		c.Logins = append(c.Logins, c.same(AnnexLogin{Line: r.Seq, Time: at, Event: "fresh process", Result: "done", Token: e.Token, How: r.How}))
	case event.TokenClosed:
		c.Logins = append(c.Logins, c.same(AnnexLogin{Line: r.Seq, Time: at, Event: "closed", Result: cmp.Or(e.Error, "done"), Token: e.Token, How: r.How}))
	case event.SignatureConfirmed:
		for _, row := range append(e.Table, event.Confirmed{Artifact: e.Artifact, TBSSHA256: e.TBSSHA256}) {
			c.confirmed[row.Artifact+" "+row.TBSSHA256] = r
		}
	}
}

// same says whether the token of a later event is software, as its opening
// did: whoever filters by that column gets all rows of the token.
func (c *collector) same(v AnnexLogin) AnnexLogin {
	for _, l := range c.Logins {
		if l.Token == v.Token {
			v.Software = l.Software
		}
	}
	return v
}

func (c *collector) operation(r event.Record) {
	switch e := r.Event.(type) {
	case event.OperationIntended:
		c.intents[e.Operation] = r
	case event.OperationFinished:
		c.result(r, e.Operation, e.Key, "done", "")
	case event.OperationFailed:
		c.result(r, e.Operation, e.Key, "failed", e.Effect)
	case event.KeyProved:
		c.Keys = append(c.Keys, AnnexKey{Line: r.Seq, Time: annexTime(r.Time), Step: r.Step, Operation: e.Operation, Event: "prove",
			Result: e.How, Token: e.Token, Key: e.Key, ID: upper(e.ID), SPKISHA256: upper(e.SPKISHA256), How: r.How})
	}
}

// result puts an operation into its population when its end is known.
func (c *collector) result(r event.Record, operation int, key *event.Key, result, effect string) {
	intended, ok := c.intents[operation]
	if !ok {
		return // the grammar of the journal refuses it
	}
	delete(c.intents, operation)
	e, _ := intended.Event.(event.OperationIntended)
	k := event.Key{}
	for _, known := range []*event.Key{key, e.Key} {
		if known != nil {
			k.Label, k.ID = cmp.Or(k.Label, known.Label), cmp.Or(k.ID, known.ID)
			k.Algorithm, k.SPKISHA256 = cmp.Or(k.Algorithm, known.Algorithm), cmp.Or(k.SPKISHA256, known.SPKISHA256)
		}
	}
	switch e.What {
	case event.WhatSign:
		c.signature(r, e, k, result, effect)
	case event.WhatGenerate, event.WhatFind, event.WhatDestroy:
		if effect != "" {
			result += ", effect " + effect
		}
		c.Keys = append(c.Keys, AnnexKey{Line: r.Seq, Time: annexTime(r.Time), Step: r.Step, Operation: operation, Event: e.What,
			Result: result, Token: e.Token, Key: k.Label, ID: upper(k.ID), Algorithm: k.Algorithm, SPKISHA256: upper(k.SPKISHA256), How: r.How})
	}
}

func (c *collector) signature(r event.Record, e event.OperationIntended, k event.Key, result, effect string) {
	if result == "done" {
		result = "signed"
	}
	confirmation := c.confirmed[e.Artifact+" "+e.TBSSHA256]
	c.Signatures = append(c.Signatures, AnnexSignature{
		Line: r.Seq, Time: annexTime(r.Time), Step: r.Step, Operation: e.Operation, Token: e.Token, Key: k.Label,
		KeySHA256: upper(k.SPKISHA256), Artifact: e.Artifact, Purpose: e.Purpose, For: e.For, Algorithm: e.Algorithm,
		TBSSHA256: upper(e.TBSSHA256), Result: result, Effect: effect,
		ConfirmedBy: list(confirmation.By), ConfirmLine: confirmation.Seq,
	})
}

// unanswered lists operations without a result: what they did is unknown, and
// an auditor wants to see just these.
func (c *collector) unanswered() {
	for _, operation := range slices.Sorted(maps.Keys(c.intents)) {
		c.result(c.intents[operation], operation, nil, "unknown", "")
	}
}

func (c *collector) file(r event.Record) {
	v := AnnexEvidence{Line: r.Seq, Time: annexTime(r.Time), Step: r.Step, How: r.How}
	switch e := r.Event.(type) {
	case event.FileLoaded:
		v.Event, v.Path, v.Kind, v.SHA256 = "read", e.Path, e.Kind, upper(e.SHA256)
		if e.External {
			v.Event = "external"
		}
	case event.FileWritten:
		v.Event, v.Path, v.Kind, v.SHA256 = "written", e.Path, e.Kind, upper(e.SHA256)
	case event.ObjectLinted:
		if e.File == "" {
			return
		}
		v.Event, v.Path, v.Kind, v.SHA256 = "written", e.File, "lint", upper(e.SHA256)
		if slices.ContainsFunc(c.Evidence, func(x AnnexEvidence) bool { return x.Path == v.Path }) {
			return
		}
	case event.ArtifactWritten:
		v.Event, v.Path, v.Kind, v.SHA256 = "written", e.Path, e.Kind, upper(e.SHA256)
		c.certificate(r, e)
	default:
		return
	}
	c.Evidence = append(c.Evidence, v)
}

func (c *collector) certificate(r event.Record, e event.ArtifactWritten) {
	if e.Kind != event.KindCertificate || e.Encoding != event.EncodingDER {
		return
	}
	s := event.Summary{}
	if e.Summary != nil {
		s = *e.Summary
	}
	c.Certificates = append(c.Certificates, AnnexCertificate{
		Line: r.Seq, Artifact: e.Artifact, Subject: s.Subject, Issuer: s.Issuer, Serial: upper(s.Serial),
		SPKISHA256: upper(s.SPKISHA256), SHA256: upper(e.SHA256), Key: s.Key, KeyAlgorithm: s.KeyAlgorithm,
		SignatureAlgorithm: s.SignatureAlgorithm, NotBefore: s.NotBefore, NotAfter: s.NotAfter,
		SubjectKeyID: upper(s.SubjectKeyID), AuthorityKeyID: upper(s.AuthorityKeyID), CA: s.CA, Profile: s.Profile,
		Path: e.Path, Withheld: e.Withheld,
	})
}
