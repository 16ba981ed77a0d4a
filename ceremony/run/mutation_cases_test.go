// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/preflight"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// rechained changes the lines of the journal and makes numbers and links right
// again, as somebody without the seal key can.
func rechained(change func(lines []string) []string) func(t *testing.T, g *golden, dir string) {
	return func(t *testing.T, g *golden, dir string) {
		lines := change(strings.Split(strings.TrimSuffix(string(read(t, dir, transcripts.JournalPath)), "\n"), "\n"))
		prev := plan.SHA256Hex(read(t, dir, "plan/plan.json"))
		var out strings.Builder
		for i, line := range lines {
			var e map[string]any
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			e["seq"], e["prev"] = i+1, prev
			raw, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			again, err := jcs.Transform(raw)
			if err != nil {
				t.Fatal(err)
			}
			prev = plan.SHA256Hex(again)
			fmt.Fprintf(&out, "%s\n", again)
		}
		write(t, dir, transcripts.JournalPath, []byte(out.String()))
	}
}

// journalMutations drop, double, swap and edit lines of the journal, chained
// again, but not sealed again.
func journalMutations(t *testing.T, g *golden) []mutation {
	var all []mutation
	n := len(g.records(t))
	last := fmt.Sprintf("journal/checkpoints/%06d.note: ", n)
	add := func(name string, change func([]string) []string) {
		all = append(all, mutation{name: name + ", chained again", names: []string{last}, do: rechained(change)})
	}
	for at := 2; at < n; at += 4 {
		add(fmt.Sprintf("drop line %d", at+1), func(l []string) []string { return slices.Delete(l, at, at+1) })
		add(fmt.Sprintf("double line %d", at+1), func(l []string) []string { return slices.Insert(l, at, l[at]) })
		add(fmt.Sprintf("swap lines %d and %d", at, at+1), func(l []string) []string { l[at-1], l[at] = l[at], l[at-1]; return l })
	}
	for _, cut := range []int{1, 2, 3, 10, n / 2} {
		add(fmt.Sprintf("cut %d lines off", cut), func(l []string) []string { return l[:len(l)-cut] })
	}
	for _, edit := range [][2]string{
		{`"bob"`, `"carol"`}, {`"done"`, `"skipped"`}, {"TEB-0042", "TEB-0043"}, {`"clear":true`, `"clear":false`}, {`"stated"`, `"observed"`},
		{`"private"`, `"public"`}, {"wall clock", "wall watch"}, {`"mode":"run"`, `"mode":"rehearsal"`}, {`"software_tokens":true`, `"software_tokens":false`},
		{`"attempt"`, `"attempt"`},
	} {
		if edit[0] != edit[1] {
			add("edit "+edit[0], func(l []string) []string {
				for i := range l {
					if strings.Contains(l[i], edit[0]) {
						l[i] = strings.Replace(l[i], edit[0], edit[1], 1)
						break
					}
				}
				return l
			})
		}
	}
	return all
}

// eachEvent changes the events of a type.
func eachEvent[E event.Event](change func(*E)) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		for i, r := range records {
			if e, ok := r.Event.(E); ok {
				change(&e)
				records[i].Event = e
			}
		}
		return records
	}
}

// without takes the events of a type away.
func without[E event.Event](records []event.Record) []event.Record {
	return slices.DeleteFunc(records, func(r event.Record) bool { _, ok := r.Event.(E); return ok })
}

// says makes a module report another value of an attribute of a private key.
func says(k *event.Key, name, value string) {
	k.Attributes = slices.Clone(k.Attributes)
	for i, a := range k.Attributes {
		if a.Half == "private" && a.Name == name {
			k.Attributes[i].Value = value
		}
	}
}

