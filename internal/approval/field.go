// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rootceremony/internal/unseen"
)

// field is one value with its path. It may be missing.
type field struct {
	r    *reader
	path string
	v    *value
}

const maxName = 64

var (
	identifier = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	domainName = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
)

// IsName reports whether s can be the name of a person or a role.
func IsName(s string) bool { return len(s) <= maxName && identifier.MatchString(s) }

func (f field) present() bool { return f.v != nil }

func (f field) fail(format string, args ...any) { f.r.fail(f.v, f.path, format, args...) }

// name is the last part of the path.
func (f field) name() string { return f.path[strings.LastIndexByte(f.path, '.')+1:] }

func (f field) is(kind byte) bool {
	if f.v == nil {
		return false
	}
	if f.v.kind != kind {
		f.fail("it must be %s, not %s", kinds[kind], kinds[f.v.kind])
		return false
	}
	return true
}

func (f field) object() *object {
	o := &object{r: f.r, path: f.path, read: map[string]bool{}}
	if f.is('{') {
		o.v = f.v
	}
	return o
}

func (f field) list() []field {
	if !f.is('[') {
		return nil
	}
	var out []field
	for i, item := range f.v.items {
		out = append(out, field{f.r, fmt.Sprintf("%s[%d]", f.path, i), item})
	}
	return out
}

// text is a string without invisible characters.
func (f field) text() string {
	if !f.is('s') {
		return ""
	}
	if r, bad := unseen.In(f.v.text); bad {
		f.fail("it contains the invisible character U+%04X", r)
		return ""
	}
	return f.v.text
}

// line is a text that is not empty and has one line.
func (f field) line(most int) string {
	s := f.text()
	switch {
	case !f.present() || f.v.kind != 's':
	case strings.TrimSpace(s) == "" || strings.ContainsAny(s, "\n\t"):
		f.fail("it must be one line of text")
	case len(s) > most:
		f.fail("it has %d bytes, at most %d are allowed", len(s), most)
	}
	return s
}

func (f field) matching(pattern *regexp.Regexp, what string) string {
	s := f.text()
	if f.present() && f.v.kind == 's' && (len(s) > maxName || !pattern.MatchString(s)) {
		f.fail("%q is not %s", s, what)
	}
	return s
}

func (f field) identifier() string {
	return f.matching(identifier, "a name: lower-case letters, digits and hyphens")
}

func (f field) oneOf(allowed ...string) string {
	s := f.text()
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	if f.present() && f.v.kind == 's' {
		f.fail("%q is not one of %s", s, strings.Join(allowed, ", "))
	}
	return ""
}

// integer is a whole number without sign, point or exponent.
func (f field) integer(least, most int) int {
	if !f.is('n') {
		return 0
	}
	n, err := strconv.Atoi(f.v.text)
	if err != nil || n < least || n > most || strconv.Itoa(n) != f.v.text {
		f.fail("it must be a whole number from %d to %d", least, most)
	}
	return n
}

func (f field) boolean() bool {
	return f.is('b') && f.v.text == "true"
}

// sha256 is a digest in lower-case hexadecimal.
func (f field) sha256() string {
	s := f.text()
	if f.present() && f.v.kind == 's' && !isSHA256(s) {
		f.fail("it must be a SHA-256 in 64 lower-case hexadecimal digits")
	}
	return s
}

func isSHA256(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32 && strings.ToLower(s) == s
}

// timestamp is a time in UTC, to the second.
func (f field) timestamp() time.Time {
	s := f.text()
	t, err := time.Parse(time.RFC3339, s)
	if f.present() && f.v.kind == 's' && (err != nil || t.UTC().Format("2006-01-02T15:04:05Z") != s) {
		f.fail("%q is not a time in UTC such as 2026-12-01T08:00:00Z", s)
		return time.Time{}
	}
	return t
}
