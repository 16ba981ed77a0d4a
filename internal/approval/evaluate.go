// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Case is what is to be checked.
type Case struct {
	Object      []byte
	Namespace   Namespace
	Signatures  []Signature
	Papers      []PaperFile
	Revocations *Revocations // nil where there are none
	At          time.Time    // when it must be valid: SSH signatures carry no timestamp
}

// maxFiles bounds the signatures and papers on one object.
const maxFiles = 1000

// Evaluate says who has signed an object and whether that is what the policy
// demands. It returns no error: all problems are in the verdict.
func Evaluate(policy *Policy, c Case) Verdict {
	sum := sha256.Sum256(c.Object)
	j := &evaluation{
		Verdict: Verdict{
			Namespace: c.Namespace, ObjectSHA256: hex.EncodeToString(sum[:]), At: c.At,
			PolicySHA256: policy.sha256, PolicyVersion: policy.Version,
			Thresholds: []Threshold{}, Signed: []Approval{}, Papers: []PaperApproval{},
			Refused: []Refusal{}, Problems: []string{}, Notices: []string{},
		},
		policy: policy, revocations: c.Revocations, rule: policy.rule(c.Namespace),
	}
	j.Demanded = j.rule != nil
	j.checkWhole(c)
	if len(c.Signatures)+len(c.Papers) > maxFiles {
		many := fmt.Sprintf("more than %d signatures and papers", maxFiles)
		j.problem("%s", many)
		for _, s := range c.Signatures { // nobody looks at them
			j.refuse(Refusal{Name: s.Name, Reason: reasonMalformed, Failure: true, Why: many})
		}
		return j.Verdict
	}
	for _, s := range c.Signatures {
		j.addSignature(s, c.Object)
	}
	for _, f := range c.Papers {
		j.evaluatePaper(f)
	}
	j.count()
	return j.Verdict
}

type evaluation struct {
	Verdict
	policy      *Policy
	revocations *Revocations
	rule        *Rule // nil where the policy has none
}

func (j *evaluation) problem(format string, args ...any) {
	j.Problems = append(j.Problems, fmt.Sprintf(format, args...))
}

func (j *evaluation) refuse(r Refusal) { j.Refused = append(j.Refused, r) }

// checkWhole finds problems that no signature can fix.
func (j *evaluation) checkWhole(c Case) {
	if !c.Namespace.known() {
		j.problem("internal error: unknown namespace %q", c.Namespace)
	}
	if err := j.policy.CheckAt(c.At); err != nil {
		j.problem("%v", err)
	}
	j.checkObject("it", j.ObjectSHA256)
	j.checkObject("the policy", j.PolicySHA256)
}

// checkObject says whether an object was revoked.
func (j *evaluation) checkObject(what, sha256 string) {
	switch r := j.revocations.Object(sha256); {
	case r == nil:
	case r.Time.After(j.At):
		j.notice("%s was revoked later, at %s: %s", what, r.Time.Format(time.RFC3339), r.Reason)
	default:
		j.problem("%s was revoked at %s: %s", what, r.Time.Format(time.RFC3339), r.Reason)
	}
}

func (j *evaluation) notice(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(j.Notices, text) {
		j.Notices = append(j.Notices, text)
	}
}

// signer is who made a good signature.
type signer struct {
	person *Person
	key    *Key
	parsed *parsed
}

// check finds whose signature it is and whether it is good, in time and not
// revoked. A wrong signature is a failure, whosever key is in it; so is a file that is
// not a signature, because it may have been one.
func (j *evaluation) check(s Signature, object []byte, namespace Namespace) (*signer, *Refusal) {
	refusal := Refusal{Name: s.Name, Reason: reasonMalformed, Failure: true}
	p, err := parseSignature(s.Data)
	if err != nil {
		refusal.Why = err.Error()
		return nil, &refusal
	}
	refusal.Fingerprint = p.key.Fingerprint()
	person, key := j.policy.owner(p.key)
	if person == nil {
		refusal.Reason, refusal.Why, refusal.Failure = reasonUnknown, "the policy has no such key", false
		if err := p.verify(object, namespace, p.key, false); err != nil {
			refusal.Reason, refusal.Why, refusal.Failure = reasonOf(err), err.Error(), true
		}
		return nil, &refusal
	}
	refusal.Person = person.ID
	if err := j.policy.allows(p.algorithm(), p.key); err != nil {
		refusal.Reason, refusal.Why = reasonAlgorithm, err.Error()
		return nil, &refusal
	}
	if err := p.verify(object, namespace, key.SSH, key.UserVerified); err != nil {
		refusal.Reason, refusal.Why = reasonOf(err), err.Error()
		return nil, &refusal
	}
	refusal.Failure = false
	if refusal.Reason, refusal.Why = j.notValidAt(key); refusal.Reason != "" {
		return nil, &refusal
	}
	return &signer{person, key, p}, nil
}

