// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"errors"
	"slices"
	"testing"

	"rootceremony/internal/inspect"
)

// strangers are CRLs that say something else than all that their CA has revoked.
var strangers = map[string]func(t *testing.T, w *hierarchy) *made{
	"a delta CRL": func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.crl, w.root, inspect.OIDDeltaCRLIndicator, critical, []byte{2, 1, 0})
	},
	"a delta CRL that does not say so critically": func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.crl, w.root, inspect.OIDDeltaCRLIndicator, nil, []byte{2, 1, 0})
	},
	"an indirect CRL":              strangePoint(0x84, 1, 0xff),
	"one for some reasons":         strangePoint(0x83, 2, 6, 0x40),
	"one for attribute certs":      strangePoint(0x85, 1, 0xff),
	"an unreadable scope":          strangePoint(0x84, 1),
	"a critical extension":         strangeList(asn1.ObjectIdentifier{1, 2, 3, 4}),
	"a critical issuer alt name":   strangeList(asn1.ObjectIdentifier{2, 5, 29, 18}),
	"a critical entry extension":   strangeEntryOf(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, 5, 0),
	"a critical hold instruction":  strangeEntryOf(asn1.ObjectIdentifier{2, 5, 29, 23}, critical, 6, 2, 0x2a, 3),
	"a certificateIssuer":          strangeEntryOf(inspect.OIDCertificateIssuer, critical, 0x30, 2, 0xa4, 0),
	"an entry that takes one away": strangeEntryOf(inspect.OIDReasonCode, nil, 10, 1, 8),
}

func strangePoint(flag ...byte) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.crl, w.root, inspect.OIDIssuingDistributionPoint, critical, seq(t, flag))
	}
}

func strangeList(oid asn1.ObjectIdentifier) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made { return extend(t, w.crl, w.root, oid, critical, []byte{5, 0}) }
}

func strangeEntryOf(oid asn1.ObjectIdentifier, crit []byte, value ...byte) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		ext := seq(t, der(t, oid, ""), crit, tlv(t, 0, asn1.TagOctetString, false, value))
		return listing(t, w.crl, w.root, rawEntry(t, w.e1.cert.Serial, signing, ext))
	}
}

// TestComesIn guards CAs whose last CRL is read: a list that is not whole, or
// that asks for what is not processed, never counts as all that is revoked.
func TestComesIn(t *testing.T) {
	w := newHierarchy(t)
	for _, m := range []*made{w.crl, w.revoking, w.part} {
		if err := CheckCompleteCRL(m.crl); err != nil {
			t.Errorf("%s: %v", m.obj.Artifact, err)
		}
	}
	for name, make := range strangers {
		crl, err := inspect.ParseRevocationList(make(t, w).der)
		if err != nil && name == "an unreadable scope" {
			continue // it does not come as far
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := CheckCompleteCRL(crl); !errors.Is(err, ErrPartialCRL) {
			t.Errorf("%s comes in: %v", name, err)
		}
	}
}

// A delta CRL says what the complete one has to have: its entries may take others away,
// and nothing else that a complete one may not have.
func TestDeltaComesIn(t *testing.T) {
	w := newHierarchy(t)
	for name, want := range map[string]bool{
		"a delta CRL": true, "an entry that takes one away": true, "a certificateIssuer": false, "a critical entry extension": false,
	} {
		m := extend(t, strangers[name](t, w), w.root, inspect.OIDDeltaCRLIndicator, critical, []byte{2, 1, 0})
		if err := CheckIncomingCRL(reread(t, m)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	indirect := strangeEntryOf(inspect.OIDCertificateIssuer, nil, 0x30, 2, 0xa4, 0)(t, w)
	if err := CheckIncomingCRL(reread(t, indirect)); !errors.Is(err, ErrPartialCRL) {
		t.Errorf("a certificateIssuer that is not critical: %v", err)
	}
	plain := strangeEntryOf(inspect.OIDInvalidityDate, nil, der(t, signing, "generalized")...)(t, w)
	if err := CheckIncomingCRL(reread(t, plain)); err != nil {
		t.Errorf("an entry extension that is not critical: %v", err)
	}
}

// stranger reads one of strangers.
func stranger(t *testing.T, w *hierarchy, name string) *inspect.RevocationList {
	t.Helper()
	crl, err := inspect.ParseRevocationList(strangers[name](t, w).der)
	if err != nil {
		t.Fatal(err)
	}
	return crl
}

// failingIncoming are objects that are checked against such a CRL, whoever gave
// it.
var failingIncoming = []failing{
	{"crl.comes-in", Fatal, "a delta CRL for the previous one", knowing(theCRL, func(t *testing.T, w *hierarchy, c *Context) {
		c.First, c.Previous = false, stranger(t, w, "a delta CRL")
	})},
	{"crl.comes-in", Fatal, "an indirect CRL for the latest one", knowing(responseOf, func(t *testing.T, w *hierarchy, c *Context) {
		c.LatestCRL = stranger(t, w, "an indirect CRL")
	})},
	{"crl.comes-in", Fatal, "a latest CRL whose signature is another's", knowing(responseOf, func(_ *testing.T, _ *hierarchy, c *Context) {
		l := *c.LatestCRL
		l.Signature = slices.Clone(l.Signature)
		l.Signature[len(l.Signature)-1] ^= 1
		c.LatestCRL = &l
	})},
	{"crl.comes-in", Notice, "a previous CRL whose scope is not critical", knowing(theCRL, func(t *testing.T, w *hierarchy, c *Context) {
		x, _ := w.part.crl.Extension(inspect.OIDIssuingDistributionPoint)
		scoped, err := inspect.ParseRevocationList(extend(t, w.crl, w.root, inspect.OIDIssuingDistributionPoint, nil, x.Value).der)
		if err != nil {
			t.Fatal(err)
		}
		c.First, c.Previous = false, scoped
	})},
	{"ocsp.status", Error, "a certificate under the name of the CA that its key did not sign", knowing(responseOf, func(_ *testing.T, _ *hierarchy, c *Context) {
		s := *c.Subject
		s.Signature = slices.Clone(s.Signature)
		s.Signature[len(s.Signature)-1] ^= 1
		c.Subject = &s
	})},
}
