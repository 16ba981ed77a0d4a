// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"errors"
	"math/big"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

func longList(t testing.TB, n int64) []byte {
	t.Helper()
	var b cryptobyte.Builder
	alg := []byte{0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3}
	at := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	base := new(big.Int).Lsh(big.NewInt(0x55), 112)
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1)
			b.AddBytes(alg)
			b.AddASN1(casn1.SEQUENCE, func(*cryptobyte.Builder) {})
			b.AddASN1UTCTime(at)
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for i := range n {
					b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1BigInt(new(big.Int).Add(base, big.NewInt(i)))
						b.AddASN1UTCTime(at)
					})
				}
			})
		})
		b.AddBytes(alg)
		b.AddASN1BitString([]byte{1})
	})
	der, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestScanStops(t *testing.T) {
	stop := errors.New("enough")
	count := 0
	_, err := scanList(longList(t, 10), func(*RevokedEntry) error {
		if count++; count == 3 {
			return stop
		}
		return nil
	}, nil)
	if err != stop || count != 3 {
		t.Errorf("error %v after %d entries", err, count)
	}
}

func BenchmarkScanList(b *testing.B) {
	der := longList(b, 100_000)
	b.SetBytes(int64(len(der)))
	for b.Loop() {
		l, err := scanList(der, func(*RevokedEntry) error { return nil }, nil)
		if err != nil || l.EntryCount != 100_000 {
			b.Fatal(l, err)
		}
	}
}

func BenchmarkParseCertificate(b *testing.B) {
	der := load(b, "fake-sub.pem")
	for b.Loop() {
		if _, err := ParseCertificate(der); err != nil {
			b.Fatal(err)
		}
	}
}
