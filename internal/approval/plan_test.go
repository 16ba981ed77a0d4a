// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var aSite = []byte(`{"tokens":[]}`)

// folder puts signatures by name of the file that they are on.
func folder(t *testing.T, files map[string][]byte) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for name, data := range files {
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

func TestCheckPlan(t *testing.T) {
	d := draft(t)
	d.Rules[0].Paper = true
	policy, err := NewPolicy(d)
	if err != nil {
		t.Fatal(err)
	}
	anchor := sumOf(policy)
	plan := func(who string) []byte { return sign(t, who, PlanApproval, aPlan).Data }
	site := func(who string) []byte { return sign(t, who, SiteApproval, aSite).Data }
	paper := paperOf("carol", "plan-approver", "plan", aSum, "2026-11-20")
	revoked := fmt.Appendf(nil, `{"type":"ceremony/revocations/v1","revoked":[{"key":%q,"reason":"lost","time":"2026-11-30T12:00:00Z"}]}`,
		keyOf(t, "bob").SSH.Fingerprint())
	for _, c := range []struct {
		name     string
		site     []byte
		files    map[string][]byte
		approved bool
		notices  int
	}{
		{"both", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.bob.sig": plan("bob"), "site.json.sig": site("erin"), "policy.json": policy}, true, 0},
		{"only the plan", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.bob.sig": plan("bob")}, false, 0},
		{"only the site", aSite, map[string][]byte{"site.json.erin.sig": site("erin")}, false, 0},
		{"no site", nil, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.bob.sig": plan("bob"), "site.json.erin.sig": site("erin")}, false, 1},
		{"swapped", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.bob.sig": site("bob"), "site.json.erin.sig": site("erin")}, false, 0},
		{"on something else", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.bob.sig": plan("bob"), "site.json.erin.sig": site("erin"), "profile.sig": []byte("x")}, true, 1},
		{"by whom the name says is nothing", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.bob.sig": plan("alice"), "site.json.erin.sig": site("erin")}, false, 0},
		{"on paper", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.carol.paper.json": paper, "plan.json.carol.paper.json.bob.sig": sign(t, "bob", Review, paper).Data, "site.json.erin.sig": site("erin")}, true, 0},
		{"on paper, alone", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.carol.paper.json": paper, "site.json.erin.sig": site("erin")}, false, 0},
		{"a voucher without its paper", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.bob.sig": plan("bob"), "plan.json.carol.paper.json.bob.sig": sign(t, "bob", Review, paper).Data, "site.json.erin.sig": site("erin")}, false, 0},
		{"revoked", aSite, map[string][]byte{"plan.json.alice.sig": plan("alice"), "plan.json.bob.sig": plan("bob"), "site.json.erin.sig": site("erin"), "revocations.json": revoked}, false, 0},
		{"nothing", aSite, nil, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := CheckPlan(policy, anchor, PlanCase{Plan: aPlan, Site: c.site, Folder: folder(t, c.files), At: today})
			if err != nil {
				t.Fatal(err)
			}
			if v.Approved() != c.approved || len(v.Notices) != c.notices {
				t.Errorf("approved %v, notices %q\n%s", v.Approved(), v.Notices, strings.Join(v.Lines(), "\n"))
			}
		})
	}
}

func TestCheckPlanErrors(t *testing.T) {
	policy := draftBytes(t)
	if _, err := CheckPlan(policy, "", PlanCase{Plan: aPlan, At: today}); !errors.Is(err, errAnchor) {
		t.Errorf("without an anchor: %v", err)
	}
	if _, err := CheckPlan(policy, sumOf(aPlan), PlanCase{Plan: aPlan, At: today}); !errors.Is(err, errAnchor) {
		t.Errorf("with another anchor: %v", err)
	}
	if _, err := CheckPlan([]byte("{}"), sumOf([]byte("{}")), PlanCase{Plan: aPlan, At: today}); err == nil {
		t.Error("with no policy")
	}
	v, err := CheckPlan(policy, sumOf(policy), PlanCase{Plan: aPlan, At: today})
	if err != nil || v.Approved() {
		t.Errorf("without a folder: %v, %v", v, err)
	}
	if _, err := CheckPlan(policy, sumOf(policy), PlanCase{Plan: aPlan, Folder: folder(t, map[string][]byte{"revocations.json": []byte("{}")}), At: today}); err == nil {
		t.Error("a list of revocations that cannot be read")
	}
	if _, err := CheckPlan(policy, sumOf(policy), PlanCase{Plan: aPlan, Folder: os.DirFS(filepath.Join(t.TempDir(), "none")), At: today}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestNoRule guards that a policy that refusesthing of plans approves none, and
// that one that refusesthing of sites demands none.
func TestNoRule(t *testing.T) {
	d := draft(t)
	rules := d.Rules
	files := folder(t, map[string][]byte{
		"plan.json.alice.sig": sign(t, "alice", PlanApproval, aPlan).Data, "plan.json.bob.sig": sign(t, "bob", PlanApproval, aPlan).Data,
	})
	check := func(sigs fs.FS) PlanVerdict {
		policy, err := NewPolicy(d)
		if err != nil {
			t.Fatal(err)
		}
		v, err := CheckPlan(policy, sumOf(policy), PlanCase{Plan: aPlan, Site: aSite, Folder: sigs, At: today})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if d.Rules = rules[1:]; check(files).Approved() {
		t.Error("no rule for plans, and the plan is approved")
	}
	if d.Rules = rules[:1]; !check(files).Approved() {
		t.Error("no rule for sites, and one is demanded")
	}
	files["site.json.bob.sig"] = &fstest.MapFile{Data: sign(t, "bob", SiteApproval, []byte("x")).Data}
	if check(files).Approved() {
		t.Error("a bad signature on a site that needs none goes unnoticed")
	}
}

// TestProfiles guards that a rule for profiles is kept: the approval of a plan
// is not that of what it uses.
func TestProfiles(t *testing.T) {
	root, crl := Object{"root.profile.json", []byte("{1}")}, Object{"crl.profile.json", []byte("{2}")}
	d := draft(t)
	d.Rules = append(d.Rules, Rule{For: ProfileApproval, Roles: []string{"plan-approver"}, Paper: true})
	onProfile := func(who string, o Object) []byte { return sign(t, who, ProfileApproval, o.Data).Data }
	paper := paperOf("bob", "plan-approver", "profile", sumOf(crl.Data), "2026-11-20")
	revoked := fmt.Appendf(nil, `{"type":"ceremony/revocations/v1","revoked":[{"object":%q,"reason":"a mistake","time":"2026-11-30T12:00:00Z"}]}`, sumOf(crl.Data))
	for _, c := range []struct {
		name     string
		change   map[string][]byte // of files that are complete
		approved bool
		paper    bool
		line     string
	}{
		{"all", nil, true, false, "  file      crl.profile.json"},
		{"one is missing", map[string][]byte{"crl.profile.json.bob.sig": nil}, false, false, "  role      plan-approver: 1 of 2, signed by alice"},
		{"on another profile", map[string][]byte{"crl.profile.json.bob.sig": onProfile("bob", root)}, false, false, ""},
		{"for a plan", map[string][]byte{"crl.profile.json.bob.sig": sign(t, "bob", PlanApproval, crl.Data).Data}, false, false, "made for another namespace"},
		{"on paper", map[string][]byte{"crl.profile.json.bob.sig": nil, "crl.profile.json.bob.paper.json": paper,
			"crl.profile.json.bob.paper.json.carol.sig": sign(t, "carol", Review, paper).Data}, true, true, "  on paper  bob as plan-approver"},
		{"revoked", map[string][]byte{"revocations.json": revoked}, false, false, "it was revoked at 2026-11-30T12:00:00Z: a mistake"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string][]byte{"site.json.erin.sig": sign(t, "erin", SiteApproval, aSite).Data}
			for _, who := range []string{"alice", "bob"} {
				files["plan.json."+who+".sig"] = sign(t, who, PlanApproval, aPlan).Data
				files["root.profile.json."+who+".sig"], files["crl.profile.json."+who+".sig"] = onProfile(who, root), onProfile(who, crl)
			}
			for name, data := range c.change {
				if files[name] = data; data == nil {
					delete(files, name)
				}
			}
			policy, err := NewPolicy(d)
			if err != nil {
				t.Fatal(err)
			}
			v, err := CheckPlan(policy, sumOf(policy), PlanCase{Plan: aPlan, Site: aSite, Profiles: []Object{root, crl}, Folder: folder(t, files), At: today})
			lines := strings.Join(v.Lines(), "\n")
			if err != nil || v.Approved() != c.approved || v.OnPaper() != c.paper || !strings.Contains(lines, c.line) || len(v.Notices) != 0 {
				t.Errorf("approved %v, on paper %v, error %v, notices %q; want a line %q in\n%s", v.Approved(), v.OnPaper(), err, v.Notices, c.line, lines)
			}
		})
	}
}

// TestProfilesWithoutRule guards that profiles need no approval where the policy
// says nothing of them, but that what is wrong with one is not passed over.
func TestProfilesWithoutRule(t *testing.T) {
	root := Object{"root.profile.json", []byte("{1}")}
	policy := draftBytes(t)
	files := map[string][]byte{"site.json.erin.sig": sign(t, "erin", SiteApproval, aSite).Data}
	for _, who := range []string{"alice", "bob"} {
		files["plan.json."+who+".sig"] = sign(t, who, PlanApproval, aPlan).Data
	}
	check := func() PlanVerdict {
		v, err := CheckPlan(policy, sumOf(policy), PlanCase{Plan: aPlan, Site: aSite, Profiles: []Object{root}, Folder: folder(t, files), At: today})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := check(); !v.Approved() || strings.Contains(strings.Join(v.Lines(), "\n"), "profile") {
		t.Errorf("profiles need no approval: %q", v.Lines())
	}
	files["root.profile.json.alice.sig"] = sign(t, "alice", ProfileApproval, []byte("something else")).Data
	if v := check(); v.Approved() {
		t.Errorf("a bad signature on a profile that needs none goes unnoticed: %q", v.Lines())
	}
	delete(files, "root.profile.json.alice.sig")
	files["revocations.json"] = fmt.Appendf(nil, `{"type":"ceremony/revocations/v1","revoked":[{"object":%q,"reason":"a mistake","time":"2026-11-30T12:00:00Z"}]}`, sumOf(root.Data))
	if v := check(); v.Approved() {
		t.Errorf("a revoked profile goes unnoticed: %q", v.Lines())
	}
}

// TestNoRegularFile guards against links and folders that look like signatures.
func TestNoRegularFile(t *testing.T) {
	dir := t.TempDir()
	for _, who := range []string{"alice", "bob"} {
		if err := os.WriteFile(filepath.Join(dir, "plan.json."+who+".sig"), sign(t, who, PlanApproval, aPlan).Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	policy := draftBytes(t)
	check := func() PlanVerdict {
		v, err := CheckPlan(policy, sumOf(policy), PlanCase{Plan: aPlan, Folder: os.DirFS(dir), At: today})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := check(); !v.Plan.Approved() {
		t.Fatal(strings.Join(v.Lines(), "\n"))
	}
	if err := os.Mkdir(filepath.Join(dir, "plan.json.carol.sig"), 0o700); err != nil {
		t.Fatal(err)
	}
	if v := check(); v.Plan.Approved() {
		t.Error("a folder that is called a signature goes unnoticed")
	}
}

func TestManyFiles(t *testing.T) {
	files := fstest.MapFS{}
	for i := range maxFiles + 1 {
		files[fmt.Sprintf("plan.json.%d.sig", i)] = &fstest.MapFile{}
	}
	if _, err := ReadFolder(files); err == nil {
		t.Error("a folder without bounds is read")
	}
	files = fstest.MapFS{"plan.json.a.sig": {Data: make([]byte, 1<<20)}}
	f, err := ReadFolder(files)
	if err != nil || len(f.files[0].Data) > maxSignature+1 {
		t.Errorf("a file without bounds is read: %v", err)
	}
}

func TestSignatureFile(t *testing.T) {
	f, err := ReadFolder(fstest.MapFS{SignatureFile(PlanFile, "alice"): {Data: []byte("x")}})
	if err != nil {
		t.Fatal(err)
	}
	if c := f.Case(PlanFile, aPlan, PlanApproval, time.Time{}); len(c.Signatures) != 1 {
		t.Errorf("%+v", c)
	}
}
