// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// CA is a CA that the ceremony makes.
type CA struct {
	Name string // common name
	Kind string // of an issuing CA
	Key  string // algorithm
}

// The answers to how revocation is published.
const (
	StatusCRL  = "crl"
	StatusOCSP = "crl-and-ocsp"
	StatusNone = "none"
)

// The answers to which tokens there are.
const (
	TokensSoftHSM = "softhsm"
	TokensHSM     = "hsm"
)

// Answers are what a first ceremony file depends on. [Answers.Interview] fills them in.
type Answers struct {
	Purpose               string
	Organization, Country string
	Root                  CA
	Issuing               []CA
	Domains               []string // of technically constrained CAs
	URL, CPS              string
	Status                string
	Administrators        []string
	Witnesses             []string
	Auditors              []string
	Tokens, Module        string
	MakeTokens            string // yes or no: SoftHSM tokens, at once
	CanMakeTokens         bool   // SoftHSM is installed
	Keys, AuditorKeys     string // of people: NAME=FILE.pub, with commas between
	Need                  int    // approvers
	Policy                []byte // trust policy; without one nobody approves the plan
	PolicyWords           string // its digest, to be read aloud
	Now                   time.Time

	// WritePolicy writes the trust policy of what was answered, and its digest in words.
	WritePolicy func(*Answers) (policy []byte, words string, err error)

	WriteFiles string // yes or no, where people are asked

	asked bool // people are at a terminal
}

// windowDays is how long the ceremony may sign. In two days the first CRL comes early
// enough after the first certificate, whenever each is signed (BR 4.9.7).
const windowDays = 2

// ErrBack is the answer of people who want the question before again.
var ErrBack = errors.New("back")

// FlagError is an answer, given as a flag, that cannot be used.
type FlagError struct {
	Flag string
	Err  error
}

// Error names the flag.
func (e *FlagError) Error() string { return fmt.Sprintf("--%s: %v", e.Flag, e.Err) }

// Unwrap gives what is wrong with it.
func (e *FlagError) Unwrap() error { return e.Err }

// Ask asks people one question. Its default is what an empty line means; refused says
// why their last answer to it was not taken.
type Ask func(q Question, def string, refused error) (string, error)

// Interview answers all questions: by what the flags say, then by asking, and without
// anybody to ask by the defaults.
func (a *Answers) Interview(given map[string][]string, ask Ask) error {
	a.asked = ask != nil
	if !a.asked {
		ask = func(_ Question, def string, refused error) (string, error) { return def, refused }
	}
	i := interview{Answers: a, ask: ask, typed: map[questionKey]string{}}
	for i.at < len(a.Questions()) {
		q := a.Questions()[i.at]
		value, isGiven := q.given(given)
		switch {
		case isGiven && !q.Applies(a):
			return &FlagError{q.Flag, errors.New("with the other answers nothing asks for it")}
		case isGiven:
			if err := q.Set(a, value); err != nil {
				return &FlagError{q.Flag, err}
			}
			i.at++
		case !q.Applies(a):
			i.at++
		case q.closed && len(q.Choices) == 1: // the decisions at the end say it
			if err := q.Set(a, q.Choices[0][0]); err != nil {
				return err
			}
			i.at++
		default:
			if err := i.step(q); err != nil {
				return err
			}
		}
	}
	return nil
}

// interview is where people are in the questions, and how they came there.
type interview struct {
	*Answers
	ask   Ask
	at    int
	asked []askedQuestion
	typed map[questionKey]string // in place of the defaults
}

type questionKey struct {
	flag string
	nth  int
}

// askedQuestion is a question with the answers before it.
type askedQuestion struct {
	at     int
	before Answers
}

