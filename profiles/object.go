// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles/value"
)

// Object is one bound object: a [*Certificate], a [*RevocationList], a
// [*Response] or a [*Request]. It has what every kind has, for callers that do
// not need to know which one it is.
type Object interface {
	ObjectKind() Kind
	FromProfile() string // by its name
	SignatureAlgorithm() algorithm.Signature
	AllExtensions() []Extension
	// Period is when it is valid, or from thisUpdate to nextUpdate; a request has
	// none.
	Period() Validity
	// DeclaredPurpose is that of the object itself, not a copy.
	DeclaredPurpose() *Purpose

	// Marked gives the object of a rehearsal: its subject, if it has one, is marked.
	Marked() (Object, error)
	// Resolved gives the object with values in the place of references to other
	// objects of the ceremony.
	Resolved(v References) (Object, error)

	bound()
}

// References say what references of an object resolve to.
type References struct {
	Serial func(Serial) (Serial, error)
	Signed func(crl string) (time.Time, error) // when a CRL was signed
}

// As gives an object as one of the types, or nil where it is of another.
func As[T Object](o Object) T {
	t, _ := o.(T)
	return t
}

// ObjectKind says what kind of certificate it is.
func (c *Certificate) ObjectKind() Kind { return c.Kind }

// ObjectKind is [CRL].
func (*RevocationList) ObjectKind() Kind { return CRL }

// ObjectKind is [OCSPResponse].
func (*Response) ObjectKind() Kind { return OCSPResponse }

// ObjectKind is [CertRequest].
func (*Request) ObjectKind() Kind { return CertRequest }

// FromProfile names the profile.
func (c *Certificate) FromProfile() string { return c.Profile }

// FromProfile names the profile.
func (l *RevocationList) FromProfile() string { return l.Profile }

// FromProfile names the profile.
func (r *Response) FromProfile() string { return r.Profile }

// FromProfile names the profile.
func (r *Request) FromProfile() string { return r.Profile }

// SignatureAlgorithm is that of the issuer's signature.
func (c *Certificate) SignatureAlgorithm() algorithm.Signature { return c.Signature }

// SignatureAlgorithm is that of the issuer's signature.
func (l *RevocationList) SignatureAlgorithm() algorithm.Signature { return l.Signature }

// SignatureAlgorithm is that of the responder's signature.
func (r *Response) SignatureAlgorithm() algorithm.Signature { return r.Signature }

// SignatureAlgorithm is that of the subject's own signature.
func (r *Request) SignatureAlgorithm() algorithm.Signature { return r.Signature }

// AllExtensions are in encoded order.
func (c *Certificate) AllExtensions() []Extension { return c.Extensions }

// AllExtensions are those of the list, not of its entries.
func (l *RevocationList) AllExtensions() []Extension { return l.Extensions }

// AllExtensions are those of the response, not of the single one in it.
func (r *Response) AllExtensions() []Extension { return r.Extensions }

// AllExtensions are those that are requested.
func (r *Request) AllExtensions() []Extension { return r.Extensions }

// Period is the validity.
func (c *Certificate) Period() Validity { return c.Validity }

// Period is from thisUpdate to nextUpdate.
func (l *RevocationList) Period() Validity {
	return Validity{NotBefore: l.ThisUpdate, NotAfter: l.NextUpdate}
}

// Period is from thisUpdate to nextUpdate.
func (r *Response) Period() Validity {
	return Validity{NotBefore: r.ThisUpdate, NotAfter: r.NextUpdate}
}

// Period is none.
func (*Request) Period() Validity { return Validity{} }

// DeclaredPurpose is what rules check the certificate against.
func (c *Certificate) DeclaredPurpose() *Purpose { return &c.Purpose }

// DeclaredPurpose is what rules check the CRL against.
func (l *RevocationList) DeclaredPurpose() *Purpose { return &l.Purpose }

// DeclaredPurpose is what rules check the response against.
func (r *Response) DeclaredPurpose() *Purpose { return &r.Purpose }

// DeclaredPurpose is what rules check the request against.
func (r *Request) DeclaredPurpose() *Purpose { return &r.Purpose }

// Marked marks the subject.
func (c *Certificate) Marked() (Object, error) {
	out := *c
	var err error
	out.Subject, err = value.Mark(c.Subject)
	return &out, err
}

// Marked gives the CRL itself: it has no subject.
func (l *RevocationList) Marked() (Object, error) { return l, nil }

// Marked gives the response itself: it has no subject.
func (r *Response) Marked() (Object, error) { return r, nil }

// Marked marks the subject.
func (r *Request) Marked() (Object, error) {
	out := *r
	var err error
	out.Subject, err = value.Mark(r.Subject)
	return &out, err
}

// Resolved gives the certificate itself: it speaks about no other object.
func (c *Certificate) Resolved(References) (Object, error) { return c, nil }

// Resolved follows the references of the entries.
func (l *RevocationList) Resolved(v References) (Object, error) {
	out := *l
	out.Entries = nil
	for _, e := range l.Entries {
		if err := e.resolve(v); err != nil {
			return nil, err
		}
		out.Entries = append(out.Entries, e)
	}
	return &out, nil
}

// Resolved follows the reference to the certificate that the response is about,
// and to the CRL that says when it was revoked.
func (r *Response) Resolved(v References) (Object, error) {
	out := *r
	var err error
	if out.Serial, err = v.Serial(r.Serial); err != nil {
		return nil, err
	}
	if r.Revoked != nil {
		e := *r.Revoked
		if err := e.resolve(v); err != nil {
			return nil, err
		}
		out.Revoked = &e
	}
	return &out, nil
}

// Resolved gives the request itself: it speaks about no other object.
func (r *Request) Resolved(References) (Object, error) { return r, nil }

// resolve follows the references of a revocation.
func (e *RevokedEntry) resolve(v References) (err error) {
	if e.Serial, err = v.Serial(e.Serial); err != nil {
		return err
	}
	crl, as, ok := e.Date.Of()
	if !ok {
		return nil
	}
	signed, err := v.Signed(crl)
	if err != nil {
		return err
	}
	date, err := as.At(signed)
	e.Date = FixedMoment(date)
	return err
}

func (*Certificate) bound()    {}
func (*RevocationList) bound() {}
func (*Response) bound()       {}
func (*Request) bound()        {}
