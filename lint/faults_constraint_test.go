// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"slices"
	"testing"

	"rootceremony/internal/inspect"
)

// trees makes name constraints of permitted and excluded bases.
func trees(permitted, excluded [][]byte) func(*testing.T, *made) []byte {
	return func(t *testing.T, _ *made) []byte {
		var parts [][]byte
		for i, list := range [][][]byte{permitted, excluded} {
			var subtrees [][]byte
			for _, base := range list {
				subtrees = append(subtrees, seq(t, base))
			}
			if len(subtrees) > 0 {
				parts = append(parts, explicit(t, i, subtrees...))
			}
		}
		return seq(t, parts...)
	}
}

// short makes a short context-specific element.
func short(tag byte, contents ...byte) []byte {
	return append([]byte{0x80 | tag, byte(len(contents))}, contents...)
}

// Bases of name constraints.
var (
	baseDNS    = short(inspect.TagDNS, []byte("example.com")...)
	baseDir    = []byte{0xa4, 15, 0x30, 13, 0x31, 11, 0x30, 9, 6, 3, 0x55, 4, 6, 0x13, 2, 'U', 'S'}
	noV4, noV6 = short(inspect.TagIP, make([]byte, 8)...), short(inspect.TagIP, make([]byte, 32)...)
	baseMail   = short(inspect.TagEmail, []byte("example.com")...)
)

// limits breaks the name constraints.
func limits(name string, level Status, rules string, permitted, excluded [][]byte) broken {
	return broken{name, level, rules, valued(inspect.OIDNameConstraints, trees(permitted, excluded))}
}

// constraintFaults break those of a constrained TLS CA.
var constraintFaults = []broken{
	{"no nameConstraints", Error, "nc.tls-complete cert.extensions-required", drop(inspect.OIDNameConstraints)},
	{"nameConstraints that are not critical", Warning, "cert.criticality", flagged(inspect.OIDNameConstraints, nil)},
	limits("no dNSName", Error, "nc.tls-complete", [][]byte{baseDir}, [][]byte{noV4, noV6}),
	limits("no IPv4", Error, "nc.tls-complete", [][]byte{baseDNS, baseDir}, [][]byte{noV6}),
	limits("no IPv6", Error, "nc.tls-complete", [][]byte{baseDNS, baseDir}, [][]byte{noV4}),
	limits("no directoryName", Error, "nc.tls-complete", [][]byte{baseDNS}, [][]byte{noV4, noV6}),
	limits("nothing permitted", Error, "nc.tls-complete", nil, [][]byte{noV4, noV6}),
	limits("a part of IPv4 excluded", Error, "nc.tls-complete", [][]byte{baseDNS, baseDir}, [][]byte{short(inspect.TagIP, 10, 0, 0, 0, 255, 0, 0, 0), noV6}),
	limits("a part of the names excluded", Error, "nc.tls-complete", [][]byte{baseDir}, [][]byte{baseDNS, noV4, noV6}),
	limits("an excluded directoryName", Warning, "nc.tls-complete", [][]byte{baseDNS, baseDir}, [][]byte{noV4, noV6, baseDir}),
	limits("an otherName", Warning, "nc.tls", [][]byte{baseDNS, baseDir, {0xa0, 8, 6, 2, 0x2a, 3, 0xa0, 2, 5, 0}}, [][]byte{noV4, noV6}),
	limits("an x400Address", Error, "nc.tls cert.der object.parse", [][]byte{baseDNS, baseDir, {0xa3, 2, 0x30, 0}}, [][]byte{noV4, noV6}),
	limits("a registeredID", Error, "nc.tls cert.der object.parse", [][]byte{baseDNS, baseDir, short(8, 0x2a, 3)}, [][]byte{noV4, noV6}),
	limits("excluded outside of permitted", Error, "nc.tls", [][]byte{baseDNS, baseDir}, [][]byte{noV4, noV6, short(inspect.TagDNS, []byte("example.org")...)}),
}

// subtreeFaults break single subtrees, of any CA with nameConstraints whose
// permitted names begin with those given.
func subtreeFaults(base [][]byte, excluded [][]byte) []broken {
	with := func(name string, extra []byte) broken {
		return limits(name, Error, "nc.syntax cert.der object.parse", append(slices.Clone(base), extra), excluded)
	}
	return []broken{
		with("a leading dot in a dNSName", short(inspect.TagDNS, []byte(".example.com")...)),
		with("a wildcard in a dNSName", short(inspect.TagDNS, []byte("*.example.com")...)),
		with("a dNSName with a space", short(inspect.TagDNS, []byte("exam ple.com")...)),
		with("a dNSName that is no ASCII", short(inspect.TagDNS, []byte("exämple.com")...)),
		with("a mask with a hole", short(inspect.TagIP, 10, 0, 0, 0, 255, 0, 255, 0)),
		with("an address without a mask", short(inspect.TagIP, 10, 0, 0, 1)),
		with("an address with bits beyond the mask", short(inspect.TagIP, 10, 0, 0, 1, 255, 0, 0, 0)),
		{"a minimum of 1", Error, "nc.tls nc.syntax cert.der object.parse", minimum(base, excluded, 0, 1)},
		{"an encoded minimum of 0", Error, "nc.tls nc.syntax cert.der object.parse", minimum(base, excluded, 0, 0)},
		{"a maximum", Error, "nc.syntax cert.der object.parse", minimum(base, excluded, 1, 3)},
		{"empty nameConstraints", Error, "nc.syntax cert.der object.parse", fixed(inspect.OIDNameConstraints, 0x30, 0)},
		{"an empty list of permitted names", Error, "nc.syntax cert.der object.parse", fixed(inspect.OIDNameConstraints, 0x30, 2, 0xa0, 0)},
	}
}

// minimum puts a distance to the first permitted subtree.
func minimum(base, excluded [][]byte, tag int, value byte) breaker {
	return valued(inspect.OIDNameConstraints, func(t *testing.T, _ *made) []byte {
		var permitted, out [][]byte
		for i, b := range base {
			if i == 0 {
				b = slices.Concat(b, tlv(t, asn1.ClassContextSpecific, tag, false, []byte{value}))
			}
			permitted = append(permitted, seq(t, b))
		}
		for _, b := range excluded {
			out = append(out, seq(t, b))
		}
		parts := [][]byte{explicit(t, 0, permitted...)}
		if len(out) > 0 {
			parts = append(parts, explicit(t, 1, out...))
		}
		return seq(t, parts...)
	})
}

// mailConstraints break those of an S/MIME CA.
var mailConstraints = []broken{
	limits("no rfc822Name", Error, "nc.smime", [][]byte{baseDir}, nil),
	limits("no directoryName", Error, "nc.smime", [][]byte{baseMail}, nil),
	limits("a mailbox", Error, "nc.smime", [][]byte{short(inspect.TagEmail, []byte("a@example.com")...), baseDir}, nil),
	limits("an empty rfc822Name", Error, "nc.smime", [][]byte{short(inspect.TagEmail), baseDir}, nil),
	limits("a wildcard rfc822Name", Error, "nc.smime", [][]byte{short(inspect.TagEmail, []byte("*.example.com")...), baseDir}, nil),
	limits("an rfc822Name of two dots", Error, "nc.smime", [][]byte{short(inspect.TagEmail, []byte("..example.com")...), baseDir}, nil),
	limits("a top-level domain", Error, "nc.smime", [][]byte{short(inspect.TagEmail, []byte("com")...), baseDir}, nil),
}
