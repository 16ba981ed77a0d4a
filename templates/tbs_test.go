// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates_test

import (
	"errors"
	"testing"

	"rootceremony/profiles"
	"rootceremony/templates"
)

// TestTBSOfNothing guards that each type of object has a template, and that one
// without the values it needs is an error and no panic.
func TestTBSOfNothing(t *testing.T) {
	for _, o := range []profiles.Object{&profiles.Certificate{}, &profiles.RevocationList{}, &profiles.Response{}, &profiles.Request{}} {
		if tbs, err := templates.TBS(o, templates.Values{}); err == nil || errors.Is(err, templates.ErrNoTemplate) {
			t.Errorf("%T: %x, %v", o, tbs, err)
		}
	}
	if _, err := templates.TBS(nil, templates.Values{}); !errors.Is(err, templates.ErrNoTemplate) {
		t.Errorf("nothing: %v", err)
	}
}
