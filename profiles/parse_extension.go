// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"slices"

	"rootceremony/internal/source"
)

// readers read the value of an extension. Extensions that have none stand here
// with nil.
var readers = map[ExtensionName]func(source.Node, *Extension){
	ExtAuthorityKeyID:   readAuthorityKeyID,
	ExtSubjectKeyID:     readSubjectKeyID,
	ExtBasicConstraints: readBasicConstraints,
	ExtKeyUsage:         readKeyUsage,
	ExtExtKeyUsage:      readExtKeyUsage,
	ExtPolicies:         readPolicies,
	ExtNameConstraints:  readNameConstraints,
	ExtCRLPoints:        readCRLPoints,
	ExtInfoAccess:       readInfoAccess,
	ExtOCSPNoCheck:      nil,
	ExtIssuingPoint:     readIssuingPoint,
	ExtCRLNumber:        nil,
	ExtRaw:              readRaw,
}

// extensionNames lists the extensions of the language.
func extensionNames() []string {
	var out []string
	for _, e := range extensions {
		out = append(out, string(e.name))
	}
	return append(out, string(ExtRaw))
}

// extensions reads the extensions in order.
func (p *parser) extensions() []Extension {
	n := p.field("extensions")
	items := n.List()
	if n.IsList() && len(items) == 0 {
		n.FailHint("remove the field where none are needed", "the list is empty")
	}
	out := make([]Extension, 0, len(items))
	at := map[ExtensionName]source.Node{}
	for _, item := range items {
		e, ok := p.extension(item)
		if !ok {
			continue
		}
		at[e.Name] = item
		if slices.ContainsFunc(out, func(o Extension) bool { return o.OID() == e.OID() }) {
			item.Fail("extension %s stands twice (RFC 5280 4.2)", e.Field()[len("extension:"):])
			continue
		}
		out = append(out, e)
	}
	for _, d := range p.shape.must {
		if n.IsList() && find(out, d.name) == nil {
			n.Fail("missing extension %s: %s must have it (%s)", d.name, p.head.Kind, d.why)
		}
	}
	p.checkUsage(at[ExtKeyUsage], find(out, ExtKeyUsage))
	p.checkPurposes(at[ExtExtKeyUsage], find(out, ExtExtKeyUsage))
	return out
}

// extension reads one extension; ok tells whether it can be kept.
func (p *parser) extension(item source.Node) (e Extension, ok bool) {
	name, value := item.Single()
	e.Name = ExtensionName(name)
	read, ok := readers[e.Name]
	if !ok {
		failName(item, "extension", name, extensionNames())
		return e, false
	}
	if why := p.shape.refuses(e.Name); why != "" {
		item.Fail("%s cannot have %s: %s", p.head.Kind, name, why)
		return e, false
	}
	switch {
	case read == nil && value.Present():
		value.FailHint("write only the name", "%s takes no value", name)
	case read == nil:
	case !value.Present():
		item.Fail("%s needs a value", name)
	default:
		read(value, &e)
	}
	if e.Name == ExtRaw && (e.Raw == nil || e.Raw.OID == "" || e.Raw.named()) {
		return e, false // reported
	}
	p.markExtension(item, value, &e)
	p.checkOne(value, &e)
	return e, true
}

// markExtension remembers where an extension and the parts of its value stand.
func (p *parser) markExtension(item, value source.Node, e *Extension) {
	path := item.Path()
	if value.Present() {
		path = value.Path()
	}
	p.mark(e.Field(), item.Pos(), path)
	if !value.IsMap() {
		return
	}
	for _, k := range value.Map().Keys() {
		p.mark(e.Field()+"."+k.Name, k.Pos, k.Value.Path())
	}
}

