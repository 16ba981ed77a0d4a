// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/preflight"
	"rootceremony/transcripts/event"
)

// forgedJournals write the whole record anew, sealed by the forger. Some lies
// contradict the plan, the signatures or the rules of a ceremony; others only
// paper can tell.
func forgedJournals() []mutation {
	return slices.Concat(liesOfWhatWasSaid(), liesOfPeople(), liesOfSteps(), liesOfDevices(), liesOfKeys(), liesOfSigning(), liesOfArtifacts(), liesOfApproval())
}

// lie is one of them, with what verify says of it: nothing where only an anchor can tell.
func lie(name, says string, change func([]event.Record) []event.Record) mutation {
	m := mutation{name: "forge: " + name, names: []string{says}, do: func(t *testing.T, g *golden, dir string) { g.forge(t, dir, change) }}
	if says == "" {
		m.blind, m.names = true, []string{"MANIFEST: its SHA-256 differs from the given anchor"}
	}
	return m
}

// liesOfWhatWasSaid have people say other things, or nothing but another seal.
func liesOfWhatWasSaid() []mutation {
	return []mutation{
		lie("nothing but the seal", "", nil),
		lie("another number of a bag", "", eachEvent(func(e *event.StepRecorded) {
			for name := range e.Fields {
				e.Fields = map[string]string{name: "TEB-0666"}
			}
		})),
		lie("fields that nobody planned", `the plan has no field "colour"`, eachEvent(func(e *event.StepRecorded) { e.Fields = map[string]string{"colour": "red"} })),
		lie("no fields", "was done without the field", without[event.StepRecorded]),
		lie("other clocks", "", eachEvent(func(e *event.ClockAttested) { e.References = []string{"nobody's clock", "another"} })),
		lie("no deviation", "", without[event.DeviationRecorded]),
		lie("another deviation", "", eachEvent(func(e *event.DeviationRecorded) { e.Happened = "nothing" })),
		lie("no note", "", without[event.NoteAdded]),
		lie("other words of a note", "", eachEvent(func(e *event.NoteAdded) { e.Text = "All is well." })),
		lie("the program was another", "", eachEvent(func(e *event.SessionStarted) { e.Tool.Version = "9" })),
		lie("the module said nothing", "", without[event.ModuleOutput]),
		lie("abandoned by nobody", "no deviation of this session says that two people ended the ceremony", eachEvent(func(e *event.CeremonyClosed) { e.Outcome = event.OutcomeAbandoned })),
	}
}

// liesOfPeople have others in the room than were there.
func liesOfPeople() []mutation {
	return []mutation{
		lie("another witness of the pool", "", everywhere("bob", "carol")),
		lie("nobody arrived", "is not in the room", without[event.ParticipantArrived]),
		lie("the witness is somebody else", "the plan does not name", eachEvent(func(e *event.ParticipantArrived) {
			e.Person = strings.Replace(e.Person, "bob", "mallet", 1)
		})),
		lie("the witness left before it was closed", "too few people were present: 0 of 1 as internal-witness", func(r []event.Record) []event.Record {
			at := closing(r)
			return slices.Insert(r, at, told(r[at], event.ParticipantLeft{Person: "bob"}, event.Stated, "alice"))
		}),
		lie("the witness left", "too few people", func(r []event.Record) []event.Record {
			at := slices.IndexFunc(r, func(r event.Record) bool { return r.Event.Type() == "step.started" })
			return slices.Insert(r, at, event.Record{Time: r[at].Time, Mono: r[at].Mono, How: event.Observed, Event: event.ParticipantLeft{Person: "bob"}})
		}),
	}
}

// liesOfSteps have steps at other times, or done by others.
func liesOfSteps() []mutation {
	return []mutation{
		lie("step out of order", "began before step", func(r []event.Record) []event.Record {
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
		}),
		lie("a step left out", "never done", func(r []event.Record) []event.Record {
			return slices.DeleteFunc(r, func(r event.Record) bool { return r.Step == "4" })
		}),
		lie("a step done by nobody it names", "without anybody in role", func(r []event.Record) []event.Record {
			for i := range r {
				if r[i].Event.Type() == "step.finished" && r[i].Step == "1" {
					r[i].By = []string{"bob"}
				}
			}
			return r
		}),
	}
}

