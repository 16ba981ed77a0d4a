// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// A private CA brings what other tools made: certificates that other rules of their day
// found wrong, and names that some parsers cannot read. What exists cannot be changed,
// and names have to stay byte for byte (RFC 5280 6.1.3 a, 7.1). Where only RFC 5280
// binds, and the CA decides for all who rely on it, this is told and blocks nothing.

// private reports whether an object is for a private CA.
func (t *target) private() bool { return t.purpose.Intent == profiles.Private }

// unreadName reports whether an object of a private CA has a name that the parsers of
// zlint and of the standard library refuse, so that they read none of it. Names that a
// profile declares are of types that all of them read, so that it is one of an existing
// CA; the second parser has read it.
func (t *target) unreadName() bool {
	return t.private() && slices.ContainsFunc(t.names(), func(a inspect.Attribute) bool { return a.Tag == inspect.TagUniversalString || a.Malformed })
}

// names gives the attributes of the names of an object.
func (t *target) names() []inspect.Attribute {
	switch {
	case t.cert() != nil:
		return append(t.cert().Subject.Attributes(), t.cert().Issuer.Attributes()...)
	case t.crl() != nil:
		return t.crl().Issuer.Attributes()
	}
	return nil
}

// strictNames is strictDER of an object whose names are as if each string with characters
// that its type does not have, as the at sign in a PrintableString (X.680 41.4), were of a
// type that has them.
func (t *target) strictNames() error {
	der := t.der
	for _, a := range t.names() {
		if a.Malformed {
			der = bytes.ReplaceAll(der, a.Raw, append([]byte{asn1.TagT61String}, a.Raw[1:]...))
		}
	}
	return strictDER(der)
}

// existing is how bad it is that an existing certificate is not as a rule wants it: the
// rules bind what a private CA signs now, not what it has.
func (t *target) existing() Status {
	if t.private() {
		return Notice
	}
	return "" // that of the rule
}

// copiedName is why a finding of zlint about a name is set aside.
const copiedName = "the name is that of an existing CA and has to stay byte for byte (RFC 5280 6.1.3 a, 7.1); private CAs decide for all who rely on it"

// ofCopiedName reports whether zlint found something in a name that a private CA has had
// before.
func ofCopiedName(o *Object, f *Finding) bool {
	c := o.certificate()
	if c == nil || c.Purpose.Intent != profiles.Private || f.Engine != EngineZLint {
		return false
	}
	copied := len(c.Subject.DER) > 0
	return f.Field == FieldSubject && copied || f.Field == FieldIssuer && (copied || c.Kind != profiles.RootCA)
}
