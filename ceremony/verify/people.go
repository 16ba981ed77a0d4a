// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// Where people put what they sign after a ceremony. MANIFEST does not list these
// folders: they may grow.
const (
	SignaturesDir   = "signatures"
	attestationsDir = "attestations"
)

// Signed is what people put into a bundle after it was closed.
type Signed struct {
	Pinned     bool                 // the trust policy it was evaluated by is vouched for from outside
	Manifest   approval.Verdict     // declarations of who was there
	Reviews    approval.Verdict     // of who reviewed the bundle afterwards
	Exhibits   []approval.Approval  // signatures on records of late exhibits
	Statements []approval.Statement // in the signers' own words
	Doubtful   []string             // declarations that the record does not bear out
}

// policyOf gives the trust policy that people's signatures are evaluated by: the
// one that was given, or the one of the bundle, which vouches for nothing unless
// its digest was given.
func (v *Verdict) policyOf(o Options) (policy *approval.Policy, pinned bool) {
	data, err := v.ReadFile(plan.PolicyPath, plan.MaxInput)
	missing := errors.Is(err, fs.ErrNotExist)
	where := plan.PolicyPath
	switch {
	case o.Policy != nil && err == nil && string(data) != string(o.Policy):
		v.problem(plan.PolicyPath, "it differs from the given policy")
		return nil, false
	case o.Policy != nil:
		data, where = o.Policy, cmp.Or(o.PolicyName, "the given policy")
	case missing:
		if o.PolicySHA256 != "" {
			v.problem(plan.PolicyPath, "it is missing, and its SHA-256 was given: nobody approved this plan by that policy")
		}
		return nil, false
	case err != nil:
		v.problem(plan.PolicyPath, "%v", err)
		return nil, false
	}
	policy, err = approval.ParsePolicy("", data)
	if err != nil {
		v.problem(where, "%v", err)
		return nil, false
	}
	if missing && v.Mode != event.Rehearsal && policy.Demands(approval.PlanApproval) {
		v.problem(plan.PolicyPath, "it is missing, and the given policy demands that people approve the plan: nobody did by that policy")
	}
	digest := artifact.Sum(data).SHA256Hex()
	if o.PolicySHA256 != "" {
		want, err := hex.DecodeString(o.PolicySHA256)
		if err != nil || hex.EncodeToString(want) != digest {
			v.problem(where, "its SHA-256 is %s, not the one given; signatures were not evaluated", digest)
			return nil, false
		}
		return policy, true
	}
	return policy, o.Policy != nil
}

// checkSigned checks what people signed after the ceremony, as of its closing:
// SSH signatures carry no timestamp.
func (v *Verdict) checkSigned(o Options) {
	manifest, err := v.ReadFile(transcripts.ManifestPath, plan.MaxInput)
	if err != nil {
		return // said before, or not closed yet
	}
	policy, pinned := v.policyOf(o)
	at := v.History.Until()
	j := &signatureChecker{v: v, policy: policy, revocations: v.revocations(), at: at}
	if policy != nil {
		v.Signed.Pinned = pinned
	}
	if r := v.given.Object(artifact.Sum(manifest).SHA256Hex()); r != nil {
		v.problem(transcripts.ManifestPath, "by the given list it was revoked at %s: %s", r.Time.Format(time.RFC3339), r.Reason)
	}
	j.manifest(manifest)
	j.statements(artifact.Sum(manifest).SHA256Hex())
	j.exhibits()
	j.declarations()
	j.scans(o.Exhibits)
	if pinned && v.Signed.Manifest.Approved() {
		v.Anchored = append(v.Anchored, "the signatures of "+people(v.Signed.Manifest)+" on MANIFEST")
	}
}

// signatureChecker checks what people signed.
type signatureChecker struct {
	v           *Verdict
	policy      *approval.Policy // nil where there is none
	revocations *approval.Revocations
	at          time.Time
}

