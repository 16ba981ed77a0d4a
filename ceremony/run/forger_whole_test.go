// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// retelling is a row of the table of what somebody can tell otherwise who writes a whole
// record anew, with its seal keys: nothing in the bundle shows it.
type retelling struct {
	says string // in docs/limits.md
	of   string // what it is a record of; else of a ceremony that people approved
	do   func(t *testing.T, d *desk, records []event.Record) []event.Record
}

// retellings are what verify accepts where nothing from outside is known. What can be
// found has no place here: mend verify.
var retellings = []retelling{
	{"software tokens as hardware: the announcement, the flag of each token and the site file", "", asHardware},
	{"who was there: another person whom the plan names for the same role", "", func(t *testing.T, _ *desk, records []event.Record) []event.Record {
		return retold(t, records, `"bob"`, `"carol"`)
	}},
	{"the CKA_ID by which a token knows a key", "", func(t *testing.T, _ *desk, records []event.Record) []event.Record {
		for _, r := range records {
			if e, ok := r.Event.(event.OperationIntended); ok && e.What == event.WhatGenerate {
				return retold(t, records, e.Key.ID, otherText(e.Key.ID))
			}
		}
		t.Fatal("no key is generated")
		return nil
	}},
	{"an unattended rehearsal as one that people attended", unattended, asAttended},
	{"an object on a token that is no key of the ceremony: left out of all that was counted, or told of", "", withStranger},
	{"a deviation, a note, a wrong PIN or a line that a module printed that nobody knows of", "", func(t *testing.T, _ *desk, records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "step.recorded" })
		said := func(e event.Event) event.Record {
			r := records[at]
			r.Event = e
			return r
		}
		printed := said(event.ModuleOutput{Token: "root", Line: "ready"})
		printed.Step, printed.How, printed.By = "", event.Reported, []string{}
		return slices.Insert(records, at, said(event.DeviationRecorded{Expected: "a quiet room", Happened: "the lights went out", Decision: "go on", DecidedBy: []string{"alice"}}),
			said(event.NoteAdded{Text: "It was cold."}), printed)
	}},
	{"the bits of the random bytes of a serial number that the number does not have", "", func(t *testing.T, _ *desk, records []event.Record) []event.Record {
		for i, r := range records {
			if e, ok := r.Event.(event.OperationFinished); ok && e.Random != "" {
				e.Random = topBit(t, e.Random)
				records[i].Event = e
				return records
			}
		}
		t.Fatal("nothing random is drawn")
		return nil
	}},
	{"that people stopped, or an error did, and another session went on, which found the keys again: two sessions told as one", interruptedDay, asOneSession},
	{"one session told as two, as if people had stopped, or an error did, and another session had gone on", oneDay, asTwoSessions},
	{"a session that ended before anybody was named: left out, or told of", interruptedDay, withIdleSession},
	{"a session in which people came, and nothing was made or decided but by a call that failed: left out", troublesome, withoutVainSession},
	{"such a session: told twice", troublesome, withVainSession},
	{"that a crash cut a session off between two calls: told as one that people stopped, or an error did", crashed, asStopped},
	{"that no head on paper covered the record, and two people confirmed it: told as a head that they compared", troublesome, asCompared},
	{"that the program ran as root, and that a token did not close: left out, with what was decided about it", excepted, withoutTrouble},
	{"that a key is not as its template demands, and that people accepted it: told as a key that is", mistaken, asFitting},
	{"that a key which people took for another one signed a wrong proof, before they chose the right one", mistaken, withoutMistake},
	{"that people chose a private key, because its token did not show which one it is", mistaken, withoutChoice},
	{"that two people decided before a PIN was tried that may have been the last: left out", nearlyLocked, withoutLastTry},
	{"an approval beyond those that the policy demands: left out, with what it says of itself", "", withoutApprovalOf("ben")},
	{"approvals that do not count, by a key that the policy does not have or by somebody for the second time, and a list that revokes nothing that counts: left out, or told of", "", withIdleApprovals},
	{"how the signature on an approval is written down: where its lines end, which of its two forms an ECDSA signature has, whether an RSA signature has its leading zeros, and what its file is called", "", rewrapped},
	{"the plan itself, unless a policy demands that people approve it: all that signatures and keys do not depend on", unapproved, asOtherPlan},
	{"of which earlier bundle an input is, in such a plan: the digest of its MANIFEST. That bundle, given with `--earlier`, also reveals this", laterCeremony, ofOtherBundle},
	{"a change of the site file, with what people signed of it: left out", excepted, withoutSiteChange},
	{"a change of the site file that two people may decide: told of, or left out", interruptedDay, withSiteChange},
	{"another site file, with what people signed of it, told as the one of the first day", excepted, asFirstSite},
	{"the site file itself, unless a policy demands that people approve it", "", withOtherSite},
	{"how the script was printed: with what the site file names, or with blanks", "", withBlanks},
	{"an amendment that the room decided alone and nothing that was signed shows: left out, or told of; the people whom the policy demands for MANIFEST show that, once they have signed", excepted, withoutAmendment},
	{"an amendment that people approved as one that the room decided alone, with the approvals left out", amended, asException},
	{"an amendment, with what people signed of it, told as the plan of the first day", amended, asFirstPlan},
	{"a complete ceremony as one that people abandoned, in a session that did no step", closedLater, asAbandoned},
	{"a delivered artifact, in such a ceremony, as one that is withheld because a check after its signature failed", closedLater, asWithheld},
	{"a ceremony as one that people abandoned at the beginning of its last session: with all left out that this did and signed", amended, asAbandonedEarly},
	{"what became of a key that the earlier attempt at a step made: parked on its token, or destroyed", repeated, asDestroyed},
	{"an incomplete line and files that an interruption left, or somebody put into the bundle: left out, with the files that keep them", troublesome, withoutLeftOver},
	{"what is in such a line and in such files", troublesome, withOtherLeftOver},
	{"as of which moment something was signed, where no date in it follows from that", "", asOfEarlier},
	{"which bytes people confirmed, where an interruption came before they were signed", confirmed, otherConfirmed},
	{"what lint found on such bytes; `verify` names the result", confirmed, otherFound},
	{"how the seals are signed: others of the same seal keys, over the same lines", "", func(_ *testing.T, d *desk, records []event.Record) []event.Record {
		d.seals.nonce = 1
		return records
	}},
}

