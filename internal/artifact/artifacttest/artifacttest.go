// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package artifacttest is a file system that fails on demand, for tests of code
// that writes files through package artifact.
package artifacttest

import (
	"io/fs"
	"path/filepath"
	"sync"

	"rootceremony/internal/artifact"
)

// Op is one call of an operating system.
type Op string

// The calls that can fail.
const (
	Open     Op = "open"
	Write    Op = "write"
	Sync     Op = "sync"
	Close    Op = "close"
	Chmod    Op = "chmod"
	Lock     Op = "lock"
	Truncate Op = "truncate"
	Publish  Op = "publish"
	Remove   Op = "remove"
	Mkdir    Op = "mkdir"
	SyncDir  Op = "syncdir"
)

// Call is one call that a test may let fail.
type Call struct {
	Op    Op
	Name  string // base name of the file or directory
	Count int    // how many calls of Op came before it
}

// Fault decides about a call: nil lets it happen.
type Fault func(Call) *Failure

// Failure is how a call fails. A write first writes Short bytes; a nil Err then
// is a short write that reports no error. Every other call that fails does
// nothing.
type Failure struct {
	Err   error
	Short int
}

// FS is the file system of the host with faults.
type FS struct {
	artifact.OS
	fault Fault

	mu    sync.Mutex
	count map[Op]int
	calls []Call
	open  []artifact.File
}

var _ artifact.FS = (*FS)(nil)

// New returns a file system whose calls go through fault; nil lets all happen.
func New(fault Fault) *FS {
	return &FS{fault: fault, count: map[Op]int{}}
}

// FailNth returns a fault that lets the n-th call of op, from 0, fail.
func FailNth(op Op, n int, f Failure) Fault {
	return func(c Call) *Failure {
		if c.Op == op && c.Count == n {
			return &f
		}
		return nil
	}
}

// Calls returns what was called so far.
func (f *FS) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Call(nil), f.calls...)
}

// call counts a call and asks for its fault.
func (f *FS) call(op Op, name string) *Failure {
	f.mu.Lock()
	c := Call{op, filepath.Base(name), f.count[op]}
	f.count[op]++
	f.calls = append(f.calls, c)
	f.mu.Unlock()
	if f.fault == nil {
		return nil
	}
	return f.fault(c)
}

func (f *FS) do(op Op, name string, call func() error) error {
	if failure := f.call(op, name); failure != nil {
		return failure.Err
	}
	return call()
}

// OpenFile implements artifact.FS.
func (f *FS) OpenFile(name string, flag int, mode fs.FileMode) (artifact.File, error) {
	if failure := f.call(Open, name); failure != nil {
		return nil, failure.Err
	}
	inner, err := f.OS.OpenFile(name, flag, mode)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.open = append(f.open, inner)
	f.mu.Unlock()
	return &file{File: inner, fsys: f, name: name}, nil
}

// Kill closes what is open, as the end of a process does: its locks end with it, and a test
// that plays a process which was killed must not leave them to the collection of garbage.
func (f *FS) Kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, file := range f.open {
		file.Close() //nolint:errcheck // most are closed already
	}
	f.open = nil
}

// Publish implements artifact.FS.
func (f *FS) Publish(temp, name string) error {
	return f.do(Publish, name, func() error { return f.OS.Publish(temp, name) })
}

// Remove implements artifact.FS.
func (f *FS) Remove(name string) error {
	return f.do(Remove, name, func() error { return f.OS.Remove(name) })
}

// Mkdir implements artifact.FS.
func (f *FS) Mkdir(name string, mode fs.FileMode) error {
	return f.do(Mkdir, name, func() error { return f.OS.Mkdir(name, mode) })
}

// SyncDir implements artifact.FS.
func (f *FS) SyncDir(name string) error {
	return f.do(SyncDir, name, func() error { return f.OS.SyncDir(name) })
}

// file is an open file with faults.
type file struct {
	artifact.File
	fsys *FS
	name string
}

// Write implements artifact.File.
func (f *file) Write(p []byte) (int, error) {
	failure := f.fsys.call(Write, f.name)
	if failure == nil {
		return f.File.Write(p)
	}
	n, err := f.File.Write(p[:min(failure.Short, len(p))])
	if err != nil {
		return n, err
	}
	return n, failure.Err
}

// Sync implements artifact.File.
func (f *file) Sync() error { return f.fsys.do(Sync, f.name, f.File.Sync) }

// Close implements artifact.File. The file is closed even when the call fails,
// as close(2) does.
func (f *file) Close() error {
	err := f.File.Close()
	if failure := f.fsys.call(Close, f.name); failure != nil {
		return failure.Err
	}
	return err
}

// Chmod implements artifact.File.
func (f *file) Chmod(mode fs.FileMode) error {
	return f.fsys.do(Chmod, f.name, func() error { return f.File.Chmod(mode) })
}

// Lock implements artifact.File.
func (f *file) Lock() error { return f.fsys.do(Lock, f.name, f.File.Lock) }

// Truncate implements artifact.File.
func (f *file) Truncate(size int64) error {
	return f.fsys.do(Truncate, f.name, func() error { return f.File.Truncate(size) })
}
