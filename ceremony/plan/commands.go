// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"path/filepath"
	"strings"

	"rootceremony/transcripts/event"
)

// Commands writes the command lines that people are to type. Screens, hints and
// scripts get them here and nowhere else, so that each has every flag that it
// needs, with what was typed before, quoted for a POSIX shell. What is not known
// is a word in capitals that people replace.
type Commands struct {
	File         string // the ceremony file
	Plan         string // folder of the approved plan
	Site         string
	Policy       string
	PolicyDigest string // in hexadecimal
	Bundle       string
	Approval     bool // the plan has to be approved
	Interactive  bool // the rehearsal asks people
}

// MakePlan plans again, into another folder.
func (c Commands) MakePlan() string {
	line := "ceremony plan " + shellWord(c.File, "FILE") + " --out NEW-PLAN"
	if c.Site != "" {
		line += c.site()
	}
	return line
}

// Approve has a person approve all that a policy wants approved.
func (c Commands) Approve() string {
	return "ceremony approve " + c.approvable() + " --policy " + shellWord(c.Policy, "POLICY") + " --key KEY"
}

// Approvals shows who has approved what.
func (c Commands) Approvals() string { return "ceremony approve " + c.approvable() + c.policy() }

// approvable are the files of a plan folder that people approve; the pattern is
// for the shell, and so is not quoted.
func (c Commands) approvable() string { return shellWord(c.Plan, "PLAN") + "/*.json" }

// Run carries the plan out.
func (c Commands) Run() string {
	line := "ceremony run " + shellWord(c.File, "FILE") + " --plan " + shellWord(c.Plan, "PLAN") + c.site()
	return line + c.approval() + " --bundle " + shellWord(c.Bundle, "BUNDLE")
}

// RunElsewhere carries the plan out into another folder.
func (c Commands) RunElsewhere() string {
	c.Bundle = ""
	return strings.TrimSuffix(c.Run(), "BUNDLE") + "NEW-BUNDLE"
}

// RehearseAgain rehearses into another folder, with the flags of before.
func (c Commands) RehearseAgain() string {
	line := "ceremony rehearse " + shellWord(c.File, "FILE")
	if c.Site != "" {
		line += c.site()
	}
	line += " --bundle NEW-BUNDLE"
	if c.Interactive {
		line += " --interactive"
	}
	return line
}

// Resume continues an interrupted ceremony.
func (c Commands) Resume() string { return "ceremony resume " + c.bundle() + c.site() }

// abandon ends it for good.
func (c Commands) abandon() string { return c.Resume() + " --abandon" }

// Redo does a step again.
func (c Commands) Redo(step string) string {
	return "ceremony redo " + c.bundle() + " " + shellWord(step, "STEP") + c.site()
}

// Amend continues under the plan in another folder.
func (c Commands) Amend() string {
	return "ceremony amend " + c.bundle() + " " + shellWord(c.File, "FILE") + " --plan " + shellWord(c.Plan, "PLAN") + c.site() + c.approval()
}

// CarryOut is the command that carries a plan out: from the beginning, or as an
// amendment.
func (c Commands) CarryOut(amendment bool) string {
	if amendment {
		return c.Amend()
	}
	return c.Run()
}

// Sign has a person who was there sign the manifest.
func (c Commands) Sign() string {
	line := "ceremony sign " + c.bundle() + " --as NAME --key KEY --manifest DIGEST"
	if c.Approval {
		line += " --policy " + shellWord(c.Policy, "POLICY")
	}
	return line
}

// Verify checks the bundle of a ceremony against what is on paper.
func (c Commands) Verify() string {
	line := "ceremony verify " + c.bundle() + " --manifest DIGEST"
	if c.Approval {
		line += " --policy-digest " + shellWord(c.PolicyDigest, "POLICY-DIGEST")
	}
	return line
}

// VerifyAlone checks a bundle that nothing on paper vouches for.
func (c Commands) VerifyAlone() string { return "ceremony verify " + c.bundle() + " --unanchored" }

// ListTokens shows what a module offers.
func ListTokens(module string) string {
	return "ceremony token list --module " + shellWord(module, "MODULE")
}

