// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"

	"rootceremony/internal/inspect"
)

// eku breaks the key purposes.
func eku(name string, level Status, rules string, ids ...string) broken {
	return broken{name, level, rules, valued(inspect.OIDExtKeyUsage, oids(ids...))}
}

// policy breaks the certificate policies.
func policy(name string, level Status, rules string, ids ...string) broken {
	return broken{name, level, rules, valued(inspect.OIDCertificatePolicies, func(t *testing.T, _ *made) []byte {
		var list [][]byte
		for _, id := range ids {
			list = append(list, seq(t, rawOID(t, id)))
		}
		return seq(t, list...)
	})}
}

// qualified gives the policies of an object a qualifier.
func qualified(id string, qualifier string, value func(t *testing.T) []byte) breaker {
	return valued(inspect.OIDCertificatePolicies, func(t *testing.T, _ *made) []byte {
		return seq(t, seq(t, rawOID(t, id), seq(t, seq(t, rawOID(t, qualifier), value(t)))))
	})
}

// ia5 makes an IA5String.
func ia5(s string) func(t *testing.T) []byte {
	return func(t *testing.T) []byte { return tlv(t, 0, inspect.TagIA5String, false, []byte(s)) }
}

// mustNot are the purposes that a CA of one purpose must not have beside it.
func mustNot(own string, others ...string) (out []broken) {
	for _, o := range append(others, purposeOCSP, purposeAny, purposePrecert) {
		out = append(out, eku(purposeName(o)+" beside the purpose", Error, "sub.eku", own, o))
	}
	return append(out,
		eku("the purpose twice", Error, "sub.eku", own, own),
		eku("a purpose of nobody", Warning, "sub.eku", own, "1.2.3.4"),
		eku("clientAuth alone", Error, "sub.eku", purposeClient))
}

// policyFaults break the policies of a CA; own is the one it has.
func policyFaults(own string) []broken {
	return []broken{
		{"no certificatePolicies", Error, "cert.extensions-required", drop(inspect.OIDCertificatePolicies)},
		{"empty certificatePolicies", Error, "sub.policies cert.der object.parse", fixed(inspect.OIDCertificatePolicies, 0x30, 0)},
		{"critical certificatePolicies", Error, "cert.criticality", flagged(inspect.OIDCertificatePolicies, critical)},
		policy("anyPolicy beside the policy", Error, "sub.policies", own, policyAny),
		policy("anyPolicy alone", Warning, "sub.policies", policyAny),
		policy("the policy twice", Error, "sub.policies cert.der object.parse", own, own),
		policy("no reserved policy", Error, "sub.policies", "1.3.6.1.4.1.99999.1"),
		policy("the reserved policy after another", Warning, "sub.policies", "1.3.6.1.4.1.99999.1", own),
		{"a user notice", Error, "sub.policies", qualified(own, "1.3.6.1.5.5.7.2.2", func(t *testing.T) []byte {
			return seq(t, tlv(t, 0, inspect.TagUTF8String, false, []byte("No warranty")))
		})},
		{"a CPS by ftp", Error, "sub.policies", qualified(own, "1.3.6.1.5.5.7.2.1", ia5("ftp://example.com/cps"))},
		{"a CPS of words", Error, "sub.policies", qualified(own, "1.3.6.1.5.5.7.2.1", ia5("see our CPS"))},
		{"a CPS", Warning, "sub.policies", qualified(own, "1.3.6.1.5.5.7.2.1", ia5("https://example.com/cps"))},
		{"a qualifier of nobody", Error, "sub.policies", qualified(own, "1.2.3.4", ia5("x"))},
	}
}

// tlsPurpose breaks purpose and policies of a TLS CA.
var tlsPurpose = slices.Concat(
	mustNot(purposeServer, purposeCode, purposeEmail, purposeTime), policyFaults("2.23.140.1.2.1"), []broken{
		eku("serverAuth and clientAuth under today's Chrome", Error, "prog.chrome-eku", purposeServer, purposeClient),
		eku("serverAuth and e-mail under Apple", Error, "prog.apple-purpose", purposeServer, purposeEmail),
		eku("serverAuth and e-mail under Mozilla", Error, "prog.mozilla-eku", purposeServer, purposeEmail),
		eku("serverAuth and code signing under Microsoft", Error, "prog.ms-separate", purposeServer, purposeCode),
		policy("two reserved policies", Error, "sub.policies e_ca_multiple_reserved_policy_oids", "2.23.140.1.2.1", "2.23.140.1.2.2"),
		policy("EV beside DV", Error, "sub.policies e_ca_multiple_reserved_policy_oids", "2.23.140.1.2.1", policyEV),
		policy("a policy for e-mail", Error, "sub.policies", policyEmail+"1.2"),
		{"more than three years", Warning, "prog.chrome-subca-3y", validity(start, text(23, "300101000000Z"))},
	})

