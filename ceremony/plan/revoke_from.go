// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rootceremony/internal/foreign"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// RevokedFrom is a file that says what a CRL revokes.
type RevokedFrom struct {
	Path    string `json:"path"`
	SHA256  string `json:"sha256"`
	Entries int    `json:"entries"`
}

// kindRevocations is what a plan calls such a file.
const kindRevocations = "revocations"

// revocationHeader is the first line of such a file.
const revocationHeader = "serial,date,reason"

// mostRowErrors bounds what is said of one file: one mistake may be on every line.
const mostRowErrors = 20

// revocationsFrom adds what a file lists: too many to be written into a step.
func (l *loader) revocationsFrom(a *Artifact, li *listing, pl *places) {
	n := pl.fields["revoke-from"]
	if !n.Present() {
		return
	}
	m := n.Map()
	file := m.Need("csv")
	m.Close()
	name := file.Text()
	if name == "" {
		return
	}
	data, err := l.files.Read(name)
	if err != nil {
		file.FailHint("name a file beside the ceremony file, with the columns "+revocationHeader, "%v", err)
		return
	}
	l.addFile(File{Path: name, Kind: kindRevocations, Name: a.ID + ".csv"}, data)
	t := &revocationTable{file: l.display(name), name: name, li: li, lines: map[profiles.Serial]int{}}
	if at, err := moment(pl.fields["this-update"]).At(l.Plan.Ceremony.Window.From); err == nil {
		t.until = at
	}
	if ca := l.inputCert(a.Issuer); ca != nil {
		t.since = ca.NotBefore.Time
	}
	t.read(data)
	l.extra = append(l.extra, t.errs...)
	l.listWarnings = append(l.listWarnings, t.warnings()...)
	a.RevokedFrom = &RevokedFrom{Path: name, SHA256: SHA256Hex(data), Entries: len(t.lines)}
}

// revocationTable reads lines of serial number, date and reason.
type revocationTable struct {
	file, name string // for people, and as the ceremony file has it
	li         *listing
	lines      map[profiles.Serial]int // where each serial number is
	errs       source.Errors
	skipped    int       // lines before the header
	since      time.Time // when the CA began
	until      time.Time // thisUpdate, if signed when the window begins; zero where it is not known
	odd        oddRows
}

func (t *revocationTable) read(data []byte) {
	data, skipped, converted := foreign.Convert(data)
	if converted != nil {
		t.fail(1, 1, "", "%v", foreign.Named(converted, t.name))
	}
	t.skipped = skipped
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if header := strings.TrimSuffix(lines[0], "\r"); header != revocationHeader {
		if e := foreign.Table(data); e != nil {
			t.fail(1, 1, "", "%v", foreign.Named(e, t.name))
			return
		}
		t.fail(1+t.skipped, 1, "write "+revocationHeader, "the first line is %.60q, and not the header", header)
		return
	}
	if len(lines) == 1 {
		t.fail(2+t.skipped, 1, "take revoke-from: out of the step", "the file lists nothing")
	}
	for i, line := range lines[1:] {
		t.row(i+2+t.skipped, strings.TrimSuffix(line, "\r"))
		if len(t.errs) >= mostRowErrors {
			t.fail(i+2+t.skipped, 1, "", "more problems in this file are not shown")
			return
		}
	}
}

