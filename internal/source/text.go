// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"regexp"
	"slices"
	"strings"
)

// str returns the text of a scalar that is not empty.
func (n Node) str() (string, bool) {
	if n.IsScalar() && !n.v.refuse && n.doc.json && n.v.plain {
		n.FailHint("write it in quotes", "expected text, got %s", quote(n.v.text))
		return "", false
	}
	return n.word()
}

// word returns a scalar that is not empty, with or without quotes.
func (n Node) word() (string, bool) {
	if !n.is(scalar) {
		return "", false
	}
	if n.v.text == "" {
		n.Fail("the text is empty")
		return "", false
	}
	return n.v.text, true
}

// Text returns one line of text. It refuses empty text, line breaks, tabs, and
// spaces at the ends; it warns about text that other tools would not read as
// text.
func (n Node) Text() string {
	s, ok := n.str()
	switch {
	case !ok:
		return ""
	case strings.ContainsAny(s, "\n\t") && n.doc.json:
		n.FailHint("write it on one line", "the text contains a line break or tab")
		return ""
	case strings.ContainsAny(s, "\n\t"):
		n.FailHint("write it on one line, or fold it with \">-\"", "the text contains a line break or tab")
		return ""
	case strings.TrimSpace(s) != s:
		n.Fail("the text begins or ends with a space")
		return ""
	}
	n.warnReading()
	return s
}

// Prose returns text of one or more lines without the line breaks at its end.
func (n Node) Prose() string {
	s, ok := n.str()
	if !ok {
		return ""
	}
	s = strings.TrimRight(s, "\n ")
	if strings.TrimSpace(s) == "" {
		n.Fail("the text is empty")
		return ""
	}
	n.warnReading()
	return s
}

var identifier = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// Name returns an identifier: lower-case letters, digits and hyphens, at most
// 64 characters.
func (n Node) Name() string {
	s, ok := n.str()
	switch {
	case !ok:
		return ""
	case len(s) > 64:
		n.Fail("the name %s is longer than 64 characters", quote(s))
		return ""
	case !identifier.MatchString(s):
		n.FailHint("lower-case letters, digits and hyphens", "%s is not a name", quote(s))
		return ""
	}
	n.warnReading()
	return s
}

// Enum returns one of the allowed words, spelled exactly so. What says what is
// chosen, as in "key algorithm".
func (n Node) Enum(what string, allowed ...string) string {
	s, ok := n.str()
	if !ok {
		return ""
	}
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	hint := DidYouMean(s, allowed)
	if hint == "" {
		hint = listed("one of: ", allowed)
	}
	n.FailHint(hint, "unknown %s %s", what, quote(s))
	return ""
}

// Enums reads a list of words that is not empty and has no repetitions.
func Enums[T ~string](n Node, what string, allowed []T) []T {
	items := n.List()
	if n.IsList() && len(items) == 0 {
		n.Fail("the list is empty")
	}
	words := make([]string, len(allowed))
	for i, w := range allowed {
		words[i] = string(w)
	}
	out := make([]T, 0, len(items))
	for _, item := range items {
		w := T(item.Enum(what, words...))
		switch {
		case w == "":
		case slices.Contains(out, w):
			item.Fail("duplicate %s", w)
		default:
			out = append(out, w)
		}
	}
	return out
}

// reading is what another reader makes of text.
type reading struct {
	what string
	re   *regexp.Regexp
}

// readings are the plain scalars that YAML 1.1 or 1.2 readers turn into
// something else than text. Null is not among them, since it is refused.
var readings = []reading{
	{"a boolean", regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false)$`)},
	{"a number", regexp.MustCompile(`^[-+]?(\.[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*|[0-9][0-9_]*(\.[0-9_]*)?[eE][-+]?[0-9]+)$`)},
	{"a number", regexp.MustCompile(`^[-+]?(?i:\.inf)$|^(?i:\.nan)$`)},
	{"another number", regexp.MustCompile(`^([-+][0-9][0-9_]*|0[0-9_]+|[0-9][0-9_]*_[0-9_]*|[-+]?0x[0-9a-fA-F_]+|[-+]?0o[0-7_]+|[-+]?0b[01_]+)$`)},
	{"a number to base 60", regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$`)},
	{"a timestamp", regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?$`)},
}

// otherReading says what other tools make of an unquoted text, or "".
func otherReading(s string) string {
	if !hasReading(s) {
		return ""
	}
	for _, r := range readings {
		if r.re.MatchString(s) {
			return r.what
		}
	}
	return ""
}

// hasReading is false for most text, without a regular expression: a number or a
// timestamp begins with a digit, a sign or a dot, and the longest boolean has five
// letters, of which an s may be the long one, of two bytes.
func hasReading(s string) bool {
	return s != "" && (len(s) <= len("fal\u017fe") || strings.IndexByte("+-.0123456789", s[0]) >= 0)
}

// warnReading warns when an unquoted text is something else to other tools.
func (n Node) warnReading() {
	if !n.v.plain {
		return
	}
	if other := otherReading(n.v.text); other != "" {
		n.warn("quote it", "other YAML tools read %s as %s", n.v.text, other)
	}
}
