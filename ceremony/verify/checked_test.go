// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"testing"

	"rootceremony/lint"
)

// TestCheckedEvent guards what the record says of the checks after signing: a
// finding is under what it contradicts, and any other under linting.
func TestCheckedEvent(t *testing.T) {
	for states, name := range map[lint.Record]string{
		lint.RecordBytes: "bytes linted are the bytes signed", lint.RecordDeclared: "every declared field is in the issued object",
		lint.RecordSignature: "signature verifies under the recorded public key", lint.RecordIssuer: "linted again", "": "linted again",
	} {
		e := CheckedEvent("x", lint.Report{Findings: []lint.Finding{{Rule: "a.rule", Status: lint.Error, Details: "it is wrong", Record: states}}}, nil)
		failed := []string{}
		for _, c := range e.Checks {
			if !c.OK {
				failed = append(failed, c.Name)
			}
		}
		if len(failed) != 1 || failed[0] != name || len(e.Checks) != 5 {
			t.Errorf("%q: not met %q, want %q", states, failed, name)
		}
	}
}
