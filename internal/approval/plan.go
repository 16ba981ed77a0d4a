// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/source"
)

// PlanVerdict is whether a plan, the profiles that it uses, and the site it is to
// happen at, are approved.
type PlanVerdict struct {
	Plan     Verdict       `json:"plan"`
	Profiles []FileVerdict `json:"profiles"`
	Site     *Verdict      `json:"site,omitempty"` // nil where there is no site
	Problems []string      `json:"problems"`
	Notices  []string      `json:"notices"`
}

// FileVerdict is the verdict on a file.
type FileVerdict struct {
	File string `json:"file"`
	Verdict
}

// Approved reports whether the ceremony may be conducted.
func (v PlanVerdict) Approved() bool {
	for _, p := range v.Profiles {
		if !p.allowed() {
			return false
		}
	}
	return len(v.Problems) == 0 && v.Plan.Approved() && (v.Site == nil || v.Site.allowed())
}

// Files gives the verdicts on the plan, the profiles and the site, in that order.
func (v PlanVerdict) Files() []FileVerdict {
	files := append([]FileVerdict{{PlanFile, v.Plan}}, v.Profiles...)
	if v.Site != nil {
		files = append(files, FileVerdict{SiteFile, *v.Site})
	}
	return files
}

// OnPaper reports whether it was paper that made the difference somewhere.
func (v PlanVerdict) OnPaper() bool {
	return slices.ContainsFunc(v.Files(), func(f FileVerdict) bool { return f.onPaper() })
}

// allowed reports whether an object is approved, or needs no approval and
// nothing is wrong with it.
func (v Verdict) allowed() bool {
	return v.Approved() || !v.Demanded && len(v.failures()) == 0 && len(v.Problems) == 0
}

// Names of files in a folder of approvals. A signature is OBJECT.WHO.sig or
// OBJECT.sig, a paper is OBJECT.WHO.paper.json, and the person who vouches
// for it signs that file: OBJECT.WHO.paper.json.OTHER.sig.
const (
	PlanFile        = "plan.json"
	SiteFile        = "site.json"
	RevocationsFile = "revocations.json"

	profileSuffix   = ".profile.json"
	signatureSuffix = ".sig"
	paperSuffix     = ".paper.json"
)

// ProfileFile is the name of a resolved profile.
func ProfileFile(profile string) string { return profile + profileSuffix }

// SignatureFile is the name of a person's signature on a file.
func SignatureFile(object, who string) string { return object + "." + who + signatureSuffix }

// NamespaceOfFile tells from the name of a file as what it is approved. Only the
// names of plans, sites and resolved profiles say so.
func NamespaceOfFile(name string) (Namespace, bool) {
	switch {
	case name == PlanFile:
		return PlanApproval, true
	case name == SiteFile:
		return SiteApproval, true
	case strings.HasSuffix(name, profileSuffix):
		return ProfileApproval, true
	}
	return "", false
}

// IsSupporting reports whether a file belongs to what people approve, and is not
// approved itself: a paper, or revocations.
func IsSupporting(name string) bool {
	return name == RevocationsFile || strings.HasSuffix(name, paperSuffix)
}

// Object is a file that people approve.
type Object struct {
	Name string
	Data []byte
}

// PlanCase is a plan with all that its policy may want approved with it.
type PlanCase struct {
	Plan     []byte
	Site     []byte   // nil where there is none
	Profiles []Object // resolved; all that the plan uses
	Folder   fs.FS    // signatures, papers and revocations; nil: none
	At       time.Time

	Revocations *Revocations // beside those in the folder
}

