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

// What a module prints is bounded, cut and redacted.
func TestOutput(t *testing.T) {
	var logged []string
	o := newOutput(func(line string) { logged = append(logged, line) })
	o.redact(secret.NewPIN([]byte("s3cret")))
	text := "plain\n" + strings.Repeat("long", 5000) + "\nwith s3cret\n\x1b[31mSIGSEGV\n" + strings.Repeat("y\n", 20_000) + "unfinished"
	o.read(io.NopCloser(strings.NewReader(text)))
	if logged[0] != "plain" || len(logged[1]) != maxOutputLine || logged[2] != "with "+secret.Redacted || logged[3] != `\x1b[31mSIGSEGV` {
		t.Errorf("got %.80q", logged[:4])
	}
	if logged[len(logged)-1] != "unfinished" || len(logged) != 20_005 {
		t.Errorf("%d lines, last %q", len(logged), logged[len(logged)-1])
	}
	first, all := o.summary()
	if first != "plain" || len(all) > maxOutputKept {
		t.Errorf("first %q, %d bytes kept", first, len(all))
	}
}
