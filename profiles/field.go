// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"cmp"
	"fmt"

	"rootceremony/profiles/ext"
)

// Field names a part of an object: the place of a problem or a finding. It is
// turned into text only for output, and the text is never parsed.
type Field struct {
	// Member is a member of a profile or of a step of a ceremony file: "key",
	// "validity", "extensions".
	Member string
	// Attribute is the type of an attribute of the subject.
	Attribute string
	// Extension is an extension, with the identifier of one that has no name.
	Extension ext.Name
	OID       OID
	// Key is a key of the value of the extension.
	Key string
	// Entry counts what a step revokes, from 1, or what else the list Member of it
	// says of entries.
	Entry int
}

// Members that contain other fields.
const (
	memberSubject    = "subject"
	memberExtensions = "extensions"
	memberRevoke     = "revoke"
)

// member names a member.
func member(name string) Field { return Field{Member: name} }

// attribute names an attribute of the subject.
func attribute(typ string) Field { return Field{Attribute: typ} }

// FieldOf names an extension.
func FieldOf(e *Extension) Field {
	f := Field{Extension: e.Name}
	if r, ok := e.Value.(ext.Raw); ok && e.Name == ext.NameRaw {
		f.OID = r.OID
	}
	return f
}

// String gives the words for a field: "key", "subject.organization",
// "extension:key-usage", "extension:raw:1.2.3", "revoke[0]"; "" for none.
func (f Field) String() string {
	switch {
	case f.Key != "":
		of := f
		of.Key = ""
		return of.String() + "." + f.Key
	case f.Extension != "":
		return "extension:" + f.extension()
	case f.Attribute != "":
		return memberSubject + "." + f.Attribute
	case f.Entry > 0:
		return fmt.Sprintf("%s[%d]", cmp.Or(f.Member, memberRevoke), f.Entry-1)
	}
	return f.Member
}

// extension gives the word for an extension, with the identifier of one that has
// no name.
func (f Field) extension() string {
	if f.OID != "" {
		return string(f.Extension) + ":" + string(f.OID)
	}
	return string(f.Extension)
}

// MarshalText makes the words the form of a field in JSON.
func (f Field) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// around names what the field is a part of; the zero Field for nothing.
func (f Field) around() Field {
	switch {
	case f.Key != "":
		f.Key = ""
		return f
	case f.Extension != "":
		return member(memberExtensions)
	case f.Attribute != "":
		return member(memberSubject)
	case f.Entry > 0:
		return member(cmp.Or(f.Member, memberRevoke))
	}
	return Field{}
}
