// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"math"
	"slices"
	"unicode/utf8"

	"rootceremony/internal/source"
)

// critical reads the criticality, which is false unless written.
func critical(m *source.Map) bool { return m.Opt("critical").Bool() }

// listOf reads an extension that is a list, or a mapping with the list and its
// criticality.
func listOf(n source.Node, key string, e *Extension) []source.Node {
	items := n
	if n.IsMap() {
		m := n.Map()
		e.Critical = critical(m)
		items = m.Need(key)
		m.Close()
	}
	list := items.List()
	if items.IsList() && len(list) == 0 {
		items.Fail("the list is empty")
	}
	return list
}

func readAuthorityKeyID(n source.Node, _ *Extension) {
	m := n.Map()
	m.Need("key-id").Enum("source of the key identifier", "issuer")
	m.Close()
}

func readSubjectKeyID(n source.Node, e *Extension) {
	m := n.Map()
	e.Critical = critical(m)
	if method := m.Need("method"); method.Present() {
		e.SubjectKeyID = &SubjectKeyID{
			Method: SKIMethod(method.Enum("method", string(SKISHA1), string(SKISHA256), string(SKIExisting))),
		}
	}
	m.Close()
}

func readBasicConstraints(n source.Node, e *Extension) {
	m := n.Map()
	e.Critical = critical(m)
	e.BasicConstraints = &BasicConstraints{CA: m.Need("ca").Bool()}
	if length := m.Opt("path-length"); length.Present() {
		i := length.Int(0, 100)
		e.BasicConstraints.PathLength = &i
	}
	m.Close()
}

func readKeyUsage(n source.Node, e *Extension) {
	m := n.Map()
	e.Critical = critical(m)
	e.KeyUsage = enums(m.Need("bits"), "key usage", keyUsages)
	m.Close()
}

func readExtKeyUsage(n source.Node, e *Extension) {
	for _, item := range listOf(n, "purposes", e) {
		p, ok := readPurpose(item)
		switch {
		case !ok:
		case slices.Contains(e.ExtKeyUsage, p):
			item.Fail("%s stands twice", item.Text())
		default:
			e.ExtKeyUsage = append(e.ExtKeyUsage, p)
		}
	}
}

// readPurpose reads a name, or the identifier of a purpose without one.
func readPurpose(n source.Node) (Purposed, bool) {
	word := n.Text()
	if word == "" {
		return Purposed{}, false
	}
	if word[0] >= '0' && word[0] <= '9' {
		id := OID(n.OID().String())
		if i := slices.IndexFunc(purposes, func(p Purposed) bool { return p.OID == id }); i >= 0 {
			n.FailHint("write "+purposes[i].Name, "%s has a name", id)
			return Purposed{}, false
		}
		return Purposed{OID: id}, id != ""
	}
	names := make([]string, len(purposes))
	for i, p := range purposes {
		names[i] = p.Name
	}
	i := slices.Index(names, n.Enum("key purpose", names...))
	if i < 0 {
		return Purposed{}, false
	}
	return purposes[i], true
}

func readPolicies(n source.Node, e *Extension) {
	for _, item := range listOf(n, "policies", e) {
		p := readPolicy(item)
		if p.OID != "" && slices.ContainsFunc(e.Policies, func(o Policy) bool { return o.OID == p.OID }) {
			item.Fail("policy %s stands twice (RFC 5280 4.2.1.4)", p.OID)
			continue
		}
		e.Policies = append(e.Policies, p)
	}
}

// maxNotice is the longest explicitText, RFC 5280 4.2.1.4.
const maxNotice = 200

