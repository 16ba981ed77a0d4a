// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"crypto/sha256"
	"crypto/sha512"
	"testing"
	"time"

	"github.com/miekg/pkcs11"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// BenchmarkSignOverhead measures what worker and guard rails add to a signature: the same
// key signs through the worker, and by C_SignInit and C_Sign in this process. It gives the
// quotient of both, and the difference.
func BenchmarkSignOverhead(b *testing.B) {
	p384, rsa := sha512.Sum384(tokentest.Message()), sha256.Sum256(tokentest.Message())
	for _, c := range []struct {
		key   algorithm.Key
		input []byte // of the mechanism
	}{
		{algorithm.ECDSAP384, p384[:]},
		{algorithm.RSA4096, append([]byte("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"), rsa[:]...)},
	} {
		b.Run(string(c.key), func(b *testing.B) {
			config := tokentest.NewSoftHSM(b, "ca")
			tok, err := token.Open(b.Context(), token.Options{Config: config, PIN: tokentest.PIN})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = tok.Close() }()
			pair, err := tok.Generate(b.Context(), tokentest.NewRequest("root", c.key))
			if err != nil {
				b.Fatal(err)
			}
			var direct, worker time.Duration
			n := 0
			(&existing{t: b, config: config}).module(func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error {
				private, err := only(x, s, pkcs11.CKO_PRIVATE_KEY, "root")
				if err != nil {
					return err
				}
				mechanism := []*pkcs11.Mechanism{pkcs11.NewMechanism(uint(c.key.PKCS11().Sign.Type), nil)}
				for b.Loop() {
					began := time.Now()
					if err := x.SignInit(s, mechanism, private); err != nil {
						return err
					}
					if _, err := x.Sign(s, c.input); err != nil {
						return err
					}
					between := time.Now()
					if _, err := tok.Sign(b.Context(), pair.Handle(), c.key.DefaultSignature(), tokentest.Message()); err != nil {
						return err
					}
					direct, worker, n = direct+between.Sub(began), worker+time.Since(between), n+1
				}
				return nil
			})
			b.ReportMetric(float64(worker)/float64(direct), "times-direct")
			b.ReportMetric(float64((worker-direct).Microseconds())/float64(n), "µs-more")
		})
	}
}
