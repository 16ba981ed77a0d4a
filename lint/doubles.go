// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "strings"

// double says that other rules and lints tell the mistake that a rule tells, too. What
// this rule says stays: its citation is that of the document, with its clause, and the
// others are kept as suppressed. A saying is a rule, or a rule and a part of its
// sentence after a colon.
type double struct {
	keeps string
	also  []string
}

// doubles is the whole list. A row that comes first decides first; what a row has
// suppressed suppresses nothing itself. A finding that cannot be waived stays beside one
// that can.
var doubles = []double{
	// Extensions that are missing.
	{"cert.extensions-required: keyUsage is missing", []string{"cert.ku: missing or cannot be read", "e_ca_key_usage_missing", "e_root_ca_key_usage_present"}},
	{"cross.eku-hierarchy: is missing", []string{"sub.eku: is missing", "prog.chrome-eku: is missing"}},
	{"sub.eku: is missing", []string{"cert.extensions-required: extKeyUsage is missing", "prog.apple-purpose: is missing", "prog.chrome-eku: is missing", "prog.mozilla-eku: is missing", "prog.mozilla-dedicated: is missing"}},
	{"cert.aki: is missing", []string{"cert.extensions-required: authorityKeyIdentifier is missing", "ocspcert.exact: authorityKeyIdentifier is missing", "e_ext_authority_key_identifier_no_key_identifier", "e_crl_has_authority_key_identifier"}},
	{"cert.aki: no keyIdentifier", []string{"e_ext_authority_key_identifier_no_key_identifier"}},
	{"cert.aki: an issuer or a serial number", []string{"e_mp_authority_key_identifier_correct", "e_crl_auth_key_id_only_contains_keyid"}},
	{"cert.extensions-required: subjectKeyIdentifier is missing", []string{"cert.ski", "e_ext_subject_key_identifier_missing_ca"}},
	{"cert.extensions-required: cRLDistributionPoints is missing", []string{"e_sub_ca_crl_distribution_points_missing"}},
	{"cert.extensions-required: certificatePolicies is missing", []string{"e_sub_ca_certificate_policies_missing"}},
	{"cert.extensions-required: cA is not asserted", []string{"e_ca_is_ca", "e_ext_key_usage_cert_sign_without_ca"}},
	{"ocspcert.exact: ocsp-nocheck", []string{"ocspcert.purpose: ocsp-nocheck", "ocspcert.nocheck", "e_ocsp_id_pkix_ocsp_nocheck_ext_not_included_server_auth"}},
	{"ocspcert.nocheck", []string{"e_ocsp_id_pkix_ocsp_nocheck_ext_not_included_server_auth"}},
	{"ocspcert.exact: keyUsage", []string{"ocspcert.purpose: keyUsage", "cert.ku", "e_ocsp_cert_invalid_ku"}},
	{"ocspcert.exact: cRLDistributionPoints is present", []string{"e_ocsp_cert_cdp_forbidden"}},

	// Extensions that occur twice, or have a wrong criticality.
	{"cert.extension-unique", []string{"e_ext_duplicate_extension", "cert.der: times (RFC 5280 4.2)", "cert.aki: times (RFC 5280 4.2)",
		"cert.cdp: times (RFC 5280 4.2)", "cert.aia: times (RFC 5280 4.2)", "crl.number: times (RFC 5280 4.2)", "crl.idp: times (RFC 5280 4.2)", "root.aki: times (RFC 5280 4.2)"}},
	{"cert.criticality: keyUsage", []string{"w_ext_key_usage_not_critical", "e_ca_key_usage_not_critical", "e_root_ca_key_usage_must_be_critical"}},
	{"cert.criticality: basicConstraints", []string{"e_basic_constraints_not_critical"}},
	{"cert.criticality: nameConstraints", []string{"e_ext_name_constraints_not_critical", "w_sub_ca_name_constraints_not_critical"}},
	{"cert.criticality: extKeyUsage", []string{"w_sub_ca_eku_critical"}},
	{"cert.criticality: certificatePolicies", []string{"w_sub_ca_certificate_policies_marked_critical"}},
	{"cert.criticality: cRLDistributionPoints", []string{"w_ext_crl_distribution_marked_critical", "e_sub_ca_crl_distribution_points_marked_critical"}},
	{"cert.criticality: authorityInfoAccess", []string{"e_ext_aia_marked_critical", "e_sub_ca_aia_marked_critical"}},
	{"cert.criticality: authorityKeyIdentifier", []string{"e_ext_authority_key_identifier_critical"}},
	{"cert.criticality: subjectKeyIdentifier", []string{"e_ext_subject_key_identifier_critical"}},
	{"cert.criticality: inhibitAnyPolicy", []string{"e_inhibit_any_policy_not_critical"}},
	{"cert.criticality: policyConstraints", []string{"e_ext_policy_constraints_not_critical"}},

	// What is in them. What the second parser refuses is told by a rule where one knows why.
	{"cert.der", []string{"object.parse: refuses it"}},
	{"key.quality: the key is", []string{"object.parse: refuses it"}},
	{"cert.der: nameConstraints", []string{"e_name_constraint_empty"}},
	{"cert.ku: keyCertSign", []string{"cert.ca-usage: keyCertSign", "e_ca_key_cert_sign_not_set"}},
	{"cert.ku: cRLSign", []string{"e_ca_crl_sign_not_set"}},
	{"cert.der: keyUsage", []string{"cert.ku: missing or cannot be read", "e_incorrect_ku_encoding", "e_superfluous_ku_encoding"}},
	{"cert.cdp: reasons or a cRLIssuer", []string{"e_crlissuer_must_not_be_present_in_cdp"}},
	{"nc.tls: has a minimum", []string{"nc.syntax: has a minimum", "cert.der: a minimum of 0", "e_name_constraint_minimum_non_zero"}},
	{"nc.syntax: has a minimum", []string{"e_name_constraint_minimum_non_zero", "e_name_constraint_maximum_not_absent"}},
	{"sub.policies: duplicate policy", []string{"e_ext_cert_policy_duplicate"}},
	{"sub.eku", []string{"e_ca_invalid_eku"}},
	{"cert.url: is not http", []string{"e_crl_distrib_points_not_http", "w_distribution_point_missing_ldap_or_uri", "e_ca_aia_non_http_url", "e_sub_ca_crl_distribution_points_does_not_contain_url"}},
	{"root.extensions: extKeyUsage", []string{"e_root_ca_extended_key_usage_present"}},
	{"root.extensions: certificatePolicies", []string{"w_root_ca_contains_cert_policy"}},
	{"root.extensions: a path length", []string{"w_root_ca_basic_constraints_path_len_constraint_field_present"}},

	// Names, numbers, times, keys and algorithms.
	{"cert.subject: the issuer is empty", []string{"e_issuer_field_empty"}},
	{"cert.subject: the subject is empty", []string{"e_ca_subject_field_empty", "e_subject_empty_without_san"}},
	{"cert.ou", []string{"e_subj_orgunit_in_ca_cert"}},
	{"cert.attr-required: country is missing", []string{"e_ca_country_name_missing"}},
	{"cert.attr-required: organization is missing", []string{"e_ca_organization_name_missing"}},
	{"cert.attr-required: common-name is missing", []string{"e_ca_common_name_missing"}},
	{"cert.attr-required: ISO 3166-1", []string{"e_subject_country_not_iso", "e_ca_country_name_invalid"}},
	{"cert.rdn-single: duplicate", []string{"e_duplicate_subject_attribs"}},
	{"cert.version: unique identifier", []string{"e_cert_contains_unique_identifier"}},
	{"cert.version: version", []string{"object.parse: version", "e_invalid_certificate_version"}},
	{"cert.serial: not positive", []string{"e_serial_number_not_positive"}},
	{"cert.serial: octets", []string{"e_serial_number_longer_than_20_octets"}},
	{"cert.time: is not a UTCTime", []string{"e_wrong_time_format_pre2050"}},
	{"cert.time: is before notBefore", []string{"e_validity_time_not_positive"}},
	{"cert.alg-table: inside", []string{"e_cert_sig_alg_not_match_tbs_sig_alg"}},
	{"cert.alg-table: is not in the table", []string{"e_tbs_signature_rsa_encryption_parameter_not_null", "e_crl_sigalgo_missing_null_params", "e_algorithm_identifier_improper_encoding"}},
	{"key.quality: a modulus of", []string{"e_rsa_mod_less_than_2048_bits", "e_mp_modulus_must_be_2048_bits_or_more", "e_mp_modulus_must_be_divisible_by_8"}},
	{"key.quality: exponent", []string{"e_mp_exponent_cannot_be_one", "e_rsa_public_exponent_too_small", "e_rsa_public_exponent_not_odd", "w_rsa_public_exponent_not_in_range"}},
	{"key.quality: curve", []string{"e_ec_improper_curves"}},
	{"key.quality: anyone can compute it", []string{"e_ecdsa_small_private_key"}},

	// Paths and signatures: a path that does not validate for a reason that is told.
	{"chain.signature", []string{"chain.paths: unknown authority"}},
	{"chain.validity-nested", []string{"chain.paths: expired or is not yet valid"}},

	// CRLs and responses.
	{"crl.number: is missing", []string{"e_crl_missing_crl_number"}},
	{"crl.number: CRL number", []string{"e_crl_number_out_of_range"}},
	{"crl.window: nextUpdate is missing", []string{"e_crl_has_next_update"}},
	{"crl.window: is more than", []string{"e_crl_next_update_invalid"}},
	{"crl.der: encoded and empty", []string{"e_crl_empty_revoked_certificates", "e_crl_revoked_certificates_field_must_be_empty"}},
	{"crl.entry-unique", []string{"e_crl_unique_revoked_certificate"}},
	{"crl.entry-reason: is critical", []string{"crl.criticality: reasonCode", "e_cab_crl_reason_code_not_critical"}},
	{"crl.entry-reason: reason", []string{"e_cab_crl_has_valid_reason_code"}},
	{"crl.entry-dates: after thisUpdate", []string{"e_crl_revocation_time_after_this_update"}},
	{"ocsp.order: is after producedAt", []string{"e_this_update_not_after_produced_at"}},
}

// tells reports whether a finding is a saying. What was not checked, or is set aside,
// tells nothing.
func (f *Finding) tells(saying string) bool {
	words, same := strings.CutPrefix(saying, f.Rule)
	return same && f.Status != NotChecked && !f.SetAside() && strings.Contains(f.Sense, strings.TrimPrefix(words, ": "))
}

// tellOnce suppresses what another finding tells, too, and tells no milder.
func tellOnce(findings []Finding) {
	for _, d := range doubles {
		told := NotChecked
		for i := range findings {
			if f := &findings[i]; f.tells(d.keeps) && f.Status.weight() > told.weight() {
				told = f.Status
			}
		}
		if told == NotChecked {
			continue
		}
		rule, _, _ := strings.Cut(d.keeps, ": ")
		for _, saying := range d.also {
			for i := range findings {
				if f := &findings[i]; f.tells(saying) && f.Status.weight() <= told.weight() {
					f.Suppressed, f.Twice = rule+" says so", true
				}
			}
		}
	}
}
