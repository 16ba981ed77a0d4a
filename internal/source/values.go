// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"encoding/asn1"
	"encoding/hex"
	"math"
	"math/big"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Bool returns a truth value: only true and false, without quotes, are one.
func (n Node) Bool() bool {
	if !n.is(scalar) {
		return false
	}
	if n.v.plain && (n.v.text == "true" || n.v.text == "false") {
		return n.v.text == "true"
	}
	n.FailHint("write true or false, without quotes", "%s is neither true nor false", quote(n.v.text))
	return false
}

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// digits returns the text of a whole number without sign or leading zeros.
func (n Node) digits() (string, bool) {
	s, ok := n.word()
	if !ok {
		return "", false
	}
	if n.doc.json && !n.v.plain {
		n.FailHint("write it without quotes", "expected a number, got text")
		return "", false
	}
	if !decimal.MatchString(s) {
		n.FailHint("decimal digits without sign, leading zeros or underscores", "%s is not a whole number", quote(s))
		return "", false
	}
	return s, true
}

// Int returns a whole number from min to max.
func (n Node) Int(min, max int) int {
	s, ok := n.digits()
	if !ok {
		return 0
	}
	i, err := strconv.Atoi(s)
	switch in := err == nil && i >= min && i <= max; {
	case !in && min == max:
		n.Fail("%s is not %d, the only number that is possible here", shorten(s), min)
		return 0
	case !in:
		n.Fail("%s is not from %d to %d", shorten(s), min, max)
		return 0
	}
	return i
}

// maxDigits holds the modulus of an RSA key of 16384 bits.
const maxDigits = 5000

// BigInt returns a whole number, or nil.
func (n Node) BigInt() *big.Int {
	s, ok := n.digits()
	if !ok {
		return nil
	}
	if len(s) > maxDigits {
		n.Fail("the number has %d digits, more than %d", len(s), maxDigits)
		return nil
	}
	i, _ := new(big.Int).SetString(s, 10)
	return i
}

var instant = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$`)

// Time returns an instant in UTC: RFC 3339 in full, with Z and whole seconds.
// Years before 1950 are refused; certificates have no use for them.
func (n Node) Time() time.Time {
	s, ok := n.str()
	if !ok {
		return time.Time{}
	}
	if !instant.MatchString(s) {
		n.FailHint("write it as 2006-01-02T15:04:05Z", "%s is not a time in UTC with whole seconds", quote(s))
		return time.Time{}
	}
	t, err := time.Parse("2006-01-02T15:04:05Z", s)
	if err != nil {
		n.Fail("%s is not in the calendar", quote(s))
		return time.Time{}
	}
	if t.Year() < 1950 {
		n.Fail("%s is before 1950", quote(s))
		return time.Time{}
	}
	return t
}

// Span returns a length of time that is not zero; [ParseSpan] has the grammar.
func (n Node) Span() Span {
	s, ok := n.str()
	if !ok {
		return Span{}
	}
	span, err := ParseSpan(s)
	if err != nil {
		n.FailHint(spanHint, "%v", err)
		return Span{}
	}
	if span.IsZero() {
		n.Fail("a length of time of zero")
	}
	return span
}

var oid = regexp.MustCompile(`^[0-2](\.(0|[1-9][0-9]*))+$`)

// OID returns an object identifier. Arcs must fit into 31 bits, which is what
// the parsers of certificates can read.
func (n Node) OID() asn1.ObjectIdentifier {
	s, ok := n.str()
	if !ok {
		return nil
	}
	if !oid.MatchString(s) || len(s) > 256 {
		n.FailHint("numbers with dots, as in 2.23.140.1.2.1", "%s is not an object identifier", quote(s))
		return nil
	}
	var out asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(s, ".") {
		i, err := strconv.ParseInt(arc, 10, 32)
		if err != nil {
			n.Fail("arc %s of the object identifier is larger than %d", shorten(arc), math.MaxInt32)
			return nil
		}
		out = append(out, int(i))
	}
	if out[0] < 2 && out[1] > 39 || out[0] == 2 && out[1] > math.MaxInt32-80 {
		n.Fail("the second arc of object identifier %s is too large", quote(s))
		return nil
	}
	n.warnReading()
	return out
}

var wholeNumber = regexp.MustCompile(`^[0-9]+$`)

// Hex returns bytes written as pairs of hexadecimal digits.
func (n Node) Hex() []byte {
	s, ok := n.str()
	if !ok {
		return nil
	}
	b, err := hex.DecodeString(s)
	if err != nil {
		n.FailHint("an even number of hexadecimal digits, nothing between them", "%s is not hexadecimal", quote(s))
		return nil
	}
	if n.v.plain && wholeNumber.MatchString(s) {
		n.warn("quote it", "other YAML tools read %s as a number", shorten(s))
	} else {
		n.warnReading()
	}
	return b
}

// The parts of a URL as it may be in a certificate. RFC 3986 knows more hosts
// than these; a CA publishes under a DNS name.
var (
	urlText = regexp.MustCompile(`^[!#-;=?-\[\]_a-z~]+$`) // no " < > \\ ^ ` { | }
	urlHost = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
)

