// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/pem"
	"os"
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/templates"
)

// pemFile reads the DER of a PEM file.
func pemFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		t.Fatalf("%s holds no PEM", name)
	}
	return block.Bytes
}

// theCross makes the cross-certificate of ISRG Root X2 of the third example.
func theCross(t testing.TB, root *made) *made {
	t.Helper()
	x2, err := inspect.ParseCertificate(pemFile(t, "../examples/cross-2026/inputs/isrg-root-x2.pem"))
	if err != nil {
		t.Fatal(err)
	}
	v := values("isrg-root-x2-by-x1", "", 3)
	v.Subject, v.ExistingName, v.ExistingSKI = nil, x2.RawSubject, profiles.ExistingKeyID(subjectKeyID(x2.Extensions))
	p := example[*profiles.CertificateProfile](t, "cross-2026/profiles/cross.yaml")
	return withKey(t, bound[profiles.Certificate](t)(p.Bind(v)), x2.RawSPKI, root, func(m *made) {
		m.ctx.Existing = x2
		m.ctx.Siblings = append(m.ctx.Siblings, Sibling{"isrg-root-x2", x2, nil})
	})
}

// withKey makes a certificate for a key that only its public half is known of.
func withKey(t testing.TB, c *profiles.Certificate, public []byte, root *made, more func(*made)) *made {
	t.Helper()
	m := certificate(t, c, key(t, algorithm.ECDSAP384, "e1"), root)
	tbs, err := templates.Certificate(c, public, serialFor(t, c.Artifact, c.SerialOctets), signing, root.issuer(t))
	if err != nil {
		t.Fatal(err)
	}
	m.key = nil
	m = resign(t, m, root, tbs)
	more(m)
	return m
}

// thePartner makes the partner's CA of the third example, from its request.
func thePartner(t testing.TB, root *made) *made {
	t.Helper()
	r, err := inspect.ParseRequest(pemFile(t, "../examples/cross-2026/inputs/partner.csr.pem"))
	if err != nil {
		t.Fatal(err)
	}
	v := values("partner-cert", "", 3)
	v.Subject = []profiles.Assigned{
		{Type: "country", Value: "NL"}, {Type: "organization", Value: "Example Partner"}, {Type: "common-name", Value: "Partner TLS CA 1"},
	}
	p := example[*profiles.CertificateProfile](t, "cross-2026/profiles/tls-issuing.yaml")
	return withKey(t, bound[profiles.Certificate](t)(p.Bind(v)), r.RawSPKI, root, func(m *made) { m.ctx.Request = r })
}

// theRequest makes the request of the second example.
func theRequest(t testing.TB) *made {
	t.Helper()
	p := example[*profiles.RequestProfile](t, "issuing-2027/profiles/request.yaml")
	r := bound[profiles.Request](t)(p.Bind(profiles.RequestValues{
		Artifact: "e2-request", Subject: values("", "E2", 1).Subject, SubjectKey: algorithm.ECDSAP384,
	}))
	k := key(t, algorithm.ECDSAP384, "e2")
	m := &made{obj: Object{Artifact: r.Artifact, Declared: r}, key: k}
	m.ctx = Context{Signing: signing, IssuerKey: spki(t, k)}
	var err error
	if m.tbs, err = templates.Request(r, spki(t, k)); err != nil {
		t.Fatal(err)
	}
	m = resign(t, m, nil, m.tbs)
	if m.req, err = inspect.ParseRequest(m.der); err != nil {
		t.Fatal(err)
	}
	return m
}

// theRevoking makes a second CRL that revokes e1, after a first one.
func theRevoking(t testing.TB, root, e1 *made) *made {
	t.Helper()
	first := revocationList(t, crlProfile(t, "crl-1", 1), root, signing)
	later := date("2027-06-01T09:00:00Z")
	m := revocationList(t, crlProfile(t, "crl-2", 2, profiles.RevokedEntry{
		Serial: profiles.Serial(hexSerial(e1.cert.Serial)), Date: profiles.SigningTime, Reason: profiles.Superseded,
	}), root, later)
	m.ctx.First, m.ctx.Previous = false, first.crl
	m.ctx.Revoked[hexSerial(e1.cert.Serial)] = e1.cert
	m.ctx.Siblings = []Sibling{{"e1-cert", e1.cert, nil}, {"root-x1-cert", root.cert, nil}}
	beside, err := inspect.ParseRevocationList(extend(t, first, root, inspect.OIDDeltaCRLIndicator, critical, []byte{2, 1, 0}).der)
	if err != nil {
		t.Fatal(err)
	}
	m.ctx.Earlier.CRLs = []EarlierCRL{{"delta", beside}} // of the same number
	return m
}

