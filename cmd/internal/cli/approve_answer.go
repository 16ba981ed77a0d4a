// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"io"
	"os"
	"strings"
	"time"

	"rootceremony/internal/approval"
)

// verdicts checks the signatures in the folders, and gives one verdict a file.
func (a *approvals) verdicts() ([]approval.FileVerdict, error) {
	var out []approval.FileVerdict
	folders := map[string]approval.Folder{} // most often one for all files
	for _, f := range a.files {
		folder, read := folders[f.folder]
		if !read {
			var err error
			if folder, err = approval.ReadFolder(os.DirFS(f.folder)); err != nil {
				return nil, err
			}
			folders[f.folder] = folder
		}
		v := approval.Evaluate(a.policy, folder.Case(f.name, f.object, f.namespace, time.Now()))
		out = append(out, approval.FileVerdict{File: f.name, Verdict: v})
	}
	return out, nil
}

// approvalAnswer is the answer of "approve" for programs.
type approvalAnswer struct {
	Approved bool                   `json:"approved"` // all files
	Anchored bool                   `json:"anchored"`
	Verdicts []approval.FileVerdict `json:"verdicts"`
}

func (a *approvals) answer(verdicts []approval.FileVerdict) approvalAnswer {
	return approvalAnswer{Approved: len(unapproved(verdicts)) == 0, Anchored: a.anchored, Verdicts: verdicts}
}

// write shows the verdicts. Whether the policy is anchored matters to those who check, and
// not to a person who has signed.
func (a *approvals) write(w io.Writer, verdicts []approval.FileVerdict, signed bool) error {
	var lines []string
	for _, v := range verdicts {
		if len(verdicts) > 1 {
			lines = append(lines, v.Brief()...)
		} else {
			lines = append(lines, v.Lines()...)
		}
	}
	if !a.anchored && !signed {
		lines = append(lines, "policy  UNANCHORED: its digest was not compared with one from paper")
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// unapproved names the files that are not approved.
func unapproved(verdicts []approval.FileVerdict) []string {
	var names []string
	for _, v := range verdicts {
		if !v.Approved() {
			names = append(names, v.File)
		}
	}
	return names
}

// err is the error of an answer that is no.
func (a *approvals) err(verdicts []approval.FileVerdict) error {
	switch names := unapproved(verdicts); {
	case len(names) > 0:
		return findings("not approved: %s", approval.Missing(verdicts))
	case !a.anchored:
		return withHint(findings("approved by a policy that is unanchored"), "add --policy-digest with the digest from paper")
	}
	return nil
}
