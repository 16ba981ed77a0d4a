// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"encoding/hex"

	"rootceremony/internal/artifact"
	"rootceremony/internal/inspect"
	"rootceremony/transcripts"
)

// Summary reads from the finished object what people look for first.
func (w *Builder) Summary(a *Artifact, o *Object) *transcripts.Summary {
	s := &transcripts.Summary{SHA256: artifact.Sum(o.DER).SHA256Hex(), SignatureAlgorithm: string(a.Signature())}
	switch {
	case o.Cert != nil:
		certificateSummary(s, o.Cert)
		s.Profile = a.Certificate.Profile
		if kind, id := Reference(a.SubjectKey); kind == "key" {
			s.Key = id
		}
	case o.CRL != nil:
		s.Issuer, s.Profile = o.CRL.Issuer.String(), a.RevocationList.Profile
		s.ThisUpdate = Stamp(o.CRL.ThisUpdate.Time)
		if o.CRL.NextUpdate != nil {
			s.NextUpdate = Stamp(o.CRL.NextUpdate.Time)
		}
		s.Number, s.Entries = a.RevocationList.Number, int64(len(o.CRL.Entries))
	case a.Response != nil:
		s.Status, s.Profile = a.Response.Status, a.Response.Profile
		s.Issuer = w.Certificate(a.Responder).Subject.String()
		if from, err := a.Response.ThisUpdate.At(o.Signing); err == nil {
			s.ThisUpdate = Stamp(from)
			if next, err := a.Response.NextUpdate.Next(from); err == nil {
				s.NextUpdate = Stamp(next)
			}
		}
		if n, err := w.Serial(a.Response.Serial); err == nil {
			s.Serial = BigHex(n)
		}
	case a.CertRequest != nil:
		s.Subject, s.Profile = NameText(a.CertRequest.Subject), a.CertRequest.Profile
	}
	return s
}

func certificateSummary(s *transcripts.Summary, c *inspect.Certificate) {
	s.Subject, s.Issuer, s.Serial = c.Subject.String(), c.Issuer.String(), BigHex(c.Serial)
	s.NotBefore, s.NotAfter = Stamp(c.NotBefore.Time), Stamp(c.NotAfter.Time)
	s.KeyAlgorithm, s.SPKISHA256 = inspect.KeyDescription(c.RawSPKI), SHA256Hex(c.RawSPKI)
	if ski, ok, err := c.SubjectKeyID(); ok && err == nil {
		s.SubjectKeyID = hex.EncodeToString(ski)
	}
	if aki, ok, err := c.AuthorityKeyID(); ok && err == nil {
		s.AuthorityKeyID = hex.EncodeToString(aki.KeyID)
	}
	if bc, ok, err := c.BasicConstraints(); ok && err == nil {
		s.CA = bc.CA
	}
}
