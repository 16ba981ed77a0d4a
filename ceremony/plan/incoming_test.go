// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// crlWith signs a CRL with an extension of its own, by a key that nobody knows.
func crlWith(t *testing.T, extensions, ofEntry []pkix.Extension) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "Old Root"}, KeyUsage: x509.KeyUsageCRLSign, SubjectKeyId: []byte{1}}
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(8), ThisUpdate: at, NextUpdate: at.AddDate(0, 6, 0), ExtraExtensions: extensions,
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: big.NewInt(77), RevocationTime: at, ReasonCode: 4, ExtraExtensions: ofEntry}},
	}, issuer, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// bundleFiles gives a CRL of an earlier bundle.
type bundleFiles struct {
	ceremonytest.MemoryFiles
	der []byte
}

func (b bundleFiles) Bundle(path string) (*plan.EarlierBundle, error) {
	listed := plan.BundleStatus{Artifact: "crl", Kind: "crl", SHA256: plan.SHA256Hex(b.der)}
	return &plan.EarlierBundle{Bundle: plan.Bundle{Path: path, Ceremony: "earlier", ManifestSHA256: strings.Repeat("5c", 32), Status: []plan.BundleStatus{listed}},
		Objects: map[string][]byte{"crl": b.der}}, nil
}

// TestIncomingCRL guards the CA whose last CRL is carried over: one that is not
// all that it has revoked is refused where it comes in, from a file and from a
// bundle. Before, a delta CRL was taken for the previous complete one, and what
// only the complete one lists was good again.
func TestIncomingCRL(t *testing.T) {
	ext := func(oid asn1.ObjectIdentifier, value ...byte) []pkix.Extension {
		return []pkix.Extension{{Id: oid, Critical: true, Value: value}}
	}
	text, _, _ := withReference("", "")
	const fromFile = "in-crl: {file: crl.pem, kind: crl}"
	for _, c := range []struct {
		name, want      string
		list, ofAnEntry []pkix.Extension
	}{
		{"whole", "", nil, nil},
		{"delta", "", ext(asn1.ObjectIdentifier{2, 5, 29, 27}, 2, 1, 7), nil}, // not as the previous one: see TestADCS
		{"indirect", "it is an indirect CRL", ext(asn1.ObjectIdentifier{2, 5, 29, 28}, 0x30, 3, 0x84, 1, 0xff), nil},
		{"strange", "critical extension 1.2.3.4", ext(asn1.ObjectIdentifier{1, 2, 3, 4}, 5, 0), nil},
		{"strange entry", "critical entry extension 1.2.3.4", nil, ext(asn1.ObjectIdentifier{1, 2, 3, 4}, 5, 0)},
	} {
		files := ceremonytest.ReferenceFiles(t)
		files["crl.pem"] = crlWith(t, c.list, c.ofAnEntry)
		for _, from := range []string{fromFile, "in-crl: {bundle: earlier, artifact: crl}"} {
			_, err := plan.Load("all.yaml", []byte(strings.Replace(text, fromFile, from, 1)), bundleFiles{files, files["crl.pem"]})
			switch {
			case c.want == "" && err != nil, c.want != "" && err == nil:
				t.Errorf("%s: %s: %v", c.name, from, err)
			case err != nil && (!strings.HasPrefix(err.Error(), "all.yaml:9:11: inputs.in-crl: it is not the complete list of what its CA has revoked: ") ||
				!strings.Contains(err.Error(), c.want)):
				t.Errorf("%s: %s: %v", c.name, from, err)
			}
		}
	}
}

// TestAbandonedBundle guards whoever plans on what an abandoned ceremony delivered: it may
// lack what its plan has.
func TestAbandonedBundle(t *testing.T) {
	text, _, _ := withReference("", "")
	files := ceremonytest.ReferenceFiles(t)
	crl := crlWith(t, nil, nil)
	from := bundleFiles{files, crl}
	for _, abandoned := range []bool{false, true} {
		l, err := plan.Load("all.yaml", []byte(strings.Replace(text, "in-crl: {file: crl.pem, kind: crl}", "in-crl: {bundle: earlier, artifact: crl}", 1)), abandonedFiles{from, abandoned})
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(l.WarningTexts(), "\n"); strings.Contains(said, "people abandoned ceremony earlier (bundle earlier)") != abandoned {
			t.Errorf("abandoned %t: %s", abandoned, said)
		}
	}
}

// abandonedFiles say of the bundle whether people abandoned its ceremony.
type abandonedFiles struct {
	bundleFiles
	abandoned bool
}

// Bundle implements plan.Files.
func (a abandonedFiles) Bundle(path string) (*plan.EarlierBundle, error) {
	b, err := a.bundleFiles.Bundle(path)
	b.Abandoned = a.abandoned
	return b, err
}

// TestTwoBundlesOfOneCeremony guards whoever plans against a bundle that was written anew and
// lies beside the other one: they have one id and different MANIFESTs, and objects of other
// names, so that nothing else shows it.
func TestTwoBundlesOfOneCeremony(t *testing.T) {
	text, _, _ := withReference("", "")
	files := ceremonytest.ReferenceFiles(t)
	two := "in-crl: {bundle: earlier, artifact: crl}\n  again-crl: {bundle: again, artifact: again-crl}"
	text = strings.Replace(text, "in-crl: {file: crl.pem, kind: crl}", two, 1)
	for _, same := range []bool{false, true} {
		l, err := plan.Load("all.yaml", []byte(text), twoFiles{bundleFiles{files, crlWith(t, nil, nil)}, crlWith(t, nil, nil), same})
		if err != nil {
			t.Fatal(err)
		}
		if said := strings.Join(l.WarningTexts(), "\n"); strings.Contains(said, "bundles earlier and again are both of ceremony earlier, and have different MANIFESTs") != same {
			t.Errorf("one id %t: %s", same, said)
		}
	}
}

// twoFiles has another bundle, which may be of the same ceremony.
type twoFiles struct {
	bundleFiles
	der  []byte
	same bool
}

// Bundle implements plan.Files.
func (f twoFiles) Bundle(path string) (*plan.EarlierBundle, error) {
	b, err := f.bundleFiles.Bundle(path)
	if path != "again" {
		return b, err
	}
	b.ManifestSHA256 = strings.Repeat("6c", 32)
	if !f.same {
		b.Ceremony = "other"
	}
	b.Status = []plan.BundleStatus{{Artifact: "again-crl", Kind: "crl", SHA256: plan.SHA256Hex(f.der)}}
	b.Objects = map[string][]byte{"again-crl": f.der}
	return b, err
}
