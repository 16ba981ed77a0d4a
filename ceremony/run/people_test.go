// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/term"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// TestWordsAtQuestions guards people who type a word of the room in the middle of
// something: only that question is asked again, and what they said before stays.
func TestWordsAtQuestions(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	people := termtest.NewScript(80).High(14).
		Once("Name of the second clock", termtest.Reply("Wall Clock")).Once("Name of the second clock", termtest.Reply("HELP")).
		Once("Name of the second clock", termtest.Reply("16:05")).Once("Name of the second clock", termtest.Reply("back")).
		Once("Who is at the keyboard", termtest.Reply("back")).
		Once("type done", termtest.Reply("help")).Once("type done", termtest.Reply("SHOW")).Once("MORE (1 of 2), press", termtest.Reply("")).Once("MORE (1 of 2), press", termtest.Reply("")).
		Once("Time now", termtest.Reply("HELP")).
		Once("MORE (2 of", termtest.Reply("HELP")).On("MORE", termtest.Reply("")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	screen := people.Screen()
	for text, want := range map[string]int{
		"Name of the first clock: ": 2, "Name of the second clock: ": 5, "Time now, UTC": 2,
		`"Wall Clock" is the first clock; type the name of another one`: 1,
		`"16:05" is a time; type what the clock is called`:              1, "CLOCK reads": 1,
	} {
		if n := strings.Count(screen, text); n != want {
			t.Errorf("%q is asked or said %d times, want %d", text, n, want)
		}
	}
	_, again, _ := strings.Cut(screen, "type done when it is done: help\n")
	again, shown, _ := strings.Cut(again, "type done when it is done: SHOW\n")
	if digest := plan.Groups(hex.EncodeToString(p.Digest[:])); strings.Count(again, digest) != 1 || !strings.Contains(again, wordLines(p.Digest[:])) ||
		!strings.Contains(again, "SHA-256 of the plan") || strings.Count(shown, digest) != 2 || !strings.Contains(shown, p.Plan.Ceremony.Title) {
		t.Errorf("after HELP comes:\n%s\nand after SHOW:\n%.2000s", again, shown)
	}
	before, after, _ := strings.Cut(screen, ", press Enter: HELP\n")
	page := before[strings.LastIndex(before, ", press Enter: \n")+len(", press Enter: \n"):]
	if again, _, _ = strings.Cut(after, ", press Enter: "); !strings.HasSuffix(again, "\n"+page) || strings.Contains(again, "MORE (1 of") {
		t.Errorf("after HELP at the second page comes:\n%s\nwant it again:\n%s", again, page)
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
}

// TestOneAfterTheOther guards a role of several people, who are named in one line or one
// after the other, and a name that was wrong.
func TestOneAfterTheOther(t *testing.T) {
	role := plan.Role{Role: "witness", Need: 2, Of: []string{"bob", "carol", "dan"}}
	people := termtest.NewScript(80)
	words(people, "Who is here as witness? (2 of bob, carol, dan)", "BACK", "bob", "dan")
	words(people, "Who else is here as witness? (1 of carol, dan)", "HELP", "bob", "back")
	words(people, "Who else is here as witness? (1 of bob, carol)", "carol")
	r := &room{session: &session{o: &Options{People: Asked{Terminal: people}}}}
	here, err := r.roll(role)
	if err != nil || strings.Join(here, " ") != "dan carol" || !strings.Contains(people.Screen(), `"bob" is named already`) {
		t.Errorf("%q, %v:\n%s", here, err, people.Screen())
	}
}

// TestUnsignedAtTheEnd guards people who find out when all is signed that the policy asks
// for the signature of somebody who was not in the room.
func TestUnsignedAtTheEnd(t *testing.T) {
	policy := policyFor(t, func(*approval.Draft) {})
	r := &room{session: &session{o: &Options{Policy: policy}}, state: &state{Builder: &plan.Builder{Loaded: &plan.Loaded{Plan: &plan.Plan{People: []plan.Role{
		{Role: "administrator", Of: []string{"ann", "tom"}}, {Role: "internal-witness", Of: []string{"ben"}},
	}}}}}}
	if got := r.unsigned([]string{"tom", "ben"}); len(got) != 1 || !strings.HasPrefix(got[0], "AT THE END 1 of ann sign the manifest") {
		t.Errorf("without ann people read %q", got)
	}
	if got := r.unsigned([]string{"ann", "ben"}); got != nil {
		t.Errorf("with all of them people read %q", got)
	}
	if r.state.Plan.People = []plan.Role{{Of: []string{"tom"}}}; r.unsigned([]string{"tom"}) != nil {
		t.Error("a policy with other names says who is here")
	}
	if r.o.Policy = nil; r.unsigned(nil) != nil {
		t.Error("without a policy it asks for signatures")
	}
}

// slowPeople take ten minutes to find a clock.
type slowPeople struct {
	Asked
	clock hostClock
	typed time.Duration // when they typed the time
}

func (s *slowPeople) Clock(before []string) (string, error) {
	*s.clock.mono += 10 * time.Minute
	return s.Asked.Clock(before)
}

func (s *slowPeople) RoomTime(host time.Time, w plan.Window) (time.Time, error) {
	defer func() { s.typed = *s.clock.mono }()
	return s.Asked.RoomTime(host, w)
}

// TestClockFromThen guards the time in the record: it holds from the moment at which
// people typed it, however long they looked for clocks.
func TestClockFromThen(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	at := p.Plan.Ceremony.Window.From.Add(time.Hour)
	clock := newHostClock(at)
	people := termtest.NewScript(80).Once("(text)", termtest.Reply("CLOCK")).Then(attendants(at))
	slow := &slowPeople{Asked: Asked{Terminal: people}, clock: clock}
	o.Clock, o.People = clock, slow
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
	records, err := transcripts.ReadJournal(read(t, o.Bundle, transcripts.JournalPath), plan.SHA256Hex(read(t, o.Bundle, plan.Folder+"/plan.json")))
	if err != nil {
		t.Fatal(err)
	}
	want := at.Add(*clock.mono - slow.typed)
	if last := records[len(records)-1].Time; want.Sub(last).Abs() > time.Second {
		t.Errorf("the record ends at %s, and it was %s", last, want)
	}
}

// TestNoLineTooWide guards people at a terminal of 80 columns, which breaks words
// wherever a line happens to be full.
func TestNoLineTooWide(t *testing.T) {
	long := strings.Repeat("word ", 30) + "\n"
	asked := termtest.NewScript(80).Once("alice", termtest.Reply("no")).Once("Time now", termtest.Reply("half past nine in the morning"))
	people := Asked{Terminal: asked}
	people.Say(long)
	_ = people.Page(people.Pages(long), 0)
	_, _ = people.RoomTime(time.Time{}, plan.Window{}) // no answer is left for the second question
	_, _ = people.Unseen().Decide(Person{"alice", "administrator"}, long, "yes", "stop")
	if n := term.Columns(asked.Screen()); n > 80 {
		t.Errorf("a line has %d columns:\n%s", n, asked.Screen())
	}
}

// TestDigestTyped guards people who copy a digest as other tools print it.
func TestDigestTyped(t *testing.T) {
	digest := strings.Repeat("0123abcd", 8)
	grouped := strings.ToUpper(strings.TrimSpace(strings.ReplaceAll(digest, "abcd", "abcd ")))
	field := plan.Field{Name: "copies", Type: "digest"}
	colons := strings.ToUpper(strings.TrimSuffix(strings.ReplaceAll(digest, "01", ":01")[1:], ":"))
	for _, typed := range []string{digest, grouped, digest + "  -", digest + " *root.der", digest + "  beef", grouped + "  -",
		"SHA2-256(stdin)= " + digest, "SHA256 (a = b) = " + digest, "sha256 Fingerprint=" + colons} {
		asked := termtest.NewScript(80).Once("copies (digest)", termtest.Reply(typed))
		if got, err := (Asked{Terminal: asked}).Field(field, time.Time{}); err != nil || got != digest {
			t.Errorf("%q: got %q, %v", typed, got, err)
		}
	}
	for typed, want := range map[string]string{
		digest[:63]: "this has 63", digest + "0": "this has 65", grouped + " 0000": "this has 68",
		digest[:9] + "O" + digest[10:]: "the 'o' after 9 characters is none of them",
	} {
		asked := termtest.NewScript(80).Once("copies (digest)", termtest.Reply(typed)).On("copies (digest)", termtest.Reply(digest))
		if got, err := (Asked{Terminal: asked}).Field(field, time.Time{}); err != nil || got != digest || !strings.Contains(strings.Join(strings.Fields(asked.Screen()), " "), want) {
			t.Errorf("%q: got %q, %v; want %q on the screen:\n%s", typed, got, err, want, asked.Screen())
		}
	}
	if said := slip("0"+digest[1:60]+"0000", digest); said != "" {
		t.Errorf("it helps to guess: %q", said)
	}
	if said := slip(digest[:20]+"f"+digest[21:], digest); said != ": look at 'f' in group 6 of 16" {
		t.Errorf("a wrong digit is said as %q", said)
	}
}

// TestTimeTyped guards what is recorded of a time: one of another zone is not taken, and
// people are told what to type.
func TestTimeTyped(t *testing.T) {
	asked := termtest.NewScript(80)
	for _, typed := range []string{"2026-12-01 09:00", "2026-12-01T10:00:00+01:00", "2026-12-01t09:00:00z"} {
		asked.Once("opened (UTC", termtest.Reply(typed))
	}
	opened := plan.Field{Name: "opened", Type: "time"}
	got, err := Asked{Terminal: asked}.Field(opened, time.Time{})
	screen := strings.Join(strings.Fields(asked.Screen()), " ")
	if err != nil || got != "2026-12-01T09:00:00Z" || !strings.Contains(screen, "in UTC it is 2026-12-01T09:00:00Z; type that") {
		t.Errorf("got %q, %v:\n%s", got, err, screen)
	}
	for typed, want := range map[string]string{"00:05": "2026-12-02T00:05:00Z", "23:10:30z": "2026-12-01T23:10:30Z"} {
		asked := termtest.NewScript(80).On("opened (UTC", termtest.Reply(typed))
		got, err := Asked{Terminal: asked}.Field(opened, time.Date(2026, 12, 1, 23, 59, 0, 0, time.UTC))
		if err != nil || got != want || !strings.Contains(asked.Screen(), "That is "+want) {
			t.Errorf("%s: got %q, %v:\n%s", typed, got, err, asked.Screen())
		}
	}
}

// TestPINAtTheWrongQuestion guards people who type a PIN where a few words are asked for,
// in front of a camera: it is not shown, also not with the reason why it is not taken.
func TestPINAtTheWrongQuestion(t *testing.T) {
	asked := termtest.NewScript(80)
	for _, question := range []string{"type done when", "type done to", "types yes or stop", "second person"} {
		asked.Once(question, termtest.Reply("4711"))
	}
	asked.On("type done", termtest.Reply("Done")).On("yes or stop", termtest.Reply("YES"))
	people, alice := Asked{Terminal: asked}, Person{"alice", "administrator"}
	err := errors.Join(people.Done([]Person{alice}, true), people.Ready([]Person{alice}, "sign"), people.Stop())
	word, errDecide := people.Decide(alice, "Go on", "yes", "stop")
	if err != nil || errDecide != nil || word != "yes" || len(asked.Unused()) > 0 {
		t.Errorf("%v, %v, %q, %q", err, errDecide, word, asked.Unused())
	}
	if screen := asked.Screen(); strings.Contains(screen, "47") || strings.Count(screen, ": Done\n") != 2 {
		t.Errorf("the screen shows\n%s", screen)
	}
}

// TestTableNamed guards people who confirm several objects at once: the digits that are
// asked for are those of the table, and not of the object above it.
func TestTableNamed(t *testing.T) {
	folder := filepath.Join("..", "..", "examples", "root-2026")
	p, bundle := ceremonytest.Preview(t, folder), filepath.Join(t.TempDir(), "bundle")
	day := p.Plan.Ceremony.Window.From.Add(time.Hour)
	asked, tables, digest := attendants(day), 0, ""
	o := Options{Mode: event.Rehearsal, Bundle: bundle, Clock: newHostClock(day), Rand: rand.Reader, Tool: event.Tool{Version: "test", Go: "test"}}
	o.People = Asked{Terminal: termtest.NewScript(80).On("-digest", laptop(bundle)).On("first four digits", func(screen, prompt string) string {
		table := strings.Contains(screen, "objects are confirmed together. SHA-256 of their table:")
		if table != strings.Contains(prompt, "the table's first four digits") {
			t.Errorf("table is %t, and the question is %q", table, prompt)
		}
		if table {
			tables++
		}
		digest = shownDigest(screen)
		return digest[:4]
	}).On("table's next four digits", termtest.Reply("STOP")).On("next four digits", func(string, string) string { return digest[4:8] }).On("second person", termtest.Reply("STOP")).Then(asked)}
	if _, err := Execute(context.Background(), p, o); !errors.Is(err, ErrStopped) || tables != 1 {
		t.Errorf("%v, %d tables", err, tables)
	}
}

// TestLocalTimeTold guards the time of all signatures: who types the time of another zone
// is asked again.
func TestLocalTimeTold(t *testing.T) {
	host := time.Date(2026, 12, 1, 11, 24, 53, 0, time.UTC)
	for name, tt := range map[string]struct {
		typed []string
		asked int
	}{
		"UTC":               {[]string{"2026-12-01T11:25:40Z"}, 1},
		"the time of day":   {[]string{"11:25"}, 1},
		"of another zone":   {[]string{"12:25", "2026-12-01T11:25:59Z"}, 2},
		"an hour off":       {[]string{"2026-12-01T12:25:40Z", "2026-12-01T11:25:59Z"}, 2},
		"the host is wrong": {[]string{"2026-11-30T11:25:40Z", "2026-11-30T11:25:55Z"}, 2},
	} {
		asked := termtest.NewScript(80)
		for _, text := range tt.typed {
			asked.Once("Time now", termtest.Reply(text))
		}
		got, err := Asked{Terminal: asked}.RoomTime(host, plan.Window{})
		if last := tt.typed[len(tt.typed)-1]; err != nil || plan.Stamp(got) != last && plan.Stamp(got) != "2026-12-01T"+last+":00Z" || strings.Count(asked.Screen(), "Time now") != tt.asked {
			t.Errorf("%s: %v, %v:\n%s", name, got, err, asked.Screen())
		}
	}
}

// TestHeadTyped guards people who read sixteen words from paper: they type them over
// several lines, a line with a slip alone is typed again, and a none that was typed in
// haste is taken back.
func TestHeadTyped(t *testing.T) {
	words := term.Words(make([]byte, transcripts.HeadBytes))
	asked := termtest.NewScript(80).
		Once("How many events", termtest.Reply("none")).Once("How many events", termtest.Reply("42")).
		Once("sixteen words", termtest.Reply(strings.Join(words[:5], " "))).
		Once("Words 6 to 16", termtest.Reply("nonsense")).
		Once("Words 6 to 16", termtest.Reply(strings.Join(words[5:], "  ")+" "+words[0])).
		Once("Words 6 to 16", termtest.Reply(strings.Join(words[5:15], " "))).
		Once("Words 16 to 16", termtest.Reply(words[15]))
	got, err := Asked{Terminal: asked}.Head(HeadOnPaper{})
	if want := (HeadOnPaper{42, strings.Join(words, " ")}); err != nil || got != want {
		t.Errorf("%+v, %v:\n%s", got, err, asked.Screen())
	}
	none, err := Asked{Terminal: termtest.NewScript(80).On("How many events", termtest.Reply("none"))}.Head(HeadOnPaper{})
	if err != nil || none.Size != 0 {
		t.Errorf("without a head: %+v, %v", none, err)
	}
}
