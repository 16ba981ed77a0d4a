// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// build parses the text and turns the tree of the library into our own.
func (d *Document) build() {
	dec := yaml.NewDecoder(bytes.NewReader(d.Data))
	var first, second yaml.Node
	err := decode(dec, &first)
	if errors.Is(err, io.EOF) {
		d.failAt(0, "", "the file has no YAML document")
		return
	}
	if err != nil {
		d.failSyntax(err)
		return
	}
	switch err := decode(dec, &second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		d.failSyntax(err)
	default:
		pos := Pos{File: d.Name, Line: second.Line, Column: second.Column}
		d.fail(&Error{Pos: pos, Msg: "a second document; a file must have only one", Hint: "remove the line \"---\" and what follows it"})
	}
	if len(first.Content) != 1 {
		d.failAt(0, "", "the file has no YAML document")
		return
	}
	top := first.Content[0]
	d.root = d.fill(d.place(top, nil), top, 0)
}

// errLibrary replaces a panic of the library: its text names Go types.
var errLibrary = errors.New("yaml: the YAML parser cannot read this text")

// decode guards the library, which reports some of its errors by panicking.
func decode(dec *yaml.Decoder, into *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errLibrary
		}
	}()
	return dec.Decode(into)
}

// libraryPrefix is what the library writes before a message. Its line number
// is that of the surrounding construct, or off by one, and is dropped.
var libraryPrefix = regexp.MustCompile(`^(yaml: )+(line \d+: )?`)

// message returns the text of an error of the library.
func message(err error) string {
	return libraryPrefix.ReplaceAllString(err.Error(), "")
}

// failSyntax records an error of the library at the place where it stopped.
func (d *Document) failSyntax(err error) {
	msg := message(err)
	d.failAt(d.stop(msg), syntaxHint(msg), "not YAML: %s", msg)
}

// syntaxHint helps with the mistakes that people make most.
func syntaxHint(msg string) string {
	switch {
	case strings.Contains(msg, "cannot start any token"):
		return "indent with spaces, not tabs; quote text that begins with @, `, % or another sign"
	case strings.Contains(msg, "mapping values are not allowed"):
		return "quote text that contains \": \"; check the indentation"
	case strings.Contains(msg, "did not find expected key"):
		return "check the indentation here and above"
	case strings.Contains(msg, "unknown anchor"):
		return "aliases are not allowed; quote text that begins with *"
	case strings.Contains(msg, "unknown escape character"), strings.Contains(msg, "Unicode character escape"):
		return "write the character itself"
	case msg == endOfStream:
		return "a quote is not closed"
	}
	return ""
}

// String names what a value is, for messages.
func (k kind) String() string {
	switch k {
	case scalar:
		return "text"
	case list:
		return "a list"
	case mapping:
		return "a mapping"
	}
	return fmt.Sprintf("kind %d", int(k))
}
