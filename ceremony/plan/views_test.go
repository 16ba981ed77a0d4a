// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/schema"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/profiles/table"
	"rootceremony/templates"
)

// notEncoded are fields that are in no byte: words for what other fields say.
var notEncoded = []string{"Purpose.Name"}

// TestExtensionsInAllViews changes each field of each extension and looks at
// everything that shows or compares it. An extension that some room has forgotten
// fails by its name.
func TestExtensionsInAllViews(t *testing.T) {
	samples := map[ext.Name]int{}
	for i, e := range everyExtension() {
		samples[e.Name] = i
	}
	w := newViews(t)
	for _, s := range ext.Specs() {
		if i, ok := samples[s.Name]; ok {
			t.Run("whole "+string(s.Name), func(t *testing.T) { w.whole(t, &s, everyExtension()[i]) })
			continue
		}
		t.Errorf("%s: everyExtension has no sample of it", s.Name)
	}
	if t.Failed() {
		return // the room that has forgotten it is named
	}
	w.preview = ceremonytest.Preview(t, filepath.Join("..", "..", "examples", "root-2026"))
	for _, s := range ext.Specs() {
		t.Run("changed "+string(s.Name), func(t *testing.T) { w.each(t, &s, samples[s.Name]) })
	}
}

// each changes the fields of one extension, one by one.
func (w *views) each(t *testing.T, s *ext.Spec, i int) {
	t.Helper()
	base, count := everyExtension()[i], []leaf{}
	leaves(reflect.ValueOf(&base).Elem(), "", "", &count)
	for j := range count {
		changed, list := everyExtension()[i], []leaf{}
		leaves(reflect.ValueOf(&changed).Elem(), "", "", &list)
		if list[j].field == "Extension.Name" {
			continue // another extension
		}
		mark(list[j].value)
		list[j].store()
		w.changed(t, s, list[j].field, base, changed)
	}
}

// views is what a changed extension is looked at through.
type views struct {
	preview *plan.Preview
	spki    []byte
	linter  *lint.Linter
	schema  *jsonschema.Schema
	table   map[bool]profiles.Profile // of a certificate, of a CRL
}

func newViews(t *testing.T) *views {
	t.Helper()
	w := &views{table: map[bool]profiles.Profile{}}
	var err error
	if w.spki, err = algorithm.SpecimenKey(algorithm.ECDSAP384, 0, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if w.linter, err = lint.New(lint.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, r := range profiles.BuiltIns() {
		doc, err := source.Parse(r.Name, r.Data)
		if err != nil {
			t.Fatal(err)
		}
		p, err := profiles.Parse(doc)
		if err != nil {
			t.Fatal(err)
		}
		w.table[p.Head().Kind == profiles.CRL] = p
	}
	data, err := schema.Get("plan")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("plan.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	if w.schema, err = c.Compile("plan.schema.json#/$defs/extension"); err != nil {
		t.Fatal(err)
	}
	return w
}

// ofCRL reports whether only CRLs can have the extension.
func ofCRL(s *ext.Spec) bool {
	return s.Refuses(profiles.SubordinateCA).Why != "" && s.Refuses(profiles.OCSPResponder).Why != ""
}

// object declares an object with one extension.
func object(s *ext.Spec, e profiles.Extension) profiles.Object {
	name := profiles.Name{Attributes: organization()}
	if ofCRL(s) {
		return &profiles.RevocationList{Artifact: "a", Profile: "p", Covers: profiles.CACertificates, Signature: algorithm.ECDSASHA384, Number: "7",
			ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Days: 9}}, Extensions: []profiles.Extension{e}}
	}
	return &profiles.Certificate{Artifact: "a", Kind: profiles.SubordinateCA, Profile: "p", Subject: name, SerialOctets: 9,
		Signature: algorithm.ECDSASHA384, Validity: profiles.Validity{NotBefore: profiles.SigningTime, NotAfter: profiles.End{For: source.Span{Years: 1}}},
		Extensions: []profiles.Extension{e}}
}

// signing is the moment of signing.
var signing = time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)

// encoded gives the bytes of an object.
func (w *views) encoded(o profiles.Object) ([]byte, error) {
	issuer, err := templates.EncodeName(profiles.Name{Attributes: organization()})
	if err != nil {
		return nil, err
	}
	by := templates.Issuer{Name: issuer, KeyID: []byte{1, 2, 3}, SPKI: w.spki}
	var tbs []byte
	if l := profiles.As[*profiles.RevocationList](o); l != nil {
		tbs, err = templates.RevocationList(l, signing, by)
	} else {
		serial := new(big.Int).Lsh(big.NewInt(0x61), 64)
		tbs, err = templates.Certificate(profiles.As[*profiles.Certificate](o), w.spki, serial, signing, by)
	}
	if err != nil {
		return nil, err
	}
	signature, err := algorithm.SpecimenSignature(w.spki)
	if err != nil {
		return nil, err
	}
	return templates.Assemble(tbs, algorithm.ECDSASHA384, signature)
}

// faults are what lint says of the bytes at the field of the declared extension.
func (w *views) faults(declared profiles.Object, at profiles.Field, der []byte) string {
	r := w.linter.Check(lint.Object{Artifact: "a", Declared: declared}, lint.Context{Signing: signing, Specimen: true}, der)
	var out []string
	for _, f := range r.Findings {
		if f.Field == at {
			out = append(out, f.Rule+" "+f.Details)
		}
	}
	return strings.Join(out, "\n")
}

