// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
)

// writeHead writes what comes before the steps. They are written first: they say which
// inputs there are.
func (n *Next) writeHead(w *writer) {
	_, to := (&Answers{Now: n.Now}).window()
	from := n.begins()
	w.line("# yaml-language-server: $schema=schemas/ceremony.schema.json")
	w.line("#")
	w.line("# Written by \"ceremony init --next\" from the bundle of %s, for you to change.", n.plan.Ceremony.ID)
	w.line("version: 1\nceremony:")
	w.line("  id: %d-status-%s", n.Now.Year(), n.lists()[0].Authority)
	w.line("  title: %s", scalar("The next status of "+n.name(n.lists()[0].Authority)))
	if n.plan.Approval == plan.ApprovalNone {
		w.line("  # As in the earlier ceremony nobody has to approve the plan.\n  approval: none")
	}
	w.line("  # Nothing is signed before or after. Make it the day of the ceremony.")
	w.line("  window: {from: %s, to: %s}\n\npeople:", from.Format(time.RFC3339), to.Format(time.RFC3339))
	for _, r := range n.plan.People {
		w.line("  %s: {of: [%s], need: %d}", r.Role, strings.Join(r.Of, ", "), r.Need)
	}
	w.line("\n# All CRLs and responses of the bundle are read, too.\ninputs:\n%s\n\nkeys:", strings.Join(n.inputs, "\n"))
	cas := n.authorities()
	for _, id := range cas {
		k := n.plan.Key(n.plan.Authority(id).Key)
		writeKey(w, k.ID, k, n.certificateOf(id))
	}
	n.writeCAKeys(w)
	for _, old := range n.responders() {
		k := n.plan.Key(n.plan.Authority(n.certified(old)).Key)
		writeKey(w, following(k.ID), k, "")
	}
	w.line("\n# Where the CAs publish, as before.\nauthorities:")
	for _, id := range cas {
		n.writeAuthority(w, n.plan.Authority(id), "certificate: "+n.certificateOf(id))
	}
	n.writeCAAuthorities(w)
	for _, old := range n.responders() {
		responder := n.plan.Authority(n.certified(old))
		w.line("  %s: {key: %s, subject: {%s}}", following(responder.ID), following(responder.Key), n.renamed(responder))
	}
}

// begins is when the window begins: with this minute, as people type a time in the room
// without seconds, and not at midnight, as the previous CRL may be of today.
func (n *Next) begins() time.Time {
	minute := n.Now.UTC().Truncate(time.Minute)
	for _, a := range n.lists() {
		previous, err := x509.ParseRevocationList(n.earlier.Objects[a.ID])
		if err == nil && previous.ThisUpdate.After(minute) {
			return n.Now.UTC().Truncate(time.Second) // no later CRL says that it is older
		}
	}
	return minute
}

// writeKey writes a key like another one: a new one, or the same with its certificate.
func writeKey(w *writer, id string, like *plan.Key, certificate string) {
	of := ""
	if certificate != "" {
		of = ", certificate: " + certificate
	}
	w.line("  %s: {token: %s, algorithm: %s, class: %s%s}", id, like.Token, like.Algorithm, like.Class, of)
}

// writeAuthority writes an authority, and of which certificate or subject it is.
func (n *Next) writeAuthority(w *writer, a *plan.Authority, of string) {
	w.line("  %s:\n    key: %s\n    %s", a.ID, a.Key, of)
	for _, u := range []struct {
		key  string
		urls []string
	}{{"crl-url", a.URLs.CRL}, {"ca-issuers-url", a.URLs.CAIssuers}, {"ocsp-url", a.URLs.OCSP}} {
		var list []string
		for _, s := range u.urls {
			list = append(list, `"`+s+`"`)
		}
		if len(list) > 0 {
			w.line("    %s: [%s]", u.key, strings.Join(list, ", "))
		}
	}
	w.line("    ocsp: %s", cmp.Or(a.OCSP, "none"))
}

// authorities are the CAs that sign.
func (n *Next) authorities() (out []string) {
	for _, a := range slices.Concat(n.lists(), n.responses()) {
		if !slices.Contains(out, a.Authority) {
			out = append(out, a.Authority)
		}
	}
	return out
}

// certificateOf is the certificate of a CA that signed in the bundle.
func (n *Next) certificateOf(authority string) string {
	for _, a := range slices.Concat(n.lists(), n.responses()) {
		if a.Authority == authority {
			return a.Issuer.ID()
		}
	}
	return ""
}

