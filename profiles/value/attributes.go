// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AttributeKind is a type of attribute that a name may hold.
type AttributeKind struct {
	Name  string
	OID   OID
	Types []StringType // the first is the default
	Max   int          // characters; 0 for no limit
	Many  bool         // may occur more than once
	Cite  string       // of the limit
}

var (
	directory = []StringType{UTF8String, PrintableString}
	printable = []StringType{PrintableString}
	ia5       = []StringType{IA5String}
)

// attributeKinds hold the upper bounds of RFC 5280 Appendix A.1, and of BR
// 7.1.4.2 where RFC 5280 has none. The types are those RFC 5280 gives to new
// names: TeletexString, BMPString and UniversalString are for old ones only.
var attributeKinds = []AttributeKind{
	{"country", "2.5.4.6", printable, 2, false, "RFC 5280 A.1"},
	{"organization", "2.5.4.10", directory, 64, false, "RFC 5280 A.1"},
	{"organizational-unit", "2.5.4.11", directory, 64, true, "RFC 5280 A.1"},
	{"common-name", "2.5.4.3", directory, 64, false, "RFC 5280 A.1"},
	{"state", "2.5.4.8", directory, 128, false, "RFC 5280 A.1"},
	{"locality", "2.5.4.7", directory, 128, false, "RFC 5280 A.1"},
	{"postal-code", "2.5.4.17", directory, 40, false, "BR 7.1.4.2"},
	{"street", "2.5.4.9", directory, 128, true, "BR 7.1.4.2"},
	{"serial-number", "2.5.4.5", printable, 64, false, "RFC 5280 A.1"},
	{"domain-component", "0.9.2342.19200300.100.1.25", ia5, 63, true, "BR 7.1.4.2"},
	{"organization-identifier", "2.5.4.97", directory, 0, false, "X.520"},
	{"email", "1.2.840.113549.1.9.1", ia5, 255, false, "RFC 5280 A.1"},
	{"given-name", "2.5.4.42", directory, 64, false, "BR 7.1.4.2"},
	{"surname", "2.5.4.4", directory, 64, false, "BR 7.1.4.2"},
	{"dn-qualifier", "2.5.4.46", printable, 0, false, "RFC 5280 A.1"},
	{"user-id", "0.9.2342.19200300.100.1.1", directory, 256, false, "RFC 4519 2.39"},
}

// AttributeKindOf returns the kind of that name, or nil.
func AttributeKindOf(name string) *AttributeKind {
	i := slices.IndexFunc(attributeKinds, func(k AttributeKind) bool { return k.Name == name })
	if i < 0 {
		return nil
	}
	return &attributeKinds[i]
}

// AttributeTypes lists the attributes that a name may hold.
func AttributeTypes() []string {
	out := make([]string, len(attributeKinds))
	for i, k := range attributeKinds {
		out[i] = k.Name
	}
	return out
}

// TypeOf names an attribute type, or gives its identifier.
func TypeOf(id OID) string {
	for _, k := range attributeKinds {
		if k.OID == id {
			return k.Name
		}
	}
	return string(id)
}

// NewAttribute gives the attribute of that type, with the default string type
// when none is named, or says why it cannot be.
func NewAttribute(kind string, as StringType, value string) (Attribute, error) {
	k := AttributeKindOf(kind)
	if k == nil {
		return Attribute{}, fmt.Errorf("unknown attribute %q", kind)
	}
	if as == "" {
		as = k.Types[0]
	}
	a := Attribute{Type: kind, OID: k.OID, String: as, Value: value}
	return a, a.Check()
}

// Check reports whether the attribute can be encoded: a known type with its
// own identifier, a string type it may have, and characters and a length that
// the type allows.
func (a Attribute) Check() error {
	k := AttributeKindOf(a.Type)
	switch {
	case k == nil:
		return fmt.Errorf("unknown attribute %q", a.Type)
	case a.OID != k.OID:
		return fmt.Errorf("the identifier of %s is %s, not %q", a.Type, k.OID, string(a.OID))
	case !slices.Contains(k.Types, a.String):
		return fmt.Errorf("%s cannot be a string of type %q", a.Type, string(a.String))
	}
	if err := checkString(a.String, a.Value); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(a.Value); k.Max > 0 && n > k.Max {
		return &LimitError{fmt.Sprintf("%d characters, more than the %d of %s", n, k.Max, a.Type), k.Cite}
	}
	if a.Type == "country" && !isCountry(a.Value) {
		return &LimitError{fmt.Sprintf("%q is not a country code of two upper-case letters", a.Value), "RFC 5280 A.1, ISO 3166-1"}
	}
	return nil
}

// LimitError is a problem with the citation of the limit that it breaks.
type LimitError struct{ Msg, Cite string }

func (e *LimitError) Error() string { return e.Msg + " (" + e.Cite + ")" }

// isCountry reports whether s has the form of an ISO 3166-1 alpha-2 code.
func isCountry(s string) bool {
	return len(s) == 2 && 'A' <= s[0] && s[0] <= 'Z' && 'A' <= s[1] && s[1] <= 'Z'
}

// checkString reports text that cannot be a string of that type.
func checkString(as StringType, s string) error {
	switch {
	case s == "":
		return errors.New("the text is empty")
	case !utf8.ValidString(s):
		return errors.New("the text is not UTF-8")
	case strings.TrimSpace(s) != s:
		return fmt.Errorf("%q begins or ends with a space", s)
	}
	for _, r := range s {
		switch {
		case unicode.IsControl(r) || r == utf8.RuneError:
			return fmt.Errorf("%q contains the character %U", s, r)
		case as == PrintableString && !isPrintable(r):
			return &LimitError{fmt.Sprintf("%q is not allowed in a PrintableString", r), "X.680 41.4"}
		case as == IA5String && r > '~':
			return &LimitError{fmt.Sprintf("%q is not allowed in an IA5String", r), "X.680 41.2"}
		}
	}
	return nil
}

// isPrintable reports whether a PrintableString may hold the character: not @,
// *, & or _, although some encoders allow them.
func isPrintable(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return true
	}
	return r != 0 && strings.ContainsRune(" '()+,-./:=?", r)
}
