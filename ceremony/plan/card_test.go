// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/transcripts"
)

// everyExtension has each extension of the language with each field set.
func everyExtension() []profiles.Extension {
	length := 1
	tree := []ext.GeneralSubtree{
		{Type: "dns", Value: "a.example"},
		{Type: "directory", Directory: &profiles.Name{Attributes: organization()}},
		{Type: "other", OtherOID: "1.3.6.1.4.1.99999.1", OtherDER: profiles.HexBytes{5, 0}},
	}
	return []profiles.Extension{
		{Name: ext.NameAuthorityKeyID}, {Name: ext.NameCRLNumber}, {Name: ext.NameOCSPNoCheck},
		{Name: ext.NameBasicConstraints, Critical: true, Value: ext.BasicConstraints{CA: true, PathLength: &length}},
		{Name: ext.NameKeyUsage, Value: ext.KeyUsage{ext.CertSign}},
		{Name: ext.NameExtKeyUsage, Value: ext.ExtKeyUsage{{Name: "server-auth", OID: "1.3.6.1.5.5.7.3.1"}}},
		{Name: ext.NameSubjectKeyID, Value: ext.SubjectKeyID{Method: ext.SKIExisting, Value: profiles.HexBytes{1, 2}}},
		{Name: ext.NamePolicies, Value: ext.Policies{{OID: "2.23.140.1.2.1", CPS: "http://cps.example/", Notice: "a notice"}}},
		{Name: ext.NameNameConstraints, Value: ext.NameConstraints{Permitted: tree, Excluded: tree}},
		{Name: ext.NameCRLPoints, Value: ext.CRLPoints{"http://crl.example/"}},
		{Name: ext.NameInfoAccess, Value: ext.InfoAccess{{Method: "ca-issuers", URL: "http://ca.example/"}}},
		{Name: ext.NameIssuingPoint, Value: ext.IssuingPoint{URLs: []string{"http://crl.example/"}, OnlyCACerts: true}},
		{Name: ext.NameRaw, Value: ext.Raw{OID: "1.3.6.1.4.1.99999.7", DER: profiles.HexBytes{5, 0}}},
	}
}

func organization() []profiles.Attribute {
	return []profiles.Attribute{{Type: "organization", OID: "2.5.4.10", String: profiles.UTF8String, Value: "Example"}}
}

// Ends and entries with each field set.
var (
	everySpan = profiles.End{For: source.Span{Years: 1, Months: 1, Days: 1, Seconds: 1}}
	fixedEnd  = profiles.End{Time: profiles.FixedMoment(time.Date(2600, 1, 1, 0, 0, 0, 0, time.UTC))}
	oneEntry  = profiles.RevokedEntry{Serial: "abc1", Date: "2026-12-01T08:00:00Z", Reason: profiles.Superseded}
)

func everyPurpose() profiles.Purpose {
	return profiles.Purpose{Intent: profiles.TLSServer, SubjectHierarchy: profiles.SMIME, Scope: []profiles.RootScope{profiles.ScopeTLS}, Included: "2019-05-01", OCSP: "none", Rules: []string{"cabf-tls"}, Implements: "CPS 1"}
}