// forgedJournals write the whole record anew, sealed by the forger. Some lies
// contradict the plan, the signatures or the rules of a ceremony; others only
// paper can tell.
func forgedJournals() []mutation {
	var all []mutation
	add := func(name, says string, change func([]event.Record) []event.Record) {
		m := mutation{name: "forge: " + name, names: []string{says}, do: func(t *testing.T, g *golden, dir string) { g.forge(t, dir, change) }}
		if says == "" {
			m.blind, m.names = true, []string{"MANIFEST: its SHA-256 differs from the given anchor"}
		}
		all = append(all, m)
	}
	add("nothing but the seal", "", nil)
	add("another number of a bag", "", eachEvent(func(e *event.StepRecorded) {
		for name := range e.Fields {
			e.Fields = map[string]string{name: "TEB-0666"}
		}
	}))
	add("fields that nobody planned", `the plan has no field "colour"`, eachEvent(func(e *event.StepRecorded) { e.Fields = map[string]string{"colour": "red"} }))
	add("no fields", "was done without the field", without[event.StepRecorded])
	add("other clocks", "", eachEvent(func(e *event.ClockAttested) { e.References = []string{"nobody's clock", "another"} }))
	another := eachEvent(func(e *event.TokenOpened) { e.Serial = "000666" })
	add("another device", "check token root found", another)
	add("another device, which the preflight saw as well", "", func(r []event.Record) []event.Record {
		return another(eachEvent(func(e *event.PreflightChecked) {
			e.Checks = slices.Clone(e.Checks)
			for i := range e.Checks {
				e.Checks[i].Found = strings.ReplaceAll(e.Checks[i].Found, `serial "REHEARSAL"`, `serial "000666"`)
			}
		})(r))
	})
	add("no deviation", "", without[event.DeviationRecorded])
	add("another deviation", "", eachEvent(func(e *event.DeviationRecorded) { e.Happened = "nothing" }))
	add("no note", "", without[event.NoteAdded])
	add("other words of a note", "", eachEvent(func(e *event.NoteAdded) { e.Text = "All is well." }))
	add("another witness of the pool", "", everywhere("bob", "carol"))
	add("the program was another", "", eachEvent(func(e *event.SessionStarted) { e.Tool.Version = "9" }))
	add("the module said nothing", "", without[event.ModuleOutput])
	for name, change := range map[string]func(*event.Key){
		"says that it can leave": func(k *event.Key) { says(k, "CKA_EXTRACTABLE", "true") },
		"says nothing of itself": func(k *event.Key) { k.Attributes = nil },
	} {
		add("a key that "+name, "signed although nobody accepted its deviations", eachEvent(func(e *event.OperationFinished) {
			if e.Key != nil {
				key := *e.Key
				change(&key)
				e.Key = &key
			}
		}))
	}
	add("a key that one person accepted", "no internal-witness accepted the key", func(r []event.Record) []event.Record {
		at := slices.IndexFunc(r, func(r event.Record) bool { _, ok := r.Event.(event.StepStarted); return ok })
		e := event.DeviationRecorded{KeySHA256: strings.Repeat("0", 64), Departures: []string{"it can leave"}, DecidedBy: []string{"alice"}}
		return slices.Insert(r, at, event.Record{By: []string{"alice"}, How: event.Stated, Session: r[at].Session, Time: r[at].Time, Mono: r[at].Mono, Event: e})
	})
	add("a second medium that the site file does not name", "the site file names none", func(r []event.Record) []event.Record {
		at := slices.IndexFunc(r, func(r event.Record) bool { _, ok := r.Event.(event.StepStarted); return ok })
		e := event.DeviationRecorded{Expected: "two media", Happened: "one failed", DecidedBy: []string{}, Exception: event.ExceptionMedium}
		return slices.Insert(r, at, event.Record{By: []string{}, How: event.Observed, Session: r[at].Session, Time: r[at].Time, Mono: r[at].Mono, Event: e})
	})
	add("abandoned by nobody", "no deviation of this session says that two people ended the ceremony", eachEvent(func(e *event.CeremonyClosed) { e.Outcome = event.OutcomeAbandoned }))
	add("no census", "were not counted", without[event.TokenCensus])
	add("nobody arrived", "is not in the room", without[event.ParticipantArrived])
	add("the witness is somebody else", "the plan does not name", eachEvent(func(e *event.ParticipantArrived) {
		e.Person = strings.Replace(e.Person, "bob", "mallet", 1)
	}))
	add("the witness left before it was closed", "too few people were present: 0 of 1 as internal-witness", func(r []event.Record) []event.Record {
		at := closing(r)
		return slices.Insert(r, at, told(r[at], event.ParticipantLeft{Person: "bob"}, event.Stated, "alice"))
	})
	add("the witness left", "too few people", func(r []event.Record) []event.Record {
		at := slices.IndexFunc(r, func(r event.Record) bool { return r.Event.Type() == "step.started" })
		return slices.Insert(r, at, event.Record{Time: r[at].Time, Mono: r[at].Mono, How: event.Observed, Event: event.ParticipantLeft{Person: "bob"}})
	})
	add("not confirmed", "was not confirmed", without[event.SignatureConfirmed])
	add("confirmed by one", "two people", func(r []event.Record) []event.Record {
		for i := range r {
			if e, ok := r[i].Event.(event.SignatureConfirmed); ok {
				e.Digits = e.Digits[:1]
				r[i].Event, r[i].By = e, r[i].By[:1]
			}
		}
		return r
	})
	add("other digits", "are not those of the digest", eachEvent(func(e *event.SignatureConfirmed) { e.Digits = []string{"0000", "0000"} }))
	add("not linted", "was not linted before", without[event.ObjectLinted])
	add("a warning of the plan taken out", "the recorded warnings are not those of plan/plan.json", eachEvent(func(e *event.PlanApproval) { e.Warnings = nil }))
	add("linted and not clear", "lint does not allow", eachEvent(func(e *event.ObjectLinted) { e.Clear = false }))
	add("another serial number", "does not match the random bytes", eachEvent(func(e *event.SerialDrawn) {
		first := "7"
		if strings.HasPrefix(e.Serial, first) {
			first = "6"
		}
		e.Serial = first + e.Serial[1:]
	}))
	add("another moment of signing", "do not follow from plan.json", eachEvent(func(e *event.OperationIntended) {
		if e.Moment != "" {
			e.Moment = "2026-12-02T09:00:00Z"
		}
	}))
	add("another plan", "plan_sha256", eachEvent(func(e *event.OperationIntended) { e.PlanSHA256 = strings.Repeat("0", 64) }))
	add("another signature", "journal/journal.jsonl", eachEvent(func(e *event.OperationFinished) {
		if e.Signature != "" {
			e.Signature = e.Signature[:8] + "AAAA" + e.Signature[12:]
		}
	}))
	add("no signature", "journal/journal.jsonl", eachEvent(func(e *event.OperationFinished) { e.Signature = "" }))
	add("keys not proved", "was not proved", without[event.KeyProved])
	add("step out of order", "began before step", func(r []event.Record) []event.Record {
		from := slices.IndexFunc(r, func(r event.Record) bool { return r.Step == "1" })
		to := from
		for r[to].Step == "1" {
			to++
		}
		moved := slices.Clone(r[from:to])
		at := slices.IndexFunc(r, func(r event.Record) bool { return r.Step == "3" && r.Event.Type() == "step.started" })
		for i := range moved {
			moved[i].Time, moved[i].Mono = r[at].Time, r[at].Mono
		}
		return slices.Delete(slices.Insert(r, at, moved...), from, to)
	})
	add("a step left out", "never done", func(r []event.Record) []event.Record {
		return slices.DeleteFunc(r, func(r event.Record) bool { return r.Step == "4" })
	})
	add("a step done by nobody it names", "without anybody in role", func(r []event.Record) []event.Record {
		for i := range r {
			if r[i].Event.Type() == "step.finished" && r[i].Step == "1" {
				r[i].By = []string{"bob"}
			}
		}
		return r
	})
	add("a token never opened", "is not open", without[event.TokenOpened])
	for field, change := range map[string]func(*event.Summary){
		"subject": func(s *event.Summary) { s.Subject += "x" }, "not_after": func(s *event.Summary) { s.NotAfter = "2099-01-01T00:00:00Z" },
		"status": func(s *event.Summary) { s.Status += "revoked" }, "number": func(s *event.Summary) { s.Number += "1" },
		"sha256": func(s *event.Summary) { s.SHA256 = strings.Repeat("0", 64) }, "ca": func(s *event.Summary) { s.CA = !s.CA },
	} {
		for _, encoding := range []string{event.EncodingDER, event.EncodingPEM} {
			add("another "+field+" in the summary of a "+encoding+" file", "the summary differs from the file",
				eachEvent(func(e *event.ArtifactWritten) {
					if e.Encoding == encoding && e.Summary != nil {
						s := *e.Summary
						change(&s)
						e.Summary = &s
					}
				}))
		}
	}
	add("a summary taken away", "the summary differs from the file", eachEvent(func(e *event.ArtifactWritten) { e.Summary = nil }))
	add("an artifact never written", "was signed but never written", without[event.ArtifactWritten])
	add("an artifact never checked", "was delivered without being checked", without[event.ArtifactChecked])
	add("a check that failed", "failed the check", eachEvent(func(e *event.ArtifactChecked) { e.Checks[0].OK = false }))
	add("hardware instead of software", "the site file", func(r []event.Record) []event.Record {
		return eachEvent(func(e *event.CeremonyOpened) { e.SoftwareTokens = false })(
			eachEvent(func(e *event.TokenOpened) { e.Software = false })(r))
	})
	add("names of an example called real ones", "check placeholders is met: true, but by the plan: false", eachEvent(func(e *event.PreflightChecked) {
		e.Checks = slices.Clone(e.Checks)
		for i := range e.Checks {
			e.Checks[i].Met = e.Checks[i].Met || e.Checks[i].Check == "placeholders"
		}
	}))
	for _, check := range []string{preflight.Plan, preflight.Site, preflight.Approvals, preflight.Placeholders, preflight.Token, preflight.PIN, preflight.Login, preflight.Mechanisms} {
		add("the preflight found another "+check, "check "+check, eachEvent(func(e *event.PreflightChecked) {
			e.Checks = slices.Clone(e.Checks)
			for i := range e.Checks {
				if e.Checks[i].Check == check {
					e.Checks[i].Found += "x"
				}
			}
		}))
	}
	add("a key template that lets keys leave", "what the key templates of the site file let", eachEvent(func(e *event.CeremonyOpened) { e.TemplateNotes = []string{"x"} }))
	add("not approved", "approval events for", without[event.PlanApproval])
	add("approved by others", "the recorded approvals differ from the signatures", eachEvent(func(e *event.PlanApproval) { e.Approvals[0].Person = "everybody" }))
	add("approved by nobody", "differs from plan.json", eachEvent(func(e *event.CeremonyOpened) { e.Unapproved = true }))
	add("the script is not there", "plan/script.html", func(r []event.Record) []event.Record {
		return slices.DeleteFunc(r, func(r event.Record) bool {
			e, ok := r.Event.(event.FileLoaded)
			return ok && e.Kind == "script"
		})
	})
	return all
}

