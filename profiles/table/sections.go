// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package table

import (
	"slices"
	"strings"

	"rootceremony/profiles"
)

// rfcSections are the sections of RFC 5280 and RFC 6960 for fields and
// extensions of certificates; those of CRLs and responses stand below.
var rfcSections = map[string]string{
	"version": "RFC 5280 4.1.2.1", "serial": "RFC 5280 4.1.2.2", "signature": "RFC 5280 4.1.2.3",
	"issuer": "RFC 5280 4.1.2.4", "validity": "RFC 5280 4.1.2.5", "subject": "RFC 5280 4.1.2.6",
	"key": "RFC 5280 4.1.2.7", "extensions": "RFC 5280 4.2",
	"authority-key-identifier": "RFC 5280 4.2.1.1", "subject-key-identifier": "RFC 5280 4.2.1.2",
	"key-usage": "RFC 5280 4.2.1.3", "certificate-policies": "RFC 5280 4.2.1.4",
	"basic-constraints": "RFC 5280 4.2.1.9", "name-constraints": "RFC 5280 4.2.1.10",
	"extended-key-usage": "RFC 5280 4.2.1.12", "crl-distribution-points": "RFC 5280 4.2.1.13",
	"authority-information-access": "RFC 5280 4.2.2.1", "ocsp-no-check": "RFC 6960 4.2.2.2.1",
}

var crlSections = map[string]string{
	"version": "RFC 5280 5.1.2.1", "signature": "RFC 5280 5.1.2.2", "issuer": "RFC 5280 5.1.2.3",
	"this-update": "RFC 5280 5.1.2.4", "validity": "RFC 5280 5.1.2.5", "entries": "RFC 5280 5.1.2.6, 5.3.1",
	"extensions": "RFC 5280 5.2", "authority-key-identifier": "RFC 5280 5.2.1", "crl-number": "RFC 5280 5.2.3",
	"issuing-distribution-point": "RFC 5280 5.2.5", "authority-information-access": "RFC 5280 5.2.7",
}

var responseSections = map[string]string{
	"signature": "RFC 6960 4.3", "responder-id": "RFC 6960 4.2.1", "certificate-id": "RFC 6960 4.1.1, RFC 5019 2.1.1",
	"status": "RFC 6960 4.2.1", "this-update": "RFC 6960 2.4", "validity": "RFC 6960 2.4", "extensions": "RFC 6960 4.4",
}

var requestSections = map[string]string{
	"version": "RFC 2986 4.1", "subject": "RFC 2986 4.1", "key": "RFC 2986 4.1", "signature": "RFC 2986 4.2", "extensions": "RFC 2985 5.4.2",
}

// The sections of the TLS Baseline Requirements.
var (
	brCommon = map[string]string{
		"version": "7.1.1", "serial": "7.1.2", "signature": "7.1.3.2", "issuer": "7.1.4.1", "subject": "7.1.4.2, 7.1.2.10.2",
		"key": "7.1.3.1, 6.1.5", "validity": "7.1.2.10.1", "extensions": "7.1.2.11.5",
		"authority-key-identifier": "7.1.2.11.1", "subject-key-identifier": "7.1.2.11.4", "key-usage": "7.1.2.10.7",
		"certificate-policies": "7.1.2.10.5", "basic-constraints": "7.1.2.10.4", "name-constraints": "7.1.2.10.8",
		"extended-key-usage": "7.1.2.10.6", "crl-distribution-points": "7.1.2.11.2", "authority-information-access": "7.1.2.10.3",
	}
	brRoot = map[string]string{
		"validity": "7.1.2.1.1", "extensions": "7.1.2.1.2", "authority-key-identifier": "7.1.2.1.3", "basic-constraints": "7.1.2.1.4",
	}
	brCross = map[string]string{
		"validity": "7.1.2.2.1", "subject": "7.1.2.2.2", "extensions": "7.1.2.2.3", "extended-key-usage": "7.1.2.2.4, 7.1.2.2.5",
		"certificate-policies": "7.1.2.2.6",
	}
	brConstrained = map[string]string{"extensions": "7.1.2.5.1", "name-constraints": "7.1.2.5.2"}
	brTLS         = map[string]string{"extensions": "7.1.2.6.1"}
	brOther       = map[string]string{"extensions": "7.1.2.3.1", "certificate-policies": "7.1.2.3.2", "extended-key-usage": "7.1.2.3.3"}
	brResponder   = map[string]string{
		"validity": "7.1.2.8.1", "extensions": "7.1.2.8.2", "authority-information-access": "7.1.2.8.3", "basic-constraints": "7.1.2.8.4",
		"extended-key-usage": "7.1.2.8.5", "ocsp-no-check": "7.1.2.8.6", "key-usage": "7.1.2.8.7", "certificate-policies": "7.1.2.8.8",
	}
	brCRL = map[string]string{
		"version": "7.2.1", "signature": "7.1.3.2", "issuer": "7.2", "this-update": "7.2", "validity": "7.2, 4.9.7", "entries": "7.2.2",
		"extensions": "7.2.2", "authority-key-identifier": "7.2.2", "crl-number": "7.2.2", "issuing-distribution-point": "7.2.2.1",
	}
	brResponse = map[string]string{
		"signature": "7.1.3.2", "responder-id": "4.9.9", "status": "7.3", "this-update": "4.9.9", "validity": "4.9.9", "extensions": "7.3.2",
	}
)

// source names the sections that ask for a field: those of the documents that
// the profile is held to, and the RFC.
func (t *sheet) source(key string) string {
	var out []string
	if slices.Contains(t.head.Purpose.Rules, profiles.PackTLS) {
		if s := t.brSection(key); s != "" {
			out = append(out, "BR "+s)
		}
	}
	if n := t.otherSection(); n != "" && (profiles.ExtensionName(key).Title() != "" || key == "extensions") {
		if slices.Contains(t.head.Purpose.Rules, profiles.PackSMIME) {
			out = append(out, "SBR 7.1.2."+n)
		}
		if slices.Contains(t.head.Purpose.Rules, profiles.PackCodeSigning) {
			out = append(out, "CSBR 7.1.2."+n)
		}
	}
	if s := t.rfcSection(key); s != "" {
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// otherSection is the last number of the section about roots or subordinate
// CAs in the other documents of the CA/Browser Forum.
func (t *sheet) otherSection() string {
	switch t.head.Kind {
	case profiles.RootCA:
		return "1"
	case profiles.SubordinateCA, profiles.CrossCertifiedCA:
		return "2"
	}
	return ""
}

func (t *sheet) rfcSection(key string) string {
	switch t.head.Kind {
	case profiles.CRL:
		return crlSections[key]
	case profiles.OCSPResponse:
		return responseSections[key]
	case profiles.CertRequest:
		if s := requestSections[key]; s != "" {
			return s
		}
	}
	return rfcSections[key]
}

func (t *sheet) brSection(key string) string {
	special := brTLS
	switch {
	case t.head.Kind == profiles.CRL:
		return brCRL[key]
	case t.head.Kind == profiles.OCSPResponse:
		return brResponse[key]
	case t.head.Kind == profiles.CertRequest:
		return ""
	case t.head.Kind == profiles.RootCA:
		special = brRoot
	case t.head.Kind == profiles.CrossCertifiedCA:
		special = brCross
	case t.head.Kind == profiles.OCSPResponder:
		special = brResponder
	case t.head.Purpose.Intent == profiles.TLSConstrained:
		special = brConstrained
	case t.head.Purpose.Intent != profiles.TLSServer:
		special = brOther
	}
	if s := special[key]; s != "" {
		return s
	}
	return brCommon[key]
}
