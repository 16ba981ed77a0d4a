// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"testing"

	"rootceremony/internal/inspect"
)

// breaker gives a copy of an object with one thing broken.
type breaker func(t *testing.T, m *made) *made

// part changes one field of the to-be-signed bytes.
func part(i int, change func(t *testing.T, m *made, b []byte) []byte) breaker {
	return func(t *testing.T, m *made) *made {
		return redo(t, m, func(parts [][]byte) [][]byte {
			parts[i] = change(t, m, parts[i])
			return slices.DeleteFunc(parts, func(p []byte) bool { return p == nil })
		})
	}
}

// put sets one field of the to-be-signed bytes.
func put(i int, b ...byte) breaker {
	return part(i, func(*testing.T, *made, []byte) []byte { return b })
}

// swap replaces octets in one field, once.
func swap(i int, from, to []byte) breaker {
	return part(i, func(t *testing.T, _ *made, b []byte) []byte {
		if !bytes.Contains(b, from) {
			t.Fatalf("%x is not in %x", from, b)
		}
		return bytes.Replace(b, from, to, 1)
	})
}

// redo changes the fields of the to-be-signed bytes and signs again.
func redo(t *testing.T, m *made, change func(parts [][]byte) [][]byte) *made {
	t.Helper()
	tbs := seq(t, change(split(t, m.tbs))...)
	if m.obj.response() != nil {
		return reanswerBy(t, m, tbs)
	}
	return resign(t, m, m.by, tbs)
}

// outside changes the frame: tbs, algorithm, signature. Nothing is signed again.
func outside(change func(t *testing.T, m *made, parts [][]byte) [][]byte) breaker {
	return func(t *testing.T, m *made) *made {
		out := *m
		out.der = seq(t, change(t, m, split(t, m.der))...)
		if m.cert != nil {
			out.cert, _ = inspect.ParseCertificate(out.der)
		}
		return &out
	}
}

// reanswerBy signs other ResponseData with the key of the same responder.
func reanswerBy(t *testing.T, m *made, tbs []byte) *made {
	t.Helper()
	out := *m
	out.tbs = tbs
	alg := m.obj.response().Signature
	id, err := alg.Identifier()
	if err != nil {
		t.Fatal(err)
	}
	sig := signBytes(t, m.by.key, alg, tbs)
	out.der, err = wrapResponse(seq(t, tbs, id, bits(t, sig), explicit(t, 0, seq(t, m.by.der))))
	if err != nil {
		t.Fatal(err)
	}
	return &out
}

// bits makes a BIT STRING of whole octets.
func bits(t *testing.T, b []byte) []byte {
	t.Helper()
	return der(t, asn1.BitString{Bytes: b, BitLength: 8 * len(b)}, "")
}

// inList changes the list of extensions.
func inList(change func(t *testing.T, m *made, list [][]byte) [][]byte) breaker {
	return func(t *testing.T, m *made) *made {
		return redo(t, m, func(parts [][]byte) [][]byte {
			last := len(parts) - 1
			var outer asn1.RawValue
			if _, err := asn1.Unmarshal(parts[last], &outer); err != nil || outer.Class != asn1.ClassContextSpecific {
				t.Fatalf("no extensions in %x: %v", parts[last], err)
			}
			list := change(t, m, split(t, outer.Bytes))
			parts[last] = explicit(t, outer.Tag, seq(t, list...))
			return parts
		})
	}
}

// find gives the place of an extension in a list.
func find(t *testing.T, list [][]byte, oid asn1.ObjectIdentifier) int {
	t.Helper()
	i := slices.IndexFunc(list, func(x []byte) bool { return bytes.Equal(split(t, x)[0], der(t, oid, "")) })
	if i < 0 {
		t.Fatalf("no extension %s", oid)
	}
	return i
}

// drop takes an extension away.
func drop(oid asn1.ObjectIdentifier) breaker {
	return inList(func(t *testing.T, _ *made, list [][]byte) [][]byte {
		i := find(t, list, oid)
		return slices.Delete(list, i, i+1)
	})
}

// twice repeats an extension.
func twice(oid asn1.ObjectIdentifier) breaker {
	return inList(func(t *testing.T, _ *made, list [][]byte) [][]byte { return append(list, list[find(t, list, oid)]) })
}

// valued gives an extension another value, and leaves its criticality.
func valued(oid asn1.ObjectIdentifier, value func(t *testing.T, m *made) []byte) breaker {
	return inList(func(t *testing.T, m *made, list [][]byte) [][]byte {
		i := find(t, list, oid)
		parts := split(t, list[i])
		parts[len(parts)-1] = tlv(t, 0, asn1.TagOctetString, false, value(t, m))
		list[i] = seq(t, parts...)
		return list
	})
}

// fixed gives an extension another value.
func fixed(oid asn1.ObjectIdentifier, value ...byte) breaker {
	return valued(oid, func(*testing.T, *made) []byte { return value })
}

// flagged sets the criticality of an extension: nil, TRUE or an encoded FALSE.
func flagged(oid asn1.ObjectIdentifier, crit []byte) breaker {
	return inList(func(t *testing.T, _ *made, list [][]byte) [][]byte {
		i := find(t, list, oid)
		parts := split(t, list[i])
		list[i] = seq(t, parts[0], crit, parts[len(parts)-1])
		return list
	})
}

// added appends an extension.
func added(oid asn1.ObjectIdentifier, crit []byte, value func(t *testing.T, m *made) []byte) breaker {
	return inList(func(t *testing.T, m *made, list [][]byte) [][]byte {
		return append(list, seq(t, der(t, oid, ""), crit, tlv(t, 0, asn1.TagOctetString, false, value(t, m))))
	})
}

// literal is a value that needs no object.
func literal(b ...byte) func(*testing.T, *made) []byte {
	return func(*testing.T, *made) []byte { return b }
}

// oids makes a SEQUENCE OF OBJECT IDENTIFIER.
func oids(ids ...string) func(*testing.T, *made) []byte {
	return func(t *testing.T, _ *made) []byte {
		var parts [][]byte
		for _, id := range ids {
			parts = append(parts, rawOID(t, id))
		}
		return seq(t, parts...)
	}
}

// rawOID encodes a dotted OID.
func rawOID(t *testing.T, id string) []byte {
	t.Helper()
	var out asn1.ObjectIdentifier
	n := 0
	for _, c := range id + "." {
		if c == '.' {
			out, n = append(out, n), 0
			continue
		}
		n = 10*n + int(c-'0')
	}
	return der(t, out, "")
}

// uri makes a GeneralName.
func uri(t *testing.T, u string) []byte {
	t.Helper()
	return tlv(t, asn1.ClassContextSpecific, inspect.TagURI, false, []byte(u))
}

// point makes cRLDistributionPoints with one fullName.
func point(names ...string) func(*testing.T, *made) []byte {
	return func(t *testing.T, _ *made) []byte {
		var list [][]byte
		for _, n := range names {
			list = append(list, uri(t, n))
		}
		return seq(t, seq(t, explicit(t, 0, explicit(t, 0, list...))))
	}
}

// access makes authorityInfoAccess of pairs of method and URL.
func access(pairs ...string) func(*testing.T, *made) []byte {
	return func(t *testing.T, _ *made) []byte {
		var list [][]byte
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, seq(t, rawOID(t, pairs[i]), uri(t, pairs[i+1])))
		}
		return seq(t, list...)
	}
}
