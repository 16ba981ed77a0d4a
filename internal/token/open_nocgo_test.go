// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build !cgo || !unix

package token

import (
	"errors"
	"strings"
	"testing"
)

// The auditor's build says what it lacks and where to find it.
func TestNotBuiltIn(t *testing.T) {
	_, openErr := Open(t.Context(), Options{})
	_, listErr := List(t.Context(), "/m.so", "")
	for _, err := range []error{openErr, listErr} {
		if !errors.Is(err, ErrNotBuiltIn) || !strings.Contains(err.Error(), "CGO_ENABLED=1") {
			t.Errorf("got %v", err)
		}
	}
}
