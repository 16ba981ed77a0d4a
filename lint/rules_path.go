// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	zx509 "github.com/zmap/zcrypto/x509"

	"rootceremony/internal/inspect"
)

// pathRules have other implementations validate the path.
var pathRules = []Rule{
	{
		ID: "chain.paths", Level: Error, Citation: "house, RFC 5280 6",
		Requirement: "two implementations validate the path from the certificate to its issuer at notBefore, in the middle and at notAfter",
		House:       HouseUnusable, Kinds: issuedKinds, Needs: []Need{NeedIssuer}, Check: checkPaths,
	},
}

// checkPaths validates the path twice. The certificate of an existing CA may be one that
// these parsers refuse whole, as crypto/x509 does for a negative serial number, which
// RFC 5280 4.1.2.2 asks readers to handle gracefully: a private CA cannot change it. The
// second parser has read it, and the other rules of the chain hold.
func checkPaths(t *target) []problem {
	c, issuer, err := t.path()
	switch {
	case err != nil && t.unreadName():
		return at(Notice, fault(FieldIssuer, "the path is not validated: a parser cannot read the name of the existing CA, which stays byte for byte: %v", err))
	case issuer.err != nil && t.private():
		return at(Notice, fault(FieldIssuer, "the path is not validated: a parser cannot read the certificate of the existing CA: %v", err))
	case err != nil && t.ctx.Published:
		return lacksContext(FieldIssuer, NeedReadable)
	case err != nil:
		return fault(FieldIssuer, "%v", err)
	}
	one, two := byGo(c, issuer), byZCrypto(c, issuer)
	if t.ctx.Published && t.overlaps() { // chain.validity-nested tells of the rest
		one.clip()
		two.clip()
	}
	ps := append(one.problems(), two.problems()...)
	switch {
	case !issuer.passedOver:
		return ps
	case t.ctx.Published:
		return append(ps, lacksContext(FieldIssuer, NeedConstraints)...)
	}
	return append(ps, at(Notice, fault(FieldIssuer, "crypto/x509 does not support all name constraints of the issuer, such as directoryName; only the rest of the path is validated"))...)
}

// path gives the certificate and its issuer. Before the signature, and among
// specimens, they are stand-ins that differ only in what path validation does
// not look at, and in the signature; the real ones must still be readable.
func (t *target) path() (c readings, issuer anchor, err error) {
	if c.byGo, err = x509.ParseCertificate(t.der); err != nil {
		return c, issuer, fmt.Errorf("crypto/x509: %w", err)
	}
	read, err := t.byZLint()
	if err != nil {
		return c, issuer, fmt.Errorf("zcrypto: %w", err)
	}
	own := *read // what it notes of a path is not for zlint
	c.byZCrypto = &own
	if t.static {
		c.underStandIn()
		issuer = standInsRead.of(t.issuer.Raw, func() anchor { return newStandIn(t.issuer.Raw) })
	} else {
		issuer = anchorsRead.of(t.issuer.Raw, func() anchor { return newAnchor(t.issuer.Raw) })
	}
	return c, issuer, issuer.err
}

// readings are one certificate as each of the two implementations reads it.
type readings struct {
	byGo      *x509.Certificate
	byZCrypto *zx509.Certificate
}

// readByBoth says why one of the parsers cannot read a certificate.
func readByBoth(der []byte) (r readings, err error) {
	if r.byGo, err = x509.ParseCertificate(der); err != nil {
		return r, fmt.Errorf("crypto/x509: %w", err)
	}
	if r.byZCrypto, err = zx509.ParseCertificate(der); err != nil {
		return r, fmt.Errorf("zcrypto: %w", err)
	}
	return r, nil
}

// anchor is an issuer as the end of a path.
type anchor struct {
	readings
	pool  *x509.CertPool
	zpool *zx509.CertPool
	err   error // the issuer cannot be read
	// The standard library does not support all of its name constraints.
	passedOver bool
}

// The memories of the process for issuers, and for their stand-ins: thousands of
// certificates have the same issuer, and zcrypto verifies the signature of a root when
// it reads it. Nothing changes an anchor.
var (
	anchorsRead  memory[anchor] //nolint:gochecknoglobals // a cache of pure results
	standInsRead memory[anchor] //nolint:gochecknoglobals // a cache of pure results
)