// forgedPeople change who approved and who signed, with a record that fits.
func forgedPeople(t *testing.T) []mutation {
	pl := func(who string, n approval.Namespace) func(t *testing.T, g *golden) []byte {
		return func(t *testing.T, g *golden) []byte { return signature(t, who, n, g.preview.Canonical) }
	}
	var all []mutation
	add := func(name, file, says string, data func(t *testing.T, g *golden) []byte) {
		all = append(all, mutation{name: "approval: " + name, names: []string{says}, do: func(t *testing.T, g *golden, dir string) {
			g.replaced(t, dir, file, data(t, g))
		}})
	}
	const ann, cat = "plan/approvals/plan.json.ann.sig", "plan/approvals/plan.json.cat.sig"
	const demands = "the approvals do not meet the policy"
	add("wrong namespace", ann, demands, pl("ann", approval.ManifestDeclaration))
	add("somebody the policy does not know", ann, demands, pl("eve", approval.PlanApproval))
	add("the same person twice", ann, demands, pl("cat", approval.PlanApproval))
	add("the same person with another key", cat, demands, pl("ann, second key", approval.PlanApproval))
	add("the auditor instead", ann, demands, pl("dana", approval.PlanApproval))
	add("nobody touched the device", cat, demands, pl("cat, untouched", approval.PlanApproval))
	add("over another plan", ann, demands, func(t *testing.T, g *golden) []byte {
		return signature(t, "ann", approval.PlanApproval, append([]byte(" "), g.preview.Canonical...))
	})
	add("no signature at all", ann, demands, func(*testing.T, *golden) []byte { return []byte("x") })
	const profile = "plan/approvals/example-root.profile.json.ann.sig"
	resolved := func(who string, n approval.Namespace) func(t *testing.T, g *golden) []byte {
		return func(t *testing.T, g *golden) []byte {
			return signature(t, who, n, read(t, g.dir, "plan/profiles/example-root.profile.json"))
		}
	}
	add("of a profile, as that of a plan", profile, demands, resolved("ann", approval.PlanApproval))
	add("of a profile, the same person twice", profile, demands, resolved("cat", approval.ProfileApproval))
	add("of a profile, over another one", profile, demands, func(t *testing.T, g *golden) []byte {
		return signature(t, "ann", approval.ProfileApproval, read(t, g.dir, "plan/profiles/example-root-crl.profile.json"))
	})
	add("a profile that says something else", "plan/profiles/example-root.profile.json", "it differs from the resolved profile", func(t *testing.T, g *golden) []byte {
		return []byte(strings.Replace(string(read(t, g.dir, "plan/profiles/example-root.profile.json")), `"critical":true`, `"critical":false`, 1))
	})
	for _, gone := range []string{ann, profile} {
		all = append(all, mutation{name: "approval: gone is " + gone, names: []string{demands}, do: func(t *testing.T, g *golden, dir string) {
			if err := os.Remove(filepath.Join(dir, gone)); err != nil {
				t.Fatal(err)
			}
			g.forge(t, dir, func(r []event.Record) []event.Record {
				return slices.DeleteFunc(r, func(r event.Record) bool {
					e, ok := r.Event.(event.FileLoaded)
					return ok && e.Path == gone
				})
			})
		}})
	}
	for name, change := range map[string]func(*approval.Draft){
		"a lower threshold": func(d *approval.Draft) { d.Roles[0].Threshold = 1 },
		"a person more": func(d *approval.Draft) {
			d.People = append(d.People, personOf(t, "eve"))
			d.Roles[0].Members = append(d.Roles[0].Members, "eve")
		},
		"the version before": func(d *approval.Draft) { d.Version, d.Previous = 1, "" },
		"the version after":  func(d *approval.Draft) { d.Version = 3 },
		"a key more":         func(d *approval.Draft) { d.People[1].Keys = append(d.People[1].Keys, personOf(t, "eve").Keys...) },
		"nobody need sign":   func(d *approval.Draft) { d.Rules = slices.Delete(d.Rules, 1, 2) },
		"it expired":         func(d *approval.Draft) { d.Expires = d.Expires.AddDate(-2, 0, 0) },
		"no separation":      func(d *approval.Draft) { d.Separation = nil },
	} {
		all = append(all, mutation{name: "policy: " + name, names: []string{"trust/policy.json"}, do: func(t *testing.T, g *golden, dir string) {
			g.replaced(t, dir, plan.PolicyPath, policyFor(t, change))
		}})
	}
	return slices.Concat(all, forgedSignatures())
}
