// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"math/big"
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// Every profile that comes with the program, of any kind, raises nothing. Those that
// take RSA alone are left to package files, which has such keys ready made.
func TestEveryBuiltInProfile(t *testing.T) {
	l := newLinter(t)
	web := certificate(t, bindBuiltIn(t, "br-root", "Built-in Root", 9), key(t, algorithm.ECDSAP384, "builtin"), nil)
	private := certificate(t, bindBuiltIn(t, "private-root", "Built-in Root", 20), key(t, algorithm.ECDSAP384, "builtin-private"), nil)
	for _, r := range profiles.BuiltIns() {
		t.Run(r.Name, func(t *testing.T) {
			p := builtIn(t, r.Name)
			if slices.Contains(p.Head().Purpose.Rules, PackCodeSigning) {
				return
			}
			root := web
			if slices.Equal(p.Head().Purpose.Rules, []string{PackRFC5280}) {
				root = private
			}
			clean(t, l, builtInObject(t, r.Name, p, root))
		})
	}
}

// builtInObject makes the object of a built-in profile under a root.
func builtInObject(t *testing.T, name string, p profiles.Profile, root *made) *made {
	t.Helper()
	switch p := p.(type) {
	case *profiles.RevocationListProfile:
		m := revocationList(t, bound[profiles.RevocationList](t)(p.Bind(profiles.RevocationListValues{
			Artifact: name, IssuerKey: algorithm.ECDSAP384, Number: big.NewInt(1),
			ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: p.Validity.AtMost}, Issuer: values("", "", 1).Issuer,
		})), root, signing)
		return m
	case *profiles.ResponseProfile:
		return builtInResponse(t, name, p, root)
	case *profiles.RequestProfile:
		subject := values("", "Built-in", 1).Subject
		if len(p.Subject) == 2 {
			subject = subject[1:] // a private CA has no country
		}
		r := bound[profiles.Request](t)(p.Bind(profiles.RequestValues{
			Artifact: name, Subject: subject, SubjectKey: algorithm.ECDSAP384,
		}))
		m := &made{obj: Object{Artifact: name, Declared: r}, key: key(t, algorithm.ECDSAP384, "builtin-ca")}
		m.ctx = Context{Signing: signing, IssuerKey: spki(t, m.key)}
		var err error
		if m.tbs, err = templates.Request(r, spki(t, m.key)); err != nil {
			t.Fatal(err)
		}
		return resign(t, m, nil, m.tbs)
	}
	return builtInCertificate(t, name, p.Head().Kind, root)
}

// builtInCertificate makes the certificate of a built-in profile.
func builtInCertificate(t *testing.T, name string, kind profiles.Kind, root *made) *made {
	t.Helper()
	switch kind {
	case profiles.RootCA:
		return certificate(t, bindBuiltIn(t, name, "Built-in "+name, 9), key(t, algorithm.ECDSAP384, name), nil)
	case profiles.CrossCertifiedCA:
		x2, err := inspect.ParseCertificate(pemFile(t, "../examples/cross-2026/inputs/isrg-root-x2.pem"))
		if err != nil {
			t.Fatal(err)
		}
		v := values(name, "", 3)
		v.Subject, v.ExistingName, v.ExistingSKI = nil, x2.RawSubject, profiles.ExistingKeyID(subjectKeyID(x2.Extensions))
		c := bound[profiles.Certificate](t)(builtIn(t, name).(*profiles.CertificateProfile).Bind(v))
		return withKey(t, c, x2.RawSPKI, root, func(m *made) {
			m.ctx.Existing = x2
			m.ctx.Siblings = append(m.ctx.Siblings, Sibling{"isrg-root-x2", x2, nil})
		})
	case profiles.OCSPResponder:
		return certificate(t, bindBuiltIn(t, name, "Built-in OCSP", 1), key(t, algorithm.ECDSAP384, "builtin-ocsp"), root)
	}
	return certificate(t, bindBuiltIn(t, name, "Built-in "+name, 3), key(t, algorithm.ECDSAP384, "builtin-ca"), root)
}

// builtInResponse makes the response of a built-in profile, by a built-in responder.
func builtInResponse(t *testing.T, name string, p *profiles.ResponseProfile, root *made) *made {
	t.Helper()
	by := certificate(t, bindBuiltIn(t, "ocsp-responder", "Built-in OCSP", 1), key(t, algorithm.ECDSAP256, "builtin-answers"), root)
	subject := certificate(t, bindBuiltIn(t, "tls-issuing-ca", "Built-in CA", 3), key(t, algorithm.ECDSAP384, "builtin-ca"), root)
	r := bound[profiles.Response](t)(p.Bind(profiles.ResponseValues{
		Artifact: name, SignerKey: algorithm.ECDSAP256, Serial: profiles.Serial(hexSerial(subject.cert.Serial)), Status: "good",
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 11}},
	}))
	return response(t, r, root, by, subject, revocationList(t, crlProfile(t, "builtin-crl", 1), root, signing))
}
