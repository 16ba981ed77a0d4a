// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"rootceremony/internal/source"
)

const maxName = 64

var (
	identifier = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	domainName = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
)

// IsName reports whether s can be the name of a person or a role. A namespace is none: the
// name of a file with a signature has both, one after the other.
func IsName(s string) bool {
	return len(s) <= maxName && identifier.MatchString(s) && !slices.Contains(Namespaces(), Namespace(s))
}

// readDocument calls f with the JSON object that the document is, whose "type"
// must be kind. The error is a [source.Errors] with all problems. The name is
// for their places; it is empty where the caller names the file.
func readDocument(name string, data []byte, kind string, f func(*source.Map)) error {
	d, err := source.ParseJSON(name, data)
	if err != nil {
		return err
	}
	m := d.Root().Map()
	of := m.Need("type")
	if got := of.Text(); got != kind && d.Err() == nil {
		of.Fail("it is %q, not %q", got, kind)
	}
	if d.Err() == nil {
		f(m)
		m.Close()
	}
	return d.Err()
}

// named gives the entries of a mapping whose keys are names of people or roles.
func named(m *source.Map) []source.Key {
	var out []source.Key
	for _, k := range m.Keys() {
		if !IsName(k.Name) {
			k.Node.Fail("%q is not a name: lower-case letters, digits and hyphens, at most %d, and no namespace of signatures", k.Name, maxName)
			continue
		}
		out = append(out, k)
	}
	return out
}

// line is a text of one line.
func line(n source.Node) string {
	s := n.Text()
	if len(s) > maxText {
		n.Fail("it has %d bytes, at most %d are allowed", len(s), maxText)
	}
	return s
}

func matching(n source.Node, pattern *regexp.Regexp, what string) string {
	s := n.Text()
	if s != "" && (len(s) > maxName || !pattern.MatchString(s)) {
		n.Fail("%q is not %s", s, what)
	}
	return s
}

func nameAt(n source.Node) string {
	return matching(n, identifier, "a name: lower-case letters, digits and hyphens")
}

// digestAt is a SHA-256 in lower-case hexadecimal.
func digestAt(n source.Node) string {
	s := n.Text()
	if s != "" && !isSHA256(s) {
		n.Fail("it must be a SHA-256 in 64 lower-case hexadecimal digits")
	}
	return s
}

func isSHA256(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == 32 && strings.ToLower(s) == s
}
