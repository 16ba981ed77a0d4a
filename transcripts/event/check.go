// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/artifact"
)

// Optional leaves an empty value alone.
func Optional(check func(name, value string) error, name, value string) error {
	if value == "" {
		return nil
	}
	return check(name, value)
}

func oneOf(name, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("%s: %q is none of %q", name, value, allowed)
}

// IsDigest requires a SHA-256 in lower-case hexadecimal.
func IsDigest(name, value string) error { return IsHexOf(name, value, 32) }

// IsHexOf requires a number of octets in lower-case hexadecimal.
func IsHexOf(name, value string, octets int) error {
	if len(value) != 2*octets {
		return fmt.Errorf("%s: %q has %d characters, want %d", name, value, len(value), 2*octets)
	}
	return isHex(name, value)
}

func isHex(name, value string) error {
	if _, err := hex.DecodeString(value); err != nil || value != strings.ToLower(value) {
		return fmt.Errorf("%s: %q is not lower-case hexadecimal", name, value)
	}
	return nil
}

// IsBase64 also refuses other encodings of the same bytes.
func IsBase64(name, value string) error {
	data, err := base64.StdEncoding.DecodeString(value)
	if err != nil || base64.StdEncoding.EncodeToString(data) != value {
		return fmt.Errorf("%s: not base64", name)
	}
	return nil
}

// IsID allows what is safe in file names and in the name of a seal key.
func IsID(name, value string) error {
	if value == "" || len(value) > 128 || strings.ContainsFunc(value, isNotIDRune) {
		return fmt.Errorf("%s: %q is not an id of letters, digits, dots, hyphens and underscores", name, value)
	}
	return nil
}

// isIn allows paths in the folders for which an event is made: each folder has its
// own type of event, and no other event can name a file in it.
func isIn(name, value string, folders ...string) error {
	if !slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(value, f) }) {
		return fmt.Errorf("%s: %q begins with none of %q", name, value, folders)
	}
	return isPath(value)
}

// isPath allows the paths that MANIFEST can list.
func isPath(value string) error { return artifact.CheckPath(value) }

func isNotIDRune(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
}

// instantForm is how each time in the data of an event is spelled: in UTC, in whole seconds.
const instantForm = "2006-01-02T15:04:05Z"

// isInstant requires a time in that form. Another zone looks like another hour, and programs
// do not agree about parts of seconds.
func isInstant(name, value string) error {
	t, err := time.Parse(instantForm, value)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if t.Format(instantForm) != value {
		return fmt.Errorf("%s: %q is no time in UTC and whole seconds, such as 2026-12-01T09:00:00Z", name, value)
	}
	return nil
}

// isCount requires a number from one on.
func isCount(name string, n int64) error {
	if n < 1 {
		return fmt.Errorf("%s: %d, but numbers start at 1", name, n)
	}
	return nil
}

// isText requires a text that a screen shows as it is: control characters, and those
// that change the direction of writing, could show people something else. Joiners of
// letters are allowed, because some scripts need them.
func isText(name, value string) error {
	if i := strings.IndexFunc(value, isUnseen); i >= 0 {
		return fmt.Errorf("%s: contains the character %+q, which readers cannot see", name, []rune(value[i:])[0])
	}
	return nil
}
