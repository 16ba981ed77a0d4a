// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"io"
)

// stoppable is an input that may wait for somebody to write into it, as a pipe does: a
// signal that ends the context ends the wait.
type stoppable struct {
	ctx context.Context //nolint:containedctx // a Reader has none
	in  io.Reader
}

// Read implements [io.Reader]. After the end of the context a read that was begun
// stays behind; the process ends then.
func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	type result struct {
		n   int
		err error
	}
	own, done := make([]byte, len(p)), make(chan result, 1)
	go func() {
		n, err := s.in.Read(own)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		copy(p, own[:r.n])
		clear(own) // it may have been a PIN
		return r.n, r.err
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	}
}
