// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"
)

// The bytes of BR 7.1.3.2, and what Go writes.
func TestAlgorithmIdentifier(t *testing.T) {
	for alg, want := range map[Signature]string{
		SHA256RSA: "300d06092a864886f70d01010b0500", SHA384RSA: "300d06092a864886f70d01010c0500",
		SHA512RSA: "300d06092a864886f70d01010d0500", ECDSASHA256: "300a06082a8648ce3d040302",
		ECDSASHA384: "300a06082a8648ce3d040303", ECDSASHA512: "300a06082a8648ce3d040304",
	} {
		got, err := alg.Identifier()
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%s: %x, %v", alg, got, err)
		}
		got[0] = 0 // a copy
		if again, _ := alg.Identifier(); again[0] != 0x30 {
			t.Errorf("%s: the table can be changed", alg)
		}
	}
	if _, err := Signature("sha1-rsa").Identifier(); err == nil {
		t.Error("SHA-1 is known")
	}
}

// The bytes of BR 7.1.3.1.
func TestKeyIdentifier(t *testing.T) {
	for key, want := range map[Key]string{
		RSA2048: "300d06092a864886f70d0101010500", RSA3072: "300d06092a864886f70d0101010500", RSA4096: "300d06092a864886f70d0101010500",
		ECDSAP256: "301306072a8648ce3d020106082a8648ce3d030107",
		ECDSAP384: "301006072a8648ce3d020106052b81040022", ECDSAP521: "301006072a8648ce3d020106052b81040023",
	} {
		if got := hex.EncodeToString(key.Identifier()); got != want {
			t.Errorf("%s: %s", key, got)
		}
	}
}

// TestFacts holds the tables to themselves: no row lacks a fact, and no two rows
// contradict each other.
func TestFacts(t *testing.T) {
	for _, f := range keyTable {
		row := f.family.row()
		switch {
		case row.name == "" || row.generate == nil || row.specimen == nil || row.usable == nil || row.pkcs11.KeyType == "" ||
			row.pkcs11.Sign.Name == "" || row.pkcs11.Generate.Name == "" || row.title == "":
			t.Errorf("%s: the family %q lacks something", f.key, f.family)
		case f.bits == 0 || !f.usual.Valid() || !f.key.CanMake(f.usual) || f.key.Family() != f.family:
			t.Errorf("%s: the row lacks something", f.key)
		case f.usual.Family() != f.family || !f.usual.Signer().CanMake(f.usual):
			t.Errorf("%s: %s is not for it", f.key, f.usual)
		case f.curve != nil && f.curve.Params().BitSize != f.bits:
			t.Errorf("%s: a curve of %d bits", f.key, f.curve.Params().BitSize)
		}
	}
	for _, f := range signatureTable {
		var id pkix.AlgorithmIdentifier
		if rest, err := asn1.Unmarshal(fromHex(f.der), &id); err != nil || len(rest) > 0 || id.Algorithm.String() != f.oid {
			t.Errorf("%s: %s is not %s: %v", f.signature, f.der, f.oid, err)
		}
		scheme, known := SchemeOf(f.oid)
		if SignatureOf(fromHex(f.der)) != f.signature || FamilyOf(fromHex(f.der)) != f.scheme.Family || OIDName(f.oid) != f.name || !known || scheme != f.scheme {
			t.Errorf("%s is not found again", f.signature)
		}
		if scheme.Hash != 0 && !scheme.Hash.Available() {
			t.Errorf("%s: its hash is not built in", f.signature)
		}
		if f.signature.Signer() == "" {
			t.Errorf("no key makes %s", f.signature)
		}
	}
	for _, s := range pssBytes {
		if !IsPSS(fromHex(s)) || FamilyOf(fromHex(s)) != RSA || UsesSHA1(fromHex(s)) {
			t.Errorf("%s is not known as PSS", s)
		}
	}
}

// TestUnknown guards that words and keys of nobody's give empty answers and
// errors, never a panic.
func TestUnknown(t *testing.T) {
	k, s := Key("dsa-1024"), Signature("md5-rsa")
	if Hash("md5").OID() != "" || Hash("md5").Sum(nil) != nil || HashOf("1.2") != "" {
		t.Error("an unknown hash has facts")
	}
	if k.Valid() || k.Bits() != 0 || k.Curve() != nil || k.Family() != "" || k.DefaultSignature() != "" || k.CanMake("") || k.CanMake(s) ||
		k.Identifier() != nil || len(k.Parameters()) != 0 || k.PKCS11().KeyType != "" || Family("dsa").Smallest() != "" {
		t.Error("an unknown key has facts")
	}
	if s.Valid() || s.Hash() != 0 || s.Family() != "" || s.Signer() != "" || SignatureOf(nil) != "" || FamilyOf([]byte{5, 0}) != "" || UsesSHA1(nil) {
		t.Error("an unknown signature has facts")
	}
	_, generated := k.Generate(rand.Reader)
	_, digested := s.Digest(nil)
	_, specimen := SpecimenSignature([]byte{0x30})
	for i, err := range []error{generated, digested, specimen, Verify(nil, s, strings.NewReader(""), nil), Verify(nil, SHA256RSA, strings.NewReader(""), nil)} {
		if err == nil {
			t.Errorf("%d: no error", i)
		}
	}
	if NameOf(nil) != "" || Describe("key") != "" || Short(nil) != "" || FamilyOfKey(nil) != "" {
		t.Error("what is no key has a name")
	}
}

