// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
)

// Decision is one thing that the files say, and why.
type Decision struct {
	What string `json:"what"`
	Is   string `json:"is"`
	Why  string `json:"why"` // empty where there is no choice
}

// Decisions says what was decided, for people who did not answer every question.
func (a *Answers) Decisions() []Decision {
	p := a.purpose()
	from, to := a.window()
	allows := "it"
	if len(keysOf(p.root)) == 1 {
		allows = "no other key"
	}
	out := []Decision{
		{"purpose", a.Purpose, p.why},
		{"root", fmt.Sprintf("%s, %s, for %s", a.Root.Name, a.Root.Key, p.rootFor), "the profile " + p.root + " allows " + allows + "; its comments say why"},
	}
	for _, ca := range a.Issuing {
		k := kindOf(ca.Kind)
		out = append(out, Decision{"issuing CA", fmt.Sprintf("%s, %s, for %s", ca.Name, ca.Key, a.lasts(k)), k.what + "; profile " + k.profile})
	}
	out = append(out, a.statusDecision(),
		Decision{"window", from.Format(time.DateOnly) + " to " + to.Format(time.DateOnly), "time to try it; make it the day of the ceremony"},
		a.approvalDecision())
	out = append(out, a.policyDigest()...)
	if left := a.examples(); left != "" {
		out = append(out, Decision{"placeholders", left, "a run on HSMs refuses them; put your own names in their place"})
	}
	if a.Tokens == TokensHSM {
		return append(out, Decision{"tokens", "HSMs", "fill in each " + unknown + " in " + siteName})
	}
	return append(out, Decision{"tokens", "SoftHSM with the PIN " + token.TrialPIN, "for trying out; every page of the bundle says so"})
}

// examples are the answers that are names of an example.
func (a *Answers) examples() string {
	var left []string
	for _, s := range append([]string{a.Organization, a.Root.Name, a.URL}, a.Domains...) {
		if strings.Contains(strings.ToLower(s), "example") {
			left = append(left, s)
		}
	}
	return strings.Join(left, ", ")
}

func (a *Answers) statusDecision() Decision {
	switch a.Status {
	case StatusNone:
		return Decision{"revocation", "none", "certificates point to no CRL: nobody can see that one was revoked"}
	case StatusOCSP:
		return Decision{"revocation", "a CRL and OCSP responses, for 11 months", "a responder answers in place of the root, whose key stays offline"}
	}
	return Decision{"revocation", "a CRL, for 11 months", "it is due again within 12, and a month is left for that"}
}

func (a *Answers) approvalDecision() Decision {
	if a.Policy == nil {
		return Decision{"approval", "none", "no public keys of people were given, which a trust policy needs"}
	}
	return Decision{"approval", "as " + policyName + " says", "its digest goes onto paper, as no policy vouches for itself"}
}

// policyDigest is what people write down of the policy, and read aloud.
func (a *Answers) policyDigest() []Decision {
	if a.Policy == nil {
		return nil
	}
	sum := sha256.Sum256(a.Policy)
	return []Decision{{What: "sha-256", Is: hex.EncodeToString(sum[:])}, {What: "words", Is: a.PolicyWords}}
}

// Commands gives the commands that people type next, in the new folder.
func (a *Answers) Commands(folder string) []plan.NextCommand {
	before := []plan.NextCommand{{Why: "fill in " + siteName + " first:", Line: plan.ListTokens("")}}
	if a.Tokens == TokensSoftHSM {
		before = append([]plan.NextCommand{{Line: `export SOFTHSM2_CONF="$PWD/` + SoftHSMConfigName + `"`}}, a.tokensToMake()...)
	}
	policy := ""
	if a.Policy != nil {
		policy = policyName
	}
	return commands(folder, policy, before)
}

// commands plan, rehearse and run what was written, with the approvals that a policy asks
// for.
func commands(folder, policy string, before []plan.NextCommand) []plan.NextCommand {
	c := plan.Commands{File: ceremonyName, Site: siteName, NewPlan: "plan-1", Bundle: "bundle", NewBundle: "rehearsal-1", Policy: policy, Approval: policy != ""}
	out := append([]plan.NextCommand{{Line: "cd " + quoted(folder)}}, before...)
	return append(out, c.Ahead(false)...)
}

// tokensToMake are the commands that make the SoftHSM tokens, unless they are there.
func (a *Answers) tokensToMake() (out []plan.NextCommand) {
	if a.MakeTokens == "yes" {
		return nil
	}
	for _, label := range a.Labels() {
		out = append(out, plan.NextCommand{Line: fmt.Sprintf("softhsm2-util --init-token --free --so-pin %[1]s --pin %[1]s --label %[2]s", token.TrialPIN, label)})
	}
	return out
}

// SoftHSMConfigName is the file that says where the SoftHSM tokens of the folder are.
const SoftHSMConfigName = "softhsm2.conf"

// quoted is a word of a POSIX shell.
func quoted(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-") == "" && !strings.HasPrefix(s, "-") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