// URL returns an absolute http or https URL, exactly as written.
func (n Node) URL() string {
	s, ok := n.str()
	if !ok {
		return ""
	}
	if why := urlProblem(s); why != "" {
		n.Fail("%s is not a usable URL: %s", quote(s), why)
		return ""
	}
	return s
}

// Location returns a URL as [Node.URL] does, or one of ldap that names what a
// directory holds: an entry, and one attribute (RFC 5280 4.2.1.13, 4.2.2.1).
func (n Node) Location() string {
	s, ok := n.str()
	if !ok || !strings.HasPrefix(s, "ldap://") {
		return n.URL()
	}
	if why := entryProblem(s); why != "" {
		n.FailHint("as in ldap://ldap.example.com/cn=Root,dc=example?certificateRevocationList;binary", "%s is not a usable URL: %s", quote(s), why)
		return ""
	}
	return s
}

// directoryURL is a URL of ldap (RFC 4516 2) with the parts that RFC 5280 4.2.1.13
// asks for: a distinguished name and one attribute. Scope and filter may follow.
var directoryURL = regexp.MustCompile(`^ldap://([^/?#]*)/([^?#]+)\?([A-Za-z0-9.-]+(;[A-Za-z0-9-]+)*)(\?(base|one|sub)?(\?[^?#]*)?)?$`)

// entryProblem says what is wrong with a URL of a directory, or returns "".
func entryProblem(s string) string {
	parts := directoryURL.FindStringSubmatch(s)
	u, err := url.Parse(s)
	switch {
	case !urlText.MatchString(s):
		return "a character that is not ASCII or must be escaped"
	case err != nil:
		return "it cannot be parsed"
	case parts == nil || !strings.Contains(parts[2], "="):
		return "it must name an entry and one attribute"
	case u.Host != "" && (u.User != nil || !urlHost.MatchString(u.Hostname()) || strings.HasSuffix(u.Host, ":")):
		return "the host is not a DNS name"
	}
	return ""
}

// urlProblem says what is wrong with a URL, or returns "".
func urlProblem(s string) string {
	u, err := url.Parse(s)
	switch {
	case !urlText.MatchString(s):
		return "a character that is not ASCII or must be escaped"
	case err != nil:
		return "it cannot be parsed"
	case !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://"):
		return "it must begin with http:// or https://"
	case u.User != nil:
		return "it names a user"
	case strings.Contains(s, "#"):
		return "it has a fragment"
	case len(u.Hostname()) > 253 || !urlHost.MatchString(u.Hostname()):
		return "the host is not a DNS name"
	case strings.HasSuffix(u.Host, ":"):
		return "the port is empty"
	case u.Path == "":
		return "it has no path; write at least /"
	}
	return ""
}

// shorten keeps numbers in messages short.
func shorten(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}
