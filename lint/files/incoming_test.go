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
	latest, leftOut := in.latestCRL(&inspect.Certificate{RawSubject: whole.RawIssuer})
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
