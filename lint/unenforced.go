// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "slices"

// Requirement is one that no rule of this package enforces, and why.
type Requirement struct {
	ID          string `json:"id"`
	Citation    string `json:"citation"`
	Requirement string `json:"requirement"`
	Why         string `json:"why"`
}

// Unenforced lists the requirements that cannot be decided from an object and
// its context, or that are left to another room, so that nobody takes silence
// for a pass.
func Unenforced() []Requirement {
	return slices.Concat(undecidable, otherPKIs, ofTheRoom)
}

// undecidable are requirements that an offline judge of objects cannot see.
var undecidable = []Requirement{
	{"cert.serial-entropy", "BR 7.1.2, MRSP 5.2", "a serial number is non-sequential and contains at least 64 bits of output from a CSPRNG",
		"one number shows no entropy; cert.serial holds its length, and the journal records where it came from"},
	{"key.entropy", "BR 6.1.1.1, 6.1.6", "a key is generated with sufficient entropy by the module",
		"a public key does not show it; key.quality finds the weaknesses that do show"},
	{"key.debian-weak", "BR 6.1.1.3", "a subscriber key is not a Debian weak key (CVE-2008-0166)",
		"asked of subscriber keys, not of CA keys; the lists of weak keys are hundreds of megabytes, and none of the libraries kept here carries them"},
	{"key.compromised-list", "BR 6.1.1.3, 4.9.1.1", "a key is not known to be compromised",
		"the lists live on the network; keys of the ceremony and of its inputs are compared by set.dn-key and set.root-unique"},
	{"sub.affiliate", "BR 7.1.2.2.6, 7.1.2.10.5, SBR 7.1.6.3, CSBR 7.1.6.3", "anyPolicy, and a cross-certificate without extKeyUsage, only for an Affiliate of the issuer",
		"affiliation is a fact about companies; sub.policies and sub.eku warn each time"},
	{"cert.ski-random", "BR 7.1.2.11.4", "an identifier that is not derived from the key is unique",
		"only among the certificates that the ceremony knows: set.ski-key"},
	{"cert.extension-oid", "BR 7.1.2.11.5", "the OID of an additional extension lies in an arc that the applicant owns or is public",
		"ownership of arcs is not in the object; cert.other-extension warns of each additional extension"},
	{"cert.subject-verified", "BR 3.2, 7.1.2.10.2", "the values of the subject were verified",
		"identity is verified by people and documents"},
	{"crl.publish", "BR 4.9.7, 4.10", "CRLs are published in time and are available day and night",
		"publication happens after the ceremony; this program writes no deadlines for it"},
	{"crl.after-revocation", "BR 4.9.7", "a new CRL at most 24 hours after a revocation is recorded",
		"when a revocation was recorded is not in the CRL; crl.entry-dates and crl.this-update hold what is"},
	{"ocsp.unassigned", "BR 4.9.9", "no \"good\" for serial numbers that were never assigned",
		"a property of a running responder; for each response made here ocsp.status asks for the certificate"},
	{"ocsp.service", "BR 4.10, MRSP 5.2", "the URLs in certificates answer",
		"the network is not asked"},
	{"ccadb.disclosure", "CCADB Policy 3.2, 6.2, MRSP 5.3.2, CRP 1.8", "certificates are disclosed within 7 days and before they issue; revocations within 7 days",
		"a deadline after the ceremony; this program does not keep it or write it down"},
	{"ccadb.arrays", "CCADB Policy 6.2", "the arrays of CRL URLs in the CCADB are byte-for-byte those in certificates and complete",
		"this program does not write the arrays; crl.idp-uri and crl.complete hold the CRLs to what stands in them"},
	{"chrome.disclosure-date", "CRP 1.8, 1.3.2", "the date of disclosure decides which EKU rule holds",
		"it lies after the ceremony; prog.chrome-eku takes the day of signing, which is stricter or equal"},
	{"chrome.replacement", "CRP 1.8, 1.3.1.1 and 1.6.1", "notice and approval before certificates for CAs outside of the store; a cross-certificate from the old root before the request",
		"approvals are documents; the ceremony file lists them"},
	{"chrome.two-roots", "CRP 1.8 (2027-09-15)", "an owner has at most two roots in the store",
		"the store is not known here"},
	{"apple.approval", "ARP 2.0, 1.4", "approval before a certificate for an external subordinate CA", "approvals are documents"},
	{"apple.unlisted-purpose", "ARP 2.0, 1.7(b)", "until 2027-07-01 a multi-purpose root may have subordinate CAs of purposes not listed",
		"whether a root is multi-purpose in the store is not in the object; prog.apple-purpose refuses, and people may waive it"},
	{"mozilla.inclusion", "MRSP 3.1, 7.1", "audits, auditor-witnessed report of the key generation", "documents of auditors"},
	{"mozilla.dual-purpose", "MRSP 3.1 (2028-12-31)", "dual-purpose roots end", "trust bits are set in the store, not in the root"},
	{"smime.small-issuers", "SBR 1.0.15, 6.1.5 (2027-09-15)", "no subscriber certificate for S/MIME from a subordinate CA whose RSA key has fewer than 3072 bits", "subscriber certificates are not made here; key.size-smime holds the CA when it is certified"},
	{"microsoft.submission", "MTRP 1.2, 3.1.8", "the root is submitted on the day from which its ten years are counted", "it lies after the ceremony: prog.ms-root-validity takes the day that the ceremony file gives, or notBefore"},
	{"microsoft.enabled", "MTRP 1.2, 3.1.16", "which key purposes are enabled for a root, and at most two OIDs per root", "set in the store"},
	{"audit.records", "BR 5.4.3, 5.5.2", "records are kept for two years and longer", "after the ceremony"},
}

// otherPKIs are the rules for PKIs that have no rule pack here.
var otherPKIs = []Requirement{
	{"pki.matter", "Matter Core Specification", "PAA and PAI certificates: P-256 and SHA-256, vendor and product attributes, path lengths",
		"no profile can name a pack for it yet; a private profile holds such a CA to RFC 5280 and to itself, exactly"},
	{"pki.spiffe", "SPIFFE X.509-SVID", "signing certificates: keyCertSign, URI SAN without path",
		"no profile can name a pack for it yet, and none can declare a subjectAltName but as raw bytes"},
	{"pki.mtc-ca", "Merkle Tree Certificates, draft-04", "the CA certificate of a Merkle tree CA",
		"a draft with experimental identifiers; no profile can declare one"},
	{"pki.mldsa-spki", "RFC 9881 4, BR 6.1.5", "AlgorithmIdentifier of ML-DSA keys without parameters",
		"no profile can declare ML-DSA and no BR permits it: key.quality and cert.alg-table refuse every such key"},
}