// everyObject gives artifacts of each kind in which each field is set: together,
// since some exclude others.
func everyObject() []plan.Artifact {
	certificate := func(n profiles.Name, end profiles.End) *profiles.Certificate {
		return &profiles.Certificate{Kind: profiles.RootCA, Profile: "p", Subject: n, SerialOctets: 16, Signature: algorithm.ECDSASHA384,
			Validity: profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: end}, Extensions: everyExtension(), Purpose: everyPurpose()}
	}
	written := profiles.Name{Attributes: organization()}
	kept := profiles.Name{DER: profiles.HexBytes{0x30, 0x0d, 0x31, 0x0b, 0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, 2, 'a', 'b'}}
	revoked, corrected := oneEntry, oneEntry
	corrected.Change = &profiles.Change{Was: profiles.OldEntry{Date: "2026-11-01T08:00:00Z", Reason: profiles.CessationOfOperation, InvalidityDate: "2026-10-01T08:00:00Z",
		Extensions: []profiles.EntryExtension{{OID: "1.2.3.9", DER: profiles.HexBytes{5, 0}}}}, Why: "found in public", Item: 1}
	corrected.CarriedOver, corrected.InvalidityDate = true, "2026-10-02T08:00:00Z"
	corrected.Extensions = []profiles.EntryExtension{{OID: "1.2.3.4", DER: profiles.HexBytes{5, 0}}}
	released := profiles.LeftOutEntry{Serial: "abc2", Was: corrected.Change.Was, How: profiles.Released, Why: "found again", Item: 2}
	return []plan.Artifact{
		{Object: certificate(written, everySpan)}, {Object: certificate(kept, fixedEnd)},
		{Object: &profiles.RevocationList{Profile: "p", Covers: profiles.CACertificates, Signature: algorithm.ECDSASHA384, Number: "7",
			ThisUpdate: profiles.SigningDay, NextUpdate: everySpan, Entries: []profiles.RevokedEntry{oneEntry, corrected}, LeftOut: []profiles.LeftOutEntry{released}, Extensions: everyExtension(), Purpose: everyPurpose()}},
		{Object: &profiles.Response{Profile: "p", Covers: profiles.CACertificates, Signature: algorithm.ECDSASHA384, CertIDHash: "sha1",
			Responder: profiles.ResponderByKey, Serial: "abc1", Status: "revoked", Revoked: &revoked,
			ThisUpdate: profiles.SigningDay, NextUpdate: everySpan, Extensions: everyExtension(), Purpose: everyPurpose()}},
		{Object: &profiles.Request{Profile: "p", Subject: written, Signature: algorithm.ECDSASHA384, Extensions: everyExtension(), Purpose: everyPurpose()}},
	}
}

// leaf is a value inside an object that has no parts.
type leaf struct {
	path, field string // field is that of a type: "Policy.CPS"
	value       reflect.Value
	store       func() // puts the value back where it cannot be changed in place
}

// leaves lists them, in a fixed order.
func leaves(v reflect.Value, path, field string, out *[]leaf) {
	switch {
	case v.Kind() == reflect.Interface && !v.IsNil():
		inner := reflect.New(v.Elem().Type()).Elem()
		inner.Set(v.Elem())
		before := len(*out)
		leaves(inner, path, inner.Type().Name(), out)
		for i := before; i < len(*out); i++ {
			inside := (*out)[i].store
			(*out)[i].store = func() {
				inside()
				v.Set(inner)
			}
		}
	case v.Kind() == reflect.Interface: // an object has what its kind has
	case v.Kind() == reflect.Pointer && !v.IsNil():
		leaves(v.Elem(), path, field, out)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			leaves(v.Field(i), path+"."+f.Name, v.Type().Name()+"."+f.Name, out)
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		for i := range v.Len() {
			leaves(v.Index(i), fmt.Sprintf("%s[%d]", path, i), field, out)
		}
	case v.Kind() != reflect.Pointer && (v.Kind() == reflect.Bool || !v.IsZero()):
		*out = append(*out, leaf{path, field, v, func() {}})
	}
}

// fieldsOf lists the fields of a type and of all types in it that have no parts.
func fieldsOf(t reflect.Type, out map[string]bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice && inner.Elem().Kind() != reflect.Uint8 {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct {
			fieldsOf(inner, out)
			continue
		}
		if inner == reflect.TypeFor[ext.Value]() {
			valuesOf(out)
			continue
		}
		out[t.Name()+"."+f.Name] = true
	}
}

// valuesOf adds the fields of the value of every extension.
func valuesOf(out map[string]bool) {
	for _, s := range ext.Specs() {
		switch t := reflect.TypeOf(s.Zero); {
		case t.Kind() == reflect.Struct:
			fieldsOf(t, out)
		case t.Elem().Kind() == reflect.Struct:
			fieldsOf(t.Elem(), out)
		default:
			out[t.Name()] = true
		}
	}
}

// others are values of types that have few.
var others = map[reflect.Type]string{
	reflect.TypeFor[profiles.Kind]():       string(profiles.SubordinateCA),
	reflect.TypeFor[ext.Name]():            string(ext.NameOCSPNoCheck),
	reflect.TypeFor[profiles.Moment]():     "2026-12-01T09:00:00Z",
	reflect.TypeFor[profiles.OID]():        "1.3.6.1.4.1.99999.8",
	reflect.TypeFor[profiles.StringType](): string(profiles.PrintableString),
	reflect.TypeFor[algorithm.Signature](): string(algorithm.SHA256RSA),
	reflect.TypeFor[ext.SKIMethod]():       string(ext.SKISHA256),
	reflect.TypeFor[ext.Usage]():           string(ext.CRLSign),
}