// chained are the faults of a TLS CA against its issuer's limits.
var chained = []broken{
	{"a path length as long as the issuer's", Error, "chain.pathlen", under(inspect.OIDBasicConstraints, critical, 0x30, 6, 1, 1, 0xff, 2, 1, 0)},
	{"under a CA of another purpose", Warning, "chain.eku-subset", under(inspect.OIDExtKeyUsage, nil, 0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 4)},
	{"under a CA of another policy", Warning, "chain.policy-subset", under(inspect.OIDCertificatePolicies, nil, 0x30, 6, 0x30, 4, 6, 2, 0x2a, 3)},
	{"under a CA that may not sign certificates", Error, "chain.issuer-can-sign", under(inspect.OIDKeyUsage, critical, 3, 2, 1, 2)},
	{"under no CA", Error, "chain.issuer-can-sign", under(inspect.OIDBasicConstraints, critical, 0x30, 0)},
}

// under puts the object under its issuer with an extension changed.
func under(oid []int, crit []byte, value ...byte) breaker {
	return func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Issuer = extend(t, m.by, nil, oid, crit, value).cert
		return &out
	}
}

// smimePurpose breaks purpose and policies of an S/MIME CA.
var smimePurpose = slices.Concat(
	except(mustNot(purposeEmail, purposeServer, purposeCode, purposeTime), "a purpose of nobody"), // SBR: MAY, until 2027-07-01
	except(policyFaults(policyEmail+"1.2"), "the reserved policy after another"), []broken{
		policy("a generation that does not exist", Error, "sub.policies", policyEmail+"1.4"),
		policy("a validation that does not exist", Error, "sub.policies", policyEmail+"5.1"),
		policy("a policy for TLS", Error, "sub.policies", policyEmail+"1.2", "2.23.140.1.2.1"),
		{"RSA of 3072 bits", Error, "key.size-smime", part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return spki(t, key(t, "rsa-3072", "r1")) })},
		{"RSA of 2048 bits", Error, "key.size-smime", part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return spki(t, key(t, "rsa-2048", "q")) })},
	})

// ownPolicies are the faults where a CA that is no Affiliate may have policies of its
// own (CSBR 7.1.6.3).
func ownPolicies(list []broken) []broken {
	return append(except(list, "no reserved policy", "the reserved policy after another"),
		policy("no reserved policy", Warning, "sub.policies", "1.3.6.1.4.1.99999.1"))
}

// codePurpose breaks purpose, policies and access of a code signing CA.
var codePurpose = slices.Concat(
	mustNot(purposeCode, purposeServer, purposeEmail, purposeTime), ownPolicies(policyFaults(policyCode)), csbrFaults, []broken{
		policy("a policy for TLS", Error, "sub.policies", policyCode, "2.23.140.1.2.1"),
		policy("a policy for time stamping alone", Warning, "sub.policies", policyTime),
	})

// timePurpose does the same for a time stamping CA.
var timePurpose = slices.Concat(
	mustNot(purposeTime, purposeServer, purposeEmail, purposeCode), ownPolicies(policyFaults(policyTime)), csbrFaults, []broken{
		policy("a policy for TLS", Error, "sub.policies", policyTime, "2.23.140.1.2.1"),
		policy("a policy for e-mail alone", Warning, "sub.policies", policyEmail+"1.2"),
	})

// csbrFaults break what the code signing BRs ask beyond the others.
var csbrFaults = []broken{
	{"no authorityInfoAccess", Error, "cert.extensions-required", drop(inspect.OIDAuthorityInfoAccess)},
	{"authorityInfoAccess without caIssuers", Error, "cert.aia", valued(inspect.OIDAuthorityInfoAccess, access(ocspMethod, "http://x1.o.example.com"))},
	{"RSA of 3072 bits", Error, "key.size-program", part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return spki(t, key(t, "rsa-3072", "r1")) })},
	{"RSA of 2048 bits", Error, "key.size-program", part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return spki(t, key(t, "rsa-2048", "q")) })},
}
