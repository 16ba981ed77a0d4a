// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestShownOfBroken damages objects: whatever cannot be read is shown up to the fault,
// within the promises of a dump, and is never an answer without an error.
func TestShownOfBroken(t *testing.T) {
	faults, disagreements := 0, 0
	for _, name := range []string{"fake-root.pem", "fake-crl.pem", "fake-windows-request.pem", "fake-response.pem"} {
		der := load(t, name)
		for i := 8; i < len(der); i += 5 {
			broken := bytes.Clone(der)
			broken[i] ^= 0x5f
			text, err := Shown(broken)
			var fault *FaultError
			var disagree *DisagreeError
			switch {
			case errors.As(err, &disagree):
				disagreements++
				if !strings.Contains(text, "DISAGREES") {
					t.Errorf("%s, byte %d: %v, and the dump does not say so", name, i, err)
				}
			case errors.As(err, &fault) && Guess(broken) != "":
				faults++
				if !strings.HasPrefix(text, "Unreadable ") || strings.Count(text, "\n") < 4 {
					t.Errorf("%s, byte %d: %v, and nothing is shown:\n%s", name, i, err, text)
				}
			case err == nil && text == "":
				t.Errorf("%s, byte %d: neither text nor error", name, i)
			}
			checkText(t, text)
		}
	}
	if faults < 50 || disagreements < 2 {
		t.Errorf("%d faults and %d disagreements", faults, disagreements)
	}
}
