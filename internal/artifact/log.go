// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Errors of logs.
var (
	// ErrLocked says that another process holds the log.
	ErrLocked = errors.New("another process has it open")
	// ErrPoisoned says that an earlier error left the log in an unknown state.
	ErrPoisoned = errors.New("an earlier write failed, so the log is closed to further lines")
	// ErrTorn says that the last line of the log was not written to its end.
	ErrTorn = errors.New("the last line is torn")
)

// Log is a file of lines that only grows. One process at a time has it open.
type Log struct {
	fsys FS
	file File
	path string
	torn []byte
	bad  error // why no further line is accepted
}

// CreateLogFS makes a new, empty log.
func CreateLogFS(fsys FS, path string) (*Log, error) {
	l, err := openLog(fsys, path, logFlags|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return nil, fmt.Errorf("creating log: %w", err)
	}
	err = setMode(l.file, Public)
	if err == nil {
		err = l.file.Sync()
	}
	if err == nil {
		err = fsys.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("creating log %s: %w", path, err), l.file.Close())
	}
	return l, nil
}

// OpenLog opens a log to continue it. When its last line is torn, the log
// accepts no line until CutTorn.
func OpenLog(path string) (*Log, error) { return OpenLogFS(OS{}, path) }

// OpenLogFS is OpenLog with another file system.
func OpenLogFS(fsys FS, path string) (*Log, error) {
	info, err := fsys.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return nil, fmt.Errorf("opening log %s: %w", path, err)
	}
	l, err := openLog(fsys, path, logFlags)
	if err != nil {
		return nil, fmt.Errorf("opening log: %w", err)
	}
	data, err := l.Contents()
	if err != nil {
		return nil, errors.Join(err, l.file.Close())
	}
	if tail := data[bytes.LastIndexByte(data, '\n')+1:]; len(tail) > 0 {
		l.torn = bytes.Clone(tail)
		l.bad = ErrTorn
	}
	return l, nil
}

func openLog(fsys FS, path string, flag int) (*Log, error) {
	f, err := fsys.OpenFile(path, flag, Public)
	if err != nil {
		return nil, err
	}
	if err := f.Lock(); err != nil {
		return nil, errors.Join(fmt.Errorf("locking %s: %w", path, err), f.Close())
	}
	return &Log{fsys: fsys, file: f, path: path}, nil
}

// Append writes one line, given without its line feed, and syncs. When it
// returns an error the line may be there, in part, as a whole, or not; the log
// then refuses further lines, for nothing that is written after a failed sync
// can be trusted.
func (l *Log) Append(line []byte) error {
	if l.bad != nil {
		return fmt.Errorf("appending to %s: %w", l.path, l.bad)
	}
	if len(line) == 0 || bytes.IndexByte(line, '\n') >= 0 {
		return fmt.Errorf("appending to %s: not one line: %d bytes", l.path, len(line))
	}
	whole := make([]byte, 0, len(line)+1)
	whole = append(append(whole, line...), '\n')
	n, err := l.file.Write(whole)
	if err == nil && n < len(whole) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		l.bad = ErrPoisoned
		return fmt.Errorf("appending to %s: %w", l.path, err)
	}
	return nil
}

// MaxLog is the size in octets of the largest log that is read back. What reads a journal
// needs about twenty times its size in memory, and a ceremony of 200 lines has 130 kB.
const MaxLog = 64 << 20

// Contents reads the whole log back from the disk.
func (l *Log) Contents() ([]byte, error) {
	info, err := l.file.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading log %s: %w", l.path, err)
	}
	if info.Size() > MaxLog {
		return nil, fmt.Errorf("reading log %s: %d bytes are more than %d", l.path, info.Size(), MaxLog)
	}
	data, err := io.ReadAll(io.NewSectionReader(l.file, 0, info.Size()))
	if err != nil {
		return nil, fmt.Errorf("reading log %s: %w", l.path, err)
	}
	return data, nil
}

// Torn returns the last line when it has no line feed, which is what a crash
// in the middle of a write leaves.
func (l *Log) Torn() []byte { return l.torn }

// CutTorn writes the torn line to a new file, and when that is safe, cuts it
// off the log, which then accepts lines again.
func (l *Log) CutTorn(keep string) error {
	if l.torn == nil {
		return fmt.Errorf("recovering %s: no line is torn", l.path)
	}
	err := writeFile(l.fsys, keep, l.torn, Public)
	if err != nil && !(errors.Is(err, fs.ErrExist) && l.kept(keep)) {
		return fmt.Errorf("keeping the torn line of %s: %w", l.path, err)
	}
	info, err := l.file.Stat()
	if err == nil {
		err = l.file.Truncate(info.Size() - int64(len(l.torn)))
	}
	if err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		l.torn, l.bad = nil, ErrPoisoned
		return fmt.Errorf("cutting the torn line off %s: %w", l.path, err)
	}
	l.torn, l.bad = nil, nil
	return nil
}

// kept reports whether a crash came after the torn line was kept and before it
// was cut off.
func (l *Log) kept(keep string) bool {
	f, err := l.fsys.OpenFile(keep, os.O_RDONLY, 0)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // read only
	got, err := io.ReadAll(io.NewSectionReader(f, 0, int64(len(l.torn))+1))
	return err == nil && bytes.Equal(got, l.torn)
}

// Close gives up the lock.
func (l *Log) Close() error {
	l.bad = os.ErrClosed
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("closing log %s: %w", l.path, err)
	}
	return nil
}
