// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/asn1"
	"fmt"
	"math/big"
)

// staticSignature makes a signature value that has the size of a real one by
// key and is none. Lints infer the curve from the size, so an ECDSA value holds
// two positive integers of full length.
func staticSignature(key crypto.PublicKey) ([]byte, error) {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return bytes.Repeat([]byte{0x5a}, k.Size()), nil
	case *ecdsa.PublicKey:
		bits := k.Curve.Params().BitSize
		r := new(big.Int).SetBytes(bytes.Repeat([]byte{0x5a}, (bits+7)/8))
		r.Mod(r, new(big.Int).Lsh(big.NewInt(1), uint(bits)))
		r.SetBit(r, bits-1, 0)
		r.SetBit(r, bits-2, 1) // full length in octets, positive without padding
		if bits%8 != 0 {
			r.SetBit(r, bits-1, 1)
		}
		return asn1.Marshal(struct{ R, S *big.Int }{r, new(big.Int).Sub(r, big.NewInt(2))})
	}
	return nil, fmt.Errorf("no static signature for a key of type %T", key)
}

// assemble makes SEQUENCE {tbs, algorithm, BIT STRING}, the frame of
// certificates, CRLs, requests and basic OCSP responses.
func assemble(tbs, algorithm, signature []byte) ([]byte, error) {
	return asn1.Marshal(struct {
		TBS, Algorithm asn1.RawValue
		Signature      asn1.BitString
	}{
		asn1.RawValue{FullBytes: tbs}, asn1.RawValue{FullBytes: algorithm},
		asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)},
	})
}

// oidBasicResponse is id-pkix-ocsp-basic.
var oidBasicResponse = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}

// wrapResponse makes an OCSPResponse of a BasicOCSPResponse.
func wrapResponse(basic []byte) ([]byte, error) {
	type responseBytes struct {
		Type     asn1.ObjectIdentifier
		Response []byte
	}
	return asn1.Marshal(struct {
		Status asn1.Enumerated
		Bytes  responseBytes `asn1:"explicit,tag:0"`
	}{0, responseBytes{oidBasicResponse, basic}})
}
