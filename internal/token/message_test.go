// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
)

func announced(alg algorithm.Signature, message []byte) *wireRequest {
	sum := sha256.Sum256(message)
	return &wireRequest{Op: opSign, Algorithm: alg, MessageLength: len(message), MessageSHA256: sum[:]}
}

// A worker reads a message to its end whatever it is, and gives its key only what
// was announced.
func TestReadMessage(t *testing.T) {
	message := bytes.Repeat([]byte("bytes to be signed\n"), 1<<14)
	digest, err := algorithm.ECDSASHA384.Digest(message)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Clone(message)
	changed[len(changed)/2] ^= 1
	for name, c := range map[string]struct {
		alg  algorithm.Signature
		sent []byte
		want error // nil where it is signed
	}{
		"as announced":      {algorithm.ECDSASHA384, message, nil},
		"a bit changed":     {algorithm.ECDSASHA384, changed, errAnnounced},
		"unknown algorithm": {"sha3-256-rsa", message, errors.ErrUnsupported},
	} {
		request := announced(c.alg, message)
		input := &lineReader{source: io.MultiReader(bytes.NewReader(c.sent), strings.NewReader("next\n"))}
		got, err := readMessage(input, request)
		switch {
		case c.want == nil && (err != nil || !bytes.Equal(got, digest)):
			t.Errorf("%s: %x, %v", name, got, err)
		case c.want != nil && (err == nil || got != nil), c.want == errAnnounced && !errors.Is(err, errAnnounced):
			t.Errorf("%s: %x, %v", name, got, err)
		}
		if line, err := input.line(maxRequestLine); string(line) != "next" || err != nil {
			t.Errorf("%s: the next request is %q, %v", name, line, err)
		}
		if most := maxRequestLine + maxPIN + 4096; cap(input.buffer) > most {
			t.Errorf("%s: %d bytes were held at once", name, cap(input.buffer))
		}
	}
	if _, err := readMessage(bytes.NewReader(message[1:]), announced(algorithm.ECDSASHA384, message)); !errors.Is(err, io.EOF) {
		t.Errorf("a message that ends early: %v", err)
	}
}

// A worker refuses a message that changed on its way, whoever is logged in.
func TestWorkerRefusesMessage(t *testing.T) {
	request := announced(algorithm.ECDSASHA256, []byte("a message"))
	reply := (&worker{}).answer(request, &lineReader{source: strings.NewReader("another m")})
	if reply.Error == nil || !strings.Contains(reply.Error.Text, errAnnounced.Error()) || reply.Error.Effect || reply.Bytes != nil {
		t.Errorf("got %+v", reply)
	}
}

// A worker that reads no more does not hold the ceremony up: a message can be
// longer than what a pipe takes.
func TestSendDeadline(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = errors.Join(r.Close(), w.Close()) }()
	request := announced(algorithm.ECDSASHA256, make([]byte, 4<<20))
	request.message = make([]byte, 4<<20)
	if err := (&process{stdin: w}).send(*request, nil, time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// Requests with lengths that nobody asks for are refused before anything is read.
func TestMessageLengths(t *testing.T) {
	for _, line := range []string{
		`{"op":"sign"}`, `{"op":"sign","message_length":-1}`, `{"op":"sign","message_length":67108865}`, `{"op":"find","message_length":1}`,
	} {
		if q, err := decodeRequest([]byte(line)); err == nil {
			t.Errorf("%s: %+v", line, q)
		}
	}
}