// realNames leave no name of an example: hardware takes none, and verify knows.
var realNames = []string{"example.com", "acme-trust.net", "Example ", "Acme "}

// Records that the forger writes anew.
const (
	unattended     = "an unattended rehearsal"
	interruptedDay = "a ceremony that was interrupted"
	oneDay         = "a ceremony of one session"
	mistaken       = "a ceremony in which people chose the key of somebody else first"
	unapproved     = "a ceremony whose plan nobody approved"
	nearlyLocked   = "a ceremony in which two wrong PINs were entered"
	excepted       = "a ceremony with an exception of every rule"
	amended        = "a ceremony whose amendment people approved"
	repeated       = "a ceremony in which a step was repeated, and a key parked"
	troublesome    = "a ceremony in which everything happens"
	crashed        = "a ceremony that was cut off between two calls"
	confirmed      = "a ceremony that was cut off before a signature"
	closedLater    = "a ceremony that another session closed"
	laterCeremony  = "a rehearsal whose inputs are of an earlier bundle"
)

// topBit turns the first bit of bytes in base64.
func topBit(t *testing.T, text string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	b[0] ^= 0x80
	return base64.StdEncoding.EncodeToString(b)
}

// retold replaces a text in every line.
func retold(t *testing.T, records []event.Record, old, with string) []event.Record {
	t.Helper()
	for i, r := range records {
		if err := r.Encode(); err != nil {
			t.Fatal(err)
		}
		again, err := event.ParseRecord(bytes.ReplaceAll(r.Line, []byte(old), []byte(with)))
		if err != nil {
			t.Fatal(err)
		}
		records[i] = again
	}
	return records
}

const scriptPath = "plan/script.html"

