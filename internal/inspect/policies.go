// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"encoding/hex"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

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

// Subtree is a GeneralSubtree, RFC 5280 4.2.1.10. RFC 5280 wants minimum 0,
// not encoded, and no maximum.
type Subtree struct {
	GeneralName
	Minimum        int
	MinimumEncoded bool
	Maximum        *int
}

// NameConstraints is RFC 5280 4.2.1.10.
type NameConstraints struct {
	Permitted, Excluded []Subtree
}

// NameConstraints reads nameConstraints.
func (x Extensions) NameConstraints() (NameConstraints, bool, error) {
	return read(x, OIDNameConstraints, func(d *decoder) NameConstraints {
		in := d.open(casn1.SEQUENCE, "")
		var out NameConstraints
		if in.at(constructed(0)) {
			out.Permitted = in.subtrees(constructed(0), "permittedSubtrees")
		}
		if in.at(constructed(1)) {
			out.Excluded = in.subtrees(constructed(1), "excludedSubtrees")
		}
		in.end()
		if len(out.Permitted)+len(out.Excluded) == 0 {
			in.fail("neither permitted nor excluded subtrees")
		}
		return out
	})
}

func (d *decoder) subtrees(tag casn1.Tag, name string) []Subtree {
	list := d.open(tag, name)
	var out []Subtree
	for list.more() && list.below(len(out)) {
		in := list.item(casn1.SEQUENCE, len(out)+1)
		s := Subtree{GeneralName: in.generalName("base", true)}
		if in.at(context(0)) {
			s.Minimum, s.MinimumEncoded = in.small(context(0), "minimum"), true
		}
		if in.at(context(1)) {
			n := in.small(context(1), "maximum")
			s.Maximum = &n
		}
		in.end()
		out = append(out, s)
	}
	list.notEmpty(len(out))
	return out
}