// read gives a signature; one that cannot be read stays without its bytes, and
// fails.
func (j *signatureChecker) read(name string) approval.Signature {
	data, err := j.v.ReadFile(name, plan.MaxInput)
	if err != nil {
		j.v.problem(name, "%v", err)
	}
	return approval.Signature{Name: name, Data: data}
}

// below lists the files of a folder.
func (j *signatureChecker) below(folder string) []string {
	return slices.DeleteFunc(j.v.Paths(), func(p string) bool { return !strings.HasPrefix(p, folder+"/") })
}

// manifest checks the signatures on MANIFEST, by their names: MANIFEST.WHO.sig
// declares, MANIFEST.WHO.ceremony-review-v1.sig reviews.
func (j *signatureChecker) manifest(data []byte) {
	declared := approval.Case{Object: data, Namespace: approval.ManifestDeclaration, Revocations: j.revocations, At: j.at}
	reviewed := approval.Case{Object: data, Namespace: approval.Review, Revocations: j.revocations, At: j.at}
	for _, name := range j.below(SignaturesDir) {
		who, ok := strings.CutPrefix(strings.TrimSuffix(name, ".sig"), SignaturesDir+"/MANIFEST.")
		c := &declared
		if left, review := strings.CutSuffix(who, "."+string(approval.Review)); review {
			who, c = left, &reviewed
		}
		if !ok || !strings.HasSuffix(name, ".sig") || !approval.IsName(who) {
			j.v.problem(name, "not the file name of a signature on MANIFEST")
			continue
		}
		c.Signatures = append(c.Signatures, j.read(name))
	}
	if j.policy == nil {
		j.notEvaluated(declared)
		j.notEvaluated(reviewed)
		return
	}
	j.v.Signed.Manifest, j.v.Signed.Reviews = approval.Evaluate(j.policy, declared), approval.Evaluate(j.policy, reviewed)
	j.said(&j.v.Signed.Manifest, SignaturesDir+"/MANIFEST.")
	j.said(&j.v.Signed.Reviews, SignaturesDir+"/MANIFEST.")
	j.demanded(j.v.Signed.Manifest, "signature")
	j.demanded(j.v.Signed.Reviews, "review")
}

// demanded says what a rule of the policy demands and is not there.
func (j *signatureChecker) demanded(v approval.Verdict, what string) {
	if !v.Demanded || v.Approved() {
		return
	}
	for _, p := range v.Problems {
		j.v.Unsigned = append(j.v.Unsigned, fmt.Sprintf("the policy requires a %s on MANIFEST, and none counts: %s", what, p))
	}
	for _, t := range v.Thresholds {
		if !t.Met() {
			j.v.Unsigned = append(j.v.Unsigned, fmt.Sprintf("the policy requires %s on MANIFEST as %s, and has %d", event.Count(t.Need, what), t.Role, len(t.Signed)+len(t.Paper)))
		}
	}
}

// notEvaluated tells of signatures that nobody can say whose they are. Whether each is
// one over these bytes, the key in it says without a policy.
func (j *signatureChecker) notEvaluated(c approval.Case) {
	for _, s := range c.Signatures {
		if err := approval.CheckBySelf(s, c.Object, c.Namespace); err != nil {
			j.v.problem(s.Name, "%v", err)
			continue
		}
		j.v.Notices = append(j.v.Notices, s.Name+": its signer is not evaluated: no trust policy lists the key")
	}
}

// tell says once what is worth knowing of signatures.
func (j *signatureChecker) tell(texts []string) {
	for _, t := range texts {
		j.v.noticeOnce("signatures: " + t)
	}
}

