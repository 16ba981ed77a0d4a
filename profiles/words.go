// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"slices"
	"strings"
)

// The words of the language, in the order in which help lists them.
var (
	kinds = []Kind{RootCA, SubordinateCA, CrossCertifiedCA, OCSPResponder, CRL, OCSPResponse, CertRequest}

	intents = []Intent{TLSServer, TLSConstrained, SMIME, CodeSigning, TimeStamping, ClientAuth, Private}

	scopes = []Scope{CACertificates, SubscriberCertificates}

	keyAlgorithms = []KeyAlgorithm{RSA2048, RSA3072, RSA4096, ECDSAP256, ECDSAP384, ECDSAP521}

	signatureAlgorithms = []SignatureAlgorithm{
		SHA256RSA, SHA384RSA, SHA512RSA, ECDSASHA256, ECDSASHA384, ECDSASHA512,
	}

	keyUsages = []KeyUsage{DigitalSignature, CertSign, CRLSign}

	// rulePacks are the names that "rules:" takes.
	rulePacks = []string{
		PackApple, PackCodeSigning, PackSMIME, PackTLS, PackCCADB,
		PackChrome, PackMicrosoft, PackMozilla, PackRFC5280,
	}

	ocspModes = []string{"none", "direct", "delegated"}
)

// Kinds lists the kinds of profiles.
func Kinds() []Kind { return slices.Clone(kinds) }

// Intents lists the purposes a CA can have.
func Intents() []Intent { return slices.Clone(intents) }

// KeyAlgorithms lists the key algorithms that a profile can allow.
func KeyAlgorithms() []KeyAlgorithm { return slices.Clone(keyAlgorithms) }

// SignatureAlgorithms lists the signature algorithms that a profile can allow.
func SignatureAlgorithms() []SignatureAlgorithm { return slices.Clone(signatureAlgorithms) }

// RulePacks lists what a profile can be held to.
func RulePacks() []string { return slices.Clone(rulePacks) }

// AttributeTypes lists what a name can hold.
func AttributeTypes() []string { return attributeNames() }

// ExtensionNames lists the extensions that the language has words for, and raw.
func ExtensionNames() []string { return extensionNames() }

// knownExtension is an extension this language has words for.
type knownExtension struct {
	name ExtensionName
	oid  OID
}

// extensions are in the order in which RFC 5280 has them.
var extensions = []knownExtension{
	{ExtAuthorityKeyID, "2.5.29.35"},
	{ExtSubjectKeyID, "2.5.29.14"},
	{ExtKeyUsage, "2.5.29.15"},
	{ExtPolicies, "2.5.29.32"},
	{ExtBasicConstraints, "2.5.29.19"},
	{ExtNameConstraints, "2.5.29.30"},
	{ExtExtKeyUsage, "2.5.29.37"},
	{ExtCRLPoints, "2.5.29.31"},
	{ExtInfoAccess, "1.3.6.1.5.5.7.1.1"},
	{ExtOCSPNoCheck, "1.3.6.1.5.5.7.48.1.5"},
	{ExtCRLNumber, "2.5.29.20"},
	{ExtIssuingPoint, "2.5.29.28"},
}

// OID returns the object identifier of an extension, or "" for [ExtRaw] and
// for names that are not of this language.
func (n ExtensionName) OID() OID {
	for _, e := range extensions {
		if e.name == n {
			return e.oid
		}
	}
	return ""
}

// OID returns the object identifier of the extension.
func (e *Extension) OID() OID {
	if e.Name == ExtRaw && e.Raw != nil {
		return e.Raw.OID
	}
	return e.Name.OID()
}

// nameOf returns the name of an extension that has one.
func nameOf(id OID) (ExtensionName, bool) {
	for _, e := range extensions {
		if e.oid == id {
			return e.name, true
		}
	}
	return "", false
}

// named reports whether the language has words for a raw extension.
func (r *RawExtension) named() bool {
	_, ok := nameOf(r.OID)
	return ok
}

// purposes are the key purposes that have names, RFC 5280 4.2.1.12.
var purposes = []Purposed{
	{"server-auth", "1.3.6.1.5.5.7.3.1"},
	{"client-auth", "1.3.6.1.5.5.7.3.2"},
	{"code-signing", "1.3.6.1.5.5.7.3.3"},
	{"email-protection", "1.3.6.1.5.5.7.3.4"},
	{"time-stamping", "1.3.6.1.5.5.7.3.8"},
	{"ocsp-signing", "1.3.6.1.5.5.7.3.9"},
	{"any", "2.5.29.37.0"},
}

// Family is the kind of key a signature algorithm needs: "rsa" or "ecdsa", or
// "" for a name that is not of this language.
func (a SignatureAlgorithm) Family() string {
	switch a {
	case SHA256RSA, SHA384RSA, SHA512RSA:
		return "rsa"
	case ECDSASHA256, ECDSASHA384, ECDSASHA512:
		return "ecdsa"
	}
	return ""
}

// Family is "rsa" or "ecdsa".
func (k KeyAlgorithm) Family() string {
	family, _, _ := strings.Cut(string(k), "-")
	return family
}

// text turns typed words into plain ones.
func text[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
