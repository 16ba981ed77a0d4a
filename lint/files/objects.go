// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"fmt"
	"strings"
	"time"

	"rootceremony/internal/foreign"
	"rootceremony/internal/inspect"
)

// object is one certificate, CRL, request or response of a file.
type object struct {
	file  *File
	name  string // of the file, with the number when there are several
	n, of int
	line  int // of the PEM marker; 0 for DER
	der   []byte
	what  string   // of package inspect; "" for any other
	err   error    // it cannot be parsed
	also  []string // where else the same bytes are
	// Of one that another object encloses: that object, and which part of it this is.
	in   *object
	part string

	read inspect.Object
}

// The object as one of its types, or nil where it is of another.
func (o *object) cert() *inspect.Certificate   { return inspect.As[*inspect.Certificate](o.read) }
func (o *object) crl() *inspect.RevocationList { return inspect.As[*inspect.RevocationList](o.read) }
func (o *object) req() *inspect.Request        { return inspect.As[*inspect.Request](o.read) }
func (o *object) resp() *inspect.Response      { return inspect.As[*inspect.Response](o.read) }

// objects reads all objects of a file, and says which blocks of it are none.
func objects(f *File) ([]*object, []inspect.Skipped, error) {
	blocks, skipped, err := inspect.DecodeKnown(f.Data)
	if err != nil {
		return nil, nil, foreign.Named(err, f.Name)
	}
	var out []*object
	for i, b := range blocks {
		o := &object{file: f, name: f.Name, n: i + 1, of: len(blocks), line: b.Line, der: b.DER, what: inspect.Guess(b.DER)}
		if o.of > 1 {
			o.name = fmt.Sprintf("%s#%d", f.Name, o.n)
		}
		o.parse()
		out = append(out, o)
	}
	return out, skipped, nil
}

func (o *object) parse() {
	switch o.what {
	case inspect.KindPublicKey:
	case "":
		o.err = fmt.Errorf("neither a certificate nor a CRL, a request or an OCSP response")
	default:
		o.read, _, o.err = inspect.ParseForeign(o.what, o.der) // faults are for lint to tell
	}
}

// hint says what to do about an object that cannot be read, or not without forgiving.
func (o *object) hint() string {
	if e := foreign.BER(o.der, o.line > 0); e != nil {
		return foreign.Named(e, o.file.Name).Error()
	}
	if o.what == inspect.KindRequest {
		return "have the request repeated by a current program: openssl req -new -key KEY -out NEW.csr"
	}
	return ""
}

// describe says what it is, and which of how many.
func (o *object) describe() string {
	if o.in != nil {
		return o.part + " of " + o.in.describe()
	}
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
	if date := rowOf(o.what).date; date != nil {
		return date(o)
	}
	return time.Time{}, ""
}
