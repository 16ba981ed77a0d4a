// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"

	"rootceremony/profiles"
)

// Requirement is one that no rule of this package enforces, and why.
type Requirement struct {
	ID          string          `json:"id"`
	Citation    string          `json:"citation"`
	Requirement string          `json:"requirement"`
	Why         string          `json:"why"`
	Kinds       []profiles.Kind `json:"-"` // that it is about; empty: all
	Packs       []string        `json:"-"` // whose documents have it; empty: it concerns all
	Private     bool            `json:"-"` // it is about PKIs of other rules alone
}

// Unenforced lists the requirements that cannot be decided from an object and
// its context, or that another package checks, so that a missing finding is not
// taken for a pass.
func Unenforced() []Requirement {
	return slices.Concat(offlineUndecidable, otherPKIs, ceremonyRequirements)
}

// offlineUndecidable are requirements that an offline linter cannot see.
var offlineUndecidable = []Requirement{
	{ID: "cert.serial-entropy", Kinds: certKinds, Citation: "BR 7.1.2, MRSP 5.2", Requirement: "a serial number is non-sequential and contains at least 64 bits of output from a CSPRNG",
		Why: "entropy does not show in one number; cert.serial checks its length, and the journal records its source"},
	{ID: "key.entropy", Kinds: keyKinds, Citation: "BR 6.1.1.1, 6.1.6", Requirement: "a key is generated with sufficient entropy by the module",
		Why: "entropy does not show in a public key; key.quality finds the weaknesses that do"},
	{ID: "key.debian-weak", Kinds: keyKinds, Citation: "BR 6.1.1.3", Requirement: "a subscriber key is not a Debian weak key (CVE-2008-0166)",
		Why: "required of subscriber keys, not of CA keys; the lists of weak keys are hundreds of megabytes, and no library used here includes them"},
	{ID: "key.compromised-list", Kinds: keyKinds, Citation: "BR 6.1.1.3, 4.9.1.1", Requirement: "a key is not known to be compromised",
		Why: "the lists are online; keys of the ceremony and of its inputs are compared by set.dn-key and set.root-unique"},
	{ID: "sub.affiliate", Kinds: subKinds, Citation: "BR 7.1.2.2.6, 7.1.2.10.5, SBR 7.1.6.3, CSBR 7.1.6.3", Requirement: "anyPolicy, and a cross-certificate without extKeyUsage, only for an Affiliate of the issuer",
		Why: "affiliation is a fact about companies: the class of a key says it, or lint --affiliate; sub.policies and sub.eku warn where nobody does"},
	{ID: "cert.ski-random", Kinds: certKinds, Citation: "BR 7.1.2.11.4", Requirement: "an identifier that is not derived from the key is unique",
		Why: "only among the certificates that the ceremony knows: set.ski-key"},
	{ID: "cert.extension-oid", Kinds: certKinds, Citation: "BR 7.1.2.11.5", Requirement: "the OID of an additional extension is in an arc that the applicant owns or is public",
		Why: "ownership of arcs is not in the object; cert.other-extension warns of each additional extension"},
	{ID: "cert.subject-verified", Kinds: certKinds, Citation: "BR 3.2, 7.1.2.10.2", Requirement: "the values of the subject were verified",
		Why: "identity is verified by people and documents"},
	{ID: "crl.publish", Kinds: crlKind, Citation: "BR 4.9.7, 4.10", Requirement: "CRLs are published in time and are available day and night",
		Why: "publication happens after the ceremony; this program writes no deadlines for it"},
	{ID: "crl.after-revocation", Kinds: crlKind, Citation: "BR 4.9.7", Requirement: "a new CRL at most 24 hours after a revocation is recorded",
		Why: "when a revocation was recorded is not in the CRL; crl.entry-dates and crl.this-update check what is"},
	{ID: "ocsp.unassigned", Kinds: responseKind, Citation: "BR 4.9.9", Requirement: "no \"good\" for serial numbers that were never assigned",
		Why: "a property of a running responder; for each response made here ocsp.status requires the certificate"},
	{ID: "ocsp.service", Kinds: responseKind, Citation: "BR 4.10, MRSP 5.2", Requirement: "the URLs in certificates answer",
		Why: "this program does not use the network"},
	{ID: "ccadb.disclosure", Packs: []string{PackCCADB}, Citation: "CCADB Policy 3.2, 6.2, MRSP 5.3.2, CRP 1.8", Requirement: "certificates are disclosed within 7 days and before they issue; revocations within 7 days",
		Why: "disclosure is after the ceremony; report, transcript and annex list what is due, with its last day, for CA certificates that were signed and not delivered, and for the others this program keeps no deadline"},
	{ID: "ccadb.arrays", Packs: []string{PackCCADB}, Citation: "CCADB Policy 6.2", Requirement: "the arrays of CRL URLs in the CCADB are byte-for-byte those in certificates and complete",
		Why: "this program does not write the arrays; crl.idp-uri and crl.complete check the CRLs against the URLs of the CA"},
	{ID: "chrome.disclosure-date", Packs: []string{PackChrome}, Citation: "CRP 1.8, 1.3.2", Requirement: "the date of disclosure decides which EKU rule applies",
		Why: "it is after the ceremony; prog.chrome-eku uses the day of signing, which is stricter or equal"},
	{ID: "chrome.replacement", Packs: []string{PackChrome}, Citation: "CRP 1.8, 1.3.1.1 and 1.6.1", Requirement: "notice and approval before certificates for CAs outside of the store; a cross-certificate from the old root before the request",
		Why: "approvals are documents; the ceremony file lists them"},
	{ID: "chrome.two-roots", Packs: []string{PackChrome}, Citation: "CRP 1.8 (2027-09-15)", Requirement: "an owner has at most two roots in the store",
		Why: "the store is not known here"},
	{ID: "apple.approval", Packs: []string{PackApple}, Citation: "ARP 2.0, 1.4", Requirement: "approval before a certificate for an external subordinate CA", Why: "approvals are documents"},
	{ID: "apple.unlisted-purpose", Packs: []string{PackApple}, Citation: "ARP 2.0, 1.7(b)", Requirement: "a purpose that is not listed is in a CP/CPS within the scope of the annual audit",
		Why: "documents of auditors; prog.apple-purpose asks for a root whose scope has several purposes, which ends on 2027-07-01"},
	{ID: "mozilla.inclusion", Packs: []string{PackMozilla}, Citation: "MRSP 3.1, 7.1", Requirement: "audits, auditor-witnessed report of the key generation", Why: "documents of auditors"},
	{ID: "mozilla.dual-purpose", Packs: []string{PackMozilla}, Citation: "MRSP 3.1 (2028-12-31)", Requirement: "dual-purpose roots end", Why: "trust bits are set in the store, not in the root"},
	{ID: "smime.small-issuers", Packs: []string{PackSMIME}, Citation: "SBR 1.0.15, 6.1.5 (2027-09-15)", Requirement: "no subscriber certificate for S/MIME from a subordinate CA whose RSA key has fewer than 3072 bits", Why: "subscriber certificates are not made here; key.size-smime checks the key of the CA when it is certified"},
	{ID: "microsoft.submission", Packs: []string{PackMicrosoft}, Citation: "MTRP 1.2, 3.1.8", Requirement: "the root is submitted on the day from which its ten years are counted", Why: "it is after the ceremony: prog.ms-root-validity uses the day that the ceremony file gives, or notBefore"},
	{ID: "microsoft.enabled", Packs: []string{PackMicrosoft}, Citation: "MTRP 1.2, 3.1.16", Requirement: "which key purposes are enabled for a root, and at most two OIDs per root", Why: "set in the store"},
	{ID: "audit.records", Citation: "BR 5.4.3, 5.5.2", Requirement: "records are kept for two years and longer", Why: "after the ceremony"},
}

