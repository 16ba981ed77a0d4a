// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"

	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/profiles/value"
)

// authorityList reads names, with their keys and URLs.
func (l *loader) authorityList(n source.Node) {
	for _, k := range n.Map().Keys() {
		id := k.Node.Name()
		l.nodes["authority:"+id] = k.Value
		l.Plan.Authorities = append(l.Plan.Authorities, l.authorityEntry(id, k.Value))
	}
}

func (l *loader) authorityEntry(id string, n source.Node) Authority {
	m := n.Map()
	defer m.Close()
	a := Authority{ID: id}
	key := m.Need("key")
	a.Key = key.Name()
	if a.Key != "" && l.Plan.Key(a.Key) == nil {
		l.noKey(key, a.Key)
	}
	subject, cert := m.Opt("subject"), m.Opt("certificate")
	switch {
	case subject.Present() == cert.Present():
		n.FailHint("write subject: {…}, or certificate: INPUT for an existing CA", "an authority needs exactly one of subject: and certificate:")
	case cert.Present():
		a.Certificate = cert.Name()
		l.nodes["certificate:"+id] = cert
		l.existingAuthority(&a, cert)
	default:
		l.nodes["subject:"+id] = subject
		for _, at := range subject.Map().Keys() {
			a.Subject.Attributes = append(a.Subject.Attributes, attributesIn(at.Name, at.Value)...)
		}
	}
	for key, to := range map[string]*[]string{"crl-url": &a.URLs.CRL, "ca-issuers-url": &a.URLs.CAIssuers, "ocsp-url": &a.URLs.OCSP} {
		if u := m.Opt(key); u.Present() {
			l.nodes[key+":"+id] = u
			*to = locationsIn(u, key == "ocsp-url")
		}
	}
	if o := m.Opt("ocsp"); o.Present() {
		a.OCSP = o.Enum("OCSP of this authority", "none", "direct", "delegated")
	}
	return a
}

// existingAuthority takes the name of an authority from its certificate.
func (l *loader) existingAuthority(a *Authority, n source.Node) {
	obj := l.Inputs[a.Certificate]
	if obj == nil || obj.Cert() == nil {
		l.badReference(n, aCertificate, fromInput)
		return
	}
	a.Subject = profiles.Name{DER: obj.Cert().RawSubject}
	a.KeyID = l.nameKey(n, a.Certificate)
	hint := fmt.Sprintf("write certificate: %s at the key too", a.Certificate)
	switch key := l.Plan.Key(a.Key); {
	case key == nil:
	case key.SPKISHA256 != SHA256Hex(obj.Cert().RawSPKI):
		n.FailHint(hint, "the certificate is not for key %q", a.Key)
	case key.Source == KeyExisting && key.Input != a.Certificate:
		n.FailHint(hint, "key %q has another certificate, %s; a rehearsal makes one stand-in for both key and authority", a.Key, key.Input)
	}
}

// attributesIn reads the value of an attribute, or the list of those of one that may
// occur more than once.
func attributesIn(kind string, n source.Node) (out []profiles.Attribute) {
	values := []source.Node{n}
	if k := value.AttributeKindOf(kind); k != nil && k.Many && n.IsList() {
		values = n.List()
	}
	for _, v := range values {
		out = append(out, profiles.Attribute{Type: kind, Value: v.Text()})
	}
	return out
}

// locationsIn reads where an authority publishes one thing: a URL, or a list of them.
// Clients ask for OCSP over HTTP (RFC 6960 A.1).
func locationsIn(n source.Node, ocsp bool) (out []string) {
	items := []source.Node{n}
	if n.IsList() {
		if items = n.List(); len(items) == 0 {
			n.Fail("the list is empty")
		}
	}
	for _, item := range items {
		read := item.Location
		if ocsp {
			read = item.URL
		}
		u := read()
		if u != "" && slices.Contains(out, u) {
			item.Fail("duplicate %s", u)
			continue
		}
		out = append(out, u)
	}
	return out
}
