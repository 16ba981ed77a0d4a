// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"rootceremony/internal/secret"
)

// output takes what a worker prints: hands on each line, up to a number for each
// operation, and keeps the line that says most since the current one began.
type output struct {
	log  func(string)
	done chan struct{} // closed at the end of the output

	mu  sync.Mutex
	pin *secret.PIN // its own copy of what must not show
	// telling is the line that says most of the current operation: how the Go
	// runtime begins when it gives up, or else the first that is not blank.
	telling string
	// lines were printed since the current operation began; over were printed
	// before, beyond the bound, and are to be mentioned.
	lines, over int
}

func newOutput(log func(string)) *output {
	return &output{log: log, done: make(chan struct{})}
}

// read runs until the end of the output. Its buffers are wiped: a module may
// print its PIN.
func (o *output) read(from io.ReadCloser) {
	defer close(o.done)
	defer o.redact(nil)
	defer func() { _ = from.Close() }()
	chunk, line := make([]byte, maxOutputLine), make([]byte, 0, maxOutputLine)
	defer func() { clear(line[:cap(line)]) }()
	for {
		n, err := from.Read(chunk)
		line = o.split(chunk[:n], line)
		clear(chunk[:n])
		if err == nil {
			continue
		}
		if len(line) > 0 {
			o.line(line)
		}
		o.mu.Lock()
		o.settle()
		o.mu.Unlock()
		o.uncounted()
		return
	}
}

// split takes the lines out of what was read; line is the beginning of the first
// one, and what is returned that of the next. Beyond the bound a line is cut.
func (o *output) split(read, line []byte) []byte {
	for len(read) > 0 {
		part, rest, ends := bytes.Cut(read, []byte("\n"))
		line = append(line, part[:min(len(part), cap(line)-len(line))]...)
		if ends {
			o.line(bytes.TrimSuffix(line, []byte("\r")))
			clear(line)
			line = line[:0]
		}
		read = rest
	}
	return line
}

func (o *output) line(raw []byte) {
	o.uncounted()
	o.mu.Lock()
	if o.lines++; o.lines > maxOutputLines {
		o.mu.Unlock()
		return
	}
	raw, _ = o.pin.Hide(raw)
	text := printable(bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte{0}, []byte(" ")), []byte("\t"), []byte("    ")))
	if strings.TrimSpace(o.telling) == "" || isFatal(text) && !isFatal(o.telling) {
		o.telling = text
	}
	o.mu.Unlock()
	if o.log != nil {
		o.log(text)
	}
}

// uncounted says how many lines of earlier operations were not handed on.
func (o *output) uncounted() {
	o.mu.Lock()
	over := o.over
	o.over = 0
	o.mu.Unlock()
	if over > 0 && o.log != nil {
		o.log(fmt.Sprintf("%d more lines were printed: cut and counted, not recorded", over))
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
	o.telling = ""
	o.settle()
}

// settle starts a new count of lines.
func (o *output) settle() {
	o.over += max(o.lines-maxOutputLines, 0)
	o.lines = 0
}

// summary returns the line that says most.
func (o *output) summary() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.telling
}

// isFatal reports whether a line is how the Go runtime begins when it gives up.
func isFatal(line string) bool {
	return slices.ContainsFunc([]string{"SIG", "fatal error:", "panic:", "runtime:", "unexpected fault"},
		func(start string) bool { return strings.HasPrefix(line, start) })
}
