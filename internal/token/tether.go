// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// logoutTimeout is how long a worker may take to log out and close after its parent is
// gone and its last operation has ended. A vendor's library takes a second or two.
const logoutTimeout = 10 * time.Second

// tether ties a worker to the pipe of its parent, so that none is left behind,
// logged in, when the parent was killed. An operation that changes nothing is
// cut off; a login, and one with an effect, ends first, because a token that is
// interrupted may count a try or keep half a key. It has as long as the parent gave it.
type tether struct {
	mu       sync.Mutex
	cut      bool          // the parent's end is closed
	harmless bool          // what is carried out now may be cut off
	limit    time.Duration // how long it may take if the parent is gone

	busy sync.Mutex // held while something is carried out that must not be cut off
}

// lasting reports whether an operation is let end.
func lasting(op string) bool { return hasEffect(op) || withPIN(op) }

// lastLogin is how long a login may take when the parent is gone, which would have set it
// no deadline: a PIN pad gives up sooner.
const lastLogin = 5 * time.Minute

// begin reports whether an operation may begin: not after the pipe was closed. Deadline is
// that of the parent, 0 for none.
func (t *tether) begin(op string, deadline time.Duration) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cut {
		return false
	}
	if lasting(op) {
		t.busy.Lock() // free: there is one operation at a time
	}
	t.limit = deadline
	t.harmless = !lasting(op) && op != opLogout && op != opClose
	return true
}

func (t *tether) end(op string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.harmless = false
	if lasting(op) {
		t.busy.Unlock()
	}
}

// gone reports whether the result is no longer needed.
func (t *tether) gone() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cut
}

// watch waits until the other end of the pipe is closed, and ends the process.
// Requests still in the pipe are not carried out.
func (t *tether) watch(pipe *os.File, exit func(int)) {
	for {
		polled := []unix.PollFd{{Fd: int32(pipe.Fd())}} // a hangup is always reported
		_, err := unix.Poll(polled, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return // the end of the file tells as well, between two operations
		}
		if polled[0].Revents != 0 {
			break
		}
	}
	t.mu.Lock()
	t.cut = true
	harmless, limit := t.harmless, t.limit
	t.mu.Unlock()
	if harmless {
		exit(1)
	}
	if limit == 0 {
		limit = lastLogin
	}
	hangs := time.AfterFunc(limit, func() { exit(1) })
	t.busy.Lock() // until the operation has ended
	hangs.Stop()
	time.Sleep(logoutTimeout)
	exit(1)
}

// ownInput moves the requests to a descriptor that programs which the module
// starts do not inherit, and gives those an empty standard input: they could read
// requests, and the PIN behind them.
func ownInput(stdin io.Reader) (io.Reader, error) {
	file, ok := stdin.(*os.File)
	if !ok {
		return stdin, nil
	}
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 10)
	if err != nil {
		return nil, err
	}
	empty, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer func() { _ = empty.Close() }()
	if err := unix.Dup2(int(empty.Fd()), int(file.Fd())); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "requests"), nil
}
