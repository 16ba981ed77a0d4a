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
	for _, v := range []struct {
		who    string
		paths  func(der, issuer []byte) (func(time.Time) error, error)
		margin time.Duration // zcrypto takes both ends for outside; RFC 5280 4.1.2.5 has them inside
	}{{"crypto/x509", pathByGo, 0}, {"zcrypto", pathByZCrypto, time.Second}} {
		path, err := v.paths(der, issuer)
		if err != nil {
			return fault(FieldIssuer, "%s: %v", v.who, err)
		}
		ps = append(ps, pathProblems(v.who, path, from.Add(v.margin), middle, to.Add(-v.margin))...)
	}
	return ps
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
	_, errGo := x509.ParseCertificate(der)
	_, errZCrypto := zx509.ParseCertificate(der)
	return errors.Join(parserSays("crypto/x509", errGo), parserSays("zcrypto", errZCrypto))
}

// parserSays names the parser that an error is of.
func parserSays(who string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", who, err)
	}
	return nil
}

// readPair reads a certificate and its issuer.
func readPair[T any](read func([]byte) (T, error), der, issuer []byte) (c, root T, err error) {
	if c, err = read(der); err == nil {
		root, err = read(issuer)
	}
	return c, root, err
}

// issuersRead is the memory of the process for [readByBoth]: zcrypto verifies the
// signature of a root when it reads it, which takes longer than all rules together, and
// thousands of certificates have the same issuer.
var issuersRead memory[error] //nolint:gochecknoglobals // a cache of pure results

// pathByGo validates with the standard library, at any moment.
func pathByGo(der, issuer []byte) (func(time.Time) error, error) {
	c, root, err := readPair(x509.ParseCertificate, der, issuer)
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
	c, root, err := readPair(zx509.ParseCertificate, der, issuer)
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
