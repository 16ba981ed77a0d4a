// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/schema"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/internal/token"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// profile is that of a root with a key and a signature algorithm.
const profile = `version: 1
profile: root
kind: root-ca
intent: private
ocsp: none
key: [%s]
signature: [%s]
serial: {octets: 16}
subject: [organization, common-name]
validity: {at-most: 25y}
extensions:
  - basic-constraints: {critical: true, ca: true}
  - key-usage: {critical: true, bits: [cert-sign, crl-sign]}
  - subject-key-identifier: {method: rfc7093-1}
`

// onItsWay is a key of a type on its way from room to room.
type onItsWay struct {
	key     algorithm.Key
	spki    []byte // of a specimen key
	bound   *profiles.Certificate
	tbs     []byte
	der     []byte // with a specimen signature
	signing time.Time
}

// way names the rooms that a key passes, in order.
var way = []struct {
	room string
	pass func(t *testing.T, w *onItsWay) error
}{
	{"algorithm makes a specimen key", specimenKey},
	{"profiles accept and bind it", bindProfile},
	{"templates encode it", encodeRoot},
	{"a specimen signature replaces one", signSpecimen},
	{"lint permits it or names it", lintRoot},
	{"the memory token generates it and signs, software and the second parser verify", signWithMemory},
	{"a token lists what it needs", listOffers},
	{"the second parser names it", nameRoot},
	{"schemas and pages list it", listWords},
}

// TestKeysInRooms lets a key of every type pass every room, so that a place where
// one was forgotten fails by its name.
func TestKeysInRooms(t *testing.T) {
	for _, k := range algorithm.Keys() {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			w := &onItsWay{key: k, signing: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
			for _, step := range way {
				if err := passed(t, step.pass, w); err != nil {
					t.Fatalf("%s: %s: %v", k, step.room, err)
				}
			}
		})
	}
}

// passed gives a panic as an error.
func passed(t *testing.T, pass func(*testing.T, *onItsWay) error, w *onItsWay) (err error) {
	t.Helper()
	defer func() {
		if what := recover(); what != nil {
			err = fmt.Errorf("panic: %v", what)
		}
	}()
	return pass(t, w)
}

func specimenKey(_ *testing.T, w *onItsWay) (err error) {
	if w.spki, err = algorithm.SpecimenKey(w.key, 0, rand.Reader); err != nil {
		return err
	}
	if got, err := algorithm.KeyOf(w.spki); err != nil || got != w.key {
		return fmt.Errorf("read back as %q, %v", got, err)
	}
	return nil
}

func bindProfile(_ *testing.T, w *onItsWay) error {
	doc, err := source.Parse("root.yaml", fmt.Appendf(nil, profile, w.key, w.key.DefaultSignature()))
	if err != nil {
		return err
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		return err
	}
	var problems []profiles.Problem
	w.bound, problems = p.(*profiles.CertificateProfile).Bind(profiles.CertificateValues{
		Artifact: "root", SubjectKey: w.key, IssuerKey: w.key,
		Subject:  []profiles.Assigned{{Type: "organization", Value: "Example Trust"}, {Type: "common-name", Value: "Root"}},
		Validity: profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: profiles.End{For: source.Span{Years: 10}}},
	})
	if len(problems) > 0 {
		return fmt.Errorf("%v", problems)
	}
	if w.bound.Signature != w.key.DefaultSignature() {
		return fmt.Errorf("bound with the signature algorithm %q", w.bound.Signature)
	}
	return nil
}

func encodeRoot(_ *testing.T, w *onItsWay) error {
	self, err := templates.Self(w.bound, w.spki)
	if err != nil {
		return err
	}
	w.tbs, err = templates.Certificate(w.bound, w.spki, new(big.Int).Lsh(big.NewInt(3), 120), w.signing, self)
	return err
}

func signSpecimen(_ *testing.T, w *onItsWay) error {
	signature, err := algorithm.SpecimenSignature(w.spki)
	if err != nil {
		return err
	}
	w.der, err = templates.Assemble(w.tbs, w.bound.Signature, signature)
	return err
}

