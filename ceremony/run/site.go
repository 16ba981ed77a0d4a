// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// otherSite compares the site file with the one in force, and refuses what nobody may
// change, and what lacks an approval. What differs is for people to decide.
func (e *entry) otherSite(p *plan.Plan, h *history.History, sites verify.Sites) error {
	site, err := e.o.Site.Digest()
	if err != nil {
		return err
	}
	e.change = nil
	if h.Site() == fmt.Sprintf("%x", site) {
		return nil
	}
	if e.o.Redo != "" || e.o.Amendment != nil || e.o.Abandon {
		s := e.state.before(siteOther).about(fmt.Sprintf("%s/%s/site.json", e.o.Bundle, h.Sites[len(h.Sites)-1].Folder()))
		return s.refuse("the site file differs from the one in force")
	}
	if err := e.o.siteHas(p); err != nil {
		return err
	}
	change := plan.CompareSites(sites.Last(), e.o.Site, p, h.OpenedAs)
	s := e.state.before(siteFixed)
	if len(change.Refused) > 0 {
		return s.refuse("the site file differs from the one in force in what cannot change while a ceremony lasts: " + strings.Join(change.Refused, "; "))
	}
	if len(change.Lines) == 0 { // it is the same but for what means nothing
		return e.state.before(siteOther).about("the bundle").refuse("the site file differs from the one in force in its order alone")
	}
	if change.Needs == event.SiteByWitness && witnesses(p) < 2 {
		return s.refuse("the change of the site file needs an auditor or another witness, and the plan names none: " + strings.Join(change.Lines, "; "))
	}
	e.change = &change
	return e.siteApprovedAt(p, h)
}

// witnesses counts the people of a plan who may agree beside the administrator.
func witnesses(p *plan.Plan) int {
	n := 0
	for _, role := range p.People {
		if event.MayWitness(role.Role) {
			n += len(role.Of)
		}
	}
	return n
}

// siteApprovedAt refuses a change that lacks its approval at any moment at which it could
// be made.
func (e *entry) siteApprovedAt(p *plan.Plan, h *history.History) error {
	win, now := p.Ceremony.Window, e.o.Clock.Now()
	var first error
	for _, at := range []time.Time{now, win.From, win.To} {
		_, _, err := e.siteApproval(p, h, at)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// siteApproval gives who approved the changed site file, with the files that say so, where
// it needs an approval. By a plan that nobody approves the people in the room decide alone.
func (e *entry) siteApproval(p *plan.Plan, h *history.History, at time.Time) (*event.SiteApproved, []plan.BundleFile, error) {
	if e.change.Needs != event.SiteByPolicy || p.Approval == plan.ApprovalNone {
		return nil, nil, nil
	}
	s := e.state.before(siteUnapproved).about(strings.Join(e.change.Lines, "; "))
	if e.o.SiteApprovals == nil {
		return nil, nil, s.refuse("the change of the site file needs an approval by the policy, and no folder with signatures was given: " + s.what)
	}
	site, err := e.o.Site.Canonical()
	if err != nil {
		return nil, nil, err
	}
	bundle := os.DirFS(e.o.Bundle)
	read := func(name string) ([]byte, error) { return fs.ReadFile(bundle, name) }
	policy, err := read(plan.PolicyPath)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the policy of the bundle: %w", err)
	}
	c := approval.SiteCase{Site: site, Folder: e.o.SiteApprovals, At: at}
	if c.Revocations, err = verify.RevokedBy(h, read); err != nil {
		return nil, nil, err
	}
	approved, missing, err := verify.SiteApproved(policy, h.Approvals[0].Event.PolicySHA256, c)
	switch {
	case err != nil:
		return nil, nil, err
	case approved == nil:
		return nil, nil, s.refuse("the site file is not approved: " + missing)
	}
	files, err := folderFiles(e.o.SiteApprovals, approval.AboutSite)
	return approved, files, err
}

// folderFiles are the files of a folder of approvals that are about something, by their
// names alone.
func folderFiles(folder fs.FS, about func(name string) bool) ([]plan.BundleFile, error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("reading approvals: %w", err)
	}
	var files []plan.BundleFile
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !about(entry.Name()) {
			continue
		}
		data, err := fs.ReadFile(folder, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("reading approvals: %w", err)
		}
		files = append(files, plan.BundleFile{Path: entry.Name(), Kind: "approval", Data: data})
	}
	return files, nil
}

