// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/templates"
)

// libraryOrder is a profile that the standard library can express: extensions
// in its order, PrintableString where it would choose that.
const libraryOrder = `version: 1
profile: library
kind: subordinate-ca
intent: private
ocsp: none
key: [ecdsa-p384]
signature: [ecdsa-sha384, sha256-rsa]
subject:
  - country
  - organization: {type: printable}
  - organizational-unit
  - common-name: {type: printable}
validity: {at-most: 60y}
extensions:
  - key-usage: {critical: true, bits: [digital-signature, cert-sign, crl-sign]}
  - extended-key-usage: [server-auth, client-auth, 1.3.6.1.4.1.99999.1]
  - basic-constraints: {critical: true, ca: true, path-length: 0}
  - subject-key-identifier: {method: rfc5280-1}
  - authority-key-identifier: {key-id: issuer}
  - authority-information-access: {ocsp: [issuer], ca-issuers: [issuer]}
  - certificate-policies: [2.23.140.1.2.1, 1.3.6.1.4.1.99999.2]
  - name-constraints:
      critical: true
      permitted: {dns: [example.com], ip: [10.0.0.0/8, "2001:db8::/33"], email: [.example.com], uri: [example.com]}
      excluded: {dns: [bad.example.com], ip: [10.1.0.0/16]}
  - crl-distribution-points: [issuer]
`

// Where the library can express an object, its bytes are ours: with both kinds
// of keys and on both sides of the year 2050.
func TestSameAsCreateCertificate(t *testing.T) {
	key := fakeEC(t, algorithm.ECDSAP384, 0x22)
	name := pkix.Name{
		Country: []string{"US"}, Organization: []string{"Example Trust"}, OrganizationalUnit: []string{"Prüfung"},
		CommonName: "FAKE E1",
	}
	given := append(subject("US", "Example Trust", "FAKE E1"), profiles.Assigned{Type: "organizational-unit", Value: "Prüfung"})
	p := parse[*profiles.CertificateProfile](t, []byte(libraryOrder))
	for _, issuer := range []signer{fakeEC(t, algorithm.ECDSAP384, 0x11), fakeRSA(t)} {
		for _, n := range []int{1, 23, 24, 50} {
			c, problems := p.Bind(profiles.CertificateValues{
				Artifact: "e1", Subject: given, SubjectKey: key.algorithm, IssuerKey: issuer.algorithm, Issuer: urls,
				Validity: profiles.Validity{NotBefore: profiles.SigningTime, NotAfter: years(n)},
			})
			if problems != nil {
				t.Fatal(problems)
			}
			root := fakeRoot(t)
			ours, err := templates.Certificate(c, key.spki, serial(t, 0x80, 16), signing, root.Issuer)
			if err != nil {
				t.Fatal(err)
			}
			theirs := createCertificate(t, name, signing.AddDate(n, 0, 0).Add(-time.Second), root, issuer, key)
			if !bytes.Equal(ours, theirs) {
				t.Errorf("%s, %d years (-theirs +ours): %s", issuer.algorithm, n, cmp.Diff(
					openssl(t, theirs, "asn1parse", "-inform", "DER"), openssl(t, ours, "asn1parse", "-inform", "DER")))
			}
		}
	}
}

// createCertificate lets the standard library build libraryOrder.
func createCertificate(t *testing.T, name pkix.Name, notAfter time.Time, root authority, issuer, key signer) []byte {
	t.Helper()
	ski, err := templates.SubjectKeyID(ext.SKISHA1, key.spki)
	if err != nil {
		t.Fatal(err)
	}
	algorithm := x509.ECDSAWithSHA384
	if issuer.algorithm.Family() == "rsa" {
		algorithm = x509.SHA256WithRSA
	}
	network := func(cidr string) *net.IPNet { _, n, _ := net.ParseCIDR(cidr); return n }
	template := &x509.Certificate{
		SerialNumber: serial(t, 0x80, 16), Subject: name, NotBefore: signing, NotAfter: notAfter, SignatureAlgorithm: algorithm,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, UnknownExtKeyUsage: []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 99999, 1}},
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true, SubjectKeyId: ski,
		OCSPServer: urls.OCSP, IssuingCertificateURL: urls.CAIssuers, CRLDistributionPoints: urls.CRL,
		Policies:                    []x509.OID{oid(t, 2, 23, 140, 1, 2, 1), oid(t, 1, 3, 6, 1, 4, 1, 99999, 2)},
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: []string{"example.com"}, ExcludedDNSDomains: []string{"bad.example.com"},
		PermittedIPRanges:       []*net.IPNet{network("10.0.0.0/8"), network("2001:db8::/33")},
		ExcludedIPRanges:        []*net.IPNet{network("10.1.0.0/16")},
		PermittedEmailAddresses: []string{".example.com"}, PermittedURIDomains: []string{"example.com"},
	}
	parent := &x509.Certificate{RawSubject: root.Name, SubjectKeyId: root.KeyID, Raw: []byte{1}, PublicKey: issuer.Public()}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), issuer)
	if err != nil {
		t.Fatal(err)
	}
	return elementOf(t, der, 0)
}

