// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package value

// Reason is why something is not allowed where it is; the zero Reason is none.
type Reason struct {
	Why      string
	Citation string // may be empty
}

// String gives both.
func (r Reason) String() string {
	if r.Citation == "" {
		return r.Why
	}
	return r.Why + " (" + r.Citation + ")"
}
