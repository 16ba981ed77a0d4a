// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ocsp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/templates"
)

func TestCertificates(t *testing.T) {
	root := fakeRoot(t)
	_, e1 := fakeIssuing(t, root)
	golden(t, "root", root.der)
	golden(t, "e1", e1.der)
	if out := openssl(t, nil, "verify", "-x509_strict", "-check_ss_sig", "-attime", "1796120000",
		"-CAfile", pemFile(t, "CERTIFICATE", root.der), pemFile(t, "CERTIFICATE", e1.der)); !strings.Contains(out, "OK") {
		t.Error(out)
	}
	x := certificate(t, e1.der)
	if err := x.CheckSignatureFrom(certificate(t, root.der)); err != nil {
		t.Error(err)
	}
	if !x.NotBefore.Equal(signing.Truncate(24*time.Hour)) || !x.NotAfter.Equal(time.Date(2029, 11, 30, 23, 59, 59, 0, time.UTC)) {
		t.Errorf("valid from %s to %s", x.NotBefore, x.NotAfter)
	}
	if x.SerialNumber.BitLen() > 127 || len(x.SerialNumber.Bytes()) != 16 || x.MaxPathLen != 0 || !x.MaxPathLenZero {
		t.Errorf("serial number %x, path length %d", x.SerialNumber, x.MaxPathLen)
	}
}

