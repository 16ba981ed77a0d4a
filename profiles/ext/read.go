// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"math"
	"slices"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// critical reads the criticality, which is false unless written.
func critical(m *source.Map) bool { return m.Opt("critical").Bool() }

// notCritical refuses criticality.
func notCritical(n source.Node, e *Extension, cite string) {
	if e.Critical {
		n.Citing(cite).Fail("it must not be critical")
	}
}

// listOf reads an extension that is a list, or a mapping with the list and its
// criticality.
func listOf(n source.Node, key string) (list []source.Node, isCritical bool) {
	items := n
	if n.IsMap() {
		m := n.Map()
		isCritical = critical(m)
		items = m.Need(key)
		m.Close()
	}
	list = items.List()
	if items.IsList() && len(list) == 0 {
		items.Fail("the list is empty")
	}
	return list, isCritical
}

// issuerOrURL reads the word "issuer" or a URL, which may be in a directory.
func issuerOrURL(n source.Node) string {
	if n.IsScalar() && n.Text() == IssuerURL {
		return IssuerURL
	}
	return n.Location()
}

// urls reads a list of URLs without repetitions.
func urls(items []source.Node) []string {
	var out []string
	for _, item := range items {
		u := issuerOrURL(item)
		switch {
		case u == "":
		case slices.Contains(out, u):
			item.Fail("duplicate %s", u)
		default:
			out = append(out, u)
		}
	}
	return out
}

// failDER reports bytes that are not exactly one DER value. Bytes that could
// not be read have been reported.
func failDER(n source.Node, der []byte) {
	if len(der) == 0 || len(der) > math.MaxUint16 {
		if n.Present() && len(der) > 0 {
			n.Fail("%d octets are too many", len(der))
		}
		return
	}
	if err := value.CheckDER(der); err != nil {
		n.Fail("%v", err)
	}
}