// readPolicy reads an identifier, or a mapping with its qualifiers.
func readPolicy(n source.Node) Policy {
	if n.IsScalar() {
		return Policy{OID: OID(n.OID().String())}
	}
	m := n.Map()
	defer m.Close()
	p := Policy{OID: OID(m.Need("oid").OID().String())}
	if cps := m.Opt("cps"); cps.Present() {
		p.CPS = cps.URL()
	}
	if notice := m.Opt("notice"); notice.Present() {
		p.Notice = notice.Text()
		if c := utf8.RuneCountInString(p.Notice); c > maxNotice {
			notice.Fail("the notice has %d characters, more than %d (RFC 5280 4.2.1.4)", c, maxNotice)
		}
	}
	return p
}

// issuerOrURL reads the word "issuer" or a URL.
func issuerOrURL(n source.Node) string {
	if n.IsScalar() && n.Text() == IssuerURL {
		return IssuerURL
	}
	return n.URL()
}

// urls reads a list of URLs without repetitions.
func urls(items []source.Node) []string {
	var out []string
	for _, item := range items {
		u := issuerOrURL(item)
		switch {
		case u == "":
		case slices.Contains(out, u):
			item.Fail("%s stands twice", u)
		default:
			out = append(out, u)
		}
	}
	return out
}

func readCRLPoints(n source.Node, e *Extension) { e.CRLURLs = urls(listOf(n, "urls", e)) }

// readInfoAccess keeps the order in which the methods are written.
func readInfoAccess(n source.Node, e *Extension) {
	m := n.Map()
	e.Critical = critical(m)
	m.Known("ca-issuers", "ocsp")
	m.Close()
	for _, k := range n.Map().Keys() {
		if k.Name != "ca-issuers" && k.Name != "ocsp" {
			continue
		}
		items := k.Value.List()
		if k.Value.IsList() && len(items) == 0 {
			k.Value.Fail("the list is empty")
		}
		for _, u := range urls(items) {
			e.InfoAccess = append(e.InfoAccess, AccessDescription{Method: k.Name, URL: u})
		}
	}
	if n.IsMap() && len(e.InfoAccess) == 0 {
		n.Fail("neither ca-issuers nor ocsp (RFC 5280 4.2.2.1)")
	}
}

// readIssuingPoint reads what a partial CRL says of itself.
func readIssuingPoint(n source.Node, e *Extension) {
	m := n.Map()
	defer m.Close()
	e.Critical = critical(m)
	e.IssuingPoint = &IssuingDistribution{}
	if u := m.Opt("url"); u.IsList() {
		e.IssuingPoint.URLs = urls(u.List())
	} else if u.Present() {
		e.IssuingPoint.URLs = urls([]source.Node{u})
	}
	if only := m.Opt("only"); only.Present() {
		switch only.Enum("kind of certificates", "ca-certificates", "user-certificates") {
		case "ca-certificates":
			e.IssuingPoint.OnlyCACerts = true
		case "user-certificates":
			e.IssuingPoint.OnlyUserCerts = true
		}
	}
	if p := e.IssuingPoint; n.IsMap() && len(p.URLs) == 0 && !p.OnlyCACerts && !p.OnlyUserCerts {
		n.Fail("neither url nor only: the extension would be empty (RFC 5280 5.2.5)")
	}
}

// readRaw reads an extension by its bytes. What has a name must use it, so that
// it is understood and not only copied.
func readRaw(n source.Node, e *Extension) {
	m := n.Map()
	defer m.Close()
	e.Critical = critical(m)
	id, der := m.Need("oid"), m.Need("der")
	e.Raw = &RawExtension{OID: OID(id.OID().String()), DER: der.Hex()}
	if name, known := nameOf(e.Raw.OID); known {
		id.FailHint("write "+string(name), "%s is an extension with a name", e.Raw.OID)
	}
	failDER(der, e.Raw.DER)
}

// failDER reports bytes that are not exactly one DER value. Bytes that could
// not be read were reported already.
func failDER(n source.Node, der []byte) {
	if len(der) == 0 || len(der) > math.MaxUint16 {
		if n.Present() && len(der) > 0 {
			n.Fail("%d octets are too many", len(der))
		}
		return
	}
	if err := checkDER(der); err != nil {
		n.Fail("%v", err)
	}
}
