// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "rootceremony/profiles"

// Rule packs, in the words of profiles.
const (
	PackRFC5280     = profiles.PackRFC5280
	PackTLS         = profiles.PackTLS
	PackSMIME       = profiles.PackSMIME
	PackCodeSigning = profiles.PackCodeSigning
	PackMozilla     = profiles.PackMozilla
	PackApple       = profiles.PackApple
	PackChrome      = profiles.PackChrome
	PackMicrosoft   = profiles.PackMicrosoft
	PackCCADB       = profiles.PackCCADB
)
