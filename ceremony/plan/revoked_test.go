// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/profiles"
)

// A CRL that revokes, one that comes after it, and a response.
const (
	crlStep   = "  - {crl: crl-1, profile: list.yaml, issuer: root, number: 1, previous: crl-0, this-update: signing-time, next-update: 6mo, revoke: [{certificate: sub-cert, date: DATE, reason: superseded}]}\n"
	nextStep  = "  - {crl: crl-2, profile: list.yaml, issuer: root, number: 2, previous: crl-1, this-update: signing-time, next-update: 6mo}\n"
	otherStep = "  - {crl: crl-2, profile: list.yaml, issuer: root, number: 2, previous: crl-0, this-update: signing-time, next-update: 6mo, revoke: [{certificate: sub-cert, date: DATE, reason: superseded}]}\n"
	statusOf  = "  - {ocsp: status, profile: response.yaml, issuer: root, responder: resp-cert, certificate: sub-cert, status: revoked, revoked: REVOKED, this-update: signing-time, next-update: 6mo}\n"
)

func planned(t *testing.T, steps ...string) (*plan.Preview, error) {
	t.Helper()
	l, err := plan.Load("revoke.yaml", []byte(ceremonytest.Revoking+strings.Join(steps, "")), ceremonytest.ReferenceFiles(t))
	if err != nil {
		return nil, err
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return p, nil
}

// TestOneDate guards the day on which a certificate is revoked: a date that two
// steps each take from their own signing is two dates in the room, and the response
// would be refused there after the CRL is out.
func TestOneDate(t *testing.T) {
	at := func(step, date string) string { return strings.ReplaceAll(step, "DATE", date) }
	said := func(revoked string) string { return strings.ReplaceAll(statusOf, "REVOKED", revoked) }
	own := said("{date: signing-time, reason: superseded}")
	for name, c := range map[string]struct {
		steps []string
		wants []string // nothing where the plan is good
	}{
		"two signings": {[]string{at(crlStep, "signing-time"), own}, []string{
			"revoke.yaml:21:136: steps[6].revoked.date: crl-1, in line 20, dates this revocation by its own signing, too",
			"write revoked: {from: crl-1}"}},
		"the response first": {[]string{own, at(crlStep, "signing-time")}, []string{
			"revoke.yaml:20:136: steps[5].revoked.date: crl-1, in line 21, ", "move the step of crl-1 before this one and write revoked: {from: crl-1} here"}},
		"two responses": {[]string{own, strings.Replace(own, "status,", "status-2,", 1)}, []string{
			"revoke.yaml:21:138: steps[6].revoked.date: status, in line 20, ", "revoke it in a CRL first"}},
		"two CRLs": {[]string{at(crlStep, "signing-time"), at(otherStep, "signing-time")}, []string{
			"revoke.yaml:21:164: steps[6].revoke[0].date: crl-1, in line 20, ", "write previous: crl-1 and remove the entry here"}},
		"two days":          {[]string{at(crlStep, "signing-day"), said("{date: signing-day, reason: superseded}")}, []string{"dates this revocation by its own signing"}},
		"from the CRL":      {[]string{at(crlStep, "signing-time"), said("{from: crl-1}")}, nil},
		"from its next":     {[]string{at(crlStep, "signing-time"), nextStep, said("{from: crl-2}")}, nil},
		"carried over":      {[]string{at(crlStep, "signing-time"), nextStep}, nil},
		"carried by day":    {[]string{at(crlStep, "signing-day"), nextStep, said("{from: crl-2}")}, nil},
		"the same time":     {[]string{at(crlStep, "2026-12-01T07:00:00Z"), said("{date: 2026-12-01T07:00:00Z, reason: superseded}")}, nil},
		"no such CRL":       {[]string{said("{from: crl-7}")}, []string{`:20:136: steps[5].revoked.from: there is no CRL "crl-7" from an earlier step`}},
		"a certificate":     {[]string{said("{from: sub-cert}")}, []string{`"sub-cert" is a certificate from an earlier step; expected a CRL`}},
		"a later CRL":       {[]string{said("{from: crl-1}"), at(crlStep, "signing-time")}, []string{`"crl-1" comes from a later step, in line 21`}},
		"one without it":    {[]string{said("{from: crl-0}")}, []string{`revoked.from: CRL "crl-0" does not list this certificate`}},
		"both":              {[]string{at(crlStep, "signing-time"), said("{from: crl-1, reason: superseded}")}, []string{"revoked.reason: reason: is that of the CRL"}},
		"neither":           {[]string{said("{reason: superseded}")}, []string{"date"}},
		"another by itself": {[]string{at(crlStep, "signing-time"), said("{date: 2026-12-01T07:00:00Z, reason: superseded}")}, []string{"ocsp.crl: revoked, but the latest CRL has another revocation date"}},
	} {
		p, err := planned(t, c.steps...)
		if err == nil && len(p.Problems) > 0 {
			err = p.Problems
		}
		if (err != nil) != (c.wants != nil) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range c.wants {
			if text := err.Error(); !strings.Contains(text, want) {
				t.Errorf("%s: want %q in:\n%s", name, want, text)
			}
		}
	}
}

// TestMomentOf guards what people and plan.json are told of a revocation that is
// dated by the signing of a CRL.
func TestMomentOf(t *testing.T) {
	p, err := planned(t, strings.ReplaceAll(crlStep, "DATE", "signing-time"), nextStep, strings.ReplaceAll(statusOf, "REVOKED", "{from: crl-2}"))
	if err != nil {
		t.Fatal(err)
	}
	var screen strings.Builder
	if err := p.Write(&screen); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"revoked at the time of signing crl-1, superseded"} {
		if !strings.Contains(strings.Join(strings.Fields(screen.String()), " "), want) {
			t.Errorf("the screen does not say %q:\n%s", want, screen.String())
		}
	}
	if !strings.Contains(string(p.Canonical), `"revoked":{"date":"crl:crl-1.signing-time","reason":"superseded"`) {
		t.Errorf("plan.json: %s", p.Canonical)
	}
	for _, not := range []profiles.Moment{"crl:.signing-time", "crl:x", "crl:x.y", "signing-time", "2026-12-01T08:00:00Z"} {
		if crl, _, ok := not.Of(); ok {
			t.Errorf("%q refers to %q", string(not), crl)
		}
	}
}
