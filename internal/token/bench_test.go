// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token_test

import (
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// BenchmarkSign measures a P-384 signature through the worker, with the look
// for the key before it and the verification after it.
func BenchmarkSign(b *testing.B) {
	tok, err := token.Open(b.Context(), token.Options{Config: tokentest.NewSoftHSM(b, "ca"), PIN: tokentest.PIN})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = tok.Close() }()
	pair, err := tok.Generate(b.Context(), tokentest.NewRequest("root", algorithm.ECDSAP384))
	if err != nil {
		b.Fatal(err)
	}
	message := tokentest.Message()
	for b.Loop() {
		if _, err := tok.Sign(b.Context(), pair.Handle(), algorithm.ECDSASHA384, message); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen measures the start of a worker, the search for the token, the
// login, and the end of the worker.
func BenchmarkOpen(b *testing.B) {
	config := tokentest.NewSoftHSM(b, "ca")
	for b.Loop() {
		tok, err := token.Open(b.Context(), token.Options{Config: config, PIN: tokentest.PIN})
		if err != nil {
			b.Fatal(err)
		}
		if err := tok.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
