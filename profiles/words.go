// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"rootceremony/profiles/ext"
	"rootceremony/profiles/value"
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
func AttributeTypes() []string { return value.AttributeTypes() }

// ExtensionNames lists the extensions that the language has words for, and raw.
func ExtensionNames() []string { return ext.Names() }

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
