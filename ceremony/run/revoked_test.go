// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"os"
	"path/filepath"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/transcripts/event"
)

// TestOneRevocation guards the day on which a certificate is revoked: between the
// CRL and the response people do other things, and both must say the same second.
func TestOneRevocation(t *testing.T) {
	folder := t.TempDir()
	files := ceremonytest.ReferenceFiles(t)
	files[ceremonyFile] = []byte(ceremonytest.Revoking + `  - crl: crl-1
    profile: list.yaml
    issuer: root
    number: 1
    previous: crl-0
    this-update: signing-time
    next-update: 6mo
    revoke: [{certificate: sub-cert, date: signing-time, reason: superseded}]
  - do: Read the CRL on another machine.
    who: [administrator]
  - {crl: crl-2, profile: list.yaml, issuer: root, number: 2, previous: crl-1, this-update: signing-time, next-update: 6mo}
  - do: Read that one, too.
    who: [administrator]
  - ocsp: status
    profile: response.yaml
    issuer: root
    responder: resp-cert
    certificate: sub-cert
    status: revoked
    revoked: {from: crl-2}
    this-update: signing-time
    next-update: 6mo
`)
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, res := rehearseAlone(t, folder)
	moment := ""
	for _, r := range journal(t, res.Bundle) {
		if e, ok := r.Event.(event.OperationIntended); ok && e.Artifact == "crl-1" {
			moment = e.Moment
		}
	}
	dates := map[string]profiles.Moment{}
	for id, form := range map[string]string{"crl-1": profiles.CRL.Form(), "crl-2": profiles.CRL.Form(), "status": profiles.OCSPResponse.Form()} {
		data, err := os.ReadFile(filepath.Join(res.Bundle, "artifacts", plan.RehearsalMark+"-"+id+".der"))
		if err != nil {
			t.Fatal(err)
		}
		o, err := inspect.Parse(form, data)
		if err != nil {
			t.Fatal(err)
		}
		switch o := o.(type) {
		case *inspect.RevocationList:
			dates[id] = profiles.FixedMoment(o.Entries[0].Date.Time)
		case *inspect.Response:
			dates[id] = profiles.FixedMoment(o.Singles[0].RevokedAt.Time)
		}
	}
	for _, r := range journal(t, res.Bundle) {
		e, ok := r.Event.(event.ArtifactWritten)
		if ok && e.Kind == event.KindCRL && (len(e.Summary.Revoked) > 0) != (e.Artifact == "crl-1") {
			t.Errorf("the summary of %s says that it revokes %v", e.Artifact, e.Summary.Revoked)
		}
	}
	for id, date := range dates {
		if string(date) != moment {
			t.Errorf("%s says revoked at %s; the CRL that revoked it was signed at %s", id, date, moment)
		}
	}
}
