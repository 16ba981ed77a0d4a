// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"

	"rootceremony/ceremony/plan"
)

// problem is a kind of failure, as far as it decides what helps.
type problem string

// What is refused before anything is asked or written.
const (
	siteMissing    problem = "no site file"
	inputRehearsed problem = "an input from a rehearsal"
	planDiffers    problem = "another plan than the one in the plan folder"
	tokenUnnamed   problem = "a token that the site file does not name"
	namesLeft      problem = "names of an example on hardware"
	policyMissing  problem = "no policy"
	policyDiffers  problem = "another policy than on paper"
	policyOther    problem = "another policy than that of the first plan"
	notApproved    problem = "approvals are missing"
	siteDiffers    problem = "another site file than the plan's"
	siteOther      problem = "another site file than the one in force"
	siteFixed      problem = "another site file than may take its place"
	siteUnapproved problem = "a changed site file that nobody approved"
	bundleBusy     problem = "another process uses the bundle"
	bundleHeld     problem = "another process uses the bundle that is resumed"
	bundleNowhere  problem = "a bundle in no folder"
	bundleOpen     problem = "an unfinished ceremony in the folder"
	bundleTaken    problem = "the folder is taken"
	bundleStrange  problem = "the folder has files that no ceremony writes"
	bundleClosed   problem = "the ceremony is closed"
	bundleMissing  problem = "no ceremony was begun there"
	bundleEmpty    problem = "nothing was done yet"
	rehearsalOver  problem = "a rehearsal is not resumed"
	mirrorTaken    problem = "the second medium is taken"
	mirrorMissing  problem = "no second medium"
	mirrorDiffers  problem = "the second medium has another record"
	mirrorLinked   problem = "the second medium has a link to the record"
	workChanged    problem = "an amendment of what is done"
	amendmentSame  problem = "an amendment without a change"
	stepUnknown    problem = "no such step"
	stepSection    problem = "a section is not repeated"
	stepNotFailed  problem = "the step did not fail"
	stepDelivered  problem = "what the step signed is delivered"
	stepSigned     problem = "the key of the step has signed"
	windowClosed   problem = "a ceremony begins outside its window"
	deviceUnfit    problem = "the device cannot do what the plan needs"
	notReady       problem = "the preflight failed"
)

// What ends a session, or keeps it from beginning, when there is a record.
const (
	unknownProblem  problem = ""
	stopped         problem = "people stopped"
	withheld        problem = "a check after signing failed"
	blocked         problem = "lint does not allow it"
	windowEarly     problem = "the window has not begun"
	windowOver      problem = "the window has ended"
	notExtended     problem = "people did not extend the window"
	keyDeclined     problem = "people did not accept a key"
	keyWithoutSign  problem = "a key does not sign"
	keyIsAnother    problem = "a private key has the id of another"
	keyUnchosen     problem = "people did not choose a private key"
	signingDeclined problem = "people did not repeat a signature"
	rootDeclined    problem = "people did not accept that the program runs as root"
	pinDeclined     problem = "people did not try another PIN"
	amendDeclined   problem = "people did not agree to an amendment"
	siteDeclined    problem = "people did not agree to a changed site file"
	headDiffers     problem = "the head on paper is another"
	leftOverDecline problem = "people do not continue beside files of nobody"
	bundleInvalid   problem = "the record does not verify"
	diskFull        problem = "no room on the medium"
	mediumFailed    problem = "the medium fails"
	keyLeftOver     problem = "a failed call left a key"
	templateRefused problem = "the token refuses the template"
	templateDoubted problem = "the token made no key, perhaps because of the template"
	signatureWrong  problem = "a wrong signature"
	tokenMissing    problem = "no such token or key"
	tokenFailed     problem = "the token or its module failed"
	pinLocked       problem = "the PIN is locked"
)

// help is a row of the table: what helps with a problem.
type help struct {
	ways     func(s situation) []plan.NextCommand
	inRecord bool // it needs a record: without one, and in a rehearsal, the state says what helps
}

