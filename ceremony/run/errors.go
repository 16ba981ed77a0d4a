// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"errors"
	"fmt"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
)

// ErrStopped is returned when two people asked for the ceremony to stop.
var ErrStopped = errors.New("the ceremony was stopped by the people in the room")

// Refusal is an error about the request itself: nothing was opened, made or
// written.
type Refusal struct {
	Reason string
	Hint   string
}

// Error implements error.
func (r *Refusal) Error() string { return r.Reason }

// Stopped is an error that ended a session, or kept it from beginning. What is in the
// record stays there.
type Stopped struct {
	Bundle string
	Next   []plan.NextCommand // of which one helps
	Err    error

	kept bool // there is a record
}

// Hint is what to do next. The refusal knows better.
func (s *Stopped) Hint() string {
	var refusal *Refusal
	if errors.As(s.Err, &refusal) && refusal.Hint != "" {
		return refusal.Hint
	}
	hint := plan.OneOf(s.Next)
	if s.kept {
		hint = "the record so far is kept in " + s.Bundle + "; " + hint
	}
	return hint
}

// Error implements error.
func (s *Stopped) Error() string { return s.Err.Error() }

// Unwrap gives the cause.
func (s *Stopped) Unwrap() error { return s.Err }

// withheldError says that a step failed: what it signed did not meet a check
// and is withheld. Nothing but doing the step again makes that good.
type withheldError struct {
	Artifact string
	Step     string
	Err      error // what was found
}

// Error implements error.
func (e *withheldError) Error() string {
	return fmt.Sprintf("%s was signed and is withheld: %v", e.Artifact, e.Err)
}

// Unwrap gives what was found.
func (e *withheldError) Unwrap() error { return e.Err }

// pause is how a step ends when the ceremony is paused.
type pause struct{ reason string }

// Error implements error.
func (p *pause) Error() string { return "the ceremony is paused: " + p.reason }

// errInvalid says that the record of a bundle is not one to go on from.
var errInvalid = errors.New("the bundle does not verify, so the ceremony cannot resume")

// problemError is the first problem of a bundle, with the number of the rest.
func problemError(problems []transcripts.Problem) error {
	switch len(problems) {
	case 0:
		return errors.New("it is empty")
	case 1:
		return fmt.Errorf("%s", problems[0])
	}
	return fmt.Errorf("%s (and %d more)", problems[0], len(problems)-1)
}
