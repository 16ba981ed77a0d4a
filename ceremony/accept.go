// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/token"
	"rootceremony/transcripts"
)

// The words that people decide by about a key that departs from what was asked.
const (
	wordAccept = "accept"
	wordStop   = "stop"
)

// accept has people decide about a key that the module reports otherwise than the
// template of its token asks for, as it was last read. Without their acceptance,
// which is a deviation, the key signs nothing; nobody is asked again about what
// they accepted before.
func (r *runner) accept(k *Key) error {
	pair := r.seen[k.ID]
	if pair == nil {
		return fmt.Errorf("key %q was never read back from its token", k.ID)
	}
	template, err := r.template(k.Token)
	if err != nil {
		return err
	}
	departures := pair.Departures(template, k.made(r.w.rehearsal))
	if len(departures) == 0 || accepts(r.j.Records(), sha256Hex(pair.SPKI), departures) {
		return nil
	}
	r.say("\n      KEY %s IS NOT WHAT WAS ASKED FOR.", k.ID)
	for _, d := range departures {
		r.say("%s", indent(d, 6))
	}
	if k.Source == KeyGenerated && !r.w.rehearsal { // a rehearsal is not resumed
		r.say("      After stop this makes another one, in the step that made it:\n  %s", r.commands().Redo(r.p.Plan.generates(k)))
	}
	e := transcripts.DeviationRecorded{
		Expected: fmt.Sprintf("key %s is as the template %q of token %s asks", k.ID, firstOf(template, token.DefaultTemplate), k.Token),
		Happened: "key " + k.ID + ": " + strings.Join(departures, "; "), Decision: "the key is used as it is",
		KeySHA256: sha256Hex(pair.SPKI), Departures: departures,
	}
	agreed, by, err := r.decide(wordAccept, wordStop, "Accept key "+k.ID+" as it is, for good and on the record")
	if err != nil {
		return err
	}
	if !agreed {
		return fmt.Errorf("not accepted: %s: %w", e.Happened, ErrStopped)
	}
	e.DecidedBy = by
	return r.note(e, r.o.People.How(), by...)
}

// made reports whether a key is made in the ceremony, or is the stand-in that a
// rehearsal makes.
func (k *Key) made(rehearsal bool) bool { return k.Source != KeyExisting || rehearsal }

// accepts reports whether people accepted a key with these departures.
func accepts(records []transcripts.Record, spki string, departures []string) bool {
	return slices.ContainsFunc(records, func(r transcripts.Record) bool {
		e, ok := r.Event.(transcripts.DeviationRecorded)
		return ok && e.KeySHA256 == spki && slices.Equal(e.Departures, departures)
	})
}

// checkKeys holds every signature to what the module last reported of its key: a
// key that departs from the template of its token signs only after people
// accepted just that.
func (re *rebuild) checkKeys() {
	site, err := re.v.site()
	if err != nil {
		return // said where the devices are checked
	}
	departs := map[string][]string{} // by SPKI digest
	for i, r := range re.v.Records {
		switch e := r.Event.(type) {
		case transcripts.OperationFinished:
			if e.Key != nil && (e.What == transcripts.WhatGenerate || e.What == transcripts.WhatFind) {
				departs[e.Key.SPKISHA256] = re.departures(site, e)
			}
		case transcripts.OperationIntended:
			if e.What != transcripts.WhatSign || e.Key == nil {
				continue
			}
			if d := departs[e.Key.SPKISHA256]; len(d) > 0 && !accepts(re.v.Records[:i], e.Key.SPKISHA256, d) {
				re.v.problem(line(r.Seq), "key %q signs although nobody accepted it: %s", e.Key.Label, strings.Join(d, "; "))
			}
		}
	}
}

// departures derives from the recorded attributes of a key in which ways it is
// not what was asked for.
func (re *rebuild) departures(site *Site, e transcripts.OperationFinished) []string {
	template := token.DefaultTemplate
	if site != nil {
		c, err := site.device(e.Token)
		if err != nil {
			return []string{err.Error()}
		}
		template = c.Template
	}
	made := true
	if k := re.w.plan.key(re.keyOf(e.Key)); k != nil {
		made = k.made(re.w.rehearsal)
	}
	return pairOf(e.Key).Departures(template, made)
}

// pairOf is a key pair as the record has it.
func pairOf(k *transcripts.Key) *token.Pair {
	p := &token.Pair{Label: k.Label, Algorithm: token.Algorithm(k.Algorithm)}
	p.ID, _ = hex.DecodeString(k.ID)                    // the schema of the journal
	p.SPKI, _ = base64.StdEncoding.DecodeString(k.SPKI) // holds both
	if algorithm, err := token.AlgorithmOf(p.SPKI); err == nil {
		p.Algorithm = algorithm // what it is, not what it is called
	}
	for _, a := range k.Attributes {
		p.Attributes = append(p.Attributes, token.Attribute{Half: a.Half, Name: a.Name, State: token.State(a.State), Value: a.Value})
	}
	return p
}
