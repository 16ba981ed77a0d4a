// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"rootceremony/profiles"
)

// Values are what an object has beyond what was bound. Which of them it needs
// follows from its kind.
type Values struct {
	SPKI    []byte   // of the subject
	Serial  *big.Int // of a certificate
	Signing time.Time
	// Issuer is who signs, or for a response who issued the certificate that
	// the response is about. It is nil for what signs itself.
	Issuer *Issuer
	// Responder is who signs a response.
	Responder *Issuer
}

// ErrNoTemplate is returned for an object that nothing here encodes.
var ErrNoTemplate = errors.New("no template for an object")

// TBS returns the bytes to be signed of any object.
func TBS(o profiles.Object, v Values) ([]byte, error) {
	switch o := o.(type) {
	case *profiles.Certificate:
		issuer, err := v.issuerOf(o)
		if err != nil {
			return nil, err
		}
		return Certificate(o, v.SPKI, v.Serial, v.Signing, issuer)
	case *profiles.RevocationList:
		if v.Issuer == nil {
			return nil, fmt.Errorf("CRL %s has no issuer", o.Artifact)
		}
		return RevocationList(o, v.Signing, *v.Issuer)
	case *profiles.Request:
		return Request(o, v.SPKI)
	case *profiles.Response:
		if v.Issuer == nil || v.Responder == nil {
			return nil, fmt.Errorf("OCSP response %s has no issuer or no responder", o.Artifact)
		}
		return Response(o, v.Signing, *v.Issuer, *v.Responder)
	}
	return nil, fmt.Errorf("%w of type %T", ErrNoTemplate, o)
}

// issuerOf gives who signs a certificate: without an issuer it is the subject.
func (v Values) issuerOf(c *profiles.Certificate) (Issuer, error) {
	if v.Issuer == nil {
		return Self(c, v.SPKI)
	}
	return *v.Issuer, nil
}
