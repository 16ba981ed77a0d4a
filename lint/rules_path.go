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

func checkPaths(t *target) (ps []problem) {
	from, to := t.cert().NotBefore.Time, t.cert().NotAfter.Time
	middle := time.Unix(from.Unix()/2+to.Unix()/2, 0).UTC()
	der, issuer, err := t.path()
	if err != nil {
		return fault(FieldIssuer, "%v", err)
	}
	byGo, err := pathByGo(der, issuer)
	if err != nil {
		return fault(FieldIssuer, "crypto/x509: %v", err)
	}
	byZCrypto, err := pathByZCrypto(der, issuer)
	if err != nil {
		return fault(FieldIssuer, "zcrypto: %v", err)
	}
	ps = pathProblems("crypto/x509", byGo, from, middle, to)
	// zcrypto takes both ends for outside; RFC 5280 4.1.2.5 has them inside.
	return append(ps, pathProblems("zcrypto", byZCrypto, from.Add(time.Second), middle, to.Add(-time.Second))...)
}

// pathProblems says what is wrong with a path, once for all moments at which it
// is the same.
func pathProblems(who string, path func(time.Time) error, moments ...time.Time) (ps []problem) {
	var order []string
	when := map[string][]string{}
	for _, moment := range moments {
		if err := path(moment); err != nil {
			if why := err.Error(); when[why] == nil {
				order = append(order, why)
			}
			when[err.Error()] = append(when[err.Error()], stamp(moment))
		}
	}
	for _, why := range order {
		ps = append(ps, fault(FieldIssuer, "%s at %s: %s", who, strings.Join(when[why], ", "), why)...)
	}
	return ps
}

// path gives the certificate and its issuer. Before the signature, and among
// specimens, they are stand-ins that differ only in what path validation does
// not look at, and in the signature; the real ones must still be readable.
func (t *target) path() (der, issuer []byte, err error) {
	if !t.static {
		return t.der, t.issuer.Raw, nil
	}
	if err := readByBoth(t.der); err != nil {
		return nil, nil, err
	}
	if err := issuersRead.of(t.issuer.Raw, func() error { return readByBoth(t.issuer.Raw) }); err != nil {
		return nil, nil, err
	}
	return standInPair(t.tbs, t.issuer.Raw)
}

// readByBoth says why one of the parsers cannot read a certificate.
func readByBoth(der []byte) error {
	if _, err := x509.ParseCertificate(der); err != nil {
		return fmt.Errorf("crypto/x509: %w", err)
	}
	if _, err := zx509.ParseCertificate(der); err != nil {
		return fmt.Errorf("zcrypto: %w", err)
	}
	return nil
}

// issuersRead is the memory of the process for [readByBoth]: zcrypto verifies the
// signature of a root when it reads it, which takes longer than all rules together, and
// thousands of certificates have the same issuer.
var issuersRead memory[error] //nolint:gochecknoglobals // a cache of pure results

// pathByGo validates with the standard library, at any moment.
func pathByGo(der, issuer []byte) (func(time.Time) error, error) {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	root, err := x509.ParseCertificate(issuer)
	if err != nil {
		return nil, err
	}
	// It does not process directoryName in name constraints; nc.syntax and
	// chain.nc-nested do.
	c.UnhandledCriticalExtensions = slices.DeleteFunc(c.UnhandledCriticalExtensions, inspect.OIDNameConstraints.Equal)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return func(at time.Time) error {
		_, err := c.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
		return err
	}, nil
}

// pathByZCrypto validates with the parser of zlint.
func pathByZCrypto(der, issuer []byte) (func(time.Time) error, error) {
	c, err := zx509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	root, err := zx509.ParseCertificate(issuer)
	if err != nil {
		return nil, err
	}
	pool := zx509.NewCertPool()
	pool.AddCert(root)
	return func(at time.Time) error {
		current, _, _, err := c.Verify(zx509.VerifyOptions{Roots: pool, CurrentTime: at, KeyUsages: []zx509.ExtKeyUsage{zx509.ExtKeyUsageAny}})
		if err == nil && len(current) == 0 {
			err = errors.New("no path")
		}
		return err
	}, nil
}
