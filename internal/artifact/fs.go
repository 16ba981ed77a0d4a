// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// FS is what writing needs of a file system. Tests put faults between.
type FS interface {
	// OpenFile opens as os.OpenFile does.
	OpenFile(name string, flag int, mode fs.FileMode) (File, error)
	// Publish renames a file within a file system; it fails with fs.ErrExist when
	// the new name is taken.
	Publish(temp, name string) error
	Remove(name string) error
	Mkdir(name string, mode fs.FileMode) error
	Lstat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	// SyncDir makes the entries of a directory durable.
	SyncDir(name string) error
}

// File is an open file of an FS.
type File interface {
	io.Writer
	io.ReaderAt
	Chmod(fs.FileMode) error
	Close() error
	// Lock takes the exclusive lock of the file or fails at once.
	Lock() error
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
}

// Flags of files that must not exist yet.
const (
	createFlags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	logFlags    = os.O_RDWR | os.O_APPEND
)

// OS is the file system of the host.
type OS struct{}

var _ FS = OS{}

// OpenFile implements FS.
func (OS) OpenFile(name string, flag int, mode fs.FileMode) (File, error) {
	f, err := os.OpenFile(name, flag, mode)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

// Publish implements FS.
func (OS) Publish(temp, name string) error { return publish(temp, name) }

// Remove implements FS.
func (OS) Remove(name string) error { return os.Remove(name) }

// Mkdir implements FS. The umask does not count: others read what is in it.
func (OS) Mkdir(name string, mode fs.FileMode) error {
	if err := os.Mkdir(name, mode); err != nil {
		return err
	}
	_ = os.Chmod(name, mode) // a file system without modes has none to set
	return nil
}

// Lstat implements FS.
func (OS) Lstat(name string) (fs.FileInfo, error) { return os.Lstat(name) }

// ReadDir implements FS.
func (OS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// SyncDir implements FS.
func (OS) SyncDir(name string) error { return syncDir(name) }

// osFile adds the lock to a file of the host.
type osFile struct{ *os.File }

// Lock implements File.
func (f osFile) Lock() error { return lock(f.File) }

// link gives a file its name where the system has no rename that refuses to
// overwrite.
func link(temp, name string) error {
	if err := os.Link(temp, name); err != nil {
		return err
	}
	if err := os.Remove(temp); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
