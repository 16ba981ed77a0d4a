// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/inspect"
)

// damaged changes the last octet of a signature.
func damaged(signature []byte) []byte {
	out := slices.Clone(signature)
	out[len(out)-1] ^= 1
	return out
}

// damagedCert is a certificate with another signature.
func damagedCert(c *inspect.Certificate) *inspect.Certificate {
	out := *c
	out.Signature = damaged(c.Signature)
	return &out
}

// forgedDER is a certificate of the same bytes that nobody signed.
func forgedDER(t *testing.T, c *inspect.Certificate) []byte {
	t.Helper()
	der, err := assemble(c.RawTBS, c.OuterAlgorithm, damaged(c.Signature))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// A response from outside counts as one of a CA where the CA signed it, or a responder
// in it that the CA certified (RFC 6960 4.2.2.2): another's could call a certificate good.
func TestCheckResponder(t *testing.T) {
	w := newHierarchy(t)
	delegated := w.response.answer(t).Response
	direct := response(t, responseProfile(t, w.e1), w.root, w.root, w.e1, w.crl).answer(t).Response
	byCA := response(t, responseProfile(t, w.e1), w.root, w.e1, w.e1, w.crl).answer(t).Response // whose key is not for OCSP
	for _, c := range []struct {
		name   string
		ca     *made
		r      *inspect.Response
		embeds [][]byte
		want   bool
	}{
		{"signed by the CA", w.root, direct, nil, true},
		{"signed by the CA, with another's certificate", w.root, direct, [][]byte{w.e1.der}, true},
		{"signed by a responder in it", w.root, delegated, [][]byte{w.delegate.der}, true},
		{"the responder behind another certificate", w.root, delegated, [][]byte{w.e1.der, w.delegate.der}, true},
		{"what follows the responder is not read", w.root, delegated, [][]byte{w.delegate.der, {1}}, true},
		{"the responder is not in it", w.root, delegated, nil, false},
		{"nothing that can be read", w.root, delegated, [][]byte{{1}, w.delegate.der}, false},
		{"a responder that nobody signed", w.root, delegated, [][]byte{forgedDER(t, w.delegate.cert)}, false},
		{"a responder that the CA certified, and another who signed", w.root, byCA, [][]byte{w.delegate.der}, false},
		{"a responder of another CA", w.e1, delegated, [][]byte{w.delegate.der}, false},
		{"a certificate that is not for OCSP", w.root, byCA, [][]byte{w.e1.der}, false},
	} {
		r := *c.r
		r.Certificates = c.embeds
		if err := CheckResponder(c.ca.cert, &r); (err == nil) != c.want || err != nil && !errors.Is(err, ErrResponder) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	r := *delegated
	r.Certificates = [][]byte{w.delegate.der, {1}, w.e1.der}
	if got := CertificatesIn(&r); len(got) != 2 || got[1].Serial.Cmp(w.e1.cert.Serial) != 0 {
		t.Errorf("%d certificates", len(got))
	}
}

// A response is about the certificates of one CA where all of it is (RFC 6960 4.1.1).
func TestAnswersFor(t *testing.T) {
	w := newHierarchy(t)
	single := w.response.answer(t).Response.Singles[0]
	with := func(change func(id *inspect.CertID)) inspect.Single {
		s := single
		change(&s.CertID)
		return s
	}
	for _, c := range []struct {
		name    string
		ca      *made
		singles []inspect.Single
		want    bool
	}{
		{"of the CA", w.root, []inspect.Single{single, single}, true},
		{"of another CA", w.e1, []inspect.Single{single}, false},
		{"of nobody", w.root, nil, false},
		{"of this one and another name", w.root, []inspect.Single{single, with(func(id *inspect.CertID) { id.NameHash = []byte{1} })}, false},
		{"of another key", w.root, []inspect.Single{with(func(id *inspect.CertID) { id.KeyHash = []byte{1} })}, false},
		{"by a hash of nobody", w.root, []inspect.Single{with(func(id *inspect.CertID) { id.HashOID = []int{1, 2, 3} })}, false},
	} {
		if got := AnswersFor(c.ca.cert, &inspect.Response{Singles: c.singles}); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
	if got := ValidUntil(&inspect.Single{}); got != "for ever: it has no nextUpdate" {
		t.Error(got)
	}
	if got := ValidUntil(&single); got != "until "+stamp(single.NextUpdate.Time) {
		t.Error(got)
	}
}

// A CA issued what names it and verifies under its key: the name alone, or the key
// alone, is another's.
func TestIssuedBy(t *testing.T) {
	w := newHierarchy(t)
	renamed, unnamed, list := *w.root.cert, *w.root.cert, *w.crl.crl
	renamed.RawSubject = w.e1.cert.RawSubject
	unnamed.Extensions = nil
	list.Signature = damaged(list.Signature)
	anonymous, err := inspect.ParseRevocationList(drop(inspect.OIDAuthorityKeyID)(t, w.crl).der)
	if err != nil {
		t.Fatal(err)
	}
	empty, err := inspect.ParseRevocationList(fixed(inspect.OIDAuthorityKeyID, 0x30, 0)(t, w.crl).der)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		got, want bool
	}{
		{"a certificate", Issued(w.root.cert, w.e1.cert), true},
		{"a certificate of another name", Issued(&renamed, w.e1.cert), false},
		{"a certificate that nobody signed", Issued(w.root.cert, damagedCert(w.e1.cert)), false},
		{"a CRL", SignedBy(w.root.cert, w.crl.crl), true},
		{"a CRL of another name", SignedBy(&renamed, w.crl.crl), false},
		{"a CRL that nobody signed", SignedBy(w.root.cert, &list), false},
		{"a CRL that names the key", NamesKeyOf(w.crl.crl, w.root.cert), true},
		{"a CRL that names another key", NamesKeyOf(w.crl.crl, w.e1.cert), false},
		{"a CRL that names no key", NamesKeyOf(anonymous, w.root.cert), true},
		{"a CRL with an empty name of a key", NamesKeyOf(empty, w.root.cert), true},
		{"a CRL of a CA without identifier", NamesKeyOf(w.crl.crl, &unnamed), true},
	} {
		if c.got != c.want {
			t.Errorf("%s: %t", c.name, c.got)
		}
	}
}

// A certificate from outside that claims to be self-signed is; others are left to
// their issuers.
func TestCheckOwnSignature(t *testing.T) {
	w := newHierarchy(t)
	another := extend(t, w.root, nil, inspect.OIDAuthorityKeyID, nil, seq(t, short(0, 1, 2, 3))).cert
	strange := damagedCert(w.root.cert)
	strange.OuterAlgorithm = seq(t, rawOID(t, "1.2.3.4"))
	for name, c := range map[string]struct {
		cert *inspect.Certificate
		bad  bool
	}{
		"a root":                         {w.root.cert, false},
		"a damaged root":                 {damagedCert(w.root.cert), true},
		"a damaged root that says so":    {damagedCert(extend(t, w.root, nil, inspect.OIDAuthorityKeyID, nil, seq(t, short(0, subjectKeyID(w.root.cert.Extensions)...))).cert), true},
		"a damaged root, empty AKI":      {damagedCert(extend(t, w.root, nil, inspect.OIDAuthorityKeyID, nil, seq(t)).cert), true},
		"one that names another key":     {damagedCert(another), false},
		"one of another issuer":          {damagedCert(w.e1.cert), false},
		"an algorithm that nobody knows": {strange, false},
	} {
		err := CheckOwnSignature(c.cert)
		if (err != nil) != c.bad || c.bad && !errors.Is(err, ErrOwnSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Where a certificate says that its issuer publishes is sorted by what is there.
func TestURLsIn(t *testing.T) {
	w := newHierarchy(t)
	m := valued(inspect.OIDAuthorityInfoAccess, access("1.3.6.1.5.5.7.48.1", "http://o.example.com/", "1.3.6.1.5.5.7.48.2", "http://i.example.com/ca.crt"))(t, w.e1)
	want := URLs{CRL: []string{"http://x1.c.example.com/root-x1.crl"}, CAIssuers: []string{"http://i.example.com/ca.crt"}, OCSP: []string{"http://o.example.com/"}}
	if d := cmp.Diff(want, URLsIn(m.cert.Extensions)); d != "" {
		t.Error(d)
	}
}