// resiting puts another site file into force.
type resiting struct {
	*session
	state *state
	room  *room
	entry *entry
	steps *steps
}

// change has people decide that another site file is in force from here on, before
// anything is opened. Where they do not, the ceremony is as it was.
func (rs *resiting) change() error {
	c := rs.entry.change
	if c == nil {
		return nil
	}
	text := "\n" + plan.Rule("The site file changes") + "\n"
	for _, l := range c.Lines {
		text += plan.Indent(l, 6) + "\n"
	}
	if err := rs.room.show(text); err != nil {
		return err
	}
	e := event.SiteChanged{Before: rs.journal.History().Site(), Needs: c.Needs, Difference: event.Legible(c.Lines), TemplateNotes: rs.o.Site.TemplateNotes()}
	var by []string
	var why string
	err := rs.room.reminding(text, func() (err error) {
		if by, err = rs.agreed(c.Needs); err != nil {
			return err
		}
		why, err = rs.room.text("Why the site file has to change")
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range c.Moved {
		d, err := rs.restored(name)
		if err != nil {
			return err
		}
		e.Restored = append(e.Restored, d)
	}
	var approvals []plan.BundleFile
	if e.Approved, approvals, err = rs.entry.siteApproval(rs.state.Plan, rs.journal.History(), rs.clock.Now()); err != nil {
		return err
	}
	return rs.adopt(e, approvals, why, by)
}

// agreed has those agree whom a change needs.
func (rs *resiting) agreed(needs string) ([]string, error) {
	const question = "Continue with the changed site file, as a deviation"
	by, err := rs.room.mustAgree("change", question, siteDeclined)
	if err != nil || needs != event.SiteByWitness {
		return by, err
	}
	var third Person
	var word string
	err = rs.room.asking(func() (err error) {
		i := slices.IndexFunc(rs.room.present, func(p Person) bool { return event.MayWitness(p.Role) && !slices.Contains(by, p.Name) })
		if i < 0 {
			rs.say("      An auditor or another witness has to agree, and none is here.")
			word = wordStop
			return nil
		}
		third = rs.room.present[i]
		word, err = rs.o.People.Decide(third, question, "change", wordStop)
		return err
	})
	if err == nil && word == wordStop {
		err = &decline{problem: siteDeclined}
	}
	return append(by, third.Name), err
}

// restored has people say how they put another device in the place of one, and read back
// the keys that have to be on it.
func (rs *resiting) restored(name string) (event.Restored, error) {
	c, err := rs.o.Site.Device(name)
	if err != nil {
		return event.Restored{}, err
	}
	d := event.Restored{Token: name, Serial: c.Serial, Keys: verify.Restoring(rs.journal.History(), name)}
	text := "\n" + plan.Indent(fmt.Sprintf("Token %s is now the device with serial %s. Show its bag, or that of the backup, to the camera, and open it.", name, c.Serial), 6)
	if len(d.Keys) > 0 {
		text += "\n" + plan.Indent(rs.toRestore(d.Keys), 6)
	}
	err = rs.room.about(text, func() (err error) {
		seal := plan.Field{Name: "seal", Type: "text"}
		if d.Seal, err = rs.room.field("the seal", seal); err != nil {
			return err
		}
		if err := rs.serial(c); err != nil {
			return err
		}
		for _, spki := range d.Keys {
			if _, err := rs.steps.readBack(plan.Field{Name: rs.keyNamed(spki), Type: plan.FieldKey}, spki, "the public key"); err != nil {
				return err
			}
		}
		return nil
	})
	return d, err
}

// toRestore says which keys have to be on a device, under which ids, and how people see
// that they are.
func (rs *resiting) toRestore(keys []string) string {
	text := fmt.Sprintf("Restore %s to it from the backup:\n", event.Count(len(keys), "key"))
	for _, spki := range keys {
		k := rs.journal.History().Key(spki)
		text += fmt.Sprintf("- key %s: CKA_LABEL %q, CKA_ID %s\n", rs.keyNamed(spki), k.Label, k.ID)
	}
	return text + "Then read each public key out of it on a second laptop, into a file, and type the digest that this prints:\nopenssl pkey -pubin -in FILE -outform DER | sha256sum"
}

// serial has people read the serial number from a device until it is that of the site file.
func (rs *resiting) serial(c token.Config) error {
	for {
		typed, err := rs.room.field("the serial number", plan.Field{Name: "serial", Type: "text"})
		if err != nil || typed == c.Serial {
			return err
		}
		rs.say("      The site file has another serial number. Read it from the device again, or type STOP.")
		e := event.ConfirmationRefused{Entered: typed, Reason: "not the serial number that the site file has for token " + c.Name}
		if err := rs.note(e, rs.o.People.How(), rs.room.two()...); err != nil {
			return err
		}
	}
}

// keyNamed is what the plan calls a key that is on a token.
func (rs *resiting) keyNamed(spki string) string {
	for id, k := range rs.state.replay.Keys {
		if k.SPKISHA256 == spki {
			return id
		}
	}
	return spki
}

// adopt writes the site file and its approvals, and puts it into force.
func (rs *resiting) adopt(e event.SiteChanged, approvals []plan.BundleFile, why string, by []string) error {
	site, err := rs.o.Site.Canonical()
	if err != nil {
		return err
	}
	for e.Number = len(rs.state.sites); ; e.Number++ { // a crash left a folder that no event announces
		if _, err := os.Lstat(rs.dir.Path(event.SiteFolder(e.Number))); err != nil {
			break
		}
	}
	folder := event.SiteFolder(e.Number)
	e.SiteSHA256 = plan.SHA256Hex(site)
	files := []plan.BundleFile{{Path: folder + "/site.json", Kind: "site", Data: site}}
	for _, f := range approvals {
		f.Path = plan.ApprovalsFolder(folder) + "/" + f.Path
		files = append(files, f)
	}
	for _, f := range files {
		if err := rs.dir.WriteFile(f.Path, f.Data); err != nil {
			return err
		}
		if err := rs.loaded(f); err != nil {
			return err
		}
	}
	d := event.DeviationRecorded{Exception: event.ExceptionSite, Expected: "the ceremony continues with the site file in force",
		Happened: e.Happened(), Decision: "the ceremony continues with the changed site file: " + why, DecidedBy: by}
	if err := rs.note(d, rs.o.People.How(), by...); err != nil {
		return err
	}
	if err := rs.note(e, rs.o.People.How(), by...); err != nil {
		return err
	}
	rs.state.sites = rs.state.sites.And(len(rs.journal.Records()), rs.o.Site)
	rs.entry.change = nil
	return nil
}

// templateOf is the template that a key on a token is compared with.
func (st *state) templateOf(h *history.History, tokenName, spki string) (token.Template, error) {
	return st.sites.TemplateOf(h, tokenName, spki, math.MaxInt)
}

// sameAs refuses a device that takes the place of another one as no site file allows:
// software for hardware, and a module with other bytes.
func (st *state) sameAs(name string, info token.Info) error {
	if was, ok := st.replay.OpenedAs(name); ok && !was.Software && info.Software {
		return st.unfit(fmt.Sprintf("token %q was hardware (%s, serial %s) in this ceremony, and is now a software token (%s): no site file allows that", name, was.Model, was.Serial, info.Model),
			"insert the device, or name hardware in the site file")
	}
	if st.o.Site == nil {
		return nil
	}
	c, err := st.o.Site.Device(name)
	if err != nil {
		return err
	}
	if was := st.replay.ModuleAt(info.ModulePath); c.ModuleSHA256 == "" && was != "" && was != info.ModuleSHA256 {
		return st.unfit(fmt.Sprintf("module %s of token %q has other bytes than when it was loaded before in this ceremony: SHA-256 %s, was %s", info.ModulePath, name, info.ModuleSHA256, was),
			"put the module of before back; or state module-sha256: "+info.ModuleSHA256+" at the token in the site file and have that approved")
	}
	return nil
}
