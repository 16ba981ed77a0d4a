// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"sync"

	"rootceremony/internal/secret"
)

// Bounds of what is kept of a worker's output, in bytes.
const (
	maxOutputLine = 4 << 10
	maxOutputKept = 16 << 10
)

// output takes what a worker prints: hands on each line and keeps the first
// part of what came since the current operation began.
type output struct {
	log  func(string)
	done chan struct{} // closed at the end of the output

	mu   sync.Mutex
	pin  *secret.PIN // its own copy of what must not show
	kept []string
	size int
}

func newOutput(log func(string)) *output {
	return &output{log: log, done: make(chan struct{})}
}

// read runs until the end of the output.
func (o *output) read(from io.ReadCloser) {
	defer close(o.done)
	defer o.redact(nil)
	defer func() { _ = from.Close() }()
	reader := bufio.NewReaderSize(from, maxOutputLine)
	for {
		line, isPrefix, err := reader.ReadLine()
		if err != nil {
			return
		}
		o.line(line)
		for isPrefix && err == nil { // the rest of a line that is too long
			_, isPrefix, err = reader.ReadLine()
		}
	}
}

func (o *output) line(raw []byte) {
	o.mu.Lock()
	raw, _ = o.pin.Hide(raw)
	text := printable(bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte{0}, []byte(" ")), []byte("\t"), []byte("    ")))
	if o.size+len(text) < maxOutputKept {
		o.kept, o.size = append(o.kept, text), o.size+len(text)+1
	}
	o.mu.Unlock()
	if o.log != nil {
		o.log(text)
	}
}

// redact sets the PIN that lines must not show, as a copy that is wiped at the
// end of the output.
func (o *output) redact(pin *secret.PIN) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pin.Wipe()
	o.pin = pin.Clone()
}

// begin forgets what was printed before the operation that begins now.
func (o *output) begin() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept, o.size = nil, 0
}

// summary returns the line that says most, and all that was kept.
func (o *output) summary() (first, all string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, line := range o.kept {
		if first == "" && strings.TrimSpace(line) != "" {
			first = line
		}
		for _, start := range []string{"SIG", "fatal error:", "panic:", "runtime:", "unexpected fault"} {
			if strings.HasPrefix(line, start) {
				return line, strings.Join(o.kept, "\n")
			}
		}
	}
	return first, strings.Join(o.kept, "\n")
}
