// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
)

// parser reads one profile. It records problems in the document and continues.
type parser struct {
	root  *source.Map
	head  *Head
	shape shape
}

// Parse reads a profile. The error is a [source.Errors] with all problems of
// the file, also those that were there before.
func Parse(doc *source.Document) (Profile, error) {
	if doc.Root().IsOther(source.ProfileFile) {
		return nil, doc.Err()
	}
	root := doc.Root().Map()
	p := &parser{
		root: root,
		head: &Head{SHA256: doc.SHA256, Doc: doc, places: make(map[Field]place, 24)},
	}
	for _, k := range doc.Root().Map().Keys() {
		p.mark(member(k.Name), k.Pos, k.Value.Path())
	}
	if at, ok := p.head.places[member("validity")]; ok { // it limits what a CRL calls so
		p.mark(member("next-update"), at.pos, at.path)
	}
	root.Need("version").Int(1, 1)
	p.head.Name = root.Need("profile").Name()
	p.head.Kind = Kind(root.Need("kind").Enum("kind", text(kinds)...))
	out := p.kind()
	root.Close()
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// kind reads what the kind of profile asks for.
func (p *parser) kind() Profile {
	s, ok := shapes[p.head.Kind]
	if !ok { // reported; without a kind nothing else can be checked
		p.root.Known(allFields...)
		return nil
	}
	p.shape = s
	p.refuseFields()
	p.purpose()
	p.head.Signatures = source.Enums(p.field("signature"), "signature algorithm", algorithm.Signatures())
	return kindReaders[p.head.Kind.Form()](p)
}

// kindReaders read what differs between the kinds of profiles.
var kindReaders = map[string]func(*parser) Profile{
	RootCA.Form(): (*parser).certificate, CRL.Form(): (*parser).revocationList,
	OCSPResponse.Form(): (*parser).response, CertRequest.Form(): (*parser).request,
}

// mark remembers where a field is; the first place counts.
func (p *parser) mark(field Field, pos source.Pos, path string) {
	if _, ok := p.head.places[field]; !ok {
		p.head.places[field] = place{pos, path}
	}
}

// refuseFields reports fields that belong to other kinds.
func (p *parser) refuseFields() {
	for field, why := range p.shape.refused {
		if n := p.root.Opt(field); n.Present() {
			n.Citing(why.Citation).Fail("a profile of kind %s has no %q: %s", p.head.Kind, field, why.Why)
		}
	}
}

// field returns the value of a field, and reports it when the kind needs it and
// it is missing. Fields that the kind refuses are absent.
func (p *parser) field(name string) source.Node {
	if _, refused := p.shape.refused[name]; refused {
		return source.Node{}
	}
	if p.shape.needs(name) {
		return p.root.Need(name)
	}
	return p.root.Opt(name)
}

// certificate reads what profiles of certificates have.
func (p *parser) certificate() Profile {
	out := &CertificateProfile{
		Keys:         source.Enums(p.field("key"), "key algorithm", algorithm.Keys()),
		SerialOctets: p.serial(),
		Subject:      p.subject(),
		Validity:     p.limits(),
		Extensions:   p.extensions(),
	}
	out.head = *p.head
	return out
}

// revocationList reads what profiles of CRLs have.
func (p *parser) revocationList() Profile {
	out := &RevocationListProfile{
		Covers:     p.covers(),
		Validity:   p.limits(),
		Extensions: p.extensions(),
	}
	p.checkScope(out.Covers, out.Extensions)
	out.head = *p.head
	return out
}

// response reads what profiles of OCSP responses have.
func (p *parser) response() Profile {
	out := &ResponseProfile{
		Covers:     p.covers(),
		Validity:   p.limits(),
		CertIDHash: algorithm.SHA1, // what clients ask with, RFC 5019 2.1.1
		Responder:  ResponderByKey,
		Extensions: p.extensions(),
	}
	if n := p.field("certificate-id"); n.Present() {
		out.CertIDHash = algorithm.Hash(n.Enum("hash", string(algorithm.SHA1), string(algorithm.SHA256)))
	}
	if n := p.field("responder-id"); n.Present() {
		out.Responder = ResponderID(n.Enum("responder id", string(ResponderByKey), string(ResponderByName)))
	}
	out.head = *p.head
	return out
}

// request reads what profiles of certificate requests have.
func (p *parser) request() Profile {
	out := &RequestProfile{
		Keys:       source.Enums(p.field("key"), "key algorithm", algorithm.Keys()),
		Subject:    p.subject(),
		Extensions: p.extensions(),
	}
	out.head = *p.head
	return out
}

// covers reads what a CRL or a response speaks about.
func (p *parser) covers() Scope {
	return Scope(p.field("covers").Enum("scope", text(scopes)...))
}
