// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/artifact"
	"rootceremony/internal/inspect"
	"rootceremony/transcripts/event"
)

// Summary reads from the finished object what people look for first.
func (w *Builder) Summary(a *Artifact, o *Object) *event.Summary {
	s := &event.Summary{SHA256: artifact.Sum(o.DER).SHA256Hex(), SignatureAlgorithm: string(a.Signature())}
	rowOf(a.Kind()).summary(w, s, a, o)
	return s
}

func (w *Builder) certificateSummary(s *event.Summary, a *Artifact, o *Object) {
	c := o.Cert()
	if c == nil {
		return // it cannot be read again
	}
	certificateSummary(s, c)
	s.Profile = a.Object.FromProfile()
	if a.SubjectKey.isKey() {
		s.Key = a.SubjectKey.ID()
	}
}

func (w *Builder) crlSummary(s *event.Summary, a *Artifact, o *Object) {
	c := o.crl()
	if c == nil {
		return // it cannot be read again
	}
	s.Issuer, s.IssuerCommonName, s.Profile = c.Issuer.String(), commonName(c.Issuer), a.Object.FromProfile()
	s.ThisUpdate = Stamp(c.ThisUpdate.Time)
	if c.NextUpdate != nil {
		s.NextUpdate = Stamp(c.NextUpdate.Time)
	}
	s.Number, s.Entries = a.RevocationList().Number, int64(len(c.Entries))
	known := w.revoked(a)
	for _, e := range a.RevocationList().Entries {
		n, err := w.Serial(e.Serial)
		if err != nil || e.CarriedOver || e.Listed {
			continue
		}
		r := event.Revocation{Serial: BigHex(n), Reason: string(cmp.Or(e.Reason, "unspecified"))}
		if of := known[n.Text(16)]; of != nil {
			r.Name = cmp.Or(commonName(of.Subject), of.Subject.String())
		}
		if i := slices.IndexFunc(c.Entries, func(read inspect.RevokedEntry) bool { return read.Serial.Cmp(n) == 0 }); i >= 0 {
			r.Date = Stamp(c.Entries[i].Date.Time)
		}
		s.Revoked = append(s.Revoked, r)
	}
	if from := a.RevokedFrom; from != nil {
		s.RevokedFrom = fmt.Sprintf("%d of the list %s, SHA-256 %s", from.Entries, from.Path, from.SHA256)
	}
	s.Changed = strings.Join((&card{Loaded: w.Loaded, a: a, object: a.Object}).exceptions(a.RevocationList(), nil), "; ")
}

func (w *Builder) responseSummary(s *event.Summary, a *Artifact, o *Object) {
	r := a.Response()
	s.Status, s.Profile = r.Status, r.Profile
	responder := w.Certificate(a.Responder).Subject
	s.Issuer, s.IssuerCommonName = responder.String(), commonName(responder)
	if from, err := r.ThisUpdate.At(o.Signing); err == nil {
		s.ThisUpdate = Stamp(from)
		if next, err := r.NextUpdate.Next(from); err == nil {
			s.NextUpdate = Stamp(next)
		}
	}
	if n, err := w.Serial(r.Serial); err == nil {
		s.Serial = BigHex(n)
	}
}

func (w *Builder) requestSummary(s *event.Summary, a *Artifact, _ *Object) {
	s.Subject, s.Profile = NameText(a.CertRequest().Subject), a.Object.FromProfile()
	if name, err := nameOf(a.CertRequest().Subject); err == nil {
		s.CommonName = commonName(name)
	}
}

func certificateSummary(s *event.Summary, c *inspect.Certificate) {
	s.Subject, s.Issuer, s.Serial = c.Subject.String(), c.Issuer.String(), BigHex(c.Serial)
	s.CommonName, s.IssuerCommonName = commonName(c.Subject), commonName(c.Issuer)
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
