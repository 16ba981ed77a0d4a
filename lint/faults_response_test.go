// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
)

// inSingle changes the parts of the one SingleResponse: certID, status,
// thisUpdate, nextUpdate and what follows.
func inSingle(change func(t *testing.T, m *made, p [][]byte) [][]byte) breaker {
	return func(t *testing.T, m *made) *made {
		return redo(t, m, func(parts [][]byte) [][]byte {
			parts[2] = seq(t, seq(t, change(t, m, split(t, split(t, parts[2])[0]))...))
			return parts
		})
	}
}

// answered sets one part of the SingleResponse.
func answered(i int, value func(t *testing.T, m *made) []byte) breaker {
	return inSingle(func(t *testing.T, m *made, p [][]byte) [][]byte {
		p[i] = value(t, m)
		return slices.DeleteFunc(p, func(b []byte) bool { return b == nil })
	})
}

// until encodes a nextUpdate after the signing.
func until(months int, d time.Duration) func(*testing.T, *made) []byte {
	return func(t *testing.T, m *made) []byte {
		return explicit(t, 0, der(t, m.ctx.Signing.AddDate(0, months, 0).Add(d), "generalized"))
	}
}

// id changes the parts of the CertID: algorithm, name, key, serial number.
func id(change func(t *testing.T, p [][]byte)) breaker {
	return inSingle(func(t *testing.T, _ *made, p [][]byte) [][]byte {
		parts := split(t, p[0])
		change(t, parts)
		p[0] = seq(t, parts...)
		return p
	})
}

// hash is an OCTET STRING of 20 octets that nothing hashes to.
var hash = slices.Concat([]byte{4, 20}, bytes.Repeat([]byte{7}, 20))

// revokedAs makes a status with a date and perhaps a reason.
func revokedAs(d time.Duration, reason ...byte) func(*testing.T, *made) []byte {
	return func(t *testing.T, m *made) []byte {
		parts := [][]byte{der(t, m.ctx.Signing.Add(d), "generalized")}
		if len(reason) > 0 {
			parts = append(parts, explicit(t, 0, append([]byte{10, 1}, reason...)))
		}
		return explicit(t, 1, parts...)
	}
}

