// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// mirrored begins the ceremony of two days with a second medium, up to its pause.
func mirrored(t *testing.T) (*plan.Preview, Options, string) {
	t.Helper()
	p := ceremonytest.Twice(t)
	site, memory := fastSite()
	second := filepath.Join(t.TempDir(), "second")
	site.JournalMirror = second
	return p, inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), memory), second
}

func journals(t *testing.T, bundle, second string) (first, mirror []byte) {
	t.Helper()
	first, err := os.ReadFile(filepath.Join(bundle, transcripts.JournalPath))
	if err != nil {
		t.Fatal(err)
	}
	mirror, err = os.ReadFile(filepath.Join(second, transcripts.JournalPath))
	if err != nil {
		t.Fatal(err)
	}
	return first, mirror
}

// TestMirror guards the second copy of the record: it is the same to the last
// line, also after a night, a torn line, or with a new medium.
func TestMirror(t *testing.T) {
	for name, night := range map[string]func(t *testing.T, second string){
		"nothing happens": func(*testing.T, string) {},
		"its last lines are missing and one is torn": func(t *testing.T, second string) {
			file := filepath.Join(second, transcripts.JournalPath)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, data[:len(data)*2/3], 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"a new medium takes its place": func(t *testing.T, second string) {
			if err := os.RemoveAll(second); err != nil {
				t.Fatal(err)
			}
		},
	} {
		p, o, second := mirrored(t)
		if _, err := Execute(context.Background(), p, o); err != nil {
			t.Fatal(err)
		}
		night(t, second)
		people := termtest.NewScript(80).On("Continue?", termtest.Reply("agree")).Then(attendants(p.Plan.Ceremony.Window.From.Add(5 * time.Hour)))
		o.People = Asked{Terminal: people}
		if _, err := Resume(context.Background(), o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		decided := 0
		for _, d := range events[event.DeviationRecorded](t, o.Bundle) {
			if d.Exception == event.ExceptionMedium && len(d.DecidedBy) == 2 {
				decided++
			}
		}
		if lacks := name != "nothing happens"; (decided == 1) != lacks || strings.Contains(strings.Join(strings.Fields(people.Screen()), " "), "nothing shows that no lines were cut off") != lacks {
			t.Errorf("%s: %d decisions of two people, and on the screen:\n%s", name, decided, people.Screen())
		}
		if first, mirror := journals(t, o.Bundle, second); !bytes.Equal(first, mirror) {
			t.Errorf("%s: %d and %d bytes", name, len(first), len(mirror))
		}
		mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
	}
}

// TestMirrorLost guards a ceremony against a stick that is pulled out: it goes
// on, says so, and the record holds it.
func TestMirrorLost(t *testing.T) {
	p, o, second := mirrored(t)
	writes := 0
	o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
		if call.Op != artifacttest.Write || call.Name != "journal.jsonl" {
			return nil
		}
		if writes++; writes == 62 { // each line goes to the first medium, then to the second
			return &artifacttest.Failure{Err: syscall.ENODEV}
		}
		return nil
	})
	people := attendants(p.Plan.Ceremony.Window.From.Add(time.Hour))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	first, mirror := journals(t, o.Bundle, second)
	if !bytes.HasPrefix(first, mirror) || bytes.Count(mirror, []byte("\n")) != 30 {
		t.Errorf("%d lines on the second medium", bytes.Count(mirror, []byte("\n")))
	}
	if d := events[event.DeviationRecorded](t, o.Bundle); len(d) != 1 || !strings.Contains(d[0].Happened, "the second medium failed") {
		t.Errorf("%v", d)
	}
	if !strings.Contains(people.Screen(), "THE SECOND MEDIUM FAILED") {
		t.Error("nobody was told")
	}
}

