// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"rootceremony/internal/algorithm"
)

// The operations that a parent asks a worker for.
const (
	opList     = "list"
	opLook     = "look"
	opOpen     = "open"
	opLogin    = "login"
	opCensus   = "census"
	opGenerate = "generate"
	opFind     = "find"
	opTraces   = "traces"
	opSign     = "sign"
	opRandom   = "random"

	// opAuthenticate begins a signature, and makes the login that a key wants before it
	// (CKU_CONTEXT_SPECIFIC). It is an operation of its own because people may be waited
	// for at a PIN pad, and C_Sign is not.
	opAuthenticate = "authenticate"
	opDestroy      = "destroy"
	opAttempt      = "attempt"
	opRemove       = "remove"
	opLogout       = "logout"
	opClose        = "close"
)

// Bounds of a line in bytes, without its newline.
const (
	maxRequestLine = 1 << 16
	maxReplyLine   = 1 << 26 // a census of a hundred thousand objects
	maxPIN         = 1 << 12
)

// wireRequest is one line on the worker's standard input. After the line of a login
// follow PINLength bytes, the PIN itself, so that it is never part of any
// JSON; after a sign line MessageLength bytes, those to be signed, in chunks.
type wireRequest struct {
	DeadlineMS int64               `json:"deadline_ms,omitempty"` // after which the parent ends the worker; 0 for none
	Seq        uint64              `json:"seq"`
	Op         string              `json:"op"`
	Config     *Config             `json:"config,omitempty"`
	PINLength  int                 `json:"pin_length,omitempty"`
	Generate   *Request            `json:"generate,omitempty"`
	Label      string              `json:"label,omitempty"`
	Handle     Handle              `json:"handle,omitzero"`
	Known      Known               `json:"known,omitzero"`
	Algorithm  algorithm.Signature `json:"algorithm,omitempty"`
	N          int                 `json:"n,omitempty"`
	What       string              `json:"what,omitempty"`

	MessageLength int    `json:"message_length,omitempty"`
	MessageSHA256 []byte `json:"message_sha256,omitempty"`
	message       []byte // what the parent sends after the line
}

// wireReply is one line on the worker's file descriptor 3.
type wireReply struct {
	Seq     uint64     `json:"seq"`
	Error   *wireError `json:"error,omitempty"`
	Infos   []Info     `json:"infos,omitempty"`
	Census  Census     `json:"census,omitempty"`
	Pair    *Pair      `json:"pair,omitempty"`
	Traces  *Traces    `json:"traces,omitempty"`
	Bytes   []byte     `json:"bytes,omitempty"`
	Attempt *Attempt   `json:"attempt,omitempty"`
}

// wireError is a ModuleError on its way to the parent.
type wireError struct {
	Kind   string `json:"kind,omitempty"` // key of errorKinds
	Text   string `json:"text"`
	Code   string `json:"code,omitempty"`
	Hint   string `json:"hint,omitempty"`
	Effect bool   `json:"effect,omitempty"`
}

// errorKinds names the sentinels that may cross the pipe.
var errorKinds = map[string]error{
	"key-exists":    ErrKeyExists,
	"no-such-key":   ErrNoSuchKey,
	"ambiguous":     ErrAmbiguous,
	"no-such-token": ErrNoSuchToken,
	"pin-incorrect": ErrPINIncorrect,
	"pin-locked":    ErrPINLocked,
	"logged-in":     errLoggedIn,
	"not-open":      ErrNotOpen,
	"refused":       errRefused,
	"asks-pin":      errAsksPIN,
}

// kindOf returns the name of the sentinel that err wraps, or "".
func kindOf(err error) string {
	names := make([]string, 0, len(errorKinds))
	for name := range errorKinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if errors.Is(err, errorKinds[name]) {
			return name
		}
	}
	return ""
}

// asError makes the error that a caller of the parent sees.
func (e *wireError) asError(token, op string) error {
	kind := errorKinds[e.Kind]
	if kind == nil {
		kind = errRefused
	}
	return &ModuleError{Token: token, Op: op, Code: e.Code, Text: e.Text, Hint: e.Hint, Effect: e.Effect, kind: kind}
}

// withPIN reports whether a PIN may follow a request.
func withPIN(op string) bool { return op == opLogin || op == opAuthenticate }

// decodeRequest reads one line strictly.
func decodeRequest(line []byte) (*wireRequest, error) {
	var q wireRequest
	if err := decodeLine(line, maxRequestLine, &q); err != nil {
		return nil, fmt.Errorf("reading request: %w", err)
	}
	switch {
	case q.PINLength < 0 || q.PINLength > maxPIN:
		return nil, fmt.Errorf("reading request: PIN of %d bytes: want at most %d", q.PINLength, maxPIN)
	case q.PINLength > 0 && !withPIN(q.Op):
		return nil, fmt.Errorf("reading request: a PIN with operation %q", q.Op)
	case q.MessageLength != 0 && q.Op != opSign:
		return nil, fmt.Errorf("reading request: bytes to be signed with operation %q", q.Op)
	case q.Op == opSign && (q.MessageLength < 1 || q.MessageLength > maxMessage):
		return nil, fmt.Errorf("reading request: %d bytes to be signed: want 1 to %d", q.MessageLength, maxMessage)
	case q.Config == nil && (q.Op == opOpen || q.Op == opList || q.Op == opLook):
		return nil, fmt.Errorf("reading request: operation %q without a token", q.Op)
	case q.Generate == nil && q.Op == opGenerate:
		return nil, fmt.Errorf("reading request: operation %q without a key", q.Op)
	}
	return &q, nil
}

// decodeReply reads one line strictly. It is what a hostile module could try to
// reach, so it trusts nothing but the form.
func decodeReply(line []byte) (*wireReply, error) {
	var a wireReply
	if err := checkReply(line); err != nil {
		return nil, fmt.Errorf("reading reply: %w", err)
	}
	if err := decodeLine(line, maxReplyLine, &a); err != nil {
		return nil, fmt.Errorf("reading reply: %w", err)
	}
	if a.Error != nil && a.Error.Text == "" {
		return nil, errors.New("reading reply: an error without a text")
	}
	return &a, nil
}

// decodeLine reads exactly one JSON object with known members only.
func decodeLine(line []byte, limit int, into any) error {
	if len(line) > limit {
		return fmt.Errorf("line of %d bytes: want at most %d", len(line), limit)
	}
	if trimmed := bytes.TrimLeft(line, " \t\r"); len(trimmed) == 0 || trimmed[0] != '{' {
		return errors.New("not a JSON object")
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("more than one JSON object")
	}
	return nil
}

// readLine returns the next line without its newline, io.EOF at a clean end.
func readLine(r *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > limit+1 {
			return nil, fmt.Errorf("line longer than %d bytes", limit)
		}
		switch {
		case err == nil:
			return line[:len(line)-1], nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0:
			return nil, io.ErrUnexpectedEOF
		default:
			return nil, err
		}
	}
}

// writeLine writes one value as one line, in one Write.
func writeLine(w io.Writer, value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encoding %T: %w", value, err)
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
