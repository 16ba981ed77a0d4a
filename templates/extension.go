// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// extensionContext are what extensions take their values from.
type extensionContext struct {
	spki   []byte   // of the subject; nil in a CRL
	issuer Issuer   // absent in a request
	number *big.Int // of a CRL
}

// encoders write the contents of extnValue, one extension each. The file of an
// extension (ext_*.go) adds its own with [encodes].
var encoders = map[ext.Name]encoder{}

// encoder writes the contents of extnValue.
type encoder func(*cryptobyte.Builder, ext.Value, extensionContext)

// encodes adds the encoder of an extension. No value means the empty one, for
// extensions that take none.
func encodes[T ext.Value](name ext.Name, add func(*cryptobyte.Builder, T, extensionContext)) encoder {
	e := func(b *cryptobyte.Builder, v ext.Value, in extensionContext) {
		value, ok := v.(T)
		if !ok && v != nil {
			b.SetError(fmt.Errorf("%T is the value of another extension", v))
			return
		}
		add(b, value, in)
	}
	encoders[name] = e
	return e
}

// encodeExtensions returns the SEQUENCE OF Extension in the order given, or
// nothing when there are none.
func encodeExtensions(list []profiles.Extension, in extensionContext) ([]byte, error) {
	if len(list) == 0 {
		return nil, nil
	}
	seen := map[profiles.OID]bool{}
	var out cryptobyte.Builder
	var err error
	out.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for i := range list {
			e := &list[i]
			if seen[e.OID()] {
				err = errors.Join(err, fmt.Errorf("duplicate extension %s (RFC 5280 4.2)", e.Name))
			}
			seen[e.OID()] = true
			value, e1 := encodeValue(e, in)
			if e1 != nil {
				err = errors.Join(err, fmt.Errorf("encoding %s: %w", e.Name, e1))
				continue
			}
			addExtension(b, e.OID(), e.Critical, value)
		}
	})
	der, buildErr := out.Bytes()
	if err := errors.Join(err, buildErr); err != nil {
		return nil, err
	}
	return der, nil
}

// addExtension writes one Extension, RFC 5280 4.1.
func addExtension(b *cryptobyte.Builder, id profiles.OID, critical bool, value []byte) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addOID(b, id)
		if critical {
			addTrue(b)
		}
		b.AddASN1OctetString(value)
	})
}

// encodeValue returns the contents of extnValue.
func encodeValue(e *profiles.Extension, in extensionContext) ([]byte, error) {
	add, ok := encoders[e.Name]
	if !ok {
		return nil, errors.New("unknown extension")
	}
	if err := e.Check(); err != nil {
		return nil, err
	}
	return build(func(b *cryptobyte.Builder) { add(b, e.Value, in) })
}
