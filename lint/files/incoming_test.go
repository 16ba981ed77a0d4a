// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
)

// TestIncomingCRL guards who lints a CRL or an OCSP response against others that
// lie beside it: a delta CRL is neither the previous nor the latest one, nor a
// part of all that the CA has revoked, and that it is passed over is said.
func TestIncomingCRL(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := func(number int64, extensions ...pkix.Extension) *inspect.RevocationList {
		at := today.AddDate(0, 0, int(number))
		issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "Root"}, KeyUsage: x509.KeyUsageCRLSign, SubjectKeyId: []byte{1}}
		template := &x509.RevocationList{Number: big.NewInt(number), ThisUpdate: at, NextUpdate: at.Add(time.Hour), ExtraExtensions: extensions}
		der, err := x509.CreateRevocationList(rand.Reader, template, issuer, key)
		if err != nil {
			t.Fatal(err)
		}
		crl, err := inspect.ParseRevocationList(der)
		if err != nil {
			t.Fatal(err)
		}
		return crl
	}
	whole, last := made(1), made(2)
	delta := made(3, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: []byte{2, 1, 2}})
	in := newPool([]*object{{name: "whole", read: whole}, {name: "last", read: last}, {name: "delta", read: delta}}, nil)
	latest, leftOut := in.latestCRL(&inspect.Certificate{RawSubject: whole.RawIssuer}, nil)
	if latest != last || len(leftOut) != 1 {
		t.Errorf("latest %v, left out %q", latest.ThisUpdate, leftOut)
	}
	if parts := in.parts(in.crls[0], nil); len(parts) != 1 || parts[0].Artifact != "last" {
		t.Errorf("%d parts", len(parts))
	}
	if _, err := New(Options{Previous: delta, Planner: planner{}}); !errors.Is(err, lint.ErrPartialCRL) {
		t.Errorf("a delta CRL is the previous one: %v", err)
	}
	if _, err := New(Options{Previous: whole, Planner: planner{}}); err != nil {
		t.Error(err)
	}
}

// TestScopeOfPrevious guards who lints a CRL against the one before it: one for CAs alone
// after one for all loses the users, unless their CRL is there, too; and the latest CRL
// of a CA is not that of the users, however new.
func TestScopeOfPrevious(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(5), Subject: pkix.Name{CommonName: "Root"}, NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1}}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	issuer := parsed(t, der)
	made := func(number int64, only ...byte) []byte {
		l := &x509.RevocationList{Number: big.NewInt(number), ThisUpdate: today.AddDate(0, 0, int(number)), NextUpdate: today.AddDate(0, 1, 0)}
		if only != nil {
			l.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 28}, Critical: true, Value: append([]byte{0x30, 3}, only...)}}
		}
		der, err := x509.CreateRevocationList(rand.Reader, l, ca, key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	cas, users := made(2, 0x82, 1, 0xff), made(3, 0x81, 1, 0xff)
	previous, err := inspect.ParseRevocationList(made(1))
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(Options{Kind: "ca-crl", Rules: []string{lint.PackRFC5280}, Issuers: []*inspect.Certificate{issuer}, Previous: previous, Planner: planner{}})
	if err != nil {
		t.Fatal(err)
	}
	level := func(files ...File) (out []string) {
		r, err := l.Check(t.Context(), files)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Targets[0].Findings {
			if f.Rule == "crl.scope-kept" {
				out = append(out, f.Level)
			}
		}
		return out
	}
	one, other := File{Name: "cas.crl", Data: cas, Named: true}, File{Name: "users.crl", Data: users, Named: true}
	if got := level(one); !slices.Equal(got, []string{"error"}) {
		t.Errorf("alone: %q", got)
	}
	if got := level(one, other); !slices.Equal(got, []string{"notice"}) {
		t.Errorf("with the other part: %q", got)
	}
	var all []*object
	for _, f := range []File{one, other} {
		found, _, err := objects(&f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if latest, _ := newPool(all, nil).latestCRL(issuer, issuer); latest == nil || latest != all[0].crl() {
		t.Error("the latest CRL for a CA is that of the users")
	}
}
