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

	"rootceremony/internal/foreign"
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
	Line     int    // of the line -----BEGIN; 0 for DER
}

// Skipped is a PEM block of a file that [DecodeKnown] leaves out, and what it is.
type Skipped struct {
	Line int
	Why  error
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
// content, and names what else it was given: see [foreign.Error], to which
// [foreign.Named] gives the name of the file. What is before and after PEM
// blocks is not read (RFC 7468 2), and so is a byte order mark before the first.
func Decode(data []byte) ([]Block, error) {
	blocks, skipped, err := decode(data)
	if len(skipped) > 0 {
		return nil, skipped[0].Why
	}
	return blocks, err
}

// DecodeKnown is [Decode] for a caller that reads all that a file has: blocks under labels that
// are not known here are left out, and named, where there are others. A private key is
// refused all the same.
func DecodeKnown(data []byte) (blocks []Block, skipped []Skipped, err error) {
	blocks, skipped, err = decode(data)
	if err == nil && len(blocks) == 0 && len(skipped) > 0 {
		return nil, nil, skipped[0].Why
	}
	return blocks, skipped, err
}

func decode(data []byte) ([]Block, []Skipped, error) {
	if len(data) > maxInput {
		return nil, nil, fmt.Errorf("%d bytes, more than the %d MiB that are read", len(data), maxInput>>20)
	}
	if beginsBlock(data) && !isElement(data) {
		return decodePEM(bytes.TrimPrefix(data, []byte(foreign.UTF8Mark)))
	}
	kind := Guess(data)
	if kind == "" {
		return nil, nil, unknown(data)
	}
	return []Block{{Type: labelOf[kind], DER: bytes.Clone(data)}}, nil, nil
}

// beginsBlock reports whether a line is one that begins a PEM block, or is meant to be: with
// spaces before it, but not with the sign of a comment.
func beginsBlock(text []byte) bool {
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte(foreign.UTF8Mark))) {
		if bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("-----BEGIN ")) {
			return true
		}
	}
	return false
}

// unknown says what bytes are that are no object of ours.
func unknown(data []byte) error {
	if kind, n := begins(data); kind != "" {
		return &foreign.Error{
			What: fmt.Sprintf("%s with %d more bytes behind it", A(kind), len(data)-n),
			Try:  fmt.Sprintf("find out where they come from; without them: head -c %d FILE > NEW", n),
		}
	}
	return foreign.Object(data)
}

// begins tells what kind of object bytes begin with that others follow, and where it
// ends.
func begins(data []byte) (kind string, n int) {
	var first cryptobyte.String
	s := cryptobyte.String(data)
	if !s.ReadASN1Element(&first, casn1.SEQUENCE) || s.Empty() {
		return "", 0
	}
	return Guess(first), len(first)
}

// isElement reports whether the whole input is one DER SEQUENCE.
func isElement(data []byte) bool {
	s := cryptobyte.String(data)
	return s.SkipASN1(casn1.SEQUENCE) && s.Empty()
}

func decodePEM(data []byte) (out []Block, skipped []Skipped, err error) {
	line := 1
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			break
		}
		n := len(out) + len(skipped) + 1
		if n > maxBlocks {
			return nil, nil, fmt.Errorf("more than %d PEM blocks", maxBlocks)
		}
		used := data[:len(data)-len(rest)]
		b := Block{Type: block.Type, DER: block.Bytes}
		at := max(0, bytes.LastIndex(used, []byte("-----BEGIN "+block.Type)))
		b.Preamble, b.Line = string(used[:at]), line+bytes.Count(used[:at], []byte("\n"))
		err := checkBlock(b, block.Headers)
		var other *otherBlock
		switch {
		case errors.As(err, &other):
			skipped = append(skipped, Skipped{b.Line, fmt.Errorf("PEM block %d: %w", n, other.err)})
		case err != nil:
			return nil, skipped, fmt.Errorf("PEM block %d: %w", n, err)
		default:
			out = append(out, b)
		}
		line, data = line+bytes.Count(used, []byte("\n")), rest
	}
	if n := len(out) + len(skipped); n == 0 || beginsBlock(data) {
		return nil, nil, fmt.Errorf("PEM block %d is malformed; copy it again whole, from the line -----BEGIN to the line -----END, without spaces before them", n+1)
	}
	return out, skipped, nil
}

// otherBlock says of a PEM block that its label is none of those that are read.
type otherBlock struct{ err error }

// Error implements error.
func (e *otherBlock) Error() string { return e.err.Error() }

// Unwrap gives what it is.
func (e *otherBlock) Unwrap() error { return e.err }

func checkBlock(b Block, headers map[string]string) error {
	if e := foreign.Label(b.Type); e != nil && strings.Contains(b.Type, "PRIVATE KEY") {
		return e
	} else if e != nil {
		return &otherBlock{e}
	}
	if len(headers) > 0 {
		return errors.New("has headers (RFC 7468 2); write it without the lines between -----BEGIN and the base64")
	}
	if beginsBlock([]byte(b.Preamble)) {
		return errors.New("follows a malformed block")
	}
	want, got := labels[b.Type], Guess(b.DER)
	switch {
	case got != "" && (want == "" || got == want):
		return nil
	case got != "":
		return fmt.Errorf("is labelled %q but holds %s; find out which is meant, and write %q on both lines if the label is wrong", b.Type, A(got), labelOf[got])
	}
	if kind, n := begins(b.DER); kind != "" {
		return &foreign.Error{
			What: fmt.Sprintf("%s with %d more bytes behind it", A(kind), len(b.DER)-n),
			Try:  "find out where they come from, and ask for the object without them",
		}
	}
	switch e := foreign.DER(b.DER, true); {
	case e != nil:
		return foreign.Block(b.Type, b.DER)
	case want == "":
		return &otherBlock{foreign.Block(b.Type, b.DER)}
	}
	return fmt.Errorf("is labelled %q but holds something else; openssl asn1parse shows what is in it", b.Type)
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
