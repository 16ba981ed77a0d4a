// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"strings"

	"rootceremony/profiles"
)

// correction suppresses a finding of zlint, visibly: because the lint is wrong
// about this kind of object, or because the purpose that the profile declares
// makes it irrelevant. The reason is printed with the finding.
type correction struct {
	rule   string
	worst  Status // the heaviest status the correction covers
	says   string // a part of what the lint says; "" for all of it
	reason string
	covers func(o *Object, p *profiles.Purpose) bool
}

// corrections is the whole list. Anything else needs a waiver.
var corrections = []correction{
	{
		rule: "n_ca_digital_signature_not_set", worst: Notice,
		reason: "the profile declares that this key signs no OCSP responses (ocsp: none or delegated), " +
			"and without digitalSignature it must not (BR 7.1.2.10.7); cert.ocsp-intent checks that",
		covers: func(_ *Object, p *profiles.Purpose) bool {
			return p.OCSP == ocspNone || p.OCSP == ocspDelegated
		},
	},
	{
		rule: "e_mailbox_validated_allowed_subjectdn_attributes", worst: Error,
		reason: "false positive: SBR 7.1.4.2.3 is a rule for subscriber certificates, " +
			"and zlint v3.7.3 applies it to CAs that assert a mailbox-validated policy",
		covers: ofCA,
	},
	{
		rule: "n_ct_sct_policy_count_unsatisfied", worst: Notice,
		reason: "false positive: Apple's CT policy is about TLS server certificates, " +
			"and the certificate of a CA or an OCSP responder needs no SCTs (BR 7.1.2.11.3: MAY)",
		covers: ofCertificate,
	},
	{
		rule: "e_ext_name_constraints_not_critical", worst: Error,
		reason: "BR 7.1.2.5.2 and 7.1.2.10.8, and SBR 7.1.2.2 f, permit name constraints that are not critical (SHOULD), " +
			"for the sake of software that does not process them",
		covers: func(o *Object, p *profiles.Purpose) bool {
			return isCA(o.Kind()) && (slices.Contains(p.Rules, PackTLS) || slices.Contains(p.Rules, PackSMIME))
		},
	},
	{
		rule: "e_ocsp_cert_cp_forbidden", worst: Error,
		reason: "BR 7.1.2.8.2 says SHOULD NOT of responders, not MUST NOT, and ocspcert.exact reports it as a warning; a CA that has OCSPSigning has policies as any CA, and sub.eku says that it must not have that purpose (BR 7.1.2.10.6)",
		covers: ofCertificate,
	},
	{rule: "e_ocsp_cert_cdp_forbidden", worst: Error, reason: noResponder, covers: ofCA},
	{rule: "e_ocsp_cert_invalid_ku", worst: Error, reason: noResponder, covers: ofCA},
	{
		rule: "e_incorrect_ku_encoding", worst: Fatal, says: "Got 3 bytes",
		reason: "false positive: a BIT STRING without a bit is 03 01 00 in DER (X.690 11.2.2), and zlint v3.7.3 asks for four octets; " +
			"that at least one bit has to be set (RFC 5280 4.2.1.3) cert.ku and e_ext_key_usage_without_bits say",
		covers: ofCertificate,
	},
	{
		rule: "e_superfluous_ku_encoding", worst: Error, says: "[3 1 0]",
		reason: "false positive: the last octet of 03 01 00 is the count of unused bits, which is not left out (X.690 8.6.2.3)",
		covers: ofCertificate,
	},
	{
		rule: "n_sub_ca_eku_not_technically_constrained", worst: Notice,
		reason: "the profile declares a purpose other than TLS, and sub.eku checks its key purposes",
		covers: func(_ *Object, p *profiles.Purpose) bool {
			return slices.Contains([]profiles.Intent{profiles.SMIME, profiles.SMIMEConstrained, profiles.CodeSigning, profiles.TimeStamping, profiles.ClientAuth, profiles.Private}, p.Intent)
		},
	},
	{
		rule: "n_sub_ca_eku_missing", worst: Notice,
		reason: "it informs of what technically constrained CAs have; cert.extensions-required asks for extKeyUsage from the day on which a document did",
		covers: ofCA,
	},
	{
		rule: "n_mp_allowed_eku", worst: Notice,
		reason: "it informs, because zlint cannot see whether a root has the same key (MRSP 5.3); prog.mozilla-eku can, and decides",
		covers: ofCA,
	},
	{
		rule: "n_multiple_subject_rdn", worst: Notice,
		reason: "RFC 5280 permits it; where BR 7.1.4.2 forbids it (from 2023-09-15), cert.rdn-single does",
		covers: ofCA,
	},
	{rule: "e_sub_cert_crl_distribution_points_does_not_contain_url", worst: Error, reason: noSubscriber + "cert.url and cert.cdp-http", covers: ofCA},
	{rule: "e_sub_cert_crl_distribution_points_marked_critical", worst: Error, reason: noSubscriber + "cert.criticality", covers: ofCA},
	{rule: "w_sub_cert_certificate_policies_marked_critical", worst: Warning, reason: noSubscriber + "cert.criticality", covers: ofCA},
	{rule: "e_sub_cert_eku_server_auth_client_auth_missing", worst: Error, reason: noSubscriber + "sub.eku", covers: ofCA},
	{rule: "e_sub_cert_not_is_ca", worst: Error, reason: noSubscriber + "cert.ku", covers: ofCA},
}

// noSubscriber is why what zlint asks of subscriber certificates is not asked of CAs.
// The rule that checks theirs follows.
const noSubscriber = "false positive: it is a rule for subscriber certificates (BR 7.1.2.7), and zlint v3.7.3 applies it to CAs, for which this is checked by "

// noResponder is why what zlint asks of responders is not asked of CAs. That they need an
// ocsp-nocheck holds for all that have the purpose (BR 4.9.9).
const noResponder = "false positive: it is of the profile of certificates of OCSP responders (BR 7.1.2.8), and zlint v3.7.3 applies it to " +
	"CAs that have OCSPSigning among their purposes; sub.eku says that a CA must not have that (BR 7.1.2.10.6)"

func ofCertificate(o *Object, _ *profiles.Purpose) bool { return o.Kind().IsCertificate() }

func ofCA(o *Object, _ *profiles.Purpose) bool { return isCA(o.Kind()) }

// suppress marks the findings that a correction covers.
func suppress(obj *Object, findings []Finding) {
	p := purposeOf(obj)
	for i := range findings {
		f := &findings[i]
		if ofCopiedName(obj, f) && !f.SetAside() {
			f.Suppressed = copiedName
		}
		for _, c := range corrections {
			if f.Engine == EngineZLint && f.Rule == c.rule && !f.SetAside() &&
				f.Status.weight() <= c.worst.weight() && strings.Contains(f.Sense, c.says) && c.covers(obj, p) {
				f.Suppressed = c.reason
			}
		}
	}
}

// Declared ways of answering OCSP.
const (
	ocspNone      = "none"
	ocspDirect    = "direct"
	ocspDelegated = "delegated"
)

// purposeOf gives the declared purpose of any object.
func purposeOf(o *Object) *profiles.Purpose {
	if o.Declared == nil {
		return &profiles.Purpose{}
	}
	return o.Declared.DeclaredPurpose()
}

// isCA reports whether a kind is a CA certificate.
func isCA(k profiles.Kind) bool { return slices.Contains(caKinds, k) }