// liesOfDevices have other devices, or a preflight that saw something else.
func liesOfDevices() []mutation {
	another := eachEvent(func(e *event.TokenOpened) { e.Serial = "000666" })
	all := []mutation{
		lie("another device", "check token root found", another),
		lie("another device, which the preflight saw as well", "", func(r []event.Record) []event.Record {
			return another(eachEvent(func(e *event.PreflightChecked) {
				e.Checks = slices.Clone(e.Checks)
				for i := range e.Checks {
					e.Checks[i].Found = strings.ReplaceAll(e.Checks[i].Found, `serial "REHEARSAL"`, `serial "000666"`)
				}
			})(r))
		}),
		lie("a second medium that the site file does not name", "the site file names none", func(r []event.Record) []event.Record {
			at := slices.IndexFunc(r, func(r event.Record) bool { _, ok := r.Event.(event.StepStarted); return ok })
			e := event.DeviationRecorded{Expected: "two media", Happened: "one failed", DecidedBy: []string{}, Exception: event.ExceptionMedium}
			return slices.Insert(r, at, event.Record{By: []string{}, How: event.Observed, Session: r[at].Session, Time: r[at].Time, Mono: r[at].Mono, Event: e})
		}),
		lie("no census", "were not counted", without[event.TokenCensus]),
		lie("a token never opened", "is not open", without[event.TokenOpened]),
		lie("hardware instead of software", "the site file", func(r []event.Record) []event.Record {
			return eachEvent(func(e *event.CeremonyOpened) { e.SoftwareTokens = false })(
				eachEvent(func(e *event.TokenOpened) { e.Software = false })(r))
		}),
		lie("names of an example called real ones", "check placeholders is met: true, but by the plan: false", eachEvent(func(e *event.PreflightChecked) {
			e.Checks = slices.Clone(e.Checks)
			for i := range e.Checks {
				e.Checks[i].Met = e.Checks[i].Met || e.Checks[i].Check == "placeholders"
			}
		})),
	}
	for _, check := range []string{preflight.Plan, preflight.Site, preflight.Approvals, preflight.Placeholders, preflight.Token, preflight.PIN, preflight.Login, preflight.Mechanisms} {
		all = append(all, lie("the preflight found another "+check, "check "+check, eachEvent(func(e *event.PreflightChecked) {
			e.Checks = slices.Clone(e.Checks)
			for i := range e.Checks {
				if e.Checks[i].Check == check {
					e.Checks[i].Found += "x"
				}
			}
		})))
	}
	return all
}

// liesOfKeys have keys that leave their tokens, or that nobody accepted or proved.
func liesOfKeys() []mutation {
	all := []mutation{
		lie("a key that one person accepted", "no internal-witness accepted the key", func(r []event.Record) []event.Record {
			at := slices.IndexFunc(r, func(r event.Record) bool { _, ok := r.Event.(event.StepStarted); return ok })
			e := event.DeviationRecorded{KeySHA256: strings.Repeat("0", 64), Departures: []string{"it can leave"}, DecidedBy: []string{"alice"}}
			return slices.Insert(r, at, event.Record{By: []string{"alice"}, How: event.Stated, Session: r[at].Session, Time: r[at].Time, Mono: r[at].Mono, Event: e})
		}),
		lie("keys not proved", "was not proved", without[event.KeyProved]),
	}
	for name, change := range map[string]func(*event.Key){
		"says that it can leave": func(k *event.Key) { says(k, "CKA_EXTRACTABLE", "true") },
		"says nothing of itself": func(k *event.Key) { k.Attributes = nil },
	} {
		all = append(all, lie("a key that "+name, "signed although nobody accepted its deviations", eachEvent(func(e *event.OperationFinished) {
			if e.Key != nil {
				key := *e.Key
				change(&key)
				e.Key = &key
			}
		})))
	}
	return all
}

