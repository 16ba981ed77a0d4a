// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/x509"
	"fmt"
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
	middle := from.Add(to.Sub(from) / 2)
	for _, moment := range []time.Time{from, middle, to} {
		if err := pathByGo(t.der, t.issuer.Raw, moment); err != nil {
			ps = append(ps, fault(FieldIssuer, "crypto/x509 at %s: %v", stamp(moment), err)...)
		}
	}
	// zcrypto takes both ends for outside; RFC 5280 4.1.2.5 has them inside.
	for _, moment := range []time.Time{from.Add(time.Second), middle, to.Add(-time.Second)} {
		if err := pathByZCrypto(t.der, t.issuer.Raw, moment); err != nil {
			ps = append(ps, fault(FieldIssuer, "zcrypto at %s: %v", stamp(moment), err)...)
		}
	}
	return ps
}

// pathByGo validates with the standard library.
func pathByGo(der, issuer []byte, at time.Time) error {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return err
	}
	root, err := x509.ParseCertificate(issuer)
	if err != nil {
		return err
	}
	// It does not process directoryName in name constraints; nc.syntax and
	// chain.nc-nested do.
	c.UnhandledCriticalExtensions = slices.DeleteFunc(c.UnhandledCriticalExtensions, inspect.OIDNameConstraints.Equal)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	_, err = c.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err
}

// pathByZCrypto validates with the parser of zlint.
func pathByZCrypto(der, issuer []byte, at time.Time) error {
	c, err := zx509.ParseCertificate(der)
	if err != nil {
		return err
	}
	root, err := zx509.ParseCertificate(issuer)
	if err != nil {
		return err
	}
	pool := zx509.NewCertPool()
	pool.AddCert(root)
	current, _, _, err := c.Verify(zx509.VerifyOptions{Roots: pool, CurrentTime: at, KeyUsages: []zx509.ExtKeyUsage{zx509.ExtKeyUsageAny}})
	if err == nil && len(current) == 0 {
		err = fmt.Errorf("no path")
	}
	return err
}
