// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// Object is the declared side of what is linted: a bound object. References to
// other artifacts have been resolved.
type Object struct {
	Artifact string
	Declared profiles.Object
}

// Kind says what is declared, or "" where nothing is.
func (o *Object) Kind() profiles.Kind {
	if o.Declared == nil {
		return ""
	}
	return o.Declared.ObjectKind()
}

// The declared object as one of its types, or nil where it is of another.
func (o *Object) certificate() *profiles.Certificate {
	return profiles.As[*profiles.Certificate](o.Declared)
}
func (o *Object) revocationList() *profiles.RevocationList {
	return profiles.As[*profiles.RevocationList](o.Declared)
}
func (o *Object) response() *profiles.Response { return profiles.As[*profiles.Response](o.Declared) }
func (o *Object) request() *profiles.Request   { return profiles.As[*profiles.Request](o.Declared) }

// URLs are the addresses an authority publishes under.
type URLs struct{ CRL, CAIssuers, OCSP []string }

// Sibling is another certificate that a set rule looks at: every other
// certificate of the ceremony, and every input.
type Sibling struct {
	Artifact string
	Cert     *inspect.Certificate
	Declared *profiles.Certificate // nil for an input
}

// Part is a CRL of an authority that has several, each for some of its certificates.
type Part struct {
	Artifact string
	Scope    CRLScope
	// Before says that it was signed before the ceremony, which signs none of that scope.
	Before bool
	// Continues says that it carries over the entries of [Context.Previous], too.
	Continues bool
}

// Organization is who an authority says that it belongs to.
type Organization struct {
	Of                    string // the authority or certificate, for people
	Organization, Country string
}

// Answer is an OCSP response of the same ceremony.
type Answer struct {
	Artifact string
	Response *inspect.Response
}

// Context is what a rule may need besides the object. A nil field is unknown,
// and rules that need it report that they were not checked; an empty slice or
// map is known to be empty.
type Context struct {
	// Signing is the time of signing, on the ceremony clock.
	Signing time.Time
	// DatedBy names the field of the object that Signing was taken from, where
	// the time of signing itself is not known.
	DatedBy string
	// Submission is the day on which a root will be submitted to root programs.
	Submission time.Time
	// Affiliate says whether the certified CA is an Affiliate of its issuer.
	Affiliate *bool
	// Maybe lists rule packs of which only the scope of the root, which is not
	// known, tells whether they bind the object; nil: the profile says.
	Maybe []string
	// Published says that the object and its siblings were published, and are not of
	// one plan: what contradicts a plan is not checked among them.
	Published bool
	// Specimen tells that this is planning: the signature of the object, and those
	// of certificates of the same ceremony, are static or by throw-away keys.
	Specimen bool

	// Issuer is the certificate of the authority that signs: nil for what signs
	// itself (roots and requests). For an OCSP response it is the issuer of the
	// certificate that the response is about.
	Issuer *inspect.Certificate
	// IssuerOfRecord is the real issuer when a rehearsal stand-in signs.
	// Previous CRLs and revoked certificates are checked against it. nil means
	// Issuer.
	IssuerOfRecord *inspect.Certificate
	// IssuerKeyID is what the issuer's key is called; nil where nobody says. It counts
	// where the certificate of the issuer has no subjectKeyIdentifier.
	IssuerKeyID []byte
	// IssuerKey is the SubjectPublicKeyInfo under which the signature verifies.
	IssuerKey []byte
	// IssuerURLs are those of the issuing authority.
	IssuerURLs *URLs
	// OtherURLs are those of the other authorities of the file, by name.
	OtherURLs map[string]URLs

	// Existing is the certificate that is being cross-certified.
	Existing *inspect.Certificate
	// ExistingSpecimen is what is declared of Existing where it is a specimen, which
	// the same ceremony signs before this one: it has no signature to check yet.
	ExistingSpecimen *profiles.Certificate
	// Request is the request of an external subject.
	Request *inspect.Request

	// Previous is the CRL before this one; First says there is none.
	Previous *inspect.RevocationList
	First    bool
	// PreviousUnsigned says that Previous is a specimen, which the same
	// ceremony signs before this one: its signature is not checked yet.
	PreviousUnsigned bool
	// Revoked holds the certificates that this CRL revokes, by serial number in
	// lower-case hexadecimal without leading zeros.
	Revoked map[string]*inspect.Certificate

	// Parts are the other CRLs that the authority publishes.
	Parts []Part

	// KeyGenerated is when the subject's key was made.
	KeyGenerated time.Time
	// Sample is an OCSP response that the key of this responder signed to show
	// that it can.
	Sample *inspect.Response

	// Responder is the certificate of a delegated responder; nil when the
	// issuer makes it irrelevantself. Subject is the certificate that the
	// response is about.
	Responder, Subject *inspect.Certificate
	// LatestCRL is the issuer's CRL that the response has to agree with.
	LatestCRL *inspect.RevocationList
	// LatestOurs says that the same ceremony signs LatestCRL: it is checked as
	// an object of its own, and a specimen has no signature yet.
	LatestOurs bool

	// Responses are the OCSP responses of the issuer that the same ceremony signs
	// before this CRL, which must agree with it.
	Responses []Answer

	// Earlier is what the CA said of its certificates before this ceremony.
	Earlier Earlier

	// Authorities are the names that the ceremony file gives to its authorities.
	Authorities []Organization

	// Siblings are the other certificates of the ceremony and all inputs.
	Siblings []Sibling
}
