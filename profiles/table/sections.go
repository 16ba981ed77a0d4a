// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package table

import (
	"cmp"
	"slices"
	"strings"

	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// rfcSections are the sections of RFC 5280 for fields of certificates; those of
// CRLs and responses are below. Those of extensions are with each extension, in
// package ext.
var rfcSections = map[string]string{
	"version": "RFC 5280 4.1.2.1", "serial": "RFC 5280 4.1.2.2", "signature": "RFC 5280 4.1.2.3",
	"issuer": "RFC 5280 4.1.2.4", "validity": "RFC 5280 4.1.2.5", "subject": "RFC 5280 4.1.2.6",
	"key": "RFC 5280 4.1.2.7", "extensions": "RFC 5280 4.2",
}

var crlSections = map[string]string{
	"version": "RFC 5280 5.1.2.1", "signature": "RFC 5280 5.1.2.2", "issuer": "RFC 5280 5.1.2.3",
	"this-update": "RFC 5280 5.1.2.4", "validity": "RFC 5280 5.1.2.5", "entries": "RFC 5280 5.1.2.6, 5.3.1",
	"extensions": "RFC 5280 5.2",
}

var responseSections = map[string]string{
	"signature": "RFC 6960 4.3", "responder-id": "RFC 6960 4.2.1", "certificate-id": "RFC 6960 4.1.1, RFC 5019 2.1.1",
	"status": "RFC 6960 4.2.1", "this-update": "RFC 6960 2.4", "validity": "RFC 6960 2.4", "extensions": "RFC 6960 4.4",
}

var requestSections = map[string]string{
	"version": "RFC 2986 4.1", "subject": "RFC 2986 4.1", "key": "RFC 2986 4.1", "signature": "RFC 2986 4.2", "extensions": "RFC 2985 5.4.2",
}

// brSections are the sections of the TLS Baseline Requirements.
var brSections = map[ext.Part]map[string]string{
	ext.BRCommon: {
		"version": "7.1.1", "serial": "7.1.2", "signature": "7.1.3.2", "issuer": "7.1.4.1", "subject": "7.1.4.2, 7.1.2.10.2",
		"key": "7.1.3.1, 6.1.5", "validity": "7.1.2.10.1", "extensions": "7.1.2.11.5",
	},
	ext.BRRoot:        {"validity": "7.1.2.1.1", "extensions": "7.1.2.1.2"},
	ext.BRCross:       {"validity": "7.1.2.2.1", "subject": "7.1.2.2.2", "extensions": "7.1.2.2.3"},
	ext.BRConstrained: {"extensions": "7.1.2.5.1"},
	ext.BRTLS:         {"extensions": "7.1.2.6.1"},
	ext.BROther:       {"extensions": "7.1.2.3.1"},
	ext.BRResponder:   {"validity": "7.1.2.8.1", "extensions": "7.1.2.8.2"},
	ext.BRCRL: {
		"version": "7.2.1", "signature": "7.1.3.2", "issuer": "7.2", "this-update": "7.2", "validity": "7.2, 4.9.7", "entries": "7.2.2",
		"extensions": "7.2.2",
	},
	ext.BRResponse: {
		"signature": "7.1.3.2", "responder-id": "4.9.9", "status": "7.3", "this-update": "4.9.9", "validity": "4.9.9", "extensions": "7.3.2",
	},
}

// source names the sections that ask for a field: those of the documents that
// that apply to the profile, and the RFC.
func (s *sheet) source(key string) string {
	var out []string
	if slices.Contains(s.head.Purpose.Rules, profiles.PackTLS) {
		if s := s.brSection(key); s != "" {
			out = append(out, "BR "+s)
		}
	}
	if n := otherSections[s.head.Kind]; n != "" && (ext.Name(key).Title() != "" || key == "extensions") {
		if slices.Contains(s.head.Purpose.Rules, profiles.PackSMIME) {
			out = append(out, "SBR 7.1.2."+n)
		}
		if slices.Contains(s.head.Purpose.Rules, profiles.PackCodeSigning) {
			out = append(out, "CSBR 7.1.2."+n)
		}
	}
	if s := s.rfcSection(key); s != "" {
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// otherSections are the last number of the section about roots or subordinate
// CAs in the other documents of the CA/Browser Forum.
var otherSections = map[profiles.Kind]string{
	profiles.RootCA: "1", profiles.SubordinateCA: "2", profiles.CrossCertifiedCA: "2",
}

// fieldsOfKind are the sections for the fields of a kind in the RFC. What is
// not listed there is in the common list, unless the kind is alone.
var fieldsOfKind = map[profiles.Kind]struct {
	own   map[string]string
	ext   func(ext.Sections) string // of an extension; nil for none
	alone bool
}{
	profiles.RootCA: {nil, inRFC, false}, profiles.SubordinateCA: {nil, inRFC, false},
	profiles.CrossCertifiedCA: {nil, inRFC, false}, profiles.OCSPResponder: {nil, inRFC, false},
	profiles.CRL:          {crlSections, func(s ext.Sections) string { return s.CRL }, true},
	profiles.OCSPResponse: {responseSections, nil, true},
	profiles.CertRequest:  {requestSections, inRFC, false},
}

func inRFC(s ext.Sections) string { return s.RFC }

func (s *sheet) rfcSection(key string) string {
	of, _ := ext.Lookup(ext.Name(key))
	kind, found := fieldsOfKind[s.head.Kind], ""
	if kind.ext != nil {
		found = kind.ext(of.Sections)
	}
	if found = cmp.Or(found, kind.own[key]); found == "" && !kind.alone {
		found = rfcSections[key]
	}
	return found
}

func (s *sheet) brSection(key string) string {
	of, _ := ext.Lookup(ext.Name(key))
	var out string
	for _, part := range s.brParts() {
		out = cmp.Or(out, of.Sections.BR[part], brSections[part][key])
	}
	return out
}

// The parts of the TLS Baseline Requirements about the kinds of objects, the
// special one first, and about the intents of subordinate CAs.
var (
	partsOfKind = map[profiles.Kind][]ext.Part{
		profiles.RootCA: {ext.BRRoot, ext.BRCommon}, profiles.CrossCertifiedCA: {ext.BRCross, ext.BRCommon},
		profiles.OCSPResponder: {ext.BRResponder, ext.BRCommon},
		profiles.CRL:           {ext.BRCRL}, profiles.OCSPResponse: {ext.BRResponse}, profiles.CertRequest: nil,
	}
	partOfIntent = map[profiles.Intent]ext.Part{profiles.TLSServer: ext.BRTLS, profiles.TLSConstrained: ext.BRConstrained}
)

func (s *sheet) brParts() []ext.Part {
	if parts, ok := partsOfKind[s.head.Kind]; ok {
		return parts
	}
	return []ext.Part{cmp.Or(partOfIntent[s.head.Purpose.Intent], ext.BROther), ext.BRCommon}
}
