// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// CRLScope is the set of certificates that a CRL speaks for, as its
// issuingDistributionPoint says (RFC 5280 5, 5.2.5), and what narrows it further. An
// indirect CRL has none that could be compared: [CheckIncomingCRL] refuses it.
type CRLScope struct {
	// Names are those of the distribution point. Certificates are in scope if one of
	// their distribution points has one of them (RFC 5280 6.3.3 b); nil: all are.
	Names   []string
	Users   bool // certificates that are not those of CAs
	CAs     bool
	Reasons bool // some reasons only
	Delta   bool // changes only (RFC 5280 5.2.4)
}

// ScopeOf reads the scope of a CRL.
func ScopeOf(x inspect.Extensions) (CRLScope, error) {
	p, _, err := x.IssuingDistributionPoint()
	if err != nil {
		return CRLScope{}, fmt.Errorf("its issuingDistributionPoint: %w", err)
	}
	s := CRLScope{
		Users:   !p.OnlyContainsCACerts.Value && !p.OnlyContainsAttributeCerts.Value,
		CAs:     !p.OnlyContainsUserCerts.Value && !p.OnlyContainsAttributeCerts.Value,
		Reasons: p.HasReasons, Delta: has(x, inspect.OIDDeltaCRLIndicator),
	}
	for _, n := range p.FullNames {
		s.Names = append(s.Names, pointName(n))
	}
	if p.Relative {
		e, _ := x.Extension(inspect.OIDIssuingDistributionPoint)
		s.Names = []string{"a name relative to the issuer, in " + hex.EncodeToString(e.Value)}
	}
	return s, nil
}

// pointName is a name to compare: a URI as it is, another with its kind.
func pointName(n inspect.GeneralName) string {
	if n.Tag == inspect.TagURI {
		return n.Value
	}
	return n.String()
}

// DeclaredScope gives the scope of a CRL that is to be signed.
func DeclaredScope(l *profiles.RevocationList) CRLScope {
	s := CRLScope{Users: true, CAs: true}
	for i := range l.Extensions {
		if p, ok := l.Extensions[i].Value.(ext.IssuingPoint); ok {
			s.Names, s.Users, s.CAs = p.URLs, !p.OnlyCACerts, !p.OnlyUserCerts
		}
	}
	return s
}

// String says which certificates a CRL covers.
func (s CRLScope) String() string {
	what := map[[2]bool]string{{true, true}: "all certificates", {true, false}: "user certificates", {false, true}: "CA certificates"}[[2]bool{s.Users, s.CAs}]
	if what == "" {
		what = "attribute certificates"
	}
	if len(s.Names) > 0 {
		what += " that point to " + strings.Join(s.Names, " or ")
	}
	return what
}

// At reports whether a CRL with the scope may be found under a URL.
func (s CRLScope) At(url string) bool { return len(s.Names) == 0 || slices.Contains(s.Names, url) }

// Covers reports whether a CRL speaks for a certificate of its issuer. It speaks for
// all reasons: of the others no complete list is known.
func (s CRLScope) Covers(c *inspect.Certificate) bool {
	return s.CoversKind(c) && !s.Reasons && !s.Delta && s.pointedToBy(c)
}

// CoversKind reports whether the kind of a certificate is in scope.
func (s CRLScope) CoversKind(c *inspect.Certificate) bool {
	bc, _, err := c.BasicConstraints()
	if err == nil && bc.CA {
		return s.CAs
	}
	return s.Users
}

// MayList reports whether a CRL is one that lists a certificate of its issuer once it is
// revoked, as far as the certificate says where its CRL is.
func (s CRLScope) MayList(c *inspect.Certificate) bool { return s.CoversKind(c) && s.AskedBy(c) }

// AskedBy reports whether the distribution points of a certificate lead to a CRL. One
// that has none does not say where its CRL is.
func (s CRLScope) AskedBy(c *inspect.Certificate) bool {
	_, present, err := c.CRLDistributionPoints()
	return err == nil && !present || s.pointedToBy(c)
}

// pointedToBy reports whether a distribution point of a certificate has a name of the
// scope.
func (s CRLScope) pointedToBy(c *inspect.Certificate) bool {
	if len(s.Names) == 0 {
		return true
	}
	points, _, err := c.CRLDistributionPoints()
	return err == nil && slices.ContainsFunc(points, func(d inspect.DistributionPoint) bool {
		return slices.ContainsFunc(d.FullNames, func(n inspect.GeneralName) bool { return slices.Contains(s.Names, pointName(n)) })
	})
}

// namesNotIn gives the names that another scope does not have.
func (s CRLScope) namesNotIn(other CRLScope) []string {
	return slices.DeleteFunc(slices.Clone(s.Names), func(n string) bool { return slices.Contains(other.Names, n) })
}

// reachesAllOf reports whether no certificate of an old scope is lost by the name of
// the distribution point. Where both have names, the CRL has moved.
func (s CRLScope) reachesAllOf(old CRLScope) bool { return len(s.Names) == 0 || len(old.Names) > 0 }

// overlaps reports whether a certificate may be in both scopes.
func (s CRLScope) overlaps(o CRLScope) bool {
	kinds := s.Users && o.Users || s.CAs && o.CAs
	return kinds && (len(s.Names) == 0 || len(o.Names) == 0 || len(s.namesNotIn(o)) < len(s.Names))
}

// equal reports whether two scopes are the same.
func (s CRLScope) equal(o CRLScope) bool {
	return s.Users == o.Users && s.CAs == o.CAs && len(s.Names) == len(o.Names) && len(s.namesNotIn(o)) == 0 && s.Delta == o.Delta
}

// reaches reports whether a scope has all certificates that are in two others. The
// second is that of a CRL which follows one of this scope, also under another name.
func (s CRLScope) reaches(a, follower CRLScope) bool {
	if a.Users && follower.Users && !s.Users || a.CAs && follower.CAs && !s.CAs {
		return false
	}
	names := CRLScope{Names: slices.Concat(s.Names, follower.Names)}
	switch {
	case len(s.Names) == 0:
		return true
	case len(a.Names) == 0:
		return len(follower.Names) > 0
	}
	return len(a.namesNotIn(names)) == 0
}
