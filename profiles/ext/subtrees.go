// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"net/netip"
	"regexp"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// subtreeKinds are the kinds of names that can be constrained.
var subtreeKinds = []string{"dns", "email", "uri", "ip", "directory", "other"}

// readNameConstraints reads permitted and excluded names in written order.
func readNameConstraints(n source.Node) (Value, bool) {
	m := n.Map()
	defer m.Close()
	isCritical := critical(m)
	out := NameConstraints{Permitted: readSubtrees(m.Opt("permitted")), Excluded: readSubtrees(m.Opt("excluded"))}
	if n.IsMap() && !m.Opt("permitted").Present() && !m.Opt("excluded").Present() {
		n.Citing("RFC 5280 4.2.1.10").Fail("neither permitted nor excluded names")
	}
	return out, isCritical
}

// readSubtrees reads lists of names by their kind.
func readSubtrees(n source.Node) []GeneralSubtree {
	var out []GeneralSubtree
	keys := n.Map().Keys()
	if n.IsMap() && len(keys) == 0 {
		n.Citing("RFC 5280 4.2.1.10").Fail("no names")
	}
	for _, k := range keys {
		kind := k.Node.Enum("kind of name", subtreeKinds...)
		if kind == "" {
			continue
		}
		items := k.Value.List()
		if k.Value.IsList() && len(items) == 0 {
			k.Value.Fail("the list is empty")
		}
		for _, item := range items {
			out = append(out, readSubtree(kind, item))
		}
	}
	return out
}

// readSubtree reads one name.
func readSubtree(kind string, n source.Node) GeneralSubtree {
	s := GeneralSubtree{Type: kind}
	switch kind {
	case "dns":
		s.Value = readDNS(n)
	case "email":
		s.Value = readEmail(n)
	case "uri":
		s.Value = readURIHost(n)
	case "ip":
		s.Value = readNetwork(n)
	case "directory":
		name := readDirectory(n)
		s.Directory = &name
	case "other":
		m := n.Map()
		s.OtherOID = value.OID(m.Need("oid").OID().String())
		der := m.Need("der")
		s.OtherDER = der.Hex()
		failDER(der, s.OtherDER)
		m.Close()
	}
	return s
}

// host is a DNS name in the preferred syntax of RFC 1034 3.5, with the
// underscore that real zones have.
var host = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$`)

func isHost(s string) bool { return len(s) <= 253 && host.MatchString(s) }

// everyDNS matches all DNS names. It is encoded as a name of length zero (BR
// 7.1.2.5.2), which would otherwise have to be written as an empty string.
const everyDNS = "."

// readDNS reads a dNSName constraint. A leading dot and a wildcard have no
// meaning there (RFC 5280 4.2.1.10).
func readDNS(n source.Node) string {
	s := n.Text()
	switch {
	case s == "" || s == everyDNS:
		return ""
	case strings.HasPrefix(s, "."), strings.HasPrefix(s, "*."):
		n.Citing("RFC 5280 4.2.1.10").FailHint("a name also covers all names below it; \".\" covers every name", "%q: a DNS constraint has no leading dot or wildcard", s)
	case !isHost(s):
		n.Fail("%q is not a DNS name", s)
	}
	return s
}

// readEmail reads a mailbox, a host, or a domain with a leading dot.
func readEmail(n source.Node) string {
	s := n.Text()
	local, domain, mailbox := strings.Cut(s, "@")
	if !mailbox {
		domain = strings.TrimPrefix(s, ".")
	}
	if s != "" && (!isHost(domain) || mailbox && (local == "" || strings.ContainsAny(local, " ()<>[]:;,\\\"") || !isASCII(local))) {
		n.Citing("RFC 5280 4.2.1.10").FailHint("a mailbox, a host, or a domain with a leading dot", "%q cannot constrain e-mail addresses", s)
	}
	return s
}

// isASCII reports whether an IA5String can hold the text.
func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0 }

// readURIHost reads a host, or a domain with a leading dot.
func readURIHost(n source.Node) string {
	s := n.Text()
	if s != "" && !isHost(strings.TrimPrefix(s, ".")) {
		n.Citing("RFC 5280 4.2.1.10").FailHint("a host, or a domain with a leading dot; no scheme, port or path", "%q cannot constrain URIs", s)
	}
	return s
}

// readNetwork reads a network in CIDR form, written in the one canonical way.
func readNetwork(n source.Node) string {
	s := n.Text()
	if s == "" {
		return ""
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil || p.Addr().Is4In6():
		n.FailHint("as in 192.0.2.0/24, 2001:db8::/32, 0.0.0.0/0, ::/0", "%q is not a network", s)
	case p != p.Masked():
		n.FailHint("write "+p.Masked().String(), "%q has host bits set", s)
	case p.String() != s:
		n.FailHint("write "+p.String(), "%q is not in canonical form", s)
	}
	return s
}

// readDirectory reads a directory name: attribute and value in order, or a
// value with its string type, since names are compared with it.
func readDirectory(n source.Node) value.Name {
	var out value.Name
	keys := n.Map().Keys()
	if n.IsMap() && len(keys) == 0 {
		n.Fail("the name is empty")
	}
	for _, k := range keys {
		kind := k.Node.Enum("attribute", value.AttributeTypes()...)
		if kind == "" {
			continue
		}
		text, as := k.Value, value.StringType("")
		if k.Value.IsMap() {
			m := k.Value.Map()
			text = m.Need("value")
			as = value.StringType(m.Need("type").Enum("string type of "+kind, stringTypes(kind)...))
			m.Close()
		}
		s := text.Text()
		if s == "" {
			continue
		}
		a, err := value.NewAttribute(kind, as, s)
		if err != nil {
			text.Fail("%v", err)
		}
		out.Attributes = append(out.Attributes, a)
	}
	return out
}

// stringTypes are those that an attribute may have.
func stringTypes(kind string) []string {
	types := value.AttributeKindOf(kind).Types
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = string(t)
	}
	return out
}
