// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"crypto"
	"encoding/asn1"
	"slices"
	"strings"
)

// foreign are signature algorithms that no profile can say and that others'
// objects have (RFC 4055, RFC 5758, RFC 8410).
var foreign = []struct {
	oid, name string
	scheme    Scheme
}{
	{"1.2.840.113549.1.1.5", "sha1WithRSAEncryption", Scheme{Family: RSA, Hash: crypto.SHA1}},
	{"1.2.840.113549.1.1.10", "RSASSA-PSS", Scheme{Family: RSA, PSS: true}},
	{"1.2.840.10045.4.1", "ecdsa-with-SHA1", Scheme{Family: ECDSA, Hash: crypto.SHA1}},
	{"1.3.101.112", "Ed25519", Scheme{Family: Ed25519}},
}

// names are those of other identifiers of keys, curves and algorithms.
var names = map[string]string{
	"1.2.840.113549.1.1.1": "rsaEncryption", "1.2.840.113549.1.1.4": "md5WithRSAEncryption", "1.2.840.113549.1.1.8": "mgf1",
	"1.2.840.10045.2.1": "ecPublicKey", "1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521",
	"1.3.101.113":             "Ed448",
	"2.16.840.1.101.3.4.3.17": "ML-DSA-44", "2.16.840.1.101.3.4.3.18": "ML-DSA-65", "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
	"2.16.840.1.101.3.4.3.20": "SLH-DSA-SHA2-128s", "2.16.840.1.101.3.4.3.21": "SLH-DSA-SHA2-128f", "2.16.840.1.101.3.4.3.22": "SLH-DSA-SHA2-192s",
	"2.16.840.1.101.3.4.3.23": "SLH-DSA-SHA2-192f", "2.16.840.1.101.3.4.3.24": "SLH-DSA-SHA2-256s", "2.16.840.1.101.3.4.3.25": "SLH-DSA-SHA2-256f",
	"2.16.840.1.101.3.4.3.26": "SLH-DSA-SHAKE-128s", "2.16.840.1.101.3.4.3.27": "SLH-DSA-SHAKE-128f", "2.16.840.1.101.3.4.3.28": "SLH-DSA-SHAKE-192s",
	"2.16.840.1.101.3.4.3.29": "SLH-DSA-SHAKE-192f", "2.16.840.1.101.3.4.3.30": "SLH-DSA-SHAKE-256s", "2.16.840.1.101.3.4.3.31": "SLH-DSA-SHAKE-256f",
}

// pssBytes are the RSASSA-PSS AlgorithmIdentifiers of BR 7.1.3.2.1: no profile
// can declare them, other CAs' certificates can have them.
var pssBytes = []string{
	"304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120",
	"304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130",
	"304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d06096086480165030402030500a203020140",
}

// IsPSS reports whether an AlgorithmIdentifier is one of those with RSASSA-PSS
// that BR 7.1.3.2.1 lists.
func IsPSS(identifier []byte) bool {
	return slices.ContainsFunc(pssBytes, func(s string) bool { return string(fromHex(s)) == string(identifier) })
}

// OIDName gives the name that the OID of an algorithm, a hash or a curve has in
// its standard, or "".
func OIDName(oid string) string {
	for _, f := range signatureTable {
		if f.oid == oid {
			return f.name
		}
	}
	for _, f := range foreign {
		if f.oid == oid {
			return f.name
		}
	}
	if h := HashOf(oid); h != "" {
		return string(h)
	}
	return names[oid]
}

// SchemeOf gives the scheme of a signature algorithm by its OID. That of
// RSASSA-PSS is complete with what its parameters say.
func SchemeOf(oid string) (Scheme, bool) {
	for _, f := range signatureTable {
		if f.oid == oid {
			return f.scheme, true
		}
	}
	for _, f := range foreign {
		if f.oid == oid {
			return f.scheme, true
		}
	}
	return Scheme{}, false
}

// FamilyOf gives the family of the keys that make signatures with an
// AlgorithmIdentifier, by the arc of its OID, or "".
func FamilyOf(identifier []byte) Family {
	oid := oidOf(identifier)
	for _, f := range families {
		if oid != "" && strings.HasPrefix(oid, f.arc) {
			return f.name
		}
	}
	return ""
}

// FamilyOfKey gives the family of a public key, or "".
func FamilyOfKey(public crypto.PublicKey) Family {
	f, _ := familyOf(public)
	return f.name
}

// dsaWithSHA1 is of FIPS 186-2 (RFC 3279 2.2.2); it is never verified here.
const dsaWithSHA1 = "1.2.840.10040.4.3"

// UsesSHA1 reports whether an AlgorithmIdentifier is a signature with SHA-1.
func UsesSHA1(identifier []byte) bool {
	oid := oidOf(identifier)
	scheme, _ := SchemeOf(oid)
	return scheme.Hash == crypto.SHA1 || oid == dsaWithSHA1
}

// oidOf gives the OID of an AlgorithmIdentifier in dotted form, or "".
func oidOf(identifier []byte) string {
	var id struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(identifier, &id); err != nil {
		return ""
	}
	return id.Algorithm.String()
}
