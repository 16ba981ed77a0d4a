// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"sync"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// Preview is a plan with what its specimens look like and what was found.
type Preview struct {
	*Loaded
	Canonical []byte // plan.json
	Digest    [32]byte
	Reports   []lint.Report // one per artifact, of all moments together
	Proofs    []lint.Report // one per key that is generated: what it signs to show that it works
	Problems  source.Errors // blocking findings and waivers that decide nothing
	Waivers   source.Errors // those of Problems that are of waivers
	Specimens *Specimens
}

// Specimens are the objects that planning built, as of the start of the
// window. They are never an output of a ceremony.
type Specimens struct{ builder *Builder }

// DER gives the specimen of an artifact; its signature is static.
func (s *Specimens) DER(artifact string) []byte {
	if o := s.builder.Made[artifact]; o != nil {
		return o.DER
	}
	return nil
}

// NewPreview builds every object of the plan with specimen keys, as if all were
// signed at one end of the window, all at the other, or one after another from end
// to end, and lints each against all others, with the proofs of new keys. rand makes the specimen
// keys; nothing of the plan depends on it.
func NewPreview(ctx context.Context, l *Loaded, rand io.Reader) (*Preview, error) {
	p := &Preview{Loaded: l}
	var err error
	if p.Canonical, err = l.Plan.Canonical(); err != nil {
		return nil, err
	}
	p.Digest = sha256.Sum256(p.Canonical)
	keys, err := specimenKeys(l, rand)
	if err != nil {
		return nil, err
	}
	win := l.Plan.Ceremony.Window
	for _, at := range win.signings(len(l.Plan.Artifacts)) {
		w := NewBuilder(l, false)
		w.Keys = keys
		reports, err := w.lintAll(ctx, at, rand)
		if err != nil {
			return nil, err
		}
		p.Reports = mergeReports(p.Reports, reports)
		if p.Specimens == nil {
			p.Specimens = &Specimens{builder: w}
		}
	}
	p.proofs(keys)
	p.applyWaivers(win)
	return p, nil
}

// lintAll builds and lints every artifact in the order of the steps, each as signed
// at its moment.
func (w *Builder) lintAll(ctx context.Context, moments []time.Time, rand io.Reader) ([]lint.Report, error) {
	var reports []lint.Report
	for i := range w.Plan.Artifacts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a, at := &w.Plan.Artifacts[i], moments[i]
		if err := w.specimenSerial(a, rand); err != nil {
			return nil, err
		}
		s, err := w.ToBeSigned(a, at)
		if err != nil {
			return nil, err
		}
		_, report, err := w.Clear(s)
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
		if err := w.Specimen(s); err != nil {
			return nil, err
		}
	}
	return reports, nil
}

func (w *Builder) specimenSerial(a *Artifact, rand io.Reader) error {
	if a.Certificate() == nil {
		return nil
	}
	random := make([]byte, a.Certificate().SerialOctets)
	if _, err := io.ReadFull(rand, random); err != nil {
		return fmt.Errorf("drawing a specimen serial number: %w", err)
	}
	n, err := templates.SerialNumber(random, a.Certificate().SerialOctets)
	w.Serials[a.ID] = n
	return err
}

// specimenKeys gives each key that will be made a public key that nobody has the private
// half of, and takes the real one of each key that exists.
func specimenKeys(l *Loaded, rand io.Reader) (map[string][]byte, error) {
	keys, made := map[string][]byte{}, map[algorithm.Key]int{}
	var mu sync.Mutex
	var group sync.WaitGroup
	var failed error
	for _, k := range l.Plan.Keys {
		if k.Source == KeyExisting {
			spki, err := l.InputSPKI(k.Input, false)
			if err != nil {
				return nil, err
			}
			keys[k.ID] = spki
		}
		if k.Source != KeyGenerated {
			continue
		}
		nth := made[k.Algorithm]
		made[k.Algorithm]++
		group.Go(func() {
			spki, err := algorithm.SpecimenKey(k.Algorithm, nth, rand)
			mu.Lock()
			defer mu.Unlock()
			if keys[k.ID] = spki; err != nil {
				failed = fmt.Errorf("making a specimen key for %s: %w", k.ID, err)
			}
		})
	}
	group.Wait()
	return keys, failed
}

// mergeReports joins the findings of different moments, each once.
func mergeReports(a, b []lint.Report) []lint.Report {
	if a == nil {
		return b
	}
	for i, late := range b {
		type place struct {
			rule   string
			field  profiles.Field
			status lint.Status
		}
		seen := map[place]bool{}
		for _, f := range a[i].Findings {
			seen[place{f.Rule, f.Field, f.Status}] = true
		}
		for _, f := range late.Findings {
			if !seen[place{f.Rule, f.Field, f.Status}] {
				a[i].Findings = append(a[i].Findings, f)
			}
		}
	}
	return a
}

