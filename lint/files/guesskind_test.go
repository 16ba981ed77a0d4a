// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint/format"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// A broken CA certificate in a folder is linted, and not passed by for one of a
// subscriber (RFC 5280 4.2.1.3, 4.2.1.9); what says that it is no CA is.
func TestBrokenCAs(t *testing.T) {
	var (
		negative  = pkix.Extension{Id: inspect.OIDBasicConstraints, Critical: true, Value: []byte{0x30, 6, 1, 1, 0xff, 2, 1, 0xff}}
		noCA      = pkix.Extension{Id: inspect.OIDBasicConstraints, Critical: true, Value: []byte{0x30, 0}}
		sign      = pkix.Extension{Id: inspect.OIDKeyUsage, Critical: true, Value: []byte{3, 2, 1, 6}}
		signature = pkix.Extension{Id: inspect.OIDKeyUsage, Critical: true, Value: []byte{3, 2, 7, 0x80}}
		other     = pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Value: []byte{5, 0}}
	)
	for _, c := range []struct {
		name string
		self bool
		exts []pkix.Extension
		kind string // "" for passed by
	}{
		{"cA and a path length of -1", false, []pkix.Extension{negative, sign}, "tls-ca"},
		{"keyCertSign alone", false, []pkix.Extension{sign}, "tls-ca"},
		{"keyCertSign and no cA", false, []pkix.Extension{noCA, sign}, "tls-ca"},
		{"self-issued, keyCertSign and no cA", true, []pkix.Extension{noCA, sign}, "root-ca"},
		{"self-issued, nothing said", true, []pkix.Extension{other}, "root-ca"},
		{"self-issued, no cA", true, []pkix.Extension{noCA, signature}, ""},
		{"a subscriber", false, []pkix.Extension{signature}, ""},
	} {
		der := extended(t, c.self, c.exts)
		r, text := check(t, newLinter(t, Options{}), File{Name: "f/a.der", Data: der})
		switch {
		case c.kind == "" && len(r.Targets) > 0, c.kind != "" && len(r.Targets) == 0:
			t.Errorf("%s: %s", c.name, text)
		case c.kind != "" && (r.Targets[0].Kind != c.kind || !slices.ContainsFunc(r.Targets[0].Findings, func(f format.Finding) bool { return f.Level == format.Error && f.Counts() })):
			t.Errorf("%s: not an error of a %s: %s", c.name, c.kind, text)
		}
	}
}

// extended makes a certificate with just these extensions.
func extended(t *testing.T, self bool, exts []pkix.Extension) []byte {
	t.Helper()
	k := newKey(t, algorithm.ECDSAP384)
	c := &x509.Certificate{
		SerialNumber: new(big.Int).Lsh(big.NewInt(5), 100), Subject: pkix.Name{CommonName: "FAKE"}, NotBefore: today, NotAfter: today.AddDate(3, 0, 0),
		ExtraExtensions: exts,
	}
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "FAKE Root"}}
	if self {
		issuer = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, issuer, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// rollover is what a CA has after it changed its key: both roots, and a certificate for
// the key of each by the other (RFC 4210 4.4).
func rollover(t *testing.T) map[string]File {
	t.Helper()
	oldKey, newKey1 := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	old, next := issue(t, "private-root", "FAKE Root", oldKey, oldKey, nil, nil), issue(t, "private-root", "FAKE Root", newKey1, newKey1, nil, func(c *profiles.Certificate) { c.SerialOctets = 19 })
	named := func(octets int) func(*profiles.Certificate) { // of other lengths, the serial numbers differ
		return func(c *profiles.Certificate) {
			c.Subject, c.SerialOctets = profiles.Name{DER: parsed(t, old).RawSubject}, octets
		}
	}
	out := map[string]File{}
	for name, der := range map[string][]byte{
		"old": old, "new": next,
		"new with old": issue(t, "private-issuing-ca", "FAKE Root", newKey1, oldKey, parsed(t, old), named(17)),
		"old with new": issue(t, "private-issuing-ca", "FAKE Root", oldKey, newKey1, parsed(t, next), named(18)),
	} {
		out[name] = File{Name: name, Data: der, Named: true}
	}
	return out
}

// A certificate that has its own name as issuer is a root only where its own key signed
// it, or where nothing says that another did (RFC 5280 3.2).
func TestSelfIssued(t *testing.T) {
	f := rollover(t)
	damaged := f["old"]
	damaged.Data = slices.Clone(damaged.Data)
	damaged.Data[len(damaged.Data)-1] ^= 1
	for _, c := range []struct {
		name    string
		files   []File
		issuers []string
		kind    string
		notes   []string
		want    []string
	}{
		{"the issuer among the inputs", []File{f["new with old"], f["old"]}, nil, "cross-ca", []string{"issuer: old"}, nil},
		{"the issuer named", []File{f["new with old"]}, []string{"old"}, "cross-ca", []string{"issuer: --issuer"}, nil},
		{"the issuer unknown", []File{f["new with old"]}, nil, "cross-ca", nil, nil},
		{"both roots", []File{f["old with new"], f["old"], f["new"]}, nil, "cross-ca", []string{"issuer: new"}, nil},
		{"a root, and a certificate for its key by another", []File{f["new"], f["new with old"], f["old"]}, nil, "root-ca", nil, nil},
		{"a damaged root", []File{damaged}, nil, "root-ca", nil, []string{"chain.signature"}},
	} {
		opts := Options{Scope: []profiles.RootScope{profiles.ScopePrivate}}
		for _, name := range c.issuers {
			opts.Issuers = append(opts.Issuers, parsed(t, f[name].Data))
		}
		r, text := check(t, newLinter(t, opts), c.files...)
		target := r.Targets[slices.IndexFunc(r.Targets, func(x format.Target) bool { return x.File == c.files[0].Name })]
		target.Findings = slices.DeleteFunc(target.Findings, func(f format.Finding) bool { return f.Level == format.Notice })
		got := rules(&target)
		if target.Kind != c.kind || !slices.Equal(target.Notes, c.notes) || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %s %v %v:\n%s", c.name, got, c.kind, c.notes, c.want, text)
		}
	}
}

