// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/templates"
)

// limit is an extension that narrows what a CA may do. wider reports whether a
// certificate with the extensions now permits what one with those of old does not.
type limit struct {
	oid   asn1.ObjectIdentifier
	wider func(old, now inspect.Extensions) bool
}

// limits are those of RFC 5280 6.1, with the key purposes. Where a policy is no limit,
// since another CA has others, lostLimits leaves it out.
var limits = []limit{
	{inspect.OIDBasicConstraints, widerPath},
	{inspect.OIDKeyUsage, widerUsage},
	{inspect.OIDExtKeyUsage, widerPurposes},
	{inspect.OIDNameConstraints, widerNames},
	{inspect.OIDCertificatePolicies, widerPolicies},
	{inspect.OIDPolicyConstraints, widerPolicyConstraints},
	{inspect.OIDInhibitAnyPolicy, widerAnyPolicy},
}

// lostLimits warns of a certificate for a name and a key that have one already, if it
// lacks a limit of the newest of those: whoever renews a CA may not mean to free it.
func (l *Loaded) lostLimits() (out []Warning) {
	for i := range l.Plan.Artifacts {
		a := &l.Plan.Artifacts[i]
		if a.Certificate() == nil {
			continue
		}
		input, old := l.newestBefore(a)
		if old == nil {
			continue
		}
		now, err := l.extensionsOf(a, old)
		if err != nil {
			continue // it cannot be built, which is an error of its own
		}
		for _, of := range limits {
			if l.comparedElsewhere(a, input, old, of.oid) || !of.wider(old.Extensions, now) {
				continue
			}
			out = append(out, Warning{Pos: l.places[a.ID].step.Pos(), Text: fmt.Sprintf("%s permits more than %s, the newest certificate from before with its name and key: "+
				"%s of %s: %s; of %s: %s; put the limit into the profile, unless it is to end",
				a.ID, input, inspect.OIDName(of.oid), input, limitText(old.Extensions, of.oid), a.ID, limitText(now, of.oid))})
		}
	}
	return out
}

// comparedElsewhere reports whether a limit is compared by a rule, cross.pathlen or cross.ku,
// or is a policy of another CA.
func (l *Loaded) comparedElsewhere(a *Artifact, input string, old *inspect.Certificate, oid asn1.ObjectIdentifier) bool {
	switch {
	case oid.Equal(inspect.OIDBasicConstraints), oid.Equal(inspect.OIDKeyUsage):
		return a.Existing.IsInput() && a.Existing.ID() == input
	case oid.Equal(inspect.OIDCertificatePolicies):
		of := l.Plan.Authority(a.Authority)
		return of != nil && of.Subject.DER != nil && !bytes.Equal(of.Subject.DER, old.RawIssuer)
	}
	return false
}

// newestBefore gives the newest certificate among the inputs with the name and key of
// an artifact, and what the ceremony file calls it.
func (l *Loaded) newestBefore(a *Artifact) (input string, newest *inspect.Certificate) {
	spki := l.spkiBefore(a.SubjectKey)
	name, err := templates.EncodeName(a.Certificate().Subject)
	if spki == nil || err != nil {
		return "", nil
	}
	for _, in := range l.Plan.Inputs {
		c := l.Inputs[in.ID].Cert()
		if c != nil && bytes.Equal(c.RawSPKI, spki) && bytes.Equal(c.RawSubject, name) && (newest == nil || c.NotBefore.After(newest.NotBefore.Time)) {
			input, newest = in.ID, c
		}
	}
	return input, newest
}

// spkiBefore gives the key of a subject if it is older than the ceremony, or nil.
func (l *Loaded) spkiBefore(subject Ref) []byte {
	in := l.Inputs[subject.ID()]
	if k := l.Plan.Key(subject.ID()); subject.isKey() && k != nil {
		in = l.Inputs[k.Input]
	}
	if in == nil {
		return nil
	}
	spki, _ := in.read.SubjectKey()
	return spki
}

// extensionsOf gives the extensions of a certificate of the plan as they will be read.
// Serial number, issuer and moment are placeholders: no limit depends on them.
func (l *Loaded) extensionsOf(a *Artifact, old *inspect.Certificate) (inspect.Extensions, error) {
	c := a.Certificate()
	v := templates.Values{
		SPKI: old.RawSPKI, Signing: l.Plan.Ceremony.Window.From,
		Serial: new(big.Int).Lsh(big.NewInt(1), uint(8*c.SerialOctets-2)),
	}
	if !a.Issuer.IsSelf() {
		v.Issuer = &templates.Issuer{Name: old.RawIssuer, SPKI: old.RawSPKI, KeyID: []byte{1}}
	}
	tbs, err := templates.TBS(c, v)
	if err != nil {
		return nil, err
	}
	der, err := templates.Assemble(tbs, c.Signature, []byte{0})
	if err != nil {
		return nil, err
	}
	read, err := inspect.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return read.Extensions, nil
}