// otherPKIs are the rules for PKIs that have no rule pack here.
var otherPKIs = []Requirement{
	{ID: "pki.matter", Private: true, Citation: "Matter Core Specification", Requirement: "PAA and PAI certificates: P-256 and SHA-256, vendor and product attributes, path lengths",
		Why: "there is no rule pack for it yet; a private profile checks such a CA against RFC 5280 and against the profile itself"},
	{ID: "pki.spiffe", Private: true, Citation: "SPIFFE X.509-SVID", Requirement: "signing certificates: keyCertSign, URI SAN without path",
		Why: "there is no rule pack for it yet, and a profile can declare a subjectAltName only as raw DER"},
	{ID: "pki.mtc-ca", Private: true, Citation: "Merkle Tree Certificates, draft-04", Requirement: "the CA certificate of a Merkle tree CA",
		Why: "a draft with experimental identifiers; no profile can declare one"},
	{ID: "pki.mldsa-spki", Private: true, Citation: "RFC 9881 4, BR 6.1.5, SBR 7.1.3", Requirement: "AlgorithmIdentifier of ML-DSA keys without parameters",
		Why: "no profile can declare ML-DSA; SBR permits it since 1.0.11 (ballot SMC013), BR and MRSP do not: below a root for S/MIME alone such keys are reported as not checked, elsewhere cert.alg-table refuses them"},
}
