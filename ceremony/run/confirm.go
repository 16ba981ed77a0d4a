// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/hex"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// confirm shows what will be signed. The administrator types the first four
// hexadecimal digits of the SHA-256 of the bytes, a witness the next four. For
// a table it is the digest of the table, in the form that sha256sum writes.
func (sg *signing) confirm(batch []*plan.Artifact) error {
	e := event.SignatureConfirmed{}
	var digest string
	for i, a := range batch {
		if i > 0 {
			sg.say("")
		}
		p := sg.prepared[a.ID]
		sum := p.clearance.Digest()
		digest = hex.EncodeToString(sum[:])
		step := sg.state.Plan.SigningStep(a.ID)
		sg.say("%4s  %s: %s", step.ID, a.ID, plan.WhatIs(a))
		sg.say("%s", sg.screenOf(a, p.Signing))
		sg.sayFacts(slices.Concat(sg.state.AskedFacts(a), p.told))
		sg.say("      SHA-256 of the bytes to be signed:\n%s", plan.Groups(digest))
		e.Table = append(e.Table, event.Confirmed{Artifact: a.ID, TBSSHA256: digest})
	}
	if len(batch) == 1 {
		e.Artifact, e.TBSSHA256, e.Table = batch[0].ID, digest, nil
	} else {
		digest = event.TableSHA256(e.Table)
		sg.say("\n      These %d objects are confirmed together. SHA-256 of their table:\n%s", len(batch), plan.Groups(digest))
	}
	var by []string
	for i, role := range []string{plan.RoleAdministrator, plan.RoleWitness} {
		who, err := sg.room.digits(role, []string{"first", "next"}[i], digest[4*i:4*i+4], e.Artifact)
		if err != nil {
			return err
		}
		by, e.Digits = append(by, who.Name), append(e.Digits, digest[4*i:4*i+4])
	}
	for _, a := range batch {
		sg.prepared[a.ID].by = by
	}
	return sg.note(e, sg.o.People.How(), by...)
}

// sayFacts shows more of an object, if there is more.
func (sg *signing) sayFacts(list []transcripts.Labelled) {
	if len(list) == 0 {
		return
	}
	var b strings.Builder
	(&plan.Screen{W: &b}).Facts(list)
	sg.say("%s", strings.TrimRight(b.String(), "\n"))
}
