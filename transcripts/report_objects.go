// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"cmp"
	"fmt"
	"strings"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// artifactView is one artifact as a card.
type artifactView struct {
	Artifact, Kind, Name, Withheld string
	Facts                          []Labelled
	SHA256                         string // of the DER
	Files                          []event.ArtifactWritten
	Checks                         []event.Check
	Confirmed                      string
	Operation                      int
	Possible                       bool // outcome of C_Sign unknown, a signature may exist
}

// keyView is one key with the evidence for it.
type keyView struct {
	Label, Token, Algorithm, ID, SPKISHA256 string
	Origin                                  string
	Signatures                              int
	Destroyed                               bool
	Proofs                                  []string
	Claims                                  []claimView
	Exhibits                                []Exhibit // that were attached to it
}

// claimView is what a module says of one half of a key pair: the names of
// attributes, without CKA_, that are true, that are false, and the others.
type claimView struct{ Half, True, False, Other string }

// revocationView is a certificate that a CRL is the first to list.
type revocationView struct {
	event.Revocation
	CRL, Issuer string
}

// findingView is one finding of one artifact.
type findingView struct {
	Artifact, Stage, Rule, Status, Details, Citation string
	Waiver                                           *event.Waiver
}

// tokenView is one token.
type tokenView struct {
	Token    string
	Software bool
	Facts    []Labelled
	numbers  []int
}

// Sessions names the sessions in which the token was opened.
func (v tokenView) Sessions() string { return sessionNumbers(v.numbers) }

func (r *reportView) addObjects(h *history.History) {
	for _, f := range h.Artifacts {
		r.addFindings(f)
		if len(f.Files) == 0 && f.Possible == nil {
			continue
		}
		if f.Withheld() == "" {
			for _, revoked := range f.Summary().Revoked {
				r.Revocations = append(r.Revocations, revocationView{revoked, f.Name(), f.Summary().IssuerName()})
			}
		}
		r.Artifacts = append(r.Artifacts, newArtifactView(f))
		if s := f.Summary(); f.Kind() == event.KindCertificate && f.Withheld() == "" && s.CA && s.SelfIssued() {
			r.Roots = append(r.Roots, rootView{f.ID, cmp.Or(s.Name(), f.ID), s.SHA256})
		}
	}
	for _, k := range h.Keys {
		r.Keys = append(r.Keys, newKeyView(k))
	}
}

// addFindings shows each finding once, from the last stage that raised it.
func (r *reportView) addFindings(f *history.Artifact) {
	type place struct {
		rule, field string
		number      int // one rule may find more of a field, in the same order at each stage
	}
	at := map[place]int{}
	for _, l := range f.Linted {
		seen := map[place]int{}
		for _, found := range l.Findings {
			v := findingView{f.Name(), l.Stage, found.Rule, found.Status, found.Text(), found.Citation, found.Waived}
			p := place{rule: found.Rule, field: found.Field}
			seen[p]++
			p.number = seen[p]
			if i, ok := at[p]; ok {
				r.Findings[i] = v
				continue
			}
			at[p] = len(r.Findings)
			r.Findings = append(r.Findings, v)
		}
	}
}

