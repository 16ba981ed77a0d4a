// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// Octets of a serial number: BR 7.1.2 asks for 64 bits from a CSPRNG, which
// take 9 octets when the sign bit is clear; RFC 5280 4.1.2.2 ends at 20.
const (
	minSerialOctets     = 9
	maxSerialOctets     = 20
	defaultSerialOctets = 16
)

// purpose reads what the profile declares about its use.
func (p *parser) purpose() {
	to := &p.head.Purpose
	intent := p.field("intent")
	if intent.Present() {
		to.Intent = Intent(intent.Enum("intent", text(intents)...))
	}
	if n := p.field("subject-hierarchy"); n.Present() {
		to.SubjectHierarchy = Intent(n.Enum("hierarchy", text(intents)...))
	}
	if n := p.field("ocsp"); n.Present() {
		to.OCSP = n.Enum("way to answer OCSP", ocspModes...)
	}
	if n := p.field("included"); n.Present() {
		to.Included = inclusion(n)
	}
	rules, implements := p.field("rules"), p.field("implements")
	// Only a private CA may leave out the rule packs.
	if to.Intent != Private && p.head.Kind != CertRequest {
		p.root.Need("rules")
		p.root.Need("implements")
	}
	to.Rules = []string{"rfc5280"}
	if rules.Present() {
		to.Rules = source.Enums(rules, "rule pack", rulePacks)
		slices.Sort(to.Rules)
	}
	p.rootScope(to)
	to.Implements = reference(implements)
}

// inclusion reads the day on which root programs included a root, or "new".
func inclusion(n source.Node) string {
	s := n.Text()
	if _, err := time.Parse(time.DateOnly, s); s != "" && s != IncludedNew && err != nil {
		n.FailHint("as in 2019-05-01, or new for a root that is in no root program yet", "%q is neither a date nor new", s)
	}
	return s
}

// packOf is the document of the CA/Browser Forum that binds all CAs in a scope.
var packOf = map[RootScope]string{ScopeTLS: PackTLS, ScopeSMIME: PackSMIME, ScopeCode: PackCodeSigning}

// rootScope reads the scope of the root. It has to agree with the rule packs:
// which documents bind a CA follows from the scope of its root, not only from its
// own purpose.
func (p *parser) rootScope(to *Purpose) {
	n := p.field("scope")
	if !n.Present() {
		return
	}
	for _, s := range source.Enums(n, "scope", text(rootScopes)) {
		to.Scope = append(to.Scope, RootScope(s))
	}
	if slices.Contains(to.Scope, ScopePrivate) {
		if len(to.Scope) > 1 || slices.ContainsFunc(to.Rules, func(r string) bool { return r != PackRFC5280 }) {
			n.Fail("private is the only scope, and rfc5280 the only rule pack, of a root that is in no root program")
		}
		return
	}
	for _, s := range rootScopes {
		pack := packOf[s]
		switch has, named := slices.Contains(to.Scope, s), slices.Contains(to.Rules, pack); {
		case pack == "" || !named && (!has || s != ScopeTLS): // the S/MIME and code signing documents bind CAs of their own purpose
		case has && !named:
			n.Fail("scope %s, but rules lacks %s: it has a profile for every CA below such a root (BR 7.1.2.3)", s, pack)
		case !has:
			n.Fail("rules names %s, but scope lacks %s", pack, s)
		}
	}
}

// reference reads a URL that may point into a document, such as a CP/CPS.
func reference(n source.Node) string {
	s := n.Text()
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsAny(s, " \"<>\\^`{|}") {
		n.FailHint("as in https://example.com/cps/v1.2#root-ca", "%q is not the http or https URL of a policy", s)
		return ""
	}
	return s
}

// serial reads the length of serial numbers.
func (p *parser) serial() int {
	n := p.field("serial")
	if !n.Present() {
		return defaultSerialOctets
	}
	m := n.Map()
	defer m.Close()
	if octets := m.Opt("octets"); octets.Present() {
		return octets.Int(minSerialOctets, maxSerialOctets)
	}
	return defaultSerialOctets
}

// limits reads the bounds of a validity period.
func (p *parser) limits() Limits {
	n := p.field("validity")
	m := n.Map()
	defer m.Close()
	out := Limits{AtLeast: m.Opt("at-least").Span(), AtMost: m.Need("at-most").Span()}
	if n := m.Opt("no-expiration"); n.Present() {
		out.NoExpiration = p.noExpiration(n)
	}
	if !out.AtMost.IsZero() && sometimesLonger(out.AtLeast, out.AtMost) {
		n.Fail("at-least %s is longer than at-most %s", out.AtLeast, out.AtMost)
	}
	return out
}

// noExpiration reads that certificates need not expire: where no document bounds how
// long they are valid.
func (p *parser) noExpiration(n source.Node) bool {
	bounded := slices.DeleteFunc(slices.Clone(p.head.Purpose.Rules), func(pack string) bool { return pack == PackRFC5280 })
	switch {
	case !n.Bool():
		n.Fail("leave it out, or write true")
	case !slices.Contains([]Kind{RootCA, SubordinateCA, CrossCertifiedCA, OCSPResponder}, p.head.Kind):
		n.Fail("only a certificate can be without an expiration date")
	case len(bounded) > 0:
		n.FailHint("take no-expiration out", "the documents of %s bound the validity", strings.Join(bounded, ", "))
	default:
		return true
	}
	return false
}

// subject reads which attributes a subject has.
func (p *parser) subject() []SubjectAttribute {
	n := p.field("subject")
	items := n.List()
	if n.IsList() && len(items) == 0 {
		n.Citing("RFC 5280 4.1.2.6").Fail("the subject is empty")
	}
	var out []SubjectAttribute
	for _, item := range items {
		name, as := item.Single()
		k := value.AttributeKindOf(name)
		if k == nil {
			failName(item, "attribute", name, value.AttributeTypes())
			continue
		}
		p.mark(attribute(name), item.Pos(), item.Path())
		if !k.Many && slices.ContainsFunc(out, func(a SubjectAttribute) bool { return a.Type == name }) {
			item.Citing("BR 7.1.4.1").Fail("duplicate attribute %s", name)
		}
		out = append(out, SubjectAttribute{Type: name, String: stringTypeOf(k, as)})
	}
	return out
}

// stringTypeOf reads "{type: printable}", or takes the default.
func stringTypeOf(k *value.AttributeKind, n source.Node) StringType {
	as := k.Types[0]
	if !n.Present() {
		return as
	}
	m := n.Map()
	if t := m.Need("type"); t.Present() {
		as = StringType(t.Enum("string type of "+k.Name, text(k.Types)...))
	}
	m.Close()
	return as
}

// failName reports a name that is none of the allowed ones, unless the node was
// reported already.
func failName(n source.Node, what, name string, allowed []string) {
	if name == "" {
		return
	}
	if n.IsScalar() {
		n.Enum(what, allowed...)
		return
	}
	for _, k := range n.Map().Keys() {
		k.Node.Enum(what, allowed...)
	}
}
