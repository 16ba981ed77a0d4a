// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"slices"
	"testing"
)

// withSHA1 says in the certificate that SHA-1 was signed.
var withSHA1 = part(atAlgorithm, func(t *testing.T, _ *made, _ []byte) []byte { return seq(t, rawOID(t, "1.2.840.10045.4.1")) })

// noticeOf gives a policy for S/MIME a notice with these parts.
func noticeOf(parts ...byte) maker {
	return plainMailCA.but(breaking(withQualifier(policyEmail+"1.2", notice, append([]byte{0x30, byte(len(parts))}, parts...)...)))
}

// SBR 1.0.16 of 2026-09-28.
var mailStatements = []statement{
	{"SBR 7.1.2.2 g (SMC018), announced", edge{"sub.eku-smime", "notice is not emailProtection", "e-mail and document signing", plainMailCA.but(breaking(serving(purposeEmail, "1.3.6.1.4.1.311.10.3.12")), bindingOn("2027-06-30", PackSMIME))}},
	{"SBR 7.1.2.2 g (SMC018)", edge{"sub.eku-smime", "error is not emailProtection", "e-mail and document signing on the day", plainMailCA.but(breaking(serving(purposeEmail, "1.3.6.1.4.1.311.10.3.12")), bindingOn("2027-07-01", PackSMIME))}},
	{"SBR 7.1.2.2 g (SMC018)", edge{"sub.eku-smime", "", "e-mail and client on the day", plainMailCA.but(breaking(serving(purposeEmail, purposeClient)), bindingOn("2027-07-01", PackSMIME))}},
	{"SBR 7.1.3.2 (SMC016)", edge{"cert.alg-table", "notice SHA-1|error inside", "SHA-1 the day before", plainMailCA.but(breaking(withSHA1), bindingOn("2026-09-14", PackSMIME))}},
	{"SBR 7.1.3.2 (SMC016)", edge{"cert.alg-table", "error SHA-1|error inside", "SHA-1 on the day", plainMailCA.but(breaking(withSHA1), bindingOn("2026-09-15", PackSMIME))}},
	{"SBR 6.1.5 (SMC017v2), announced", edge{"key.smime-issuing", "notice RSA-2048", "RSA-2048 the day before", plainMailCA.but(breaking(modulus(2048)), bindingOn("2027-09-14", PackSMIME))}},
	{"SBR 6.1.5 (SMC017v2)", edge{"key.smime-issuing", "error RSA-2048", "RSA-2048 on the day", plainMailCA.but(breaking(modulus(2048)), bindingOn("2027-09-15", PackSMIME))}},
	{"SBR 6.1.5 (SMC017v2)", edge{"key.smime-issuing", "", "RSA-3072 on the day", plainMailCA.but(breaking(modulus(3072)), bindingOn("2027-09-15", PackSMIME))}},
	{"SBR 7.1.2.2 a", edge{"sub.policies", "", "a notice with explicitText", noticeOf(0x0c, 2, 'N', 'o')}},
	{"SBR 7.1.2.2 a", edge{"sub.policies", "error noticeRef", "a notice without explicitText", noticeOf()}},
	{"SBR 7.1.2.2 a", edge{"sub.policies", "error noticeRef", "a notice with noticeRef", noticeOf(0x30, 9, 0x0c, 2, 'C', 'A', 0x30, 3, 2, 1, 1, 0x0c, 2, 'N', 'o')}},
	{"SBR 6.1.5 (SMC013)", edge{"key.quality", "not-checked a library that knows such keys", "ML-DSA for S/MIME", withSPKI(mlDSAKey).but(mailOnly)}},
	{"SBR 6.1.5 (SMC013)", edge{"cert.alg-table", "", "ML-DSA for S/MIME", withSPKI(mlDSAKey).but(mailOnly)}},
	{"BR 7.1.3.1", edge{"cert.alg-table", "error key is not in the table", "ML-DSA for TLS", withSPKI(mlDSAKey).but(webOnly)}},
	{"SBR 7.1.3.1.3", edge{"cert.alg-table", "", "Ed25519 for S/MIME", withSPKI(ed25519Key).but(mailOnly)}},
	{"RFC 9909", edge{"key.quality", "not-checked a library that knows such keys", "SLH-DSA in a private PKI", withSPKI(slhDSAKey).but(private)}},
	{"RFC 9909", edge{"cert.alg-table", "", "SLH-DSA in a private PKI", withSPKI(slhDSAKey).but(private)}},
	{"SBR 7.1.3.1 lists no SLH-DSA", edge{"cert.alg-table", "error key is not in the table", "SLH-DSA for S/MIME", withSPKI(slhDSAKey).but(mailOnly)}},
	{"RFC 9909", edge{"chain.signature", "not-checked a library that knows such keys", "an issuer with SLH-DSA", maker(e1Of).but(private, func(t *testing.T, _ *hierarchy, m *made) { m.ctx.IssuerKey = slhDSAKey(t) })}},
	{"BR 7.1.3.1", edge{"cert.alg-table", "error key is not in the table", "Ed25519 for TLS", withSPKI(ed25519Key).but(webOnly)}},
	{"RFC 8410", edge{"key.quality", "", "Ed25519 in a private PKI", withSPKI(ed25519Key).but(private)}},
}

// withSPKI gives e1 another key.
func withSPKI(spki func(t *testing.T) []byte) maker {
	return maker(e1Of).but(breaking(part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return spki(t) })))
}

func mlDSAKey(t *testing.T) []byte {
	return seq(t, []byte{0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 0x12}, bits(t, make([]byte, 1952)))
}

func slhDSAKey(t *testing.T) []byte {
	return seq(t, []byte{0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 20}, bits(t, make([]byte, 32)))
}

func ed25519Key(t *testing.T) []byte {
	return seq(t, []byte{0x30, 5, 6, 3, 0x2b, 0x65, 0x70}, bits(t, slices.Concat([]byte{0x58}, bytes.Repeat([]byte{0x66}, 31))))
}