// checkOne holds an extension to what RFC 5280 says wherever it stands.
func (p *parser) checkOne(n source.Node, e *Extension) {
	switch e.Name {
	case ExtSubjectKeyID:
		p.notCritical(n, e, "RFC 5280 4.2.1.2")
		if e.SubjectKeyID != nil && e.SubjectKeyID.Method == SKIExisting && !p.isCA() {
			n.Fail("%s has no existing certificate to take the identifier from", p.head.Kind)
		}
	case ExtInfoAccess:
		p.notCritical(n, e, "RFC 5280 4.2.2.1, 5.2.7")
		if p.head.Kind == CRL && slices.ContainsFunc(e.InfoAccess, func(d AccessDescription) bool { return d.Method != "ca-issuers" }) {
			n.Fail("a CRL can only name ca-issuers (RFC 5280 5.2.7)")
		}
	case ExtBasicConstraints:
		p.checkBasic(n, e)
	case ExtIssuingPoint:
		if n.Present() && !e.Critical {
			n.FailHint("write critical: true", "it must be critical (RFC 5280 5.2.5)")
		}
	}
}

// notCritical refuses criticality.
func (p *parser) notCritical(n source.Node, e *Extension, cite string) {
	if e.Critical {
		n.Fail("it must not be critical (%s)", cite)
	}
}

// isCA reports whether the kind is a certificate of a CA.
func (p *parser) isCA() bool {
	return p.head.Kind == RootCA || p.head.Kind == SubordinateCA || p.head.Kind == CrossCertifiedCA
}

// checkBasic holds basic constraints to the kind.
func (p *parser) checkBasic(n source.Node, e *Extension) {
	b := e.BasicConstraints
	switch {
	case b == nil:
	case p.isCA() && !b.CA:
		n.Fail("%s is a CA: write ca: true (RFC 5280 4.2.1.9)", p.head.Kind)
	case p.isCA() && !e.Critical:
		n.FailHint("write critical: true", "it must be critical in the certificate of a CA (RFC 5280 4.2.1.9)")
	case p.head.Kind == OCSPResponder && b.CA:
		n.Fail("%s is not a CA: it cannot have ca: true (RFC 6960 4.2.2.2)", p.head.Kind)
	case !b.CA && b.PathLength != nil:
		n.Fail("only a CA has a path length (RFC 5280 4.2.1.9)")
	}
}

// checkUsage holds the key usage to the kind.
func (p *parser) checkUsage(n source.Node, e *Extension) {
	if e == nil || len(e.KeyUsage) == 0 {
		return
	}
	switch signs := slices.Contains(e.KeyUsage, CertSign); {
	case p.isCA() && !signs:
		n.Fail("%s is a CA: key-usage must have cert-sign (RFC 5280 4.2.1.3)", p.head.Kind)
	case p.head.Kind == OCSPResponder && signs:
		n.Fail("%s is not a CA: key-usage cannot have cert-sign (RFC 5280 4.2.1.9)", p.head.Kind)
	}
}

// checkPurposes holds the extended key usage to the kind.
func (p *parser) checkPurposes(n source.Node, e *Extension) {
	if p.head.Kind != OCSPResponder || e == nil || len(e.ExtKeyUsage) == 0 {
		return
	}
	if !slices.ContainsFunc(e.ExtKeyUsage, func(u Purposed) bool { return u.Name == "ocsp-signing" }) {
		n.Fail("extended-key-usage must have ocsp-signing (RFC 6960 4.2.2.2)")
	}
}

// checkScope compares what a CRL covers with what its issuing distribution
// point says.
func (p *parser) checkScope(covers Scope, list []Extension) {
	e := find(list, ExtIssuingPoint)
	if e == nil || e.IssuingPoint == nil {
		return
	}
	if e.IssuingPoint.OnlyCACerts && covers == SubscriberCertificates || e.IssuingPoint.OnlyUserCerts && covers == CACertificates {
		p.root.Opt("covers").Fail("covers %s, but the issuing distribution point excludes them (RFC 5280 5.2.5)", covers)
	}
}
