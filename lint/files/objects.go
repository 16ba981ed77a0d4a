// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"rootceremony/internal/inspect"
)

// object is one certificate, CRL, request or response of a file.
type object struct {
	file  *File
	name  string // of the file, with the number when there are several
	n, of int
	line  int // of the PEM marker; 0 for DER
	der   []byte
	what  string // of package inspect; "" for what is none of these
	err   error  // it cannot be parsed

	cert *inspect.Certificate
	crl  *inspect.RevocationList
	req  *inspect.Request
	resp *inspect.Response
}

// objects reads all objects of a file.
func objects(f *File) ([]*object, error) {
	blocks, err := inspect.Decode(f.Data)
	if err != nil {
		return nil, err
	}
	lines := markers(f.Data)
	var out []*object
	for i, b := range blocks {
		o := &object{file: f, name: f.Name, n: i + 1, of: len(blocks), der: b.DER, what: inspect.Guess(b.DER)}
		if i < len(lines) {
			o.line = lines[i]
		}
		if o.of > 1 {
			o.name = fmt.Sprintf("%s#%d", f.Name, o.n)
		}
		o.parse()
		out = append(out, o)
	}
	return out, nil
}

// markers gives the lines on which PEM blocks begin.
func markers(data []byte) (lines []int) {
	if inspect.Guess(data) != "" {
		return nil
	}
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if bytes.HasPrefix(line, []byte("-----BEGIN ")) {
			lines = append(lines, n)
		}
	}
	return lines
}

func (o *object) parse() {
	switch o.what {
	case inspect.KindCertificate:
		o.cert, o.err = inspect.ParseCertificate(o.der)
	case inspect.KindCRL:
		o.crl, o.err = inspect.ParseRevocationList(o.der)
	case inspect.KindRequest:
		o.req, o.err = inspect.ParseRequest(o.der)
	case inspect.KindResponse:
		o.resp, o.err = inspect.ParseResponse(o.der)
		if o.err == nil && (o.resp.Status != 0 || len(o.resp.Singles) != 1) {
			o.err = fmt.Errorf("OCSP response with status %d and %d single responses", o.resp.Status, len(o.resp.Singles))
		}
	case inspect.KindPublicKey:
	default:
		o.err = fmt.Errorf("neither a certificate nor a CRL, a request or an OCSP response")
	}
}

// describe says what it is, and which of how many.
func (o *object) describe() string {
	s := strings.ReplaceAll(o.what, "-", " ")
	if s == "" {
		s = "object"
	}
	if o.of > 1 {
		s += fmt.Sprintf(" %d of %d", o.n, o.of)
	}
	return s
}

// date is the date an object carries, and its name there.
func (o *object) date() (time.Time, string) {
	switch {
	case o.cert != nil:
		return o.cert.NotBefore.Time, "its notBefore"
	case o.crl != nil:
		return o.crl.ThisUpdate.Time, "its thisUpdate"
	case o.resp != nil:
		return o.resp.ProducedAt.Time, "its producedAt"
	}
	return time.Time{}, ""
}
