// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"rootceremony/ceremony/create"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/term"
)

// The words that are no answer.
const (
	wordBack = "BACK"
	wordStop = "STOP"
	wordHelp = "HELP"
)

// whatToType says what may be typed besides an answer.
const whatToType = "Enter takes the answer in brackets. BACK asks the question before again, HELP\nshows this question again, STOP ends without writing anything.\n"

// asking puts questions at a terminal. The first one is preceded by what may be typed.
func asking(terminal Terminal) create.Ask {
	said := false
	return func(q create.Question, def string, refused error) (string, error) {
		if !said {
			terminal.Print(whatToType)
			said = true
		}
		if refused != nil {
			terminal.Print(term.Wrap(refused.Error()+".", terminal.Width()) + "\n")
		} else {
			showQuestion(terminal, q)
		}
		for {
			answer, err := terminal.Ask("[" + def + "]: ")
			if err != nil {
				return "", withHint(err, "nothing was written")
			}
			answer = strings.TrimSpace(answer)
			switch strings.ToUpper(answer) { // nobody means a name by these
			case wordBack:
				return "", create.ErrBack
			case wordStop:
				return "", nothingWritten()
			case wordHelp:
				terminal.Print("\n" + whatToType)
				showQuestion(terminal, q)
			default:
				return answer, nil
			}
		}
	}
}

// nothingWritten is the end that people asked for.
func nothingWritten() error {
	return &exitError{status: exitStopped, err: errors.New("stopped; nothing was written")}
}

func showQuestion(terminal Terminal, q create.Question) {
	if q.Decided != nil {
		terminal.Print("\n" + decided(q.Decided()))
	}
	terminal.Print("\n" + term.Wrap(q.Text, terminal.Width()) + "\n")
	showChoices(terminal, q.Choices)
}

// decided says what was decided and why.
func decided(decisions []create.Decision) string {
	var b strings.Builder
	b.WriteString("decided\n")
	for _, d := range decisions {
		text := d.Is
		if d.Why != "" {
			text += ": " + d.Why
		}
		fmt.Fprintf(&b, "  %-14s%s\n", d.What, term.Hang(text, columns, 16))
	}
	return b.String()
}

// showChoices shows words and what they mean; words alone are in one line.
func showChoices(terminal Terminal, choices [][2]string) {
	var words []string
	width := 0
	for _, c := range choices {
		words = append(words, c[0])
		width = max(width, len(c[0]))
	}
	if len(choices) > 0 && choices[0][1] == "" {
		terminal.Print(term.Wrap("  "+strings.Join(words, ", "), terminal.Width()) + "\n")
		return
	}
	for _, c := range choices {
		terminal.Print(fmt.Sprintf("  %-*s  %s\n", width, c[0], c[1]))
	}
}

// createdJSON is what "init" did, for programs.
type createdJSON struct {
	Folder    string            `json:"folder"`
	Files     []string          `json:"files"`
	Decisions []create.Decision `json:"decisions"`
	Next      []string          `json:"next"`
}

// created is what "init" wrote.
type created interface {
	Decisions() []create.Decision
	Commands(folder string) []plan.NextCommand
}

// showCreated says what was written, what it says and why unless people saw that, and what
// to type next.
func showCreated(w io.Writer, format, folder string, c created, files []create.File, seen bool) error {
	next := c.Commands(folder)
	if format == "json" {
		out := createdJSON{Folder: folder, Files: []string{}, Decisions: c.Decisions(), Next: []string{}}
		for _, f := range files {
			out.Files = append(out.Files, f.Name)
		}
		for _, n := range next {
			out.Next = append(out.Next, n.Line)
		}
		return writeJSON(w, out)
	}
	fmt.Fprintf(w, "written to %s\n", folder)
	width := 0
	for _, f := range files {
		width = max(width, len(f.Name))
	}
	for _, f := range files {
		if f.What != "" {
			fmt.Fprintf(w, "  %-*s  %s\n", width, f.Name, term.Hang(f.What, columns, width+4))
		}
	}
	fmt.Fprintln(w)
	if !seen {
		fmt.Fprintf(w, "%s\n", decided(c.Decisions()))
	}
	showNext(w, next)
	return nil
}
