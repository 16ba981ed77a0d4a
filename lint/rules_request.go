// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// requestRules check certificate requests, generated here or received.
var requestRules = []Rule{
	{
		ID: "req.signature", Level: Error, Citation: "RFC 2986 4.2",
		Requirement: "the signature verifies under the key in the request: proof of possession",
		Record:      RecordSignature,
		Kinds:       requestKind, Needs: []Need{NeedSignature}, Check: checkRequestSignature,
	},
	{
		ID: "req.password", Level: Notice, Citation: "RFC 2985 5.4.1",
		Requirement: "a challengePassword, with which its holder may ask for revocation, is between the holder and the CA: it is in no request that others read",
		Kinds:       requestKind, Check: checkPassword,
	},
	{
		ID: "pop.signature", Level: Error, Citation: "BR 3.2.1, RFC 2986 3",
		Requirement: "the request of an external subject is signed by the key that is certified",
		Kinds:       certKinds, Applies: fromRequest, Check: checkPossession,
	},
	{
		ID: "pop.spki", Level: Error, Citation: "BR 3.2.1",
		Requirement: "the certified key is byte-for-byte that of the request",
		Kinds:       certKinds, Applies: fromRequest, Check: checkRequestKey,
	},
	{
		ID: "pop.subject", Level: Notice, Citation: "house",
		Requirement: "the subject is the one the request asks for, or the ceremony file sets it on purpose",
		House:       HouseAdvice, Kinds: certKinds, Applies: fromRequest, Check: checkRequestSubject,
	},
}

func checkRequestSignature(t *target) []problem {
	if t.unsupportedKey() {
		return lacksContext(FieldSignature, NeedLibrary)
	}
	if err := inspect.VerifySignature(t.spki, t.alg, t.tbs, t.signature); err != nil {
		return fault(FieldSignature, "%v", err)
	}
	return nil
}

func checkPassword(t *target) []problem {
	if slices.ContainsFunc(t.req().Attributes, func(a inspect.RequestAttribute) bool { return a.OID.Equal(inspect.OIDChallengePassword) }) {
		return fault(FieldRequest, "a challengePassword in the clear: who reads it may have the certificate revoked; if it is used at all, agree on another")
	}
	return nil
}

// fromRequest reports whether the subject's key came in a request.
func fromRequest(t *target) bool { return t.ctx.Request != nil && t.obj.Kind() != profiles.RootCA }

func checkPossession(t *target) []problem {
	r := t.ctx.Request
	if err := inspect.VerifySignature(r.RawSPKI, r.Algorithm, r.RawTBS, r.Signature); err != nil {
		return fault(FieldRequest, "%v", err)
	}
	return nil
}

func checkRequestKey(t *target) []problem {
	if !bytes.Equal(t.ctx.Request.RawSPKI, t.spki) {
		return fault(FieldRequest, "the key is not that of the request")
	}
	return nil
}

func checkRequestSubject(t *target) []problem {
	r := t.ctx.Request
	if len(r.Subject.RDNs) == 0 || folded(&r.Subject) == folded(&t.cert().Subject) {
		return nil
	}
	return fault(FieldSubject, "the request asks for %q, the certificate has %q", r.Subject, t.cert().Subject)
}