// liesOfSigning have other bytes signed, or without what comes before a signature.
func liesOfSigning() []mutation {
	return []mutation{
		lie("not confirmed", "was not confirmed", without[event.SignatureConfirmed]),
		lie("confirmed by one", "two people", func(r []event.Record) []event.Record {
			for i := range r {
				if e, ok := r[i].Event.(event.SignatureConfirmed); ok {
					e.Digits = e.Digits[:1]
					r[i].Event, r[i].By = e, r[i].By[:1]
				}
			}
			return r
		}),
		lie("other digits", "are not those of the digest", eachEvent(func(e *event.SignatureConfirmed) { e.Digits = []string{"0000", "0000"} })),
		lie("not linted", "was not linted before", without[event.ObjectLinted]),
		lie("linted and not clear", "lint does not allow", eachEvent(func(e *event.ObjectLinted) { e.Clear = false })),
		lie("another serial number", "does not match the random bytes", eachEvent(func(e *event.SerialDrawn) {
			first := "7"
			if strings.HasPrefix(e.Serial, first) {
				first = "6"
			}
			e.Serial = first + e.Serial[1:]
		})),
		lie("another moment of signing", "do not follow from plan.json", eachEvent(func(e *event.OperationIntended) {
			if e.Moment != "" {
				e.Moment = "2026-12-02T09:00:00Z"
			}
		})),
		lie("another plan", "plan_sha256", eachEvent(func(e *event.OperationIntended) { e.PlanSHA256 = strings.Repeat("0", 64) })),
		lie("another signature", "journal/journal.jsonl", eachEvent(func(e *event.OperationFinished) {
			if e.Signature != "" {
				e.Signature = e.Signature[:8] + "AAAA" + e.Signature[12:]
			}
		})),
		lie("no signature", "journal/journal.jsonl", eachEvent(func(e *event.OperationFinished) { e.Signature = "" })),
	}
}

// liesOfArtifacts have another summary of a file, or none of its checks.
func liesOfArtifacts() []mutation {
	all := []mutation{
		lie("a summary taken away", "the summary differs from the file", eachEvent(func(e *event.ArtifactWritten) { e.Summary = nil })),
		lie("an artifact never written", "was signed but never written", without[event.ArtifactWritten]),
		lie("an artifact never checked", "was delivered without being checked", without[event.ArtifactChecked]),
		lie("a check that failed", "failed the check", eachEvent(func(e *event.ArtifactChecked) { e.Checks[0].OK = false })),
	}
	for field, change := range map[string]func(*event.Summary){
		"subject": func(s *event.Summary) { s.Subject += "x" }, "not_after": func(s *event.Summary) { s.NotAfter = "2099-01-01T00:00:00Z" },
		"status": func(s *event.Summary) { s.Status += "revoked" }, "number": func(s *event.Summary) { s.Number += "1" },
		"sha256": func(s *event.Summary) { s.SHA256 = strings.Repeat("0", 64) }, "ca": func(s *event.Summary) { s.CA = !s.CA },
	} {
		for _, encoding := range []string{event.EncodingDER, event.EncodingPEM} {
			all = append(all, lie("another "+field+" in the summary of a "+encoding+" file", "the summary differs from the file",
				eachEvent(func(e *event.ArtifactWritten) {
					if e.Encoding == encoding && e.Summary != nil {
						s := *e.Summary
						change(&s)
						e.Summary = &s
					}
				})))
		}
	}
	return all
}

// liesOfApproval have others approve the plan, or another plan.
func liesOfApproval() []mutation {
	return []mutation{
		lie("a warning of the plan taken out", "the recorded warnings are not those of plan/plan.json", eachEvent(func(e *event.PlanApproval) { e.Warnings = nil })),
		lie("a key template that lets keys leave", "what the key templates of the site file let", eachEvent(func(e *event.CeremonyOpened) { e.TemplateNotes = []string{"x"} })),
		lie("not approved", "approval events for", without[event.PlanApproval]),
		lie("approved by others", "the recorded approvals differ from the signatures", eachEvent(func(e *event.PlanApproval) { e.Approvals[0].Person = "everybody" })),
		lie("approved by nobody", "differs from plan.json", eachEvent(func(e *event.CeremonyOpened) { e.Unapproved = true })),
		lie("the script is not there", "plan/script.html", func(r []event.Record) []event.Record {
			return slices.DeleteFunc(r, func(r event.Record) bool {
				e, ok := r.Event.(event.FileLoaded)
				return ok && e.Kind == "script"
			})
		}),
	}
}