func oid(t *testing.T, arcs ...uint64) x509.OID {
	t.Helper()
	id, err := x509.OIDFromInts(arcs)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestSameAsCreateRevocationList(t *testing.T) {
	root := fakeRoot(t)
	next := signing.AddDate(0, 11, 0).Add(-time.Second)
	for _, entries := range [][]x509.RevocationListEntry{nil, {
		{SerialNumber: big.NewInt(0x7f), RevocationTime: signing},
		{SerialNumber: big.NewInt(0x80), RevocationTime: signing.Add(-time.Hour), ReasonCode: 1},
		{SerialNumber: new(big.Int).Lsh(big.NewInt(1), 158), RevocationTime: signing, ReasonCode: 9},
	}} {
		l, problems := profile[*profiles.RevocationListProfile](t, "ca-crl").Bind(profiles.RevocationListValues{
			Artifact: "crl", IssuerKey: root.algorithm, Number: big.NewInt(200), ThisUpdate: profiles.SigningTime,
			NextUpdate: profiles.End{For: source.Span{Months: 11}}, Entries: revoked(entries),
		})
		if problems != nil {
			t.Fatal(problems)
		}
		ours, err := templates.RevocationList(l, signing, root.Issuer)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
			SignatureAlgorithm: x509.ECDSAWithSHA384, Number: big.NewInt(200), ThisUpdate: signing, NextUpdate: next,
			RevokedCertificateEntries: entries,
		}, certificate(t, root.der), root)
		if err != nil {
			t.Fatal(err)
		}
		if theirs := elementOf(t, der, 0); !bytes.Equal(ours, theirs) {
			t.Errorf("ours %x\ntheirs %x", ours, theirs)
		}
	}
}

// revoked turns entries of the library into ours, in the other order.
func revoked(entries []x509.RevocationListEntry) []profiles.RevokedEntry {
	reasons := map[int]profiles.Reason{1: profiles.KeyCompromise, 9: profiles.PrivilegeWithdrawn}
	var out []profiles.RevokedEntry
	for _, e := range slices.Backward(entries) {
		out = append(out, profiles.RevokedEntry{
			Serial: profiles.Serial(e.SerialNumber.Text(16)), Date: profiles.FixedMoment(e.RevocationTime), Reason: reasons[e.ReasonCode],
		})
	}
	return out
}

func TestSameAsCreateCertificateRequest(t *testing.T) {
	key := fakeEC(t, algorithm.ECDSAP384, 0x22)
	r, problems := profile[*profiles.RequestProfile](t, "certificate-request").Bind(profiles.RequestValues{
		Artifact: "request", Subject: subject("US", "Example Trust", "FAKE E2"), SubjectKey: key.algorithm,
	})
	if problems != nil {
		t.Fatal(problems)
	}
	r.Extensions = []profiles.Extension{{Name: ext.NameBasicConstraints, Critical: true, Value: ext.BasicConstraints{CA: true}}}
	ours, err := templates.Request(r, key.spki)
	if err != nil {
		t.Fatal(err)
	}
	name, err := templates.EncodeName(r.Subject)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		RawSubject: name, SignatureAlgorithm: x509.ECDSAWithSHA384,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 19}, Critical: true, Value: unhex("30030101ff")}},
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	if theirs := elementOf(t, der, 0); !bytes.Equal(ours, theirs) {
		t.Errorf("ours %x\ntheirs %x", ours, theirs)
	}
}

// No byte depends on GODEBUG: under each setting that changes what the library
// issues, and with a clock in another zone, the same bytes come out.
func TestSameBytes(t *testing.T) {
	root := fakeRoot(t)
	c, e1 := fakeIssuing(t, root)
	build := func(at time.Time) []byte {
		tbs, err := templates.Certificate(c, e1.spki, serial(t, 0x42, 16), at, fakeRoot(t).Issuer)
		if err != nil {
			t.Fatal(err)
		}
		return tbs
	}
	want := build(signing)
	for _, setting := range []string{"x509sha256skid=0", "x509usepolicies=0", "x509negativeserial=1", "x509sha256skid=1"} {
		t.Setenv("GODEBUG", setting)
		if got := build(signing.In(time.FixedZone("east", 5*3600))); !bytes.Equal(got, want) {
			t.Errorf("other bytes under GODEBUG=%s", setting)
		}
	}
}

// Both methods, and that a CA under another setting would have another one.
func TestSubjectKeyID(t *testing.T) {
	key := fakeEC(t, algorithm.ECDSAP256, 0x44)
	sha1, err := templates.SubjectKeyID(ext.SKISHA1, key.spki)
	if err != nil {
		t.Fatal(err)
	}
	sha256, err := templates.SubjectKeyID(ext.SKISHA256, key.spki)
	if err != nil {
		t.Fatal(err)
	}
	for setting, want := range map[string][]byte{"x509sha256skid=0": sha1, "x509sha256skid=1": sha256} {
		t.Setenv("GODEBUG", setting)
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
			SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true, NotAfter: signing,
		}, &x509.Certificate{}, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		if got := certificate(t, der).SubjectKeyId; !bytes.Equal(got, want) {
			t.Errorf("%s: the library derives %x, not %x", setting, got, want)
		}
	}
}

// The mask of every length, against the library's.
func TestNetworks(t *testing.T) {
	key := fakeEC(t, algorithm.ECDSAP256, 0x44)
	for _, base := range []string{"0.0.0.0", "::"} {
		address := netip.MustParseAddr(base)
		for bits := range address.BitLen() + 1 {
			p := netip.PrefixFrom(address, bits)
			r := &profiles.Request{Artifact: "r", Subject: profiles.Name{DER: unhex("300d310b3009060355040613025553")},
				Extensions: []profiles.Extension{constraint(ext.GeneralSubtree{Type: "ip", Value: p.String()})}}
			info, err := templates.Request(r, key.spki)
			if err != nil {
				t.Fatal(err)
			}
			want := append(address.AsSlice(), net.CIDRMask(bits, address.BitLen())...)
			if !bytes.Contains(info, append([]byte{0x87, byte(len(want))}, want...)) {
				t.Errorf("%s: no %x in %x", p, want, info)
			}
		}
	}
}