// responders are the certificates of responders in the bundle that sign responses.
func (n *Next) responders() (out []*plan.Artifact) {
	for _, r := range n.responses() {
		if c := n.plan.Artifact(r.Responder.ID()); c != nil && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// certified is the authority that a certificate is of.
func (n *Next) certified(c *plan.Artifact) string {
	i := slices.IndexFunc(n.plan.Authorities, func(a plan.Authority) bool { return a.Key == c.SubjectKey.ID() })
	return n.plan.Authorities[i].ID
}

func (n *Next) writeSteps(w *writer) error {
	w.line("\nsteps:\n  - section: Open the room")
	w.line("  - do: Read the ceremony id and the digest words of the plan aloud. Compare them with the printed script.\n%s", inTheRoom)
	n.writeKeySteps(w)
	if err := n.writeCAs(w); err != nil {
		return err
	}
	w.line("\n  - section: Sign the next status")
	for _, a := range n.lists() {
		if err := n.writeList(w, a); err != nil {
			return err
		}
	}
	for _, c := range n.responders() {
		if err := n.writeResponder(w, c); err != nil {
			return err
		}
	}
	for _, r := range n.responses() {
		if err := n.writeNextResponse(w, r); err != nil {
			return err
		}
	}
	if err := n.writeCAResponses(w); err != nil {
		return err
	}
	w.line("\n  - section: Close the room\n  - do: Copy the folder of artifacts to two media, and put them into two places.\n%s\n    record: {places: text}", inTheRoom)
	return nil
}

// writeKeySteps writes the steps that find the keys of before, and make new ones.
func (n *Next) writeKeySteps(w *writer) {
	var old, made []string
	for _, id := range n.authorities() {
		old = append(old, n.plan.Authority(id).Key)
	}
	for _, r := range n.responders() {
		made = append(made, following(n.plan.Authority(n.certified(r)).Key))
	}
	for _, c := range n.cas {
		if c.renews() {
			old = append(old, n.plan.Authority(c.ca).Key)
		} else {
			made = append(made, c.ca)
		}
	}
	w.line("  - use: [%s]", strings.Join(old, ", "))
	if len(made) > 0 {
		w.line("  - generate: [%s]", strings.Join(made, ", "))
	}
}

// writeList writes the step that signs the next CRL.
func (n *Next) writeList(w *writer, a *plan.Artifact) error {
	l := a.RevocationList()
	profile, err := n.profile(l.Profile)
	number, ok := new(big.Int).SetString(l.Number, 10)
	if err != nil || !ok {
		return fmt.Errorf("the CRL %s has the number %q: %w", a.ID, l.Number, err)
	}
	for _, id := range append([]string{a.Issuer.ID(), a.ID}, n.Certificates()...) {
		if err := n.input(id); err != nil {
			return err
		}
	}
	w.line("  - crl: %s\n    profile: %s\n    issuer: %s", following(a.ID), profile, a.Authority)
	w.line("    number: %s\n    previous: %s", number.Add(number, big.NewInt(1)), a.ID)
	w.line("    this-update: signing-time\n    next-update: %s", lasting(l.NextUpdate.For.String()))
	if len(n.Revoke) == 0 {
		return nil
	}
	w.line("    revoke:")
	for _, id := range slices.Sorted(maps.Keys(n.Revoke)) {
		w.line("      - {certificate: %s, date: signing-time, reason: %s}", id, n.Revoke[id])
	}
	return nil
}

// lasting is a length as before; where the end was a fixed time, the longest that is usual.
func lasting(span string) string {
	if span == "0s" {
		return "11mo"
	}
	return span
}

// writeResponder writes the step that certifies the new responder.
func (n *Next) writeResponder(w *writer, c *plan.Artifact) error {
	profile, err := n.profile(c.Object.FromProfile())
	if err != nil {
		return err
	}
	validity := c.Certificate().Validity.NotAfter.For.String()
	if validity == "0s" {
		validity = "1y"
	}
	w.line("  - issue: %s\n    profile: %s\n    subject: %s\n    issuer: %s", following(c.ID), profile, following(n.certified(c)), c.Authority)
	w.line("    validity: {not-before: signing-day, for: %s}", validity)
	return nil
}

// writeNextResponse writes the step that signs the response which follows one.
func (n *Next) writeNextResponse(w *writer, r *plan.Artifact) error {
	status := r.Response().Status
	if n.Revoke[r.Subject.ID()] != "" {
		status = "revoked"
	}
	if err := n.input(r.Subject.ID()); err != nil {
		return err
	}
	return n.writeResponse(w, r, following(r.ID), r.Subject.ID(), status)
}

// writeResponse writes the step that signs a response about a certificate, like another one.
func (n *Next) writeResponse(w *writer, r *plan.Artifact, id, subject, status string) error {
	profile, err := n.profile(r.Object.FromProfile())
	if err != nil {
		return err
	}
	w.line("  - ocsp: %s\n    profile: %s\n    issuer: %s", id, profile, r.Authority)
	if !r.Responder.IsZero() {
		w.line("    responder: %s", following(r.Responder.ID()))
	}
	w.line("    certificate: %s", subject)
	w.line("    status: %s", status)
	if status == "revoked" {
		w.line("    revoked: {from: %s}", following(n.listOf(r.Authority)))
	}
	w.line("    this-update: signing-time\n    next-update: %s", lasting(r.Response().NextUpdate.For.String()))
	return nil
}

// listOf is the CRL of an authority.
func (n *Next) listOf(authority string) string {
	for _, a := range n.lists() {
		if a.Authority == authority {
			return a.ID
		}
	}
	return ""
}
