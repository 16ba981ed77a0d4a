// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// crossSubject takes subject, key and key identifier from an existing
// certificate, and reports whether there is one. It is an input, or a certificate
// of an earlier step: a new root is cross-certified by the old one on the day on
// which it is made.
func (l *loader) crossSubject(a *Artifact, v *profiles.CertificateValues, nodes map[string]source.Node) bool {
	if s := nodes["subject"]; s.Present() {
		s.FailHint("write existing: CERTIFICATE", "a cross-certificate takes its subject from the existing certificate")
	}
	n := nodes["existing"]
	if !n.Present() {
		n.FailHint("write existing: CERTIFICATE", "the certificate to cross-certify is not named")
		return false
	}
	if !l.existing(a, v, n) {
		return false
	}
	if v.ExistingSKI.Method == "" {
		n.Fail("the existing certificate has no subject key identifier")
		return false
	}
	if r := nodes["request"]; r.Present() {
		in := l.Inputs[r.Name()]
		if in == nil || in.req() == nil {
			l.badReference(r, aRequest, fromInput)
			return false
		}
		a.Request = InputRef(r.Text())
	}
	return true
}

// existing follows the reference to the certificate that is cross-certified.
func (l *loader) existing(a *Artifact, v *profiles.CertificateValues, n source.Node) bool {
	id := n.Name()
	if in := l.Inputs[id]; in != nil && in.Cert() != nil {
		cert := in.Cert()
		if keyAlgorithm(cert.RawSPKI) == "" {
			n.Fail("%s", unusable(id, inspect.KeyDescription(cert.RawSPKI)))
			return false
		}
		a.Existing, a.SubjectKey = InputRef(id), InputRef(id).SPKI()
		v.ExistingName, v.SubjectKey = cert.RawSubject, keyAlgorithm(cert.RawSPKI)
		l.keyIDBefore(v, n, id)
		return true
	}
	made := l.Plan.Artifact(id)
	if made == nil || made.Certificate() == nil {
		l.badReference(n, aCertificate, fromEither)
		return false
	}
	name, err := templates.EncodeName(made.Certificate().Subject)
	if err != nil {
		n.Fail("the name of %s: %v", id, err)
		return false
	}
	a.Existing, a.SubjectKey = CertRef(id), made.SubjectKey
	v.ExistingName, v.SubjectKey = name, l.algorithmOf(made.SubjectKey)
	v.ExistingSKI = made.Certificate().KeyID()
	return true
}

// keyIDBefore takes what the key of an input is called by its certificate, or, where
// that has no identifier, by what it signed.
func (l *loader) keyIDBefore(v *profiles.CertificateValues, n source.Node, input string) {
	if ski, present, err := l.Inputs[input].Cert().SubjectKeyID(); present && err == nil {
		v.ExistingSKI = profiles.ExistingKeyID(ski)
	} else if key := l.nameKey(n, input); key != nil {
		v.ExistingSKI = profiles.ExistingKeyID(key.Value)
	}
}

// algorithmOf gives the algorithm of a subject's key.
func (l *loader) algorithmOf(spki Ref) algorithm.Key {
	if k := l.Plan.Key(spki.ID()); spki.isKey() && k != nil {
		return k.Algorithm
	}
	if in := l.Inputs[spki.ID()]; in != nil && in.Cert() != nil {
		return keyAlgorithm(in.Cert().RawSPKI)
	}
	return ""
}

// existing gives the certificate that a cross-certificate is for. Of an input it
// is the real one in a rehearsal too: name and key are another CA's.
func (w *Builder) existing(a *Artifact) *inspect.Certificate {
	if a.Existing.IsInput() {
		return w.inputCert(a.Existing)
	}
	return w.Certificate(a.Existing)
}

// foreign reports whether name and key of a subject are not this ceremony's, so
// that a rehearsal leaves them alone. A cross-certificate is as the certificate
// that it is for.
func (p *Plan) foreign(a *Artifact) bool {
	if a.Existing.IsZero() || a.Existing.IsInput() {
		return !a.Existing.IsZero() || !a.Request.IsZero()
	}
	made := p.Artifact(a.Existing.ID())
	return made != nil && p.foreign(made)
}