func reasonOf(err error) Reason {
	switch {
	case errors.Is(err, errNamespace):
		return reasonNamespace
	case errors.Is(err, errNoTouch):
		return reasonNoTouch
	case errors.Is(err, errUnpinned):
		return reasonUnproved
	}
	return reasonSignature
}

// notValidAt says why a key does not count at the time of the check. A key that
// was revoked later is worth a notice: SSH signatures carry no timestamp.
func (j *evaluation) notValidAt(k *Key) (Reason, string) {
	if !k.covers(j.At) {
		return reasonTime, fmt.Sprintf("the key is not valid at %s", j.At.UTC().Format(time.RFC3339))
	}
	r := j.revocations.key(k.SSH.Fingerprint())
	switch {
	case r == nil:
		return "", ""
	case r.Time.After(j.At):
		j.notice("the key %s was revoked later, at %s: %s", r.Key, r.Time.Format(time.RFC3339), r.Reason)
		return "", ""
	}
	return reasonRevoked, fmt.Sprintf("the key was revoked at %s: %s", r.Time.Format(time.RFC3339), r.Reason)
}

func (j *evaluation) addSignature(s Signature, object []byte) {
	known, refusal := j.check(s, object, j.Namespace)
	if refusal != nil {
		j.refuse(*refusal)
		return
	}
	sum := sha256.Sum256(s.Data)
	a := Approval{
		Name: s.Name, SHA256: hex.EncodeToString(sum[:]), Person: known.person.ID, Org: known.person.Org,
		Roles: j.ruleRoles(known.person.ID), Fingerprint: known.key.SSH.Fingerprint(),
		Algorithm: known.parsed.algorithm(), Hash: string(known.parsed.sig.HashAlgorithm), Touch: known.parsed.touch,
	}
	if j.rule != nil && len(a.Roles) == 0 {
		j.refuse(Refusal{Name: s.Name, Person: a.Person, Fingerprint: a.Fingerprint, Reason: reasonNoRole, Why: j.policy.noRole(a.Person, j.Namespace)})
		return
	}
	a.Duplicate = slices.ContainsFunc(j.Signed, func(b Approval) bool { return b.Person == a.Person })
	j.Signed = append(j.Signed, a)
}

// noRole says why a person without a role of the rule does not count.
func (p *Policy) noRole(person string, n Namespace) string {
	if p.isAuditor(person) && n.meaning().approves {
		return "auditors attend and review; they cannot approve"
	}
	return person + " has no role that may sign this"
}

// ruleRoles lists the roles of the rule that a person holds.
func (j *evaluation) ruleRoles(person string) []string {
	return j.policy.rolesIn(j.rule, person)
}

// rolesIn lists the roles of a rule that a person holds.
func (p *Policy) rolesIn(rule *Rule, person string) []string {
	out := []string{}
	if rule == nil {
		return out
	}
	for _, name := range rule.Roles {
		if r := p.role(name); r != nil && contains(r.Members, person) {
			out = append(out, name)
		}
	}
	return out
}

// count fills the thresholds with people. A person counts once in a role, and
// never in two that exclude each other, since the pools of such roles are
// apart. A person who vouches for a paper is not counted again, in none of the roles
// that have to be filled together: see vouching.
func (j *evaluation) count() {
	if j.rule == nil {
		return
	}
	j.Any = j.rule.Any
	for _, name := range j.rule.Roles {
		t := Threshold{Role: name, Need: j.policy.role(name).Threshold, Signed: []string{}, Paper: []string{}}
		for _, a := range j.Signed {
			if contains(a.Roles, name) && !contains(t.Signed, a.Person) {
				t.Signed = append(t.Signed, a.Person)
			}
		}
		j.Thresholds = append(j.Thresholds, t)
	}
	together := len(j.Thresholds)
	if j.Any {
		together = 1 // one role is enough, and is filled by itself
	}
	for some := range slices.Chunk(j.Thresholds, max(together, 1)) {
		used := j.countPapers(some)
		for i := range some {
			some[i].Open = slices.DeleteFunc(j.open(some[i]), func(id string) bool { return contains(used, id) })
		}
	}
}

// open lists the people of a role who have not approved and have a key that
// would count at the time of the check.
func (j *evaluation) open(t Threshold) []string {
	out := []string{}
	for _, id := range j.policy.role(t.Role).Members {
		counts := slices.ContainsFunc(j.policy.person(id).Keys, func(k Key) bool {
			r := j.revocations.key(k.SSH.Fingerprint())
			return k.covers(j.At) && (r == nil || r.Time.After(j.At))
		})
		if counts && !contains(t.Signed, id) && !contains(t.Paper, id) {
			out = append(out, id)
		}
	}
	return out
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// oneLine puts an error of many lines on one.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
