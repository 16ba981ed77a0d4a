// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"fmt"
	"strings"

	"rootceremony/ceremony/plan"
)

// inTheRoom are the two roles that do most of the steps.
const inTheRoom = "    who: [administrator, internal-witness]"

// writeSteps writes what happens. On HSMs people show where devices come from and go to,
// by the step templates; a trial on SoftHSM has no bags to show.
func (a *Answers) writeSteps(w *writer) {
	w.line("# What happens, in this order. \"ceremony step-template list\" has prepared steps for people.")
	w.line("steps:")
	w.line("  - section: Open the room")
	if a.Tokens == TokensHSM {
		w.line("  - step-template: cameras\n%s", inTheRoom)
	}
	w.line("  - do: Read the ceremony id and the digest words of the plan aloud. Compare them with the printed script.\n%s", inTheRoom)
	if a.Tokens == TokensHSM {
		w.line("  - do: Show the tamper-evident bags of the HSMs to the camera, then open them.\n%s\n    record: {bags: text}", inTheRoom)
	}
	a.writeGeneration(w)
	a.writeIssue(w, "the root", rootID, a.purpose().root, a.purpose().rootFor)
	for i, ca := range a.Issuing {
		a.writeIssue(w, ca.Name, a.caID(i), kindOf(ca.Kind).profile, a.lasts(kindOf(ca.Kind)))
	}
	a.writeStatus(w)
	w.line("\n  - section: Close the room")
	if a.Tokens == TokensHSM {
		w.line("  - step-template: export-on-media\n%s", inTheRoom)
		w.line("  - step-template: seal-in-bags\n%s\n    with: {things: the device with the copy and the media}", inTheRoom)
		return
	}
	w.line("  # In place of this one the step template export-on-media compares what was copied.")
	w.line("  - do: Copy the folder of artifacts to two media, and put them into two places.\n%s\n    record: {places: text}", inTheRoom)
}

func (a *Answers) writeGeneration(w *writer) {
	w.line("\n  - section: Make the keys")
	w.line("  - generate: [%s]", rootID)
	var others []string
	for i := range a.Issuing {
		others = append(others, a.caID(i))
	}
	if a.responder() {
		others = append(others, responderID)
	}
	if len(others) > 0 {
		w.line("  - generate: [%s]", strings.Join(others, ", "))
	}
	if a.Tokens == TokensHSM {
		w.line("  - step-template: back-up-and-clone\n%s\n    with: {token: %s, keys: [%s], to: the second HSM}", inTheRoom, rootToken, rootID)
		return
	}
	w.line("  # In place of this one the step template back-up-and-clone compares the copy.")
	w.line("  - do: Copy the key of the root to a second device.\n%s\n    record: {device: text}\n    backs-up: [%s]", inTheRoom, rootID)
}

// writeIssue writes the step that signs a certificate of a CA, by the root.
func (a *Answers) writeIssue(w *writer, what, id, profile, lasts string) {
	w.line("\n  - section: %s", scalar("Sign the certificate of "+what))
	w.line("  - issue: %s-cert", id)
	w.line("    profile: %s", profileFile(profile))
	w.line("    subject: %s", id)
	w.line("    issuer: %s", rootID)
	w.line("    validity: {not-before: signing-day, for: %s}", lasts)
}

// writeStatus writes the steps that sign what the root says of its certificates.
func (a *Answers) writeStatus(w *writer) {
	if a.Status == StatusNone {
		return
	}
	w.line("\n  - section: Publish the status of what was signed")
	w.line("  - crl: %s-crl-1", rootID)
	w.line("    profile: %s", profileFile(a.purpose().crl))
	w.line("    issuer: %s", rootID)
	w.line("    number: 1")
	w.line("    first: true")
	w.line("    this-update: signing-time")
	w.line("    next-update: 11mo                   # twelve months at most: plan the next ceremony before")
	if !a.responder() {
		return
	}
	w.line("  - issue: %s-cert", responderID)
	w.line("    profile: %s", profileFile(a.purpose().responder))
	w.line("    subject: %s", responderID)
	w.line("    issuer: %s", rootID)
	w.line("    validity: {not-before: signing-day, for: 1y}")
	for i := range a.Issuing {
		w.line("  - ocsp: %s-status-1", a.caID(i))
		w.line("    profile: %s", profileFile(a.purpose().response))
		w.line("    issuer: %s", rootID)
		w.line("    responder: %s-cert", responderID)
		w.line("    certificate: %s-cert", a.caID(i))
		w.line("    status: good")
		w.line("    this-update: signing-time")
		w.line("    next-update: 11mo")
	}
}

// siteFile writes which device each token is.
func (a *Answers) siteFile() []byte {
	w := &writer{}
	w.line("# yaml-language-server: $schema=schemas/site.schema.json")
	w.line("#")
	if a.Tokens == TokensSoftHSM {
		w.line("# Software tokens, for trying out. With HSMs take \"software-token\" away, and name the serial")
		w.line("# number and the model of each, as this prints them: %s", plan.ListTokens(""))
	} else {
		w.line("# Fill in each %s, as this prints them: %s", unknown, plan.ListTokens(""))
	}
	w.line("version: 1")
	if a.Tokens == TokensSoftHSM {
		w.line("software-token: true")
	}
	w.line("tokens:")
	for _, t := range a.tokens() {
		w.line("  %s:", t)
		w.line("    module: %s", scalar(a.Module))
		if a.Tokens == TokensSoftHSM {
			w.line("    label: %s", a.label(t))
		} else {
			w.line("    label: %s\n    serial: %s\n    model: %s", unknown, unknown, unknown)
		}
		w.line("    login: pin")
	}
	return []byte(w.String())
}

// unknown is in the place of what only the device tells.
const unknown = "CHANGE-ME"

// Labels are those of the SoftHSM tokens.
func (a *Answers) Labels() (out []string) {
	for _, t := range a.tokens() {
		out = append(out, a.label(t))
	}
	return out
}

// label is that of a SoftHSM token: 32 bytes at most (PKCS#11 3.2, CK_TOKEN_INFO).
func (a *Answers) label(token string) string {
	return strings.TrimRight(fmt.Sprintf("%.22s", a.id()), "-") + "-" + token
}
