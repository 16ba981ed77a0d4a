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
	"slices"
	"strings"

	"github.com/gowebpki/jcs"

	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
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
// nothing in a bundle can make it again, and says nothing that no site file can.
func DecodeSite(stored []byte) (*Site, error) {
	var s Site
	if err := event.DecodeStrict(stored, &s); err != nil {
		return nil, err
	}
	again, err := s.Canonical()
	if err == nil && !bytes.Equal(again, stored) {
		err = errors.New("not in canonical form (RFC 8785), or a key is misspelled")
	}
	if err == nil {
		err = s.check()
	}
	return &s, err
}

// check refuses what [LoadSite] gives for no site file.
func (s *Site) check() error {
	if s.Version != 1 {
		return fmt.Errorf("version %d; this program knows version 1", s.Version)
	}
	if s.JournalMirror != "" && !strings.HasPrefix(s.JournalMirror, "/") {
		return fmt.Errorf("journal_mirror %q is not an absolute path", s.JournalMirror)
	}
	for check, level := range s.Host {
		if !slices.Contains(preflight.HostChecks(), check) || level != preflight.Require && level != preflight.Warn {
			return fmt.Errorf("host: %q at level %q is none of the checks", check, level)
		}
	}
	for i, t := range s.Tokens {
		if slices.ContainsFunc(s.Tokens[:i], func(o token.Config) bool { return o.Name == t.Name }) {
			return fmt.Errorf("token %q is there twice", t.Name)
		}
		if err := errors.Join(event.IsID("tokens", t.Name), t.Check()); err != nil {
			return err
		}
	}
	return nil
}