// card shows the extension on screen and on paper.
func (w *views) card(o profiles.Object) (screen, paper string) {
	var b strings.Builder
	all := w.preview.Plan.Artifacts
	at := all[slices.IndexFunc(all, func(a plan.Artifact) bool { return a.Kind() == o.ObjectKind() })]
	at.Object = o
	plan.Card(w.preview, &plan.Screen{W: &b}, &at, lint.Report{})
	return b.String(), fmt.Sprint(plan.ScriptCard(w.preview, &at).Rows)
}

// row is the line of the table of a CP/CPS.
func (w *views) row(s *ext.Spec, e profiles.Extension) table.Row {
	list := []profiles.Extension{e}
	var rows []table.Row
	switch p := w.table[ofCRL(s)].(type) {
	case *profiles.RevocationListProfile:
		c := *p
		c.Extensions = list
		rows = table.Of(&c)
	case *profiles.CertificateProfile:
		c := *p
		c.Extensions = list
		rows = table.Of(&c)
	}
	return rows[len(rows)-2] // before "any other extension"
}

// asJSON is the extension as plan.json has it.
func asJSON(t *testing.T, e profiles.Extension) string {
	t.Helper()
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (w *views) allows(t *testing.T, text string) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return w.schema.Validate(v)
}

// whole looks at an extension as it is: each room knows it.
func (w *views) whole(t *testing.T, s *ext.Spec, e profiles.Extension) {
	o := object(s, e)
	der, err := w.encoded(o)
	if err != nil {
		t.Errorf("templates: %v", err)
		return
	}
	if s.Name != ext.NameRaw && (s.Title == "" || s.Sections.RFC == "" && s.Sections.CRL == "" || len(s.Allowed) == 0) {
		t.Error("profiles/ext: no title, no section of an RFC, or no kind that may have it")
	}
	if s.Schema.Forms == "" || s.Key != "" && (s.Schema.Profile == "" || s.Schema.Plan == "") {
		t.Error("profiles/ext: no forms for the reference page, or no schema")
	}
	if err := w.allows(t, asJSON(t, e)); err != nil {
		t.Errorf("plan.schema.json refuses it: %v", err)
	}
	var again profiles.Extension
	if err := json.Unmarshal([]byte(asJSON(t, e)), &again); err != nil || asJSON(t, again) != asJSON(t, e) {
		t.Errorf("plan.json: %s is read as %s: %v", asJSON(t, e), asJSON(t, again), err)
	}
	if err := e.Check(); err != nil {
		t.Errorf("profiles/ext: %v", err)
	}
	if got := w.row(s, e); got.Source == "" && s.Name != ext.NameRaw || got.Field != e.Title() {
		t.Errorf("the table has the row %+v", got)
	}
	w.said(t, e, der)
}

// textOf is what internal/inspect tells of the extensions, without the digests of
// the whole object.
func textOf(t *testing.T, der []byte) string {
	t.Helper()
	text, err := inspect.Text(der)
	_, text, found := strings.Cut(text, "1, in encoded order")
	text, _, ends := strings.Cut(text, "\n  signature")
	if err != nil || !found || !ends {
		t.Errorf("internal/inspect tells no extension in %q: %v", text, err)
	}
	return text
}

// said compares the words of both sides.
func (w *views) said(t *testing.T, e profiles.Extension, der []byte) {
	var list inspect.Extensions
	if c, err := inspect.ParseCertificate(der); err == nil {
		list = c.Extensions
	} else if l, err := inspect.ParseRevocationList(der); err == nil {
		list = l.Extensions
	}
	i := slices.IndexFunc(list, func(x inspect.Extension) bool { return x.OID.String() == string(e.OID()) })
	if i < 0 {
		t.Error("internal/inspect does not find it")
		return
	}
	if name := inspect.OIDName(list[i].OID); name == string(e.OID()) && e.Name != ext.NameRaw {
		t.Error("internal/inspect has no name for it")
	}
	want, ok := e.Issued()
	got, err := list.Canonical(list[i].OID)
	if ok && (err != nil || got != want) {
		t.Errorf("profiles/ext says %q, internal/inspect %q (%v)", want, got, err)
	}
	shown := regexp.MustCompile(`(?m)^\s*value\s+[0-9a-f]+$`).MatchString(textOf(t, der))
	if shown && (!ok || got != hex.EncodeToString(list[i].Value)) {
		t.Error("internal/inspect shows it as bytes only")
	}
}

// changed compares two states of an extension in each view.
func (w *views) changed(t *testing.T, s *ext.Spec, field string, base, other profiles.Extension) {
	before, after := object(s, base), object(s, other)
	screenBefore, paperBefore := w.card(before)
	screenAfter, paperAfter := w.card(after)
	if screenBefore == screenAfter {
		t.Errorf("the card of the plan does not show %s", field)
	}
	if paperBefore == paperAfter {
		t.Errorf("the script does not show %s", field)
	}
	if w.row(s, base) == w.row(s, other) {
		t.Errorf("the table of a CP/CPS does not show %s", field)
	}
	if asJSON(t, base) == asJSON(t, other) {
		t.Errorf("plan.json does not hold %s", field)
	}
	if slices.Contains(notEncoded, field) {
		return
	}
	was, err := w.encoded(before)
	if err != nil {
		return // reported
	}
	now, err := w.encoded(after)
	if err != nil {
		return // nothing can be issued that says something else
	}
	if textOf(t, was) == textOf(t, now) {
		t.Errorf("the text of internal/inspect does not show %s", field)
	}
	if good, bad := w.faults(before, profiles.FieldOf(&base), was), w.faults(before, profiles.FieldOf(&base), now); good == bad {
		t.Errorf("lint does not see that %s is issued with another %s than declared", s.Name, field)
	}
}