// row reads one line. Columns are counted from 1.
func (t *revocationTable) row(n int, line string) {
	fields := strings.Split(line, ",")
	if strings.Trim(line, ", ") == "" {
		t.fail(n, 1, "remove it", "the line is empty")
		return
	}
	if number := roundedOff.FindString(line); number != "" {
		t.fail(n, 1, "take the serial number from the records of the CA", "a spreadsheet has rounded the serial number to %s, and its digits are lost", strings.TrimSuffix(number, ","))
		return
	}
	if len(fields) != 3 {
		t.fail(n, 1, "write "+revocationHeader+" on each line, without quotation marks and spaces", "%d columns in place of three", len(fields))
		return
	}
	before := len(t.errs)
	serial, date, reason := t.entry(n, fields)
	if len(t.errs) > before || !t.isNew(n, serial) {
		return
	}
	if !t.until.IsZero() && date.After(t.until) {
		t.fail(n, len(fields[0])+2, "correct the date, or sign later", "%q is after thisUpdate, %s", fields[1], profiles.FixedMoment(t.until))
		return
	}
	t.lines[serial] = n
	t.odd.look(n, fields[0], date, t.since)
	e := profiles.RevokedEntry{Serial: serial, Date: profiles.FixedMoment(date), Reason: reason, Listed: true}
	t.li.withDelta(&e)
	t.li.entries = append(t.li.entries, e)
}

// entry reads the three columns of a line.
func (t *revocationTable) entry(n int, fields []string) (profiles.Serial, time.Time, profiles.Reason) {
	atDate, atReason := len(fields[0])+2, len(fields[0])+len(fields[1])+3
	serial, ok := profiles.SerialFromHex(fields[0])
	if !ok {
		t.fail(n, 1, digitsOf(fields[0]), "%s", notSerial(fields[0]))
	}
	date, err := time.Parse("2006-01-02T15:04:05Z", fields[1])
	switch {
	case err != nil:
		t.fail(n, atDate, "write the time in UTC, with whole seconds: 2027-03-01T08:00:00Z", "%q is not a time", fields[1])
	case date.Year() < 1950:
		t.fail(n, atDate, "", "%q is before 1950", fields[1])
	}
	reason := profiles.Reason(fields[2])
	if reason == noReason {
		reason = ""
	} else if !slices.Contains(certifiedReasons, reason) && (reason != profiles.CertificateHold || !t.li.heldByDelta(serial)) {
		t.fail(n, atReason, meant(fields[2]), "unknown reason %q", fields[2])
	}
	return serial, date, reason
}

// isNew says where else a certificate is revoked.
func (t *revocationTable) isNew(n int, serial profiles.Serial) bool {
	step, twice := t.li.fresh[serial]
	switch at := t.li.before[serial]; {
	case t.lines[serial] > 0:
		t.fail(n, 1, "", "serial number %s is in line %d, too", serial, t.lines[serial])
	case twice:
		t.fail(n, 1, "remove one of the two", "serial number %s is revoked twice: %s revokes it, too", serial, step.Pos())
	case len(at) > 0:
		e := &t.li.entries[at[0]]
		t.fail(n, 1, "remove the line: the entry is carried over; or write under change: "+changeLine(bySerial(e), e, "now: {date: …, reason: …}"), "the previous CRL already revokes serial number %s", serial)
	default:
		return true
	}
	return false
}

// meant says which reason a word of RFC 5280, or one in capitals, is here, or which there
// are.
func meant(word string) string {
	letters := func(s string) string {
		return strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(s))
	}
	known := append(words(certifiedReasons), noReason)
	for _, r := range known {
		if letters(r) == letters(word) || strconv.Itoa(profiles.Reason(r).Code()) == word && r != noReason {
			return "write " + r
		}
	}
	switch letters(word) {
	case "unspecified", "", "0":
		return "write " + noReason + ", which means the same (RFC 5280 5.3.1)"
	case "certificatehold", "holdinstruction", "6":
		return "leave the certificate out, or revoke it with another reason: a list puts none on hold, and keeps what a later delta CRL among the inputs has on hold, as certificate-hold"
	}
	return "one of: " + strings.Join(known, ", ")
}

func (t *revocationTable) fail(line, column int, hint, format string, args ...any) {
	t.errs = append(t.errs, &source.Error{Pos: source.Pos{File: t.file, Line: line, Column: column}, Msg: fmt.Sprintf(format, args...), Hint: hint})
}
