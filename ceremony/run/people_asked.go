// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// Asked puts every question to the people at a terminal.
type Asked struct {
	Terminal term.Terminal
	unseen   bool     // what is typed is not shown
	words    []string // nothing but the beginning of one of these is shown
}

// Unseen implements [People].
func (a Asked) Unseen() People { return Asked{Terminal: a.Terminal, unseen: true} }

// only gives the same people for a question that takes a few words.
func (a Asked) only(words ...string) Asked {
	a.words = append(words, stopWord)
	for _, w := range roomWords {
		a.words = append(a.words, string(w))
	}
	return a
}

// nothingElse ends what is said of an answer to a question that takes a few words.
const nothingElse = "; nothing else that is typed here is shown"

// read reads one answer.
func (a Asked) read(question string) (string, error) {
	question = term.Wrap(question, a.Terminal.Width())
	for {
		answer, err := a.readOnce(question)
		if !errors.Is(err, term.ErrUnclear) {
			return answer, err
		}
		a.tryAgain(err)
	}
}

func (a Asked) readOnce(question string) (string, error) {
	switch {
	case a.unseen:
		typed, err := a.Terminal.Secret(question)
		defer clear(typed)
		return string(typed), err
	case a.words != nil:
		return a.Terminal.Word(question, a.words)
	}
	return a.Terminal.Ask(question)
}

// Stop implements [People].
func (a Asked) Stop() error {
	second, err := a.only().read("A second person types STOP to stop, anything else to continue: ")
	if err == nil && strings.EqualFold(strings.TrimSpace(second), stopWord) {
		err = ErrStopped
	}
	return err
}

// How implements [People].
func (a Asked) How() event.How { return event.Stated }

// Say implements [People]. No line breaks within a word that fits.
func (a Asked) Say(text string) { a.Terminal.Print(term.Fold(text, a.Terminal.Width())) }

// Pages implements [People]: nothing that people confirm has scrolled away before they
// read it.
func (a Asked) Pages(text string) []string {
	lines := strings.Split(strings.TrimSuffix(term.Wrap(text, a.Terminal.Width()), "\n"), "\n")
	var pages []string
	for _, page := range pagesOf(lines, a.Terminal.Height()-afterPage) {
		pages = append(pages, strings.Join(page, "\n")+"\n")
	}
	return pages
}

// Page implements [People].
func (a Asked) Page(pages []string, i int) error {
	a.Say(pages[i])
	if i+1 == len(pages) {
		return nil
	}
	return a.only().ask(fmt.Sprintf("      MORE (%d of %d), press Enter: ", i+1, len(pages)), func(s string) error {
		if s != "" {
			return errors.New("press Enter to read on")
		}
		return nil
	})
}

// afterPage are the lines of a screen that a page leaves free: for the digest and the
// question after the last one.
const afterPage = 5

// fours is a line of a digest, which stays with the line before it.
var fours = regexp.MustCompile(`^ *([0-9a-f]{4} )+[0-9a-f]{4}$`)

// pagesOf cuts lines into pages of at most n lines, but not through a digest.
func pagesOf(lines []string, n int) [][]string {
	var pages [][]string
	for len(lines) > n {
		end := n
		for end > n/2 && fours.MatchString(lines[end]) {
			end--
		}
		pages, lines = append(pages, lines[:end]), lines[end:]
	}
	return append(pages, lines)
}

// ask puts a question until the answer is accepted. STOP, confirmed by a second
// person, ends the ceremony. A word of the room is the error that is returned. Both may
// be typed in small letters, unless that is one of the words that the question offers.
func (a Asked) ask(question string, accept func(string) error, offered ...string) error {
	for {
		answer, err := a.read(question)
		if err != nil {
			return err
		}
		answer = strings.TrimSpace(answer)
		if strings.EqualFold(answer, stopWord) && !slices.Contains(offered, answer) {
			if err := a.Stop(); err != nil {
				return err
			}
			continue
		}
		if word := roomWord(strings.ToUpper(answer)); slices.Contains(roomWords, word) && !slices.Contains(offered, answer) {
			return word
		}
		err = accept(answer)
		if err == nil {
			return nil
		}
		a.tryAgain(err)
	}
}

