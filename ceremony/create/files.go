// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/schema"
	"rootceremony/profiles"
)

// File is a file that is written, by its path in the new folder.
type File struct {
	Name string
	What string // one line
	Data []byte
}

// The names of the files that people work with.
const (
	ceremonyName = "ceremony.yaml"
	siteName     = "site.yaml"
	policyName   = "policy.json"
)

// Files gives everything that is written. The ceremony file is the last one, so that a
// folder without it is known to be incomplete.
func (a *Answers) Files() []File {
	out := schemas()
	for _, name := range a.profiles() {
		builtIn, _ := profiles.BuiltInByName(name)
		out = append(out, File{profileFile(name), builtIn.Summary, a.profile(builtIn)})
	}
	if a.Policy != nil {
		out = append(out, File{policyName, "who has to approve, and how many of them", a.Policy})
	}
	return append(out, File{siteName, "which device each token is", a.siteFile()},
		File{ceremonyName, "people, keys, names and what happens, step by step", a.ceremonyFile()})
}

// schemas are what the first lines of the other files name.
func schemas() (out []File) {
	for _, name := range []string{"ceremony", "profile", "site"} {
		data, err := schema.Get(name)
		if err != nil {
			panic("internal error: " + err.Error())
		}
		out = append(out, File{"schemas/" + name + ".schema.json", "for editors", data})
	}
	return out
}

// profiles names the built-in profiles that the ceremony file uses.
func (a *Answers) profiles() []string {
	p := a.purpose()
	out := []string{p.root}
	for _, ca := range a.Issuing {
		out = append(out, kindOf(ca.Kind).profile)
	}
	if a.Status != StatusNone {
		out = append(out, p.crl)
	}
	if a.responder() {
		out = append(out, p.responder)
	}
	if a.responder() && len(a.Issuing) > 0 {
		out = append(out, p.response)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// profile adapts a built-in profile to the answers.
func (a *Answers) profile(p profiles.BuiltInProfile) []byte {
	text := strings.ReplaceAll(string(p.Data), "https://example.com/cps", a.cps())
	edit := func(old, now string) {
		if !strings.Contains(text, old) {
			panic("internal error: the built-in profile " + p.Name + " has no " + old)
		}
		text = strings.Replace(text, old, now, 1)
	}
	issued := slices.ContainsFunc(kinds, func(k kind) bool { return k.profile == p.Name })
	switch {
	case p.Name == a.purpose().root && a.responder():
		edit("\nocsp: none", "\nocsp: delegated")
	case issued && a.Status == StatusNone:
		edit("  - crl-distribution-points: [issuer]\n", "")
	case issued && a.responder() && a.purpose().public:
		edit("{ca-issuers: [issuer]}", "{ocsp: [issuer], ca-issuers: [issuer]}")
	case issued && a.responder():
		edit("  - crl-distribution-points: [issuer]\n", "  - crl-distribution-points: [issuer]\n  - authority-information-access: {ocsp: [issuer]}\n")
	}
	if p.Name == "tls-constrained-ca" {
		edit("dns: [example.com]", "dns: ["+strings.Join(a.Domains, ", ")+"]")
		edit("country: US, organization: Example Trust", "country: "+scalar(a.Country)+", organization: "+scalar(a.Organization))
	}
	return []byte("# yaml-language-server: $schema=../schemas/profile.schema.json\n#\n" + text)
}

// cps is where the CPS is, as long as nobody says so: on the host that publishes.
func (a *Answers) cps() string {
	u, err := url.Parse(a.URL)
	if err != nil {
		panic("internal error: " + err.Error()) // it was parsed when it was answered
	}
	return "https://" + u.Host + "/cps"
}

// memory has the files before they are written; an earlier bundle is on the disk.
type memory struct {
	files []File
	plan.Disk
}

// Read implements [plan.Files].
func (m memory) Read(name string) ([]byte, error) {
	if i := slices.IndexFunc(m.files, func(f File) bool { return f.Name == name }); i >= 0 {
		return m.files[i].Data, nil
	}
	return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
}

// Check plans the files before they are written: nothing is written that "ceremony plan"
// would find something in. They are for a folder, from which they name earlier bundles.
func Check(ctx context.Context, folder string, files []File) error {
	p, err := planned(ctx, folder, files)
	if err != nil {
		return err
	}
	if len(p.Problems) > 0 {
		return p.Problems
	}
	return nil
}

// planned plans the files for the devices of their site.
func planned(ctx context.Context, folder string, files []File) (*plan.Preview, error) {
	m := memory{files, plan.Disk{Folder: folder}}
	read := func(name string) []byte {
		data, err := m.Read(name)
		if err != nil {
			panic("internal error: " + err.Error())
		}
		return data
	}
	site, err := plan.LoadSite(siteName, read(siteName))
	if err != nil {
		return nil, err
	}
	loaded, err := plan.Load(ceremonyName, read(ceremonyName), m)
	if err != nil {
		return nil, err
	}
	p, err := plan.NewPreview(ctx, loaded, rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("planning %s: %w", ceremonyName, err)
	}
	return p, loaded.Fits(site)
}
