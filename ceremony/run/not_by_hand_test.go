// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// TestNotCheckedByHand holds the list in README-VERIFY.md of what its commands do not
// check: they pass what each line of it says, and verify refuses it. TestFIDOByHand of
// internal/approval has the touch of a security key. Without CEREMONY_SWEEPS=all a third
// of the lines is tried.
func TestNotCheckedByHand(t *testing.T) {
	g, example := makeGolden(t), shipped(t)
	rows := objectsNotByHand(g, example)
	maps.Copy(rows, linesNotByHand(g))
	maps.Copy(rows, peopleNotByHand(g))
	t.Run("all", func(t *testing.T) {
		for _, name := range someByHand(rows) {
			r := rows[name]
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				_, list, _ := strings.Cut(string(read(t, r.of.dir, "README-VERIFY.md")), "## Not checked by hand")
				if !strings.Contains(strings.Join(strings.Fields(list), " "), name) {
					t.Error("the list does not have this")
				}
				if said, err := r.try(t); err != nil || strings.Contains(said, "PROBLEM") {
					t.Errorf("it is checked by hand: %v\n%s", err, said)
				}
			})
		}
	})
}

// objectsNotByHand change what follows from the plan and from the record.
func objectsNotByHand(g, example *golden) map[string]byHandRow {
	return map[string]byHandRow{
		"that each artifact follows": {g, func(t *testing.T, g *golden, dir string) {
			unsigned(t, dir)
			key := newP256(t)
			g.forge(t, dir, func(r []event.Record) []event.Record { return named(t, signedAgain(t, dir, r, key, ""), key) })
		}, "", "do not follow from plan.json"},
		"`plan/script.html` follow": {g, func(t *testing.T, g *golden, dir string) {
			unsigned(t, dir)
			g.replaced(t, dir, scriptPath, append(read(t, dir, scriptPath), "<p>Sign another one.\n"...))
		}, "", "plan/script.html: it differs from the script rendered"},
		"which certificates come with an OCSP response": {example, func(t *testing.T, g *golden, dir string) {
			der := read(t, dir, "artifacts/r1-status-1.der")
			at := bytes.Index(der, read(t, dir, "artifacts/ocsp-x1-cert.der"))
			der[at+20]++ // in its serial number
			otherObject(t, g, dir, "r1-status-1", event.KindOCSP, der)
		}, "", "artifacts/r1-status-1.der: the file differs from the object rebuilt"},
		"report, transcript and this file": {g, func(t *testing.T, _ *golden, dir string) {
			unsigned(t, dir)
			write(t, dir, "report/report.html", append(read(t, dir, "report/report.html"), "<p>All was well.\n"...))
			relisted(t, dir, nil)
		}, "", "report/report.html: differs from what the journal gives"},
	}
}

// linesNotByHand change what the record tells of steps, keys and artifacts.
func linesNotByHand(g *golden) map[string]byHandRow {
	return map[string]byHandRow{
		"each step of the plan was done": {g, func(t *testing.T, g *golden, dir string) {
			unsigned(t, dir)
			step := g.preview.Plan.SigningStep("root-crl").ID
			remove(t, dir, "artifacts/root-crl.der", "artifacts/root-crl.pem", "lint/root-crl.before.json", "lint/root-crl.after.json")
			g.forge(t, dir, func(records []event.Record) []event.Record {
				at := func(r event.Record) bool { return r.Step == step }
				from := slices.IndexFunc(records, at)
				to := len(records)
				for !at(records[to-1]) {
					to--
				}
				return leftOut(records, from, to)
			})
		}, "", "was planned and never done"},
		"a key is as its template demands": {g, forgedRow(eachEvent(func(e *event.OperationFinished) {
			if e.Key == nil {
				return
			}
			key := *e.Key
			key.Attributes = slices.Clone(key.Attributes)
			for i := range key.Attributes {
				if key.Attributes[i].Name == "CKA_EXTRACTABLE" {
					key.Attributes[i].Value = "true"
				}
			}
			e.Key = &key
		})), "", "nobody accepted its deviations"},
		"fields of such a line":      {g, forgedRow(without[event.StepRecorded]), "", "was done without the field"},
		"order of lines":             {g, forgedRow(without[event.KeyboardTaken]), "", "keyboard"},
		"the summary of an artifact": {g, forgedRow(eachEvent(func(e *event.ArtifactWritten) { e.Summary.Subject = "CN=Somebody Else" })), "", "summary"},
	}
}

// peopleNotByHand change who was there, what they read, and what they signed.
func peopleNotByHand(g *golden) map[string]byHandRow {
	return map[string]byHandRow{
		"digest of a plan or a head": {g, forgedRow(eachEvent(func(e *event.DigestRead) {
			if e.What == event.WhatPlan {
				sum := sha256.Sum256([]byte("another plan"))
				e.SHA256, e.Words = hex.EncodeToString(sum[:]), strings.Join(term.Words(sum[:]), " ")
			}
		})), "", "plan"},
		"words that were read aloud": {g, forgedRow(eachEvent(func(e *event.DigestRead) {
			e.Words = "music customer waffle consensus"
		})), "", "the words for"},
		"right roles": {g, forgedRow(eachEvent(func(e *event.ParticipantArrived) { e.Role = "auditor" })), "", "auditor"},
		"roles, thresholds": {g, func(t *testing.T, _ *golden, dir string) {
			if err := os.Remove(filepath.Join(dir, "signatures/MANIFEST.ann.sig")); err != nil {
				t.Fatal(err)
			}
		}, "", "the policy requires 1 signature on MANIFEST as administrator"},
		"signatures is named after its signer": {g, func(t *testing.T, _ *golden, dir string) {
			write(t, dir, "signatures/MANIFEST.cat.sig", signature(t, "ben", approval.ManifestDeclaration, read(t, dir, transcripts.ManifestPath)))
		}, "", "signatures/MANIFEST.cat.sig: the signer is ben"},
		"no characters that nobody sees": {g, func(t *testing.T, _ *golden, dir string) {
			good, err := approval.NewAttestation(approval.Attestation{Manifest: plan.SHA256Hex(read(t, dir, transcripts.ManifestPath)), Text: "All was well."})
			if err != nil {
				t.Fatal(err)
			}
			write(t, dir, "attestations/eve.json", bytes.Replace(good, []byte("All"), []byte("\u202eAll"), 1))
		}, "", "attestations/eve.json: "},
	}
}

// forgedRow changes a record of which nobody signed anything.
func forgedRow(change func([]event.Record) []event.Record) func(t *testing.T, g *golden, dir string) {
	return func(t *testing.T, g *golden, dir string) {
		unsigned(t, dir)
		g.forge(t, dir, change)
	}
}
