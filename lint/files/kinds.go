// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"slices"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
)

// Rule packs for objects without a profile, by the scope of the root.
var (
	packsTLS     = []string{lint.PackTLS, lint.PackMozilla, lint.PackChrome, lint.PackApple, lint.PackMicrosoft, lint.PackCCADB}
	packsSMIME   = []string{lint.PackSMIME, lint.PackMozilla, lint.PackApple, lint.PackMicrosoft, lint.PackCCADB}
	packsCode    = []string{lint.PackCodeSigning, lint.PackMicrosoft, lint.PackCCADB}
	packsPrivate = []string{lint.PackRFC5280}
)

// kind is a word of --kind and what it means.
type kind struct {
	name   string
	object string // of package inspect
	kind   profiles.Kind
	intent profiles.Intent
	covers profiles.Scope
	packs  []string             // that bind it whatever its root is for; nil: its root decides
	scope  []profiles.RootScope // of the root, where it is known
	maybe  []string             // packs that bind it by the scope of the root, which is not known
}

// kinds is the whole list, in the order of the help text. A certificate request
// is known by its form alone and has no word.
var kinds = []kind{
	{name: "root-ca", object: inspect.KindCertificate, kind: profiles.RootCA},
	{name: "tls-ca", object: inspect.KindCertificate, kind: profiles.SubordinateCA, intent: profiles.TLSServer, packs: packsTLS},
	{name: "constrained-tls-ca", object: inspect.KindCertificate, kind: profiles.SubordinateCA, intent: profiles.TLSConstrained, packs: packsTLS},
	{name: "cross-ca", object: inspect.KindCertificate, kind: profiles.CrossCertifiedCA, intent: profiles.TLSServer, packs: packsTLS},
	{name: "smime-ca", object: inspect.KindCertificate, kind: profiles.SubordinateCA, intent: profiles.SMIME, packs: packsSMIME},
	{name: "constrained-smime-ca", object: inspect.KindCertificate, kind: profiles.SubordinateCA, intent: profiles.SMIMEConstrained, packs: packsSMIME},
	{name: "code-signing-ca", object: inspect.KindCertificate, kind: profiles.SubordinateCA, intent: profiles.CodeSigning, packs: packsCode},
	{name: "timestamping-ca", object: inspect.KindCertificate, kind: profiles.SubordinateCA, intent: profiles.TimeStamping, packs: packsCode},
	{name: "private-ca", object: inspect.KindCertificate, kind: profiles.SubordinateCA, intent: profiles.Private},
	{name: "ocsp-responder", object: inspect.KindCertificate, kind: profiles.OCSPResponder},
	{name: "ca-crl", object: inspect.KindCRL, kind: profiles.CRL, covers: profiles.CACertificates},
	{name: "subscriber-crl", object: inspect.KindCRL, kind: profiles.CRL, covers: profiles.SubscriberCertificates},
	{name: "ocsp-response", object: inspect.KindResponse, kind: profiles.OCSPResponse, covers: profiles.CACertificates},
}

// requestKind is what every certificate request is.
func requestKind() kind {
	return kind{name: "certificate-request", object: inspect.KindRequest, kind: profiles.CertRequest, packs: packsPrivate, scope: []profiles.RootScope{profiles.ScopePrivate}}
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

// kindRow is what differs between the kinds of objects in this package.
type kindRow struct {
	// date is the date that an object carries, and its name there; nil for none.
	date func(o *object) (time.Time, string)
	// guess says what kind it is by what it contains.
	guess func(l *Linter, o *object, in *pool) (guess, error)
	// context adds what is known besides it.
	context func(l *Linter, ctx *lint.Context, o *object, g guess, in *pool, t *format.Target)
	// mirror declares it to be what it is.
	mirror func(o *object, k kind) profiles.Object
	// bind binds the profile to it, and anyway as far as possible where it does
	// not fit.
	bind   func(l *Linter, o *object, issuer *inspect.Certificate) (profiles.Object, []profiles.Problem)
	anyway func(l *Linter, o *object, own lint.Object) (profiles.Object, []profiles.Problem)
	// specimen makes one of a profile.
	specimen func(w *specimenCAs, p profiles.Profile, c choice, packs []string) (*specimen, []profiles.Problem, error)
}

// rowOf gives the row of a kind, by the words of package inspect. The list is made
// in a function because its rows reach back to it.
func rowOf(form string) kindRow {
	return map[string]kindRow{
		inspect.KindCertificate: {
			date:  func(o *object) (time.Time, string) { return o.cert().NotBefore.Time, "its notBefore" },
			guess: (*Linter).guessCertificate, context: (*Linter).certificateContext, mirror: mirrorCertificate,
			bind: (*Linter).bindCertificate, anyway: (*Linter).certificateAnyway,
			specimen: (*specimenCAs).certificate,
		},
		inspect.KindCRL: {
			date:  func(o *object) (time.Time, string) { return o.crl().ThisUpdate.Time, "its thisUpdate" },
			guess: (*Linter).guessCRL, context: (*Linter).crlContext, mirror: mirrorCRL,
			bind: (*Linter).bindCRL, anyway: (*Linter).crlAnyway,
			specimen: (*specimenCAs).revocationList,
		},
		inspect.KindResponse: {
			date:  func(o *object) (time.Time, string) { return o.resp().ProducedAt.Time, "its producedAt" },
			guess: (*Linter).guessResponse, context: (*Linter).responseContext, mirror: mirrorResponse,
			bind:     (*Linter).bindResponse,
			specimen: (*specimenCAs).response,
		},
		inspect.KindRequest: {
			guess: (*Linter).guessRequest, context: (*Linter).requestContext, mirror: mirrorRequest,
			bind:     (*Linter).bindRequest,
			specimen: (*specimenCAs).request,
		},
	}[form]
}

// profileOf gives a profile by its type, which its row of the list has.
func profileOf[P profiles.Profile](p profiles.Profile) P {
	out, _ := p.(P) // the row is found by the kind of the profile
	return out
}
