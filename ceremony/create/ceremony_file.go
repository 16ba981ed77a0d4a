// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// writer writes the lines of a YAML file.
type writer struct{ strings.Builder }

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(w, format+"\n", args...)
}

// ceremonyFile writes what happens, step by step.
func (a *Answers) ceremonyFile() []byte {
	w := &writer{}
	w.line("# yaml-language-server: $schema=schemas/ceremony.schema.json")
	w.line("#")
	w.line("# Written by \"ceremony init\", for you to change: docs/ceremony-file.md explains each key. Plan")
	w.line("# it after each change, to see what is wrong.")
	w.line("version: 1")
	a.writeHead(w)
	a.writeKeys(w)
	a.writeAuthorities(w)
	a.writeSteps(w)
	return []byte(w.String())
}

// title says what the ceremony makes.
func (a *Answers) title() string {
	switch len(a.Issuing) {
	case 0:
		return a.Root.Name
	case 1:
		return a.Root.Name + " and its first issuing CA"
	}
	return fmt.Sprintf("%s and its first %d issuing CAs", a.Root.Name, len(a.Issuing))
}

// window is when the ceremony may sign.
func (a *Answers) window() (from, to time.Time) {
	from = a.Now.UTC().Truncate(24 * time.Hour)
	return from, from.Add(windowDays*24*time.Hour - time.Second)
}

func (a *Answers) writeHead(w *writer) {
	w.line("ceremony:")
	w.line("  id: %s", a.id())
	w.line("  title: %s", scalar(a.title()))
	if a.Policy == nil {
		w.line("  # Nobody has to approve the plan: good for a trial. Without this line people approve it as a")
		w.line("  # trust policy says: ceremony policy init --help")
		w.line("  approval: none")
	}
	from, to := a.window()
	w.line("  # Nothing is signed before or after. Make it the day of the ceremony.")
	w.line("  window: {from: %s, to: %s}", from.Format(time.RFC3339), to.Format(time.RFC3339))
	w.line("")
	w.line("# Who may take part in a role, and how many of them have to be there. The first two roles")
	w.line("# confirm every signature; an auditor only attends.")
	w.line("people:")
	w.line("  administrator:    {of: [%s], need: 1}", strings.Join(a.Administrators, ", "))
	w.line("  internal-witness: {of: [%s], need: 1}", strings.Join(a.Witnesses, ", "))
	if len(a.Auditors) > 0 {
		w.line("  auditor:          {of: [%s], need: 1}", strings.Join(a.Auditors, ", "))
	}
	w.line("")
}

func (a *Answers) writeKeys(w *writer) {
	w.line("# Each key is made on the token named here; site.yaml says which device that is.")
	w.line("keys:")
	w.line("  %s: {token: %s, algorithm: %s, class: root}", rootID, rootToken, a.Root.Key)
	for i, ca := range a.Issuing {
		w.line("  %s: {token: %s, algorithm: %s, class: affiliate-sub}", a.caID(i), issuingToken, ca.Key)
	}
	if a.responder() {
		w.line("  %s: {token: %s, algorithm: %s, class: ocsp-responder}", responderID, issuingToken, a.purpose().responderKey)
	}
	w.line("")
}

func (a *Answers) writeAuthorities(w *writer) {
	w.line("# Names, and where the root publishes. Certificates get these URLs from here, so they cannot")
	w.line("# be changed later. Issuing CAs have a \"crl-url\" when a ceremony signs CRLs of theirs.")
	w.line("authorities:")
	w.line("  %s:", rootID)
	w.line("    key: %s", rootID)
	w.line("    subject: %s", a.subject(a.Root.Name))
	if a.Status != StatusNone {
		w.line("    crl-url: %s/%s.crl", a.URL, a.id())
	}
	if a.purpose().public {
		w.line("    ca-issuers-url: %s/%s.crt", a.URL, a.id())
	}
	if a.responder() {
		w.line("    ocsp: delegated")
		w.line("    ocsp-url: %s/ocsp", a.URL)
	} else {
		w.line("    ocsp: none")
	}
	for i, ca := range a.Issuing {
		w.line("  %s: {key: %s, subject: %s, ocsp: none}", a.caID(i), a.caID(i), a.subject(ca.Name))
	}
	if a.responder() {
		w.line("  %s: {key: %s, subject: %s}", responderID, responderID, a.subject(a.responderName()))
	}
	w.line("")
}

// subject writes a name in the order of the profiles.
func (a *Answers) subject(commonName string) string {
	country := ""
	if a.purpose().public {
		country = "country: " + scalar(a.Country) + ", "
	}
	return fmt.Sprintf("{%sorganization: %s, common-name: %s}", country, scalar(a.Organization), scalar(commonName))
}

// The names that the ceremony file gives to keys and tokens.
const (
	rootID       = "root"
	responderID  = "ocsp"
	rootToken    = "root"
	issuingToken = "issuing"
)

func (a *Answers) caID(i int) string { return fmt.Sprintf("ca-%d", i+1) }

func (a *Answers) responder() bool { return a.Status == StatusOCSP }

// responderWord ends the name of a responder, before its year.
const responderWord = " OCSP"

// responderName is the name of the root, shortened where that is needed, and of its use.
func (a *Answers) responderName() string {
	return shortened(a.Root.Name, fmt.Sprintf("%s %d", responderWord, a.Now.Year()))
}

// shortened is a name with an end, which stays whole where both are too long together.
func shortened(name, end string) string {
	front := []rune(name)
	return strings.TrimSpace(strings.TrimSpace(string(front[:min(len(front), maxName-len(end))])) + end)
}

// id is what the ceremony is called in files and pages.
func (a *Answers) id() string {
	name := Slug(a.Root.Name)
	if name == "" { // of letters that are not in such names
		name = Slug(a.Purpose) + "-root"
	}
	year := fmt.Sprint(a.Now.Year())
	if slices.Contains(strings.Split(name, "-"), year) {
		return name
	}
	return year + "-" + name
}

// profileFile is where the profile is that a built-in one was copied to.
func profileFile(builtIn string) string { return path.Join("profiles", builtIn+".yaml") }

// tokens are those that hold keys.
func (a *Answers) tokens() []string {
	if len(a.Issuing) == 0 && !a.responder() {
		return []string{rootToken}
	}
	return []string{rootToken, issuingToken}
}

// scalar writes a text so that YAML reads it as that text, also in a flow mapping.
func scalar(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" ./-", r))
	}) < 0
	first := strings.ToLower(s[:1])
	if plain && (first >= "a" && first <= "z" || first == "/") && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(s)) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
