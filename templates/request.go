// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
)

// oidExtensionRequest is pkcs-9-at-extensionRequest.
const oidExtensionRequest profiles.OID = "1.2.840.113549.1.9.14"

// Request returns the CertificationRequestInfo of a PKCS#10 request (RFC 2986
// 4.1). The signature algorithm is not in it.
func Request(r *profiles.Request, spki []byte) ([]byte, error) {
	info, err := request(r, spki)
	if err != nil {
		return nil, fmt.Errorf("building request %s: %w", r.Artifact, err)
	}
	return info, nil
}

func request(r *profiles.Request, spki []byte) ([]byte, error) {
	if _, err := publicKeyBits(spki); err != nil {
		return nil, err
	}
	subject, err := EncodeName(r.Subject)
	if err != nil {
		return nil, fmt.Errorf("encoding subject: %w", err)
	}
	extensions, err := encodeExtensions(r.Extensions, extensionContext{spki: spki})
	if err != nil {
		return nil, err
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(0) // v1
			b.AddBytes(subject)
			b.AddBytes(spki)
			// The attributes are not optional, though there may be none.
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { addExtensionRequest(b, extensions) })
		})
	})
}

// addExtensionRequest writes the attribute of RFC 2985 5.4.2.
func addExtensionRequest(b *cryptobyte.Builder, extensions []byte) {
	if len(extensions) == 0 {
		return
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addOID(b, oidExtensionRequest)
		b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(extensions) })
	})
}