// limitText gives a limit in words.
func limitText(x inspect.Extensions, oid asn1.ObjectIdentifier) string {
	if lines := x.Lines(oid); len(lines) > 0 {
		return strings.Join(lines, ", ")
	}
	return "absent"
}

// What frees instead of limiting: anyExtendedKeyUsage (RFC 5280 4.2.1.12) and anyPolicy
// (4.2.1.4).
const (
	anyPurpose = "2.5.29.37.0"
	anyPolicy  = "2.5.29.32.0"
)

func widerPath(old, now inspect.Extensions) bool {
	was, _, err := old.BasicConstraints()
	is, _, err2 := now.BasicConstraints()
	return err == nil && err2 == nil && was.PathLen != nil && is.CA && (is.PathLen == nil || *is.PathLen > *was.PathLen)
}

func widerUsage(old, now inspect.Extensions) bool {
	was, limited, err := old.KeyUsage()
	is, present, err2 := now.KeyUsage()
	return err == nil && err2 == nil && limited && (!present || is.Bits&^was.Bits != 0)
}

func widerPurposes(old, now inspect.Extensions) bool {
	was, limited, err := old.ExtKeyUsage()
	is, present, err2 := now.ExtKeyUsage()
	free := slices.ContainsFunc(was, func(p asn1.ObjectIdentifier) bool { return p.String() == anyPurpose })
	return err == nil && err2 == nil && limited && !free && (!present || !allOf(is, was, asn1.ObjectIdentifier.String))
}

// widerNames takes for wider whatever is not named the same: whether one subtree lies
// within another, people see.
func widerNames(old, now inspect.Extensions) bool {
	was, limited, err := old.NameConstraints()
	is, _, err2 := now.NameConstraints()
	forms := func(list []inspect.Subtree) map[int]bool {
		out := map[int]bool{}
		for _, s := range list {
			out[s.Tag] = true
		}
		return out
	}
	before, after := forms(was.Permitted), forms(is.Permitted)
	freed := false
	for tag := range before {
		freed = freed || !after[tag]
	}
	known := slices.DeleteFunc(slices.Clone(is.Permitted), func(s inspect.Subtree) bool { return !before[s.Tag] })
	return err == nil && err2 == nil && limited && (freed || !allOf(known, was.Permitted, subtreeKey) || !allOf(was.Excluded, is.Excluded, subtreeKey))
}

func subtreeKey(s inspect.Subtree) string { return fmt.Sprintf("%d %q %x", s.Tag, s.Value, s.Bytes) }

func widerPolicies(old, now inspect.Extensions) bool {
	was, limited, err := old.Policies()
	is, _, err2 := now.Policies()
	oid := func(p inspect.Policy) string { return p.OID.String() }
	free := slices.ContainsFunc(was, func(p inspect.Policy) bool { return oid(p) == anyPolicy })
	return err == nil && err2 == nil && limited && !free && !allOf(is, was, oid)
}

// widerPolicyConstraints compares how many certificates may follow before a policy is
// required or mappings end (RFC 5280 4.2.1.11).
func widerPolicyConstraints(old, now inspect.Extensions) bool {
	type skips struct {
		Explicit int `asn1:"optional,tag:0,default:-1"`
		Mapping  int `asn1:"optional,tag:1,default:-1"`
	}
	var was, is skips
	if !readLimit(old, inspect.OIDPolicyConstraints, &was) {
		return false
	}
	if !readLimit(now, inspect.OIDPolicyConstraints, &is) {
		return true
	}
	return widerSkip(was.Explicit, is.Explicit) || widerSkip(was.Mapping, is.Mapping)
}

// widerAnyPolicy compares SkipCerts of RFC 5280 4.2.1.14.
func widerAnyPolicy(old, now inspect.Extensions) bool {
	was, is := -1, -1
	return readLimit(old, inspect.OIDInhibitAnyPolicy, &was) && (!readLimit(now, inspect.OIDInhibitAnyPolicy, &is) || widerSkip(was, is))
}

// widerSkip compares two SkipCerts, -1 for none.
func widerSkip(was, is int) bool { return was >= 0 && (is < 0 || is > was) }

// readLimit reads an extension, and reports whether it is there and readable.
func readLimit(x inspect.Extensions, oid asn1.ObjectIdentifier, to any) bool {
	e, count := x.Extension(oid)
	if count != 1 {
		return false
	}
	rest, err := asn1.Unmarshal(e.Value, to)
	return err == nil && len(rest) == 0
}

// allOf reports whether all of some are among others, by their keys.
func allOf[T any](some, others []T, key func(T) string) bool {
	return !slices.ContainsFunc(some, func(s T) bool {
		return !slices.ContainsFunc(others, func(o T) bool { return key(o) == key(s) })
	})
}
