// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term"
	"rootceremony/internal/unseen"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// The answers of "verify".
const (
	verdictValid      = "valid"
	verdictInvalid    = "invalid"
	verdictIncomplete = "incomplete"
	verdictRehearsal  = "rehearsal" // where only a real ceremony will do
	verdictUnanchored = "unanchored"
)

// answer is a verdict as "verify" shows it.
type answer struct {
	Verdict        string          `json:"verdict"`
	Ceremony       string          `json:"ceremony"`
	Title          string          `json:"title"`
	Rehearsal      bool            `json:"rehearsal"`
	SoftwareTokens bool            `json:"software_tokens"`
	Outcome        string          `json:"outcome,omitempty"`
	Events         int             `json:"events"`
	Rebuilt        int             `json:"artifacts_rebuilt"`
	ManifestSHA256 string          `json:"manifest_sha256,omitempty"`
	Anchored       []string        `json:"anchored"`
	Approval       string          `json:"approval,omitempty"`
	Approvals      []approved      `json:"approvals"`      // that were verified again
	Departing      []departing     `json:"departing_keys"` // that people accepted
	Deviations     []deviation     `json:"deviations"`
	Amendments     int             `json:"amendments"`
	Signatures     []signature     `json:"signatures"` // of people, on what was closed
	Statements     []statement     `json:"statements"` // in the signers' own words
	Doubtful       []string        `json:"doubtful"`   // declarations that the record does not bear out
	Exhibits       []exhibit       `json:"exhibits"`   // that came late
	Problems       []bundleProblem `json:"problems"`
	Incomplete     []string        `json:"incomplete"`
	Notices        []string        `json:"notices"`

	unsigned bool // people have still to sign
	opened   event.CeremonyOpened
	site     string // SHA-256 of the site file in force
	failed   string // step that failed after it had signed
}

// bundleProblem is one thing wrong with a bundle.
type bundleProblem struct {
	Where string `json:"where"`
	What  string `json:"what"`
}

// deviation is a departure from the plan that people decided, or that the record tells.
type deviation struct {
	Event     int      `json:"event"`
	Step      string   `json:"step,omitempty"`
	Expected  string   `json:"expected"`
	Happened  string   `json:"happened"`
	Decision  string   `json:"decision,omitempty"`
	DecidedBy []string `json:"decided_by"`
}

// text is a deviation in one line.
func (d *deviation) text() string {
	where := fmt.Sprintf("event %d", d.Event)
	if d.Step != "" {
		where += ", step " + d.Step
	}
	return where + ". " + event.DeviationRecorded{Expected: d.Expected, Happened: d.Happened, Decision: d.Decision, DecidedBy: d.DecidedBy}.Text()
}

// departing is a key that people accepted although it differs from its template.
type departing struct {
	SPKISHA256 string   `json:"spki_sha256"`
	Departures []string `json:"departures"`
	AcceptedBy []string `json:"accepted_by"`
	Text       string   `json:"text"`
}

// addDeparting lists the accepted keys that differ from their template.
func (a *answer) addDeparting(done *history.History) {
	a.Departing = []departing{}
	for _, d := range done.Departing() {
		e := d.Event
		a.Departing = append(a.Departing, departing{e.KeySHA256, e.Departures, append([]string{}, e.DecidedBy...), e.Happened})
	}
}

// newAnswer puts a verdict into one word. What is worst comes first: a bundle that
// is invalid is not called incomplete. run wants a real ceremony.
func newAnswer(v *verify.Verdict, unanchored, run bool) answer {
	a := answer{
		Ceremony: v.Ceremony, Title: v.Title,
		Rehearsal: v.Mode == event.Rehearsal, SoftwareTokens: v.SoftwareTokens,
		Outcome: v.Outcome, Events: len(v.Records), Rebuilt: v.Rebuilt, ManifestSHA256: v.ManifestSHA256,
		Anchored:   append([]string{}, v.Anchored...),
		Approval:   v.Approval,
		Problems:   []bundleProblem{},
		Incomplete: append([]string{}, v.Incomplete...),
		Notices:    append([]string{}, v.Notices...),
		failed:     v.Failed,
		opened:     v.History.Opened,
		site:       v.History.Site(),
	}
	a.addPeople(v)
	a.addDeparting(v.History)
	for _, p := range v.Problems {
		a.Problems = append(a.Problems, bundleProblem{p.Where, p.What})
	}
	switch {
	case len(v.Problems) > 0:
		a.Verdict = verdictInvalid
	case len(a.Incomplete) > 0:
		a.Verdict = verdictIncomplete
	case run && a.Rehearsal:
		a.Verdict = verdictRehearsal
	case len(v.Anchored) == 0 && !unanchored:
		a.Verdict = verdictUnanchored
	default:
		a.Verdict = verdictValid
	}
	return a
}

