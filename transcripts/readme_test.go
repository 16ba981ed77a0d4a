// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rootceremony/transcripts/event"
)

// commands returns the shell blocks of a README as one script.
func commands(readme string) string {
	var script strings.Builder
	for i, block := range strings.Split(readme, "```") {
		if i%2 == 1 {
			script.WriteString(strings.TrimPrefix(block, "sh\n"))
		}
	}
	return script.String()
}

// byHand runs the commands of a bundle's README in the bundle.
func byHand(t *testing.T, shell, dir, script string) (string, error) {
	t.Helper()
	cmd := exec.Command(shell, "-c", script)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func needTools(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"bash", "dash", "openssl", "jq", "cksum", "basenc", "ssh-keygen"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not on this machine", tool)
		}
	}
}

// digestLine begins with a SHA-256.
var digestLine = regexp.MustCompile(`^[0-9a-f]{64} `)

// TestReadmeCommands runs every command of README-VERIFY.md as it is written.
func TestReadmeCommands(t *testing.T) {
	needTools(t)
	for name, o := range map[string]roomOptions{"run": {}, "rehearsal": {mode: event.Rehearsal, software: true}} {
		dir, _ := makeBundle(t, o)
		readme, err := os.ReadFile(filepath.Join(dir, readmePath))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(readme)) { // people read it at a terminal
			if n := utf8.RuneCountInString(strings.TrimSpace(line)); n > 80 && !digestLine.MatchString(line) {
				t.Errorf("%s: a line of %d columns: %s", name, n, line)
			}
		}
		if first, _, _ := strings.Cut(string(readme), "\n"); strings.Contains(first, "REHEARSAL") != (o.mode == event.Rehearsal) {
			t.Errorf("%s: README begins with %q", name, first)
		}
		for _, shell := range []string{"bash", "dash"} {
			out, err := byHand(t, shell, dir, commands(string(readme)))
			if err != nil || strings.Contains(out, "PROBLEM") || !strings.Contains(out, "The record is consistent.") {
				t.Errorf("%s, %s: %v\n%s", name, shell, err, out)
			}
			if strings.Contains(out, "rror") || strings.Contains(out, "not found") {
				t.Errorf("%s, %s: something went wrong:\n%s", name, shell, out)
			}
			if n := strings.Count(out, "ok: "); n < 20 {
				t.Errorf("%s, %s: only %d checks:\n%s", name, shell, n, out)
			}
		}
	}
}

// TestReadmeCommandsRefuse forges bundles; the commands of the true README
// must notice.
func TestReadmeCommandsRefuse(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme, err := os.ReadFile(filepath.Join(dir, readmePath))
	if err != nil {
		t.Fatal(err)
	}
	for name, forge := range allForgeries(t, dir) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forged := filepath.Join(t.TempDir(), "bundle")
			if err := os.CopyFS(forged, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			forge.do(t, forged)
			script := commands(string(readme))
			if forge.in != nil {
				script = sections(string(readme), forge.in...)
			}
			out, err := byHand(t, "dash", forged, script)
			if err == nil || !strings.Contains(out, "PROBLEM") || !strings.Contains(out, "NOT CONSISTENT") {
				t.Errorf("accepted: %v\n%s", err, out)
			}
			if !strings.Contains(out, forge.byHand) {
				t.Errorf("want %q in\n%s", forge.byHand, out)
			}
		})
	}
}

// sections returns the commands of some sections, with the setup before the first and the
// result.
func sections(readme string, numbers ...string) string {
	parts := strings.Split(readme, "\n## ")
	some := parts[0]
	for _, p := range parts[1:] {
		number, _, _ := strings.Cut(p, ".")
		if slices.Contains(numbers, number) || strings.HasPrefix(p, "The result") {
			some += "\n## " + p
		}
	}
	return commands(some)
}

// evil steers a terminal and turns the order of characters.
const evil = "\x1b]0;a\x07\u202e\u009b2J"

