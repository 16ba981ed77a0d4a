// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// keyQuestions ask for the public keys of those who approve the plan. They are who the
// people say: names of roles in the room are no names of the trust policy.
func (a *Answers) keyQuestions() []Question {
	return []Question{
		a.keyQuestion("key", "Who approves the plan? A name and a public SSH key each, such as ann=ann.pub,\nwith commas between; or "+nobody+", and nobody has to approve it.", &a.Keys, always),
		a.needQuestion(),
		a.keyQuestion("auditor-key", "Public SSH keys of auditors, in the same way. They sign reviews, and count for\nno approval; or "+nobody+".", &a.AuditorKeys, approved),
	}
}

// approved reports whether somebody approves the plan.
func approved(a *Answers) bool { return a.Keys != "" }

// keyQuestion takes public keys. The policy is written at once, so that a file that is no
// key is refused where it is named.
func (a *Answers) keyQuestion(flag, text string, to *string, applies func(*Answers) bool) Question {
	return Question{
		Flag: flag, Text: text, Applies: applies, Default: func(*Answers) string { return nobody },
		Set: func(a *Answers, s string) error {
			if *to = s; s == nobody {
				*to = ""
			}
			for _, pair := range KeyPairs(*to) {
				if each := strings.Fields(pair); len(each) > 1 && strings.Contains(each[1], "=") {
					return fmt.Errorf("%q: write a comma between two keys, as in %s", pair, strings.Join(each, ", "))
				}
				if name, file, found := strings.Cut(pair, "="); !found || name == "" || file == "" {
					return fmt.Errorf("%q is no name and key, such as ann=ann.pub", pair)
				}
			}
			if flag == "key" {
				a.Need = 1 // until it is asked
			}
			return a.writePolicy()
		},
	}
}

// needQuestion asks for the threshold: two where there are two, as nobody should approve
// alone. Who gives only flags gets an error for one key, and not a policy of one person.
func (a *Answers) needQuestion() Question {
	return Question{
		Flag: "need", Text: "How many of them have to approve?", Applies: approved,
		Default: func(a *Answers) string {
			if a.asked {
				return strconv.Itoa(min(2, len(a.People())))
			}
			return "2"
		},
		Set: func(a *Answers, s string) error {
			n, err := strconv.Atoi(s)
			if err != nil || n < 1 {
				return fmt.Errorf("%q is no number of people", s)
			}
			a.Need = n
			return a.writePolicy()
		},
	}
}

// People are those who approve, each once, also with two keys.
func (a *Answers) People() (names []string) {
	for _, pair := range KeyPairs(a.Keys) {
		name, _, _ := strings.Cut(pair, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// KeyPairs takes NAME=FILE.pub apart: those of flags are lines, as the name of a file may
// have commas; people type commas between.
func KeyPairs(s string) (out []string) {
	separator := ","
	if strings.Contains(s, "\n") {
		separator = "\n"
	}
	for part := range strings.SplitSeq(s, separator) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// writePolicy writes the policy of what was answered so far; nobody's keys make none.
func (a *Answers) writePolicy() (err error) {
	a.Policy, a.PolicyWords = nil, ""
	if !approved(a) {
		return nil
	}
	if a.WritePolicy == nil {
		return errors.New("internal error: nothing writes policies")
	}
	a.Policy, a.PolicyWords, err = a.WritePolicy(a)
	return err
}
