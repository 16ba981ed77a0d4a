// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

// Rule packs that a profile can name. Package lint knows what each of them
// means, and package table which sections of their documents.
const (
	PackRFC5280     = "rfc5280"
	PackTLS         = "cabf-tls"
	PackSMIME       = "cabf-smime"
	PackCodeSigning = "cabf-code-signing"
	PackMozilla     = "mozilla"
	PackApple       = "apple"
	PackChrome      = "chrome"
	PackMicrosoft   = "microsoft"
	PackCCADB       = "ccadb"
)