// responseFaults break a response of good by a delegated responder.
var responseFaults = []broken{
	{"an encoded version 1", Error, "cert.der object.parse", func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte { return append([][]byte{{0xa0, 3, 2, 1, 0}}, p...) })
	}},
	{"a version 2", Error, "cert.der object.parse", func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte { return append([][]byte{{0xa0, 3, 2, 1, 1}}, p...) })
	}},
	{"a responder by the key of nobody", Error, "ocsp.signer", part(0, func(t *testing.T, _ *made, _ []byte) []byte { return explicit(t, 2, hash) })},
	{"a responder by the name of another", Error, "ocsp.signer", part(0, func(t *testing.T, m *made, _ []byte) []byte { return explicit(t, 1, m.ctx.Issuer.RawSubject) })},
	{"producedAt after the signing", Error, "ocsp.times", part(1, func(t *testing.T, m *made, _ []byte) []byte {
		return der(t, m.ctx.Signing.Add(time.Second), "generalized")
	})},
	{"producedAt before thisUpdate", Error, "ocsp.order", part(1, func(t *testing.T, m *made, _ []byte) []byte {
		return der(t, m.ctx.Signing.Add(-time.Second), "generalized")
	})},
	{"producedAt as UTCTime", Error, "object.parse cert.der", part(1, func(t *testing.T, m *made, _ []byte) []byte { return der(t, m.ctx.Signing, "utc") })},
	{"thisUpdate two days before the signing", Error, "ocsp.times", answered(2, moment("generalized", -2*day))},
	{"no nextUpdate", Error, "ocsp.window", answered(3, nothing)},
	{"nextUpdate that is thisUpdate", Error, "ocsp.window", answered(3, until(0, 0))},
	{"nextUpdate before thisUpdate", Error, "ocsp.window", answered(3, until(0, -time.Hour))},
	{"a second more than twelve months", Error, "ocsp.window", answered(3, until(12, 0))},
	{"thirteen months", Error, "ocsp.window", answered(3, until(13, 0))},
	{"nextUpdate after the responder expired", Error, "ocsp.within-signer", answered(3, until(12, -time.Hour))},
	{"a CertID of another name", Error, "ocsp.certid-issuer", id(func(_ *testing.T, p [][]byte) { p[1] = hash })},
	{"a CertID of another key", Error, "ocsp.certid-issuer", id(func(_ *testing.T, p [][]byte) { p[2] = hash })},
	{"a CertID of another certificate", Error, "ocsp.status", id(func(_ *testing.T, p [][]byte) { p[3] = []byte{2, 1, 7} })},
	{"a CertID by MD5", Error, "ocsp.certid-issuer object.parse", id(func(t *testing.T, p [][]byte) { p[0] = seq(t, rawOID(t, "1.2.840.113549.2.5"), []byte{5, 0}) })},
	{"status unknown", Error, "ocsp.status", answered(1, literal(0x82, 0))},
	{"revoked without a reason", Error, "ocsp.reason", answered(1, revokedAs(0))},
	{"revoked as unspecified", Error, "ocsp.reason", answered(1, revokedAs(0, 0))},
	{"revoked as certificateHold", Error, "ocsp.reason", answered(1, revokedAs(0, 6))},
	{"revoked as removeFromCRL", Error, "ocsp.reason", answered(1, revokedAs(0, 8))},
	{"revoked as aACompromise", Error, "ocsp.reason", answered(1, revokedAs(0, 10))},
	{"revoked as cACompromise", Warning, "ocsp.reason", answered(1, revokedAs(0, 2))},
	{"revoked after thisUpdate", Error, "ocsp.order", answered(1, revokedAs(time.Second, 4))},
	{"revoked, and not on the CRL", Error, "ocsp.crl", answered(1, revokedAs(0, 4))},
	{"a reasonCode in singleExtensions", Error, "ocsp.reason", inSingle(func(t *testing.T, _ *made, p [][]byte) [][]byte {
		return append(p, explicit(t, 1, seq(t, rawReason(t, asn1.TagEnum, 4))))
	})},
	{"a nonce", Warning, "cert.other-extension", responseExtension(inspect.OIDOCSPNonce, nil, 4, 2, 1, 2)},
	{"a critical extension of nobody", Error, "cert.other-extension", responseExtension(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, 5, 0)},
	{"an extension twice", Error, "cert.extension-unique object.parse", responseExtension(inspect.OIDOCSPNonce, nil, 4, 2, 1, 2, 0xff)},
	{"a critical extension of the certificate's answer", Error, "cert.other-extension object.parse", inSingle(func(t *testing.T, _ *made, p [][]byte) [][]byte {
		return append(p, explicit(t, 1, seq(t, raw(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, 5, 0)(t))))
	})},
	{"two responses", Error, "object.parse", part(2, func(t *testing.T, _ *made, b []byte) []byte { one := split(t, b)[0]; return seq(t, one, one) })},
	{"no response", Error, "object.parse", put(2, 0x30, 0)},
	{"the responder of another CA", Error, "ocspcert.issuer", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Responder = edit(t, m.by, m.by.by, func(p [][]byte) [][]byte { p[atIssuer] = m.ctx.Subject.RawSubject; return p }).cert
		return &out
	}},
	{"a responder signed by itself", Error, "ocspcert.issuer", func(t *testing.T, m *made) *made {
		out := *m
		forged, err := assemble(m.by.tbs, m.ctx.Responder.OuterAlgorithm, signBytes(t, m.by.key, algorithm.ECDSASHA384, m.by.tbs))
		if err != nil {
			t.Fatal(err)
		}
		if out.ctx.Responder, err = inspect.ParseCertificate(forged); err != nil {
			t.Fatal(err)
		}
		return &out
	}},
	{"a responder without OCSPSigning", Error, "ocsp.signer", responderWith(inspect.OIDExtKeyUsage, nil, 0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1)},
	{"a responder without digitalSignature", Error, "ocsp.signer", responderWith(inspect.OIDKeyUsage, critical, 3, 2, 6, 0x40)},
	{"a responder that expired", Error, "ocsp.signer", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Responder = validity(text(asn1.TagUTCTime, "240101000000Z"), text(asn1.TagUTCTime, "250101000000Z"))(t, m.by).cert
		return &out
	}},
	{"no certificate of the responder", Error, "ocsp.signer", basic(func(_ *testing.T, _ *made, p [][]byte) [][]byte { return p[:3] })},
	{"another certificate than the responder's", Error, "ocsp.signer", basic(func(t *testing.T, m *made, p [][]byte) [][]byte {
		p[3] = explicit(t, 0, seq(t, m.ctx.Issuer.Raw))
		return p
	})},
	{"one bit of the signature", Error, "ocsp.signature object.parse", basic(func(_ *testing.T, _ *made, p [][]byte) [][]byte {
		p[2] = slices.Clone(p[2])
		p[2][len(p[2])-1] ^= 1
		return p
	})},
	{"ECDSA with SHA-1", Error, "cert.alg-table", basic(func(_ *testing.T, _ *made, p [][]byte) [][]byte { p[1] = ecdsaSHA1; return p })},
	{"a hash that does not fit the key", Error, "chain.sigalg-key", basic(func(_ *testing.T, _ *made, p [][]byte) [][]byte { p[1] = ecdsaSHA512; return p })},
	{"NULL parameters with ECDSA", Error, "cert.alg-table", basic(func(_ *testing.T, _ *made, p [][]byte) [][]byte { p[1] = ecdsaNull; return p })},
	{"signed for another responder", Error, "chain.issuer-key", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.IssuerKey = strangerKey(t)
		return &out
	}},
	{"octets after the end", Error, "object.parse", func(_ *testing.T, m *made) *made {
		out := *m
		out.der = append(slices.Clone(m.der), 5, 0)
		return &out
	}},
	{"status tryLater", Error, "object.parse", func(_ *testing.T, m *made) *made {
		out := *m
		out.der = []byte{0x30, 3, 10, 1, 3}
		return &out
	}},
}

