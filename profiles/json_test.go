// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles_test

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// samples are values that attributes of each type can have.
var samples = map[string]string{"country": "US", "domain-component": "example", "email": "ca@example.com"}

// bindAny binds a profile to values made up for it. It returns nil where that
// is impossible, as with signature algorithms that leave a choice open.
func bindAny(p profiles.Profile) any {
	var names []profiles.SubjectAttribute
	switch p := p.(type) {
	case *profiles.CertificateProfile:
		names = p.Subject
	case *profiles.RequestProfile:
		names = p.Subject
	}
	var given []profiles.Assigned
	for _, a := range names {
		value, ok := samples[a.Type]
		if !ok {
			value = "Value of " + a.Type
		}
		given = append(given, profiles.Assigned{Type: a.Type, Value: value})
	}
	signer := algorithm.RSA4096
	if p.Head().Signatures[0].Family() == "ecdsa" {
		signer = algorithm.ECDSAP384
	}
	urls := profiles.URLs{
		CRL:       []string{"http://crl.example.net/1", "http://crl.example.net/2"},
		CAIssuers: []string{"http://aia.example.net/1"}, OCSP: []string{"http://ocsp.example.net/"},
	}
	switch p := p.(type) {
	case *profiles.CertificateProfile:
		v := profiles.CertificateValues{
			Artifact: "a", Subject: given, SubjectKey: p.Keys[0], IssuerKey: signer, Issuer: urls,
			Validity:    profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: profiles.End{For: p.Validity.AtMost}},
			ExistingSKI: profiles.ExistingKeyID([]byte{1, 2, 3}),
		}
		if p.Head().Kind == profiles.CrossCertifiedCA {
			v.ExistingName = []byte("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02US")
		}
		out, _ := p.Bind(v)
		return anyOrNil(out)
	case *profiles.RevocationListProfile:
		out, _ := p.Bind(profiles.RevocationListValues{
			Artifact: "a", IssuerKey: signer, Number: big.NewInt(7), ThisUpdate: "2026-12-01T00:00:00Z",
			NextUpdate: profiles.End{For: p.Validity.AtMost}, Issuer: urls,
			Entries: []profiles.RevokedEntry{{Serial: "cert:b.serial", Date: profiles.SigningTime, Reason: profiles.Superseded, CarriedOver: true}},
		})
		return anyOrNil(out)
	case *profiles.ResponseProfile:
		out, _ := p.Bind(profiles.ResponseValues{
			Artifact: "a", SignerKey: signer, Serial: "1f", Status: "revoked", ThisUpdate: profiles.SigningTime,
			NextUpdate: profiles.End{For: p.Validity.AtMost},
			Revoked:    &profiles.RevokedEntry{Serial: "1f", Date: "2026-12-01T00:00:00Z"},
		})
		return anyOrNil(out)
	case *profiles.RequestProfile:
		out, _ := p.Bind(profiles.RequestValues{Artifact: "a", Subject: given, SubjectKey: p.Keys[0]})
		return anyOrNil(out)
	}
	return nil
}

func anyOrNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}

// roundTrip marshals, reads strictly, and marshals again.
func roundTrip(t *testing.T, v any) {
	t.Helper()
	first, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var again any
	switch v.(type) {
	case *profiles.Certificate:
		again = new(profiles.Certificate)
	case *profiles.RevocationList:
		again = new(profiles.RevocationList)
	case *profiles.Response:
		again = new(profiles.Response)
	case *profiles.Request:
		again = new(profiles.Request)
	}
	strict(t, first, again)
	if d := cmp.Diff(v, again); d != "" {
		t.Errorf("differs after a round trip: %s", d)
	}
	second, err := json.Marshal(again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Errorf("first  %s\nsecond %s", first, second)
	}
	dec := json.NewDecoder(bytes.NewReader(first))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	checkNumbers(t, tree)
}

// checkNumbers finds numbers that are not small integers, which RFC 8785 would
// write through a float, and null, which no field of ours has.
func checkNumbers(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err != nil || i < 0 || i > 1000 {
			t.Errorf("the number %s", v)
		}
	case nil:
		t.Error("a null")
	case []any:
		for _, e := range v {
			checkNumbers(t, e)
		}
	case map[string]any:
		for _, e := range v {
			checkNumbers(t, e)
		}
	}
}

// Bound objects are what plan.json holds: reading them back loses nothing.
func TestRoundTrip(t *testing.T) {
	for _, r := range profiles.BuiltIns() {
		bound := bindAny(parse(t, r.Name, r.Data))
		if bound == nil {
			t.Errorf("%s cannot be bound", r.Name)
			continue
		}
		roundTrip(t, bound)
	}
	for _, file := range glob(t, "testdata/ok/*.yaml") {
		bound := bindAny(parse(t, file, readFile(t, file)))
		if bound == nil {
			t.Errorf("%s cannot be bound", file)
			continue
		}
		roundTrip(t, bound)
	}
}

// What is written in another form than the one we write is refused.
func TestClosedJSON(t *testing.T) {
	for _, bad := range []string{`{"der":"AB"}`, `{"der":"a"}`, `{"attributes":[{"oid":2}]}`, `{"name":"x"}`} {
		dec := json.NewDecoder(strings.NewReader(bad))
		dec.DisallowUnknownFields()
		if err := dec.Decode(new(profiles.Name)); err == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
	for _, id := range []profiles.OID{"", "1", "1.", "3.1", "1.40", "1.2.03", "1.2.-3", "1.2.x", "1.2.4294967296"} {
		if arcs, err := id.Identifier(); err == nil {
			t.Errorf("%q is read as %v", id, arcs)
		}
	}
}

// seeds are all profiles that lie around.
func seeds(f *testing.F) {
	for _, r := range profiles.BuiltIns() {
		f.Add(r.Data)
	}
	for _, name := range []string{"everything", "partial-crl", "request", "response"} {
		f.Add(readSeed(f, "testdata/ok/"+name+".yaml"))
	}
	for _, name := range []string{"values", "raw", "name_constraints", "subject", "head", "responder"} {
		f.Add(readSeed(f, "testdata/err/"+name+".yaml"))
	}
}

// FuzzParse: no input panics, and every problem has a place in the file.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, _ := source.Parse("p.yaml", data)
		p, err := profiles.Parse(doc)
		if (p == nil) != (err != nil) {
			t.Fatalf("profile %v with error %v", p, err)
		}
		for _, e := range asErrors(err) {
			if e.Pos.Line < 1 || e.Pos.Column < 1 || e.Msg == "" {
				t.Errorf("a problem without a place: %v", e)
			}
		}
	})
}

func asErrors(err error) source.Errors {
	list, _ := err.(source.Errors)
	return list
}

// FuzzRoundTrip: what can be read and bound survives its JSON form.
func FuzzRoundTrip(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, _ := source.Parse("p.yaml", data)
		p, err := profiles.Parse(doc)
		if err != nil {
			return
		}
		if bound := bindAny(p); bound != nil {
			roundTrip(t, bound)
		}
	})
}
