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

// Every profile that comes with the program, of any kind, raises nothing.
func TestEveryReadyProfile(t *testing.T) {
	l := newLinter(t)
	web := certificate(t, bindReady(t, "br-root", "Ready Root", 9), key(t, algorithm.ECDSAP384, "ready"), nil)
	private := certificate(t, bindReady(t, "private-root", "Ready Root", 20), key(t, algorithm.ECDSAP384, "ready-private"), nil)
	for _, r := range profiles.BuiltIns() {
		t.Run(r.Name, func(t *testing.T) {
			p := ready(t, r.Name)
			root := web
			if slices.Equal(p.Head().Purpose.Rules, []string{PackRFC5280}) {
				root = private
			}
			clean(t, l, readyObject(t, r.Name, p, root))
		})
	}
}

// readyObject makes the object of a built-in profile under a root.
func readyObject(t *testing.T, name string, p profiles.Profile, root *made) *made {
	t.Helper()
	switch p := p.(type) {
	case *profiles.RevocationListProfile:
		m := revocationList(t, bound[profiles.RevocationList](t)(p.Bind(profiles.RevocationListValues{
			Artifact: name, IssuerKey: algorithm.ECDSAP384, Number: big.NewInt(1),
			ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 11}},
		})), root, signing)
		return m
	case *profiles.ResponseProfile:
		return readyResponse(t, name, p, root)
	case *profiles.RequestProfile:
		r := bound[profiles.Request](t)(p.Bind(profiles.RequestValues{
			Artifact: name, Subject: values("", "Ready", 1).Subject, SubjectKey: algorithm.ECDSAP384,
		}))
		m := &made{obj: Object{Artifact: name, Declared: r}, key: key(t, algorithm.ECDSAP384, "ready-ca")}
		m.ctx = Context{Signing: signing, IssuerKey: spki(t, m.key)}
		var err error
		if m.tbs, err = templates.Request(r, spki(t, m.key)); err != nil {
			t.Fatal(err)
		}
		return resign(t, m, nil, m.tbs)
	}
	return readyCertificate(t, name, p.Head().Kind, root)
}

// readyCertificate makes the certificate of a built-in profile.
func readyCertificate(t *testing.T, name string, kind profiles.Kind, root *made) *made {
	t.Helper()
	switch kind {
	case profiles.RootCA:
		return certificate(t, bindReady(t, name, "Ready "+name, 9), key(t, algorithm.ECDSAP384, name), nil)
	case profiles.CrossCertifiedCA:
		x2, err := inspect.ParseCertificate(pemFile(t, "../examples/cross-2026/inputs/isrg-root-x2.pem"))
		if err != nil {
			t.Fatal(err)
		}
		v := values(name, "", 3)
		v.Subject, v.ExistingName, v.ExistingSKI = nil, x2.RawSubject, profiles.ExistingKeyID(subjectKeyID(x2.Extensions))
		c := bound[profiles.Certificate](t)(ready(t, name).(*profiles.CertificateProfile).Bind(v))
		return withKey(t, c, x2.RawSPKI, root, func(m *made) {
			m.ctx.Existing = x2
			m.ctx.Siblings = append(m.ctx.Siblings, Sibling{"isrg-root-x2", x2, nil})
		})
	case profiles.OCSPResponder:
		return certificate(t, bindReady(t, name, "Ready OCSP", 1), key(t, algorithm.ECDSAP384, "ready-ocsp"), root)
	}
	return certificate(t, bindReady(t, name, "Ready "+name, 3), key(t, algorithm.ECDSAP384, "ready-ca"), root)
}

// readyResponse makes the response of a built-in profile, by a ready responder.
func readyResponse(t *testing.T, name string, p *profiles.ResponseProfile, root *made) *made {
	t.Helper()
	by := certificate(t, bindReady(t, "ocsp-responder", "Ready OCSP", 1), key(t, algorithm.ECDSAP256, "ready-answers"), root)
	subject := certificate(t, bindReady(t, "tls-issuing-ca", "Ready CA", 3), key(t, algorithm.ECDSAP384, "ready-ca"), root)
	r := bound[profiles.Response](t)(p.Bind(profiles.ResponseValues{
		Artifact: name, SignerKey: algorithm.ECDSAP256, Serial: profiles.Serial(hexSerial(subject.cert.Serial)), Status: "good",
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 11}},
	}))
	return response(t, r, root, by, subject, revocationList(t, crlProfile(t, "ready-crl", 1), root, signing))
}