// asHardware writes the site file anew, and all that follows from it.
func asHardware(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	site, _ := fastSite()
	onHardware(site)
	records = withFirstSite(t, d, records, d.preview, site)
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.CeremonyOpened:
			e.SoftwareTokens = false
			records[i].Event = e
		case event.TokenOpened:
			e.Software = false
			records[i].Event = e
		case event.PreflightChecked:
			e.Checks = slices.Clone(e.Checks)
			for j := range e.Checks {
				if e.Checks[j].Check == preflight.Placeholders {
					e.Checks[j].Level = event.PreflightRequire
				}
			}
			records[i].Event = e
		}
	}
	return records
}

// asAttended has people say what nobody said.
func asAttended(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	for i, r := range records {
		if r.How == event.Simulated {
			records[i].How = event.Stated
		}
		if e, ok := r.Event.(event.CeremonyOpened); ok {
			e.Unattended = false
			records[i].Event = e
		}
	}
	return records
}

// retoldAlways are the records of which make test tries the rows; make test-forger tries all.
var retoldAlways = []string{"", interruptedDay, oneDay}

// TestForgerRetells guards an auditor against thinking that a bundle without an anchor
// shows these things: verify accepts each, and each thing known from outside shows it.
func TestForgerRetells(t *testing.T) {
	p := quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))
	makes := map[string]func() *golden{
		"":             func() *golden { return approvedRun(t) },
		unattended:     func() *golden { return unattendedRehearsal(t, p) },
		interruptedDay: func() *golden { return stoppedOnce(t, p) },
		oneDay:         func() *golden { return inOneSession(t, p) },
		mistaken:       func() *golden { return chosenTwice(t) },
		unapproved:     func() *golden { return unapprovedRun(t, p) },
		laterCeremony:  func() *golden { return unattendedRehearsal(t, after(t, "issuing-2027")) },
		excepted:       func() *golden { return exceptional(t, "title: A fast ceremony", "title: A quick ceremony") },
		troublesome:    func() *golden { return eventful(t) },
		nearlyLocked:   func() *golden { return triedAgain(t, p) },
		repeated: func() *golden {
			g, _ := keysRedone(t, "park")
			return g
		},
		amended:     func() *golden { return amendedWithApproval(t) },
		confirmed:   func() *golden { return confirmedInVain(t, p) },
		crashed:     func() *golden { return cutBetween(t, p) },
		closedLater: func() *golden { return failedAtEnd(t, p) },
	}
	desks := map[string]*desk{}
	for _, r := range retellings {
		if !forgerAll() && !slices.Contains(retoldAlways, r.of) {
			continue
		}
		if desks[r.of] == nil {
			g := makes[r.of]()
			d, err := newDesk(t, g, g.records(t))
			if err != nil {
				t.Fatalf("%s: %v", r.of, err)
			}
			desks[r.of] = d
		}
		t.Run(r.says, func(t *testing.T) { r.try(t, *desks[r.of]) })
	}
}

// approvedRun is a ceremony that more people approved than the policy demands.
func approvedRun(t *testing.T) *golden {
	t.Helper()
	text := strings.NewReplacer("approval: none, ", "", "  - pause: ", "  - do: ").Replace(ceremonytest.TwiceText)
	g := &golden{dir: filepath.Join(t.TempDir(), "bundle"), preview: quickly(t, text, realNames...), also: []string{"ben"}}
	g.run(t, g.dir)
	g.anchors.PolicySHA256 = plan.SHA256Hex(policyFor(t, nil))
	return g
}

// after is the plan of an example that has inputs of the bundles of others.
func after(t *testing.T, example string) *plan.Preview {
	t.Helper()
	dir := ceremonytest.Examples(t)
	if err := os.CopyFS(filepath.Join(dir, "bundles"), os.DirFS(filepath.Dir(ceremonytest.GoldenBundle))); err != nil {
		t.Fatal(err)
	}
	return ceremonytest.Preview(t, filepath.Join(dir, example))
}

