// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates_test

import (
	"fmt"
	"math/big"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/templates"
)

func BenchmarkCertificate(b *testing.B) {
	root := fakeRoot(b)
	c, e1 := fakeIssuing(b, root)
	number := serial(b, 0x42, 16)
	for b.Loop() {
		if _, err := templates.Certificate(c, e1.spki, number, signing, root.Issuer); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRevocationList(b *testing.B) {
	root := fakeRoot(b)
	for _, n := range []int{100, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			entries := make([]profiles.RevokedEntry, n)
			for i := range entries {
				number := new(big.Int).Mul(big.NewInt(int64(i+1)), new(big.Int).SetBytes(root.KeyID[:12]))
				entries[i] = profiles.RevokedEntry{Serial: profiles.Serial(number.Text(16)), Date: "2026-01-02T03:04:05Z", Reason: profiles.Superseded}
			}
			l := &profiles.RevocationList{
				Artifact: "crl", Signature: algorithm.ECDSASHA384, Number: "1", Entries: entries,
				ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Days: 10}},
			}
			for b.Loop() {
				if _, err := templates.RevocationList(l, signing, root.Issuer); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