// CheckPlan checks a plan. The policy must be the one whose SHA-256 was given
// from outside. An error says that nothing could be checked; whether the plan
// is approved is in the verdict.
func CheckPlan(policyBytes []byte, anchorSHA256 string, c PlanCase) (PlanVerdict, error) {
	v := PlanVerdict{Profiles: []FileVerdict{}, Problems: []string{}, Notices: []string{}}
	policy, err := loadPolicy(policyBytes, anchorSHA256)
	if err != nil {
		return v, fmt.Errorf("reading policy: %w", err)
	}
	folder, err := ReadFolder(c.Folder)
	if err != nil {
		return v, err
	}
	folder.Revocations = folder.Revocations.With(c.Revocations)
	v.Plan = Evaluate(policy, folder.Case(PlanFile, c.Plan, PlanApproval, c.At))
	for _, p := range c.Profiles {
		v.Profiles = append(v.Profiles, FileVerdict{p.Name, Evaluate(policy, folder.Case(p.Name, p.Data, ProfileApproval, c.At))})
	}
	if c.Site != nil {
		site := Evaluate(policy, folder.Case(SiteFile, c.Site, SiteApproval, c.At))
		v.Site = &site
	} else if policy.Demands(SiteApproval) {
		v.Problems = append(v.Problems, "the policy requires an approved site file, but there is none")
	}
	if !v.Plan.Demanded {
		v.Problems = append(v.Problems, "the policy has no rule for plans, so no plan can be approved")
	}
	for _, f := range folder.files {
		if !c.About(f.Name) {
			v.Notices = append(v.Notices, fmt.Sprintf("%q belongs to none of the files checked here and was ignored", f.Name))
		}
	}
	return v, nil
}

// SiteCase is a site file that takes the place of another one, with what people signed.
type SiteCase struct {
	Site        []byte
	Folder      fs.FS
	At          time.Time
	Revocations *Revocations // beside those in the folder
}

// CheckSite checks a site file by itself. Where the policy has no rule for site files,
// those approve it who approve plans.
func CheckSite(policyBytes []byte, anchorSHA256 string, c SiteCase) (FileVerdict, error) {
	v := FileVerdict{File: SiteFile}
	policy, err := loadPolicy(policyBytes, anchorSHA256)
	if err != nil {
		return v, fmt.Errorf("reading policy: %w", err)
	}
	if plans := policy.rule(PlanApproval); !policy.Demands(SiteApproval) && plans != nil {
		rule := *plans
		rule.For = SiteApproval
		policy.Rules = append(slices.Clone(policy.Rules), rule)
	}
	folder, err := ReadFolder(c.Folder)
	if err != nil {
		return v, err
	}
	folder.Revocations = folder.Revocations.With(c.Revocations)
	v.Verdict = Evaluate(policy, folder.Case(SiteFile, c.Site, SiteApproval, c.At))
	return v, nil
}

// AboutSite reports whether a file of a folder is about its site file, by its name.
func AboutSite(name string) bool {
	return name == RevocationsFile || evaluated(name) && on(name, SiteFile)
}

// About reports whether a file of the folder is about the plan, by its name.
func (c PlanCase) About(name string) bool {
	return name == RevocationsFile || evaluated(name) && (on(name, PlanFile) || c.Site != nil && on(name, SiteFile) ||
		slices.ContainsFunc(c.Profiles, func(p Object) bool { return on(name, p.Name) }))
}

// evaluated reports whether a file is a signature or a paper by its name. What else lies in
// a folder of approvals is no part of them.
func evaluated(name string) bool {
	return strings.HasSuffix(name, signatureSuffix) || strings.HasSuffix(name, paperSuffix)
}

// Folder holds the signatures, papers and revocations of a folder.
type Folder struct {
	Revocations *Revocations // nil where there is no list
	files       []Signature  // everything that ends as a signature or a paper
}

// ReadFolder reads a folder of approvals. No folder, nil, holds nothing. What
// is no regular file is kept without its bytes, so that checking it fails.
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
		case evaluated(name):
			if len(f.files) >= maxFiles {
				return f, fmt.Errorf("reading approvals: more than %d files", maxFiles)
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
	r, err := ParseRevocations(RevocationsFile, data)
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
	limit := int64(source.MaxBytes)
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

// on reports whether a file is about an object, by its name.
func on(name, object string) bool { return strings.HasPrefix(name, object+".") }
