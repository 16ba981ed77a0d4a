// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto"
	"errors"
	"fmt"
)

// Object is one object as it was encoded: a [*Certificate], a
// [*RevocationList], a [*Request] or a [*Response]. It has what all of them
// have. Only its extensions and a profile say what an object is for.
type Object interface {
	Kind() string // one of those that [Guess] distinguishes
	Parts() Parts
	AllExtensions() Extensions // not of entries or single responses
	// Period is when it is valid, or from thisUpdate to nextUpdate: zero for a
	// request, and nil where it does not end.
	Period() (from Time, to *Time)
	// SubjectKey is the SubjectPublicKeyInfo that it is about, if any, and the key
	// in it, nil when its type is unknown or it is unreadable.
	SubjectKey() ([]byte, crypto.PublicKey)
	// Remarked is what the second parser tolerated but called wrong.
	Remarked() []string
}

// Parts are the pieces that every signed object is made of.
type Parts struct {
	TBS, Signature []byte
	// Algorithm is the AlgorithmIdentifier next to the signature, Inner the one
	// that is signed, or the same where there is none.
	Algorithm, Inner []byte
}

// As gives an object as one of the types, or nil where it is of another.
func As[T Object](o Object) T {
	t, _ := o.(T)
	return t
}

// form is what differs between the kinds of objects in this package.
type form struct {
	read func(der []byte, faults *[]Fault) (Object, error)
	dump func(p *printer, der []byte) error
}

// forms is the whole list. A public key can be dumped, and is no signed object.
var forms = map[string]form{
	KindCertificate: {asObject(readCertificate), (*printer).parsedCertificate},
	KindCRL:         {asObject(readList), (*printer).parsedList},
	KindRequest:     {asObject(readRequest), (*printer).parsedRequest},
	KindResponse:    {asObject(readResponse), (*printer).parsedResponse},
	KindPublicKey:   {nil, (*printer).parsedKey},
}

func asObject[T Object](read func([]byte, *[]Fault) (T, error)) func([]byte, *[]Fault) (Object, error) {
	return func(der []byte, faults *[]Fault) (Object, error) {
		o, err := read(der, faults)
		if err != nil {
			return nil, err // and no object: a typed nil would not equal nil
		}
		return o, nil
	}
}

// ErrKind is returned for a kind that no signed object has.
var ErrKind = errors.New("no signed object is of this kind")

// Parse reads an object of a kind with both parsers.
func Parse(kind string, der []byte) (Object, error) { return parse(kind, der, nil) }

func parse(kind string, der []byte, faults *[]Fault) (Object, error) {
	f := forms[kind]
	if f.read == nil {
		return nil, fmt.Errorf("%w: %q", ErrKind, kind)
	}
	return f.read(der, faults)
}

// ErrSingle says that a response is not about one certificate.
var ErrSingle = errors.New("only successful responses about one certificate are linted")

// CheckSingle says why an object is not linted as one: a response has to be a successful
// one about exactly one certificate.
func CheckSingle(o Object) error {
	r := As[*Response](o)
	switch {
	case r == nil:
		return nil
	case r.Status != 0:
		return fmt.Errorf("an OCSP response that says %s and answers for no certificate: %w", responseStatusName(r.Status), ErrSingle)
	case len(r.Singles) != 1:
		return fmt.Errorf("an OCSP response about %d certificates, which RFC 6960 4.2.1 permits: %w", len(r.Singles), ErrSingle)
	}
	return nil
}

// Kind is [KindCertificate].
func (*Certificate) Kind() string { return KindCertificate }

// Kind is [KindCRL].
func (*RevocationList) Kind() string { return KindCRL }

// Kind is [KindRequest].
func (*Request) Kind() string { return KindRequest }

// Kind is [KindResponse].
func (*Response) Kind() string { return KindResponse }

// Parts are those of RFC 5280 4.1.1.
func (c *Certificate) Parts() Parts {
	return Parts{TBS: c.RawTBS, Signature: c.Signature, Algorithm: c.OuterAlgorithm, Inner: c.InnerAlgorithm}
}

// Parts are those of RFC 5280 5.1.1.
func (l *RevocationList) Parts() Parts {
	return Parts{TBS: l.RawTBS, Signature: l.Signature, Algorithm: l.OuterAlgorithm, Inner: l.InnerAlgorithm}
}

// Parts are those of RFC 2986 4.2.
func (r *Request) Parts() Parts {
	return Parts{TBS: r.RawTBS, Signature: r.Signature, Algorithm: r.Algorithm, Inner: r.Algorithm}
}

// Parts are those of the BasicOCSPResponse, RFC 6960 4.2.1.
func (r *Response) Parts() Parts {
	return Parts{TBS: r.RawTBS, Signature: r.Signature, Algorithm: r.Algorithm, Inner: r.Algorithm}
}

// AllExtensions are those of the certificate.
func (c *Certificate) AllExtensions() Extensions { return c.Extensions }

// AllExtensions are those of the list.
func (l *RevocationList) AllExtensions() Extensions { return l.Extensions }

// AllExtensions are those that are requested.
func (r *Request) AllExtensions() Extensions { return r.Extensions }

// AllExtensions are those of the response.
func (r *Response) AllExtensions() Extensions { return r.Extensions }

// Period is the validity.
func (c *Certificate) Period() (from Time, to *Time) { return c.NotBefore, &c.NotAfter }

// Period is from thisUpdate to nextUpdate.
func (l *RevocationList) Period() (from Time, to *Time) { return l.ThisUpdate, l.NextUpdate }

// Period is none.
func (*Request) Period() (from Time, to *Time) { return Time{}, nil }

// Period is that of the first single response.
func (r *Response) Period() (from Time, to *Time) {
	if len(r.Singles) == 0 {
		return Time{}, nil
	}
	return r.Singles[0].ThisUpdate, r.Singles[0].NextUpdate
}

// SubjectKey is the key that is certified.
func (c *Certificate) SubjectKey() ([]byte, crypto.PublicKey) { return c.RawSPKI, c.PublicKey }

// SubjectKey is none.
func (*RevocationList) SubjectKey() ([]byte, crypto.PublicKey) { return nil, nil }

// SubjectKey is the key that a certificate is asked for.
func (r *Request) SubjectKey() ([]byte, crypto.PublicKey) { return r.RawSPKI, r.PublicKey }

// SubjectKey is none.
func (*Response) SubjectKey() ([]byte, crypto.PublicKey) { return nil, nil }

// Remarked is what the second parser said.
func (c *Certificate) Remarked() []string { return c.Remarks }

// Remarked is what the second parser said.
func (l *RevocationList) Remarked() []string { return l.Remarks }

// Remarked is what was forgiven.
func (r *Request) Remarked() []string { return r.Remarks }

// Remarked is nothing: the second parser of responses makes no remarks.
func (*Response) Remarked() []string { return nil }
