// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"

	"rootceremony/profiles"
)

// signatureBytes are the AlgorithmIdentifiers that BR 7.1.3.2 permits, byte for
// byte, for the signature algorithms a profile can declare.
var signatureBytes = map[profiles.SignatureAlgorithm]string{
	profiles.SHA256RSA:   "300d06092a864886f70d01010b0500",
	profiles.SHA384RSA:   "300d06092a864886f70d01010c0500",
	profiles.SHA512RSA:   "300d06092a864886f70d01010d0500",
	profiles.ECDSASHA256: "300a06082a8648ce3d040302",
	profiles.ECDSASHA384: "300a06082a8648ce3d040303",
	profiles.ECDSASHA512: "300a06082a8648ce3d040304",
}

// pssBytes are the RSASSA-PSS AlgorithmIdentifiers of BR 7.1.3.2.1: no profile
// can declare them, other CAs' certificates can have them.
var pssBytes = []string{
	"304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120",
	"304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130",
	"304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d06096086480165030402030500a203020140",
}

// keyBytes are the AlgorithmIdentifiers of a SubjectPublicKeyInfo that BR
// 7.1.3.1 permits.
var keyBytes = []string{
	"300d06092a864886f70d0101010500",
	"301306072a8648ce3d020106082a8648ce3d030107",
	"301006072a8648ce3d020106052b81040022",
	"301006072a8648ce3d020106052b81040023",
}

// permittedSignature reports whether an AlgorithmIdentifier stands in the table.
func permittedSignature(der []byte) bool {
	h := hex.EncodeToString(der)
	for _, v := range signatureBytes {
		if v == h {
			return true
		}
	}
	for _, v := range pssBytes {
		if v == h {
			return true
		}
	}
	return false
}

// permittedKey reports whether a SubjectPublicKeyInfo begins with an algorithm
// of the table.
func permittedKey(spki []byte) bool {
	parts, err := sequence(spki)
	if err != nil || len(parts) != 2 {
		return false
	}
	h := hex.EncodeToString(parts[0].FullBytes)
	for _, v := range keyBytes {
		if v == h {
			return true
		}
	}
	return false
}

// parseKey reads a SubjectPublicKeyInfo of a kind that a CA may have.
func parseKey(spki []byte) (crypto.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("reading the public key: %w", err)
	}
	switch key.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey:
		return key, nil
	}
	return nil, fmt.Errorf("public key of type %T", key)
}

// describeKey names a key for people, as "P-384" or "RSA-4096".
func describeKey(key crypto.PublicKey) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA-%d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return k.Curve.Params().Name
	}
	return "unknown key"
}

// Families of signature algorithms, by the OIDs that their AlgorithmIdentifiers
// begin with.
const (
	rsaFamily   = "06092a864886f70d0101"
	ecdsaFamily = "2a8648ce3d04"
)

// wrongFamily says why a signature algorithm is none for the kind of key that
// is to make it, or "".
func wrongFamily(alg []byte, key crypto.PublicKey) string {
	h := hex.EncodeToString(alg)
	switch key.(type) {
	case *rsa.PublicKey:
		if strings.Contains(h, rsaFamily) {
			return ""
		}
	case *ecdsa.PublicKey:
		if strings.Contains(h, ecdsaFamily) {
			return ""
		}
	}
	return fmt.Sprintf("AlgorithmIdentifier %s does not fit a key of kind %s", h, describeKey(key))
}

// wrongHash says why an ECDSA algorithm does not fit the curve of the key that
// is to make the signature, or "" (BR 7.1.3.2.2).
func wrongHash(alg []byte, key crypto.PublicKey) string {
	k, ok := key.(*ecdsa.PublicKey)
	if !ok {
		return ""
	}
	want := map[elliptic.Curve]profiles.SignatureAlgorithm{
		elliptic.P256(): profiles.ECDSASHA256,
		elliptic.P384(): profiles.ECDSASHA384,
		elliptic.P521(): profiles.ECDSASHA512,
	}[k.Curve]
	if h := hex.EncodeToString(alg); h != signatureBytes[want] {
		return fmt.Sprintf("a %s key signs with %s only, and the AlgorithmIdentifier is %s", describeKey(key), want, h)
	}
	return ""
}

// declaredAlgorithm gives the AlgorithmIdentifier of a declared algorithm.
func declaredAlgorithm(a profiles.SignatureAlgorithm) ([]byte, error) {
	der, err := hex.DecodeString(signatureBytes[a])
	if err != nil || len(der) == 0 {
		return nil, fmt.Errorf("unknown signature algorithm %q", a)
	}
	return der, nil
}

// usesSHA1 reports whether an AlgorithmIdentifier is a signature with SHA-1.
func usesSHA1(alg []byte) bool {
	h := hex.EncodeToString(alg)
	return strings.Contains(h, "06092a864886f70d010105") || // sha1WithRSAEncryption
		strings.Contains(h, "06072a8648ce3d0401") || // ecdsa-with-SHA1
		strings.Contains(h, "06072a8648ce380403") // dsa-with-sha1
}
