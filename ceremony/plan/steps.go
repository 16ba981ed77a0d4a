// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// stepKinds are the words a step can begin with.
var stepKinds = []string{"section", "do", "pause", "ready", "generate", "use", "issue", "request", "crl", "ocsp"}

func (l *loader) stepList(n source.Node) {
	for _, item := range n.List() {
		m := item.Map()
		kind, word := stepKind(m)
		l.stepNo++
		step := Step{ID: strconv.Itoa(l.stepNo)}
		if kind == "" {
			if item.IsMap() {
				item.FailHint("start it with one of "+strings.Join(stepKinds, ", "), "this step has no action")
			}
			continue
		}
		if kind == "ready" {
			l.readyStep(word, m)
			m.Close()
			continue
		}
		l.step(&step, kind, word, item, m)
		m.Close()
		l.Plan.Steps = append(l.Plan.Steps, step)
	}
}

// stepKind finds the word that a step begins with.
func stepKind(m *source.Map) (kind string, word source.Node) {
	for _, k := range stepKinds {
		if kind == "issue" && k == "request" {
			continue // there it names the request of the subject
		}
		if v := m.Opt(k); v.Present() {
			if kind != "" {
				v.Fail("a step has one action; this one has %s and %s", kind, k)
			}
			kind, word = k, v
		}
	}
	return kind, word
}

func (l *loader) step(step *Step, kind string, word, item source.Node, m *source.Map) {
	switch kind {
	case "section":
		step.Kind, step.Title = StepSection, word.Text()
	case "do":
		l.doStep(step, StepDo, word, m)
	case "pause":
		l.doStep(step, StepPause, word, m)
	case "generate":
		l.keyStep(step, StepGenerate, KeyGenerated, word)
	case "use":
		l.keyStep(step, StepUse, KeyExisting, word)
	default:
		l.signStep(step, kind, word, item, m)
	}
}

// doStep is a step for people: what to do, who does it, what is written down.
func (l *loader) doStep(step *Step, kind StepKind, word source.Node, m *source.Map) {
	step.Kind, step.Title = kind, word.Prose()
	step.Who, step.Record = l.doers(m), fields(m)
	for _, f := range m.Opt("record").Map().Keys() {
		if f.Value.Text() == FieldKey {
			l.readyKey(f.Node)
		}
	}
	if t := m.Opt("takes"); t.Present() {
		step.Takes = t.Span().String()
	}
	if b := m.Opt("backs-up"); b.Present() {
		step.BacksUp = l.keyNames(b)
	}
}

// readyKey gives the name of a key that an earlier step made or found.
func (l *loader) readyKey(n source.Node) string {
	id := n.Name()
	key := l.Plan.Key(id)
	switch {
	case id == "":
	case key == nil:
		n.Fail("there is no key %q", id)
	default:
		l.needReady(n, key)
	}
	return id
}

// doers reads who does a step.
func (l *loader) doers(m *source.Map) []string {
	var roles []string
	who := m.Need("who")
	if who.IsList() && len(who.List()) == 0 {
		who.Fail("this step names no role")
	}
	for _, w := range who.List() {
		role := w.Name()
		if role != "" && Find(l.Plan.People, func(r *Role) bool { return r.Role == role }) == nil {
			w.Fail("%q is not a role of this ceremony", role)
		}
		roles = append(roles, role)
	}
	return roles
}

// fields reads what is written down in a step.
func fields(m *source.Map) []Field {
	var fields []Field
	if r := m.Opt("record"); r.Present() {
		for _, f := range r.Map().Keys() {
			field := Field{Name: f.Node.Name(), Type: f.Value.Enum("type of field", "text", "number", "time", "digest", FieldArtifacts, FieldKey)}
			fields = append(fields, field)
		}
	}
	return fields
}

// keyStep makes keys or finds keys that exist.
func (l *loader) keyStep(step *Step, kind StepKind, want KeySource, word source.Node) {
	step.Kind = kind
	for _, k := range word.List() {
		id := k.Name()
		key := l.Plan.Key(id)
		switch {
		case id == "":
		case key == nil:
			k.Fail("there is no key %q", id)
		case l.ready[id]:
			k.Fail("an earlier step already generated or found key %q", id)
		case key.Source != want && want == KeyGenerated:
			k.FailHint("name existing keys in a use step", "key %q exists already and cannot be generated", id)
		case key.Source != want:
			k.FailHint("keys without a certificate belong in a generate step", "key %q is not an existing key on a token", id)
		default:
			l.ready[id] = true
		}
		step.Keys = append(step.Keys, id)
	}
	verb := map[StepKind]string{StepGenerate: "Generate ", StepUse: "Find "}[kind]
	step.Title = verb + strings.Join(step.Keys, ", ")
}

