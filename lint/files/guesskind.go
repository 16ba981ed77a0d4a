// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// guess is a kind with the reason for it. A guess is always reported.
type guess struct {
	kind
	why string // "" when the kind was given
}

// Key purposes and policies that tell what a CA is for.
const (
	purposeServer = "1.3.6.1.5.5.7.3.1"
	// purposePrecert is of CAs for precertificates alone (RFC 6962 3.1, BR 7.1.2.4).
	purposePrecert = "1.3.6.1.4.1.11129.2.4.4"
	purposeCode    = "1.3.6.1.5.5.7.3.3"
	purposeEmail   = "1.3.6.1.5.5.7.3.4"
	purposeTime    = "1.3.6.1.5.5.7.3.8"
	purposeOCSP    = "1.3.6.1.5.5.7.3.9"
	purposeAny     = "2.5.29.37.0"
)

// guessKind says what an object is by what it contains, or why nothing here
// checks it.
func (l *Linter) guessKind(o *object, in *pool) (guess, error) {
	return rowOf(o.what).guess(l, o, in)
}

func (l *Linter) guessResponse(o *object, in *pool) (guess, error) { return guessAbout(o, in), nil }

// guessAbout is an OCSP response about the certificate that it names, where that is known.
func guessAbout(o *object, in *pool) guess {
	k := mustKind("ocsp-response")
	id := &o.resp().Singles[0].CertID
	issuer := in.issuerOfCertID(id)
	if issuer == nil {
		return guess{k, aboutCA}
	}
	c := in.issuedBy(issuer.cert)[id.Serial.Text(16)]
	switch {
	case c == nil:
		return guess{k, aboutCA}
	case claimsCA(c):
		return guess{k, "it is an OCSP response about a CA certificate of this run"}
	case lint.IsResponder(c.Extensions):
		return guess{k, "it is an OCSP response about the certificate of a responder of this run"}
	}
	k.covers = profiles.SubscriberCertificates
	return guess{k, "it is an OCSP response about a subscriber certificate of this run"}
}

const aboutCA = "it is an OCSP response, assumed to be about a CA certificate"

func (l *Linter) guessRequest(*object, *pool) (guess, error) { return guess{requestKind(), ""}, nil }

func (l *Linter) guessCertificate(o *object, in *pool) (guess, error) {
	c := o.cert()
	purposes, _ := purposesOf(c)
	ca := claimsCA(c)
	_, constrained := c.Extension(inspect.OIDBasicConstraints)
	own := in.selfSigned(c)
	switch {
	case slices.Contains(purposes, purposeOCSP) && !saysCA(c.Extensions):
		return guess{mustKind("ocsp-responder"), "it has the purpose OCSPSigning and is not a CA"}, nil
	case own && (ca || constrained == 0): // and does not say that it is none
		return guess{mustKind("root-ca"), "it is self-issued"}, nil
	case !ca:
		return guess{}, fmt.Errorf("neither a CA nor an OCSP responder certificate; no rule applies to it")
	}
	return l.guessBelow(c, in), nil
}

// guessBelow is a CA certificate that another key signed. One for a key that has a
// certificate is a cross-certificate whatever its name says, which cross.subject compares.
func (l *Linter) guessBelow(c *inspect.Certificate, in *pool) guess {
	switch existing, root := l.opts.Existing, in.rootOf(c); {
	case existing != nil && bytes.Equal(existing.RawSPKI, c.RawSPKI):
		return crossFor(c, "the existing certificate has its key")
	case existing != nil && bytes.Equal(existing.RawSubject, c.RawSubject):
		return crossFor(c, "the existing certificate has its name")
	case root != nil:
		return crossFor(c, "the root in "+root.name+" has its name and key")
	case c.SelfIssued():
		return crossFor(c, "it is self-issued and signed by another key, as when a CA changes its key (RFC 4210 4.4)")
	}
	return guessIssuing(c)
}

// saysCA reports whether basicConstraints has cA TRUE, whatever follows: what cannot be
// read whole is a finding of lint, and must not make a CA pass for a subscriber.
func saysCA(x inspect.Extensions) bool {
	e, _ := x.Extension(inspect.OIDBasicConstraints)
	var list, ca asn1.RawValue
	if e == nil {
		return false
	}
	if _, err := asn1.Unmarshal(e.Value, &list); err != nil {
		return false
	}
	_, err := asn1.Unmarshal(list.Bytes, &ca)
	return err == nil && ca.Tag == asn1.TagBoolean && !bytes.Equal(ca.Bytes, []byte{0})
}

// usageCertSign is the bit of keyCertSign, as inspect gives it.
const usageCertSign = 1 << 5

// claimsCA reports whether a certificate is meant for a CA: it has cA TRUE, or keyCertSign.
func claimsCA(c *inspect.Certificate) bool {
	usage, _, _ := c.KeyUsage() // one that cannot be read makes the object unreadable
	return saysCA(c.Extensions) || usage.Bits&usageCertSign != 0
}

// crossFor is a cross-certificate for what its key purposes say.
func crossFor(c *inspect.Certificate, why string) guess {
	out := guess{mustKind("cross-ca"), why}
	if own := guessIssuing(c); own.intent != "" {
		out.intent, out.packs = own.intent, own.packs
	}
	return out
}

