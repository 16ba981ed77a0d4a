// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"net/netip"

	"rootceremony/profiles"
)

// Extensions by their object identifiers.
const (
	oidSubjectKeyID     = "2.5.29.14"
	oidKeyUsage         = "2.5.29.15"
	oidSubjectAltName   = "2.5.29.17"
	oidBasicConstraints = "2.5.29.19"
	oidCRLNumber        = "2.5.29.20"
	oidReasonCode       = "2.5.29.21"
	oidInvalidityDate   = "2.5.29.24"
	oidDeltaCRL         = "2.5.29.27"
	oidIssuingPoint     = "2.5.29.28"
	oidCertIssuer       = "2.5.29.29"
	oidNameConstraints  = "2.5.29.30"
	oidCRLPoints        = "2.5.29.31"
	oidPolicies         = "2.5.29.32"
	oidAuthorityKeyID   = "2.5.29.35"
	oidExtKeyUsage      = "2.5.29.37"
	oidFreshestCRL      = "2.5.29.46"
	oidInfoAccess       = "1.3.6.1.5.5.7.1.1"
	oidOCSPNoCheck      = "1.3.6.1.5.5.7.48.1.5"
	oidSCTList          = "1.3.6.1.4.1.11129.2.4.2"
	oidCTPoison         = "1.3.6.1.4.1.11129.2.4.3"
)

// extensionOIDs are the extensions the profile language has words for.
var extensionOIDs = map[profiles.ExtensionName]string{
	profiles.ExtAuthorityKeyID:   oidAuthorityKeyID,
	profiles.ExtSubjectKeyID:     oidSubjectKeyID,
	profiles.ExtBasicConstraints: oidBasicConstraints,
	profiles.ExtKeyUsage:         oidKeyUsage,
	profiles.ExtExtKeyUsage:      oidExtKeyUsage,
	profiles.ExtPolicies:         oidPolicies,
	profiles.ExtNameConstraints:  oidNameConstraints,
	profiles.ExtCRLPoints:        oidCRLPoints,
	profiles.ExtInfoAccess:       oidInfoAccess,
	profiles.ExtOCSPNoCheck:      oidOCSPNoCheck,
	profiles.ExtIssuingPoint:     oidIssuingPoint,
	profiles.ExtCRLNumber:        oidCRLNumber,
}

// extensionField gives the field of an extension by its object identifier.
func extensionField(oid string) string {
	for name, o := range extensionOIDs {
		if o == oid {
			return "extension:" + string(name)
		}
	}
	return "extension:" + oid
}

// extension is one extension as encoded.
type extension struct {
	oid      string
	critical bool
	value    []byte // contents of extnValue
}

// find gives the first extension with an object identifier.
func find(exts []extension, oid string) *extension {
	for i := range exts {
		if exts[i].oid == oid {
			return &exts[i]
		}
	}
	return nil
}

// whole unmarshals all of der.
func whole(der []byte, into any, params string) error {
	rest, err := asn1.UnmarshalWithParams(der, into, params)
	if err == nil && len(rest) > 0 {
		err = errors.New("bytes after the end")
	}
	return err
}

// authorityKeyID is RFC 5280 4.2.1.1.
type authorityKeyID struct {
	keyID []byte
	more  bool // authorityCertIssuer or authorityCertSerialNumber is there
}

// readAuthorityKeyID reads an extension value.
func readAuthorityKeyID(value []byte) (*authorityKeyID, error) {
	parts, err := sequence(value)
	if err != nil {
		return nil, err
	}
	out := &authorityKeyID{}
	for _, p := range parts {
		if p.Class == asn1.ClassContextSpecific && p.Tag == 0 {
			out.keyID = p.Bytes
			continue
		}
		out.more = true
	}
	return out, nil
}

// basicConstraints is RFC 5280 4.2.1.9.
type basicConstraints struct {
	ca      bool
	pathLen *int
}

