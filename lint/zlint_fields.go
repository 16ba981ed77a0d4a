// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"

	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// zlintFields maps words in the names of zlint's lints to what is at fault. The
// first match counts, so longer words come before words they contain.
var zlintFields = []struct {
	word  string
	field profiles.Field
}{
	{"key_usage_and_extended", profiles.Field{Extension: ext.NameExtKeyUsage}},
	{"extended_key_usage", profiles.Field{Extension: ext.NameExtKeyUsage}},
	{"eku", profiles.Field{Extension: ext.NameExtKeyUsage}},
	{"name_constraint", profiles.Field{Extension: ext.NameNameConstraints}},
	{"basic_constraints", profiles.Field{Extension: ext.NameBasicConstraints}},
	{"path_len", profiles.Field{Extension: ext.NameBasicConstraints}},
	{"ca_is_ca", profiles.Field{Extension: ext.NameBasicConstraints}},
	{"authority_key_identifier", profiles.Field{Extension: ext.NameAuthorityKeyID}},
	{"auth_key_id", profiles.Field{Extension: ext.NameAuthorityKeyID}},
	{"subject_key_identifier", profiles.Field{Extension: ext.NameSubjectKeyID}},
	{"distribution_point", profiles.Field{Extension: ext.NameCRLPoints}},
	{"distrib_points", profiles.Field{Extension: ext.NameCRLPoints}},
	{"in_cdp", profiles.Field{Extension: ext.NameCRLPoints}},
	{"cdp", profiles.Field{Extension: ext.NameCRLPoints}},
	{"_aia", profiles.Field{Extension: ext.NameInfoAccess}},
	{"key_usage", profiles.Field{Extension: ext.NameKeyUsage}},
	{"crl_sign", profiles.Field{Extension: ext.NameKeyUsage}},
	{"key_cert_sign", profiles.Field{Extension: ext.NameKeyUsage}},
	{"digital_signature", profiles.Field{Extension: ext.NameKeyUsage}},
	{"_ku", profiles.Field{Extension: ext.NameKeyUsage}},
	{"_sct", FieldExtensions},
	{"polic", profiles.Field{Extension: ext.NamePolicies}},
	{"cert_cp_", profiles.Field{Extension: ext.NamePolicies}},
	{"cps", profiles.Field{Extension: ext.NamePolicies}},
	{"nocheck", profiles.Field{Extension: ext.NameOCSPNoCheck}},
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
func zlintField(name string) profiles.Field {
	for _, f := range zlintFields {
		if strings.Contains(name, f.word) {
			return f.field
		}
	}
	return profiles.Field{}
}
