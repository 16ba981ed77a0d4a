// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/profiles/value"
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
	Cert     *inspect.Certificate
	CRL      *inspect.RevocationList
}

// NewBuilder gives a builder that knows no values yet.
func NewBuilder(l *Loaded, rehearsal bool) *Builder {
	return &Builder{Loaded: l, Rehearsal: rehearsal, Keys: map[string][]byte{},
		Serials: map[string]*big.Int{}, Made: map[string]*Object{}, StandIns: map[string]*inspect.Certificate{}}
}

// spki resolves "key:ID.spki", "key:ID" and "input:ID.spki".
func (w *Builder) spki(ref string) ([]byte, error) {
	kind, id := Reference(ref)
	if kind == "input" {
		return w.InputSPKI(id, w.Inputs[id] != nil && w.Inputs[id].req != nil)
	}
	if spki := w.Keys[id]; spki != nil {
		return spki, nil
	}
	if k := w.Plan.Key(id); k != nil && k.Source == KeyRequest {
		return w.InputSPKI(k.Input, true)
	}
	return nil, fmt.Errorf("key %q is not known yet", id)
}

// Serial resolves a hexadecimal serial number or "cert:ID.serial".
func (w *Builder) Serial(ref string) (*big.Int, error) {
	if id, ok := strings.CutPrefix(ref, "cert:"); ok {
		id = strings.TrimSuffix(id, ".serial")
		if n := w.Serials[id]; n != nil {
			return n, nil
		}
		return nil, fmt.Errorf("the serial number of %q is not known yet", id)
	}
	n, ok := new(big.Int).SetString(ref, 16)
	if !ok {
		return nil, fmt.Errorf("serial number %q is not hexadecimal", ref)
	}
	return n, nil
}

// Certificate resolves "cert:ARTIFACT" and "input:ID"; in a rehearsal an input
// whose key has a stand-in is the stand-in's certificate.
func (w *Builder) Certificate(ref string) *inspect.Certificate {
	kind, id := Reference(ref)
	if kind == "input" {
		if s := w.StandIns[id]; s != nil {
			return s
		}
		return w.real(ref)
	}
	if o := w.Made[id]; o != nil {
		return o.Cert
	}
	return nil
}

// real resolves "input:ID" to the certificate as it was read.
func (w *Builder) real(ref string) *inspect.Certificate {
	kind, id := Reference(ref)
	if obj := w.Inputs[id]; kind == "input" && obj != nil {
		return obj.Cert
	}
	return nil
}

// isSpecimen reports whether "crl:ARTIFACT" is not signed yet.
func (w *Builder) isSpecimen(ref string) bool {
	kind, id := Reference(ref)
	return kind == "crl" && w.Made[id] != nil && w.Made[id].Specimen
}

func (w *Builder) crl(ref string) *inspect.RevocationList {
	kind, id := Reference(ref)
	if kind == "input" && w.Inputs[id] != nil {
		return w.Inputs[id].crl
	}
	if o := w.Made[id]; o != nil {
		return o.CRL
	}
	return nil
}

// issuerFrom is what a template needs to know of an issuer.
func issuerFrom(c *inspect.Certificate) (templates.Issuer, error) {
	ski, present, err := c.SubjectKeyID()
	if err != nil || !present {
		return templates.Issuer{}, fmt.Errorf("certificate of %s has no subject key identifier", c.Subject)
	}
	return templates.Issuer{Name: c.RawSubject, KeyID: ski, SPKI: c.RawSPKI}, nil
}

// Marked gives the certificate as this ceremony issues it: in a rehearsal with
// a marked subject, unless the subject is another CA's.
func (w *Builder) Marked(a *Artifact) (*profiles.Certificate, error) {
	c := *a.Certificate
	if !w.Rehearsal || a.Existing != "" || a.Request != "" {
		return &c, nil
	}
	name, err := value.Mark(c.Subject)
	c.Subject = name
	return &c, err
}

