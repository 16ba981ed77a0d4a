// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// What objects without a profile are held to.
var (
	packsTLS     = []string{lint.PackTLS, lint.PackMozilla, lint.PackChrome, lint.PackApple, lint.PackMicrosoft, lint.PackCCADB}
	packsSMIME   = []string{lint.PackSMIME, lint.PackMozilla, lint.PackApple, lint.PackMicrosoft, lint.PackCCADB}
	packsCode    = []string{lint.PackCodeSigning, lint.PackMicrosoft, lint.PackCCADB}
	packsPrivate = []string{lint.PackRFC5280}
)

// kind is a word of --kind and what stands behind it.
type kind struct {
	name   string
	object string // of package inspect
	kind   profiles.Kind
	intent profiles.Intent
	covers profiles.Scope
	packs  []string
}

// kinds is the whole list, in the order of the help text. A certificate request
// is known by its form alone and has no word.
var kinds = []kind{
	{"root-ca", inspect.KindCertificate, profiles.RootCA, profiles.TLSServer, "", packsTLS},
	{"tls-ca", inspect.KindCertificate, profiles.SubordinateCA, profiles.TLSServer, "", packsTLS},
	{"constrained-tls-ca", inspect.KindCertificate, profiles.SubordinateCA, profiles.TLSConstrained, "", packsTLS},
	{"cross-ca", inspect.KindCertificate, profiles.CrossCertifiedCA, profiles.TLSServer, "", packsTLS},
	{"smime-ca", inspect.KindCertificate, profiles.SubordinateCA, profiles.SMIME, "", packsSMIME},
	{"code-signing-ca", inspect.KindCertificate, profiles.SubordinateCA, profiles.CodeSigning, "", packsCode},
	{"timestamping-ca", inspect.KindCertificate, profiles.SubordinateCA, profiles.TimeStamping, "", packsCode},
	{"private-ca", inspect.KindCertificate, profiles.SubordinateCA, profiles.Private, "", packsPrivate},
	{"ocsp-responder", inspect.KindCertificate, profiles.OCSPResponder, "", "", packsTLS},
	{"ca-crl", inspect.KindCRL, profiles.CRL, "", profiles.CACertificates, packsTLS},
	{"subscriber-crl", inspect.KindCRL, profiles.CRL, "", profiles.SubscriberCertificates, packsTLS},
	{"ocsp-response", inspect.KindResponse, profiles.OCSPResponse, "", profiles.CACertificates, packsTLS},
}

// requestKind is what every certificate request is.
func requestKind() kind {
	return kind{"certificate-request", inspect.KindRequest, profiles.CertRequest, "", "", packsPrivate}
}

// Kinds lists the words of --kind.
func Kinds() []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = k.name
	}
	return out
}

func kindOf(name string) (kind, bool) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if i < 0 {
		return kind{}, false
	}
	return kinds[i], true
}

// mustKind gives a kind of the table.
func mustKind(name string) kind {
	k, ok := kindOf(name)
	if !ok {
		panic("internal error: no kind " + name)
	}
	return k
}

// describes reports whether a profile is for objects of this kind.
func (k kind) describes(p profiles.Profile) bool {
	have := p.Head().Kind
	return k.kind == have || k.name == "private-ca" && have == profiles.RootCA
}

// objectOf is the type of object that a profile describes.
func objectOf(p profiles.Profile) string {
	switch p.Head().Kind {
	case profiles.CRL:
		return inspect.KindCRL
	case profiles.OCSPResponse:
		return inspect.KindResponse
	case profiles.CertRequest:
		return inspect.KindRequest
	}
	return inspect.KindCertificate
}