// before is a row for what is refused before there is a record.
func before(ways func(s situation) []plan.NextCommand) help { return help{ways: ways} }

// during is a row for what ends a session.
func during(ways func(s situation) []plan.NextCommand) help { return help{ways, true} }

// one is a row with one command, or with a text alone.
func one(why string, line func(s situation) string) func(situation) []plan.NextCommand {
	return func(s situation) []plan.NextCommand {
		if line == nil {
			return []plan.NextCommand{{Why: why}}
		}
		return []plan.NextCommand{{Why: why, Line: line(s)}}
	}
}

func resume(s situation) string    { return s.Resume() }
func makePlan(s situation) string  { return s.MakePlan() }
func elsewhere(s situation) string { return s.RunElsewhere() }
func typed(s situation) string     { return s.typed }

// abandoned closes the bundle as what it is.
func abandoned(s situation) plan.NextCommand {
	return plan.NextCommand{Why: "close the bundle as incomplete", Line: s.Abandon()}
}

// resumed goes on, when something was put right.
func resumed(when string) func(s situation) []plan.NextCommand {
	return func(s situation) []plan.NextCommand {
		first := plan.NextCommand{Why: when, Line: s.Resume()}
		if !s.again {
			return []plan.NextCommand{first}
		}
		return []plan.NextCommand{{Why: "this failed in two sessions; close the bundle as incomplete", Line: s.Abandon()}, first}
	}
}

// amended goes on by another plan; why says what must differ in the file.
func (s situation) amended(why string) plan.NextCommand {
	return plan.InTurn(why, s.planned(s.Other().Amend())...)
}

// begunAnew carries another plan out, in the bundle that is there if it is empty.
func (s situation) begunAnew(why string) plan.NextCommand {
	return plan.InTurn(why, s.planned(s.Other().Run())...)
}

// inAnotherBundle gives a bundle up and carries another plan out in a new one.
func (s situation) inAnotherBundle(why string) plan.NextCommand {
	c := s.Other()
	c.Bundle = s.NewBundle
	return plan.InTurn(why, append([]string{s.Abandon()}, s.planned(c.Run())...)...)
}

// planned makes another plan, has it approved where it must be, and uses it.
func (s situation) planned(use string) []string {
	if s.Approval {
		return []string{s.MakePlan(), s.Other().Approve(), use}
	}
	return []string{s.MakePlan(), use}
}

// writeNames is what to do about names of an example.
const writeNames = "write your own names in the ceremony file and its profiles; nobody owns example.com, .example and .test"

