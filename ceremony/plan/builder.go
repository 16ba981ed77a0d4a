// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"math/big"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// Builder is a plan with values for what planning cannot know. Preview fills it
// with specimens, a run with what tokens gave, verify with what the journal
// recorded; the same code then builds the same bytes.
type Builder struct {
	*Loaded
	// Rehearsal marks subjects and swaps existing certificates for stand-ins.
	Rehearsal bool
	Keys      map[string][]byte               // SPKI by key id
	Serials   map[string]*big.Int             // by artifact id
	Made      map[string]*Object              // by artifact id
	StandIns  map[string]*inspect.Certificate // by input id
}

// Object is a signed artifact.
type Object struct {
	DER     []byte
	TBS     []byte
	Signing time.Time
	// Specimen says that the signature is a static one.
	Specimen bool
	Read     inspect.Object // DER, read by the second parser
}

// Cert gives the certificate that was signed, or nil for another object.
func (o *Object) Cert() *inspect.Certificate { return inspect.As[*inspect.Certificate](o.Read) }

// crl gives the CRL that was signed, or nil for another object.
func (o *Object) crl() *inspect.RevocationList { return inspect.As[*inspect.RevocationList](o.Read) }

// NewBuilder gives a builder that knows no values yet.
func NewBuilder(l *Loaded, rehearsal bool) *Builder {
	return &Builder{Loaded: l, Rehearsal: rehearsal, Keys: map[string][]byte{},
		Serials: map[string]*big.Int{}, Made: map[string]*Object{}, StandIns: map[string]*inspect.Certificate{}}
}

// spki gives the public key that a reference is to.
func (w *Builder) spki(ref Ref) ([]byte, error) {
	id := ref.ID()
	if ref.IsInput() {
		return w.InputSPKI(id, w.Inputs[id] != nil && w.Inputs[id].req() != nil)
	}
	if spki := w.Keys[id]; spki != nil {
		return spki, nil
	}
	if k := w.Plan.Key(id); k != nil && k.Source == KeyRequest {
		return w.InputSPKI(k.Input, true)
	}
	return nil, fmt.Errorf("key %q is not known yet", id)
}

// Serial gives the serial number of an object, given or referred to.
func (w *Builder) Serial(s profiles.Serial) (*big.Int, error) {
	if id, ok := s.Artifact(); ok {
		return w.serialOf(id)
	}
	n, ok := new(big.Int).SetString(string(s), 16)
	if !ok {
		return nil, fmt.Errorf("serial number %q is not hexadecimal", string(s))
	}
	return n, nil
}

func (w *Builder) serialOf(artifact string) (*big.Int, error) {
	if n := w.Serials[artifact]; n != nil {
		return n, nil
	}
	return nil, fmt.Errorf("the serial number of %q is not known yet", artifact)
}

// Certificate gives the certificate that a reference is to; in a rehearsal an
// input whose key has a stand-in is the stand-in's certificate.
func (w *Builder) Certificate(ref Ref) *inspect.Certificate {
	if ref.IsInput() {
		if s := w.StandIns[ref.ID()]; s != nil {
			return s
		}
		return w.inputCert(ref)
	}
	if o := w.Made[ref.ID()]; o != nil {
		return o.Cert()
	}
	return nil
}

// inputCert gives the certificate of an input as it was read.
func (l *Loaded) inputCert(ref Ref) *inspect.Certificate {
	if obj := l.Inputs[ref.ID()]; ref.IsInput() && obj != nil {
		return obj.Cert()
	}
	return nil
}

// isSpecimen reports whether an object of the ceremony is not signed yet.
func (w *Builder) isSpecimen(ref Ref) bool {
	made := w.Made[ref.ID()]
	return !ref.IsInput() && made != nil && made.Specimen
}

func (w *Builder) crl(ref Ref) *inspect.RevocationList {
	if ref.IsInput() && w.Inputs[ref.ID()] != nil {
		return w.Inputs[ref.ID()].crl()
	}
	if o := w.Made[ref.ID()]; o != nil {
		return o.crl()
	}
	return nil
}

// Marked gives the object as this ceremony issues it: in a rehearsal with a
// marked subject, unless the subject is another CA's.
func (w *Builder) Marked(a *Artifact) (profiles.Object, error) {
	if !w.Rehearsal || w.Plan.foreign(a) {
		return a.Object, nil
	}
	return a.Object.Marked()
}

// tbs builds the bytes to be signed for an artifact, as of a moment of signing.
func (w *Builder) tbs(a *Artifact, signing time.Time) ([]byte, lint.Object, error) {
	obj, v, err := w.resolve(a, signing)
	var tbs []byte
	if err == nil {
		tbs, err = templates.TBS(obj.Declared, v)
	}
	if err != nil {
		return nil, obj, fmt.Errorf("building %s: %w", a.ID, err)
	}
	return tbs, obj, nil
}

// resolve gives an object with the values that its references resolve to, and
// those that it does not have itself.
func (w *Builder) resolve(a *Artifact, signing time.Time) (obj lint.Object, v templates.Values, err error) {
	obj.Artifact, v.Signing = a.ID, signing
	if obj.Declared, err = w.Marked(a); err != nil {
		return obj, v, err
	}
	if !a.SubjectKey.IsZero() {
		if v.SPKI, err = w.spki(a.SubjectKey); err != nil {
			return obj, v, err
		}
	}
	if !a.Serial.IsZero() {
		if v.Serial, err = w.serialOf(a.Serial.ID()); err != nil {
			return obj, v, err
		}
	}
	if !a.Issuer.IsSelf() {
		if v.Issuer, err = w.issuer(a.Issuer); err != nil {
			return obj, v, err
		}
	}
	if !a.Responder.IsZero() {
		if v.Responder, err = w.issuer(a.Responder); err != nil {
			return obj, v, err
		}
	}
	obj.Declared, err = obj.Declared.Resolved(w.references())
	return obj, v, err
}

// references follows what an object says of others of the ceremony.
func (w *Builder) references() profiles.References {
	return profiles.References{
		Serial: func(s profiles.Serial) (profiles.Serial, error) {
			n, err := w.Serial(s)
			if err != nil {
				return "", err
			}
			return profiles.Serial(n.Text(16)), nil
		},
		Signed: func(crl string) (time.Time, error) {
			if o := w.Made[crl]; o != nil {
				return o.Signing, nil
			}
			return time.Time{}, fmt.Errorf("CRL %q is not signed yet", crl)
		},
	}
}

// Assemble joins signed bytes and signature. A response by a delegate carries
// the delegate's certificate.
func (w *Builder) Assemble(a *Artifact, tbs, signature []byte) ([]byte, error) {
	if a.Response() == nil {
		return templates.Assemble(tbs, a.Signature(), signature)
	}
	var certs [][]byte
	if a.Responder != a.Issuer {
		delegate := w.Certificate(a.Responder)
		if delegate == nil {
			return nil, fmt.Errorf("there is no certificate of the responder %q yet", a.Responder)
		}
		certs = [][]byte{delegate.Raw}
	}
	return templates.AssembleResponse(tbs, a.Signature(), signature, certs)
}

// Add takes in a signed artifact, parsed by the second parser.
func (w *Builder) Add(a *Artifact, o *Object) error {
	var err error
	if o.Read, err = inspect.Parse(a.Kind().Form(), o.DER); err != nil {
		return fmt.Errorf("parsing %s again: %w", a.ID, err)
	}
	w.Made[a.ID] = o
	return nil
}