// steering puts texts of strangers, which steer a terminal, wherever the commands or the
// shell itself could print them: names of files, statements, exhibits, values of the journal.
var steering = map[string]steeringRow{
	"a name of an artifact": {func(t *testing.T, dir string) {
		put(t, dir, "artifacts/"+evil+".der", []byte("x"))
	}, []string{"PROBLEM: there are names with other characters"}},
	"a name of a paper": {func(t *testing.T, dir string) {
		check(t, os.MkdirAll(filepath.Join(dir, "plan/approvals"), 0o755))
		put(t, dir, "plan/approvals/x\x1b[2J.paper.json.a.sig", nil)
	}, []string{"PROBLEM: there are names with other characters"}},
	"what people add": {func(t *testing.T, dir string) {
		for _, folder := range []string{"signatures", "attestations", "evidence-late"} {
			check(t, os.MkdirAll(filepath.Join(dir, folder), 0o755))
		}
		put(t, dir, "signatures/MANIFEST.eve.sig", []byte(evil))
		put(t, dir, "attestations/eve.json", []byte(`{"verdict": "agree", "text": "`+"\u202e\u009b2J\\u001b[2J"+`"}`))
		put(t, dir, "attestations/eve.json.sig", []byte(evil))
		put(t, dir, "attestations/dan.json", []byte(`{"verdict": `+evil))
		put(t, dir, "evidence-late/001.json", []byte(`{"file": "\u001b[2J`+"\u202e"+`", "external": true, "manifest_sha256": "x"}`))
		put(t, dir, "evidence-late/002.json", []byte(`{"file": "`+evil+`"`))
	}, []string{"PROBLEM: signatures/MANIFEST.eve.sig", "PROBLEM: evidence-late/001.json", "PROBLEM: jq could not read it all", "u202e"}},
	"a number of a line": steeringValue(`"seq":4,`, `"seq":"EVIL",`),
	"a session":          steeringValue(`"session":1,"step"`, `"session":"EVIL","step"`),
	"an operation":       steeringValue(`"operation":1,`, `"operation":"x/EVIL",`),
	"an algorithm":       steeringValue(`"algorithm":"ecdsa-sha`, `"algorithm":"EVIL ecdsa-sha`),
	"an artifact":        steeringValue(`"artifact":"`, `"artifact":"EVIL`),
	"a digest":           steeringValue(`.pem","sha256":"`, `.pem","sha256":"EVIL`),
	"a signature":        steeringValue(`"signature":"`, `"signature":"EVIL`),
	"a path":             steeringValue(`"path":"`, `"path":"EVIL`),
}

// steeringRow is what a stranger does, and what the commands then say.
type steeringRow struct {
	do    func(t *testing.T, dir string)
	wants []string
}

// steeringValue puts such a text into a value of the journal.
func steeringValue(from, to string) steeringRow {
	return steeringRow{func(t *testing.T, dir string) {
		replace(t, dir, JournalPath, from, strings.ReplaceAll(to, "EVIL", `\u001b[2JThe\u001b[Crecord\u001b[Cis\u001b[Cconsistent.\u001b]0;`))
	}, []string{"PROBLEM: the journal names files elsewhere, or has other values"}}
}

// TestReadmePrintsPlain guards the screen of who checks a bundle by hand. What cannot be
// read is refused, and neither the commands nor the shell print it as it is.
func TestReadmePrintsPlain(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	script := commands(string(get(t, dir, readmePath)))
	for name, row := range steering {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forged := copyOf(t, dir)
			row.do(t, forged)
			for _, shell := range []string{"bash", "dash"} {
				out, err := byHand(t, shell, forged, script)
				if at := strings.IndexFunc(out, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }); at >= 0 {
					t.Errorf("%s prints %q:\n%q", shell, out[at:min(at+20, len(out))], out)
				}
				for _, want := range append(row.wants, "NOT CONSISTENT") {
					if err == nil || !strings.Contains(out, want) {
						t.Errorf("%s: %v: %q is not in\n%s", shell, err, want, out)
					}
				}
			}
		})
	}
}

