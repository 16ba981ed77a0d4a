// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
)

// Need is a piece of context that a rule asks for.
type Need string

// Pieces of context.
const (
	NeedSigning          Need = "signing time"
	NeedIssuer           Need = "issuer certificate"
	NeedIssuerKey        Need = "issuer key"
	NeedIssuerURLs       Need = "issuer URLs"
	NeedExisting         Need = "existing certificate"
	NeedRequest          Need = "request"
	NeedPrevious         Need = "previous CRL"
	NeedRevoked          Need = "revoked certificates"
	NeedSubject          Need = "certificate that the response is about"
	NeedLatestCRL        Need = "latest CRL"
	NeedSiblings         Need = "other certificates"
	NeedKeyDate          Need = "date of key generation"
	NeedSample           Need = "sample response"
	NeedParts            Need = "other CRLs of the CA"
	NeedSignature        Need = "signature by the real key"
	NeedLibrary          Need = "a library that knows such keys"
	NeedReadable         Need = "an object that other parsers read, too"
	NeedSecondParser     Need = "a second parser that supports all that is in it"
	NeedConstraints      Need = "support of crypto/x509 for all name constraints of the issuer, such as directoryName"
	NeedScope            Need = "scope of the root"
	NeedInclusion        Need = "date of inclusion of the root"
	NeedEarlierCRLs      Need = "earlier CRLs"
	NeedEarlierResponses Need = "earlier OCSP responses"
)

// Absence says why a piece of context is not there.
type Absence string

// Why context is not there. Only what is lacking hides an error.
const (
	// AbsentByDeclaration: there is none, and the ceremony file says so. That is
	// known, and the rule is checked.
	AbsentByDeclaration Absence = "by-declaration"
	// AbsentUntilSigned: only the room has it. The rule is checked there, after the
	// signature, and before it there is nothing to check.
	AbsentUntilSigned Absence = "until-signed"
	// AbsentLacking: it exists or may exist, and nobody gave it.
	AbsentLacking Absence = "lacking"
)

// absence says why a piece is not there, or nothing where it is.
func (t *target) absence(n Need) Absence {
	switch {
	case t.has(n):
		return ""
	case n == NeedPrevious && t.ctx.First:
		return AbsentByDeclaration
	case n == NeedScope:
		return AbsentByDeclaration // the profile names its documents
	case n == NeedSignature:
		return AbsentUntilSigned
	}
	return AbsentLacking
}

// absenceOf is why a rule that lacks all of these was not checked: it is lacking
// where one of them is.
func absenceOf(needs []Need) Absence {
	if slices.Equal(needs, []Need{NeedScope}) {
		return AbsentByDeclaration
	}
	if slices.ContainsFunc(needs, func(n Need) bool { return n != NeedSignature }) {
		return AbsentLacking
	}
	return AbsentUntilSigned
}

// has reports whether the context gives a piece.
func (t *target) has(n Need) bool {
	c := t.ctx
	switch n {
	case NeedSigning:
		return !c.Signing.IsZero()
	case NeedIssuer:
		return t.issuer != nil
	case NeedIssuerKey:
		return t.signer != nil
	case NeedIssuerURLs:
		return c.IssuerURLs != nil
	case NeedExisting:
		return c.Existing != nil
	case NeedRequest:
		return c.Request != nil
	case NeedPrevious:
		return c.Previous != nil
	case NeedRevoked:
		return c.Revoked != nil
	case NeedSubject:
		return c.Subject != nil
	case NeedLatestCRL:
		return c.LatestCRL != nil
	case NeedSiblings:
		return c.Siblings != nil
	case NeedKeyDate:
		return !c.KeyGenerated.IsZero()
	case NeedSample:
		return c.Sample != nil
	case NeedParts:
		return c.Parts != nil
	case NeedEarlierCRLs:
		return c.Earlier.CRLs != nil
	case NeedEarlierResponses:
		return c.Earlier.Responses != nil
	case NeedSignature:
		return !t.static
	}
	return false
}

// missing lists the needs of a rule that the context does not meet.
func (t *target) missing(r *Rule) []Need {
	missing := slices.DeleteFunc(slices.Clone(r.Needs), func(n Need) bool { return !t.lacks(n) })
	if i := slices.Index(missing, NeedIssuerKey); i >= 0 && len(t.ctx.IssuerKey) > 0 {
		missing[i] = NeedLibrary // the key is there, and nothing here reads it
	}
	return missing
}

// lacks reports whether a piece is not there, and is not declared to be absent.
func (t *target) lacks(n Need) bool {
	why := t.absence(n)
	return why != "" && why != AbsentByDeclaration
}

// joinNeeds lists needs for people.
func joinNeeds(needs []Need) string {
	s := ""
	for i, n := range needs {
		if i > 0 {
			s += ", "
		}
		s += string(n)
	}
	return s
}
