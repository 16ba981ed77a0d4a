// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/templates"
	"rootceremony/transcripts"
)

// KeyID names the key of a CA whose certificate has no subjectKeyIdentifier: what it
// signs has to name the key all the same (RFC 5280 4.2.1.1, 5.2.1).
type KeyID struct {
	Value profiles.HexBytes `json:"value"`
	From  string            `json:"from"` // for people
}

// keyIDOf gives the identifier for the key of an existing CA that has none, or nil
// where its certificate has one: what it was called last, and otherwise what RFC 5280
// 4.2.1.2 calls method 1.
func (l *loader) keyIDOf(ca *inspect.Certificate) (*KeyID, error) {
	switch own, present, err := ca.SubjectKeyID(); {
	case err != nil:
		return nil, fmt.Errorf("the subjectKeyIdentifier of %q is not readable", ca.Subject)
	case present && len(own) == 0:
		return nil, &emptyKeyID{ca.Subject.String()}
	case present:
		return nil, nil
	}
	if last := l.lastKeyID(ca); last != nil {
		return last, nil
	}
	id, err := templates.UnnamedKeyID(ca.RawSPKI)
	return &KeyID{Value: id, From: "SHA-1 of the key, method 1 of RFC 5280 4.2.1.2"}, err
}

// emptyKeyID is a subjectKeyIdentifier of no bytes, which names nothing: certutil of NSS
// makes it where nobody types one.
type emptyKeyID struct{ subject string }

// Error implements error.
func (e *emptyKeyID) Error() string {
	return fmt.Sprintf("the subjectKeyIdentifier of %q is empty", e.subject)
}

// nameKey gives the identifier for the key of an input that has none, and keeps it. It
// says so once of an input whose identifier is not readable.
func (l *loader) nameKey(n source.Node, input string) *KeyID {
	if _, known := l.keyIDs[input]; !known {
		id, err := l.keyIDOf(l.Inputs[input].Cert())
		hint := "get the certificate again from its CA"
		if _, empty := errors.AsType[*emptyKeyID](err); empty {
			hint = "have its CA sign another one of the same name and key, with an identifier or without the extension"
		}
		if err != nil {
			n.FailHint(hint, "%v", err)
		}
		l.keyIDs[input] = id
	}
	return l.keyIDs[input]
}

// lastKeyID finds what the newest certificate or CRL among the inputs calls the key.
func (l *loader) lastKeyID(ca *inspect.Certificate) (last *KeyID) {
	var newest time.Time
	take := func(id []byte, at time.Time, from string) {
		if len(id) > 0 && (last == nil || at.After(newest)) {
			last, newest = &KeyID{Value: id, From: from}, at
		}
	}
	for _, in := range l.Plan.Inputs {
		if c := l.Inputs[in.ID].Cert(); c != nil {
			at := c.NotBefore.Time
			switch {
			case bytes.Equal(c.RawSubject, ca.RawSubject) && bytes.Equal(c.RawSPKI, ca.RawSPKI):
				id, _, _ := c.SubjectKeyID()
				take(id, at, "the subjectKeyIdentifier of "+in.ID)
			case lint.Issued(ca, c):
				take(issuerKeyID(c.Extensions), at, "the authorityKeyIdentifier of "+in.ID)
			}
		}
	}
	for _, k := range l.known {
		if crl := inspect.As[*inspect.RevocationList](k.read); crl != nil && lint.SignedBy(ca, crl) {
			take(issuerKeyID(crl.Extensions), crl.ThisUpdate.Time, "the authorityKeyIdentifier of "+k.name)
		}
	}
	return last
}

// issuerKeyID is what an object calls the key of its issuer, or nil.
func issuerKeyID(x inspect.Extensions) []byte {
	aki, present, err := x.AuthorityKeyID()
	if !present || err != nil {
		return nil
	}
	return aki.KeyID
}

// keyIDRows says where the identifiers come from that no certificate has.
func (l *Loaded) keyIDRows(a *Artifact) (out []transcripts.CardRow) {
	for _, of := range []struct {
		what string
		cert Ref
	}{{"issuer", a.Issuer}, {"subject", a.Existing}} {
		if id := l.keyIDs[of.cert.ID()]; of.cert.IsInput() && id != nil {
			out = append(out, cardRow("Key id", hex.EncodeToString(id.Value)+" (of the "+of.what+", whose certificate has none: "+id.From+")"))
		}
	}
	return out
}

// issuer is what a template needs to know of an issuer. A stand-in is a
// certificate of this ceremony, and its key was never called anything.
func (w *Builder) issuer(ref Ref) (*templates.Issuer, error) {
	cert := w.Certificate(ref)
	if cert == nil {
		return nil, fmt.Errorf("issuer %q is not signed yet", ref.ID())
	}
	out := &templates.Issuer{Name: cert.RawSubject, SPKI: cert.RawSPKI}
	var err error
	switch id, present, _ := cert.SubjectKeyID(); {
	case present:
		out.KeyID = id
	case cert == w.inputCert(ref) && w.keyIDs[ref.ID()] != nil:
		out.KeyID = w.keyIDs[ref.ID()].Value
	default:
		out.KeyID, err = templates.UnnamedKeyID(cert.RawSPKI)
	}
	return out, err
}
