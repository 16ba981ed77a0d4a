// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rootceremony/internal/source"
)

// Question is one thing that people are asked, by a flag or at the terminal.
type Question struct {
	Flag    string
	Text    string      // what is asked
	Choices [][2]string // words and what they mean; none for free text
	Applies func(*Answers) bool
	Default func(*Answers) string // what an empty answer means
	Set     func(*Answers, string) error
	Decided func() []Decision // what to show first, where the question is about it
	nth     int               // among those of the same flag
	closed  bool              // it takes one of its choices, and nothing else
}

// given finds the answer among the flags. A flag that is repeated has answered all
// questions of its kind.
func (q *Question) given(flags map[string][]string) (string, bool) {
	values, found := flags[q.Flag]
	if q.nth < len(values) {
		return values[q.nth], true
	}
	return nobody, found
}

// nobody is the answer for no CA, and for no auditor.
const nobody = "none"

// Questions gives all questions, in the order in which they are asked. Those about
// issuing CAs depend on how many there are.
func (a *Answers) Questions() []Question {
	list := []Question{
		a.choice("purpose", "What is it for?", purposeChoices(), &a.Purpose, func(*Answers) string { return purposes[0].word }),
		a.text("organization", "Name of the organization", &a.Organization, func(*Answers) string { return "Example Trust" }),
		countryQuestion(),
		a.text("root", "Name of the root", &a.Root.Name, func(a *Answers) string {
			return fmt.Sprintf("%s %s Root %d", a.Organization, a.purpose().title, a.Now.Year())
		}),
		a.choice("root-key", "Key of the root", plain(keysOf(a.purpose().root)), &a.Root.Key, func(a *Answers) string { return keysOf(a.purpose().root)[0] }),
	}
	for i := range len(a.Issuing) + 1 {
		list = append(list, caQuestion(a.purpose(), i))
	}
	list = append(list, domainQuestion(), urlQuestion(), statusQuestion(a))
	list = append(list, a.peopleQuestions()...)
	list = append(list, a.keyQuestions()...)
	return append(list, a.choice("tokens", "Which tokens will hold the keys?", [][2]string{
		{TokensSoftHSM, "SoftHSM, for trying out"}, {TokensHSM, "HSMs; you fill in which"},
	}, &a.Tokens, func(*Answers) string { return TokensSoftHSM }), a.makeQuestion(), a.lastQuestion())
}

// makeQuestion offers to make the tokens. Who gives only flags has to ask for it.
func (a *Answers) makeQuestion() Question {
	q := a.choice("make-tokens", "Make the SoftHSM tokens now?", plain([]string{"yes", "no"}), &a.MakeTokens, func(a *Answers) string {
		if a.asked {
			return "yes"
		}
		return "no"
	})
	q.Applies = func(a *Answers) bool { return a.Tokens == TokensSoftHSM && a.CanMakeTokens }
	return q
}

// lastQuestion lets people see what was decided, and take back the answer before it, too.
func (a *Answers) lastQuestion() Question {
	q := a.choice("", "Write the files?", plain([]string{"yes", "no"}), &a.WriteFiles, func(*Answers) string { return "yes" })
	q.Decided = a.Decisions
	q.Applies = func(a *Answers) bool { return a.asked }
	return q
}

// Words are what the flags of questions take that take one of a few words, for some
// purpose at least.
func Words() map[string][]string {
	out := map[string][]string{}
	for _, p := range purposes {
		for _, q := range (&Answers{Purpose: p.word}).Questions() {
			for _, w := range words(q.Choices) {
				if q.Flag != "" && !slices.Contains(out[q.Flag], w) {
					out[q.Flag] = append(out[q.Flag], w)
				}
			}
		}
	}
	delete(out, "make-tokens") // a flag without a word
	return out
}

func always(*Answers) bool { return true }

// text is a question with one line of free text.
func (a *Answers) text(flag, text string, to *string, def func(*Answers) string) Question {
	return Question{
		Flag: flag, Text: text, Applies: always, Default: def,
		Set: func(_ *Answers, s string) error {
			if s == "" {
				return errors.New("it is empty")
			}
			*to = s
			return checkName(s)
		},
	}
}

