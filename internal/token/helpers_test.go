// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rootceremony/internal/secret"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// tryOpen is open for tests that expect an error. It fails the test when the
// PIN shows in the error or in a line of the module.
func tryOpen(t *testing.T, o token.Options) (token.Token, error) {
	t.Helper()
	if o.PIN == nil {
		o.PIN = tokentest.PIN
	}
	log := o.Log
	o.Log = func(line string) {
		if strings.Contains(line, tokentest.TestPIN) {
			t.Errorf("the PIN shows in the log")
		}
		if log != nil {
			log(line)
		}
	}
	tok, err := token.Open(t.Context(), o)
	noPIN(t, err)
	if tok != nil {
		t.Cleanup(func() { _ = tok.Close() })
	}
	return tok, err
}

func noPIN(t *testing.T, err error) {
	t.Helper()
	if err != nil && strings.Contains(err.Error(), tokentest.TestPIN) {
		t.Errorf("the PIN shows in an error")
	}
}

// lines collects what modules print.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line)
}

// count returns how many lines contain the text.
func (l *lines) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, line := range l.all {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

// pin shortens the signature of Options.PIN.
type pin = *secret.PIN

// testKey writes a FAKE P-256 key as PKCS#8 PEM and returns its path.
func testKey(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return keyFile(t, key)
}

// keyFile writes a FAKE key as PKCS#8 PEM and returns its path.
func keyFile(t testing.TB, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "fake.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
