// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/hex"
	"fmt"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// confirm shows what will be signed, with every value; SHOW shows its bytes. The
// administrator types the first four hexadecimal digits of the SHA-256 of the bytes, a
// witness the next four. For a table it is the digest of the table, in the form that
// sha256sum writes.
func (sg *signing) confirm(batch []*plan.Artifact) error {
	text, under, e, digest, err := sg.shown(batch)
	if err != nil {
		return err
	}
	sg.room.object = func() (string, error) { return sg.whole(batch) }
	defer func() { sg.room.object = nil }()
	if err := sg.room.show(text); err != nil {
		return err
	}
	return sg.room.about(under, func() error { return sg.confirmDigits(batch, e, digest) })
}

// confirmDigits has two people type the digits, of a digest that is on the screen.
func (sg *signing) confirmDigits(batch []*plan.Artifact, e event.SignatureConfirmed, digest string) error {
	var by []string
	of := ""
	if len(batch) > 1 {
		of = "table's "
	}
	for i, role := range []string{plan.RoleAdministrator, plan.RoleWitness} {
		who, err := sg.room.digits(role, of+[]string{"first", "next"}[i]+" four digits", digest[4*i:4*i+4], e.Artifact)
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

// shown gives the screen of what is confirmed together, what is said under it, and
// what is recorded of it.
func (sg *signing) shown(batch []*plan.Artifact) (text, under string, e event.SignatureConfirmed, digest string, err error) {
	var b strings.Builder
	for i, a := range batch {
		p := sg.prepared[a.ID]
		sum := p.clearance.Digest()
		digest = hex.EncodeToString(sum[:])
		card, err := sg.screenOf(p)
		if err != nil {
			return "", "", e, "", err
		}
		fmt.Fprintf(&b, "%s%4s  %s: %s\n%s", under, sg.state.Plan.SigningStep(a.ID).ID, a.ID, plan.WhatIs(a), card)
		under = "      SHA-256 of the bytes to be signed:\n" + plan.Groups(digest) + "\n"
		if i+1 < len(batch) {
			under += "\n"
		}
		e.Table = append(e.Table, event.Confirmed{Artifact: a.ID, TBSSHA256: digest})
	}
	if len(batch) == 1 {
		e.Artifact, e.TBSSHA256, e.Table = batch[0].ID, digest, nil
		return b.String(), strings.TrimSuffix(under, "\n"), e, digest, nil
	}
	digest = event.TableSHA256(e.Table)
	b.WriteString(under)
	under = fmt.Sprintf("\n      These %d objects are confirmed together. SHA-256 of their table:\n%s", len(batch), plan.Groups(digest))
	return b.String(), under, e, digest, nil
}