// helps says what helps with each problem.
var helps = map[problem]help{
	siteMissing:    before(one("add --site FILE", nil)),
	inputRehearsed: before(one("name the bundle of the real ceremony", nil)),
	tokenUnnamed:   before(one(plan.SiteHint, nil)),
	namesLeft:      before(one(writeNames+". A trial on SoftHSM has software-token: true in the site file", makePlan)),
	planDiffers:    before(one("after a change, plan again and have the new digest approved", makePlan)),
	policyMissing:  before(one("add the policy and its digest from paper (a trial may set approval: none in the ceremony file)", typed)),
	policyDiffers:  before(one("compare the digest of the policy with the one on paper", nil)),
	policyOther:    before(one("use the same --policy FILE; another policy needs a new ceremony", nil)),
	notApproved: before(func(s situation) []plan.NextCommand {
		return []plan.NextCommand{plan.InTurn("approvers run the first command; the second shows who has approved; then type the third", s.Approve(), s.Approvals(), s.typed)}
	}),
	siteDiffers: before(one("use the site file of the plan, or plan again and have that approved", makePlan)),
	siteOther: before(func(s situation) []plan.NextCommand {
		return []plan.NextCommand{{Why: "use the one that matches " + s.what}, {Why: "have people agree to the other one first", Line: s.Resume()}}
	}),
	siteFixed:      before(one("restore that in the site file, and change only its tokens", resume)),
	siteUnapproved: before(siteApproval),
	bundleBusy:     before(busy),
	bundleHeld:     before(one("wait until it ends", nil)),
	bundleNowhere: before(func(s situation) []plan.NextCommand {
		s.NewBundle = ""
		return []plan.NextCommand{{Why: "name a new folder in one that exists", Line: s.anew()}}
	}),
	bundleOpen: before(one("resume it", resume)),
	bundleTaken: before(func(s situation) []plan.NextCommand {
		return []plan.NextCommand{{Why: "name a new one", Line: s.anew()}}
	}),
	bundleStrange: before(one("nothing was done; find out who put it there, move it out of the bundle and resume; then type DEVIATION to record it", resume)),
	bundleClosed:  before(one("the record is closed: verify it (exhibits and reviews can still be added beside it)", func(s situation) string { return s.Verify() })),
	bundleMissing: before(one("nothing was done; start the ceremony in another folder", elsewhere)),
	bundleEmpty:   before(one("start again, in another folder", elsewhere)),
	rehearsalOver: before(func(s situation) []plan.NextCommand {
		return []plan.NextCommand{{Why: "rehearse again, in another folder", Line: s.AsRehearsed(s.opened).RehearseAgain()}}
	}),
	mirrorTaken:   before(one("journal-mirror in the site file names a folder that does not exist yet, or is empty", nil)),
	mirrorMissing: before(one("put in the medium that the site file names, or a new one under its path, and type the same command again", typed)),
	mirrorLinked:  before(one("remove that link, or put in another medium under the path that the site file names, and type the same command again: the whole record is copied there", typed)),
	mirrorDiffers: before(one("one of the two records was changed or lost lines: compare them with each other and with the heads on paper; "+
		"move the folder away only if you know why", nil)),
	workChanged:   before(one("restore it in the file, and change only what follows", nil)),
	amendmentSame: before(one("resume without an amendment", resume)),
	stepUnknown:   before(one("the script shows the step numbers", nil)),
	stepSection:   before(one("name one of its steps", nil)),
	stepNotFailed: before(one("resume the ceremony", resume)),
	stepSigned:    before(one("a signature cannot be undone; resume the ceremony", resume)),
	stepDelivered: before(func(s situation) []plan.NextCommand {
		return []plan.NextCommand{s.amended("to issue another certificate, add it to the file, plan it, and amend the plan")}
	}),
	windowClosed: before(outsideWindow),
	deviceUnfit:  before(unfit),
	notReady:     before(putRight),

	stopped:         during(one("resume it", resume)),
	withheld:        during(afterFailure),
	blocked:         during(notAllowed),
	windowEarly:     during(tooEarly),
	windowOver:      during(tooLate),
	notExtended:     during(stillTime),
	keyDeclined:     during(keyNotAccepted),
	keyWithoutSign:  during(keyOfNoUse),
	keyIsAnother:    during(resumed("find the private key with the vendor's tool, name it under keys: of its token in the site file, or restore it from its backup; then resume")),
	keyUnchosen:     during(resumed("find out with the vendor's tool which private key it is, write its label and id under keys: of its token in the site file, and resume")),
	signingDeclined: during(notRepeated),
	rootDeclined:    during(resumed("run the program as a user that owns nothing else, and resume")),
	pinDeclined:     during(resumed("resume it when the PIN is known")),
	amendDeclined:   during(resumed("resume it under the plan that holds")),
	siteDeclined:    during(resumed("nothing was changed: resume it with the site file in force, or with another one")),
	headDiffers:     during(otherRecord),
	leftOverDecline: during(resumed("look at the files in evidence/left-over of the bundle, find out who put them there, and resume")),
	bundleInvalid:   during(otherRecord),
	diskFull:        during(noRoom),
	mediumFailed:    during(resumed("put the medium right, so that the program can write to the bundle, and resume")),
	keyLeftOver:     during(leftOnToken),
	templateRefused: during(anotherTemplate),
	templateDoubted: during(perhapsTemplate),
	signatureWrong:  during(resumed("do not use this token until its vendor explains the wrong signature; then resume")),
	tokenMissing:    during(resumed("insert the device that the site file names; or, where a spare takes its place or several fit, write that into the site file. Then resume")),
	tokenFailed:     during(failing),
	pinLocked:       during(resumed("have the PIN unlocked, that of the normal user by the security officer of the device, and resume")),
}