// thePart makes a partitioned CRL.
func thePart(t testing.TB, root, e1 *made) *made {
	t.Helper()
	l := crlProfile(t, "crl-part", 1)
	l.Extensions = append(slices.Clone(l.Extensions), profiles.Extension{
		Name: ext.NameIssuingPoint, Critical: true,
		Value: ext.IssuingPoint{URLs: []string{"http://x1.c.example.com/root-x1.crl"}, OnlyCACerts: true},
	})
	m := revocationList(t, l, root, signing)
	m.ctx.Siblings = []Sibling{{"e1-cert", e1.cert, e1.obj.certificate()}}
	return m
}

// tree makes a subtree.
func tree(kind, value string) ext.GeneralSubtree {
	return ext.GeneralSubtree{Type: kind, Value: value}
}

// constraints make a complete set for TLS.
func constraints(t testing.TB) ext.NameConstraints {
	return ext.NameConstraints{
		Permitted: []ext.GeneralSubtree{
			tree("dns", "example.com"),
			{Type: "directory", Directory: &profiles.Name{Attributes: []profiles.Attribute{attr(t, "country", "US")}}},
		},
		Excluded: []ext.GeneralSubtree{tree("ip", "0.0.0.0/0"), tree("ip", "::/0"), tree("dns", "secret.example.com")},
	}
}

// constrainedProfile gives a bound technically constrained TLS CA.
func constrainedProfile(t testing.TB) *profiles.Certificate {
	c := aimed(issuingProfile(t, "nc-cert", "NC"), profiles.TLSConstrained)
	return plus(c, profiles.Extension{Name: ext.NameNameConstraints, Critical: true, Value: constraints(t)})
}

// smimeProfile gives a bound S/MIME CA.
func smimeProfile(t testing.TB) *profiles.Certificate {
	c := aimed(issuingProfile(t, "mail-cert", "Mail CA"), profiles.SMIMEConstrained, PackTLS, PackSMIME)
	c = plus(policied(purposed(c, purposeEmail), policyEmail+"1.2"), profiles.Extension{
		Name: ext.NameNameConstraints, Critical: true, Value: ext.NameConstraints{
			Permitted: []ext.GeneralSubtree{tree("email", "example.com"), constraints(t).Permitted[1]},
		},
	})
	return c
}

// codeProfile gives a bound code signing CA.
func codeProfile(t testing.TB) *profiles.Certificate {
	c := aimed(issuingProfile(t, "code-cert", "Code CA"), profiles.CodeSigning, PackTLS, PackCodeSigning)
	return policied(purposed(c, purposeCode), policyCode)
}

// timeProfile gives a bound time stamping CA.
func timeProfile(t testing.TB) *profiles.Certificate {
	c := aimed(issuingProfile(t, "time-cert", "Time CA"), profiles.TimeStamping, PackTLS, PackCodeSigning)
	return policied(purposed(c, purposeTime), policyTime)
}

// goodObjects are objects of every kind that conform, by name.
func goodObjects(t testing.TB) map[string]*made {
	t.Helper()
	root := theRoot(t)
	e1 := theIssuing(t, root)
	delegate := certificate(t, delegateProfile(t), key(t, algorithm.ECDSAP256, "ocsp"), root)
	crl := revocationList(t, crlProfile(t, "crl-1", 1), root, signing)
	status := response(t, responseProfile(t, e1), root, delegate, e1, crl)
	days := responseProfile(t, e1)
	days.NextUpdate, days.Purpose.Rules = profiles.End{For: source.Span{Days: 6}}, append(slices.Clone(days.Purpose.Rules), PackMicrosoft)
	crl.ctx.Responses = []Answer{status.answer(t)} // signed before it, and of the same mind
	return map[string]*made{
		"root": root, "issuing": e1, "delegate": delegate, "crl": crl,
		"response":    status,
		"days":        response(t, days, root, delegate, e1, crl),
		"cross":       theCross(t, root),
		"partner":     thePartner(t, root),
		"request":     theRequest(t),
		"revoking":    theRevoking(t, root, e1),
		"part":        thePart(t, root, e1),
		"constrained": certificate(t, constrainedProfile(t), key(t, algorithm.ECDSAP384, "nc"), root),
		"smime":       certificate(t, smimeProfile(t), key(t, algorithm.ECDSAP384, "mail"), root),
		"code":        certificate(t, codeProfile(t), key(t, algorithm.ECDSAP384, "code"), root),
		"time":        certificate(t, timeProfile(t), key(t, algorithm.ECDSAP384, "time"), root),
	}
}
