// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// constraintRules check name constraints.
var constraintRules = []Rule{
	{
		ID: "nc.syntax", Level: Error, Citation: "RFC 5280 4.2.1.10, BR 7.1.2.5.2",
		Requirement: "no leading dot or wildcard in a dNSName, valid masks, no minimum or maximum, excluded names are under a permitted one of their type",
		Kinds:       caKinds, Applies: hasConstraints, Check: checkConstraintSyntax,
	},
	{
		ID: "nc.tls-complete", Level: Error, Citation: "BR 7.1.2.5.2",
		Requirement: "a technically constrained TLS CA has a permitted dNSName or excludes all, a permitted iPAddress of each family or excludes all, and at least one permitted directoryName",
		From:        dateBR2, Kinds: subKinds, Packs: tlsPack, Applies: declaredConstrained, Intent: true, Check: checkConstraintsComplete,
	},
	{
		ID: "nc.smime", Level: Error, Citation: "SBR 7.1.5",
		Requirement: "permitted rfc822Names of an S/MIME CA are host names or .domains, not mailboxes; there is one, and a permitted directoryName",
		From:        dateSMIME, Kinds: subKinds, Packs: []string{PackSMIME}, Applies: hasConstraints, Check: checkConstraintsSMIME,
	},
	{
		ID: "chain.nc-nested", Level: Warning, Citation: "RFC 5280 6.1.4",
		Requirement: "name constraints are within those of the issuer",
		Kinds:       subKinds, Needs: []Need{NeedIssuer}, Applies: hasConstraints, Check: checkConstraintsNested,
	},
}

func hasConstraints(t *target) bool { return has(t.exts, inspect.OIDNameConstraints) }

func declaredConstrained(t *target) bool { return t.purpose.Intent == profiles.TLSConstrained }

func checkConstraintSyntax(t *target) (ps []problem) {
	field := t.extField(inspect.OIDNameConstraints)
	nc, _, err := t.exts.NameConstraints()
	if err != nil {
		return fault(field, "%v", err)
	}
	if len(nc.Permitted)+len(nc.Excluded) == 0 {
		return fault(field, "nothing is permitted and nothing excluded")
	}
	for _, s := range nc.Permitted {
		ps = append(ps, badSubtree(field, s)...)
	}
	for _, s := range nc.Excluded {
		ps = append(ps, badSubtree(field, s)...)
		if !everything(s) && !withinAny(s, nc.Permitted) {
			ps = append(ps, fault(field, "excluded %s is not under a permitted name", s.GeneralName)...)
		}
	}
	return ps
}

// badSubtree checks one subtree by itself.
func badSubtree(field profiles.Field, s inspect.Subtree) (ps []problem) {
	switch s.Tag {
	case inspect.TagDNS, inspect.TagEmail, inspect.TagURI, inspect.TagIP, inspect.TagDirectoryName, inspect.TagOtherName:
	default:
		ps = append(ps, fault(field, "%s is of a kind that MUST NOT be present", s.GeneralName)...)
	}
	switch {
	case s.MinimumEncoded || s.Maximum != nil:
		ps = append(ps, fault(field, "%s has a minimum or a maximum", s.GeneralName)...)
	case s.Malformed:
		ps = append(ps, fault(field, "%s is malformed", s.GeneralName)...)
	case s.Tag == inspect.TagDNS && (strings.HasPrefix(s.Value, ".") || strings.Contains(s.Value, "*")):
		ps = append(ps, fault(field, "dNSName %q begins with a dot or has a wildcard", s.Value)...)
	}
	return ps
}

// everything reports whether a subtree covers all names of its type.
func everything(s inspect.Subtree) bool {
	if s.Tag == inspect.TagIP {
		return len(s.Bytes) > 0 && len(bytes.Trim(s.Bytes, "\x00")) == 0
	}
	return len(s.Bytes) == 0
}

// withinAny reports whether a subtree is in one of a list.
func withinAny(s inspect.Subtree, list []inspect.Subtree) bool {
	for _, outer := range list {
		if outer.Tag == s.Tag && within(s, outer) {
			return true
		}
	}
	return false
}

// within reports whether a subtree is in another of the same type.
func within(s, outer inspect.Subtree) bool {
	switch s.Tag {
	case inspect.TagIP:
		a, errA := netip.ParsePrefix(s.Value)
		b, errB := netip.ParsePrefix(outer.Value)
		return errA == nil && errB == nil && b.Bits() <= a.Bits() && b.Contains(a.Addr())
	case inspect.TagDirectoryName:
		return s.Directory != nil && outer.Directory != nil && nameWithin(s.Directory, outer.Directory)
	case inspect.TagDNS, inspect.TagEmail, inspect.TagURI:
		in, out := strings.ToLower(s.Value), strings.ToLower(outer.Value)
		return in == out || out == "" || strings.HasSuffix(in, "."+strings.TrimPrefix(out, ".")) ||
			s.Tag == inspect.TagEmail && strings.HasSuffix(in, "@"+out)
	}
	return bytes.Equal(s.Raw, outer.Raw)
}

