// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// row is what differs between the kinds of objects in this room.
type row struct {
	what    string // in full
	word    string // as a reference calls it
	journal string // as the journal does
	inTable bool   // confirmed in one table with its like, where many follow each other
	shown   func(c *card) []transcripts.CardRow
	// context adds what objects of the kind alone are linted with; nil for none.
	context func(w *Builder, a *Artifact, ctx *lint.Context)
	summary func(w *Builder, s *event.Summary, a *Artifact, o *Object)
}

// rowOf gives the row of a kind. The list is made in a function because its rows
// reach back to it.
func rowOf(k profiles.Kind) row {
	certificate := func(what string) row {
		return row{what, "a " + aCertificate, event.KindCertificate, false, (*card).certificate, nil, (*Builder).certificateSummary}
	}
	return map[profiles.Kind]row{
		profiles.RootCA:           certificate("root CA certificate, self-signed"),
		profiles.SubordinateCA:    certificate("subordinate CA certificate"),
		profiles.CrossCertifiedCA: certificate("cross-certificate for an existing CA"),
		profiles.OCSPResponder:    certificate("OCSP responder certificate"),
		profiles.CRL:              {"certificate revocation list", "a " + aCRL, event.KindCRL, true, (*card).crl, (*Builder).crlContext, (*Builder).crlSummary},
		profiles.OCSPResponse:     {"pre-signed OCSP response", "an OCSP response", event.KindOCSP, true, (*card).response, (*Builder).responseContext, (*Builder).responseSummary},
		profiles.CertRequest:      {"certificate request", "a " + aRequest, event.KindCSR, false, (*card).request, nil, (*Builder).requestSummary},
	}[k]
}

// signKind is a word of a step that signs.
type signKind struct {
	kinds []profiles.Kind // that its profile may describe
	title string
	bind  func(l *loader, a *Artifact, prof profiles.Profile, pl *places, m *source.Map)
}

// signWords are these words in the order in which a step is searched for them.
var signWords = []string{"issue", "request", "crl", "ocsp"}

var signings = map[string]signKind{
	"issue": {[]profiles.Kind{profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA, profiles.OCSPResponder},
		"Sign certificate ", (*loader).issue},
	"request": {[]profiles.Kind{profiles.CertRequest}, "Sign certificate request ", (*loader).request},
	"crl":     {[]profiles.Kind{profiles.CRL}, "Sign CRL ", (*loader).crl},
	"ocsp":    {[]profiles.Kind{profiles.OCSPResponse}, "Sign OCSP response ", (*loader).ocsp},
}
