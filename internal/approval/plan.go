// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
)

// PlanVerdict is whether a plan, and the site it is to happen at, are approved.
type PlanVerdict struct {
	Plan     Verdict  `json:"plan"`
	Site     *Verdict `json:"site,omitempty"` // nil where there is no site
	Problems []string `json:"problems"`
	Notices  []string `json:"notices"`
}

// Approved reports whether the ceremony may be conducted.
func (v PlanVerdict) Approved() bool {
	if len(v.Problems) > 0 || !v.Plan.Approved() {
		return false
	}
	return v.Site == nil || v.Site.Approved() || (!v.Site.Demanded && len(v.Site.Failures()) == 0)
}

// Names of files in a folder of approvals. A signature is OBJECT.WHO.sig or
// OBJECT.sig, a paper is OBJECT.WHO.paper.json, and who vouches for it signs
// that file: OBJECT.WHO.paper.json.OTHER.sig.
const (
	PlanFile        = "plan.json"
	SiteFile        = "site.json"
	RevocationsFile = "revocations.json"

	signatureSuffix = ".sig"
	paperSuffix     = ".paper.json"
)

// SignatureFile is the name of a person's signature on a file.
func SignatureFile(object, who string) string { return object + "." + who + signatureSuffix }

// CheckPlan judges plan.json and, unless it is nil, site.json by the signatures,
// papers and revocations in a folder. The policy must be the one whose SHA-256
// was given from outside. An error says that nothing could be judged; whether
// the plan is approved stands in the verdict.
func CheckPlan(policyBytes []byte, anchorSHA256 string, planBytes, siteBytes []byte, sigs fs.FS, at time.Time) (PlanVerdict, error) {
	v := PlanVerdict{Problems: []string{}, Notices: []string{}}
	policy, err := LoadPolicy(policyBytes, anchorSHA256)
	if err != nil {
		return v, fmt.Errorf("reading policy: %w", err)
	}
	folder, err := ReadFolder(sigs)
	if err != nil {
		return v, err
	}
	v.Plan = Judge(policy, folder.Case(PlanFile, planBytes, PlanApproval, at))
	objects := []string{PlanFile}
	if siteBytes != nil {
		objects = append(objects, SiteFile)
		site := Judge(policy, folder.Case(SiteFile, siteBytes, SiteApproval, at))
		v.Site = &site
	} else if policy.Demands(SiteApproval) {
		v.Problems = append(v.Problems, "the policy demands an approved site file, and there is none")
	}
	if !v.Plan.Demanded {
		v.Problems = append(v.Problems, "the policy has no rule for plans, so nobody can approve one")
	}
	for _, name := range folder.rest(objects...) {
		v.Notices = append(v.Notices, fmt.Sprintf("%q is about no file that is judged here; it was not looked at", name))
	}
	return v, nil
}

// Folder holds the signatures, papers and revocations of a folder.
type Folder struct {
	Revocations *Revocations // nil where there is no list
	files       []Signature  // everything that ends as a signature or a paper
}

// ReadFolder reads a folder of approvals. No folder, nil, holds nothing. What is
// no regular file is kept without its bytes, so that judging it fails.
func ReadFolder(fsys fs.FS) (Folder, error) {
	var f Folder
	if fsys == nil {
		return f, nil
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return f, fmt.Errorf("reading approvals: %w", err)
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case name == RevocationsFile:
			if f.Revocations, err = readRevocations(fsys, e); err != nil {
				return f, err
			}
		case strings.HasSuffix(name, signatureSuffix), strings.HasSuffix(name, paperSuffix):
			if len(f.files) >= mostFiles {
				return f, fmt.Errorf("reading approvals: more than %d files", mostFiles)
			}
			data, err := readFile(fsys, e)
			if err != nil {
				return f, fmt.Errorf("reading approvals: %w", err)
			}
			f.files = append(f.files, Signature{Name: name, Data: data})
		}
	}
	return f, nil
}

func readRevocations(fsys fs.FS, e fs.DirEntry) (*Revocations, error) {
	data, err := readFile(fsys, e)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", RevocationsFile, err)
	}
	r, err := ParseRevocations(data)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", RevocationsFile, err)
	}
	return r, nil
}

// readFile reads a regular file, a little more of it than any document may have.
func readFile(fsys fs.FS, e fs.DirEntry) (data []byte, err error) {
	if !e.Type().IsRegular() {
		return nil, nil
	}
	file, err := fsys.Open(e.Name())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	limit := int64(maxDocument)
	if strings.HasSuffix(e.Name(), signatureSuffix) {
		limit = maxSignature
	}
	return io.ReadAll(io.LimitReader(file, limit+1))
}

// Case collects what is on one object.
func (f Folder) Case(object string, data []byte, namespace Namespace, at time.Time) Case {
	c := Case{Object: data, Namespace: namespace, Revocations: f.Revocations, At: at}
	for _, file := range f.files {
		switch {
		case !on(file.Name, object):
		case strings.HasSuffix(file.Name, paperSuffix):
			c.Papers = append(c.Papers, PaperFile{Name: file.Name, Data: file.Data, Vouchers: f.signaturesOn(file.Name)})
		case !f.onPaper(file.Name):
			c.Signatures = append(c.Signatures, file)
		}
	}
	return c
}

func (f Folder) signaturesOn(object string) []Signature {
	var out []Signature
	for _, file := range f.files {
		if on(file.Name, object) && strings.HasSuffix(file.Name, signatureSuffix) {
			out = append(out, file)
		}
	}
	return out
}

// onPaper reports whether a signature is one for a paper that is there.
func (f Folder) onPaper(name string) bool {
	for _, file := range f.files {
		if strings.HasSuffix(file.Name, paperSuffix) && on(name, file.Name) {
			return true
		}
	}
	return false
}

// rest lists the files that are on none of the objects.
func (f Folder) rest(objects ...string) []string {
	var out []string
	for _, file := range f.files {
		found := false
		for _, object := range objects {
			found = found || on(file.Name, object)
		}
		if !found {
			out = append(out, file.Name)
		}
	}
	return out
}

// on reports whether a file is about an object, by its name.
func on(name, object string) bool { return strings.HasPrefix(name, object+".") }
