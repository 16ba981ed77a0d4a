// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// world is a plan with values for what planning cannot know. Preview fills it
// with specimens, Execute with what tokens gave, Verify with what the journal
// recorded; the same code then builds the same bytes.
type world struct {
	loaded *Loaded
	plan   *Plan
	// rehearsal marks subjects and swaps existing certificates for stand-ins.
	rehearsal bool
	keys      map[string][]byte               // SPKI by key id
	serials   map[string]*big.Int             // by artifact id
	made      map[string]*object              // by artifact id
	standIns  map[string]*inspect.Certificate // by input id
}

// object is a signed artifact.
type object struct {
	der     []byte
	tbs     []byte
	signing time.Time
	// specimen says that the signature is a static one.
	specimen bool
	cert     *inspect.Certificate
	crl      *inspect.RevocationList
}

func newWorld(l *Loaded, rehearsal bool) *world {
	return &world{loaded: l, plan: l.Plan, rehearsal: rehearsal, keys: map[string][]byte{},
		serials: map[string]*big.Int{}, made: map[string]*object{}, standIns: map[string]*inspect.Certificate{}}
}

// spki resolves "key:ID.spki", "key:ID" and "input:ID.spki".
func (w *world) spki(ref string) ([]byte, error) {
	kind, id := reference(ref)
	if kind == "input" {
		return w.loaded.inputSPKI(id, w.loaded.inputs[id] != nil && w.loaded.inputs[id].req != nil)
	}
	if spki := w.keys[id]; spki != nil {
		return spki, nil
	}
	if k := w.plan.key(id); k != nil && k.Source == KeyRequest {
		return w.loaded.inputSPKI(k.Input, true)
	}
	return nil, fmt.Errorf("key %q is not known yet", id)
}

// serial resolves a hexadecimal serial number or "cert:ID.serial".
func (w *world) serial(ref string) (*big.Int, error) {
	if id, ok := strings.CutPrefix(ref, "cert:"); ok {
		id = strings.TrimSuffix(id, ".serial")
		if n := w.serials[id]; n != nil {
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

// certificate resolves "cert:ARTIFACT" and "input:ID"; in a rehearsal an input
// whose key has a stand-in is the stand-in's certificate.
func (w *world) certificate(ref string) *inspect.Certificate {
	kind, id := reference(ref)
	if kind == "input" {
		if s := w.standIns[id]; s != nil {
			return s
		}
		return w.real(ref)
	}
	if o := w.made[id]; o != nil {
		return o.cert
	}
	return nil
}

// real resolves "input:ID" to the certificate as it was read.
func (w *world) real(ref string) *inspect.Certificate {
	kind, id := reference(ref)
	if obj := w.loaded.inputs[id]; kind == "input" && obj != nil {
		return obj.cert
	}
	return nil
}

// isSpecimen reports whether "crl:ARTIFACT" is not signed yet.
func (w *world) isSpecimen(ref string) bool {
	kind, id := reference(ref)
	return kind == "crl" && w.made[id] != nil && w.made[id].specimen
}

func (w *world) crl(ref string) *inspect.RevocationList {
	kind, id := reference(ref)
	if kind == "input" && w.loaded.inputs[id] != nil {
		return w.loaded.inputs[id].crl
	}
	if o := w.made[id]; o != nil {
		return o.crl
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

// marked gives the certificate as this ceremony issues it: in a rehearsal with
// a marked subject, unless the subject is another CA's.
func (w *world) marked(a *Artifact) (*profiles.Certificate, error) {
	c := *a.Certificate
	if !w.rehearsal || a.Existing != "" || a.Request != "" {
		return &c, nil
	}
	name, err := profiles.Mark(c.Subject)
	c.Subject = name
	return &c, err
}

// tbs builds the bytes to be signed for an artifact, as of a moment of signing.
func (w *world) tbs(a *Artifact, signing time.Time) ([]byte, lint.Object, error) {
	obj := lint.Object{Artifact: a.ID, Kind: a.kind()}
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

func (w *world) certificateTBS(a *Artifact, obj *lint.Object, signing time.Time) ([]byte, error) {
	c, err := w.marked(a)
	if err != nil {
		return nil, err
	}
	obj.Certificate = c
	spki, err := w.spki(a.SubjectKey)
	if err != nil {
		return nil, err
	}
	serial, err := w.serial(a.Serial)
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

func (w *world) issuer(ref string) (templates.Issuer, error) {
	cert := w.certificate(ref)
	if cert == nil {
		return templates.Issuer{}, fmt.Errorf("issuer %q is not there yet", ref)
	}
	return issuerFrom(cert)
}

func (w *world) crlTBS(a *Artifact, obj *lint.Object, signing time.Time) ([]byte, error) {
	issuer, err := w.issuer(a.Issuer)
	if err != nil {
		return nil, err
	}
	l := *a.RevocationList
	l.Entries = nil
	for _, e := range a.RevocationList.Entries {
		n, err := w.serial(e.Serial)
		if err != nil {
			return nil, err
		}
		e.Serial = n.Text(16)
		l.Entries = append(l.Entries, e)
	}
	obj.RevocationList = &l
	return templates.RevocationList(&l, signing, issuer)
}

func (w *world) requestTBS(a *Artifact, obj *lint.Object) ([]byte, error) {
	r := *a.CertRequest
	if w.rehearsal {
		var err error
		if r.Subject, err = profiles.Mark(r.Subject); err != nil {
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

func (w *world) responseTBS(a *Artifact, obj *lint.Object, signing time.Time) ([]byte, error) {
	issuer, err := w.issuer(a.Issuer)
	if err != nil {
		return nil, err
	}
	responder, err := w.issuer(a.Responder)
	if err != nil {
		return nil, err
	}
	r := *a.Response
	n, err := w.serial(r.Serial)
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

// assemble joins signed bytes and signature. A response by a delegate carries
// the delegate's certificate.
func (w *world) assemble(a *Artifact, tbs, signature []byte) ([]byte, error) {
	if a.Response == nil {
		return templates.Assemble(tbs, a.signature(), signature)
	}
	var certs [][]byte
	if a.Responder != a.Issuer {
		certs = [][]byte{w.certificate(a.Responder).Raw}
	}
	return templates.AssembleResponse(tbs, a.Response.Signature, signature, certs)
}

// add takes in a signed artifact, parsed by the second parser.
func (w *world) add(a *Artifact, o *object) error {
	var err error
	switch a.kind() {
	case profiles.CRL:
		o.crl, err = inspect.ParseRevocationList(o.der)
	case profiles.CertRequest:
		_, err = inspect.ParseRequest(o.der)
	case profiles.OCSPResponse:
		_, err = inspect.ParseResponse(o.der)
	default:
		o.cert, err = inspect.ParseCertificate(o.der)
	}
	if err != nil {
		return fmt.Errorf("parsing %s again: %w", a.ID, err)
	}
	w.made[a.ID] = o
	return nil
}