// lintRoot takes no finding about the key, or one that says which kind it is.
func lintRoot(_ *testing.T, w *onItsWay) error {
	linter, err := lint.New(lint.Options{})
	if err != nil {
		return err
	}
	public, err := algorithm.ParseKey(w.spki)
	if err != nil {
		return err
	}
	obj := lint.Object{Artifact: "root", Declared: w.bound}
	_, report := linter.Clear(obj, lint.Context{Signing: w.signing, IssuerKey: w.spki, Siblings: []lint.Sibling{}}, w.tbs)
	for _, f := range report.Findings {
		about := f.Field == lint.FieldKey || f.Field == lint.FieldSignature || f.Field == lint.FieldEncoding
		if about && (f.Status == lint.Error || f.Status == lint.Fatal) && !strings.Contains(f.Details, algorithm.Short(public)) {
			return fmt.Errorf("%s: %s does not say which kind of key it is", f.Rule, f.Details)
		}
	}
	return nil
}

func signWithMemory(t *testing.T, w *onItsWay) error {
	tok := token.NewMemory("root", nil)
	pair, err := tok.Generate(t.Context(), token.Request{Label: "root", ID: make([]byte, 20), Algorithm: w.key})
	if err != nil {
		return err
	}
	if departures := pair.Departures(token.Named(token.DefaultTemplate), true); len(departures) > 0 {
		return fmt.Errorf("departs from its template: %q", departures)
	}
	for _, s := range algorithm.Signatures() {
		if !w.key.CanMake(s) {
			continue
		}
		signature, err := tok.Sign(t.Context(), pair.Handle(), s, w.tbs)
		if err != nil {
			return err
		}
		identifier, err := s.Identifier()
		if err != nil {
			return err
		}
		if err := algorithm.Verify(pair.SPKI, s, bytes.NewReader(w.tbs), signature); err != nil {
			return fmt.Errorf("%s in software: %w", s, err)
		}
		if err := inspect.VerifySignature(pair.SPKI, identifier, w.tbs, signature); err != nil {
			return fmt.Errorf("%s by the second parser: %w", s, err)
		}
	}
	return nil
}

func listOffers(_ *testing.T, w *onItsWay) error {
	names := w.key.PKCS11()
	info := token.Info{Mechanisms: []token.Mechanism{{Type: names.Generate.Type, MinKey: 1, MaxKey: 1 << 16}, {Type: names.Sign.Type, MinKey: 1, MaxKey: 1 << 16}}}
	if lacks := info.Unoffered(w.key, true); lacks != "" {
		return fmt.Errorf("%s is missing", lacks)
	}
	info.Mechanisms = []token.Mechanism{{Type: ^uint64(0)}}
	if lacks := info.Unoffered(w.key, true); lacks == "" || lacks != names.Generate.Name {
		return fmt.Errorf("missing is %q", lacks)
	}
	return nil
}

func nameRoot(_ *testing.T, w *onItsWay) error {
	c, err := inspect.ParseCertificate(w.der)
	if err != nil {
		return err
	}
	public, err := algorithm.ParseKey(w.spki)
	if err != nil {
		return err
	}
	if got := inspect.KeyDescription(c.RawSPKI); got == "" || got != algorithm.Describe(public) {
		return fmt.Errorf("described as %q", got)
	}
	text, err := inspect.Text(c.Raw)
	if err != nil {
		return err
	}
	if !strings.Contains(text, algorithm.Describe(public)) {
		return fmt.Errorf("the text does not name it:\n%s", text)
	}
	return nil
}

// listWords holds what people read and write to the table.
func listWords(_ *testing.T, w *onItsWay) error {
	for _, name := range []string{"ceremony", "profile", "plan"} {
		data, err := schema.Get(name)
		if err != nil {
			return err
		}
		if !bytes.Contains(data, fmt.Appendf(nil, "%q", w.key)) {
			return fmt.Errorf("the schema %q does not list it", name)
		}
		if signs := name != "ceremony"; signs && !bytes.Contains(data, fmt.Appendf(nil, "%q", w.key.DefaultSignature())) {
			return fmt.Errorf("the schema %q does not list %s", name, w.key.DefaultSignature())
		}
	}
	for page, words := range map[string][]string{
		"../../docs/ceremony-file.md":     {string(w.key)},
		"../../docs/profile-reference.md": {string(w.key), string(w.key.DefaultSignature())},
	} {
		text, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		for _, word := range words {
			if !bytes.Contains(text, []byte("`"+word+"`")) {
				return fmt.Errorf("%s does not list %s", page, word)
			}
		}
	}
	return nil
}
