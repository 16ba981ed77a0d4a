// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "strings"

// zlintFields maps words in the names of zlint's lints to what is at fault. The
// first match counts, so longer words stand before words they contain.
var zlintFields = []struct{ word, field string }{
	{"key_usage_and_extended", "extension:extended-key-usage"},
	{"extended_key_usage", "extension:extended-key-usage"},
	{"eku", "extension:extended-key-usage"},
	{"name_constraint", "extension:name-constraints"},
	{"basic_constraints", "extension:basic-constraints"},
	{"path_len", "extension:basic-constraints"},
	{"ca_is_ca", "extension:basic-constraints"},
	{"authority_key_identifier", "extension:authority-key-identifier"},
	{"auth_key_id", "extension:authority-key-identifier"},
	{"subject_key_identifier", "extension:subject-key-identifier"},
	{"distribution_point", "extension:crl-distribution-points"},
	{"distrib_points", "extension:crl-distribution-points"},
	{"in_cdp", "extension:crl-distribution-points"},
	{"cdp", "extension:crl-distribution-points"},
	{"_aia", "extension:authority-information-access"},
	{"key_usage", "extension:key-usage"},
	{"crl_sign", "extension:key-usage"},
	{"key_cert_sign", "extension:key-usage"},
	{"digital_signature", "extension:key-usage"},
	{"_ku", "extension:key-usage"},
	{"_sct", FieldExtensions},
	{"polic", "extension:certificate-policies"},
	{"cert_cp_", "extension:certificate-policies"},
	{"cps", "extension:certificate-policies"},
	{"nocheck", "extension:ocsp-no-check"},
	{"missing_crl_number", FieldNumber},
	{"crl_number", FieldNumber},
	{"next_update", FieldNextUpdate},
	{"this_update", FieldThisUpdate},
	{"reason_code", FieldEntries},
	{"revoked", FieldEntries},
	{"revocation", FieldEntries},
	{"serial", FieldSerial},
	{"sig", FieldSignature},
	{"algorithm_identifier", FieldSignature},
	{"sha1", FieldSignature},
	{"rsa", FieldKey},
	{"ecdsa", FieldKey},
	{"ec_", FieldKey},
	{"spki", FieldKey},
	{"public_key", FieldKey},
	{"issuer", FieldIssuer},
	{"subject", FieldSubject},
	{"common_name", FieldSubject},
	{"country", FieldSubject},
	{"organization", FieldSubject},
	{"orgunit", FieldSubject},
	{"rdn", FieldSubject},
	{"validity", FieldValidity},
	{"time", FieldValidity},
	{"ext", FieldExtensions},
}

// zlintField guesses what is at fault from the name of a lint.
func zlintField(name string) string {
	for _, f := range zlintFields {
		if strings.Contains(name, f.word) {
			return f.field
		}
	}
	return ""
}