// nameWithin reports whether a directory name begins with the RDNs of another.
func nameWithin(n, base *inspect.Name) bool {
	if len(base.RDNs) > len(n.RDNs) {
		return false
	}
	for i, rdn := range base.RDNs {
		if len(rdn) != len(n.RDNs[i]) {
			return false
		}
		for j, a := range rdn {
			if b := n.RDNs[i][j]; !a.OID.Equal(b.OID) || !strings.EqualFold(a.Value, b.Value) {
				return false
			}
		}
	}
	return true
}

func checkConstraintsComplete(t *target) (ps []problem) {
	field := t.extField(inspect.OIDNameConstraints)
	nc, present, err := t.exts.NameConstraints()
	if !present || err != nil {
		return fault(field, "nameConstraints is missing or cannot be read")
	}
	if !covers(nc, inspect.TagDNS, 0) {
		ps = append(ps, fault(field, "no permitted dNSName, and not all are excluded")...)
	}
	if !covers(nc, inspect.TagIP, 8) {
		ps = append(ps, fault(field, "no permitted IPv4 address, and not all are excluded")...)
	}
	if !covers(nc, inspect.TagIP, 32) {
		ps = append(ps, fault(field, "no permitted IPv6 address, and not all are excluded")...)
	}
	if len(ofTag(nc.Permitted, inspect.TagDirectoryName)) == 0 {
		ps = append(ps, fault(field, "no permitted directoryName")...)
	}
	if len(ofTag(nc.Excluded, inspect.TagDirectoryName)) > 0 {
		ps = append(ps, at(Warning, fault(field, "an excluded directoryName is NOT RECOMMENDED"))...)
	}
	if len(ofTag(append(nc.Permitted, nc.Excluded...), inspect.TagOtherName)) > 0 {
		ps = append(ps, at(Warning, fault(field, "an otherName is NOT RECOMMENDED"))...)
	}
	return ps
}

// covers reports whether names of a type are permitted somewhere or excluded
// everywhere; octets distinguishes IPv4 (8) from IPv6 (32).
func covers(nc inspect.NameConstraints, tag, octets int) bool {
	is := func(s inspect.Subtree) bool { return s.Tag == tag && (octets == 0 || len(s.Bytes) == octets) }
	return slices.ContainsFunc(nc.Permitted, is) ||
		slices.ContainsFunc(nc.Excluded, func(s inspect.Subtree) bool { return is(s) && everything(s) })
}

// ofTag gives the subtrees of one type.
func ofTag(list []inspect.Subtree, tag int) (out []inspect.Subtree) {
	for _, s := range list {
		if s.Tag == tag {
			out = append(out, s)
		}
	}
	return out
}

func checkConstraintsSMIME(t *target) (ps []problem) {
	field := t.extField(inspect.OIDNameConstraints)
	nc, _, err := t.exts.NameConstraints()
	if err != nil {
		return fault(field, "%v", err)
	}
	for _, s := range ofTag(nc.Permitted, inspect.TagEmail) {
		if !hostName(strings.TrimPrefix(s.Value, ".")) {
			ps = append(ps, fault(field, "permitted rfc822Name %q is not a host name or .domain", s.Value)...)
		}
	}
	if len(ofTag(nc.Permitted, inspect.TagEmail)) == 0 {
		ps = append(ps, fault(field, "no permitted rfc822Name")...)
	}
	if len(ofTag(nc.Permitted, inspect.TagDirectoryName)) == 0 {
		ps = append(ps, fault(field, "no permitted directoryName")...)
	}
	return ps
}

// hostName reports whether a word is a host name of at least two labels.
func hostName(s string) bool {
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(strings.ToLower(l), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" ||
			l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
	}
	return len(labels) > 1
}

func checkConstraintsNested(t *target) (ps []problem) {
	field := t.extField(inspect.OIDNameConstraints)
	outer, present, err := t.issuer.NameConstraints()
	nc, _, err2 := t.exts.NameConstraints()
	if !present || err != nil || err2 != nil {
		return nil
	}
	for _, s := range nc.Permitted {
		if len(ofTag(outer.Permitted, s.Tag)) > 0 && !withinAny(s, outer.Permitted) {
			ps = append(ps, fault(field, "permitted %s is outside the name constraints of the issuer", s.GeneralName)...)
		}
	}
	return ps
}
