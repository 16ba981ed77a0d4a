// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// URI is what a PKCS#11 URI (RFC 7512) says of a token, with names as [Info] shows them.
type URI struct {
	Label, Manufacturer, Serial, Model string
	Slot                               *uint64
	Module                             string // absolute path
}

const uriScheme = "pkcs11:"

// The attributes that are not part of the name of a token, and why (RFC 7512, 2.3).
var uriRefused = map[string]string{
	"object":               "a token is named here, and no key: keys are named below keys:",
	"type":                 "a token is named here, and no object",
	"id":                   "a token is named here, and no key: keys are named below keys:",
	"library-manufacturer": "the module is named by its path, and by module-sha256:",
	"library-description":  "the module is named by its path, and by module-sha256:",
	"library-version":      "the module is named by its path, and by module-sha256:",
	"slot-description":     "name the token, and where several match, its slot-id",
	"slot-manufacturer":    "name the token, and where several match, its slot-id",
	"pin-value":            "no PIN is in a file: people type it",
	"pin-source":           "no PIN comes from a file or from another program: people type it",
	"module-name":          "which module has that name is for the configuration of other programs to say: write module-path with its absolute path",
}

// uriPath and uriQuery are the attributes of either part.
var (
	uriPath  = []string{"token", "manufacturer", "serial", "model", "slot-id"}
	uriQuery = []string{"module-path"}
)

// ParseURI reads a PKCS#11 URI that names a token.
func ParseURI(text string) (URI, error) {
	var u URI
	if len(text) < len(uriScheme) || !strings.EqualFold(text[:len(uriScheme)], uriScheme) {
		return u, fmt.Errorf("want a URI that begins with %s", uriScheme)
	}
	path, query, asked := strings.Cut(text[len(uriScheme):], "?")
	said, err := uriAttributes(path, ";", "&", uriPath)
	if err != nil {
		return u, err
	}
	u.Label, u.Manufacturer, u.Serial, u.Model = printable(said["token"]), printable(said["manufacturer"]), printable(said["serial"]), printable(said["model"])
	if slot, stated := said["slot-id"]; stated {
		number, err := strconv.ParseUint(string(slot), 10, 31)
		if err != nil {
			return u, fmt.Errorf("slot-id %q: want digits, of a number up to 2147483647", slot)
		}
		u.Slot = &number
	}
	if u.Label == "" {
		return u, errors.New("it has no token, the label of the token")
	}
	if !asked {
		return u, nil
	}
	if said, err = uriAttributes(query, "&", "/?|", uriQuery); err != nil {
		return u, err
	}
	if u.Module = string(said["module-path"]); !strings.HasPrefix(u.Module, "/") || strings.ContainsFunc(u.Module, unicode.IsControl) {
		return u, fmt.Errorf("module-path %q: want an absolute path, without control characters", u.Module)
	}
	return u, nil
}

// uriAttributes reads one part of a URI: attributes once each, with values.
func uriAttributes(part, between, more string, known []string) (map[string][]byte, error) {
	said := map[string][]byte{}
	for attribute := range strings.SplitSeq(part, between) {
		name, value, has := strings.Cut(attribute, "=")
		switch {
		case uriRefused[name] != "":
			return nil, fmt.Errorf("%s: leave it out: %s", name, uriRefused[name])
		case has && strings.HasPrefix(name, "x-"):
			return nil, fmt.Errorf("%s: leave it out: it is of a vendor, and not known here", name)
		case has && slices.Contains(uriQuery, name) && !slices.Contains(known, name):
			return nil, fmt.Errorf("%s: write it behind the token, after a question mark", name)
		case !has || !slices.Contains(known, name):
			return nil, fmt.Errorf("%q: want %s, each with a value", attribute, strings.Join(known, ", "))
		case said[name] != nil:
			return nil, fmt.Errorf("%s is a duplicate", name)
		}
		raw, err := uriBytes(value, more)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(raw) == 0 || slices.Contains(raw, 0) || !utf8.Valid(raw) || strings.TrimRight(string(raw), " ") == "" {
			return nil, fmt.Errorf("%s: want a text in UTF-8, which is not empty and has no %%00", name)
		}
		said[name] = raw
	}
	return said, nil
}

// uriPlain are the characters that are written as they are in all values, besides letters and
// digits (RFC 7512, 2.3: unreserved, pk11-res-avail).
const uriPlain = "-._~:[]@!$'()*+,="

// uriBytes takes the percent encoding out of a value.
func uriBytes(value, more string) ([]byte, error) {
	var raw []byte
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '%' && i+2 < len(value):
			b, err := hex.DecodeString(value[i+1 : i+3])
			if err != nil {
				return nil, fmt.Errorf("%q is no byte in percent encoding", value[i:i+3])
			}
			raw = append(raw, b...)
			i += 2
		case plainInURI(c, more):
			raw = append(raw, c)
		default:
			return nil, fmt.Errorf("%q has to be written in percent encoding, as %%%02X", value[i:i+1], c)
		}
	}
	return raw, nil
}

func plainInURI(c byte, more string) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(uriPlain+more, c) >= 0
}

// String writes the URI.
func (u URI) String() string {
	var said []string
	add := func(name, value string) {
		if value != "" {
			said = append(said, name+"="+uriText(asBytes(value), ""))
		}
	}
	add("token", u.Label)
	add("manufacturer", u.Manufacturer)
	add("serial", u.Serial)
	add("model", u.Model)
	if u.Slot != nil {
		add("slot-id", strconv.FormatUint(*u.Slot, 10))
	}
	text := uriScheme + strings.Join(said, ";")
	if u.Module != "" {
		text += "?module-path=" + uriText([]byte(u.Module), "/")
	}
	return text
}

func uriText(raw []byte, more string) string {
	var b strings.Builder
	for _, c := range raw {
		if plainInURI(c, more) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// URI names the token and its module; the slot may change at every start.
func (i Info) URI() string {
	return URI{Label: i.Label, Manufacturer: i.Manufacturer, Serial: i.Serial, Model: i.Model, Module: i.ModulePath}.String()
}