func encoded(t *testing.T, key any) []byte {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return spki
}

// Keys that no key type describes are refused, also those that crypto/x509 reads;
// they have a name all the same.
func TestKeyOf(t *testing.T) {
	p224, err := ecdsa.GenerateKey(elliptic.P224(), nil)
	if err != nil {
		t.Fatal(err)
	}
	edwards, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := new(big.Int).Lsh(big.NewInt(1), 2047)
	n.SetBit(n, 0, 1)
	for name, c := range map[string]struct {
		key      any
		want     string // in the error
		describe string
	}{
		"P-224":      {&p224.PublicKey, "curve P-224: want P-256, P-384 or P-521", "ECDSA P-224"},
		"exponent 3": {&rsa.PublicKey{N: n, E: 3}, "public exponent 3: want 65537", "RSA 2048"},
		"2049 bits":  {&rsa.PublicKey{N: new(big.Int).SetBit(n, 2048, 1), E: 65537}, "modulus of 2049 bits: want 2048, 3072 or 4096", "RSA 2049"},
		"Ed25519":    {edwards, "public key of type ed25519.PublicKey: want RSA or ECDSA", "Ed25519"},
	} {
		if k, err := KeyOf(encoded(t, c.key)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %q, %v", name, k, err)
		}
		if got := Describe(c.key); got != c.describe {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestKeys makes a key of each type, signs with it, and changes what was signed.
func TestKeys(t *testing.T) {
	message := []byte("a message")
	for _, k := range Keys() {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			signer, err := k.Generate(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			spki := encoded(t, signer.Public())
			if got, err := KeyOf(spki); got != k || err != nil || NameOf(signer.Public()) != k {
				t.Errorf("read back as %s, %v", got, err)
			}
			if !bytes.HasPrefix(spki[4:], k.Identifier()) && !bytes.HasPrefix(spki[3:], k.Identifier()) && !bytes.HasPrefix(spki[2:], k.Identifier()) {
				t.Errorf("%x does not begin with %x", spki, k.Identifier())
			}
			specimen, err := SpecimenSignature(spki)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range Signatures() {
				if !k.CanMake(s) {
					continue
				}
				digest, err := s.Digest(message)
				if err != nil {
					t.Fatal(err)
				}
				signature, err := signer.Sign(rand.Reader, digest, s.Hash())
				if err != nil {
					t.Fatal(err)
				}
				if err := Verify(spki, s, bytes.NewReader(message), signature); err != nil {
					t.Errorf("%s: %v", s, err)
				}
				if err := Verify(spki, s, bytes.NewReader(message[1:]), signature); !errors.Is(err, ErrSignature) {
					t.Errorf("%s: another message: %v", s, err)
				}
				if err := Verify(spki, s, bytes.NewReader(message), specimen); !errors.Is(err, ErrSignature) {
					t.Errorf("%s: the specimen: %v", s, err)
				}
				if d := len(specimen) - len(signature); d < 0 || d > 8 {
					t.Errorf("%s: a signature of %d octets, a specimen of %d", s, len(signature), len(specimen))
				}
			}
		})
	}
}

func TestSpecimenSignature(t *testing.T) {
	for k, octets := range map[Key]int{ECDSAP256: 32, ECDSAP384: 48, ECDSAP521: 66} {
		spki, err := SpecimenKey(k, 0, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		specimen, err := SpecimenSignature(spki)
		if err != nil {
			t.Fatal(err)
		}
		var sig struct{ R, S *big.Int }
		if rest, err := asn1.Unmarshal(specimen, &sig); err != nil || len(rest) > 0 {
			t.Fatal(err)
		}
		if len(sig.R.Bytes()) != octets || len(sig.S.Bytes()) != octets || sig.R.Sign() != 1 || sig.R.BitLen() > k.Bits() {
			t.Errorf("%s: %x, %x", k, sig.R, sig.S)
		}
	}
	if specimen, err := SpecimenSignature(encoded(t, &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 3071), E: 65537})); len(specimen) != 384 || err != nil {
		t.Errorf("RSA specimen of %d octets, %v", len(specimen), err)
	}
	if _, err := SpecimenSignature(nil); err == nil {
		t.Error("a specimen of nothing")
	}
}

// Signature algorithms of another family of keys are refused by name.
func TestVerifyOtherFamily(t *testing.T) {
	spki, err := SpecimenKey(ECDSAP256, 0, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(spki, SHA256RSA, strings.NewReader(""), nil); err == nil || err.Error() != "signature algorithm is not for an ECDSA key" {
		t.Error(err)
	}
}

// TestForgotten guards that a key type whose family nobody can make fails by its
// name, never by a panic.
func TestForgotten(t *testing.T) {
	whole := keyTable
	defer func() { keyTable = whole }()
	keyTable = append(whole[:len(whole):len(whole)], keyFacts{key: "ed25519", family: Ed25519, bits: 256})
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, generated := Key("ed25519").Generate(rand.Reader)
	_, specimen := SpecimenSignature(encoded(t, public))
	_, key := KeyOf(encoded(t, public))
	for what, err := range map[string]error{"Generate": generated, "SpecimenSignature": specimen, "KeyOf": key} {
		if err == nil || !strings.Contains(err.Error(), "ed25519") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