func newAnchor(der []byte) (a anchor) {
	if a.readings, a.err = readByBoth(der); a.err != nil {
		return a
	}
	a.passedOver = passOverConstraints(a.byGo)
	a.pool, a.zpool = x509.NewCertPool(), zx509.NewCertPool()
	a.pool.AddCert(a.byGo)
	a.zpool.AddCert(a.byZCrypto)
	return a
}

// newStandIn is the anchor for an issuer whose key has a stand-in. The real one must be
// readable, too.
func newStandIn(der []byte) anchor {
	if _, err := readByBoth(der); err != nil {
		return anchor{err: err}
	}
	signer, err := withStandIn(der)
	if err != nil {
		return anchor{err: err}
	}
	return newAnchor(signer)
}

// path is a certificate and its issuer for one implementation.
type path struct {
	who          string
	at           func(time.Time) error // validates it
	from, to     time.Time             // of the certificate, the first and last moment inside
	since, until time.Time             // the same of the issuer
}

// byGo validates with the standard library.
func byGo(c readings, issuer anchor) path {
	leaf, root := c.byGo, issuer.byGo
	passOverConstraints(leaf) // those of the leaf are about what is below it
	return path{
		who: "crypto/x509", from: leaf.NotBefore, to: leaf.NotAfter, since: root.NotBefore, until: root.NotAfter,
		at: func(moment time.Time) error {
			_, err := leaf.Verify(x509.VerifyOptions{Roots: issuer.pool, CurrentTime: moment, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
			return err
		},
	}
}

// passOverConstraints has the standard library validate what it can, and reports whether it
// leaves out name constraints: it does not process directoryName, which BR 7.1.2.5.2 asks
// for and nc.syntax and chain.nc-nested check.
func passOverConstraints(c *x509.Certificate) bool {
	before := len(c.UnhandledCriticalExtensions)
	c.UnhandledCriticalExtensions = slices.DeleteFunc(c.UnhandledCriticalExtensions, inspect.OIDNameConstraints.Equal)
	return len(c.UnhandledCriticalExtensions) < before
}

// byZCrypto validates with the parser of zlint. It takes both ends for outside; RFC
// 5280 4.1.2.5 has them inside.
func byZCrypto(c readings, issuer anchor) path {
	leaf, root := c.byZCrypto, issuer.byZCrypto
	return path{
		who:  "zcrypto",
		from: leaf.NotBefore.Add(time.Second), to: leaf.NotAfter.Add(-time.Second),
		since: root.NotBefore.Add(time.Second), until: root.NotAfter.Add(-time.Second),
		at: func(moment time.Time) error {
			current, _, _, err := leaf.Verify(zx509.VerifyOptions{Roots: issuer.zpool, CurrentTime: moment, KeyUsages: []zx509.ExtKeyUsage{zx509.ExtKeyUsageAny}})
			if err == nil && len(current) == 0 {
				err = errors.New("no path")
			}
			return err
		},
	}
}

// clip takes from the validity of the certificate what is outside that of the issuer.
func (p *path) clip() {
	if p.from.Before(p.since) {
		p.from = p.since
	}
	if p.to.After(p.until) {
		p.to = p.until
	}
}

// problems says what is wrong with a path at both ends and in the middle, once for all
// moments at which it is the same. A moment is only compared with the validity of both
// certificates: a path that is valid in the middle, of a certificate whose validity is
// within that of its issuer, is not verified again for the ends.
func (p path) problems() (ps []problem) {
	middle := time.Unix(p.from.Unix()/2+p.to.Unix()/2, 0).UTC()
	if p.at(middle) == nil && !p.from.Before(p.since) && !p.to.After(p.until) {
		return nil
	}
	var order []string
	when := map[string][]string{}
	for _, moment := range []time.Time{p.from, middle, p.to} {
		if err := p.at(moment); err != nil {
			if why := err.Error(); when[why] == nil {
				order = append(order, why)
			}
			when[err.Error()] = append(when[err.Error()], stamp(moment))
		}
	}
	for _, why := range order {
		ps = append(ps, fault(FieldIssuer, "%s at %s: %s", p.who, strings.Join(when[why], ", "), why)...)
	}
	return ps
}
