// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/profiles/value"
)

// der marshals a value.
func der(t testing.TB, v any, params string) []byte {
	t.Helper()
	b, err := asn1.MarshalWithParams(v, params)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tlv makes one element.
func tlv(t testing.TB, class, tag int, compound bool, contents ...[]byte) []byte {
	t.Helper()
	return der(t, asn1.RawValue{Class: class, Tag: tag, IsCompound: compound, Bytes: slices.Concat(contents...)}, "")
}

// seq makes a SEQUENCE.
func seq(t testing.TB, parts ...[]byte) []byte {
	t.Helper()
	return tlv(t, asn1.ClassUniversal, asn1.TagSequence, true, parts...)
}

// explicit makes a context-specific constructed element.
func explicit(t testing.TB, tag int, parts ...[]byte) []byte {
	t.Helper()
	return tlv(t, asn1.ClassContextSpecific, tag, true, parts...)
}

// split gives the parts of a SEQUENCE.
func split(t testing.TB, b []byte) [][]byte {
	t.Helper()
	parts, err := sequence(b)
	if err != nil {
		t.Fatal(err)
	}
	out := make([][]byte, len(parts))
	for i, p := range parts {
		out[i] = p.FullBytes
	}
	return out
}

// Places of the fields of a TBSCertificate.
const (
	atVersion = iota
	atSerial
	atAlgorithm
	atIssuer
	atValidity
	atSubject
	atKey
	atExtensions
)

// resign gives an object with other to-be-signed bytes, signed like the first.
func resign(t testing.TB, m *made, by *made, tbs []byte) *made {
	t.Helper()
	out := *m
	out.tbs = tbs
	alg := m.obj.Declared.SignatureAlgorithm()
	signer := m.key
	if by != nil {
		signer = by.key
	}
	algorithm, err := alg.Identifier()
	if err != nil {
		t.Fatal(err)
	}
	if out.der, err = assemble(tbs, algorithm, signBytes(t, signer, alg, tbs)); err != nil {
		t.Fatal(err)
	}
	if m.obj.certificate() != nil {
		out.cert, _ = inspect.ParseCertificate(out.der)
	}
	if m.req != nil {
		out.req, _ = inspect.ParseRequest(out.der)
	}
	return &out
}

// edit changes the fields of the to-be-signed bytes and signs again.
func edit(t testing.TB, m *made, by *made, change func(parts [][]byte) [][]byte) *made {
	t.Helper()
	return resign(t, m, by, seq(t, change(split(t, m.tbs))...))
}

// extend replaces or appends an extension, whatever it holds.
func extend(t testing.TB, m *made, by *made, oid asn1.ObjectIdentifier, critical []byte, value []byte) *made {
	t.Helper()
	ext := seq(t, der(t, oid, ""), critical, tlv(t, 0, asn1.TagOctetString, false, value))
	return edit(t, m, by, func(parts [][]byte) [][]byte {
		last := len(parts) - 1
		var outer asn1.RawValue
		if _, err := asn1.Unmarshal(parts[last], &outer); err != nil {
			t.Fatal(err)
		}
		list := split(t, outer.Bytes)
		done := false
		for i, x := range list {
			if slices.Equal(split(t, x)[0], der(t, oid, "")) {
				list[i], done = ext, true
			}
		}
		if !done {
			list = append(list, ext)
		}
		parts[last] = explicit(t, outer.Tag, seq(t, list...))
		return parts
	})
}

// critical is an encoded TRUE.
var critical = []byte{1, 1, 0xff}

// withExtension gives a copy of a bound certificate with one extension changed.
func withExtension(c *profiles.Certificate, name ext.Name, change func(e *profiles.Extension)) *profiles.Certificate {
	out := *c
	out.Extensions = slices.Clone(c.Extensions)
	for i := range out.Extensions {
		if out.Extensions[i].Name == name {
			change(&out.Extensions[i])
		}
	}
	return &out
}

// without gives a copy of a bound certificate without an extension.
func without(c *profiles.Certificate, name ext.Name) *profiles.Certificate {
	out := *c
	out.Extensions = slices.DeleteFunc(slices.Clone(c.Extensions), func(e profiles.Extension) bool { return e.Name == name })
	return &out
}

// plus gives a copy of a bound certificate with one more extension.
func plus(c *profiles.Certificate, e profiles.Extension) *profiles.Certificate {
	out := *c
	out.Extensions = append(slices.Clone(c.Extensions), e)
	return &out
}

// purposed gives a copy of a bound certificate with other key purposes.
func purposed(c *profiles.Certificate, oids ...string) *profiles.Certificate {
	return withExtension(c, ext.NameExtKeyUsage, func(e *profiles.Extension) {
		var list ext.ExtKeyUsage
		for _, o := range oids {
			list = append(list, ext.Purpose{OID: profiles.OID(o)})
		}
		e.Value = list
	})
}

// policied gives a copy of a bound certificate with other policies.
func policied(c *profiles.Certificate, oids ...string) *profiles.Certificate {
	return withExtension(c, ext.NamePolicies, func(e *profiles.Extension) {
		var list ext.Policies
		for _, o := range oids {
			list = append(list, ext.Policy{OID: profiles.OID(o)})
		}
		e.Value = list
	})
}

// named gives a copy of a bound certificate with other attributes.
func named(c *profiles.Certificate, attributes ...profiles.Attribute) *profiles.Certificate {
	out := *c
	out.Subject = profiles.Name{Attributes: attributes}
	return &out
}

// attr makes an attribute.
func attr(t testing.TB, kind, text string) profiles.Attribute {
	t.Helper()
	a, err := value.NewAttribute(kind, "", text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// aimed gives a copy of a bound certificate with another intent and other packs.
func aimed(c *profiles.Certificate, intent profiles.Intent, packs ...string) *profiles.Certificate {
	out := *c
	out.Purpose.Intent = intent
	if len(packs) > 0 {
		out.Purpose.Rules = packs
	}
	return &out
}

// valid gives a copy of a bound certificate with another validity.
func valid(c *profiles.Certificate, from, to string) *profiles.Certificate {
	out := *c
	out.Validity = profiles.Validity{NotBefore: profiles.Moment(from), NotAfter: profiles.End{Time: profiles.Moment(to)}}
	return &out
}

// at gives a time.
func date(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// rawEntry makes an entry of a CRL.
func rawEntry(t testing.TB, serial *big.Int, at time.Time, extensions ...[]byte) []byte {
	t.Helper()
	parts := [][]byte{der(t, serial, ""), der(t, at, "utc")}
	if len(extensions) > 0 {
		parts = append(parts, seq(t, extensions...))
	}
	return seq(t, parts...)
}

// rawReason makes a reasonCode extension of any tag.
func rawReason(t testing.TB, tag, code int) []byte {
	t.Helper()
	return seq(t, der(t, inspect.OIDReasonCode, ""), tlv(t, 0, asn1.TagOctetString, false, tlv(t, 0, tag, false, []byte{byte(code)})))
}

// listing gives a CRL with these entries encoded.
func listing(t testing.TB, m, by *made, entries ...[]byte) *made {
	t.Helper()
	return edit(t, m, by, func(parts [][]byte) [][]byte {
		last := len(parts) - 1
		return slices.Concat(parts[:5], [][]byte{seq(t, entries...)}, parts[last:])
	})
}