// TestMirrorDiffers guards against a record that lost lines overnight, or was
// changed: the second medium knows better, and people hear it before they name themselves.
func TestMirrorDiffers(t *testing.T) {
	p, o, second := mirrored(t)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	q, another, theirs := mirrored(t)
	another.People = Asked{Terminal: attendants(q.Plan.Ceremony.Window.From.Add(2 * time.Hour))}
	if _, err := Execute(context.Background(), q, another); err != nil {
		t.Fatal(err)
	}
	_, foreign := journals(t, another.Bundle, theirs)
	file := filepath.Join(second, transcripts.JournalPath)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	joined := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	named := 0
	for i, l := range lines {
		if bytes.Contains(l, []byte("alice")) {
			named = i + 1
			break
		}
	}
	for name, c := range map[string]struct {
		is   []byte
		says string
	}{
		"it has one line more":       {joined(data, lines[3]), fmt.Sprintf("line %d is not in this one", len(lines))},
		"a line more is torn":        {joined(data, []byte("{")), fmt.Sprintf("line %d is not in this one", len(lines))},
		"a line is another":          {bytes.Replace(data, []byte("alice"), []byte("mallo"), 1), fmt.Sprintf("line %d is another", named)},
		"of another ceremony":        {foreign, "is another"},
		"with other line ends":       {bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")), "line 1 is another"},
		"two lines are swapped":      {joined(joined(lines[:3]...), lines[4], lines[3], joined(lines[5:]...)), "line 4 is another"},
		"a line is there twice":      {joined(joined(lines[:3]...), lines[2], joined(lines[3:]...)), "line 4 is another"},
		"the first line is missing":  {joined(lines[1:]...), "line 1 is another"},
		"it ends with bytes of none": {joined(joined(lines[:3]...), make([]byte, 4)), "line 4 is another"},
	} {
		if err := os.WriteFile(file, c.is, 0o600); err != nil {
			t.Fatal(err)
		}
		people := termtest.NewScript(80)
		o.People = Asked{Terminal: people}
		var refusal *Refusal
		if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, "not a copy of the first part of this one") ||
			!strings.Contains(refusal.Reason, c.says) || people.Screen() != "" {
			t.Errorf("%s: %v, want %q\n%s", name, err, c.says, people.Screen())
		}
		if _, is := journals(t, o.Bundle, second); !bytes.Equal(is, c.is) {
			t.Errorf("%s: the second medium was written to", name)
		}
	}
	if first, _ := journals(t, o.Bundle, second); !bytes.Equal(first, data) {
		t.Error("the first medium was written to")
	}
	o.Bundle = filepath.Join(t.TempDir(), "other")
	if _, err := Execute(context.Background(), p, o); err == nil || !strings.Contains(err.Error(), "second medium") {
		t.Errorf("a medium that is in use was taken: %v", err)
	}
}

