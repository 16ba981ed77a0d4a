// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/x509"
	"errors"
	"slices"
	"time"

	zx509 "github.com/zmap/zcrypto/x509"

	"rootceremony/internal/inspect"
)

// pathRules let others build the path.
var pathRules = []Rule{
	{
		ID: "chain.paths", Level: Error, Citation: "house, RFC 5280 6",
		Requirement: "two implementations validate the path from the certificate to its issuer at notBefore, in the middle and at notAfter",
		Kinds:       issuedKinds, Needs: []Need{NeedIssuer}, Applies: reallySigned, Check: checkPaths,
	},
}

func checkPaths(t *target) (ps []problem) {
	from, to := t.cert.NotBefore.Time, t.cert.NotAfter.Time
	middle := time.Unix(from.Unix()/2+to.Unix()/2, 0).UTC()
	try := func(who string, path func(time.Time) error, moments ...time.Time) {
		for _, moment := range moments {
			if err := path(moment); err != nil {
				ps = append(ps, fault(FieldIssuer, "%s at %s: %v", who, stamp(moment), err)...)
			}
		}
	}
	byGo, err := pathByGo(t.der, t.issuer.Raw)
	if err != nil {
		return fault(FieldIssuer, "crypto/x509: %v", err)
	}
	byZCrypto, err := pathByZCrypto(t.der, t.issuer.Raw)
	if err != nil {
		return fault(FieldIssuer, "zcrypto: %v", err)
	}
	try("crypto/x509", byGo, from, middle, to)
	// zcrypto takes both ends for outside; RFC 5280 4.1.2.5 has them inside.
	try("zcrypto", byZCrypto, from.Add(time.Second), middle, to.Add(-time.Second))
	return ps
}

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
