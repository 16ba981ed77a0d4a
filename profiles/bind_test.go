// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// builtIn parses a built-in profile.
func builtIn[P profiles.Profile](t *testing.T, name string) P {
	t.Helper()
	r, ok := profiles.BuiltInByName(name)
	if !ok {
		t.Fatalf("no profile %s", name)
	}
	return parse(t, name+".yaml", r.Data).(P)
}

func years(n int) source.Span { return source.Span{Years: n} }

// subject is a name that the built-in profiles accept.
func subject(cn string) []profiles.Assigned {
	return []profiles.Assigned{
		{Type: "common-name", Value: cn},
		{Type: "country", Value: "US"},
		{Type: "organization", Value: "Example Trust"},
	}
}

func values() profiles.CertificateValues {
	return profiles.CertificateValues{
		Artifact:   "e1-cert",
		Subject:    subject("E1"),
		SubjectKey: algorithm.ECDSAP384,
		IssuerKey:  algorithm.ECDSAP384,
		Validity:   profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: profiles.End{For: years(3)}},
		Issuer: profiles.URLs{
			CRL:       []string{"http://x1.c.example.com/root-x1.crl"},
			CAIssuers: []string{"http://x1.i.example.com/root-x1.crt"},
			OCSP:      []string{"http://x1.o.example.com/"},
		},
	}
}

func fixed(s string) profiles.Moment { return profiles.Moment(s) }

func until(s string) profiles.End { return profiles.End{Time: fixed(s)} }

// The plan entry that was agreed on before the code is what binding gives.
func TestBindPlanEntry(t *testing.T) {
	file := "../examples/root-2026/profiles/tls-issuing.yaml"
	p := parse(t, file, readFile(t, file)).(*profiles.CertificateProfile)
	c, problems := p.Bind(values())
	if problems != nil {
		t.Fatal(problems)
	}
	var entry struct {
		Certificate json.RawMessage `json:"certificate"`
	}
	if err := json.Unmarshal(readFile(t, "../docs/formats/plan-entry.json"), &entry); err != nil {
		t.Fatal(err)
	}
	var want profiles.Certificate
	strict(t, entry.Certificate, &want)
	if d := cmp.Diff(&want, c); d != "" {
		t.Error(d)
	}
}

// strict reads JSON that has no other keys than v.
func strict(t *testing.T, data []byte, v any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}

// Each case changes good values; what binding says about it is in a golden.
func TestBindCertificateProblems(t *testing.T) {
	p := builtIn[*profiles.CertificateProfile](t, "tls-issuing-ca")
	var out strings.Builder
	for _, c := range slices.Concat(subjectCases, issuerCases, validityCases) {
		v := values()
		c.edit(&v)
		bound, problems := p.Bind(v)
		if (bound == nil) != (problems != nil) {
			t.Errorf("%s: a certificate in spite of %v, or neither", c.name, problems)
		}
		report(&out, p, c.name, problems)
	}
	golden(t, "testdata/bind_certificate.out", out.String())
}

