// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"slices"

	"rootceremony/profiles/value"
)

// shape lists the fields of a kind of profile, and the reasons why it cannot
// have the others. Package ext lists the kinds that each extension is for.
//
// Only what RFC 5280, RFC 6960 or the meaning of the kind requires of everyone
// is listed here. What the CA/Browser Forum or a root program forbids, such as
// an extended key usage in a root, is left to package lint, which knows the
// rule packs that apply to a profile: a private root may carry it.
type shape struct {
	need    []string // fields
	refused map[string]value.Reason
}

func (s shape) needs(field string) bool { return slices.Contains(s.need, field) }

// allFields are the fields that some kind has.
var allFields = []string{
	"intent", "subject-hierarchy", "scope", "included", "ocsp", "covers", "rules", "implements", "key", "signature",
	"serial", "subject", "validity", "certificate-id", "responder-id", "extensions",
}

// Reasons to refuse that several kinds share.
var (
	ofResponse   = value.Reason{Why: "it is only for OCSP responses"}
	ofStatus     = value.Reason{Why: "it is only for CRLs and OCSP responses"}
	ofCross      = value.Reason{Why: "it is only for cross-certificates", Citation: "CCADB Policy 6.3"}
	ofCA         = value.Reason{Why: "it is only for CAs"}
	ofNewSubject = value.Reason{Why: "its subject is that of the existing certificate", Citation: "BR 7.1.2.2.2"}
	noSubject    = value.Reason{Why: "the issuer name comes from the authority"}
	noKeys       = value.Reason{Why: "it certifies no key"}
	noSerial     = value.Reason{Why: "only certificates have a serial number"}
	noValidity   = value.Reason{Why: "the issuing CA decides it"}
)

// shapes of the kinds.
var shapes = map[Kind]shape{
	RootCA: {
		need:    []string{"intent", "ocsp", "key", "signature", "subject", "validity", "extensions"},
		refused: map[string]value.Reason{"subject-hierarchy": ofCross, "covers": ofStatus, "certificate-id": ofResponse, "responder-id": ofResponse},
	},
	SubordinateCA: {
		need:    []string{"intent", "ocsp", "key", "signature", "subject", "validity", "extensions"},
		refused: map[string]value.Reason{"subject-hierarchy": ofCross, "covers": ofStatus, "certificate-id": ofResponse, "responder-id": ofResponse},
	},
	CrossCertifiedCA: {
		need:    []string{"intent", "subject-hierarchy", "ocsp", "key", "signature", "validity", "extensions"},
		refused: map[string]value.Reason{"subject": ofNewSubject, "covers": ofStatus, "certificate-id": ofResponse, "responder-id": ofResponse},
	},
	OCSPResponder: {
		need:    []string{"key", "signature", "subject", "validity", "extensions"},
		refused: map[string]value.Reason{"subject-hierarchy": ofCross, "included": ofCA, "ocsp": ofCA, "covers": ofStatus, "certificate-id": ofResponse, "responder-id": ofResponse},
	},
	CRL: {
		need: []string{"covers", "signature", "validity", "extensions"},
		refused: map[string]value.Reason{
			"subject-hierarchy": ofCross, "included": ofCA, "ocsp": ofCA, "key": noKeys, "serial": noSerial, "subject": noSubject,
			"certificate-id": ofResponse, "responder-id": ofResponse,
		},
	},
	OCSPResponse: {
		need: []string{"covers", "signature", "validity"},
		refused: map[string]value.Reason{
			"subject-hierarchy": ofCross, "included": ofCA, "ocsp": ofCA, "key": noKeys, "serial": noSerial, "subject": noSubject,
		},
	},
	CertRequest: {
		need: []string{"key", "signature", "subject"},
		refused: map[string]value.Reason{
			"subject-hierarchy": ofCross, "included": ofCA, "ocsp": ofCA, "covers": ofStatus, "serial": noSerial, "validity": noValidity,
			"certificate-id": ofResponse, "responder-id": ofResponse,
		},
	},
}
