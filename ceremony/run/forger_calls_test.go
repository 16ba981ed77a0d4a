// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// refusing is a token of which one signature fails.
type refusing struct {
	token.Token
	calls *int
	at    int
}

func (f refusing) Sign(ctx context.Context, h token.Handle, alg algorithm.Signature, message []byte) ([]byte, error) {
	if *f.calls++; *f.calls == f.at {
		return nil, errTired
	}
	return f.Token.Sign(ctx, h, alg, message)
}

// withFailedCall is a ceremony in which the token does not give one of its signatures, and
// another session goes on.
func withFailedCall(t *testing.T, at int) *golden {
	t.Helper()
	p := quickly(t, onceFast)
	o := fastRun(t, p)
	opens, calls := o.OpenToken, 0
	o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
		k, err := opens(ctx, c, l)
		return refusing{k, &calls, at}, err
	}
	o.People = Asked{Terminal: attendants(p.Plan.Ceremony.Window.From.Add(time.Hour))}
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nothing failed")
	}
	o.OpenToken = opens
	goOn(t, o, attendants(p.Plan.Ceremony.Window.From.Add(3*time.Hour)).On("Sign the same bytes again", termtest.Reply("again")))
	return &golden{dir: o.Bundle, preview: p}
}

// failedCall changes the call of a signature that failed.
func failedCall(change func(e *event.OperationIntended)) telling {
	return func(_ *desk, records []event.Record) []event.Record {
		for i, r := range records {
			if _, failed := records[min(i+1, len(records)-1)].Event.(event.OperationFailed); !failed {
				continue
			}
			if e, is := r.Event.(event.OperationIntended); is && e.What == event.WhatSign {
				change(&e)
				records[i].Event = e
			}
		}
		return records
	}
}

// otherMoments spells the moments of all signatures in another way.
func otherMoments(spell func(is time.Time) string) telling {
	return func(_ *desk, records []event.Record) []event.Record {
		for i, r := range records {
			if e, is := r.Event.(event.OperationIntended); is {
				if moment, err := time.Parse(time.RFC3339, e.Moment); err == nil {
					e.Moment = spell(moment)
					records[i].Event = e
				}
			}
		}
		return records
	}
}

// waivedElsewhere tells of engines that this program does not have, with a finding that
// somebody accepted.
func waivedElsewhere(_ *desk, records []event.Record) []event.Record {
	engines := map[string]string{"ceremony": "2020-01-01"}
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.SessionStarted:
			e.Tool.Linters = engines
			records[i].Event = e
		case event.ObjectLinted:
			e.Engines = engines
			e.Findings = append(slices.Clone(e.Findings), event.Finding{Rule: "e_ca_key_usage_missing", Status: "error", Details: "no keyUsage", Citation: "BR 7.1.2",
				Waived: &event.Waiver{Reason: "an old device", Citation: "BR 7.1.2", Approver: "mallet", Expires: "2030-01-01"}})
			records[i].Event = e
		}
	}
	return records
}

// TestForgerCalls guards an auditor against calls that gave no signature and are told
// otherwise: what a key was to sign follows from the plan, and so do a moment and a waiver.
func TestForgerCalls(t *testing.T) {
	otherBytes := func(e *event.OperationIntended) {
		data := []byte("a request of mallet")
		e.TBS, e.TBSSHA256 = base64.StdEncoding.EncodeToString(data), plan.SHA256Hex(data)
	}
	noMoment := func(e *event.OperationIntended) { e.Moment = "" }
	filed(t, withFailedCall(t, 1), []filing{
		{"a proof of other bytes", "do not follow from plan.json", failedCall(otherBytes)},
		{"a proof of another key", "unknown purpose", failedCall(func(e *event.OperationIntended) { e.For = "ca" })},
		{"a proof as a stand-in", "unknown purpose", failedCall(func(e *event.OperationIntended) { e.Purpose, e.For = event.PurposeStandIn, "x" })},
		{"a proof as of no moment", "is not a call that the plan has", failedCall(noMoment)},
		{"moments in another zone", "moment: ", otherMoments(func(is time.Time) string {
			return is.In(time.FixedZone("", 7200)).Format(time.RFC3339)
		})},
		{"moments with milliseconds", "moment: ", otherMoments(func(is time.Time) string {
			return is.Format("2006-01-02T15:04:05.000Z")
		})},
		{"a waiver that the plan has not", "is recorded as accepted by mallet, and the plan has no such waiver", waivedElsewhere},
	})
	filed(t, withFailedCall(t, 3), []filing{
		{"an artifact as of no moment", "is not a call that the plan has", failedCall(noMoment)},
	})
}

// confirming tells of a confirmation, after the first one where more is true, or in its
// place.
func confirming(more bool, table bool, rows func(e event.SignatureConfirmed) []event.Confirmed) telling {
	return func(_ *desk, records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.SignatureConfirmed)
			return is && (len(e.Table) > 0) == table
		})
		was := records[at].Event.(event.SignatureConfirmed)
		e := event.SignatureConfirmed{Table: rows(was)}
		digest := event.TableSHA256(e.Table)
		if len(e.Table) == 1 && more {
			e.Artifact, e.TBSSHA256, e.Table, digest = e.Table[0].Artifact, e.Table[0].TBSSHA256, nil, e.Table[0].TBSSHA256
		}
		for i := range was.Digits {
			e.Digits = append(e.Digits, digest[4*i:4*i+4])
		}
		is := records[at]
		is.Event = e
		if more {
			return slices.Insert(records, at, is)
		}
		records[at] = is
		return records
	}
}