// report writes problems with their place in the profile.
func report(out *strings.Builder, p profiles.Profile, name string, problems []profiles.Problem) {
	fmt.Fprintf(out, "%s\n", name)
	for _, problem := range problems {
		pos, path := p.Head().Pos(problem.Field)
		fmt.Fprintf(out, "  %d:%d %s: %v", pos.Line, pos.Column, path, problem)
		if problem.Hint != "" {
			fmt.Fprintf(out, " [%s]", problem.Hint)
		}
		out.WriteString("\n")
	}
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func TestBindOtherProblems(t *testing.T) {
	var out strings.Builder
	root := builtIn[*profiles.CertificateProfile](t, "br-root")
	v := values()
	for _, length := range []source.Span{{Days: 2921}, {Days: 2922}, {Years: 8}, {Years: 10}, {Years: 10, Seconds: 1}, {Days: 3652}, {Days: 3653}} {
		v.Validity.NotAfter.For = length
		_, problems := root.Bind(v)
		report(&out, root, "root for "+length.String(), problems)
	}

	cross := builtIn[*profiles.CertificateProfile](t, "cross-certified-ca")
	_, problems := cross.Bind(values())
	report(&out, cross, "cross with a subject and without an existing certificate", problems)

	list := builtIn[*profiles.RevocationListProfile](t, "ca-crl")
	_, problems = list.Bind(profiles.RevocationListValues{
		IssuerKey: algorithm.ECDSAP384, Number: new(big.Int).Lsh(big.NewInt(1), 159),
		ThisUpdate: "yesterday", NextUpdate: profiles.End{For: years(1)},
		Entries: []profiles.RevokedEntry{
			{Serial: "0a", Date: profiles.SigningTime},
			{Serial: "a", Date: "2026-13-01T00:00:00Z"},
			{Serial: "a", Date: profiles.SigningTime, Reason: "unspecified"},
			{Serial: profiles.Serial("-8" + strings.Repeat("0", 39)), Date: profiles.SigningTime, InvalidityDate: "never"},
			{Serial: "cert:.serial", Date: profiles.SigningTime},
			{Serial: "cert:e1-cert.serial", Date: profiles.SigningTime},
		},
	})
	report(&out, list, "CRL", problems)
	_, problems = list.Bind(profiles.RevocationListValues{
		Artifact: "crl", IssuerKey: algorithm.RSA2048, Number: big.NewInt(0),
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 12, Seconds: 1}},
	})
	report(&out, list, "CRL a second too long", problems)

	response := builtIn[*profiles.ResponseProfile](t, "ocsp-response")
	for _, status := range []string{"good", "revoked", "unknown"} {
		_, problems = response.Bind(profiles.ResponseValues{
			Artifact: "r", SignerKey: algorithm.ECDSAP256, Serial: "x", Status: status,
			ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Days: 400}},
			Revoked: map[string]*profiles.RevokedEntry{"good": {Serial: "1", Date: profiles.SigningTime}}[status],
		})
		report(&out, response, "response "+status, problems)
	}

	request := builtIn[*profiles.RequestProfile](t, "certificate-request")
	_, problems = request.Bind(profiles.RequestValues{Subject: subject("X")[:2], SubjectKey: algorithm.ECDSAP256})
	report(&out, request, "request", problems)
	golden(t, "testdata/bind_other.out", out.String())
}

// Several fitting algorithms leave a choice open that nobody made.
func TestBindSignatureChoice(t *testing.T) {
	data := strings.Replace(string(builtInData(t, "private-root")), "ecdsa-sha384,", "ecdsa-sha384, ecdsa-sha256,", 1)
	p := parse(t, "private-root.yaml", []byte(data)).(*profiles.CertificateProfile)
	v := values()
	v.Subject = subject("Root")[:1]
	v.Subject = append(v.Subject, profiles.Assigned{Type: "organization", Value: "Example"})
	_, problems := p.Bind(v)
	if len(problems) != 1 || problems[0].Field != (profiles.Field{Member: "signature"}) {
		t.Errorf("got %v", problems)
	}
	v.IssuerKey = algorithm.RSA4096
	if c, problems := p.Bind(v); problems != nil || c.Signature != algorithm.SHA384RSA {
		t.Errorf("got %v, %v", c, problems)
	}
}

func builtInData(t *testing.T, name string) []byte {
	t.Helper()
	r, ok := profiles.BuiltInByName(name)
	if !ok {
		t.Fatalf("no profile %s", name)
	}
	return r.Data
}

// Binding must not change the profile, which is bound many times.
func TestBindLeavesProfile(t *testing.T) {
	p := builtIn[*profiles.CertificateProfile](t, "tls-issuing-ca")
	before := fmt.Sprintf("%+v %+v", p.Extensions, p.Head().Purpose)
	c, problems := p.Bind(values())
	if problems != nil {
		t.Fatal(problems)
	}
	c.Purpose.Rules[0] = "changed"
	if after := fmt.Sprintf("%+v %+v", p.Extensions, p.Head().Purpose); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
}

// A name that exists is kept byte for byte when it is what the profile would
// have made.
func TestBindExistingName(t *testing.T) {
	p := builtIn[*profiles.CertificateProfile](t, "tls-issuing-ca")
	for _, c := range []struct{ tag, field string }{
		{"0c", ""}, // UTF8String
		{"13", "subject.organization"},
	} {
		der := unhex("3025" + "310b3009060355040613025553" + "310a3008060355040a" + c.tag + "0141" + "310a300806035504030c0145")
		v := values()
		v.Subject, v.ExistingName = nil, der
		bound, problems := p.Bind(v)
		switch {
		case c.field == "" && (problems != nil || string(bound.Subject.DER) != string(der)):
			t.Errorf("%v", problems)
		case c.field != "" && (len(problems) != 1 || problems[0].Field.String() != c.field):
			t.Errorf("got %v, want a problem of %s", problems, c.field)
		}
	}
}