// choice is a question that takes one of a few words.
func (a *Answers) choice(flag, text string, choices [][2]string, to *string, def func(*Answers) string) Question {
	return Question{
		Flag: flag, Text: text, Choices: choices, closed: true, Applies: always, Default: def,
		Set: func(_ *Answers, s string) error {
			i := slices.IndexFunc(choices, func(c [2]string) bool { return isWord(c[0], s) })
			if i < 0 {
				return notOne(s, "is none of: ", words(choices))
			}
			*to = choices[i][0]
			return nil
		},
	}
}

// isWord takes a word with capitals, too, and yes and no by their first letters.
func isWord(word, typed string) bool {
	short := word == "yes" || word == "no"
	return strings.EqualFold(typed, word) || short && strings.EqualFold(typed, word[:1])
}

// notOne refuses a word that is not one of a few, and names the one that is near.
func notOne(s, refusal string, of []string) error {
	return fmt.Errorf("%q %s%s", s, refusal, source.Among(s, of))
}

func words(choices [][2]string) (out []string) {
	for _, c := range choices {
		out = append(out, c[0])
	}
	return out
}

// plain are choices that need no explanation.
func plain(words []string) (out [][2]string) {
	for _, w := range words {
		out = append(out, [2]string{w, ""})
	}
	return out
}

func purposeChoices() (out [][2]string) {
	for _, p := range purposes {
		out = append(out, [2]string{p.word, p.what})
	}
	return out
}

func countryQuestion() Question {
	return Question{
		Flag: "country", Text: "Country, two letters", Applies: func(a *Answers) bool { return a.purpose().public }, Default: func(*Answers) string { return "US" },
		Set: func(a *Answers, s string) error {
			s = strings.ToUpper(s)
			if len(s) != 2 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
				return fmt.Errorf("%q is no country: two letters of ISO 3166-1, such as NL", s)
			}
			a.Country = s
			return nil
		},
	}
}

// caQuestion asks for an issuing CA, until there are no more.
func caQuestion(p purpose, i int) Question {
	q := Question{Flag: "ca", nth: i, Text: fmt.Sprintf("Issuing CA %d: kind, key, name; or %s", i+1, nobody), Applies: always}
	for _, word := range p.kinds {
		q.Choices = append(q.Choices, [2]string{word, kindOf(word).what})
	}
	q.Default = func(a *Answers) string {
		if i > 0 {
			return nobody
		}
		ca, _ := a.complete(CA{}, i) // a name that is too long is refused when it is taken
		return strings.Join([]string{ca.Kind, ca.Key, ca.Name}, ", ")
	}
	q.Set = func(a *Answers, s string) error {
		a.Issuing = a.Issuing[:i:i]
		if s == nobody {
			return nil
		}
		return a.addCA(s)
	}
	return q
}

// addCA takes one issuing CA: its kind, its key and its name, with commas between; each
// may be left away. A name has no commas, or a mistyped key would be part of one.
func (a *Answers) addCA(s string) error {
	var ca CA
	for _, word := range split(s) {
		switch {
		case ca.Kind == "" && slices.ContainsFunc(kinds, func(k kind) bool { return k.word == word }):
			ca.Kind = word
		case ca.Key == "" && isKey(word):
			ca.Key = word
		case word != "" && ca.Name == "":
			ca.Name = word
		case word != "":
			return a.notInCA(ca.Name)
		}
	}
	if known := a.wordsOfCA(ca.Kind); (ca.Kind == "" || ca.Key == "") && source.DidYouMean(ca.Name, known) != "" {
		return a.notInCA(ca.Name)
	}
	ca, err := a.complete(ca, len(a.Issuing))
	if err == nil {
		a.Issuing = append(a.Issuing, ca)
	}
	return err
}

