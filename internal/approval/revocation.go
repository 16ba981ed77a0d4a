// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"encoding/base64"
	"regexp"
	"slices"
	"time"

	"rootceremony/internal/source"
)

// revocationsType is the type that a list of revocations names itself by.
const revocationsType = "ceremony/revocations/v1"

// Revocations is a list of what no longer counts. It can only take away: a
// forged list can stop a ceremony, but approves nothing.
type Revocations struct {
	Entries []Revocation
}

// Revocation takes back a key or an object.
type Revocation struct {
	Key    string // fingerprint "SHA256:…"; or
	Object string // SHA-256 of an approved object, in hexadecimal
	Reason string
	Time   time.Time // from then on it does not count
}

var fingerprint = regexp.MustCompile(`^SHA256:[A-Za-z0-9+/]{43}$`)

// ParseRevocations reads a list. All problems are returned at once, as
// [source.Errors] with the name of the file.
func ParseRevocations(name string, data []byte) (*Revocations, error) {
	r := &Revocations{}
	err := readDocument(name, data, revocationsType, func(o *source.Map) {
		for _, f := range o.Need("revoked").List() {
			r.Entries = append(r.Entries, readRevocation(f))
		}
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func readRevocation(f source.Node) Revocation {
	o := f.Map()
	defer o.Close()
	var r Revocation
	key, object := o.Opt("key"), o.Opt("object")
	if o.Node().IsMap() && key.Present() == object.Present() {
		f.Fail("it revokes either a key or an object")
	}
	if key.Present() {
		r.Key = key.Text()
		_, err := base64.RawStdEncoding.Strict().DecodeString(r.Key[min(len("SHA256:"), len(r.Key)):])
		if !fingerprint.MatchString(r.Key) || err != nil {
			key.Fail("it must be a fingerprint such as ssh-keygen -l prints, SHA256: and 43 characters")
		}
	}
	if object.Present() {
		r.Object = digestAt(object)
	}
	r.Reason = line(o.Need("reason"))
	r.Time = o.Need("time").Time()
	return r
}

// With gives the revocations of both lists. What was taken back stays so.
func (r *Revocations) With(other *Revocations) *Revocations {
	switch {
	case r == nil:
		return other
	case other == nil:
		return r
	}
	return &Revocations{Entries: slices.Concat(r.Entries, other.Entries)}
}

// of finds the earliest revocation of a key or an object; nil when there is none.
func (r *Revocations) of(fits func(Revocation) bool) *Revocation {
	if r == nil {
		return nil
	}
	var first *Revocation
	for i, e := range r.Entries {
		if fits(e) && (first == nil || e.Time.Before(first.Time)) {
			first = &r.Entries[i]
		}
	}
	return first
}

func (r *Revocations) key(fingerprint string) *Revocation {
	return r.of(func(e Revocation) bool { return e.Key == fingerprint })
}

// Object is the earliest revocation of an object by its SHA-256; nil when there is none.
func (r *Revocations) Object(sha256 string) *Revocation {
	return r.of(func(e Revocation) bool { return e.Object == sha256 })
}