func certificate(t testing.TB, der []byte) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every extension in every form that a CA can have, in the order of the file,
// with a name of every attribute.
func TestEverything(t *testing.T) {
	root := authority{signer: fakeRSA(t), Issuer: fakeRoot(t).Issuer}
	key := fakeEC(t, algorithm.ECDSAP521, 0x33)
	p := profile[*profiles.CertificateProfile](t, "../profiles/testdata/ok/everything.yaml")
	var names []profiles.Assigned
	values := map[string]string{"country": "DE", "domain-component": "example", "email": "ca@example.com"}
	for _, a := range p.Subject {
		v := values[a.Type]
		if v == "" {
			v = "FAKE " + a.Type
		}
		names = append(names, profiles.Assigned{Type: a.Type, Value: v})
	}
	c, problems := p.Bind(profiles.CertificateValues{
		Artifact: "everything", Subject: names, SubjectKey: key.algorithm, IssuerKey: root.algorithm, Issuer: urls,
		Validity: profiles.Validity{NotBefore: "2045-06-01T00:00:00Z", NotAfter: years(10)},
	})
	if problems != nil {
		t.Fatal(problems)
	}
	all := issue(t, c, key, root, 0x7f)
	golden(t, "everything", all.der)
	text := openssl(t, all.der, "x509", "-inform", "DER", "-noout", "-text", "-nameopt", "sep_comma_plus,utf8,sname")
	for _, want := range []string{
		"DC=example,DC=example,C=DE,ST=", "street=FAKE street,street=FAKE street,", "emailAddress=ca@example.com",
		"Not After : May 31 23:59:59 2055 GMT", "Key Usage: \n", "CRL Sign", "CA:TRUE, pathlen:3",
		"Any Extended Key Usage", "Explicit Text: Notice only", "IP:192.0.2.0/255.255.255.0",
		"IP:2001:DB8:0:0:0:0:0:0/FFFF:FFFF:8000:0:0:0:0:0", "IP:0.0.0.0/0.0.0.0", "DirName:C = US, O = Example",
		"email:.example.com", "URI:host.example.com", "OCSP - URI:http://x1.o.example.com/",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("openssl does not show %q", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestRevocationList(t *testing.T) {
	root := fakeRoot(t)
	p := profile[*profiles.RevocationListProfile](t, "ca-crl")
	bindList := func(entries ...profiles.RevokedEntry) *profiles.RevocationList {
		l, problems := p.Bind(profiles.RevocationListValues{
			Artifact: "crl", IssuerKey: root.algorithm, Number: big.NewInt(128), ThisUpdate: profiles.SigningTime,
			NextUpdate: profiles.End{For: source.Span{Months: 11}}, Entries: entries,
		})
		if problems != nil {
			t.Fatal(problems)
		}
		return l
	}
	sign := func(l *profiles.RevocationList) []byte {
		tbs, err := templates.RevocationList(l, signing, root.Issuer)
		if err != nil {
			t.Fatal(err)
		}
		return assemble(t, tbs, l.Signature, root.signer)
	}
	empty := sign(bindList())
	golden(t, "crl-empty", empty)
	full := sign(bindList(
		profiles.RevokedEntry{Serial: profiles.Serial("7f" + strings.Repeat("a5", 15)), Date: profiles.SigningTime, Reason: profiles.Superseded},
		profiles.RevokedEntry{Serial: "80", Date: profiles.SigningDay, Reason: profiles.KeyCompromise},
		profiles.RevokedEntry{Serial: "7f", Date: "2026-01-02T03:04:05Z"},
		profiles.RevokedEntry{Serial: "ffff", Date: "2051-01-02T03:04:05Z", Reason: profiles.PrivilegeWithdrawn},
	))
	golden(t, "crl", full)
	for _, der := range [][]byte{empty, full} {
		if out := openssl(t, der, "crl", "-inform", "DER", "-noout", "-CAfile", pemFile(t, "CERTIFICATE", root.der)); !strings.Contains(out, "verify OK") {
			t.Error(out)
		}
	}
	x, err := x509.ParseRevocationList(full)
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, e := range x.RevokedCertificateEntries[:3] {
		got = append(got, e.SerialNumber.Int64(), int64(e.ReasonCode))
	}
	if d := cmp.Diff([]int64{0x7f, 0, 0x80, 1, 0xffff, 9}, got); d != "" {
		t.Error(d)
	}
}

// A CRL of a part, with every field that it can have.
func TestPartialRevocationList(t *testing.T) {
	root := authority{signer: fakeRSA(t), Issuer: fakeRoot(t).Issuer}
	p := profile[*profiles.RevocationListProfile](t, "../profiles/testdata/ok/partial-crl.yaml")
	l, problems := p.Bind(profiles.RevocationListValues{
		Artifact: "crl", IssuerKey: root.algorithm, Number: new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 159), big.NewInt(1)),
		ThisUpdate: "2049-12-31T23:59:59Z", NextUpdate: profiles.End{For: source.Span{Days: 10}}, Issuer: urls,
	})
	if problems != nil {
		t.Fatal(problems)
	}
	tbs, err := templates.RevocationList(l, signing, root.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	der := assemble(t, tbs, l.Signature, root.signer)
	golden(t, "crl-partial", der)
	text := openssl(t, der, "crl", "-inform", "DER", "-noout", "-text")
	for _, want := range []string{"Only User Certificates", "URI:http://c.example.com/1.crl", "Next Update: Jan 10 23:59:58 2050 GMT", "CA Issuers"} {
		if !strings.Contains(text, want) {
			t.Errorf("openssl does not show %q in %s", want, text)
		}
	}
}

func TestRequest(t *testing.T) {
	key := fakeEC(t, algorithm.ECDSAP384, 0x22)
	r, problems := profile[*profiles.RequestProfile](t, "certificate-request").Bind(profiles.RequestValues{
		Artifact: "request", Subject: subject("US", "Example Trust", "FAKE E2"), SubjectKey: key.algorithm,
	})
	if problems != nil {
		t.Fatal(problems)
	}
	rsa := fakeRSA(t)
	asking, problems := profile[*profiles.RequestProfile](t, "../profiles/testdata/ok/request.yaml").Bind(profiles.RequestValues{
		Artifact: "asking", Subject: subject("US", "Example Trust", "FAKE E3")[2:], SubjectKey: rsa.algorithm,
	})
	if problems != nil {
		t.Fatal(problems)
	}
	for name, c := range map[string]struct {
		r   *profiles.Request
		key signer
	}{"request": {r, key}, "request-extensions": {asking, rsa}} {
		info, err := templates.Request(c.r, c.key.spki)
		if err != nil {
			t.Fatal(err)
		}
		der := assemble(t, info, c.r.Signature, c.key)
		golden(t, name, der)
		if out := openssl(t, der, "req", "-inform", "DER", "-noout", "-verify", "-text"); !strings.Contains(out, "self-signature verify OK") {
			t.Errorf("%s: %s", name, out)
		}
		x, err := x509.ParseCertificateRequest(der)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.CheckSignature(); err != nil || len(x.Extensions) != len(c.r.Extensions) {
			t.Errorf("%s: %v, extensions %v", name, err, x.Extensions)
		}
	}
}

func TestResponse(t *testing.T) {
	root := fakeRoot(t)
	_, e1 := fakeIssuing(t, root)
	key := fakeEC(t, algorithm.ECDSAP256, 0x44)
	responder := issue(t, bind(t, "ocsp-responder", profiles.CertificateValues{
		Artifact: "ocsp", Subject: subject("US", "Example Trust", "FAKE OCSP"), SubjectKey: key.algorithm,
		IssuerKey: root.algorithm, Validity: profiles.Validity{NotBefore: profiles.SigningDay, NotAfter: years(1)},
	}), key, root, 0x53)
	golden(t, "ocsp-cert", responder.der)

	number := certificate(t, e1.der).SerialNumber.Text(16)
	p := profile[*profiles.ResponseProfile](t, "ocsp-response")
	for _, status := range []string{"good", "revoked"} {
		v := profiles.ResponseValues{
			Artifact: "status", SignerKey: key.algorithm, Serial: profiles.Serial(number), Status: status,
			ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Days: 300}},
		}
		if status == "revoked" {
			v.Revoked = &profiles.RevokedEntry{Serial: profiles.Serial(number), Date: profiles.SigningDay, Reason: profiles.CessationOfOperation}
		}
		r, problems := p.Bind(v)
		if problems != nil {
			t.Fatal(problems)
		}
		checkResponse(t, r, root, e1, responder)
	}
}