// TBS builds the bytes to be signed for an artifact, as of a moment of signing.
func (w *Builder) TBS(a *Artifact, signing time.Time) ([]byte, lint.Object, error) {
	obj := lint.Object{Artifact: a.ID, Kind: a.Kind()}
	var tbs []byte
	var err error
	switch {
	case a.Certificate != nil:
		tbs, err = w.certificateTBS(a, &obj, signing)
	case a.RevocationList != nil:
		tbs, err = w.crlTBS(a, &obj, signing)
	case a.CertRequest != nil:
		tbs, err = w.requestTBS(a, &obj)
	case a.Response != nil:
		tbs, err = w.responseTBS(a, &obj, signing)
	}
	if err != nil {
		return nil, obj, fmt.Errorf("building %s: %w", a.ID, err)
	}
	return tbs, obj, nil
}

func (w *Builder) certificateTBS(a *Artifact, obj *lint.Object, signing time.Time) ([]byte, error) {
	c, err := w.Marked(a)
	if err != nil {
		return nil, err
	}
	obj.Certificate = c
	spki, err := w.spki(a.SubjectKey)
	if err != nil {
		return nil, err
	}
	serial, err := w.Serial(a.Serial)
	if err != nil {
		return nil, err
	}
	var issuer templates.Issuer
	if a.Issuer == "self" {
		issuer, err = templates.Self(c, spki)
	} else {
		issuer, err = w.issuer(a.Issuer)
	}
	if err != nil {
		return nil, err
	}
	return templates.Certificate(c, spki, serial, signing, issuer)
}

func (w *Builder) issuer(ref string) (templates.Issuer, error) {
	cert := w.Certificate(ref)
	if cert == nil {
		return templates.Issuer{}, fmt.Errorf("issuer %q is not there yet", ref)
	}
	return issuerFrom(cert)
}

func (w *Builder) crlTBS(a *Artifact, obj *lint.Object, signing time.Time) ([]byte, error) {
	issuer, err := w.issuer(a.Issuer)
	if err != nil {
		return nil, err
	}
	l := *a.RevocationList
	l.Entries = nil
	for _, e := range a.RevocationList.Entries {
		n, err := w.Serial(e.Serial)
		if err != nil {
			return nil, err
		}
		e.Serial = n.Text(16)
		l.Entries = append(l.Entries, e)
	}
	obj.RevocationList = &l
	return templates.RevocationList(&l, signing, issuer)
}

func (w *Builder) requestTBS(a *Artifact, obj *lint.Object) ([]byte, error) {
	r := *a.CertRequest
	if w.Rehearsal {
		var err error
		if r.Subject, err = value.Mark(r.Subject); err != nil {
			return nil, err
		}
	}
	obj.Request = &r
	spki, err := w.spki(a.SubjectKey)
	if err != nil {
		return nil, err
	}
	return templates.Request(&r, spki)
}

func (w *Builder) responseTBS(a *Artifact, obj *lint.Object, signing time.Time) ([]byte, error) {
	issuer, err := w.issuer(a.Issuer)
	if err != nil {
		return nil, err
	}
	responder, err := w.issuer(a.Responder)
	if err != nil {
		return nil, err
	}
	r := *a.Response
	n, err := w.Serial(r.Serial)
	if err != nil {
		return nil, err
	}
	r.Serial = n.Text(16)
	if r.Revoked != nil {
		e := *r.Revoked
		e.Serial = r.Serial
		r.Revoked = &e
	}
	obj.Response = &r
	return templates.Response(&r, signing, issuer, responder)
}

// Assemble joins signed bytes and signature. A response by a delegate carries
// the delegate's certificate.
func (w *Builder) Assemble(a *Artifact, tbs, signature []byte) ([]byte, error) {
	if a.Response == nil {
		return templates.Assemble(tbs, a.Signature(), signature)
	}
	var certs [][]byte
	if a.Responder != a.Issuer {
		certs = [][]byte{w.Certificate(a.Responder).Raw}
	}
	return templates.AssembleResponse(tbs, a.Response.Signature, signature, certs)
}

// Add takes in a signed artifact, parsed by the second parser.
func (w *Builder) Add(a *Artifact, o *Object) error {
	var err error
	switch a.Kind() {
	case profiles.CRL:
		o.CRL, err = inspect.ParseRevocationList(o.DER)
	case profiles.CertRequest:
		_, err = inspect.ParseRequest(o.DER)
	case profiles.OCSPResponse:
		_, err = inspect.ParseResponse(o.DER)
	default:
		o.Cert, err = inspect.ParseCertificate(o.DER)
	}
	if err != nil {
		return fmt.Errorf("parsing %s again: %w", a.ID, err)
	}
	w.Made[a.ID] = o
	return nil
}