// readBasicConstraints reads an extension value.
func readBasicConstraints(value []byte) (*basicConstraints, error) {
	var v struct {
		CA      bool `asn1:"optional"`
		PathLen int  `asn1:"optional,default:-1"`
	}
	if err := whole(value, &v, ""); err != nil {
		return nil, err
	}
	out := &basicConstraints{ca: v.CA}
	if v.PathLen >= 0 {
		out.pathLen = &v.PathLen
	}
	return out, nil
}

// keyUsageBits are the bits of key usage by position.
var keyUsageBits = map[profiles.KeyUsage]int{
	profiles.DigitalSignature: 0, profiles.CertSign: 5, profiles.CRLSign: 6,
}

// readKeyUsage gives the positions of the bits that are set.
func readKeyUsage(value []byte) (map[int]bool, error) {
	var bits asn1.BitString
	if err := whole(value, &bits, ""); err != nil {
		return nil, err
	}
	on := make(map[int]bool)
	for i := range bits.BitLength {
		if bits.At(i) == 1 {
			on[i] = true
		}
	}
	return on, nil
}

// readOIDs reads a SEQUENCE OF OBJECT IDENTIFIER.
func readOIDs(value []byte) ([]string, error) {
	var ids []asn1.ObjectIdentifier
	if err := whole(value, &ids, ""); err != nil {
		return nil, err
	}
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out, nil
}

// policy is one PolicyInformation.
type policy struct {
	oid        string
	qualifiers []qualifier
}

// qualifier is one PolicyQualifierInfo; text is the CPS URI or the notice.
type qualifier struct {
	oid, text string
	der       []byte
}

// readPolicies reads an extension value.
func readPolicies(value []byte) ([]policy, error) {
	var infos []struct {
		ID         asn1.ObjectIdentifier
		Qualifiers []struct {
			ID    asn1.ObjectIdentifier
			Value asn1.RawValue
		} `asn1:"optional"`
	}
	if err := whole(value, &infos, ""); err != nil {
		return nil, err
	}
	var out []policy
	for _, info := range infos {
		p := policy{oid: info.ID.String()}
		for _, q := range info.Qualifiers {
			p.qualifiers = append(p.qualifiers, qualifier{
				oid: q.ID.String(), text: qualifierText(q.Value), der: q.Value.FullBytes})
		}
		out = append(out, p)
	}
	return out, nil
}

// qualifierText gives a CPS URI, or the explicitText of a user notice that
// holds nothing else.
func qualifierText(v asn1.RawValue) string {
	if v.Tag != asn1.TagSequence {
		return string(v.Bytes)
	}
	if parts, err := elements(v.Bytes); err == nil && len(parts) == 1 && !parts[0].IsCompound {
		return string(parts[0].Bytes)
	}
	return ""
}

// generalName is one GeneralName.
type generalName struct {
	tag   int
	bytes []byte // contents
	full  []byte
}

// readNames reads GeneralNames of any tagging.
func readNames(contents []byte) ([]generalName, error) {
	parts, err := elements(contents)
	if err != nil {
		return nil, err
	}
	var out []generalName
	for _, p := range parts {
		if p.Class != asn1.ClassContextSpecific {
			return nil, fmt.Errorf("a GeneralName with class %d", p.Class)
		}
		out = append(out, generalName{tag: p.Tag, bytes: p.Bytes, full: p.FullBytes})
	}
	return out, nil
}

// Tags of GeneralName.
const (
	nameOther     = 0
	nameEmail     = 1
	nameDNS       = 2
	nameDirectory = 4
	nameURI       = 6
	nameIP        = 7
)

// subtree is one GeneralSubtree.
type subtree struct {
	base    generalName
	bounded bool // minimum or maximum is encoded
}

// nameConstraints is RFC 5280 4.2.1.10.
type nameConstraints struct{ permitted, excluded []subtree }

