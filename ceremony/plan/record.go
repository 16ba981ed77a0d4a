// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"rootceremony/transcripts/history"
)

// Types of fields for a digest that another machine takes. The program knows what
// it has to be, and takes no other.
const (
	FieldArtifacts = "artifacts-digest" // of the artifacts as they left the room; the host never shows it
	FieldKey       = "key-digest"       // SHA-256 of the SubjectPublicKeyInfo of the key that the field is called after
)

// fieldTypes are all types of fields.
var fieldTypes = []string{"text", "number", "time", "digest", FieldArtifacts, FieldKey}

// Check says whether a text fits the type of its field.
func (f Field) Check(s string) error {
	if s == "" {
		return errors.New("the answer is empty")
	}
	switch {
	case f.Type == "number":
		if strings.Trim(s, "0123456789") != "" {
			return errors.New("a number has digits only")
		}
	case f.Type == "time":
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			return errors.New("a time looks like " + TimeExample)
		}
	case f.isDigest():
		if len(s) != 64 || strings.Trim(s, "0123456789abcdef") != "" {
			return notDigest(s)
		}
	}
	return nil
}

// TimeExample is how a time is written: one that nobody takes for now.
const TimeExample = "2001-02-03T16:05:06Z"

// ParseUTC reads a time that somebody typed: with its date, and in UTC. A time of another
// zone is not converted, as the next reader compares it with clocks; the error says what
// it is in UTC.
func ParseUTC(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, strings.ToUpper(s))
	switch {
	case err != nil:
		return t, fmt.Errorf("%q is not a date and a time in UTC, which look like %s", s, TimeExample)
	case !strings.EqualFold(s[len(s)-1:], "Z"):
		return t, fmt.Errorf("%q is not in UTC: in UTC it is %s; type that if it is right", s, Stamp(t))
	}
	return t, nil
}

// Wanted says what is to be typed.
func (f Field) Wanted() string {
	switch f.Type {
	case "time":
		return "UTC, example 16:05 or " + TimeExample
	case FieldKey:
		return FieldKey + ", SHA-256 of its public key"
	}
	return f.Type
}

// Typed gives what is recorded of what was typed, or says what to type. A digest may be
// typed in groups and in capital letters, and as sha256sum and openssl print it.
func (f Field) Typed(text string) (string, error) {
	switch {
	case f.isDigest():
		text = digestIn(text)
	case f.Type == "time":
		t, err := ParseUTC(text)
		if err != nil {
			return "", err
		}
		text = Stamp(t)
	}
	return text, f.Check(text)
}

// beforeDigest is what openssl dgst and BSD's sha256 print before a digest:
// "SHA2-256(stdin)= ", "SHA256 (file) = "; openssl x509 prints "sha256 Fingerprint=".
var beforeDigest = regexp.MustCompile(`^(?i:sha2?-?256).*= *`)

// digestIn takes from a line what another tool printed around a digest: the name of the
// hash before it, and after it what sha256sum read, "  -" or a file.
func digestIn(line string) string {
	var digits string
	for i, part := range strings.Fields(beforeDigest.ReplaceAllString(line, "")) {
		if len(digits) == 64 && (i == 1 || !isHex(part)) {
			break
		}
		digits += strings.ToLower(strings.ReplaceAll(part, ":", ""))
	}
	return digits
}

func isHex(s string) bool { return strings.Trim(strings.ToLower(s), "0123456789abcdef") == "" }

// notDigest says why a text is no SHA-256: a character that is none of its digits, or
// how many there are.
func notDigest(s string) error {
	for i, r := range []rune(s) {
		if !isHex(string(r)) {
			return fmt.Errorf("a SHA-256 has 64 characters, 0 to 9 and a to f: the %q after %d characters is none of them", r, i)
		}
	}
	return fmt.Errorf("a SHA-256 has 64 characters, 0 to 9 and a to f: this has %d", len(s))
}

// isDigest reports whether people type a SHA-256.
func (f Field) isDigest() bool {
	return f.Type == "digest" || f.Type == FieldArtifacts || f.Type == FieldKey
}

// Rehearsed gives the value of a field when nobody is asked. It fits the type.
func (f Field) Rehearsed() string {
	switch {
	case f.Type == "number":
		return "0"
	case f.Type == "time":
		return Stamp(time.Unix(0, 0))
	case f.isDigest():
		return SHA256Hex([]byte("rehearsed " + f.Name))
	}
	return "rehearsed " + f.Name
}

// notWritten gives the fields of a step that its last attempt does not hold, or not
// as the plan says.
func (st *Step) notWritten(done *history.History) []Unmet {
	attempt := done.LastAttempt(st.ID)
	if attempt == nil {
		return nil // the grammar of the journal refuses it
	}
	written, seq := map[string]string{}, attempt.Seq
	before := func() *history.History { return done }
	if n := len(attempt.Recorded); n > 0 {
		last := attempt.Recorded[n-1]
		written, seq = last.Event.Fields, last.Seq
		before = sync.OnceValue(func() *history.History { return history.Of(done.Records[:last.Seq-1]) })
	}
	var unmet []Unmet
	say := func(format string, args ...any) { unmet = append(unmet, Unmet{seq, fmt.Sprintf(format, args...)}) }
	for _, f := range st.Record {
		text, there := written[f.Name]
		want, of := f.Expected(before)
		switch err := f.Check(text); {
		case !there:
			say("step %s was done without the field %s", st.ID, f.Name)
		case of != "" && text != want:
			say("the field %s is not the digest of %s: %.16s…", f.Name, of, text)
		case err != nil:
			say("the field %s: %v", f.Name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if Find(st.Record, func(f *Field) bool { return f.Name == name }) == nil {
			say("the plan has no field %q in step %s", name, st.ID)
		}
	}
	return unmet
}

// Expected gives what a field must hold after what was done so far, and what that
// is of; nothing for fields that hold what people say, for which nothing is asked of
// the history.
func (f Field) Expected(done func() *history.History) (digest, of string) {
	switch f.Type {
	case FieldArtifacts:
		return artifactsDigest(done()), "the artifacts at that time"
	case FieldKey:
		return done().Proof(f.Name), "the public key"
	}
	return "", ""
}

// artifactsDigest gives what this prints in the folder of artifacts, as they
// are then:
//
//	sha256sum * | LC_ALL=C sort -k 2 | sha256sum
func artifactsDigest(done *history.History) string {
	var lines []string
	for _, a := range done.Artifacts {
		for _, f := range a.Files {
			if strings.HasPrefix(f.Event.Path, "artifacts/") {
				lines = append(lines, f.Event.SHA256+"  "+path.Base(f.Event.Path)+"\n")
			}
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[64:], b[64:]) })
	return SHA256Hex([]byte(strings.Join(lines, "")))
}
