// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

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

// maxRest is how much is still read of a pipe after the worker has ended: all
// that it can have written fits into the pipe (at most 1 MiB, pipe(7)). A child of
// the module that has the other end, too, could go on writing for ever.
const maxRest = 1 << 20

// workerPipe is what comes from a worker, until the pipe ends or, once the
// worker has ended, until it is empty, even if another process has the other
// end open.
type workerPipe struct {
	file  *os.File
	ended atomic.Bool
	rest  int
}

// finish says that the worker has ended.
func (w *workerPipe) finish() {
	w.ended.Store(true)
	_ = w.file.SetReadDeadline(time.Unix(1, 0)) // ends a Read that waits
}

// Close closes this end.
func (w *workerPipe) Close() error { return w.file.Close() }

// Read implements io.Reader.
func (w *workerPipe) Read(p []byte) (int, error) {
	if !w.ended.Load() {
		n, err := w.file.Read(p)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
	}
	if w.rest >= maxRest {
		return 0, io.EOF
	}
	n, err := w.available(p)
	w.rest += n
	if n == 0 && err == nil {
		err = io.EOF
	}
	return n, err
}

// available reads what is there without waiting.
func (w *workerPipe) available(p []byte) (n int, err error) {
	raw, err := w.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	for {
		var readErr error
		err = raw.Control(func(fd uintptr) { n, readErr = unix.Read(int(fd), p) })
		switch {
		case err != nil:
			return 0, err
		case errors.Is(readErr, unix.EINTR):
		case errors.Is(readErr, unix.EAGAIN):
			return 0, nil
		default:
			return max(n, 0), readErr
		}
	}
}
