// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

// What became of a signature that a key made, or may have made. CeremonyClosed counts
// them: what a token signed is issued, whatever became of it afterwards.
const (
	SignatureDelivered = "delivered" // its artifact is delivered
	SignatureProof     = "key-proof" // it proves a key
	SignatureStandIn   = "stand-in"  // of a rehearsal, in place of an input
	SignatureRepeated  = "repeated"  // the same bytes were signed again, and that signature has its owner
	SignatureSettled   = "settled"   // people decided what follows, and had its step repeated
	SignatureInvalid   = "invalid"   // the token gave one that does not verify
	SignatureOpen      = "open"      // nobody owns it
)

// SignatureStandings are all of them.
var SignatureStandings = []string{SignatureDelivered, SignatureProof, SignatureStandIn, SignatureRepeated, SignatureSettled, SignatureInvalid, SignatureOpen}