func busy(s situation) []plan.NextCommand {
	return []plan.NextCommand{{Why: "wait until it ends, or name a new folder", Line: s.anew()}}
}

// anew is the command that begins in a new folder.
func (s situation) anew() string {
	if s.stage == stageRehearsal {
		return s.RehearseAgain()
	}
	return s.RunElsewhere()
}

// putRight is for what a survey found; what says what to do. A device may be gone for
// good.
func putRight(s situation) []plan.NextCommand {
	again := plan.NextCommand{Why: s.what + "; then type the same command again", Line: s.typed}
	if s.stage == stageBegun {
		return []plan.NextCommand{again, abandoned(s)}
	}
	return []plan.NextCommand{again}
}

// outsideWindow is for a ceremony that was not begun; until is where the window
// begins, if it is not yet there.
func outsideWindow(s situation) []plan.NextCommand {
	if !s.until.IsZero() {
		return []plan.NextCommand{{Why: "wait until " + plan.Stamp(s.until) + "; if the time is wrong, read the clocks again", Line: s.typed}}
	}
	return []plan.NextCommand{
		s.begunAnew("only another plan helps: write a later end of the window into the file, plan it, have it approved, and run it"),
		{Why: "if the time is wrong, read the clocks again", Line: s.typed},
	}
}

// afterFailure is for a signature that exists and did not pass a check: what failed
// stays so until it is repeated.
func afterFailure(s situation) []plan.NextCommand {
	return []plan.NextCommand{
		{Why: "redo step " + s.step + " when the cause is fixed", Line: s.Redo(s.step)},
		s.amended("if the plan is the cause, change the remaining steps in the file; amending also redoes step " + s.step),
		abandoned(s),
	}
}

// notAllowed is for an object that lint refuses before it is signed: the same plan
// will always make it so.
func notAllowed(s situation) []plan.NextCommand {
	return []plan.NextCommand{
		s.amended("only another plan helps: change in the file what the finding is about, plan it, have it approved, and amend"),
		abandoned(s),
	}
}

func tooEarly(s situation) []plan.NextCommand {
	return []plan.NextCommand{{Why: "wait until " + plan.Stamp(s.until) + "; if the time is wrong, read the clocks again", Line: s.Resume()}}
}

func tooLate(s situation) []plan.NextCommand {
	return []plan.NextCommand{
		s.amended("only another plan helps: write a later end of the window into the file, plan it, have it approved, and amend the remaining steps"),
		abandoned(s),
	}
}

// stillTime is for people who were asked to extend the window and did not.
func stillTime(s situation) []plan.NextCommand {
	return append([]plan.NextCommand{{Why: "until " + plan.Stamp(s.until) + ", resume and type extend", Line: s.Resume()}}, tooLate(s)...)
}

// keyNotAccepted is for a key that differs from what was asked for: to be asked again
// changes nothing.
func keyNotAccepted(s situation) []plan.NextCommand {
	var ways []plan.NextCommand
	if s.redo {
		ways = append(ways, plan.NextCommand{Why: "redo step " + s.step + " when the configuration of the device is fixed", Line: s.Redo(s.step)})
	}
	return append(ways, plan.NextCommand{Why: "to accept the key, resume", Line: s.Resume()}, abandoned(s))
}