// responseExtension appends an extension to the response; a value that ends in
// ff puts it there twice.
func responseExtension(oid asn1.ObjectIdentifier, crit []byte, value ...byte) breaker {
	return func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte {
			value, twice := bytes.CutSuffix(value, []byte{0xff})
			x := raw(oid, crit, value...)(t)
			if twice {
				x = append(slices.Clone(x), x...)
			}
			return append(p, explicit(t, 1, seq(t, x)))
		})
	}
}

// responderWith changes an extension of the responder's certificate.
func responderWith(oid asn1.ObjectIdentifier, crit []byte, value ...byte) breaker {
	return func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Responder = extend(t, m.by, m.by.by, oid, crit, value).cert
		return &out
	}
}

// basic changes the BasicOCSPResponse: data, algorithm, signature, certificates.
func basic(change func(t *testing.T, m *made, p [][]byte) [][]byte) breaker {
	return func(t *testing.T, m *made) *made {
		out := *m
		inner := split(t, split(t, explicitContents(t, split(t, m.der)[1]))[0])[1]
		var v asn1.RawValue
		if _, err := asn1.Unmarshal(inner, &v); err != nil {
			t.Fatal(err)
		}
		der, err := wrapResponse(seq(t, change(t, m, split(t, v.Bytes))...))
		if err != nil {
			t.Fatal(err)
		}
		out.der = der
		return &out
	}
}