// readNameConstraints reads an extension value.
func readNameConstraints(value []byte) (*nameConstraints, error) {
	parts, err := sequence(value)
	if err != nil {
		return nil, err
	}
	out := &nameConstraints{}
	for _, p := range parts {
		trees, err := readSubtrees(p.Bytes)
		switch {
		case err != nil:
			return nil, err
		case len(trees) == 0:
			return nil, errors.New("an empty list of subtrees")
		case p.Class == asn1.ClassContextSpecific && p.Tag == 0:
			out.permitted = append(out.permitted, trees...)
		case p.Class == asn1.ClassContextSpecific && p.Tag == 1:
			out.excluded = append(out.excluded, trees...)
		default:
			return nil, fmt.Errorf("an unknown field with tag %d", p.Tag)
		}
	}
	return out, nil
}

// readSubtrees reads the contents of GeneralSubtrees.
func readSubtrees(contents []byte) ([]subtree, error) {
	items, err := elements(contents)
	if err != nil {
		return nil, err
	}
	var out []subtree
	for _, item := range items {
		names, err := readNames(item.Bytes)
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return nil, errors.New("a subtree without a base")
		}
		out = append(out, subtree{base: names[0], bounded: len(names) > 1})
	}
	return out, nil
}

// prefix gives an iPAddress constraint as a prefix, if its mask is one.
func (g generalName) prefix() (netip.Prefix, bool) {
	n := len(g.bytes) / 2
	addr, ok := netip.AddrFromSlice(g.bytes[:n])
	if !ok || len(g.bytes)%2 != 0 {
		return netip.Prefix{}, false
	}
	ones, ended := 0, false
	for _, b := range g.bytes[n:] {
		for bit := 7; bit >= 0; bit-- {
			set := b>>bit&1 == 1
			if set && ended {
				return netip.Prefix{}, false
			}
			if ended = ended || !set; set {
				ones++
			}
		}
	}
	return netip.PrefixFrom(addr, ones), true
}

// distributionPoint is one DistributionPoint.
type distributionPoint struct {
	uris   []string
	others bool // a name that is no URI, or nameRelativeToCRLIssuer
	extra  bool // reasons or cRLIssuer
}

// readCRLPoints reads an extension value.
func readCRLPoints(value []byte) ([]distributionPoint, error) {
	points, err := sequence(value)
	if err != nil {
		return nil, err
	}
	var out []distributionPoint
	for _, p := range points {
		dp, err := readCRLPoint(p.Bytes)
		if err != nil {
			return nil, err
		}
		out = append(out, dp)
	}
	return out, nil
}

// readCRLPoint reads the contents of one DistributionPoint.
func readCRLPoint(contents []byte) (dp distributionPoint, err error) {
	fields, err := elements(contents)
	if err != nil {
		return dp, err
	}
	for _, f := range fields {
		if f.Tag != 0 {
			dp.extra = true
			continue
		}
		dp.uris, dp.others, err = readPointName(f.Bytes)
		if err != nil {
			return dp, err
		}
	}
	return dp, nil
}

// readPointName reads a DistributionPointName.
func readPointName(contents []byte) (uris []string, others bool, err error) {
	choice, err := elements(contents)
	if err != nil {
		return nil, false, err
	}
	for _, c := range choice {
		if c.Tag != 0 {
			others = true
			continue
		}
		names, err := readNames(c.Bytes)
		if err != nil {
			return nil, false, err
		}
		for _, n := range names {
			if n.tag == nameURI {
				uris = append(uris, string(n.bytes))
			} else {
				others = true
			}
		}
	}
	return uris, others, nil
}

// access is one AccessDescription; url is empty when it is no URI.
type access struct{ method, url string }

// Access methods.
const (
	oidAccessOCSP      = "1.3.6.1.5.5.7.48.1"
	oidAccessCAIssuers = "1.3.6.1.5.5.7.48.2"
)

// readInfoAccess reads an extension value.
func readInfoAccess(value []byte) ([]access, error) {
	var list []struct {
		Method   asn1.ObjectIdentifier
		Location asn1.RawValue
	}
	if err := whole(value, &list, ""); err != nil {
		return nil, err
	}
	var out []access
	for _, a := range list {
		d := access{method: a.Method.String()}
		if a.Location.Class == asn1.ClassContextSpecific && a.Location.Tag == nameURI {
			d.url = string(a.Location.Bytes)
		}
		out = append(out, d)
	}
	return out, nil
}