// TestForgerConfirms guards people who confirmed signatures against a record in which they
// confirmed others.
func TestForgerConfirms(t *testing.T) {
	const other = "the plan has people confirm other signatures in this step, or in another table"
	rogue := func(artifact string) event.Confirmed {
		return event.Confirmed{Artifact: artifact, TBSSHA256: strings.Repeat("ab", 32)}
	}
	filed(t, unattendedRehearsal(t, after(t, "private-2027")), []filing{
		{"of no artifact", other, confirming(true, false, func(event.SignatureConfirmed) []event.Confirmed { return []event.Confirmed{rogue("rogue-cert")} })},
		{"of other bytes", "which comes next, is another one", confirming(true, false, func(e event.SignatureConfirmed) []event.Confirmed {
			return []event.Confirmed{rogue(e.Artifact)}
		})},
		{"alone, as a table", other, confirming(false, false, func(e event.SignatureConfirmed) []event.Confirmed {
			return []event.Confirmed{{Artifact: e.Artifact, TBSSHA256: e.TBSSHA256}}
		})},
		{"a row more", other, confirming(false, true, func(e event.SignatureConfirmed) []event.Confirmed {
			return append(slices.Clone(e.Table), rogue("rogue-cert"))
		})},
	})
}

// asOfEarlier has the root signed as of a second before: no date in it follows from the time.
func asOfEarlier(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	at := slices.IndexFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.OperationIntended)
		return is && e.Artifact == "root-cert"
	})
	began := at
	for records[began].Event.Type() != "step.started" {
		began--
	}
	earlier := func(e event.OperationIntended, by time.Duration) event.OperationIntended {
		moment, err := time.Parse(time.RFC3339, e.Moment)
		if err != nil {
			t.Fatal(err)
		}
		e.Moment = plan.Stamp(moment.Add(-by))
		return e
	}
	for i, r := range records {
		if i > began {
			records[i].Mono += 2 * time.Second
			continue
		}
		records[i].Time = r.Time.Add(-2 * time.Second)
		if e, is := r.Event.(event.OperationIntended); is && e.Moment != "" {
			records[i].Event = earlier(e, 2*time.Second)
		}
	}
	records[at].Event = earlier(records[at].Event.(event.OperationIntended), time.Second)
	return records
}

// withOtherLeftOver has other bytes in an incomplete line and in the files of nobody.
func withOtherLeftOver(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	changed := 0
	for i, r := range records {
		e, is := r.Event.(event.FileWritten)
		if !is || e.Kind != event.KindTornLine && e.Kind != event.KindLeftOver {
			continue
		}
		records = d.replace(t, records, e.Path, []byte(strings.Repeat("x", int(e.Size)+1)))
		e, _ = records[i].Event.(event.FileWritten)
		e.Size++
		records[i].Event = e
		for j, r := range records {
			if found, is := r.Event.(event.JournalRecovered); is && found.TornFile == e.Path {
				found.TornBytes++
				records[j].Event = found
			}
		}
		changed++
	}
	if changed < 2 {
		t.Fatalf("%d files were left", changed)
	}
	return records
}

// confirmedInVain is a ceremony that is cut off after people confirmed the first signature
// that makes an artifact, and before the call.
func confirmedInVain(t *testing.T, p *plan.Preview) *golden {
	t.Helper()
	whole := unapprovedRun(t, p)
	before := signsArtifact(whole.records(t))
	o := fastRun(t, p)
	lines := 0
	o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
		if call.Op == artifacttest.Write && call.Name == "journal.jsonl" {
			if lines++; lines > before {
				panic(errPower)
			}
		}
		return nil
	})
	o.People = Asked{Terminal: attendants(p.Plan.Ceremony.Window.From.Add(time.Hour))}
	if gone, err := powerGoes(func() (*Result, error) { return Execute(context.Background(), p, o) }); !gone {
		t.Fatalf("the power did not go: %v", err)
	}
	o.Bundle, o.FileSystem = disk(t, o.Bundle), nil
	goOn(t, o, attendants(p.Plan.Ceremony.Window.From.Add(3*time.Hour)))
	return &golden{dir: o.Bundle, preview: p}
}

// otherConfirmed has people confirm other bytes, which were not signed then.
func otherConfirmed(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "signature.confirmed" })
	if next := records[at+1].Event.Type(); next != "session.started" {
		t.Fatalf("%s follows", next)
	}
	e := records[at].Event.(event.SignatureConfirmed)
	e.TBSSHA256, e.Digits = otherText("0"+e.TBSSHA256[1:]), slices.Clone(e.Digits)
	for i := range e.Digits {
		e.Digits[i] = e.TBSSHA256[4*i : 4*i+4]
	}
	records[at].Event = e
	return records
}

// otherFound has lint find otherwise what people confirmed and nobody signed then.
func otherFound(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "object.linted" })
	e := records[at].Event.(event.ObjectLinted)
	data := bytes.Replace(read(t, d.from, e.File), []byte(`"not_applicable":`), []byte(`"not_applicable":1`), 1)
	d.instead = map[string][]byte{e.File: data}
	d.withoutFile(e.File)
	e.SHA256 = plan.SHA256Hex(data)
	records[at].Event = e
	return records
}
