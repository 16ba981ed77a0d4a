// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"errors"

	"rootceremony/internal/source"
)

// Parse reads a profile. The error is a [source.Errors] with all problems of
// the file.
func Parse(doc *source.Document) (Profile, error) { return nil, errors.New("not yet") }

// Bind adds the values of one certificate.
func (p *CertificateProfile) Bind(v CertificateValues) (*Certificate, []Problem) { return nil, nil }

// Bind adds the values of one CRL.
func (p *RevocationListProfile) Bind(v RevocationListValues) (*RevocationList, []Problem) {
	return nil, nil
}

// Bind adds the values of one OCSP response.
func (p *ResponseProfile) Bind(v ResponseValues) (*Response, []Problem) { return nil, nil }

// Bind adds the values of one certificate request.
func (p *RequestProfile) Bind(v RequestValues) (*Request, []Problem) { return nil, nil }

// ReadyProfile is a profile that comes with the program.
type ReadyProfile struct {
	Name, Summary string
	Data          []byte
}

// Ready returns the profiles that come with the program.
func Ready() []ReadyProfile { return nil }

// ReadyByName returns the ready profile of that name.
func ReadyByName(name string) (ReadyProfile, bool) { return ReadyProfile{}, false }