// checkResponse signs a response and reads it with two readers.
func checkResponse(t *testing.T, r *profiles.Response, root, about, responder authority) {
	t.Helper()
	for _, form := range []struct {
		hash string
		by   profiles.ResponderID
	}{{"sha1", profiles.ResponderByKey}, {"sha256", profiles.ResponderByName}} {
		c := *r
		c.CertIDHash, c.Responder = algorithm.Hash(form.hash), form.by
		data, err := templates.Response(&c, signing, root.Issuer, responder.Issuer)
		if err != nil {
			t.Fatal(err)
		}
		der, err := templates.AssembleResponse(data, c.Signature, responder.sign(t, c.Signature, data), [][]byte{responder.der})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "ocsp-"+c.Status+"-"+form.hash, der)
		x, err := ocsp.ParseResponseForCert(der, certificate(t, about.der), certificate(t, root.der))
		if err != nil {
			t.Fatal(err)
		}
		if !x.ProducedAt.Equal(signing) || !x.ThisUpdate.Equal(signing) || !x.NextUpdate.Equal(signing.Add(300*24*time.Hour-time.Second)) {
			t.Errorf("produced %s, from %s to %s", x.ProducedAt, x.ThisUpdate, x.NextUpdate)
		}
		point := elementOf(t, responder.spki, 1)[2:] // after tag, length and unused bits
		if by := sha1.Sum(point[1:]); form.by == profiles.ResponderByKey && !bytes.Equal(x.ResponderKeyHash, by[:]) {
			t.Errorf("responder %x", x.ResponderKeyHash)
		}
		text := openssl(t, nil, "ocsp", "-respin", temp(t, "r.der", der), "-issuer", pemFile(t, "CERTIFICATE", root.der),
			"-"+form.hash, "-cert", pemFile(t, "CERTIFICATE", about.der), "-CAfile", pemFile(t, "CERTIFICATE", root.der),
			"-attime", "1796120000", "-no_nonce", "-validity_period", "1000000000")
		if !strings.Contains(text, "Response verify OK") || !strings.Contains(text, ": "+c.Status) {
			t.Errorf("%s: %s", form.hash, text)
		}
	}
}

// elementOf returns the n-th element of a SEQUENCE.
func elementOf(t testing.TB, der []byte, n int) []byte {
	t.Helper()
	var seq []asn1.RawValue
	if _, err := asn1.Unmarshal(der, &seq); err != nil {
		t.Fatal(err)
	}
	return seq[n].FullBytes
}
