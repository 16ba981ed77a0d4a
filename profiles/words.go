// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import "slices"

// The keywords of profiles, in the order in which help lists them.
var (
	kinds = []Kind{RootCA, SubordinateCA, CrossCertifiedCA, OCSPResponder, CRL, OCSPResponse, CertRequest}

	intents = []Intent{TLSServer, TLSConstrained, SMIME, SMIMEConstrained, CodeSigning, TimeStamping, ClientAuth, Private}

	rootScopes = []RootScope{ScopeTLS, ScopeSMIME, ScopeCode, ScopePrivate}

	scopes = []Scope{CACertificates, SubscriberCertificates}

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

// RootScopes lists what a root can be trusted for.
func RootScopes() []RootScope { return slices.Clone(rootScopes) }

// RulePacks lists the rule packs that a profile can name.
func RulePacks() []string { return slices.Clone(rulePacks) }

// text turns typed words into plain ones.
func text[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