func unattendedRehearsal(t *testing.T, p *plan.Preview) *golden {
	t.Helper()
	o := runOptions(p, nil, filepath.Join(t.TempDir(), "bundle"))
	o.Mode, o.Approved, o.People = event.Rehearsal, nil, Simulated{}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	return &golden{dir: o.Bundle, preview: p}
}

func unapprovedRun(t *testing.T, p *plan.Preview) *golden {
	t.Helper()
	o := fastRun(t, p)
	o.People = Asked{Terminal: attendants(p.Plan.Ceremony.Window.From.Add(time.Hour))}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	return &golden{dir: o.Bundle, preview: p}
}

// triedAgain is a ceremony in which people decide to try a PIN after two wrong ones.
func triedAgain(t *testing.T, p *plan.Preview) *golden {
	t.Helper()
	o := fastRun(t, p)
	open := o.OpenToken
	o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
		if err := errors.Join(l.Refused(event.PINWrong, true), l.Refused(event.PINWrong, true), l.LastTry(token.Info{})); err != nil {
			return nil, err
		}
		return open(ctx, c, l)
	}
	o.People = Asked{Terminal: termtest.NewScript(80).On("Who entered it", termtest.Reply("alice")).On("Try another PIN", termtest.Reply("try")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	return &golden{dir: o.Bundle, preview: p}
}

// withoutLastTry leaves out what people decided about a PIN.
func withoutLastTry(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	at := slices.IndexFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.DeviationRecorded)
		return is && e.Decision == "another PIN is tried"
	})
	if at < 0 || len(records[at].By) < 2 {
		t.Fatal("nobody decided")
	}
	return slices.Delete(records, at, at+1)
}

// stoppedOnce is a ceremony that people stop between the keys of a step; another session
// goes on.
func stoppedOnce(t *testing.T, p *plan.Preview) *golden {
	t.Helper()
	o := fastRun(t, p)
	answers := 0
	stop := func(string, string) string {
		if answers++; answers > 5 {
			return "STOP"
		}
		return "done"
	}
	o.People = Asked{Terminal: termtest.NewScript(80).On("type done", stop).On("second person", termtest.Reply("STOP")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))}
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nobody stopped it")
	}
	goOn(t, o, attendants(p.Plan.Ceremony.Window.From.Add(3*time.Hour)))
	return &golden{dir: o.Bundle, preview: p}
}

// inOneSession is a ceremony of one session, with the lines of two that made and signed the same.
func inOneSession(t *testing.T, p *plan.Preview) *golden {
	t.Helper()
	g := stoppedOnce(t, p)
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	o, err := reseal(asOneSession(t, d, slices.Clone(d.records)), 0, d.plan, d.seals)
	one := &golden{dir: filepath.Join(t.TempDir(), "bundle"), preview: p, instead: d.records}
	if err := errors.Join(err, d.write(one.dir, o)); err != nil {
		t.Fatal(err)
	}
	return one
}

func (r retelling) try(t *testing.T, d desk) {
	changed := r.do(t, &d, slices.Clone(d.records))
	first := 1
	for first <= min(len(changed), len(d.records)) && bytes.Equal(encoded(t, changed[first-1]), encoded(t, d.records[first-1])) {
		first++
	}
	o, err := reseal(changed, 0, d.plan, d.seals)
	if err != nil {
		t.Fatal(err)
	}
	if planned := d.instead[event.PlanPath]; planned != nil {
		first = 1 // which has the digest of the plan
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := d.write(dir, o); err != nil {
		t.Fatal(err)
	}
	if v, problems := verified(t, dir, d.options()); v == nil || len(v.Problems) > 0 || v.IsAnchored() || len(v.Incomplete) > 0 && v.Outcome != event.OutcomeAbandoned {
		t.Fatalf("verify sees it, so it is no limit:\n%s", problems)
	}
	for _, missed := range d.anchored(t, dir, forging{line: first}, changed) {
		t.Errorf("%s does not show it", missed)
	}
}

func encoded(t *testing.T, r event.Record) []byte {
	t.Helper()
	if err := r.Encode(); err != nil {
		t.Fatal(err)
	}
	return r.Line
}
