// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"path/filepath"
	"strings"

	"rootceremony/internal/inspect"
)

// content is what a file is.
type content string

const (
	contentUnknown  content = ""
	contentObjects  content = "objects"
	contentProfile  content = "profile"
	contentCeremony content = "ceremony file"
	contentSite     content = "site file"
)

// topKeys are the keys at the left edge of a YAML file by which it is known.
var topKeys = []string{"profile", "kind", "extensions", "ceremony", "steps", "people", "tokens"}

// topKey gives the key that a line begins with, in quotes or not. The text decides and
// not the parser, so that a file that cannot be parsed is still known by what it is
// meant to be.
func topKey(line []byte) string {
	line = unquoted(line)
	for _, k := range topKeys {
		if rest, ok := bytes.CutPrefix(line, []byte(k)); ok && bytes.HasPrefix(bytes.TrimLeft(unquoted(rest), " \t"), []byte(":")) {
			return k
		}
	}
	return ""
}

// unquoted takes one quote away from the begin.
func unquoted(s []byte) []byte {
	if len(s) > 0 && (s[0] == '"' || s[0] == '\'') {
		return s[1:]
	}
	return s
}

// content says what a file is, or is meant to be.
func (f *File) content() content {
	if f.Profile {
		return contentProfile
	}
	return guessContent(f.Name, f.Data)
}

// guessContent says what the bytes of a file are.
func guessContent(name string, data []byte) content {
	ext := strings.ToLower(filepath.Ext(name))
	yaml := ext == ".yaml" || ext == ".yml"
	if !yaml && (bytes.Contains(data, []byte("-----BEGIN ")) || inspect.Guess(data) != "" || looksLikeDER(data)) {
		return contentObjects
	}
	keys := map[string]bool{}
	for line := range bytes.Lines(data) {
		keys[topKey(line)] = true
	}
	switch {
	case keys["ceremony"] || keys["steps"] && keys["people"]:
		return contentCeremony
	case keys["profile"] || keys["kind"] && keys["extensions"]:
		return contentProfile
	case keys["tokens"]:
		return contentSite
	}
	return contentUnknown
}

// looksLikeDER reports whether a file begins as every object of ours does, so
// that one that was cut off is called malformed and not unknown.
func looksLikeDER(data []byte) bool {
	return len(data) > 3 && data[0] == 0x30 && (data[1] == 0x81 || data[1] == 0x82 || data[1] == 0x83)
}