// step puts one question and goes to the next, or back to the last that was put.
func (i *interview) step(q Question) error {
	before := i.copied()
	id := questionKey{q.Flag, q.nth}
	value, err := i.put(q, cmp.Or(i.typed[id], q.Default(i.Answers)), i.ask)
	if errors.Is(err, ErrBack) {
		if n := len(i.asked) - 1; n >= 0 {
			i.at, *i.Answers, i.asked = i.asked[n].at, i.asked[n].before, i.asked[:n]
		}
		return nil
	}
	if err != nil {
		return err
	}
	i.typed[id] = ""
	if value != q.Default(&before) { // a default follows other answers
		i.typed[id] = value
	}
	i.asked = append(i.asked, askedQuestion{i.at, before})
	i.at++
	return nil
}

// put asks one question until its answer can be used, which it gives.
func (a *Answers) put(q Question, def string, ask Ask) (string, error) {
	var refused error
	for {
		value, err := ask(q, def, refused)
		if err != nil {
			return "", err
		}
		value = cmp.Or(value, def)
		if refused = q.Set(a, value); refused == nil {
			return value, nil
		}
		def = q.Default(a)
	}
}

// copied are the answers as they are now, whatever becomes of these.
func (a *Answers) copied() Answers {
	out := *a
	out.Issuing = slices.Clone(a.Issuing)
	return out
}

// complete gives an issuing CA what it lacks, and refuses what does not fit.
func (a *Answers) complete(ca CA, i int) (CA, error) {
	ca.Kind = cmp.Or(ca.Kind, a.purpose().kinds[0])
	if !slices.Contains(a.purpose().kinds, ca.Kind) {
		return ca, fmt.Errorf("%q is no kind of CA below a root for %s; there are: %s", ca.Kind, a.Purpose, strings.Join(a.purpose().kinds, ", "))
	}
	k := kindOf(ca.Kind)
	ca.Key = cmp.Or(ca.Key, keysOf(k.profile)[0])
	if keys := keysOf(k.profile); !slices.Contains(keys, ca.Key) {
		return ca, fmt.Errorf("key %q: the profile %s allows %s", ca.Key, k.profile, strings.Join(keys, ", "))
	}
	ca.Name = cmp.Or(ca.Name, fmt.Sprintf("%s %s CA %d", a.Organization, k.title, i+1))
	if ca.Name == a.Root.Name || slices.ContainsFunc(a.Issuing, func(other CA) bool { return other.Name == ca.Name }) {
		return ca, fmt.Errorf("two CAs are called %q, and clients could not tell them apart", ca.Name)
	}
	return ca, checkName(ca.Name)
}

// maxName is the most characters of a name (RFC 5280 A.1, ub-common-name).
const maxName = 64

// checkName refuses what is no name. One without letters is a slip, such as a question mark,
// and so is the answer to another question.
func checkName(s string) error {
	if strings.Contains(s, "://") {
		return fmt.Errorf("%q is a URL; it is asked for later", s)
	}
	for _, words := range append(slices.Collect(maps.Values(Words())), []string{"yes", "no", "Yes", "No"}) {
		if slices.Contains(words, s) {
			return fmt.Errorf("%q is no name, but the answer to another question", s)
		}
	}
	if strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return fmt.Errorf("%q has no letters; a name has some", s)
	}
	if n := len([]rune(s)); n > maxName {
		return fmt.Errorf("%q has %d characters; a name has at most %d (RFC 5280 A.1)", s, n, maxName)
	}
	return nil
}

func (a *Answers) constrained() bool {
	return slices.ContainsFunc(a.Issuing, func(ca CA) bool { return ca.Kind == "tls-constrained" })
}

// keysOf gives the keys that a built-in profile allows, the default first.
func keysOf(profile string) (out []string) {
	for _, k := range certificateProfile(profile).Keys {
		out = append(out, string(k))
	}
	return out
}

// certificateProfile reads a built-in profile, which tests have read before.
func certificateProfile(name string) *profiles.CertificateProfile {
	builtIn, _ := profiles.BuiltInByName(name)
	doc, err := source.Parse(name, builtIn.Data)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	p, err := profiles.Parse(doc)
	certificate, ok := p.(*profiles.CertificateProfile)
	if !ok {
		panic(fmt.Sprintf("internal error: profile %s: %T, %v", name, p, err))
	}
	return certificate
}
