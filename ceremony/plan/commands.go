// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"rootceremony/internal/source"
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
	NewPlan      string // a folder that does not exist yet; see Fresh
	NewBundle    string
	PINs         string // number of the file descriptor with PINs; empty where people type them
	Begun        string // the bundle of this ceremony, if it was begun and is not closed
	Same         bool   // it was begun under this plan
	Approval     bool   // the plan has to be approved
	Interactive  bool   // the rehearsal asks people
}

// MakePlan plans again, into another folder.
func (c Commands) MakePlan() string {
	line := "ceremony plan " + shellWord(c.File, "FILE") + " --out " + shellWord(c.NewPlan, "NEW-PLAN")
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
	return line + c.approval() + c.pins() + " --bundle " + shellWord(c.Bundle, "BUNDLE")
}

// Preflight looks at what can be known before the plan is carried out. Its last flags
// are those that were typed.
func (c Commands) Preflight() string {
	line := "ceremony preflight " + shellWord(c.File, "FILE") + c.site()
	if c.Plan != "" {
		line += " --plan " + shellWord(c.Plan, "PLAN") + c.approval()
	}
	if c.Bundle != "" {
		line += " --bundle " + shellWord(c.Bundle, "BUNDLE")
	}
	return line
}

// RunElsewhere carries the plan out into another folder.
func (c Commands) RunElsewhere() string {
	c.Bundle = cmp.Or(c.NewBundle, "NEW-BUNDLE")
	return c.Run()
}

// RehearseAgain rehearses into another folder, with the flags of before.
func (c Commands) RehearseAgain() string {
	line := "ceremony rehearse " + shellWord(c.File, "FILE")
	if c.Site != "" {
		line += c.site()
	}
	line += " --bundle " + shellWord(c.NewBundle, "NEW-BUNDLE")
	if line += c.pins(); c.Interactive {
		line += " --interactive"
	}
	return line
}

// Resume goes on with an interrupted ceremony.
func (c Commands) Resume() string { return "ceremony resume " + c.bundle() + c.site() + c.pins() }

// ApproveSite has a person approve the site file of a plan folder alone.
func (c Commands) ApproveSite() string {
	return "ceremony approve " + shellWord(filepath.Join(c.Plan, "site.json"), "SITE-JSON") + " --policy " + shellWord(c.sitePolicy(), "POLICY") + " --key KEY"
}

// sitePolicy is the policy that was typed, or that of the bundle.
func (c Commands) sitePolicy() string {
	if c.Policy == "" && c.Bundle != "" {
		return PolicyIn(c.Bundle)
	}
	return c.Policy
}

// ResumeApproved goes on with a changed site file that was approved in a plan folder.
func (c Commands) ResumeApproved() string {
	return c.Resume() + " --approvals " + shellWord(c.Plan, "PLAN")
}

// ResumeCopy goes on with a copy of the bundle, on a medium with room.
func (c Commands) ResumeCopy() string {
	c.Bundle = "COPY"
	return c.Resume()
}

// Abandon ends it for good.
func (c Commands) Abandon() string { return c.Resume() + " --abandon" }

// Redo does a step again.
func (c Commands) Redo(step string) string {
	return "ceremony redo " + c.bundle() + " " + shellWord(step, "STEP") + c.site() + c.pins()
}

// Amend continues under the plan in another folder.
func (c Commands) Amend() string {
	return "ceremony amend " + c.bundle() + " " + shellWord(c.File, "FILE") + " --plan " + shellWord(c.Plan, "PLAN") + c.site() + c.pins() + c.approval()
}

// CheckAmendment shows what would change.
func (c Commands) CheckAmendment() string {
	return "ceremony amend " + c.bundle() + " " + shellWord(c.File, "FILE") + " --check"
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

// pins is the flag by which PINs come from a file descriptor.
func (c Commands) pins() string {
	if c.PINs == "" {
		return ""
	}
	return " --pin-fd " + c.PINs
}

// policy are the flags by which approvals are checked.
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

// AsRehearsed are the flags with which a rehearsal was begun, whatever was typed now.
func (c Commands) AsRehearsed(opened event.CeremonyOpened) Commands {
	c.Interactive = !opened.Unattended
	if c.Site = cmp.Or(c.Site, "SITE"); opened.SiteSHA256 == "" {
		c.Site = ""
	}
	return c
}

// Other are the commands for another plan, in a new folder; the file is the one that
// was typed, as people change it.
func (c Commands) Other() Commands {
	c.Plan = cmp.Or(c.NewPlan, "NEW-PLAN")
	return c
}

// maxNear is how many files of a folder are looked at for the ceremony file.
const maxNear = 200

// FileOf names the ceremony file of a plan where nobody typed it: one in the current
// folder, or in that of the bundle or of the plan, with the bytes that the plan was made
// of. People change it before they plan again.
func (c Commands) FileOf(p *Plan) Commands {
	f := Find(p.Files, func(f *File) bool { return f.Kind == "ceremony" })
	if c.File != "" || f == nil {
		return c
	}
	for _, folder := range []string{".", filepath.Dir(c.Bundle), filepath.Dir(c.Plan)} {
		for _, name := range yamlIn(folder) {
			if data, err := source.ReadFile(name); err == nil && SHA256Hex(data) == f.SHA256 {
				c.File = name
				return c
			}
		}
	}
	return c
}

// Fresh names folders for another plan and another bundle, which do not exist yet,
// after those that were typed: plan-2 after plan-1.
func (c Commands) Fresh() Commands {
	if c.Bundle == "" {
		return c
	}
	c.NewBundle = unused(c.Bundle)
	c.NewPlan = unused(cmp.Or(c.Plan, filepath.Join(filepath.Dir(c.Bundle), "plan-0")))
	return c
}

// numbered is a name with a number at its end.
var numbered = regexp.MustCompile(`^(.*)-([0-9]{1,4})$`)

// unused gives the name of a folder the next number that nothing has.
func unused(folder string) string {
	name, n := filepath.Clean(folder), 1
	if m := numbered.FindStringSubmatch(name); m != nil {
		name = m[1]
		n, _ = strconv.Atoi(m[2]) // it is a number
	}
	for {
		n++
		next := name + "-" + strconv.Itoa(n)
		if _, err := os.Lstat(next); err != nil {
			return next
		}
	}
}

// Afterwards are the commands for a ceremony that is closed, in the order that
// script has: a policy that wants the manifest signed gives no verdict before.
func (c Commands) Afterwards(signatures bool) []NextCommand {
	verify := NextCommand{"verify with the manifest digest from paper", c.Verify()}
	if !signatures {
		return []NextCommand{{"everyone who has a key may sign the manifest", c.Sign()}, verify}
	}
	return []NextCommand{{"the policy requires signatures on the manifest: each signer runs", c.Sign()}, verify}
}

// NextCommand is what helps: a command to be typed, or several in turn, and why; or
// nothing but what is to be done.
type NextCommand struct{ Why, Line string }

// InTurn is several commands, to be typed one after the other.
func InTurn(why string, lines ...string) NextCommand {
	return NextCommand{why, strings.Join(lines, "\n  ")}
}

// OneOf are several ways of which people choose one, as a hint.
func OneOf(ways []NextCommand) string {
	var lines []string
	for _, w := range ways {
		lines = append(lines, w.String())
	}
	return strings.Join(lines, "\nor ")
}

// String is the command with its reason, as a hint.
func (n NextCommand) String() string {
	switch {
	case n.Why == "":
		return n.Line
	case n.Line == "":
		return n.Why
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
