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
		ID: "nc.syntax", Level: Error, Citation: "RFC 5280 4.2.1.10, 4.2.1.6",
		Requirement: "something is permitted or excluded; minimum is 0 and maximum absent; a dNSName is a DNS name without leading dot or wildcard, a rfc822Name a mailbox, a host or a .domain, a URI a host or a .domain, an iPAddress has a valid mask; other types SHOULD NOT be used",
		Kinds:       caKinds, Applies: hasConstraints, Check: checkConstraintSyntax,
	},
	{
		ID: "nc.tls", Level: Error, Citation: "BR 7.1.2.5.2, 7.1.2.10.8, Appendix B",
		Requirement: "in a technically constrained TLS CA types other than dNSName, iPAddress, directoryName and otherName MUST NOT be present, and excluded names are under a permitted one of their type or exclude the whole type; otherName there and, in other CAs, all types but the first three, such as rfc822Name, and an excluded directoryName are NOT RECOMMENDED (a warning); an onion name has a version 3 address",
		From:        dateBR2, Kinds: subKinds, Packs: tlsPack, Applies: hasConstraints, Check: checkConstraintsTLS,
	},
	{
		ID: "nc.tls-complete", Level: Error, Citation: "BR 7.1.2.5.2",
		Requirement: "a technically constrained TLS CA has a permitted dNSName or excludes all, a permitted iPAddress of each family or excludes all, and at least one permitted directoryName",
		From:        dateBR2, Kinds: subKinds, Packs: tlsPack, Applies: declaredConstrained, Intent: true, Check: checkConstraintsComplete,
	},
	{
		ID: "nc.smime", Level: Error, Citation: "SBR 7.1.5, MRSP 5.3.1",
		Requirement: "an S/MIME CA that is declared to be technically constrained has permitted rfc822Names, which are host names or .domains and not mailboxes, and a permitted directoryName",
		From:        dateSMIME, Kinds: subKinds, Packs: []string{PackSMIME}, Applies: declaredConstrainedMail, Intent: true, Check: checkConstraintsSMIME,
	},
	{
		ID: "chain.nc-nested", Level: Warning, Citation: "RFC 5280 6.1.4",
		Requirement: "name constraints are within those of the issuer",
		Kinds:       subKinds, Needs: []Need{NeedIssuer}, Applies: hasConstraints, Check: checkConstraintsNested,
	},
}

func hasConstraints(t *target) bool { return has(t.exts, inspect.OIDNameConstraints) }

func declaredConstrained(t *target) bool { return t.purpose.Intent == profiles.TLSConstrained }

func declaredConstrainedMail(t *target) bool { return t.purpose.Intent == profiles.SMIMEConstrained }

func checkConstraintSyntax(t *target) (ps []problem) {
	field := t.extField(inspect.OIDNameConstraints)
	nc, _, _ := t.exts.NameConstraints() // empty ones, or such that cannot be read, are for object.parse
	for _, s := range slices.Concat(nc.Permitted, nc.Excluded) {
		ps = append(ps, badSubtree(field, s)...)
	}
	return ps
}

// badSubtree checks one subtree by itself.
func badSubtree(field profiles.Field, s inspect.Subtree) []problem {
	switch s.Tag {
	case inspect.TagDNS, inspect.TagEmail, inspect.TagURI, inspect.TagIP, inspect.TagDirectoryName, inspect.TagOtherName:
	default:
		return at(Warning, fault(field, "%s is of a type that SHOULD NOT be constrained", s.GeneralName))
	}
	switch {
	case s.Minimum != 0 || s.Maximum != nil:
		return fault(field, "%s has a minimum or a maximum", s.GeneralName)
	case s.Malformed:
		return fault(field, "%s is malformed", s.GeneralName)
	case s.Tag == inspect.TagDNS && s.Value != "" && !dnsName(s.Value):
		return fault(field, "dNSName %q is not a DNS name: no leading dot, wildcard or underscore", s.Value)
	case s.Tag == inspect.TagEmail && s.Value != "" && !mailConstraint(s.Value):
		return fault(field, "rfc822Name %q is neither a mailbox nor a host name nor a .domain", s.Value)
	case s.Tag == inspect.TagURI && s.Value != "" && !dnsName(strings.TrimPrefix(s.Value, ".")):
		return fault(field, "URI %q is neither a host name nor a .domain", s.Value)
	}
	return nil
}