// wordsOfCA are the kinds and keys that the questions offer, or of one kind its keys.
func (a *Answers) wordsOfCA(kind string) (out []string) {
	for _, k := range a.purpose().kinds {
		if kind == "" {
			out = append(out, k)
		}
		out = append(out, keysOf(kindOf(k).profile)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// notInCA refuses a word that is neither a kind nor a key, and not the whole name.
func (a *Answers) notInCA(word string) error {
	known := a.wordsOfCA("")
	end := ""
	if source.Near(word, known) == "" {
		end = "; a name has no commas, and comes last"
	}
	return fmt.Errorf("%q is neither a kind nor a key: %s%s", word, source.Among(word, known), end)
}

// isKey reports whether a word looks like an algorithm of keys, also like one that no
// profile allows.
func isKey(s string) bool {
	family, size, found := strings.Cut(s, "-")
	_, err := strconv.Atoi(strings.TrimPrefix(size, "p"))
	return found && err == nil && (family == "rsa" || family == "ecdsa")
}

func domainQuestion() Question {
	return Question{
		Flag: "domain", Text: "Domains of the constrained CAs, with commas between", Applies: (*Answers).constrained, Default: func(*Answers) string { return "example.com" },
		Set: func(a *Answers, s string) error {
			list := split(s)
			for _, d := range list {
				if strings.Trim(strings.ToLower(d), "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || !strings.Contains(d, ".") {
					return fmt.Errorf("%q is no domain, such as shop.example", d)
				}
			}
			a.Domains = list
			return nil
		},
	}
}

func urlQuestion() Question {
	return Question{
		Flag: "url", Text: "Where CRLs and certificates will be published", Applies: always, Default: func(*Answers) string { return "http://pki.example.com" },
		Set: func(a *Answers, s string) error {
			u, err := url.Parse(s)
			if err != nil || u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
				return fmt.Errorf("%q is no URL that begins with http://; a CRL is signed itself, and to fetch it by https would need another", s)
			}
			a.URL = strings.TrimSuffix(s, "/")
			return nil
		},
	}
}

func statusQuestion(a *Answers) Question {
	choices := [][2]string{{StatusCRL, "the root signs a CRL"}, {StatusOCSP, "and OCSP responses, by a responder"}}
	if !a.purpose().public {
		choices = append(choices, [2]string{StatusNone, "nothing can be revoked"})
	}
	return a.choice("status", "How do clients see what is revoked?", choices, &a.Status, func(*Answers) string { return StatusCRL })
}

// peopleQuestions ask who takes part: the names that people answer to.
func (a *Answers) peopleQuestions() []Question {
	return []Question{
		a.people("administrator", "Administrators; one of them is needed", &a.Administrators, 2),
		a.people("witness", "Internal witnesses; one of them is needed", &a.Witnesses, 2),
		a.people("auditor", "Auditors, one of them is needed; or "+nobody, &a.Auditors, 1),
	}
}

// people is a question for a role. Its default are names that nobody would take for
// those of people in the room.
func (a *Answers) people(flag, text string, to *[]string, n int) Question {
	taken := func(a *Answers) []string { return slices.Concat(a.Administrators, a.Witnesses, a.Auditors) }
	return Question{
		Flag: flag, Text: text, Applies: always,
		Default: func(a *Answers) string {
			if flag == "auditor" && !a.purpose().public {
				return nobody
			}
			free := slices.DeleteFunc([]string{"alice", "erin", "bob", "carol", "dana", "frank", "grace"}, func(s string) bool { return slices.Contains(taken(a), s) })
			return strings.Join(free[:min(n, len(free))], ", ")
		},
		Set: func(a *Answers, s string) error {
			*to = nil
			if s == nobody && flag == "auditor" {
				return nil
			}
			for _, name := range split(s) {
				switch {
				case strings.Contains(name, " ") && Slug(strings.ReplaceAll(name, " ", "-")) == strings.ReplaceAll(name, " ", "-"):
					return fmt.Errorf("%q: write a comma between two names, as in %s", name, strings.Join(strings.Fields(name), ", "))
				case name == "" || Slug(name) != name:
					return fmt.Errorf("%q is no name: lower-case letters, digits and hyphens, such as alice", name)
				case slices.Contains(taken(a), name):
					return fmt.Errorf("%q is named twice; each person has one role", name)
				}
				*to = append(*to, name)
			}
			return nil
		},
	}
}

// split takes apart what has commas between.
func split(s string) []string {
	out := strings.Split(s, ",")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// Slug makes a name of the ceremony file: lower-case letters, digits and hyphens.
func Slug(s string) string {
	out := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(s))
	out = strings.Join(strings.FieldsFunc(out, func(r rune) bool { return r == '-' }), "-")
	return strings.Trim(out[:min(len(out), 40)], "-")
}
