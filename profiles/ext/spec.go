// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"slices"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// specs are in the order in which RFC 5280 has the extensions. A new one is a
// line here, and a file.
var specs = []Spec{
	authorityKeyID, subjectKeyID, keyUsage, policies, basicConstraints, nameConstraints, extKeyUsage, crlPoints, infoAccess,
	noCheck, crlNumber, issuingPoint,
}

// Spec is what there is to know of one extension.
type Spec struct {
	Name  Name
	OID   value.OID // for [Raw] it is in the value
	Title string    // in RFC 5280 or RFC 6960
	// Key is that of the value in plan.json, "" where the extension takes no
	// value.
	Key string
	// Zero is the empty value; its type is that of the extension.
	Zero Value
	// Allowed are the kinds that can have the extension, with the reason where
	// they must. No other kind can.
	Allowed map[value.Kind]string
	// Refused says why other kinds cannot.
	Refused  map[value.Kind]value.Reason
	Sections Sections
	Schema   Schema

	// read reads the value; nil where the name is alone.
	read func(source.Node) (v Value, critical bool)
	// check reports what RFC 5280 says of it wherever it occurs, or in that
	// kind.
	check func(at place, e *Extension, kind value.Kind)
}

// place is where an extension is: with its name, and its value alone.
type place struct{ item, value source.Node }

// may is the reason of a kind that need not have an extension.
const may = ""

// Reasons to refuse that several extensions share.
var (
	ofCRL       = value.Reason{Why: "it is only for CRLs", Citation: "RFC 5280 5.2"}
	ofResponder = value.Reason{Why: "it is only for OCSP responder certificates", Citation: "RFC 6960 4.2.2.2.1"}
	ofCert      = value.Reason{Why: "it is only for certificates", Citation: "RFC 5280 4.2"}
	ofIssuing   = value.Reason{Why: "a request does not know the issuer of the certificate"}
)

// Sections ask for an extension: of the RFC in certificates and in CRLs, and of
// the TLS Baseline Requirements by what is issued.
type Sections struct {
	RFC, CRL string
	BR       map[Part]string
}

// Schema is what the JSON Schemas and the reference page say of an extension,
// where it is in the JSON Schemas and on the reference page, which tests of
// package schema write.
type Schema struct {
	Forms   string                // what can be written, for docs/profile-reference.md
	Profile string                // of the value in YAML
	Plan    string                // of the value in plan.json
	In      map[value.Kind]string // what a kind adds to Profile
}

// Part is a part of BR 7.1.2 and 7.2 with sections of its own.
type Part string

// Parts of the TLS Baseline Requirements. What a part of certificates does not
// say, [BRCommon] says.
const (
	BRCommon      Part = "common"
	BRRoot        Part = "root"
	BRCross       Part = "cross-certified"
	BRConstrained Part = "technically constrained"
	BRTLS         Part = "TLS"
	BROther       Part = "other"
	BRResponder   Part = "responder"
	BRCRL         Part = "CRL"
	BRResponse    Part = "response"
)

// Specs lists the extensions that profiles can name, and raw.
func Specs() []Spec { return append(slices.Clone(specs), raw) }

// Names lists the extensions that profiles can name, and raw.
func Names() []string {
	var out []string
	for _, s := range Specs() {
		out = append(out, string(s.Name))
	}
	return out
}

// Lookup finds an extension by its name.
func Lookup(name Name) (*Spec, bool) {
	for i := range specs {
		if specs[i].Name == name {
			return &specs[i], true
		}
	}
	if name == NameRaw {
		return &raw, true
	}
	return &Spec{}, false
}

// Named finds an extension that has a name by its identifier.
func Named(id value.OID) (*Spec, bool) {
	i := slices.IndexFunc(specs, func(s Spec) bool { return s.OID == id })
	if i < 0 {
		return nil, false
	}
	return &specs[i], true
}

// oid returns the object identifier of an extension, or "" for [NameRaw] and
// for unknown names.
func (n Name) oid() value.OID {
	s, _ := Lookup(n)
	return s.OID
}

// Title is the name that RFC 5280 or RFC 6960 gives to the extension, or "" for
// one that has none here.
func (n Name) Title() string {
	s, _ := Lookup(n)
	return s.Title
}

// Refuses says why a kind cannot have the extension, or nothing where it can. What
// has no name may occur everywhere: it is left to package lint.
func (s *Spec) Refuses(kind value.Kind) value.Reason {
	_, allowed := s.Allowed[kind]
	why := s.Refused[kind]
	switch {
	case s.Name == NameRaw || allowed:
		return value.Reason{}
	case why == (value.Reason{}):
		return value.Reason{Why: "no object of this kind has it"}
	}
	return why
}

// Refuses says why an object of a kind cannot have an extension that has a name,
// or nothing where it can. It says nothing of other extensions.
func Refuses(kind value.Kind, id value.OID) value.Reason {
	if s, named := Named(id); named {
		return s.Refuses(kind)
	}
	return value.Reason{}
}

// Must says why a kind must have the extension, or "" where it need not.
func (s *Spec) Must(kind value.Kind) string { return s.Allowed[kind] }

// Read reads what follows the name of the extension in a profile of a kind.
// item is the name with the value, n the value, which may be absent.
func (s *Spec) Read(item, n source.Node, kind value.Kind) Extension {
	e := Extension{Name: s.Name, Value: s.Zero}
	switch {
	case s.read == nil && n.Present():
		n.FailHint("write only the name", "%s takes no value", s.Name)
	case s.read == nil:
	case !n.Present():
		item.Fail("%s needs a value", s.Name)
	default:
		e.Value, e.Critical = s.read(n)
		if s.check != nil {
			s.check(place{item, n}, &e, kind)
		}
	}
	return e
}
