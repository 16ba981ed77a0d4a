// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

const (
	maxInput  = 16 << 20
	maxBlocks = 10_000
)

// Kinds that Guess distinguishes.
const (
	KindCertificate = "certificate"
	KindCRL         = "crl"
	KindRequest     = "certificate-request"
	KindResponse    = "ocsp-response"
	KindPublicKey   = "public-key"
)

// Block is one object of a file.
type Block struct {
	Type     string // PEM label; for DER the one it would have
	DER      []byte
	Preamble string // text before a PEM block, as it is there
}

// labels are the PEM labels of RFC 7468 and common use.
var labels = map[string]string{
	"CERTIFICATE": KindCertificate, "X509 CERTIFICATE": KindCertificate,
	"X509 CRL": KindCRL, "CERTIFICATE REQUEST": KindRequest,
	"NEW CERTIFICATE REQUEST": KindRequest, "OCSP RESPONSE": KindResponse,
	"PUBLIC KEY": KindPublicKey,
}

var labelOf = map[string]string{
	KindCertificate: "CERTIFICATE", KindCRL: "X509 CRL", KindRequest: "CERTIFICATE REQUEST",
	KindResponse: "OCSP RESPONSE", KindPublicKey: "PUBLIC KEY",
}

// A names a kind of object with its article.
func A(kind string) string {
	return map[string]string{
		KindCertificate: "a certificate", KindCRL: "a CRL", KindRequest: "a certificate request",
		KindResponse: "an OCSP response", KindPublicKey: "a public key",
	}[kind]
}

// Decode splits a file of at most 16 MiB into objects: PEM, one or several, or
// one object in DER. It refuses private keys and labels that do not fit their
// content.
func Decode(data []byte) ([]Block, error) {
	if len(data) > maxInput {
		return nil, fmt.Errorf("%d bytes, more than %d", len(data), maxInput)
	}
	if bytes.Contains(data, []byte("-----BEGIN ")) && !isElement(data) {
		return decodePEM(data)
	}
	kind := Guess(data)
	if kind == "" {
		return nil, errors.New("neither PEM nor a known object in DER")
	}
	return []Block{{Type: labelOf[kind], DER: bytes.Clone(data)}}, nil
}

// isElement reports whether the whole input is one DER SEQUENCE.
func isElement(data []byte) bool {
	s := cryptobyte.String(data)
	return s.SkipASN1(casn1.SEQUENCE) && s.Empty()
}

func decodePEM(data []byte) ([]Block, error) {
	var out []Block
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		if len(out) == maxBlocks {
			return nil, fmt.Errorf("more than %d PEM blocks", maxBlocks)
		}
		used := data[:len(data)-len(rest)]
		b := Block{Type: block.Type, DER: block.Bytes}
		if at := bytes.LastIndex(used, []byte("-----BEGIN "+block.Type)); at > 0 {
			b.Preamble = string(used[:at])
		}
		if err := checkBlock(b, block.Headers); err != nil {
			return nil, fmt.Errorf("PEM block %d: %w", len(out)+1, err)
		}
		out = append(out, b)
		data = rest
	}
	if len(out) == 0 || bytes.Contains(data, []byte("-----BEGIN ")) {
		return nil, fmt.Errorf("PEM block %d is malformed", len(out)+1)
	}
	return out, nil
}

func checkBlock(b Block, headers map[string]string) error {
	if strings.Contains(b.Type, "PRIVATE KEY") {
		return errors.New("is a private key; private keys are not read")
	}
	if len(headers) > 0 {
		return errors.New("has headers (RFC 7468 2)")
	}
	if strings.Contains(b.Preamble, "-----BEGIN ") {
		return errors.New("follows a malformed block")
	}
	want, got := labels[b.Type], Guess(b.DER)
	if want != "" && got != want {
		if got == "" {
			got = "something else"
		}
		return fmt.Errorf("is labelled %q but holds %s", b.Type, got)
	}
	return nil
}

// Guess tells what kind of object DER holds by its outer shape alone; the
// empty string when it is none of the known ones.
func Guess(der []byte) string {
	var outer cryptobyte.String
	s := cryptobyte.String(der)
	if !s.ReadASN1(&outer, casn1.SEQUENCE) || !s.Empty() {
		return ""
	}
	first := outer
	tags := shape(outer, 4)
	switch {
	case tags == "E" || tags == "E0":
		return KindResponse
	case tags == "SB":
		return KindPublicKey
	case tags != "SSB":
		return ""
	}
	var inner cryptobyte.String
	if !first.ReadASN1(&inner, casn1.SEQUENCE) {
		return ""
	}
	switch tags = shape(inner, 6); {
	case strings.HasPrefix(tags, "0ISSSS"), strings.HasPrefix(tags, "ISSSSS"):
		return KindCertificate
	case tags == "ISS0":
		return KindRequest
	case strings.HasPrefix(tags, "ISST"), strings.HasPrefix(tags, "SST"):
		return KindCRL
	}
	return ""
}

// shape writes one letter for each of the first elements; "?" ends it.
func shape(s cryptobyte.String, most int) string {
	var out []byte
	for !s.Empty() && len(out) < most {
		var element cryptobyte.String
		var tag casn1.Tag
		if !s.ReadAnyASN1(&element, &tag) {
			return string(append(out, '?'))
		}
		letter, ok := shapeLetters[tag]
		if !ok {
			letter = '.'
		}
		out = append(out, letter)
	}
	return string(out)
}

var shapeLetters = map[casn1.Tag]byte{
	casn1.SEQUENCE: 'S', casn1.INTEGER: 'I', casn1.BIT_STRING: 'B', casn1.ENUM: 'E',
	casn1.UTCTime: 'T', casn1.GeneralizedTime: 'T', 0xa0: '0',
}
