// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	ctx509 "github.com/google/certificate-transparency-go/x509"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The reader of certificatePolicies, RFC 5280 4.2.1.4.
var _ = reads(known{
	name: "certificatePolicies", oid: OIDCertificatePolicies,
	text:   textPolicies,
	said:   canonicalPolicies,
	second: secondPolicies,
})

// Kinds of policy qualifiers.
const (
	QualifierCPS    = "cps"
	QualifierNotice = "notice"
	QualifierOther  = "other"
)

// Policy is a PolicyInformation, RFC 5280 4.2.1.4.
type Policy struct {
	OID        asn1.ObjectIdentifier
	Qualifiers []Qualifier
}

// Qualifier is a PolicyQualifierInfo. Value is the URI of a CPS, the
// explicitText of a notice, otherwise hexadecimal; Tag is its string type.
type Qualifier struct {
	OID       asn1.ObjectIdentifier
	Kind      string
	Value     string
	Tag       int
	Malformed bool
	NoticeRef bool   // the notice has a noticeRef
	Raw       []byte // the qualifier with its header
}

// Policies reads certificatePolicies.
func (x Extensions) Policies() ([]Policy, bool, error) {
	return read(x, OIDCertificatePolicies, func(d *decoder) []Policy {
		list := d.open(casn1.SEQUENCE, "")
		var out []Policy
		for list.more() && list.below(len(out)) {
			in := list.item(casn1.SEQUENCE, len(out)+1)
			p := Policy{OID: in.oid("policyIdentifier")}
			if in.more() {
				p.Qualifiers = in.qualifiers()
			}
			in.end()
			out = append(out, p)
		}
		list.notEmpty(len(out))
		return out
	})
}

func (d *decoder) qualifiers() []Qualifier {
	list := d.open(casn1.SEQUENCE, "policyQualifiers")
	var out []Qualifier
	for list.more() && list.below(len(out)) {
		in := list.item(casn1.SEQUENCE, len(out)+1)
		q := Qualifier{OID: in.oid("policyQualifierId"), Kind: QualifierOther}
		tag, contents, raw := in.any("qualifier")
		in.end()
		q.Raw, q.Value, q.Tag = raw, hex.EncodeToString(raw), int(tag)
		switch {
		case q.OID.Equal(OIDQualifierCPS):
			q.Kind = QualifierCPS
			if tag != casn1.Tag(TagIA5String) {
				in.fail("cPSuri is %s, not IA5String", tagName(tag))
			}
			q.Value, q.Malformed = decodeString(tag, contents)
		case q.OID.Equal(OIDQualifierNotice):
			q.Kind = QualifierNotice
			in.over(raw, "userNotice").notice(&q)
		}
		out = append(out, q)
	}
	list.notEmpty(len(out))
	return out
}

// notice reads UserNotice; its noticeRef is only noted.
func (d *decoder) notice(q *Qualifier) {
	in := d.open(casn1.SEQUENCE, "")
	q.Value, q.Tag = "", 0
	if in.at(casn1.SEQUENCE) {
		in.raw(casn1.SEQUENCE, "noticeRef")
		q.NoticeRef = true
	}
	if in.more() {
		tag, contents, _ := in.any("explicitText")
		if !isString(tag) {
			in.fail("explicitText is %s, not a string", tagName(tag))
		}
		q.Tag = int(tag)
		q.Value, q.Malformed = decodeString(tag, contents)
	}
	in.end()
}

func textPolicies(p *printer, x Extensions) error {
	v, _, err := x.Policies()
	if err != nil {
		return err
	}
	for _, policy := range v {
		p.line("policy", "%s", named(policy.OID))
		for _, q := range policy.Qualifiers {
			p.under(func() { p.qualifier(q) })
		}
	}
	return nil
}

func (p *printer) qualifier(q Qualifier) {
	if q.Kind == QualifierOther {
		p.line("qualifier", "%s %s", named(q.OID), q.Value)
		return
	}
	if q.NoticeRef {
		p.hex("notice", q.Raw)
	}
	if q.Tag != 0 {
		note := ""
		if q.Malformed {
			note = " (malformed)"
		}
		p.line(q.Kind, "%s %s%s", TagName(q.Tag), strconv.Quote(q.Value), note)
	}
}

func canonicalPolicies(x Extensions) (string, error) {
	v, _, err := x.Policies()
	var out []string
	for _, p := range v {
		s := p.OID.String()
		for _, q := range p.Qualifiers {
			s += fmt.Sprintf(" %s %q", q.Kind, q.Value)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", "), err
}

func secondPolicies(k *comparison, x Extensions, theirs *ctx509.Certificate) {
	v, ok, err := x.Policies()
	if !ok || err != nil {
		return
	}
	k.check("certificatePolicies", len(v) == len(theirs.PolicyIdentifiers))
	for i := 0; k.err == nil && i < len(v); i++ {
		k.check("certificatePolicies", v[i].OID.String() == theirs.PolicyIdentifiers[i].String())
	}
}
