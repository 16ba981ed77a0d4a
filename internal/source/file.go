// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// MaxFile is more than any profile, certificate or request needs, and enough for
// the CRL of a root.
const MaxFile = 16 << 20

// Open opens a file that people name. What is not a regular file is refused before
// it is opened: opening a named pipe waits for somebody to write into it, and a
// device may never end.
func Open(name string) (*os.File, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		instead := ""
		if info.IsDir() {
			instead = ": name a file in it"
		}
		return nil, fmt.Errorf("%s is %s, not a regular file%s", name, notRegular(info.Mode()), instead)
	}
	return os.Open(name)
}

// ReadFile reads a file that people name, of at most [MaxFile] bytes.
func ReadFile(name string) ([]byte, error) {
	file, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	return ReadAll(name, file)
}

// ReadAll reads to the end of in, at most [MaxFile] bytes.
func ReadAll(name string, in io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(data) > MaxFile {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, MaxFile>>20)
	}
	return data, nil
}

// notRegular says what something is that is no regular file.
func notRegular(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "an irregular file"
}