// TestReadmeErrorsPlain guards the same screen where a shell itself says what it could not
// do, whatever the commands look at: each block but that with the result has its errors
// made plain.
func TestReadmeErrorsPlain(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	const end = "} 2> \"$W/err\"; errors\n"
	script := commands(string(get(t, dir, readmePath)))
	if n := strings.Count(string(get(t, dir, readmePath)), "```sh\n") - 1; strings.Count(script, end) != n {
		t.Errorf("want %d blocks that end in %q", n, end)
	}
	script = strings.ReplaceAll(script, end, "cat < \"$(printf 'x/\\033[2J')\"; printf %d \"$(printf '\\033[2J')\"\n"+end)
	for _, shell := range []string{"bash", "dash"} {
		out, _ := byHand(t, shell, dir, script)
		if strings.Contains(out, "\x1b") || !strings.Contains(out, "x/?[2J") {
			t.Errorf("%s: want the errors without what steers a screen:\n%q", shell, out)
		}
	}
}

// TestReadmeReadsOnlyTheBundle guards an auditor without our program against a record that
// has the commands read a file elsewhere: what a journal
// or an exhibit names is looked at before it is read.
func TestReadmeReadsOnlyTheBundle(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme := string(get(t, dir, readmePath))
	v, err := Verify(dir, VerifyOptions{})
	check(t, err)
	_, err = Attach(dir, v, Exhibit{File: "scan", What: "scan", By: "dana", Added: "2026-12-02T10:00:00Z"}, strings.NewReader("scan"))
	check(t, errors.Join(err, v.Close()))
	for name, forge := range map[string]struct {
		file, old, new, wants string
		sections              []string
	}{
		"a path of an artifact above":    {JournalPath, `"path":"artifacts/`, `"path":"artifacts/../../`, "the journal names files elsewhere", []string{"2", "6", "8"}},
		"an absolute path":               {JournalPath, `"path":"artifacts/`, `"path":"OUTSIDE/artifacts/`, "the journal names files elsewhere", []string{"2", "6", "8"}},
		"a path of two lines":            {JournalPath, `"path":"artifacts/`, `"path":"artifacts/x\n../artifacts/`, "the journal names files elsewhere", []string{"2", "6", "8"}},
		"a path that is called external": {JournalPath, `"path":"artifacts/`, `"external":true,"path":"artifacts/../../`, "the journal names files elsewhere", []string{"2", "6", "8"}},
		"fields in an algorithm":         {JournalPath, `"algorithm":"ecdsa-sha`, `"algorithm":"x x x - OUTSIDE x x x ecdsa-sha`, "the journal names files elsewhere", []string{"7"}},
		"a list in a digest":             {JournalPath, `.pem","sha256":"`, `.pem","sha256":"x\nSHA256 (../outside) = `, "the journal names files elsewhere", []string{"6"}},
		"a report of lint above":         {JournalPath, `"file":"lint/`, `"file":"lint/../../`, "the journal names files elsewhere", []string{"2", "6"}},
		"signed bytes elsewhere":         {JournalPath, `"tbs":"`, `"tbs_file":"OUTSIDE","tbsx":"`, "the journal names files elsewhere", []string{"2", "6", "7"}},
		"an exhibit above":               {"evidence-late/001.json", `"file":"scan"`, `"file":"x/../../../outside"`, "evidence-late/001.json does not follow", []string{"9", "10"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			above := t.TempDir()
			forged := filepath.Join(above, "bundle")
			check(t, os.CopyFS(forged, os.DirFS(dir)))
			outside := filepath.Join(above, "outside")
			check(t, os.MkdirAll(filepath.Join(forged, "evidence-late/001-x"), 0o755))
			put(t, above, "outside", []byte("SECRET"))
			replace(t, forged, forge.file, forge.old, strings.ReplaceAll(forge.new, "OUTSIDE", outside))
			script := strings.ReplaceAll(sections(readme, forge.sections...), "rm -r \"$W\"", "grep -rl SECRET \"$W\"; rm -r \"$W\"")
			out, err := byHand(t, "dash", forged, script)
			if err == nil || !strings.Contains(out, forge.wants) {
				t.Errorf("want %q: %v\n%s", forge.wants, err, out)
			}
			if strings.Contains(out, "/tbs\n") || strings.Contains(out, "PROBLEM: evidence-late/001-x") {
				t.Errorf("a file elsewhere was read:\n%s", out)
			}
		})
	}
}
