// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import "fmt"

// WithheldError says that a step failed: what it signed did not meet a check
// and is withheld. Nothing but doing the step again makes that good.
type WithheldError struct {
	Artifact string
	Step     string
	Err      error // what was found
}

// Error implements error.
func (e *WithheldError) Error() string {
	return fmt.Sprintf("%s was signed and is withheld: %v", e.Artifact, e.Err)
}

// Unwrap gives what was found.
func (e *WithheldError) Unwrap() error { return e.Err }
