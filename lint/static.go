// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"fmt"
)

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

// specimenResponse makes an OCSPResponse with the certificates that it embeds
// (RFC 6960 4.2.1).
func specimenResponse(tbs, algorithm, signature []byte, certificates [][]byte) ([]byte, error) {
	list := make([]asn1.RawValue, len(certificates))
	for i, c := range certificates {
		list[i].FullBytes = c
	}
	basic, err := asn1.Marshal(struct {
		TBS, Algorithm asn1.RawValue
		Signature      asn1.BitString
		Certificates   []asn1.RawValue `asn1:"explicit,optional,tag:0"`
	}{
		asn1.RawValue{FullBytes: tbs}, asn1.RawValue{FullBytes: algorithm},
		asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}, list,
	})
	if err != nil {
		return nil, fmt.Errorf("assembling a specimen: %w", err)
	}
	return wrapResponse(basic)
}

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
