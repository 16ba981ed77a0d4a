// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/transcripts/event"
)

// Ahead are the commands that lead to the run of a plan, in turn: it is written unless its
// folder is named, rehearsed unless it was, and approved where that is needed. A ceremony
// that was begun goes on under it: a second one would make its keys again.
func (c Commands) Ahead(rehearsed bool) []NextCommand {
	if c.Same {
		c.Bundle = c.Begun
		return []NextCommand{{"this ceremony was begun: continue it", c.Resume()}}
	}
	var out []NextCommand
	if c.Plan == "" {
		c.Plan = c.NewPlan
		out = append(out, NextCommand{Line: c.MakePlan()})
	}
	if !rehearsed {
		r := c
		r.Site, r.Bundle = "", c.NewBundle // in memory: no PIN is asked for
		out = append(out, NextCommand{Line: r.RehearseAgain()}, NextCommand{Line: r.VerifyAlone()})
	}
	if c.Approval {
		out = append(out, NextCommand{"each approver runs", c.Approve()})
	}
	if c.Begun == "" {
		return append(out, NextCommand{Line: c.Run()})
	}
	c.Bundle = c.Begun
	if !rehearsed {
		out = append(out, NextCommand{"see what it changes in the ceremony that was begun", c.CheckAmendment()})
	}
	return append(out, NextCommand{"continue the ceremony that was begun", c.Amend()})
}

// Near fills in what nobody typed: files that lie beside the ceremony file, as "init"
// writes them, the folder of this plan, and names for what is to be written.
func (c Commands) Near(p *Plan, digest [32]byte) Commands {
	c = c.FileOf(p)
	c.Approval = p.Approval != ApprovalNone
	folder, beside := filepath.Dir(c.File), filepath.Dir(c.File)
	if c.Bundle != "" {
		beside = filepath.Dir(c.Bundle)
	}
	if c.Plan == "" {
		c.Plan = planIn(folder, digest)
	}
	if c.Site == "" {
		c.Site = siteIn(folder, c.Plan)
	}
	c.Policy = c.NearPolicy(p)
	c.NewPlan, c.PINs = free(filepath.Join(folder, "plan-1")), ""
	c.NewBundle = free(filepath.Join(beside, "rehearsal-1"))
	c.Bundle = free(filepath.Join(beside, "bundle"))
	c.Begun = begunIn(beside, p.Ceremony.ID)
	c.Same = c.Begun != "" && (planIn(c.Begun, digest) != "" || planIn(filepath.Join(c.Begun, Folder), digest) != "") // or that of an amendment
	return c
}

// NearPolicy is the policy that was typed, or the one that lies beside the ceremony file or
// in the bundle of an earlier ceremony; none where nobody has to approve.
func (c Commands) NearPolicy(p *Plan) string {
	if c.Policy != "" || p.Approval == ApprovalNone {
		return c.Policy
	}
	folder := filepath.Dir(c.File)
	found := there(filepath.Join(folder, "policy.json"))
	for _, b := range p.Bundles {
		found = cmp.Or(found, there(PolicyIn(filepath.Join(folder, filepath.FromSlash(b.Path)))))
	}
	return found
}

// begunIn finds the bundle of a ceremony, in a folder, that was begun on real tokens and
// has no manifest yet.
func begunIn(folder, ceremony string) string {
	found, err := filepath.Glob(filepath.Join(folder, "*", "journal", "journal.jsonl"))
	if err != nil { // the folder has a name that is a pattern
		return ""
	}
	for _, name := range found[:min(len(found), maxNear)] {
		bundle := filepath.Dir(filepath.Dir(name))
		if there(filepath.Join(bundle, "MANIFEST")) != "" {
			continue // closed
		}
		if data, err := source.ReadFile(name); err == nil {
			var first struct{ Data event.CeremonyOpened }
			line, _, _ := bytes.Cut(data, []byte("\n"))
			if json.Unmarshal(line, &first) == nil && first.Data.Ceremony == ceremony && first.Data.Mode == event.Run {
				return bundle
			}
		}
	}
	return ""
}

// planIn is the folder of a plan, if one below a folder holds it.
func planIn(folder string, digest [32]byte) string {
	found, err := filepath.Glob(filepath.Join(folder, "*", "plan.json"))
	if err != nil { // the folder has a name that is a pattern
		return ""
	}
	for _, name := range found[:min(len(found), maxNear)] {
		if data, err := source.ReadFile(name); err == nil && sha256.Sum256(data) == digest {
			return filepath.Dir(name)
		}
	}
	return ""
}

// siteIn is the site file in a folder: the one that a plan folder holds, or where it holds
// none the one that is called so.
func siteIn(folder, planned string) string {
	want, err := source.ReadFile(filepath.Join(planned, "site.json"))
	if planned == "" || err != nil {
		return there(filepath.Join(folder, "site.yaml"))
	}
	for _, name := range yamlIn(folder) {
		if data, err := source.ReadFile(name); err == nil {
			if site, err := LoadSite(name, data); err == nil {
				if is, err := site.Canonical(); err == nil && bytes.Equal(is, want) {
					return name
				}
			}
		}
	}
	return ""
}

// yamlIn are the first YAML files of a folder; of one that cannot be read there are none.
func yamlIn(folder string) (names []string) {
	entries, _ := os.ReadDir(folder)
	for _, e := range entries[:min(len(entries), maxNear)] {
		if ext := strings.ToLower(filepath.Ext(e.Name())); e.Type().IsRegular() && (ext == ".yaml" || ext == ".yml") {
			names = append(names, filepath.Join(folder, e.Name()))
		}
	}
	return names
}

// there is the name of a file that is there, and nothing else.
func there(name string) string {
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return name
}

// free is a name that nothing has yet, with a number where it is taken.
func free(name string) string {
	if _, err := os.Lstat(name); err != nil {
		return name
	}
	return unused(name)
}

// NextYear is the command that writes the ceremony after that of a bundle, into a folder
// beside that of the ceremony file.
func (c Commands) NextYear() string {
	return "ceremony init " + shellWord(unused(filepath.Join(filepath.Dir(c.File), "..", "year-1")), "DIR") + " --next " + c.bundle()
}