// lintWaivers gives the waivers of the plan in the words of lint.
func (l *Loaded) lintWaivers() []lint.Waiver {
	var out []lint.Waiver
	for i, w := range l.Plan.Waivers {
		out = append(out, lint.Waiver{Rule: w.Rule, Artifact: w.Artifact, Reason: w.Reason, Citation: w.Citation,
			Approver: w.Approver, Expires: w.Expires, Pos: l.waivers[i].Pos()})
	}
	for i, u := range l.Plan.Unchecked {
		out = append(out, lint.Waiver{Rule: u.Rule, Artifact: u.Artifact, Lacks: u.Lacks, Reason: u.Reason,
			Approver: u.Approver, Pos: l.unchecked[i].Pos()})
	}
	return out
}

// applyWaivers applies the waivers and turns what blocks into problems with a place.
func (p *Preview) applyWaivers(win Window) {
	reports, problems := lint.ApplyWaivers(p.Reports, p.lintWaivers(), win.Last())
	p.Reports = reports
	for _, wp := range problems {
		p.Waivers = append(p.Waivers, &source.Error{Pos: wp.Pos, Path: "waivers", Msg: wp.Msg})
	}
	p.Waivers.Sort()
	p.Problems = append(p.Problems, p.Waivers...)
	for i := range reports {
		for j := range reports[i].Findings {
			f := &reports[i].Findings[j]
			f.Place, f.Hint = p.Place(f.Artifact, f.Field), p.remedy(f)
		}
		p.Problems = append(p.Problems, problemsOf(reports[i].Blocking())...)
	}
	p.Problems.Sort()
}

// notices are what people are told of a plan that blocks nothing, in the order of
// the file.
func (p *Preview) notices() (out source.Errors) {
	for i := range p.Reports {
		out = append(out, problemsOf(p.Reports[i].Notices())...)
	}
	out.Sort()
	return out
}

// problemsOf shows findings at their lines. What helps against several at one place is
// said once.
func problemsOf(findings []lint.Finding) (out source.Errors) {
	said := map[string]bool{}
	for _, f := range groupFindings(findings) {
		e := f.problem()
		if key := e.Pos.String() + e.Hint; said[key] {
			e.Hint = ""
		} else {
			said[key] = true
		}
		out = append(out, e)
	}
	return out
}

// problem is a finding as an error at the line of YAML responsible.
func (f *alikeFinding) problem() *source.Error {
	return &source.Error{Pos: f.Place.Pos, Path: f.Place.Path, Hint: f.Hint, Citation: f.Citation,
		Msg: fmt.Sprintf("%s: %s: %s: %s", f.Artifact, f.Status, f.Rule, f.Text())}
}

// Place gives where in the ceremony file or the profile a field is.
func (l *Loaded) Place(artifact string, field profiles.Field) lint.Place {
	pl, ok := l.places[artifact]
	if !ok {
		return lint.Place{Doc: l.Doc, Pos: source.Pos{File: l.Doc.Name, Line: 1, Column: 1}}
	}
	if n := pl.node(field); n.Present() {
		return lint.Place{Doc: l.Doc, Pos: n.Pos(), Path: n.Path()}
	}
	if inProfile(field) {
		h := pl.profile.Head()
		pos, path := h.Pos(field)
		return lint.Place{Doc: h.Doc, Pos: pos, Path: path}
	}
	return lint.Place{Doc: l.Doc, Pos: pl.step.Pos(), Path: pl.step.Path()}
}

// FileOf gives what plan.json calls the file of a document.
func (l *Loaded) FileOf(doc *source.Document) string {
	digest := hex.EncodeToString(doc.SHA256[:])
	f := Find(l.Plan.Files, func(f *File) bool { return f.SHA256 == digest })
	if f == nil {
		return doc.Name
	}
	return f.Path
}

// inProfile reports whether a field is written in the profile.
func inProfile(field profiles.Field) bool {
	switch field {
	case lint.FieldExtensions, lint.FieldKey, lint.FieldSignature, lint.FieldSerial, lint.FieldOCSP, lint.FieldEncoding:
		return true
	}
	return field.Extension != ""
}

// signBefore gives the last moment at which an artifact may be signed: a fixed
// notBefore may lie at most one day before the signing (BR 7.1.2.1.1).
func signBefore(a *Artifact, win Window) time.Time {
	last := win.To
	if a.Certificate() == nil {
		return last
	}
	if nb := a.Certificate().Validity.NotBefore; nb != profiles.SigningDay && nb != profiles.SigningTime {
		if t, err := nb.At(win.From); err == nil && t.Add(24*time.Hour).Before(last) {
			return t.Add(24 * time.Hour)
		}
	}
	return last
}

// BigHex writes a serial number the way openssl shows it.
func BigHex(n *big.Int) string {
	s := n.Text(16)
	if len(s)%2 == 1 {
		s = "0" + s
	}
	return s
}
