// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import "os"

// pipeEnds is one pipe between parent and child.
type pipeEnds struct{ parent, child *os.File }

// pipeSet makes pipes and remembers the first error.
type pipeSet struct {
	all []pipeEnds
	err error
}

// input makes a pipe that the child reads.
func (s *pipeSet) input() pipeEnds { return s.pipe(false) }

// output makes a pipe that the child writes.
func (s *pipeSet) output() pipeEnds { return s.pipe(true) }

func (s *pipeSet) pipe(childWrites bool) pipeEnds {
	if s.err != nil {
		return pipeEnds{}
	}
	r, w, err := os.Pipe()
	if err != nil {
		s.err = err
		return pipeEnds{}
	}
	ends := pipeEnds{parent: w, child: r}
	if childWrites {
		ends = pipeEnds{parent: r, child: w}
	}
	s.all = append(s.all, ends)
	return ends
}

func (s *pipeSet) closeChildEnds() {
	for _, e := range s.all {
		_ = e.child.Close()
	}
}

func (s *pipeSet) closeParentEnds() {
	for _, e := range s.all {
		_ = e.parent.Close()
	}
}