// tryAgain says why an answer is not taken.
func (a Asked) tryAgain(err error) { a.Say(fmt.Sprintf("      %v; please try again\n", err)) }

// Clock implements [People].
func (a Asked) Clock(before []string) (name string, err error) {
	if len(before) == 0 {
		a.Say("Find two clocks in the room that do not depend on this host.\n")
	}
	err = a.ask("Name of the "+[]string{"first", "second"}[len(before)]+" clock: ", func(s string) error {
		switch {
		case s == "":
			return errors.New("type the name of the clock")
		case isTime(s):
			return fmt.Errorf("%q is a time; type what the clock is called, such as wall clock: the time comes next", s)
		case slices.ContainsFunc(before, func(first string) bool { return event.SameClock(first, s) }):
			return fmt.Errorf("%q is the first clock; type the name of another one", s)
		}
		name = s
		return nil
	})
	return name, err
}

// RoomTime implements [People].
func (a Asked) RoomTime(host time.Time, _ plan.Window) (room time.Time, err error) {
	a.Say(fmt.Sprintf("The host's clock says %s. Read the time on both clocks.\n", plan.Stamp(host)))
	told := false
	err = a.ask("Time now, UTC (16:05, or "+plan.TimeExample+"): ", func(s string) error {
		t, err := onDay(s, host)
		if err != nil {
			return err
		}
		if apart := t.Sub(host).Round(time.Second); !told && apart.Abs() > clocksApart {
			told = true
			return fmt.Errorf("that is %s from the host's clock; is it UTC? If the clocks in the room say so, type it again", apart)
		}
		room = t
		return nil
	})
	return room, err
}

// Present implements [People].
func (a Asked) Present(role plan.Role, before []string) ([]string, error) {
	var here []string
	others := slices.DeleteFunc(slices.Clone(role.Of), func(name string) bool { return slices.Contains(before, name) })
	who := map[bool]string{true: "Who", false: "Who else"}[len(before) == 0]
	q := fmt.Sprintf("%s is here as %s? (%d of %s): ", who, role.Role, role.Need-len(before), strings.Join(others, ", "))
	err := a.ask(q, func(s string) error {
		here = nil
		for _, typed := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
			name := oneOf(typed, role.Of)
			if name == "" {
				return fmt.Errorf("the plan does not name %q as %s", typed, role.Role)
			}
			if slices.Contains(here, name) || slices.Contains(before, name) {
				return fmt.Errorf("%q is named already", name)
			}
			here = append(here, name)
		}
		if len(here) == 0 {
			return errors.New("type a name")
		}
		return nil
	}, role.Of...)
	return here, err
}

// Field implements [People]. A time without a date is the one that is nearest to now.
func (a Asked) Field(f plan.Field, now time.Time) (value string, err error) {
	err = a.ask(fmt.Sprintf("      %s (%s): ", f.Name, f.Wanted()), func(s string) error {
		if clock, found := ofDay(s); found && f.Type == "time" {
			s = plan.Stamp(nearest(clock, now))
			a.Say("      That is " + s + ".\n")
		}
		value, err = f.Typed(s)
		return err
	})
	return value, err
}

// Done implements [People].
func (a Asked) Done(who []Person, typed bool) error {
	question := "type done when it is done"
	if typed {
		question += ", or BACK to correct what was typed"
	}
	return a.done(who, question)
}

// Ready implements [People].
func (a Asked) Ready(who []Person, what string) error {
	return a.done(who, "type done to "+what+", or STOP")
}

