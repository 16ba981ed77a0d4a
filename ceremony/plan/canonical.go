// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"crypto/sha256"
	_ "crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/gowebpki/jcs"

	"rootceremony/internal/source"
	"rootceremony/transcripts/event"
)

// CanonicalJSON gives RFC 8785 bytes.
func CanonicalJSON(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(raw)
}

// SHA256Hex gives a SHA-256 in lower-case hexadecimal.
func SHA256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Decode reads plan.json strictly. Whether it is the plan of a ceremony file, only
// planning again can tell.
func Decode(stored []byte) (*Plan, error) {
	var p Plan
	return &p, event.DecodeStrict(stored, &p)
}

// DecodeSite reads site.json strictly: it has one spelling, that of RFC 8785, because
// nothing in a bundle can make it again, and says what a site file says. So it is written as
// one, and [LoadSite] has to make the same of it: what it refuses, no site.json says.
func DecodeSite(stored []byte) (*Site, error) {
	var s Site
	if err := event.DecodeStrict(stored, &s); err != nil {
		return nil, err
	}
	again, err := s.Canonical()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, stored) {
		return nil, errors.New("not in canonical form (RFC 8785), or a key is misspelled")
	}
	loaded, err := LoadSite("site.json", s.File())
	if err != nil {
		return nil, withoutPlaces(err)
	}
	if again, err = loaded.Canonical(); err == nil && !bytes.Equal(again, stored) {
		err = fmt.Errorf("no site file can say %s", differs(stored, again))
	}
	return loaded, err
}

// differs gives where a text begins to differ from another one, with what is before it.
func differs(text, other []byte) string {
	at := 0
	for at < min(len(text), len(other)) && text[at] == other[at] {
		at++
	}
	const around = 40
	return strconv.QuoteToASCII(string(text[max(at-around, 0):min(at+around, len(text))]))
}

// withoutPlaces gives the first problem of a file that nobody has, without its line.
func withoutPlaces(err error) error {
	var first *source.Error
	if !errors.As(err, &first) {
		return err
	}
	if first.Path == "" {
		return errors.New(first.Msg)
	}
	return fmt.Errorf("%s: %s", first.Path, first.Msg)
}