func newArtifactView(f *history.Artifact) artifactView {
	s := f.Summary()
	v := artifactView{
		Artifact: f.Name(), Kind: f.Kind(), Name: cmp.Or(s.Name(), s.IssuerName(), f.ID), Withheld: f.Withheld(),
		SHA256: s.SHA256, Files: history.Events(f.Files), Checks: f.Checks, Confirmed: strings.Join(f.ConfirmedBy(), ", "),
		Possible: f.Possible != nil,
	}
	if f.Signed != nil {
		v.Operation = f.Signed.Number
	}
	if f.Possible != nil && f.Serial != nil {
		v.Facts = append(v.Facts, Labelled{Label: "Serial number", Value: f.Serial.Serial, Note: "hex, used up"})
	}
	if f.Possible != nil {
		v.Facts = append(v.Facts, Labelled{Label: "Signed bytes", Value: f.TBSSHA256(), Note: "SHA-256"})
	}
	for _, fact := range []Labelled{
		{Label: "Subject", Value: s.Subject}, {Label: "Issuer", Value: s.Issuer}, {Label: "Serial number", Value: s.Serial, Note: "hex"},
		{Label: "Not before", Value: s.NotBefore}, {Label: "Not after", Value: s.NotAfter},
		{Label: "This update", Value: s.ThisUpdate}, {Label: "Next update", Value: s.NextUpdate},
		{Label: "CRL number", Value: s.Number}, {Label: "Entries", Value: numberText(s.Entries)}, {Label: "Revoked", Value: s.Revokes()},
		{Label: "Revoked by a list", Value: s.RevokedFrom}, {Label: "Entries of the previous CRL", Value: s.Changed}, {Label: "Status", Value: s.Status},
		{Label: "Key", Value: strings.TrimSpace(s.Key + " " + bracketed(s.KeyAlgorithm))}, {Label: "Signature", Value: s.SignatureAlgorithm},
		{Label: "Subject key id", Value: s.SubjectKeyID, Note: "hex"}, {Label: "Authority key id", Value: s.AuthorityKeyID, Note: "hex"},
		{Label: "SHA-256 of its key", Value: s.SPKISHA256, Note: "hex"}, {Label: "Profile", Value: s.Profile},
	} {
		if fact.Value != "" {
			v.Facts = append(v.Facts, fact)
		}
	}
	for _, serial := range f.Replaced {
		v.Facts = append(v.Facts, Labelled{Label: "Drawn before", Value: serial, Note: "serial number, hex; nothing was signed with it"})
	}
	if n := len(f.Linted); n > 0 {
		for _, old := range f.Linted[n-1].OldResponses {
			v.Facts = append(v.Facts, Labelled{Label: "Old response", Value: old})
		}
		for _, asked := range f.Linted[n-1].Asked {
			v.Facts = append(v.Facts, Labelled{Label: "Asked for", Value: asked})
		}
	}
	return v
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

func numberText(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func newKeyView(k *history.Key) keyView {
	v := keyView{
		Label: k.Label, Token: k.Token, Algorithm: k.Algorithm, ID: k.ID, SPKISHA256: k.SPKISHA256,
		Signatures: k.Signed, Destroyed: k.Destroyed > 0, Claims: claims(k.Key), Origin: "found on the token at " + clock(k.First.Time),
	}
	if k.Generated {
		v.Origin = "made on the token at " + clock(k.First.Time)
	} else if lost := k.Restored(); len(lost) > 0 {
		v.Origin += "; restored or imported: the module reports as false " + strings.Join(lost, ", ")
	}
	if k.Chosen {
		v.Origin += "; the token did not show which private key it is, and people chose this one"
	}
	if k.Parked {
		v.Origin += "; parked: it stays on the token, unused, since the step was repeated"
	}
	for _, p := range k.Proved {
		by := "the process that made it"
		if p.Fresh {
			by = "a fresh process"
		}
		proof := fmt.Sprintf("%s found it again by its public key, and it signed a %s", by, p.How)
		if p.Operation > 0 {
			proof += fmt.Sprintf(" (operation %d)", p.Operation)
		}
		v.Proofs = append(v.Proofs, proof)
	}
	return v
}

// claims sorts attributes by what they say, for eyes that look for one word.
func claims(k event.Key) []claimView {
	var views []claimView
	for _, half := range []string{"private", "public"} {
		var yes, no, other []string
		for _, a := range k.Attributes {
			name := strings.TrimPrefix(a.Name, "CKA_")
			switch {
			case a.Half != half, a.State == "value" && (a.Value == k.ID || a.Value == k.Label):
			case a.State != "value":
				other = append(other, name+": "+a.State)
			case a.Value == "true":
				yes = append(yes, name)
			case a.Value == "false":
				no = append(no, name)
			default:
				other = append(other, name+" = "+a.Value)
			}
		}
		if len(yes)+len(no)+len(other) > 0 {
			views = append(views, claimView{half, strings.Join(yes, ", "), strings.Join(no, ", "), strings.Join(other, ", ")})
		}
	}
	return views
}

func newTokenView(t event.TokenOpened) tokenView {
	v := tokenView{Token: t.Token, Software: t.Software}
	m := event.Module{}
	if t.Module != nil {
		m = *t.Module
	}
	for _, fact := range []Labelled{
		{Label: "Label", Value: t.Label}, {Label: "Serial", Value: t.Serial}, {Label: "Model", Value: t.Model},
		{Label: "Manufacturer", Value: t.Manufacturer}, {Label: "Firmware", Value: t.Firmware}, {Label: "Hardware", Value: t.Hardware},
		{Label: "Login", Value: t.Login}, {Label: "Flags", Value: strings.Join(t.Flags, " ")},
		{Label: "Module", Value: strings.TrimSpace(m.Path + " " + m.Description + " " + m.Version)},
		{Label: "SHA-256 of the module", Value: m.SHA256, Note: "hex"},
	} {
		if fact.Value != "" {
			v.Facts = append(v.Facts, fact)
		}
	}
	for _, l := range labelled(t.Environment) {
		v.Facts = append(v.Facts, Labelled{Label: l.Label, Value: l.Value, Note: "environment"})
	}
	return v
}