func (a Asked) done(who []Person, question string) error {
	names := make([]string, len(who))
	for i, p := range who {
		names[i] = p.String()
	}
	a.Say(plan.Indent(strings.Join(names, ", "), 6) + "\n")
	return a.only(answerDone).ask("      "+question+": ", func(s string) error {
		if !strings.EqualFold(s, answerDone) {
			return errors.New("type done, or STOP" + nothingElse)
		}
		return nil
	})
}

// Decide implements [People].
func (a Asked) Decide(p Person, question, yes, no string) (string, error) {
	var word string
	err := a.only(yes, no).ask(fmt.Sprintf("      %s?\n      %s types %s or %s: ", question, p, yes, no), func(s string) error {
		if word = oneOf(s, []string{yes, no}); word != "" {
			return nil
		}
		return fmt.Errorf("type %s or %s%s", yes, no, nothingElse)
	}, yes, no)
	return word, err
}

// Text implements [People].
func (a Asked) Text(question string) (string, error) {
	var text string
	err := a.ask("      "+question+": ", func(s string) error {
		if s == "" {
			return errors.New("the answer is empty")
		}
		text = s
		return nil
	})
	return text, err
}

// oneOf is the word or the name that somebody typed, in any case; empty for none.
func oneOf(typed string, of []string) string {
	i := slices.Index(of, typed)
	if i < 0 {
		i = slices.IndexFunc(of, func(s string) bool { return strings.EqualFold(s, typed) })
	}
	if i < 0 {
		return ""
	}
	return of[i]
}

// Choice implements [People].
func (a Asked) Choice(question string, of []string) (string, error) {
	var choice string
	if len(of) > 0 {
		question += "? (" + strings.Join(of, ", ") + ")"
	}
	err := a.ask("      "+question+": ", func(s string) error {
		choice = oneOf(s, of)
		switch {
		case choice != "":
			return nil
		case s == "":
			return errors.New("type one of them")
		case a.unseen:
			return errors.New("that is not one of them")
		}
		return fmt.Errorf("%q is not one of them", s)
	}, of...)
	return choice, err
}

// Head implements [People]. That there is none on paper is asked twice: nothing but paper
// shows that the record is whole. The words may be typed over several lines.
func (a Asked) Head(HeadOnPaper) (HeadOnPaper, error) {
	var h HeadOnPaper
	a.Say("      Find the last head of the record on paper.\n")
	none := false
	err := a.ask("      How many events does it cover? (a number, or none): ", func(s string) error {
		n, err := strconv.Atoi(s)
		switch {
		case s == answerNone && !none:
			none = true
			return errors.New("without a head nobody can show that the record is whole; type none again if there is none, or the number")
		case s != answerNone && (err != nil || n < 1):
			return errors.New("type the number, or none when no head is on paper")
		}
		h.Size = n
		return nil
	})
	if err != nil || h.Size == 0 {
		return h, err
	}
	question := "      Its sixteen words: "
	for n := 0; err == nil && n < transcripts.HeadBytes; n = len(strings.Fields(h.Words)) {
		if n > 0 {
			question = fmt.Sprintf("      Words %d to %d: ", n+1, transcripts.HeadBytes)
		}
		err = a.ask(question, func(s string) error {
			words := strings.TrimSpace(h.Words + " " + s)
			if _, err := term.FromWords(words); err != nil {
				return err
			}
			if typed := len(strings.Fields(words)); typed > transcripts.HeadBytes || s == "" {
				return fmt.Errorf("a head has %d words, and with these there are %d", transcripts.HeadBytes, typed)
			}
			h.Words = words
			return nil
		})
	}
	return h, err
}

// answerNone is what people type where no head is on paper.
const answerNone = "none"

// Digits implements [People]. It gives back what was typed: the caller checks
// and records wrong entries.
func (a Asked) Digits(p Person, which, _ string) (string, error) {
	var typed string
	err := a.ask(fmt.Sprintf("      %s, type the %s, or SHOW: ", p, which), func(s string) error {
		typed = s
		return nil
	})
	return typed, err
}