// said takes over what is wrong with signatures, and what does not count: nothing does
// where the whole is wrong, as under a policy that had expired. The prefix of a name goes
// before the name of who signed.
func (j *signatureChecker) said(v *approval.Verdict, prefix string) {
	j.tell(v.Problems)
	j.tell(v.Notices)
	for _, r := range v.Refused {
		if r.Failure {
			j.v.problem(r.Name, "%s", r.Why)
		} else {
			j.v.Notices = append(j.v.Notices, r.Name+": not counted: "+r.Why)
		}
	}
	for _, a := range v.Signed {
		if who, _, _ := strings.Cut(strings.TrimPrefix(a.Name, prefix), "."); who != a.Person {
			j.v.problem(a.Name, "the signer is %s", a.Person)
		}
		if a.Duplicate {
			j.v.Notices = append(j.v.Notices, fmt.Sprintf("%s: duplicate signature by %s, counted once", a.Name, a.Person))
		}
		if len(v.Problems) > 0 {
			j.v.Notices = append(j.v.Notices, a.Name+": not counted: "+strings.Join(v.Problems, "; "))
		}
	}
	if len(v.Problems) > 0 {
		v.Signed = nil
	}
}

// statements checks what people said in their own words. Dissent is always
// shown, also where nobody can say whose it is.
func (j *signatureChecker) statements(manifestSHA256 string) {
	files := j.below(attestationsDir)
	for _, name := range files {
		who, isStatement := strings.CutSuffix(strings.TrimPrefix(name, attestationsDir+"/"), ".json")
		statement := strings.TrimSuffix(name, ".sig")
		switch {
		case strings.HasSuffix(name, ".json.sig") && slices.Contains(files, statement):
		case !isStatement || !approval.IsName(who):
			j.v.problem(name, "not the file name of a statement or of a signature on one")
		default:
			j.statement(name, who, manifestSHA256, slices.Contains(files, name+".sig"))
		}
	}
}

func (j *signatureChecker) statement(name, who, manifestSHA256 string, signed bool) {
	data, err := j.v.ReadFile(name, plan.MaxInput)
	if err != nil {
		j.v.problem(name, "%v", err)
		return
	}
	a, err := approval.ParseAttestation("", data)
	if err != nil {
		j.v.problem(name, "%v", err)
		return
	}
	s := approval.Statement{Attestation: a, Name: name, Problem: "no trust policy lists its signer"}
	c := approval.StatementCase{Name: name, Data: data, ManifestSHA256: manifestSHA256, Revocations: j.revocations, At: j.at}
	if signed {
		c.Signatures = append(c.Signatures, j.read(name+".sig"))
	}
	if j.policy == nil {
		j.notEvaluated(approval.Case{Object: data, Namespace: approval.Review, Signatures: c.Signatures})
	} else {
		s = approval.EvaluateStatement(j.policy, c)
		j.tell(s.Notices)
		for _, r := range s.Refused {
			if r.Failure {
				j.v.problem(r.Name, "%s", r.Why)
			}
		}
		for _, by := range s.Signed {
			if by.Person != who {
				j.v.problem(name, "the signer is %s", by.Person)
			}
		}
	}
	if a.Manifest != manifestSHA256 {
		j.v.problem(name, "it refers to another MANIFEST")
	}
	j.v.Signed.Statements = append(j.v.Signed.Statements, s)
}

// exhibits checks the signatures on records of late exhibits.
func (j *signatureChecker) exhibits() {
	for _, e := range j.v.Exhibits {
		record := transcripts.ExhibitPath(e.Number)
		c := approval.Case{Namespace: approval.Review, Revocations: j.revocations, At: j.at}
		for _, name := range j.below(transcripts.ExhibitsDir) {
			if strings.HasPrefix(name, record+".") {
				c.Signatures = append(c.Signatures, j.read(name))
			}
		}
		if len(c.Signatures) == 0 {
			j.v.Notices = append(j.v.Notices, record+": nobody signed this record, so nobody vouches for it")
			continue
		}
		c.Object = j.read(record).Data
		if j.policy == nil {
			j.notEvaluated(c)
			continue
		}
		v := approval.Evaluate(j.policy, c)
		j.said(&v, record+".")
		j.v.Signed.Exhibits = append(j.v.Signed.Exhibits, v.Signed...)
	}
}

// people names those who signed, each once.
func people(v approval.Verdict) string {
	var names []string
	for _, a := range v.Signed {
		if !a.Duplicate {
			names = append(names, a.Person)
		}
	}
	return strings.Join(names, ", ")
}