// keyOfNoUse is for a key with which the module does not sign.
func keyOfNoUse(s situation) []plan.NextCommand {
	if s.redo {
		return []plan.NextCommand{{Why: "redo step " + s.step + " when the configuration of the device is fixed", Line: s.Redo(s.step)}, abandoned(s)}
	}
	return []plan.NextCommand{{Why: anotherHalf + ", and resume", Line: s.Resume()}, abandoned(s)}
}

// notRepeated is for a signature that may exist and that people do not make again.
func notRepeated(s situation) []plan.NextCommand {
	var ways []plan.NextCommand
	if s.step != "" {
		ways = append(ways, plan.NextCommand{Why: "redo step " + s.step + ": the signature that may exist then counts as issued", Line: s.Redo(s.step)})
	}
	return append(ways, plan.NextCommand{Why: "to sign the same bytes again, resume", Line: s.Resume()}, abandoned(s))
}

// otherRecord is for a record that is not what was made in the room.
func otherRecord(s situation) []plan.NextCommand {
	return []plan.NextCommand{{Why: "do not continue from this record; this command says more. If another copy of the bundle agrees with paper, continue from that", Line: s.VerifyAlone()}}
}

func noRoom(s situation) []plan.NextCommand {
	first := plan.NextCommand{Why: "make room on the medium of " + s.Bundle + ", then resume", Line: s.Resume()}
	if !s.again {
		return []plan.NextCommand{first}
	}
	return []plan.NextCommand{{Why: "copy the bundle to a medium with room, and resume the copy", Line: s.ResumeCopy()}, first}
}

// leftOnToken is for a key that a call made although it failed.
func leftOnToken(s situation) []plan.NextCommand {
	if s.redo {
		return []plan.NextCommand{{Why: "redo step " + s.step + ": people decide what becomes of the key that is on the token", Line: s.Redo(s.step)}, abandoned(s)}
	}
	return []plan.NextCommand{
		{Why: "if the objects are not needed, remove them from the token; then resume", Line: s.Resume()},
		s.inAnotherBundle("if they are keys in use, close this bundle as incomplete, rename the key in the file, and begin anew"),
	}
}

// anotherTemplate is for a token that makes no key by the template of the site file.
func anotherTemplate(s situation) []plan.NextCommand {
	return []plan.NextCommand{
		{Why: fmt.Sprintf("no key was made. Write another template for token %s into the site file, and resume: people are asked about the change", s.what), Line: s.Resume()},
		{Why: "if the device can be configured to accept the template, resume after that", Line: s.Resume()},
		abandoned(s),
	}
}

// perhapsTemplate is for codes that a failing device returns, too.
func perhapsTemplate(s situation) []plan.NextCommand {
	return append(failing(s), plan.NextCommand{Line: s.Resume(),
		Why: fmt.Sprintf("some tokens answer so to a key template that they do not take: if it fails again, write another template for token %s into the site file, and resume", s.what)})
}

// siteApproval has a changed site file approved; what says what changes.
func siteApproval(s situation) []plan.NextCommand {
	use := plan.InTurn("the first command writes site.json, approvers run the second; then resume", s.MakePlan(), s.Other().ApproveSite(), s.Other().ResumeApproved())
	return []plan.NextCommand{use, {Why: "write the site file in force again, and resume", Line: s.Resume()}}
}

func failing(s situation) []plan.NextCommand {
	when := "check the device, its cable, its service and its module, and resume"
	if s.again && s.redo {
		return []plan.NextCommand{{Why: "this failed in two sessions; redo step " + s.step, Line: s.Redo(s.step)}, abandoned(s), {Why: when, Line: s.Resume()}}
	}
	return resumed(when)(s)
}

// unfit is for a device that cannot be used; what says what to change.
func unfit(s situation) []plan.NextCommand {
	if s.stage == stageBegun {
		return []plan.NextCommand{{Why: "insert the device that the ceremony started with, or " + s.what + "; then resume", Line: s.Resume()}}
	}
	return []plan.NextCommand{{Why: s.what + "; then", Line: s.anew()}}
}