func (c Commands) bundle() string { return shellWord(c.Bundle, "BUNDLE") }

func (c Commands) site() string { return " --site " + shellWord(c.Site, "SITE") }

// policy are the flags by which approvals are evaluated.
func (c Commands) policy() string {
	return " --policy " + shellWord(c.Policy, "POLICY") + " --policy-digest " + shellWord(c.PolicyDigest, "POLICY-DIGEST")
}

// approval is the same where the plan has to be approved.
func (c Commands) approval() string {
	if !c.Approval {
		return ""
	}
	return c.policy()
}

// NextCommand is a command to be typed, and why.
type NextCommand struct{ Why, Line string }

// asRehearsed are the flags with which a rehearsal was begun, whatever was typed now.
func (c Commands) asRehearsed(opened event.CeremonyOpened) Commands {
	c.Interactive = !opened.Unattended
	if c.Site = cmp.Or(c.Site, "SITE"); opened.SiteSHA256 == "" {
		c.Site = ""
	}
	return c
}

// Continue is the command that helps after a ceremony stopped. failed is the step
// whose signature exists and did not pass a check, if there is one: see
// [Commands.AfterFailure].
func (c Commands) Continue(opened event.CeremonyOpened, failed string) NextCommand {
	switch {
	case opened.Mode == event.Rehearsal:
		return NextCommand{"a rehearsal cannot be resumed; start it again", c.asRehearsed(opened).RehearseAgain()}
	case failed != "":
		return c.AfterFailure(failed)[0]
	}
	return NextCommand{"resume it", c.Resume()}
}

// AfterFailure are the ways to continue after a step whose signature exists and did
// not pass a check. Resume is none: what failed stays so until it is repeated.
func (c Commands) AfterFailure(step string) []NextCommand {
	c.File, c.Plan = "", "" // those that were typed are the ones to be changed
	return []NextCommand{
		{"redo step " + step + " when the cause is fixed", c.Redo(step)},
		{"if the plan is the cause, amend the remaining steps; this also redoes step " + step, c.Amend()},
		{"close the bundle as incomplete", c.abandon()},
	}
}

// AfterWindow are the ways to continue when nothing may be signed any more: resume
// would be refused again.
func (c Commands) AfterWindow() []NextCommand {
	c.File, c.Plan = "", ""
	return []NextCommand{
		{"only another plan helps: in the file, write a later end of the window, plan it, have it approved, and amend the remaining steps", c.Amend()},
		{"close the bundle as incomplete", c.abandon()},
	}
}

// OneOf are several commands of which people choose one, as a hint.
func OneOf(commands []NextCommand) string {
	var lines []string
	for _, c := range commands {
		lines = append(lines, c.String())
	}
	return strings.Join(lines, "\nor ")
}

// Afterwards are the commands for a ceremony that is closed, in the order that
// works: a policy that wants the manifest signed gives no verdict before.
func (c Commands) Afterwards(mode event.Mode, signatures bool) []NextCommand {
	if mode == event.Rehearsal {
		return []NextCommand{{"", c.VerifyAlone()}}
	}
	verify := NextCommand{"verify with the manifest digest from paper", c.Verify()}
	if !signatures {
		return []NextCommand{verify}
	}
	return []NextCommand{{"the policy requires signatures on the manifest: each signer runs", c.Sign()}, verify}
}

// String is the command with its reason, as a hint.
func (n NextCommand) String() string {
	if n.Why == "" {
		return n.Line
	}
	return n.Why + ":\n  " + n.Line
}

// PolicyIn is where the policy lies in a bundle by which its plan was approved.
func PolicyIn(bundle string) string { return filepath.Join(bundle, filepath.FromSlash(PolicyPath)) }

// plainWord matches what no POSIX shell gives a meaning inside a word.
const plainWord = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-"

// shellWord quotes a word for a POSIX shell. An empty one gives way to the word
// that names it; a path that looks like a flag is made one that does not.
func shellWord(word, placeholder string) string {
	if word == "" {
		return placeholder
	}
	if strings.HasPrefix(word, "-") {
		word = "." + string(filepath.Separator) + word
	}
	if strings.Trim(word, plainWord) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
