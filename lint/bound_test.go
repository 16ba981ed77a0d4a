// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"fmt"
	"math/big"
	"os"
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// example parses a profile of the examples.
func example[P profiles.Profile](t testing.TB, path string) P {
	t.Helper()
	name := "../examples/" + path
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := source.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		t.Fatal(err)
	}
	return p.(P)
}

// values are those of a certificate under the example root.
func values(artifact, cn string, years int) profiles.CertificateValues {
	return profiles.CertificateValues{
		Artifact: artifact, SubjectKey: algorithm.ECDSAP384, IssuerKey: algorithm.ECDSAP384,
		Subject: []profiles.Assigned{
			{Type: "country", Value: "US"}, {Type: "organization", Value: "Example Trust"}, {Type: "common-name", Value: cn},
		},
		Validity: profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: profiles.End{For: source.Span{Years: years}}},
		Issuer: profiles.URLs{
			CRL: []string{"http://x1.c.example.com/root-x1.crl"}, CAIssuers: []string{"http://x1.i.example.com/root-x1.crt"}, OCSP: []string{"http://x1.o.example.com/"},
		},
	}
}

// bound fails the test on problems of binding.
func bound[T any](t testing.TB) func(*T, []profiles.Problem) *T {
	t.Helper()
	return func(v *T, ps []profiles.Problem) *T {
		t.Helper()
		for _, p := range ps {
			t.Error(p)
		}
		if v == nil {
			t.FailNow()
		}
		return v
	}
}

// rootProfile gives the bound root of the first example.
func rootProfile(t testing.TB) *profiles.Certificate {
	p := example[*profiles.CertificateProfile](t, "root-2026/profiles/root.yaml")
	return bound[profiles.Certificate](t)(p.Bind(values("root-x1-cert", "Example Root X1", 9)))
}

// issuingProfile gives a bound issuing CA of the first example.
func issuingProfile(t testing.TB, artifact, cn string) *profiles.Certificate {
	p := example[*profiles.CertificateProfile](t, "root-2026/profiles/tls-issuing.yaml")
	return bound[profiles.Certificate](t)(p.Bind(values(artifact, cn, 3)))
}

// delegateProfile gives the bound OCSP responder of the first example.
func delegateProfile(t testing.TB) *profiles.Certificate {
	v := values("ocsp-x1-cert", "Example Root X1 OCSP 2026", 1)
	v.SubjectKey = algorithm.ECDSAP256
	p := example[*profiles.CertificateProfile](t, "root-2026/profiles/ocsp-responder.yaml")
	return bound[profiles.Certificate](t)(p.Bind(v))
}

// crlProfile gives a bound CRL of the first example.
func crlProfile(t testing.TB, artifact string, number int64, entries ...profiles.RevokedEntry) *profiles.RevocationList {
	p := example[*profiles.RevocationListProfile](t, "root-2026/profiles/root-crl.yaml")
	return bound[profiles.RevocationList](t)(p.Bind(profiles.RevocationListValues{
		Artifact: artifact, IssuerKey: algorithm.ECDSAP384, Number: big.NewInt(number),
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 11}}, Entries: entries,
	}))
}

// responseProfile gives a bound OCSP response of the first example.
func responseProfile(t testing.TB, subject *made) *profiles.Response {
	p := example[*profiles.ResponseProfile](t, "root-2026/profiles/ocsp-response.yaml")
	return bound[profiles.Response](t)(p.Bind(profiles.ResponseValues{
		Artifact: "status-1", SignerKey: algorithm.ECDSAP256, Serial: profiles.Serial(hexSerial(subject.cert.Serial)), Status: "good",
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 11}},
	}))
}

// newLinter makes a linter without the costly lints.
func newLinter(t testing.TB, waivers ...Waiver) *Linter {
	t.Helper()
	l, err := New(Options{Waivers: waivers})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// theRoot makes the example root.
func theRoot(t testing.TB) *made {
	return certificate(t, rootProfile(t), key(t, algorithm.ECDSAP384, "root"), nil)
}

// theIssuing makes an issuing CA under it.
func theIssuing(t testing.TB, root *made) *made {
	return certificate(t, issuingProfile(t, "e1-cert", "E1"), key(t, algorithm.ECDSAP384, "e1"), root)
}

// found reports whether a rule has a finding of at least that weight.
func found(r Report, rule string, level Status) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == rule && f.Status == level })
}

// show lists findings for a failed test.
func show(r Report) string {
	var b bytes.Buffer
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\n  %s %s %s [%s] %s %s", f.Engine, f.Rule, f.Status, f.Field, f.Text(), f.Suppressed)
	}
	return b.String()
}
