// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/base64"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// telling changes a record; d has its files.
type telling func(d *desk, records []event.Record) []event.Record

// filing is what somebody tells of the files of the evidence, and of results of linting,
// and what verify has against it.
type filing struct {
	name, says string
	tell       telling
}

// written tells of a file of the evidence, before people wrote something down.
func written(path, kind, from string, data []byte) telling {
	return func(d *desk, records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "step.recorded" })
		if at < 0 {
			at = slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "step.finished" })
		}
		d.instead = map[string][]byte{path: data}
		return slices.Insert(records, at, told(records[at], event.FileWritten{Path: path, Kind: kind, SHA256: plan.SHA256Hex(data), Size: int64(len(data)), From: from}, event.Observed))
	}
}

// moved has the first file of the evidence of a kind lie elsewhere.
func moved(t *testing.T, kind string, to func(path string) string) telling {
	return func(d *desk, records []event.Record) []event.Record {
		for i, r := range records {
			e, is := r.Event.(event.FileWritten)
			if !is || e.Kind != kind {
				continue
			}
			d.instead = map[string][]byte{to(e.Path): read(t, d.from, e.Path)}
			d.withoutFile(e.Path)
			e.Path = to(e.Path)
			records[i].Event = e
			return records
		}
		t.Fatalf("no file of the evidence is a %s", kind)
		return nil
	}
}

func (d *desk) withoutFile(name string) {
	d.static = slices.DeleteFunc(slices.Clone(d.static), func(n string) bool { return n == name })
}

// lintedAgain tells a second time of a result of linting.
func lintedAgain(t *testing.T, stage string, also func(e *event.ObjectLinted)) telling {
	return func(d *desk, records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.ObjectLinted)
			return is && e.Stage == stage
		})
		e := records[at].Event.(event.ObjectLinted)
		data := read(t, d.from, e.File)
		e.File = strings.TrimSuffix(e.File, ".json") + ".2.json"
		if also != nil {
			also(&e)
		}
		d.instead = map[string][]byte{e.File: data}
		return slices.Insert(records, at+1, told(records[at], e, event.Observed))
	}
}

// resultCalled gives a result of linting another number.
func resultCalled(t *testing.T, number string) telling {
	return func(d *desk, records []event.Record) []event.Record {
		for i, r := range records {
			if e, is := r.Event.(event.ObjectLinted); is {
				to := strings.TrimSuffix(e.File, ".json") + number + ".json"
				d.instead = map[string][]byte{to: read(t, d.from, e.File)}
				d.withoutFile(e.File)
				e.File = to
				records[i].Event = e
				return records
			}
		}
		t.Fatal("nothing was linted")
		return nil
	}
}

// bytesElsewhere has the bytes of the first signature of an artifact in a file, and a line
// that wrote it where it has a name for that.
func bytesElsewhere(t *testing.T, path func(e event.OperationIntended) string, line bool) telling {
	return func(d *desk, records []event.Record) []event.Record {
		at := signsArtifact(records)
		e := records[at].Event.(event.OperationIntended)
		data, err := base64.StdEncoding.DecodeString(e.TBS)
		if err != nil {
			t.Fatal(err)
		}
		e.TBSFile, e.TBS = path(e), ""
		records[at].Event = e
		d.instead = map[string][]byte{e.TBSFile: data}
		if !line {
			return records
		}
		return slices.Insert(records, at, told(records[at], event.FileWritten{Path: e.TBSFile, Kind: event.KindTBS, SHA256: e.TBSSHA256, Size: int64(len(data))}, event.Observed))
	}
}

func signsArtifact(records []event.Record) int {
	return slices.IndexFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.OperationIntended)
		return is && e.What == event.WhatSign && e.Artifact != ""
	})
}

// TestForgerFiles guards readers of the evidence against a file that nobody in the room
// wrote, which the record tells of as if a ceremony had written it; and against one that
// lies where no ceremony puts it.
func TestForgerFiles(t *testing.T) {
	hello, long := []byte("hello"), bytes.Repeat([]byte("x"), event.InlineTBS+1)
	in := func(path string) func(event.OperationIntended) string {
		return func(event.OperationIntended) string { return path }
	}
	byDigest := func(e event.OperationIntended) string { return event.TBSPath(e.TBSSHA256) }
	folder := func(is string) func(string) string {
		return func(path string) string {
			return strings.Replace(path, event.LeftOverFolder+"/1/", event.LeftOverFolder+is, 1)
		}
	}
	filed(t, eventful(t), []filing{
		{"an attestation", "no signature before made such a stand-in", written("evidence/hsm-attestation.pem", event.KindStandIn, "", hello)},
		{"an attestation of its own kind", "no ceremony writes such a file", written("evidence/hsm-attestation.pem", "attestation", "", hello)},
		{"short bytes", "5 bytes are in the line of their call", written(event.TBSPath(plan.SHA256Hex(hello)), event.KindTBS, "", hello)},
		{"long bytes", "nobody confirmed these bytes in this session", written(event.TBSPath(plan.SHA256Hex(long)), event.KindTBS, "", long)},
		{"bytes with a name", "the name of such a file is that of its digest", written("evidence/tbs-x", event.KindTBS, "", long)},
		{"a line that nobody found", "this session found no incomplete line", written("evidence/journal-torn-after-000007", event.KindTornLine, "", hello)},
		{"a line of another name", "this session found no incomplete line", moved(t, event.KindTornLine, func(path string) string { return path + "0" })},
		{"a second file in the same folder", "what is found then is moved to evidence/left-over/2", written(event.LeftOverFolder+"/1/x", event.KindLeftOver, "x", hello)},
		{"a left-over elsewhere", "it lies elsewhere", written("evidence/x", event.KindLeftOver, "", hello)},
		{"a left-over in a folder of another number", "what is found then is moved to evidence/left-over/1", moved(t, event.KindLeftOver, folder("/7/"))},
		{"a left-over in a folder with a name", "which its name does not say", moved(t, event.KindLeftOver, folder("/a/"))},
		{"a left-over with a number for a name", "which its name does not say", moved(t, event.KindLeftOver, func(string) string { return event.LeftOverFolder + "/1/file-1" })},
		{"a result of a number", "the name of this result is", resultCalled(t, ".9")},
		{"a second result after a signature", "was linted after its signature already in this session", lintedAgain(t, event.StageAfterSigning, nil)},
		{"a result of what is not signed", "was not signed in this step", lintedAgain(t, event.StageBeforeSigning, func(e *event.ObjectLinted) {
			e.Stage, e.File = event.StageAfterSigning, strings.NewReplacer(".before", ".after", ".2", "").Replace(e.File)
		})},
		{"a result of no artifact", "which is no artifact of the plan", lintedAgain(t, event.StageBeforeSigning, func(e *event.ObjectLinted) {
			e.Artifact, e.File = "proof", "lint/proof.before.json"
		})},
		{"bytes of a line in a file", "bytes are in the line of their call", bytesElsewhere(t, byDigest, true)},
		{"bytes of a line in a file of nobody", "no line before wrote this file for them", bytesElsewhere(t, byDigest, false)},
		{"bytes of a line in a file with a name", "no line before wrote this file for them", bytesElsewhere(t, in("evidence/bytes.der"), true)},
	})
}