// mark changes a value.
func mark(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Slice:
		v.SetBytes(append(bytes.Clone(v.Bytes()), 0x7f))
	default:
		other := others[v.Type()]
		if other == "" || other == v.String() {
			other = "marked"
		}
		v.SetString(other)
	}
}

// notShown are fields that no card shows, and why.
var notShown = map[string]string{
	"Change.Item":          "where the ceremony file has it",
	"LeftOutEntry.Item":    "where the ceremony file has it",
	"RevokedEntry.Listed":  "entries of a list are shown by their number and its digest",
	"RevokedEntry.Encoded": "the bytes of the previous CRL, whose digest the plan shows; their parts are shown",
}

// TestCardShowsEverything changes each value of each kind of object, one by one:
// the screen of plan and the script show another one. What people approve is what
// they have seen.
func TestCardShowsEverything(t *testing.T) {
	p := ceremonytest.Preview(t, filepath.Join("..", "..", "examples", "root-2026"))
	place := map[profiles.Kind]*plan.Artifact{}
	for i := range p.Plan.Artifacts {
		place[p.Plan.Artifacts[i].Kind()] = &p.Plan.Artifacts[i]
	}
	place[profiles.CertRequest] = place[profiles.RootCA] // the example has none
	seen := map[string]bool{}
	page, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range place { // what is on a card is on paper
		c := plan.ScriptCard(p, a)
		for _, r := range transcripts.Shown(c.Rows) {
			for _, text := range r.Lines {
				if !strings.Contains(string(page), template.HTMLEscapeString(text)) {
					t.Errorf("the page of %s has no %q", a.ID, text)
				}
			}
		}
	}
	for i, base := range everyObject() {
		views := func(a plan.Artifact) (screenText, page, confirmed string) {
			at := place[a.Kind()]
			if at == nil {
				at = place[profiles.RootCA]
			}
			was := *at
			at.Object = a.Object
			defer func() { *at = was }()
			var b strings.Builder
			plan.Card(p, &plan.Screen{W: &b}, at, lint.Report{})
			c := plan.ScriptCard(p, at)
			return b.String(), fmt.Sprint(c.What, c.Root, c.Rows), fmt.Sprint(plan.RoomCard(p, at, p.Plan.Ceremony.Window.From))
		}
		screenBefore, pageBefore, confirmedBefore := views(base)
		var count []leaf
		leaves(reflect.ValueOf(&base).Elem(), "", "", &count)
		for j := range count {
			changed := everyObject()[i]
			var list []leaf
			leaves(reflect.ValueOf(&changed).Elem(), "", "", &list)
			if strings.HasPrefix(list[j].field, "Artifact.") || notShown[list[j].field] != "" || list[j].path == ".Object.Revoked.CarriedOver" || list[j].path == ".Object.Entries[1].CarriedOver" {
				continue // not of a profile; only entries of a CRL are carried over, and of these those that are not corrected
			}
			seen[list[j].field] = true
			mark(list[j].value)
			list[j].store()
			screenAfter, pageAfter, confirmedAfter := views(changed)
			if screenAfter == screenBefore {
				t.Errorf("the screen does not show %s", list[j].path)
			}
			if pageAfter == pageBefore {
				t.Errorf("the script does not show %s", list[j].path)
			}
			if confirmedAfter == confirmedBefore {
				t.Errorf("the screen before the signature does not show %s", list[j].path)
			}
		}
	}
	want := map[string]bool{}
	for _, kind := range []reflect.Type{reflect.TypeFor[profiles.Certificate](), reflect.TypeFor[profiles.RevocationList](),
		reflect.TypeFor[profiles.Response](), reflect.TypeFor[profiles.Request]()} {
		fieldsOf(kind, want)
		delete(want, kind.Name()+".Artifact") // the name of the card, which the plan has twice
		maps.DeleteFunc(want, func(field string, _ bool) bool { return notShown[field] != "" })
	}
	for field := range want {
		if !seen[field] {
			t.Errorf("the test knows no object with %s", field)
		}
	}
}
