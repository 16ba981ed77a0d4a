// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"encoding/json"
	"fmt"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
)

// Kind gives what the artifact is.
func (a *Artifact) Kind() profiles.Kind {
	if a.Object == nil {
		return "" // no plan has one, see whole
	}
	return a.Object.ObjectKind()
}

// Signature gives the algorithm the artifact is signed with.
func (a *Artifact) Signature() algorithm.Signature {
	if a.Object == nil {
		return ""
	}
	return a.Object.SignatureAlgorithm()
}

// Certificate gives the object of a certificate, or nil.
func (a *Artifact) Certificate() *profiles.Certificate {
	return profiles.As[*profiles.Certificate](a.Object)
}

// RevocationList gives the object of a CRL, or nil.
func (a *Artifact) RevocationList() *profiles.RevocationList {
	return profiles.As[*profiles.RevocationList](a.Object)
}

// Response gives the object of an OCSP response, or nil.
func (a *Artifact) Response() *profiles.Response { return profiles.As[*profiles.Response](a.Object) }

// CertRequest gives the object of a certificate request, or nil.
func (a *Artifact) CertRequest() *profiles.Request { return profiles.As[*profiles.Request](a.Object) }

// plainArtifact has the fields of an artifact and not its methods.
type plainArtifact Artifact

// ArtifactJSON is an artifact as plan.json has it: one of the four is there.
type ArtifactJSON struct {
	plainArtifact

	Certificate    *profiles.Certificate    `json:"certificate,omitempty"`
	RevocationList *profiles.RevocationList `json:"revocation_list,omitempty"`
	CertRequest    *profiles.Request        `json:"certificate_request,omitempty"`
	Response       *profiles.Response       `json:"response,omitempty"`
}

// MarshalJSON writes the object under the name of its kind.
func (a Artifact) MarshalJSON() ([]byte, error) {
	return json.Marshal(ArtifactJSON{plainArtifact: plainArtifact(a), Certificate: a.Certificate(), RevocationList: a.RevocationList(),
		CertRequest: a.CertRequest(), Response: a.Response()})
}

// UnmarshalJSON reads what MarshalJSON wrote, and no member that it did not.
func (a *Artifact) UnmarshalJSON(data []byte) error {
	var j ArtifactJSON
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return err
	}
	*a = Artifact(j.plainArtifact)
	found := 0
	take(a, j.Certificate, &found)
	take(a, j.RevocationList, &found)
	take(a, j.CertRequest, &found)
	take(a, j.Response, &found)
	if found > 1 {
		return fmt.Errorf("artifact %q has %d objects", a.ID, found)
	}
	return nil
}

// take gives the artifact an object that is there: a nil of some type would not
// be nil.
func take[T any, P interface {
	*T
	profiles.Object
}](a *Artifact, o P, found *int) {
	if o != nil {
		a.Object = o
		*found++
	}
}