// TestForgerStandIns is TestForgerFiles for a rehearsal, which has stand-ins.
func TestForgerStandIns(t *testing.T) {
	filed(t, unattendedRehearsal(t, after(t, "private-2027")), []filing{
		{"of another input", "no signature before made such a stand-in", written(plan.StandInPath("people-cert"), event.KindStandIn, "", []byte("hello"))},
		{"of another name", "no signature before made such a stand-in", moved(t, event.KindStandIn, func(path string) string { return path + ".pem" })},
	})
}

// TestForgerLongBytes is TestForgerFiles for bytes that are too long for a line.
func TestForgerLongBytes(t *testing.T) {
	p := ceremonytest.PreviewOldCA(t, ceremonytest.WriteOldCA(t, 2200))
	g := &golden{dir: filepath.Join(t.TempDir(), "bundle"), preview: p}
	rehearsed(t, p, unsynced{}, g.dir)
	fileOf := func(records []event.Record) int {
		return slices.IndexFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.FileWritten)
			return is && e.Kind == event.KindTBS
		})
	}
	filed(t, g, []filing{
		{"in the line of their call", "and so many lie in a file", func(d *desk, records []event.Record) []event.Record {
			at, file := signsArtifact(records), fileOf(records)
			e := records[at].Event.(event.OperationIntended)
			e.TBS = base64.StdEncoding.EncodeToString(read(t, d.from, e.TBSFile))
			d.withoutFile(e.TBSFile)
			e.TBSFile = ""
			records[at].Event = e
			return slices.Delete(records, file, file+1)
		}},
		{"in a file of nobody", "no line before wrote this file for them", func(_ *desk, records []event.Record) []event.Record {
			at := fileOf(records)
			return slices.Delete(records, at, at+1)
		}},
		{"which no call is to sign", "which comes next, is not to sign these bytes", func(d *desk, records []event.Record) []event.Record {
			return withLongBytes(t, d, records, fileOf(records))
		}},
		{"after the call", "ended without a call that is to sign these bytes", func(d *desk, records []event.Record) []event.Record {
			return withLongBytes(t, d, records, 1+slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "artifact.checked" }))
		}},
	})
}

// withLongBytes tells of bytes that people confirmed, in a file, and of no call.
func withLongBytes(t *testing.T, d *desk, records []event.Record, at int) []event.Record {
	t.Helper()
	data := bytes.Repeat([]byte("x"), event.InlineTBS+1)
	digest := plan.SHA256Hex(data)
	confirmed := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "signature.confirmed" })
	e := records[confirmed].Event.(event.SignatureConfirmed)
	e.TBSSHA256, e.Digits = digest, slices.Clone(e.Digits)
	for i := range e.Digits {
		e.Digits[i] = digest[4*i : 4*i+4]
	}
	d.instead = map[string][]byte{event.TBSPath(digest): data}
	file := event.FileWritten{Path: event.TBSPath(digest), Kind: event.KindTBS, SHA256: digest, Size: int64(len(data))}
	return slices.Insert(records, at, told(records[at-1], e, records[confirmed].How, records[confirmed].By...), told(records[at-1], file, event.Observed))
}

// filed tries what somebody tells of files.
func filed(t *testing.T, g *golden, all []filing) {
	t.Helper()
	d := deskOf(t, g)
	if said := d.accepts(t, slices.Clone(d.records)); said != "" {
		t.Fatalf("the record itself: %s", said)
	}
	for _, f := range all {
		forger := *d
		if said := forger.accepts(t, f.tell(&forger, slices.Clone(d.records))); !strings.Contains(said, f.says) {
			t.Errorf("%s: verify says %q, want %q", f.name, said, f.says)
		}
	}
}

func deskOf(t *testing.T, g *golden) *desk {
	t.Helper()
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
