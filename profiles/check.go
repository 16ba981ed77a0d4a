// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"errors"
	"fmt"
	"slices"
)

// Check reports whether an extension holds the value that its name asks for,
// and no other. What came from a profile passes; it is for bound objects that
// were read from a plan.
func (e *Extension) Check() error {
	has := map[ExtensionName]bool{
		ExtBasicConstraints: e.BasicConstraints != nil,
		ExtKeyUsage:         len(e.KeyUsage) > 0,
		ExtExtKeyUsage:      len(e.ExtKeyUsage) > 0,
		ExtSubjectKeyID:     e.SubjectKeyID != nil,
		ExtPolicies:         len(e.Policies) > 0,
		ExtNameConstraints:  e.NameConstraints != nil,
		ExtCRLPoints:        len(e.CRLURLs) > 0,
		ExtInfoAccess:       len(e.InfoAccess) > 0,
		ExtIssuingPoint:     e.IssuingPoint != nil,
		ExtRaw:              e.Raw != nil,
	}
	_, valued := has[e.Name]
	if valued && !has[e.Name] {
		return errors.New("the value is missing")
	}
	if !valued && e.Name.OID() == "" {
		return fmt.Errorf("unknown extension %q", string(e.Name))
	}
	for name, set := range has {
		if set && name != e.Name {
			return fmt.Errorf("%s holds the value of another extension", e.Name)
		}
	}
	return e.checkValue()
}

// checkValue looks into the value.
func (e *Extension) checkValue() error {
	switch e.Name {
	case ExtBasicConstraints:
		if n := e.BasicConstraints.PathLength; n != nil && (*n < 0 || !e.BasicConstraints.CA) {
			return errors.New("a path length that is negative or not of a CA (RFC 5280 4.2.1.9)")
		}
	case ExtKeyUsage:
		return checkUsages(e.KeyUsage)
	case ExtInfoAccess:
		for _, d := range e.InfoAccess {
			if d.Method != "ocsp" && d.Method != "ca-issuers" {
				return fmt.Errorf("unknown access method %q", d.Method)
			}
		}
	case ExtIssuingPoint:
		if e.IssuingPoint.OnlyCACerts && e.IssuingPoint.OnlyUserCerts {
			return errors.New("a CRL cannot be for CA certificates only and for user certificates only (RFC 5280 5.2.5)")
		}
	case ExtNameConstraints:
		return e.NameConstraints.check()
	case ExtRaw:
		if name, ok := nameOf(e.Raw.OID); ok {
			return fmt.Errorf("%s must be written as %s", e.Raw.OID, name)
		}
		return checkDER(e.Raw.DER)
	}
	return nil
}

// checkUsages reports unknown and repeated bits.
func checkUsages(list []KeyUsage) error {
	for i, u := range list {
		if !slices.Contains(keyUsages, u) {
			return fmt.Errorf("unknown key usage %q", string(u))
		}
		if slices.Contains(list[:i], u) {
			return fmt.Errorf("the bit %s stands twice", u)
		}
	}
	return nil
}

// check reports subtrees that cannot be encoded.
func (c *NameConstraints) check() error {
	if len(c.Permitted)+len(c.Excluded) == 0 {
		return errors.New("neither permitted nor excluded names (RFC 5280 4.2.1.10)")
	}
	for _, s := range slices.Concat(c.Permitted, c.Excluded) {
		if (s.Type == "directory") != (s.Directory != nil) {
			return errors.New("a subtree of directory names without a name, or a name in another subtree")
		}
		if s.Type == "other" {
			if err := checkDER(s.OtherDER); err != nil {
				return err
			}
		}
	}
	return nil
}
