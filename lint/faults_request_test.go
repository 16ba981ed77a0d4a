// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
)

// requestFaults break a certificate request.
var requestFaults = slices.Concat(encodingFaults, []broken{
	{"version 2", Error, "object.parse", put(0, 2, 1, 1)},
	{"no version", Error, "object.parse", part(0, func(*testing.T, *made, []byte) []byte { return nil })},
	{"the key of somebody else", Error, "req.signature", part(2, func(t *testing.T, _ *made, _ []byte) []byte { return strangerKey(t) })},
	{"one bit of the signature", Error, "req.signature", outside(func(_ *testing.T, _ *made, p [][]byte) [][]byte {
		p[2] = slices.Clone(p[2])
		p[2][len(p[2])-1] ^= 1
		return p
	})},
	{"ECDSA with SHA-1", Error, "cert.alg-table", algorithms(nil, ecdsaSHA1)},
	{"NULL parameters with ECDSA", Error, "cert.alg-table", algorithms(nil, ecdsaNull)},
	{"a hash that does not fit the key", Warning, "chain.sigalg-key", algorithms(nil, ecdsaSHA512)},
	{"an algorithm for another kind of key", Error, "chain.sigalg-key", algorithms(nil, rsaSHA256)},
	{"a country in UTF8String", Error, "cert.name-encoding", attribute(oidCountry, utf8Tag, "US")},
	{"a point beside the curve", Error, "key.quality object.parse", part(2, func(t *testing.T, _ *made, _ []byte) []byte {
		return ec("1.3.132.0.34", slices.Concat([]byte{4}, make([]byte, 95), []byte{1})...)(t)
	})},
	{"P-224", Error, "key.quality cert.alg-table", part(2, func(t *testing.T, _ *made, _ []byte) []byte { return p224(t) })},
	{"RSA of 1024 bits", Error, "key.quality", part(2, func(t *testing.T, _ *made, _ []byte) []byte { return rsaSPKI(t, ofBits(1024)(t), 65537) })},
	{"an exponent of 1", Error, "key.quality", part(2, func(t *testing.T, _ *made, _ []byte) []byte { return rsaSPKI(t, good(t), 1) })},
	{"the extensions asked for twice", Error, "cert.extension-unique object.parse", part(3, func(t *testing.T, _ *made, b []byte) []byte {
		list := split(t, append([]byte{0x30}, b[1:]...))
		one := extensionRequest(t, seq(t, der(t, inspect.OIDKeyUsage, ""), critical, []byte{4, 4, 3, 2, 1, 6}))
		return tlv(t, 2, 0, true, slices.Concat(list...), one, one)
	})},
	{"keyUsage asked for twice", Error, "cert.extension-unique object.parse", part(3, func(t *testing.T, _ *made, _ []byte) []byte {
		x := seq(t, der(t, inspect.OIDKeyUsage, ""), critical, []byte{4, 4, 3, 2, 1, 6})
		return tlv(t, 2, 0, true, extensionRequest(t, x, x))
	})},
	{"octets after the end", Error, "object.parse", func(_ *testing.T, m *made) *made {
		out := *m
		out.der = append(slices.Clone(m.der), 5, 0)
		return &out
	}},
})

// extensionRequest makes the attribute that asks for extensions.
func extensionRequest(t *testing.T, extensions ...[]byte) []byte {
	t.Helper()
	return seq(t, der(t, inspect.OIDExtensionRequest, ""), tlv(t, 0, 17, true, seq(t, extensions...)))
}

// popFaults break what a certificate owes to the request of an external subject.
var popFaults = []broken{
	{"a request of another key", Error, "pop.spki", requestedBy(func(t *testing.T) *made { return theRequest(t) })},
	{"a request that somebody else signed", Error, "pop.signature", requestedBy(func(t *testing.T) *made {
		m := theRequest(t)
		return resign(t, m, &made{key: key(t, algorithm.ECDSAP384, "stranger")}, m.tbs)
	})},
}

// requestedBy puts another request to a certificate.
func requestedBy(request func(t *testing.T) *made) breaker {
	return func(t *testing.T, m *made) *made {
		out := *m
		var err error
		if out.ctx.Request, err = inspect.ParseRequest(request(t).der); err != nil {
			t.Fatal(err)
		}
		return &out
	}
}