// TestMirrorLinked guards against a second copy that is none: a link to the journal is lost
// with it. Once the link is gone, the medium gets the whole record.
func TestMirrorLinked(t *testing.T) {
	p, o, second := mirrored(t)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(second, transcripts.JournalPath)
	if err := errors.Join(os.Remove(file), os.Link(filepath.Join(o.Bundle, transcripts.JournalPath), file)); err != nil {
		t.Fatal(err)
	}
	var refusal *Refusal
	if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, "is no copy but this journal itself") || !strings.Contains(refusal.Hint, "remove that link") {
		t.Fatalf("a link was taken for a copy: %v", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	goOn(t, o, termtest.NewScript(80).On("Continue?", termtest.Reply("agree")).Then(attendants(p.Plan.Ceremony.Window.From.Add(5*time.Hour))))
	if first, mirror := journals(t, o.Bundle, second); !bytes.Equal(first, mirror) {
		t.Error("the copy is not the whole record")
	}
}

// TestMirrorMissing guards a ceremony whose second copy is not there when it goes on: two
// people decide that, on the first screen, or put the medium in.
func TestMirrorMissing(t *testing.T) {
	p, o, second := mirrored(t)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	drawer := filepath.Dir(second) + "-in-the-drawer"
	if err := os.Rename(filepath.Dir(second), drawer); err != nil {
		t.Fatal(err)
	}
	resume := func(word string) (string, error) {
		people := termtest.NewScript(80).On("Continue?", termtest.Reply(word)).On("second person", termtest.Reply("STOP")).
			Then(attendants(p.Plan.Ceremony.Window.From.Add(5 * time.Hour)))
		o.People = Asked{Terminal: people}
		_, err := Resume(context.Background(), o)
		first, _, _ := strings.Cut(people.Screen(), "Who is here")
		return strings.Join(strings.Fields(first), " "), err
	}
	first, err := resume("stop")
	var stop *Stopped
	if !errors.As(err, &stop) || !strings.Contains(stop.Hint(), "put in the medium") || !strings.Contains(first, "The second medium is missing") {
		t.Fatalf("%v on %s", err, first)
	}
	if _, err := resume("agree"); err != nil {
		t.Fatal(err)
	}
	d := events[event.DeviationRecorded](t, o.Bundle)
	if last := d[len(d)-1]; last.Exception != event.ExceptionMedium || len(last.DecidedBy) != 2 || !strings.Contains(last.Happened, "missing") {
		t.Errorf("%+v", d)
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
}

// TestMirrorLacksAgain guards against a second copy that is taken away once more: that people
// decided about it in the last session does not mean that the program found it failing.
func TestMirrorLacksAgain(t *testing.T) {
	p, o, second := mirrored(t)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	resume := func(hour int, script *termtest.Script) error {
		if err := os.RemoveAll(second); err != nil {
			t.Fatal(err)
		}
		o.People = Asked{Terminal: script.On("Continue?", termtest.Reply("agree")).Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Duration(hour) * time.Hour)))}
		_, err := Resume(context.Background(), o)
		return err
	}
	var stop *Stopped
	if err := resume(3, termtest.NewScript(80).On("type done", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP"))); !errors.As(err, &stop) {
		t.Fatalf("nobody stopped it: %v", err)
	}
	if err := resume(5, termtest.NewScript(80)); err != nil {
		t.Fatal(err)
	}
	decided := 0
	for _, d := range events[event.DeviationRecorded](t, o.Bundle) {
		if d.Exception == event.ExceptionMedium && len(d.DecidedBy) == 2 {
			decided++
		}
	}
	if decided != 2 {
		t.Errorf("the second medium was taken away twice, and people decided %d times", decided)
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
}

// TestMirrorStrange guards against a second copy that can be none, such as a pipe, on which
// the program would wait for ever: it is refused before anybody is asked anything.
func TestMirrorStrange(t *testing.T) {
	p, o, second := mirrored(t)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(second, transcripts.JournalPath)
	if err := os.Rename(file, file+".kept"); err != nil {
		t.Fatal(err)
	}
	for name, replace := range map[string]func() error{
		"a pipe":            func() error { return syscall.Mkfifo(file, 0o600) },
		"a folder":          func() error { return os.Mkdir(file, 0o700) },
		"a link to nothing": func() error { return os.Symlink(filepath.Join(second, "nothing"), file) },
		"a link to a copy":  func() error { return os.Symlink(file+".kept", file) },
		"a link to the journal": func() error {
			return os.Symlink(filepath.Join(o.Bundle, transcripts.JournalPath), file)
		},
	} {
		if err := replace(); err != nil {
			t.Fatal(err)
		}
		people := termtest.NewScript(80)
		o.People = Asked{Terminal: people}
		var refusal *Refusal
		if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Hint, "under the path") && !strings.Contains(refusal.Hint, "under its path") || people.Screen() != "" {
			t.Errorf("%s: %v\n%s", name, err, people.Screen())
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMirrorFull guards people whose second medium has no room for what it lacks: they are
// told that nothing was done, and what to put in, and the ceremony goes on then.
func TestMirrorFull(t *testing.T) {
	p, o, second := mirrored(t)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	before, _ := journals(t, o.Bundle, second)
	if err := os.RemoveAll(second); err != nil {
		t.Fatal(err)
	}
	o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
		if call.Op == artifacttest.Write && call.Name == "journal.jsonl" {
			return &artifacttest.Failure{Err: syscall.ENOSPC, Short: 7}
		}
		return nil
	})
	o.People = Asked{Terminal: attendants(p.Plan.Ceremony.Window.From.Add(5 * time.Hour))}
	var refusal *Refusal
	if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Hint, "or a new one under its path") {
		t.Fatalf("%v", err)
	}
	if after, _ := journals(t, o.Bundle, second); !bytes.Equal(before, after) {
		t.Error("the refused session left lines in the record")
	}
	o.FileSystem = nil
	o.People = Asked{Terminal: termtest.NewScript(80).On("Continue?", termtest.Reply("agree")).Then(attendants(p.Plan.Ceremony.Window.From.Add(5 * time.Hour)))}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if first, mirror := journals(t, o.Bundle, second); !bytes.Equal(first, mirror) {
		t.Error("the second medium has not the whole record")
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
}