// mailConstraint reports whether a word is a constraint of mail addresses.
func mailConstraint(s string) bool {
	if local, host, mailbox := strings.Cut(s, "@"); mailbox {
		return local != "" && !strings.ContainsAny(local, " *") && dnsName(host)
	}
	return dnsName(strings.TrimPrefix(s, "."))
}

// dnsName reports whether a word is a DNS name in the preferred syntax (RFC 1034
// 3.5, RFC 1123 2.1), of one label or more.
func dnsName(s string) bool {
	for l := range strings.SplitSeq(s, ".") {
		if l == "" || len(l) > 63 || strings.Trim(strings.ToLower(l), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" ||
			l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
	}
	return len(s) <= 253
}

// onionAddress reports whether a name is not one of Tor, or has a version 3
// address: 56 characters in base 32.
func onionAddress(s string) bool {
	labels := strings.Split(strings.ToLower(s), ".")
	n := len(labels)
	return n < 2 || labels[n-1] != "onion" ||
		len(labels[n-2]) == 56 && strings.Trim(labels[n-2], "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func checkConstraintsTLS(t *target) (ps []problem) {
	field := t.extField(inspect.OIDNameConstraints)
	nc, _, _ := t.exts.NameConstraints()
	constrained := declaredConstrained(t)
	listed := []int{inspect.TagDNS, inspect.TagIP, inspect.TagDirectoryName}
	for _, s := range slices.Concat(nc.Permitted, nc.Excluded) {
		mail := s.Tag == inspect.TagEmail && t.mailIntent() // which SBR 7.1.5 asks for
		switch {
		case s.MinimumEncoded:
			ps = append(ps, fault(field, "%s has a minimum", s.GeneralName)...)
		case s.Tag == inspect.TagDNS && !onionAddress(s.Value):
			ps = append(ps, fault(field, "%q has no version 3 address before onion", s.Value)...)
		case slices.Contains(listed, s.Tag) || mail:
		case constrained && s.Tag != inspect.TagOtherName:
			ps = append(ps, fault(field, "%s is of a type that is not listed", s.GeneralName)...)
		default:
			ps = append(ps, at(Warning, fault(field, "%s is of a type that is NOT RECOMMENDED", s.GeneralName))...)
		}
	}
	for _, s := range nc.Excluded {
		if !constrained && s.Tag == inspect.TagDirectoryName { // of a constrained one: nc.tls-complete
			ps = append(ps, at(Warning, fault(field, "%s is excluded, which is NOT RECOMMENDED", s.GeneralName))...)
		}
	}
	if !constrained {
		return ps
	}
	for _, s := range nc.Excluded {
		if !everything(s) && !withinAny(s, nc.Permitted) {
			ps = append(ps, fault(field, "excluded %s is not under a permitted name", s.GeneralName)...)
		}
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
	ps = constraintGaps(field, nc)
	if len(ofTag(nc.Excluded, inspect.TagDirectoryName)) > 0 {
		ps = append(ps, at(Warning, fault(field, "an excluded directoryName is NOT RECOMMENDED"))...)
	}
	return ps
}

// ConstraintGaps says what name constraints lack that make a TLS CA technically constrained
// (BR 7.1.2.5.2). Those of any other CA may be incomplete (BR 7.1.2.6.1, 7.1.2.10.8).
func ConstraintGaps(nc inspect.NameConstraints) (gaps []string) {
	for _, p := range constraintGaps(profiles.Field{}, nc) {
		gaps = append(gaps, p.details)
	}
	return gaps
}

func constraintGaps(field profiles.Field, nc inspect.NameConstraints) (ps []problem) {
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
	nc, present, err := t.exts.NameConstraints()
	if !present || err != nil {
		return fault(field, "nameConstraints is missing or cannot be read")
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
func hostName(s string) bool { return strings.Contains(s, ".") && dnsName(s) }

func checkConstraintsNested(t *target) (ps []problem) {
	field := t.extField(inspect.OIDNameConstraints)
	outer, _, _ := t.issuer.NameConstraints()
	nc, _, _ := t.exts.NameConstraints()
	for _, s := range nc.Permitted {
		if len(ofTag(outer.Permitted, s.Tag)) > 0 && !withinAny(s, outer.Permitted) {
			ps = append(ps, fault(field, "permitted %s is outside the name constraints of the issuer", s.GeneralName)...)
		}
	}
	return ps
}