// err is the error of an answer that is no.
func (a *answer) err(bundle string) error {
	switch a.Verdict {
	case verdictInvalid:
		return findings("%s is invalid: %s", bundle, event.Count(len(a.Problems), "problem"))
	case verdictIncomplete:
		return withHint(findings("%s is incomplete: %s", bundle, firstOfMany(a.Incomplete)), "%s", a.completes(bundle))
	case verdictRehearsal:
		return withHint(findings("%s is a rehearsal, and --run wants a real ceremony", bundle), "name the bundle of the run")
	case verdictUnanchored:
		return withHint(findings("%s is unanchored: nothing outside the bundle vouches for it", bundle),
			"add --manifest with the digest from paper, or --unanchored if you have none")
	}
	return nil
}

// completes says what an incomplete bundle still needs.
func (a *answer) completes(bundle string) string {
	c := plan.Commands{Bundle: bundle}
	switch {
	case a.ManifestSHA256 == "":
		c.Site = siteBeside(bundle, a.site)
		return run.Ways(c, a.opened, a.failed)[0].String()
	case a.unsigned:
		c.Approval, c.Policy = true, plan.PolicyIn(bundle)
		return "each person whose signature is missing runs:\n  " + c.Sign()
	}
	return "see the lines \"missing\" above"
}

// firstOfMany gives the first of several texts, and how many follow.
func firstOfMany(texts []string) string {
	if len(texts) == 1 {
		return texts[0]
	}
	return fmt.Sprintf("%s (and %d more)", texts[0], len(texts)-1)
}

// writeAnswer shows an answer. What makes its keys worth less comes first. Its texts are
// those of a bundle that may be hostile: none of them makes a line or a colour of its own.
func writeAnswer(out io.Writer, a answer) {
	var w strings.Builder
	defer func() { fmt.Fprint(out, unseen.Lines(w.String())) }()
	a.write(&w)
}

// oneLine keeps a text of others from looking like a line of the answer.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\t' || r == ' ' }), " ")
}

func (a *answer) write(w io.Writer) {
	if a.Rehearsal {
		fmt.Fprint(w, "REHEARSAL. Its keys and signatures mean nothing.\n\n")
	}
	if a.Outcome == event.OutcomeAbandoned {
		fmt.Fprint(w, "ABANDONED. People ended the ceremony before it was complete.\n\n")
	}
	for _, d := range a.Departing {
		text := fmt.Sprintf("A KEY DIFFERS FROM WHAT WAS REQUESTED, and was accepted by %s. %s.", strings.Join(d.AcceptedBy, " and "), d.Text)
		fmt.Fprintf(w, "%s\n\n", term.Wrap(oneLine(text), 80))
	}
	for _, text := range a.Doubtful {
		fmt.Fprintf(w, "%s\n\n", term.Wrap("A DECLARATION DIFFERS FROM THE RECORD: "+oneLine(text)+".", 80))
	}
	if a.Title != "" {
		fmt.Fprintln(w, term.Wrap(fmt.Sprintf("%s (%s)", oneLine(a.Title), oneLine(a.Ceremony)), columns))
	}
	row := func(name, text string) {
		fmt.Fprintf(w, "  %-11s %s\n", name, term.Hang(oneLine(text), columns, 14))
	}
	row("journal", event.Count(a.Events, "event"))
	if a.Amendments > 0 {
		row("plan", event.Count(a.Amendments, "amendment"))
	}
	for _, d := range a.Deviations {
		row("deviation", d.text())
	}
	row("artifacts", fmt.Sprintf("%d rebuilt from plan.json, byte-identical", a.Rebuilt))
	if a.SoftwareTokens {
		row("keys", "in software, without the protection of hardware")
	}
	if a.ManifestSHA256 != "" {
		row("manifest", a.ManifestSHA256)
	}
	if a.Approval != "" {
		row("approval", a.Approval)
	}
	for _, text := range approvedBy(a.Approvals) {
		row("approved", text)
	}
	for _, text := range a.Anchored {
		row("anchor", text)
	}
	a.writePeople(row)
	if len(a.Anchored) == 0 {
		row("anchor", "none: nothing outside the bundle vouches for this record")
	}
	for _, text := range a.Notices {
		row("notice", text)
	}
	for _, text := range a.Incomplete {
		row("missing", text)
	}
	for _, p := range a.Problems {
		row("PROBLEM", p.Where+": "+p.What)
	}
	fmt.Fprintf(w, "\n%s\n", strings.ToUpper(a.Verdict))
}
