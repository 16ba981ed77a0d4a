// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
)

// Decisions says what was decided.
func (n *Next) Decisions() (out []Decision) {
	for _, a := range n.lists() {
		out = append(out, Decision{"CRL", following(a.ID), "it follows " + a.ID + ", which has number " + a.RevocationList().Number})
	}
	revoked := "nothing"
	if len(n.Revoke) > 0 {
		revoked = strings.Join(slices.Sorted(maps.Keys(n.Revoke)), ", ")
	}
	out = append(out, Decision{"revoked", revoked, "what the last CRL lists stays listed"})
	for _, c := range n.cas {
		if c.renews() {
			out = append(out, Decision{"issuing CA", c.cert, n.name(c.ca) + " again: same key, same name, profile " + c.like.Object.FromProfile()})
		} else {
			out = append(out, Decision{"issuing CA", c.cert, c.name + ": like " + c.like.ID + ", with a new key, profile " + c.like.Object.FromProfile()})
		}
	}
	for _, c := range n.responders() {
		out = append(out, Decision{"responder", following(c.ID), "with a new key, as " + c.ID + " cannot be revoked and ends soon"})
	}
	if r := n.responses(); len(r) > 0 {
		out = append(out, Decision{"responses", fmt.Sprint(len(r)), "one for each certificate that had one"})
	}
	out = append(out, n.undecided()...)
	return append(out, Decision{"window", "two days from " + n.Now.Format(time.DateOnly), "make it the day of the ceremony"})
}

// Commands gives the commands that people type next, in the new folder.
func (n *Next) Commands(folder string) []plan.NextCommand {
	policy := ""
	if n.plan.Approval != plan.ApprovalNone {
		policy = path.Join(n.path, plan.PolicyPath)
	}
	return commands(folder, policy, append(n.softHSM(), n.toDecide()...))
}

// softHSM is the command that has SoftHSM find the tokens of the earlier ceremony, whose
// bundle has none of them: as it finds tokens now.
func (n *Next) softHSM() []plan.NextCommand {
	if n.Tokens != TokensSoftHSM {
		return nil
	}
	config := token.SoftHSMConfiguration()
	absolute, err := filepath.Abs(config)
	if config == "" || err != nil {
		return []plan.NextCommand{{Why: "as for the earlier ceremony:", Line: "export SOFTHSM2_CONF=FILE"}}
	}
	return []plan.NextCommand{{Line: "export SOFTHSM2_CONF=" + quoted(absolute)}}
}