// guessIssuing tells subordinate CAs apart by their key purposes. What could
// issue TLS certificates is linted by the rules for that, as root programs do.
func guessIssuing(c *inspect.Certificate) guess {
	purposes, present := purposesOf(c)
	for _, row := range []struct{ purpose, name, word string }{
		{purposeServer, "tls-ca", "serverAuth"},
		{purposePrecert, "tls-ca", "precertificate signing"},
		{purposeEmail, "smime-ca", "emailProtection"},
		{purposeCode, "code-signing-ca", "codeSigning"},
		{purposeTime, "timestamping-ca", "timeStamping"},
	} {
		if !slices.Contains(purposes, row.purpose) {
			continue
		}
		if row.name == "tls-ca" {
			return guessConstrained(c, row.word)
		}
		return guess{mustKind(row.name), "it has the purpose " + row.word}
	}
	if !present || slices.Contains(purposes, purposeAny) {
		k := mustKind("tls-ca")
		k.packs = nil // what its root is for decides
		return guess{k, "it can issue TLS certificates: no extKeyUsage, or anyExtendedKeyUsage"}
	}
	return guess{mustKind("private-ca"), "it has none of the purposes that root programs know"} // and its root may be in one
}

// guessConstrained tells TLS CAs apart: name constraints make one technically constrained
// only where they leave nothing open (BR 7.1.2.5.2), and any other may have some (BR 7.1.2.6.1).
func guessConstrained(c *inspect.Certificate, word string) guess {
	nc, present, err := c.NameConstraints()
	if !present {
		return guess{mustKind("tls-ca"), "it has the purpose " + word}
	}
	if gaps := lint.ConstraintGaps(nc); err == nil && len(gaps) > 0 { // unreadable is a finding of lint
		return guess{mustKind("tls-ca"), "it has the purpose " + word + " and name constraints that do not make it technically constrained: " + strings.Join(gaps, "; ") + " (BR 7.1.2.5.2)"}
	}
	return guess{mustKind("constrained-tls-ca"), "it has the purpose " + word + " and name constraints"}
}

func purposesOf(c *inspect.Certificate) ([]string, bool) {
	ids, present, err := c.ExtKeyUsage()
	if err != nil {
		return nil, present
	}
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out, present
}

// subscriberDays is how long a CRL for subscriber certificates is valid at
// most (BR 4.9.7).
const subscriberDays = 10

func (l *Linter) guessCRL(o *object, in *pool) (guess, error) { return guessList(o, in), nil }

func guessList(o *object, in *pool) guess {
	l := o.crl()
	ca, subscriber := mustKind("ca-crl"), mustKind("subscriber-crl")
	idp, present, err := l.IssuingDistributionPoint()
	if present && err == nil {
		switch {
		case idp.OnlyContainsCACerts.Value:
			return guess{ca, "it asserts onlyContainsCACerts"}
		case idp.OnlyContainsUserCerts.Value:
			return guess{subscriber, "it asserts onlyContainsUserCerts"}
		}
	}
	if issuer := in.issuerOf(o); issuer != nil {
		if in.selfSigned(issuer.cert) {
			return guess{ca, "its issuer in " + issuer.name + " is a root"}
		}
		if bc, _, err := issuer.cert.BasicConstraints(); err == nil && bc.PathLen != nil && *bc.PathLen == 0 {
			return guess{subscriber, "its issuer in " + issuer.name + " has path length 0"}
		}
	}
	if l.NextUpdate != nil && !l.NextUpdate.After(l.ThisUpdate.AddDate(0, 0, subscriberDays)) {
		return guess{subscriber, "it is valid for no more than 10 days"}
	}
	return guess{ca, "it is valid for more than 10 days"}
}

// settleKind takes the kind that was asked for, that of the profile, or guesses.
// An object of another form is an error: without it, nobody would notice that
// nothing was compared.
func (l *Linter) settleKind(o *object, in *pool) (guess, error) {
	what := strings.ReplaceAll(o.what, "-", " ")
	if rowOf(o.what).guess == nil {
		return guess{}, fmt.Errorf("a %s; no rule applies to it", what)
	}
	if err := inspect.CheckSingle(o.read); err != nil {
		return guess{}, err
	}
	if p := l.opts.Profile; p != nil {
		h := p.Head()
		if h.Kind.Form() != o.what {
			return guess{}, fmt.Errorf("it is a %s, but profile %s is of kind %s", what, h.Name, h.Kind)
		}
		return guess{kind: kind{
			name: string(h.Kind), object: o.what, kind: h.Kind, intent: h.Purpose.Intent, packs: h.Purpose.Rules, scope: h.Purpose.Scope, covers: profiles.Resolve(p).Covers,
		}}, nil
	}
	if l.opts.Kind == "" {
		return l.guessKind(o, in)
	}
	k := mustKind(l.opts.Kind)
	if k.object != o.what {
		return guess{}, fmt.Errorf("it is a %s, but --kind says %s", what, k.name)
	}
	if k.name == "private-ca" && in.selfSigned(o.cert()) {
		k.kind = profiles.RootCA
	}
	if o.resp() != nil {
		k.covers = guessAbout(o, in).covers // the word does not say
	}
	return guess{kind: k}, nil
}
