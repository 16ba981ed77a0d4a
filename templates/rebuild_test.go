// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates_test

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/profiles/value"
	"rootceremony/templates"
)

// Certificates that other encoders made come out byte for byte when what they
// say is put into the words of the language: names, times, every extension by
// its values.
func TestRebuild(t *testing.T) {
	files, err := filepath.Glob("testdata/shapes/*.pem")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, file := range append(files, "../examples/cross-2026/inputs/isrg-root-x2.pem") {
		block, _ := pem.Decode(read(t, file))
		if err := rebuild(certificate(t, block.Bytes)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	root := fakeRoot(t)
	_, e1 := fakeIssuing(t, root)
	for _, der := range [][]byte{root.der, e1.der} {
		if err := rebuild(certificate(t, der)); err != nil {
			t.Errorf("our own certificate: %v", err)
		}
	}
}

// A stand-in with the real name and the real key is the real thing; with others
// only they differ.
func TestStandIn(t *testing.T) {
	root := fakeRoot(t)
	_, e1 := fakeIssuing(t, root)
	for _, a := range []authority{root, e1} {
		real := certificate(t, a.der)
		got, err := templates.StandIn(real.RawTBSCertificate, a.Name, a.SPKI, algorithm.ECDSASHA384)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, real.RawTBSCertificate) {
			t.Errorf("other bytes: %x, want %x", got, real.RawTBSCertificate)
		}
	}
	other := fakeEC(t, algorithm.ECDSAP384, 0x55)
	name, err := value.Mark(profiles.Name{DER: root.Name})
	if err != nil {
		t.Fatal(err)
	}
	tbs, err := templates.StandIn(certificate(t, root.der).RawTBSCertificate, name.DER, other.spki, algorithm.ECDSASHA384)
	if err != nil {
		t.Fatal(err)
	}
	c := certificate(t, assemble(t, tbs, algorithm.ECDSASHA384, other))
	if c.Subject.CommonName != "REHEARSAL FAKE Root X1" || !bytes.Equal(c.RawIssuer, c.RawSubject) ||
		!bytes.Equal(c.AuthorityKeyId, c.SubjectKeyId) || bytes.Equal(c.SubjectKeyId, root.KeyID) || c.CheckSignatureFrom(c) != nil {
		t.Errorf("stand-in %s of issuer %s, key identifiers %x and %x", c.Subject, c.Issuer, c.SubjectKeyId, c.AuthorityKeyId)
	}
	for _, bad := range [][]byte{nil, root.der, tbs[:len(tbs)-1]} {
		if got, err := templates.StandIn(bad, name.DER, other.spki, algorithm.ECDSASHA384); err == nil {
			t.Errorf("a stand-in of %x: %x", bad, got)
		}
	}
}

// The roots of the host, where there are some, are counted and not required:
// old roots say things that profiles have no name for, such as SHA-1 or
// TeletexString. What has words must come out exactly.
func TestRebuildHostRoots(t *testing.T) {
	files, _ := filepath.Glob("/etc/ssl/certs/*.pem")
	if len(files) == 0 {
		t.Skip("this host has no root certificates in /etc/ssl/certs")
	}
	same, why := 0, map[string]int{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		block, _ := pem.Decode(data)
		if block == nil {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			continue
		}
		var no *noWords
		switch err := rebuild(c); {
		case errors.As(err, &no):
			why[no.what]++
		case err != nil:
			t.Errorf("%s: %v", file, err)
		default:
			same++
		}
	}
	t.Logf("%d of %d rebuilt exactly; no words for %v", same, len(files), why)
}

// noWords is something that the language cannot say.
type noWords struct{ what string }

func (e *noWords) Error() string { return "no words for " + e.what }

// rebuild describes a certificate in our words and encodes the description.
func rebuild(x *x509.Certificate) error {
	// Old roots have serial numbers that are too short for us to write. They
	// are left out of the comparison then.
	number, from := x.SerialNumber, 0
	if number.BitLen() < 64 {
		number, from = new(big.Int).Lsh(big.NewInt(1), 64), 2
	}
	algorithm, err := algorithmOf(x)
	if err != nil {
		return err
	}
	subject, err := describeName(x.RawSubject)
	if err != nil {
		return err
	}
	c := &profiles.Certificate{
		Artifact: "rebuilt", Kind: profiles.SubordinateCA, Subject: subject, SerialOctets: number.BitLen()/8 + 1, Signature: algorithm,
		Validity: profiles.Validity{NotBefore: profiles.FixedMoment(x.NotBefore), NotAfter: profiles.End{Time: profiles.FixedMoment(x.NotAfter)}},
	}
	for _, e := range x.Extensions {
		d, err := describe(x, e.Id.String(), e.Value)
		if err != nil {
			return err
		}
		d.Critical = e.Critical
		c.Extensions = append(c.Extensions, d)
	}
	tbs, err := templates.Certificate(c, x.RawSubjectPublicKeyInfo, number, time.Unix(0, 0), templates.Issuer{
		Name: x.RawIssuer, KeyID: x.AuthorityKeyId,
	})
	if err != nil {
		return err
	}
	return compare(tbs, x.RawTBSCertificate, from)
}

// compare compares two TBSCertificates from one of their fields on.
func compare(ours, theirs []byte, from int) error {
	var a, b []asn1.RawValue
	if _, err := asn1.Unmarshal(ours, &a); err != nil {
		return err
	}
	if _, err := asn1.Unmarshal(theirs, &b); err != nil {
		return err
	}
	if from == 0 && bytes.Equal(ours, theirs) {
		return nil
	}
	for i := from; i < len(a) && i < len(b); i++ {
		if i == 4 && bytes.Contains(b[i].FullBytes, []byte("\x18\x0f20")) && !bytes.Contains(b[i].FullBytes, []byte("\x18\x0f205")) {
			return &noWords{"a GeneralizedTime before 2050, which RFC 5280 4.1.2.5 forbids"}
		}
		if !bytes.Equal(a[i].FullBytes, b[i].FullBytes) {
			return fmt.Errorf("field %d:\n%x\n%x", i, a[i].FullBytes, b[i].FullBytes)
		}
	}
	if from == 0 || len(a) != len(b) {
		return fmt.Errorf("%d fields, not %d", len(a), len(b))
	}
	return nil
}

func algorithmOf(x *x509.Certificate) (algorithm.Signature, error) {
	switch x.SignatureAlgorithm {
	case x509.SHA256WithRSA:
		return algorithm.SHA256RSA, nil
	case x509.SHA384WithRSA:
		return algorithm.SHA384RSA, nil
	case x509.SHA512WithRSA:
		return algorithm.SHA512RSA, nil
	case x509.ECDSAWithSHA256:
		return algorithm.ECDSASHA256, nil
	case x509.ECDSAWithSHA384:
		return algorithm.ECDSASHA384, nil
	case x509.ECDSAWithSHA512:
		return algorithm.ECDSASHA512, nil
	}
	return "", &noWords{x.SignatureAlgorithm.String()}
}

// attributeNames are all that a name may hold.
var attributeNames = []string{
	"country", "organization", "organizational-unit", "common-name", "state", "locality", "postal-code", "street",
	"serial-number", "domain-component", "organization-identifier", "email", "given-name", "surname",
}

// describeName gives the attributes of a name.
func describeName(der []byte) (profiles.Name, error) {
	parts, err := value.ParseName(der)
	if err != nil {
		return profiles.Name{}, err
	}
	var out profiles.Name
	for i, p := range parts {
		as, text, ok := p.Text()
		if !ok || p.RDN != i {
			return out, &noWords{"a name like this"}
		}
		a := profiles.Attribute{OID: p.OID, String: as, Value: text}
		for _, name := range attributeNames {
			if sample, _ := value.NewAttribute(name, "", "US"); sample.OID == p.OID {
				a.Type = name
			}
		}
		if err := a.Check(); err != nil {
			return out, &noWords{err.Error()}
		}
		out.Attributes = append(out.Attributes, a)
	}
	return out, nil
}

// describe gives one extension by its values.
func describe(x *x509.Certificate, id string, value []byte) (profiles.Extension, error) {
	var e profiles.Extension
	var err error
	switch id {
	case "2.5.29.35":
		var aki struct {
			ID     []byte        `asn1:"optional,tag:0"`
			Issuer asn1.RawValue `asn1:"optional,tag:1"`
			Serial asn1.RawValue `asn1:"optional,tag:2"`
		}
		_, err = asn1.Unmarshal(value, &aki)
		if len(aki.Issuer.FullBytes) > 0 {
			return e, &noWords{"an authority key identifier with issuer and serial number"}
		}
		e.Name = ext.NameAuthorityKeyID
	case "2.5.29.14":
		e.Name, e.Value = ext.NameSubjectKeyID, ext.SubjectKeyID{Method: ext.SKIExisting, Value: x.SubjectKeyId}
	case "2.5.29.19":
		b := ext.BasicConstraints{CA: x.IsCA}
		if x.MaxPathLen >= 0 && (x.MaxPathLen > 0 || x.MaxPathLenZero) {
			b.PathLength = &x.MaxPathLen
		}
		e.Name, e.Value = ext.NameBasicConstraints, b
	case "2.5.29.15":
		return describeUsage(x, value)
	case "2.5.29.37":
		var ids []asn1.ObjectIdentifier
		_, err = asn1.Unmarshal(value, &ids)
		var list ext.ExtKeyUsage
		for _, id := range ids {
			list = append(list, ext.Purpose{OID: profiles.OID(id.String())})
		}
		e.Name, e.Value = ext.NameExtKeyUsage, list
	case "2.5.29.32":
		return describePolicies(value)
	case "2.5.29.31":
		e.Name, e.Value = ext.NameCRLPoints, ext.CRLPoints(x.CRLDistributionPoints)
		var points []asn1.RawValue
		if _, err = asn1.Unmarshal(value, &points); len(points) != 1 {
			return e, &noWords{"several distribution points"}
		}
	case "1.3.6.1.5.5.7.1.1":
		return describeAccess(value)
	case "2.5.29.30":
		return describeConstraints(value)
	default:
		e.Name, e.Value = ext.NameRaw, ext.Raw{OID: profiles.OID(id), DER: value}
	}
	return e, err
}

func describeUsage(x *x509.Certificate, value []byte) (profiles.Extension, error) {
	e := profiles.Extension{Name: ext.NameKeyUsage}
	var usage ext.KeyUsage
	left := x.KeyUsage
	for _, u := range []struct {
		bit  x509.KeyUsage
		name ext.Usage
	}{{x509.KeyUsageCRLSign, ext.CRLSign}, {x509.KeyUsageCertSign, ext.CertSign}, {x509.KeyUsageDigitalSignature, ext.DigitalSignature}} {
		if left&u.bit != 0 {
			usage = append(usage, u.name)
		}
		left &^= u.bit
	}
	e.Value = usage
	var bits asn1.BitString
	if _, err := asn1.Unmarshal(value, &bits); err != nil {
		return e, err
	}
	if left != 0 || bits.At(bits.BitLength-1) == 0 {
		return e, &noWords{"this key usage"}
	}
	return e, nil
}

func describePolicies(value []byte) (profiles.Extension, error) {
	e := profiles.Extension{Name: ext.NamePolicies}
	var policies ext.Policies
	var list []struct {
		ID         asn1.ObjectIdentifier
		Qualifiers []struct {
			ID    asn1.ObjectIdentifier
			Value asn1.RawValue
		} `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(value, &list); err != nil {
		return e, err
	}
	for _, p := range list {
		policy := ext.Policy{OID: profiles.OID(p.ID.String())}
		for _, q := range p.Qualifiers {
			if q.Value.Tag == asn1.TagIA5String {
				policy.CPS = string(q.Value.Bytes)
				continue
			}
			var notice asn1.RawValue
			if _, err := asn1.Unmarshal(q.Value.Bytes, &notice); err != nil || notice.Tag != asn1.TagUTF8String {
				return e, &noWords{"this user notice"}
			}
			policy.Notice = string(notice.Bytes)
		}
		policies = append(policies, policy)
	}
	e.Value = policies
	return e, nil
}

func describeAccess(value []byte) (profiles.Extension, error) {
	e := profiles.Extension{Name: ext.NameInfoAccess}
	var access ext.InfoAccess
	var list []struct {
		Method   asn1.ObjectIdentifier
		Location asn1.RawValue
	}
	_, err := asn1.Unmarshal(value, &list)
	for _, d := range list {
		method := map[string]string{"1.3.6.1.5.5.7.48.1": "ocsp", "1.3.6.1.5.5.7.48.2": "ca-issuers"}[d.Method.String()]
		access = append(access, ext.AccessDescription{Method: method, URL: string(d.Location.Bytes)})
	}
	e.Value = access
	return e, err
}

func describeConstraints(value []byte) (profiles.Extension, error) {
	e := profiles.Extension{Name: ext.NameNameConstraints}
	type subtree struct{ Base asn1.RawValue }
	var lists struct {
		Permitted []subtree `asn1:"optional,tag:0"`
		Excluded  []subtree `asn1:"optional,tag:1"`
	}
	if _, err := asn1.Unmarshal(value, &lists); err != nil {
		return e, err
	}
	read := func(list []subtree) (out []ext.GeneralSubtree) {
		for _, s := range list {
			g := ext.GeneralSubtree{Type: map[int]string{1: "email", 2: "dns", 6: "uri", 7: "ip"}[s.Base.Tag], Value: string(s.Base.Bytes)}
			if g.Type == "ip" {
				n := len(s.Base.Bytes) / 2
				g.Value = (&net.IPNet{IP: s.Base.Bytes[:n], Mask: s.Base.Bytes[n:]}).String()
			}
			out = append(out, g)
		}
		return out
	}
	e.Value = ext.NameConstraints{Permitted: read(lists.Permitted), Excluded: read(lists.Excluded)}
	return e, nil
}