// signStep is a step that ends in a signed object.
func (l *loader) signStep(step *Step, kind string, word, item source.Node, m *source.Map) {
	a := Artifact{ID: word.Name()}
	step.Kind, step.Artifact = StepSign, a.ID
	if a.ID != "" && l.objects[a.ID] != "" {
		word.Fail("duplicate artifact %q", a.ID)
	}
	if l.nodes["input:"+a.ID].Present() {
		word.FailHint("rename one of them", "an input is named %q too; references would be ambiguous", a.ID)
	}
	l.objects[a.ID], l.current = kind, a.ID
	pl := places{step: item, fields: map[string]source.Node{"artifact": word}}
	prof := l.profile(m.Need("profile"), kind)
	pl.profile = prof
	before := l.problems()
	signings[kind].bind(l, &a, prof, &pl, m)
	step.Title = signings[kind].title + a.ID
	if a.Object == nil || l.broken || a.Issuer == lostIssuer() || l.problems() > before {
		l.lost[m.Opt("subject").Text()] = true
		return
	}
	l.places[a.ID] = pl
	l.Plan.Artifacts = append(l.Plan.Artifacts, a)
}

// problems counts what was found so far in the ceremony file.
func (l *loader) problems() int {
	var es source.Errors
	errors.As(l.Doc.Err(), &es)
	return len(es)
}

// lostIssuer stands for a certificate that could not be bound.
func lostIssuer() Ref { return Ref{what: refLost} }

// issuerOf resolves the authority that signs, and checks that it can.
func (l *loader) issuerOf(a *Artifact, n source.Node, self bool) *Authority {
	id := n.Name()
	if id == "" {
		return nil
	}
	auth := l.Plan.Authority(id)
	if auth == nil {
		n.Fail("there is no authority %q", id)
		return nil
	}
	key := l.Plan.Key(auth.Key)
	if key == nil {
		return nil
	}
	a.IssuerKey, a.Authority = KeyRef(key.ID), id
	switch {
	case key.Token == "":
		n.Fail("the key of %q is not on a token of this ceremony", id)
		return nil
	default:
		l.needReady(n, key)
	}
	if self {
		a.Issuer = Self()
		return auth
	}
	if auth.Certificate != "" {
		a.Issuer = InputRef(auth.Certificate)
		return auth
	}
	cert := Find(l.Plan.Artifacts, func(c *Artifact) bool {
		return c.Certificate() != nil && c.SubjectKey == KeyRef(key.ID).SPKI() && c.Kind() != profiles.OCSPResponder
	})
	if cert == nil && l.lost[id] { // reported there; what is wrong here as well is still found
		a.Issuer = lostIssuer()
		return auth
	}
	if cert == nil {
		n.FailHint("issue its certificate in an earlier step", "authority %q has no certificate at this step", id)
		return nil
	}
	a.Issuer = CertRef(cert.ID)
	return auth
}

// needReady reports a key that no earlier step made or found, once.
func (l *loader) needReady(n source.Node, key *Key) {
	if !l.ready[key.ID] && !l.early[key.ID] {
		n.FailHint("move its generate or use step before this one", "key %q is not available at this step", key.ID)
		l.early[key.ID] = true
	}
}

// moment reads a time or one of the words that follow from the signing.
func moment(n source.Node) profiles.Moment {
	if !n.Present() {
		return ""
	}
	switch text := n.Text(); {
	case text == string(profiles.SigningDay), text == string(profiles.SigningTime):
		return profiles.Moment(text)
	case !strings.ContainsAny(text, "0123456789"):
		return profiles.Moment(n.Enum("moment", string(profiles.SigningDay), string(profiles.SigningTime)))
	}
	t := n.Time()
	if t.IsZero() {
		return ""
	}
	return profiles.FixedMoment(t)
}

// end reads a time or a length.
func end(n source.Node) profiles.End {
	if !n.Present() {
		return profiles.End{}
	}
	if text := n.Text(); len(text) > 10 && text[4] == '-' {
		return profiles.End{Time: moment(n)}
	}
	return profiles.End{For: n.Span()}
}

// validity reads {not-before: MOMENT, for: SPAN} or {…, not-after: TIME}.
func validity(n source.Node) profiles.Validity {
	m := n.Map()
	defer m.Close()
	v := profiles.Validity{NotBefore: moment(m.Need("not-before"))}
	length, last := m.Opt("for"), m.Opt("not-after")
	switch {
	case length.Present() == last.Present():
		n.Fail("a validity needs exactly one of for: and not-after:")
	case length.Present():
		v.NotAfter = profiles.End{For: length.Span()}
	default:
		v.NotAfter = profiles.End{Time: profiles.FixedMoment(last.Time())}
	}
	return v
}

// Stamp writes a time the way every screen and file does.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
