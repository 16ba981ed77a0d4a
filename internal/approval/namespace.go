// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import "slices"

// Namespace is the SSHSIG namespace of a signature, which fixes its meaning.
type Namespace string

// The namespaces. There are no others.
const (
	// ProfileApproval: this resolved profile may be used.
	ProfileApproval Namespace = "ceremony-profile-approval-v1"
	// PlanApproval: this ceremony may be conducted.
	PlanApproval Namespace = "ceremony-plan-approval-v1"
	// SiteApproval: these devices may be used for it.
	SiteApproval Namespace = "ceremony-site-approval-v1"
	// ManifestDeclaration: I was present, and this record is true.
	ManifestDeclaration Namespace = "ceremony-manifest-v1"
	// Review: my own statement, made after the event or about a paper.
	Review Namespace = "ceremony-review-v1"
	// PolicyApproval: this policy may be the anchor.
	PolicyApproval Namespace = "ceremony-policy-v1"
)

// meaning is one row of the table of namespaces.
type meaning struct {
	namespace Namespace
	rule      string // what the policy's rule is called
	says      string // what a person declares by signing
	approves  bool   // auditors have no part in it
}

// meanings is in the order in which a ceremony meets them.
var meanings = []meaning{
	{PolicyApproval, "policy", "this trust policy may say who approves", true},
	{ProfileApproval, "profile", "this profile may be used", true},
	{PlanApproval, "plan", "this ceremony may be conducted", true},
	{SiteApproval, "site", "these devices may be used for the ceremony", true},
	{ManifestDeclaration, "manifest", "I was present throughout except for absences in the journal; " +
		"the script was followed except for exceptions in the journal; I compared the words of the manifest " +
		"that were read aloud; to my knowledge this record is true", true},
	{Review, "review", "I have reviewed this", false},
}

// Namespaces lists all namespaces.
func Namespaces() []Namespace {
	var out []Namespace
	for _, m := range meanings {
		out = append(out, m.namespace)
	}
	return out
}

// NamespaceOf finds the namespace whose rule has this name: policy, profile,
// plan, site, manifest or review.
func NamespaceOf(rule string) (Namespace, bool) {
	i := slices.IndexFunc(meanings, func(m meaning) bool { return m.rule == rule })
	if i < 0 {
		return "", false
	}
	return meanings[i].namespace, true
}

// known reports whether n is one of the namespaces.
func (n Namespace) known() bool { return n.meaning().namespace != "" }

// Rule is what the rule of a policy is called that this namespace falls under.
func (n Namespace) Rule() string { return n.meaning().rule }

// Declaration is what a person declares by signing, to be read before signing.
func (n Namespace) Declaration() string { return n.meaning().says }

func (n Namespace) meaning() meaning {
	for _, m := range meanings {
		if m.namespace == n {
			return m
		}
	}
	return meaning{}
}

func ruleNames() []string {
	var out []string
	for _, m := range meanings {
		out = append(out, m.rule)
	}
	return out
}
