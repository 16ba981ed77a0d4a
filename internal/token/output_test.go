// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"rootceremony/internal/secret"
)

// The worker's reader forgets a PIN as soon as it was handed over.
func TestLineReaderForgets(t *testing.T) {
	const pin = "Sentinel-4711-PIN"
	input := "{}\n" + pin + "{\"a\":1}\n"
	for name, source := range map[string]io.Reader{
		"at once": strings.NewReader(input), "byte by byte": iotest.OneByteReader(strings.NewReader(input)),
	} {
		l := &lineReader{source: source}
		if line, err := l.line(100); err != nil || string(line) != "{}" {
			t.Fatalf("%s: %q, %v", name, line, err)
		}
		got, err := l.pin(len(pin))
		if err != nil || string(got.Reveal()) != pin {
			t.Fatalf("%s: %v", name, err)
		}
		if bytes.Contains(l.buffer[:cap(l.buffer)], []byte(pin[:8])) {
			t.Errorf("%s: the buffer still holds the PIN", name)
		}
		if line, err := l.line(100); err != nil || string(line) != `{"a":1}` {
			t.Errorf("%s: %q, %v", name, line, err)
		}
		if _, err := l.line(100); !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLineReaderBounds(t *testing.T) {
	l := &lineReader{source: strings.NewReader(strings.Repeat("x", 1<<20))}
	if _, err := l.line(maxRequestLine); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
}

// What a module prints is bounded, counted, cut and redacted.
func TestOutput(t *testing.T) {
	var logged []string
	o := newOutput(func(line string) { logged = append(logged, line) })
	o.redact(secret.NewPIN([]byte("s3cret")))
	text := "plain\n" + strings.Repeat("long", 5000) + "\nwith s3cret\n\x1b[31mSIGSEGV\n" + strings.Repeat("y\n", 20_000) + "unfinished"
	o.read(io.NopCloser(strings.NewReader(text)))
	if logged[0] != "plain" || len(logged[1]) != maxOutputLine || logged[2] != "with "+secret.Redacted || logged[3] != `\x1b[31mSIGSEGV` {
		t.Errorf("got %.80q", logged[:4])
	}
	if last := logged[len(logged)-1]; len(logged) != maxOutputLines+1 || last != "19505 more lines were printed: cut and counted, not recorded" {
		t.Errorf("%d lines, last %q", len(logged), last)
	}
	if first := o.summary(); first != "plain" {
		t.Errorf("first %q", first)
	}
}

// The lines of each operation are counted by themselves, and a line at the end
// needs no line feed. Nothing of a PIN that was printed stays in the buffers.
func TestOutputOperations(t *testing.T) {
	var logged []string
	o := newOutput(func(line string) { logged = append(logged, line) })
	line := make([]byte, 0, maxOutputLine)
	line = o.split([]byte(strings.Repeat("x\n", maxOutputLines+2)), line)
	o.begin()
	line = o.split([]byte("second\r\nhalf of the PIN 47"), line)
	if n := len(logged); n != maxOutputLines+2 || logged[n-2] != "2 more lines were printed: cut and counted, not recorded" || logged[n-1] != "second" {
		t.Errorf("%d lines, last %q", len(logged), logged[len(logged)-1])
	}
	line = o.split([]byte("11\n"), line)
	if logged[len(logged)-1] != "half of the PIN 4711" || bytes.Contains(line[:cap(line)], []byte("PIN")) {
		t.Errorf("last %q, buffer %.40q", logged[len(logged)-1], line[:cap(line)])
	}
	logged = nil
	o.read(io.NopCloser(strings.NewReader("unfinished")))
	if len(logged) != 1 || logged[0] != "unfinished" {
		t.Errorf("got %q", logged)
	}
}
