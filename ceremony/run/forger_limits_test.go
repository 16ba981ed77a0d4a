// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// limit is a row of the table of what verify cannot see without an anchor.
type limit struct {
	says    string   // in docs/limits.md
	changes []string // patterns of what the forger does
}

func (l limit) covers(change string) bool {
	return slices.ContainsFunc(l.changes, func(pattern string) bool { return regexp.MustCompile("^(" + pattern + ")$").MatchString(change) })
}

// forgerLimits are the changes that nothing in a bundle shows. A change that can be
// found has no place here: mend verify.
var forgerLimits = []limit{
	{"what people wrote down or said: values of fields, names of clocks, notes, the texts of deviations, why a session was stopped, which digits were wrong, the seal of a device", []string{
		`step.recorded fields: change one`, `clock.attested references(\[\])?: .*`, `note.added text: .*`, `deviation.recorded (expected|happened|decision): .*`,
		`ceremony.stopped reason: .*`, `site.changed restored\[\].seal: .*`, `confirmation.refused (entered|reason|artifact|tbs_sha256|step): .*`,
	}},
	{"which of the people who are in the room answers for a line: another of them, in the same role or where none is asked for", []string{
		`.* by: another who is in the room as the same`, `(note.added|keyboard.taken|confirmation.refused|participant.arrived) by: another who is in the room as something else`,
	}},
	{"that somebody else came in whom the plan names, and answered for nothing: left out, or told of one who never came", []string{`participant.arrived: (leave out|invent) a guest`}},
	{"that somebody left and came back while nobody had to answer, and that another person who is in the room sat down at the keyboard: left out, or told of", []string{
		`participant.left: (leave out|invent) an absence`, `keyboard.taken: invent a hand-over`,
	}},
	{"a call of a token that failed and did nothing, after which the session ended: left out, or told of one that never was", []string{
		`operation.failed (find|random) none: leave out the call`, `operation.failed find: invent one before a session ends`,
	}},
	{"a search that found a key which is not used before the session ends: left out; and one that found a key: told twice", []string{
		`operation.finished find, in a step false: leave out the call`, `operation.finished find, in a step (true|false): make it twice`,
	}},
	{"the order in which a line names the people who answer for it, and a second person where one is enough", []string{
		`.* by: (swap|drop one)`, `deviation.recorded decided_by: .*`, `signature.confirmed by: swap`,
	}},
	{"a note, a deviation that no rule demands, a wrong PIN, wrong digits, a line that a module printed, that somebody left, that a session was stopped: left out, or written twice; that somebody is at the keyboard: written twice", []string{
		`keyboard.taken: double`, `(note.added|deviation.recorded|confirmation.refused|pin.refused|module.output|participant.left|ceremony.stopped): (drop|double)`,
		`deviation.recorded exception: drop second-medium`,
		`pin.refused (person|outcome|token): .*`, `module.output (line|token): .*`,
	}},
	{"the order of lines, where no rule wants one before another, and of the objects in a census", []string{`.*: swap with the next line`, `.*(census|objects).*: swap`}},
	{"a digest or a clock that was read aloud, or a head that was sealed, once more or once less than the rules demand, or is recorded as written down where people compared it with paper", []string{
		`digest.read (compared|size): .*`, `digest.read: (drop|double)`, `clock.attested: double`, `checkpoint.sealed: (drop|double)`,
	}},
	{"times, as long as they fit the window, each other, and the moments and dates of what was signed, and how long a call took", []string{
		`.* (t|mono_ms|duration_ms): .*`, `clock.attested (room|host|offset_seconds): .*`,
	}},
	{"what a module says of its token and of itself, and which libraries and variables its process had, unless the site file states it, why a call failed, which bytes came that are no signature, and what it says of a key that the key template does not ask for", []string{
		`token.opened (serial|model|manufacturer|firmware|hardware|flags|environment|libraries|module|software).*: .*`, `operation.failed (error|census|key|signature).*: .*`,
		`operation.finished key.attributes\[\].(value|state): .*`, `token.closed error: .*`,
	}},
	{"which version of the program and of its lint engines was used, and on which machine, in all lines of a session: what other versions found is not computed again, and `verify` says so", []string{
		`session.started (tool|host).*: .*`,
	}},
	{"what the program found on the host, by its clock, in folders and among the objects of devices before people were asked anything", []string{
		`preflight.checked checks\[\].(found|met): .*`, `preflight.checked: swap with the next line`,
		`preflight.checked found by (network|swap|core-dumps|legacy-tiocsti|ptrace-scope|variables|entropy|clock|bundle|journal-mirror|labels): change`,
	}},
	{"that a fresh process found a key, and a second proof of the same key", []string{`key.proved fresh: change`, `key.proved: double`, `token.restarted: (drop|double)`}},
	{"which half-written files an interruption left and the next session removed, and that it moved a file of nobody, which another may have moved", []string{`journal.recovered removed: .*`, `file.written from: drop`}},
}

// limitsPage is for auditors.
const limitsPage = "../../docs/limits.md"

// TestForgerLimits guards an auditor against a page that promises more than the forger
// found: it lists what the tables have.
func TestForgerLimits(t *testing.T) {
	data, err := os.ReadFile(limitsPage)
	if err != nil {
		t.Fatal(err)
	}
	var says, retold, late []string
	for _, l := range forgerLimits {
		says = append(says, l.says)
	}
	for _, r := range retellings {
		retold = append(retold, r.says)
	}
	for _, a := range addings {
		late = append(late, a.says)
	}
	want := withList(t, withList(t, withList(t, string(data), "forger", says), "retellings", retold), "late", late)
	if want == string(data) {
		return
	}
	if !*update {
		t.Fatalf("%s does not list what the forger found; run with -update", limitsPage)
	}
	if err := os.WriteFile(limitsPage, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// withList puts a list between the marks of its name.
func withList(t *testing.T, page, name string, items []string) string {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->\n"
	before, rest, found := strings.Cut(page, begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no part between %q and %q", limitsPage, begin, end)
	}
	var list strings.Builder
	for i, item := range items {
		list.WriteString(folded("* "+item+map[bool]string{true: ".", false: ";"}[i == len(items)-1], 88))
	}
	return before + begin + list.String() + end + after
}

// folded breaks an item of a list into lines.
func folded(item string, width int) string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(item) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = "  " + word
		default:
			line += " " + word
		}
	}
	return strings.Join(append(lines, line), "\n") + "\n"
}