// A certificate for the key of the existing one is a cross-certificate of it, and that
// its name is written with other bytes is a finding (BR 7.1.2.2).
func TestCrossOfOtherName(t *testing.T) {
	rootKey, otherKey := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root, other := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil), issue(t, "br-root", "FAKE Other Root", otherKey, otherKey, nil, nil)
	cross := issue(t, "tls-issuing-ca", "FAKE Root 1", rootKey, otherKey, parsed(t, other), nil)
	opts := Options{Existing: parsed(t, root), Issuers: []*inspect.Certificate{parsed(t, other)}}
	if got := verdict(t, opts, cross, "cross.subject"); got != format.Error {
		t.Errorf("cross.subject %q", got)
	}
}

// Name constraints make a TLS CA technically constrained where they leave nothing open
// (BR 7.1.2.5.2). Any TLS CA may have others (BR 7.1.2.6.1), of which an rfc822Name is NOT
// RECOMMENDED (BR 7.1.2.10.8).
func TestGuessConstrained(t *testing.T) {
	rootKey := newKey(t, algorithm.ECDSAP384)
	root := parsed(t, issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil))
	dns, mail := ext.GeneralSubtree{Type: "dns", Value: "example.com"}, ext.GeneralSubtree{Type: "email", Value: "example.com"}
	directory := ext.GeneralSubtree{Type: "directory", Directory: &profiles.Name{DER: root.RawSubject}}
	addresses := []ext.GeneralSubtree{{Type: "ip", Value: "0.0.0.0/0"}, {Type: "ip", Value: "::/0"}}
	for _, c := range []struct {
		name  string
		trees ext.NameConstraints
		kind  string
		want  []string
	}{
		{"all that it takes", ext.NameConstraints{Permitted: []ext.GeneralSubtree{dns, directory}, Excluded: addresses}, "constrained-tls-ca", nil},
		{"no addresses", ext.NameConstraints{Permitted: []ext.GeneralSubtree{dns, directory}}, "tls-ca", nil},
		{"a domain alone", ext.NameConstraints{Permitted: []ext.GeneralSubtree{dns}}, "tls-ca", nil},
		{"a mail domain, too", ext.NameConstraints{Permitted: []ext.GeneralSubtree{dns, mail}}, "tls-ca", []string{"nc.tls"}},
	} {
		der := issue(t, "tls-issuing-ca", "FAKE CA", newKey(t, algorithm.ECDSAP384), rootKey, root, func(x *profiles.Certificate) {
			x.Extensions = append(slices.Clone(x.Extensions), profiles.Extension{Name: ext.NameNameConstraints, Critical: true, Value: c.trees})
		})
		r, text := check(t, newLinter(t, Options{Issuers: []*inspect.Certificate{root}}), File{Name: "ca", Data: der, Named: true})
		if got := rules(&r.Targets[0]); r.Targets[0].Kind != c.kind || !slices.Equal(got, c.want) {
			t.Errorf("%s: %s %v, want %s %v:\n%s", c.name, r.Targets[0].Kind, got, c.kind, c.want, text)
		}
	}
}
