// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/pkcs11"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/preflight"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// siteRoom is a ceremony on SoftHSM2 behind the fault module, with one token that is
// named by label and serial number.
type siteRoom struct {
	t      *testing.T
	p      *plan.Preview
	bundle string
	site   *plan.Site
	o      Options // what else a session is given
	first  string  // serial number of the first token
}

func newSiteRoom(t *testing.T, p *plan.Preview) *siteRoom {
	t.Helper()
	r := &siteRoom{t: t, p: p, bundle: filepath.Join(t.TempDir(), "bundle")}
	c := r.device("example-root")
	r.first = c.Serial
	r.site = &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{c}}
	return r
}

// device makes a token, and names it by all that it says of itself.
func (r *siteRoom) device(label string) token.Config {
	r.t.Helper()
	c := tokentest.NewSoftHSM(r.t, label)
	c.Name, c.Module = "root", tokentest.BuildFaultModule(r.t)
	all, err := token.List(r.t.Context(), c.Module, "")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, i := range all {
		if i.Label == label && (r.site == nil || i.Serial != r.first) {
			c.Serial, c.Model = i.Serial, i.Model
		}
	}
	return c
}

// changed is the site file with another token.
func (r *siteRoom) changed(change func(c *token.Config)) *plan.Site {
	site := *r.site
	site.Tokens = slices.Clone(site.Tokens)
	change(&site.Tokens[0])
	return &site
}

// people are those of the room, who change the site file if they are asked.
func (r *siteRoom) people(answers ...string) *termtest.Script {
	people := termtest.NewScript(80)
	for i := 0; i < len(answers); i += 2 {
		people.Once(answers[i], termtest.Reply(answers[i+1]))
	}
	return people.On("Continue with the changed site", termtest.Reply("change")).On("Why the site file", termtest.Reply("the device is dead")).
		On("-digest", laptop(r.bundle)).On("Accept key", termtest.Reply("accept")).
		Then(attendants(r.p.Plan.Ceremony.Window.From.Add(time.Hour)))
}

func (r *siteRoom) options(site *plan.Site, people *termtest.Script) Options {
	o := runOptions(r.p, site, r.bundle)
	o.Policy, o.PolicySHA256, o.Approvals, o.SiteApprovals = r.o.Policy, r.o.PolicySHA256, r.o.Approvals, r.o.SiteApprovals
	o.LookAt, o.People = lookAtSoftHSM, Asked{Terminal: people}
	return o
}

func (r *siteRoom) begin(people *termtest.Script) error {
	_, err := Execute(context.Background(), r.p, r.options(r.site, people))
	return err
}

// resume continues with a site file, and gives what people saw.
func (r *siteRoom) resume(site *plan.Site, people *termtest.Script) (string, error) {
	_, err := Resume(context.Background(), r.options(site, people))
	return people.Screen(), err
}

// mustResume continues to the end, and gives the change that the record has.
func (r *siteRoom) mustResume(site *plan.Site, people *termtest.Script) event.SiteChanged {
	r.t.Helper()
	if screen, err := r.resume(site, people); err != nil {
		r.t.Fatalf("%v\n%s", err, screen)
	}
	r.mustBeValid()
	all := recorded[event.SiteChanged](r.t, r.bundle)
	if len(all) == 0 {
		r.t.Fatal("the record has no change of the site file")
	}
	return all[len(all)-1]
}

// mustBeValid wants the bundle whole and without a problem; what a device tells otherwise
// than another is a notice.
func (r *siteRoom) mustBeValid() {
	r.t.Helper()
	v, err := verify.Bundle(context.Background(), r.bundle, verify.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	defer v.Close()
	if !v.OK() || v.Rebuilt != len(r.p.Plan.Artifacts) {
		r.t.Errorf("%v %v, %d rebuilt", v.Problems, v.Incomplete, v.Rebuilt)
	}
}

// mustRefuse continues in vain, before anybody is asked anything, and nothing is written.
func (r *siteRoom) mustRefuse(site *plan.Site, says, hint string) {
	r.t.Helper()
	before := journalOf(r.t, r.bundle)
	_, err := r.resume(site, nobodyIsAsked(r.t))
	var refusal *Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, says) || !strings.Contains(refusal.Hint, hint) {
		r.t.Errorf("not refused as %q, %q: %v, %+v", says, hint, err, refusal)
	}
	if journalOf(r.t, r.bundle) != before {
		r.t.Error("something was recorded")
	}
}

// threePeople is the fast ceremony with a witness more, and a pause after the keys.
func threePeople(t *testing.T) *plan.Preview {
	t.Helper()
	return ceremonytest.Amended(t, "{of: [bob, carol], need: 1}", "{of: [bob, carol], need: 2}")
}

// TestSiteTemplate guards a team whose token refuses the template: the hint is to resume
// with another one, an equal or stricter one needs somebody more who watches, and the
// record is checked against both site files.
func TestSiteTemplate(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	t.Setenv("FAULT", "gen:before:1:err=d1")
	t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "once"))
	err := r.begin(r.people())
	var stopped *Stopped
	if !errors.As(err, &stopped) || !strings.Contains(stopped.Hint(), "another template for token root into the site file, and resume") ||
		!strings.Contains(stopped.Hint(), "ceremony resume "+r.bundle+" --site") {
		t.Fatalf("%v\n%s", err, stopped.Hint())
	}
	strict := r.changed(func(c *token.Config) {
		c.Template, c.Login, c.PINParts = "strict", token.LoginSplit, []string{"alice", "bob"}
		c.Tries, c.Then = 5, token.ThenLocks
	})
	screen, err := r.resume(strict, r.people("carol (internal-witness) types change", "stop"))
	if !errors.Is(err, ErrStopped) || len(recorded[event.SiteChanged](t, r.bundle)) > 0 || len(recorded[event.TokenOpened](t, r.bundle)) != 1 {
		t.Fatalf("carol said no: %v\n%s", err, screen)
	}
	screen, err = r.resume(strict, r.people())
	if err != nil || !strings.Contains(screen, `template "strict", was "default": it allows no more`) {
		t.Fatalf("%v\n%s", err, screen)
	}
	e := r.mustResume(strict, r.people())
	want := event.SiteChanged{Number: 1, SiteSHA256: e.SiteSHA256, Before: e.Before, Needs: event.SiteByWitness, Difference: e.Difference}
	if diff := cmp.Diff(want, e); diff != "" || len(recorded[event.SiteChanged](t, r.bundle)) != 1 {
		t.Errorf("the change (-want +got):\n%s", diff)
	}
	deviations := recorded[event.DeviationRecorded](t, r.bundle)
	if d := deviations[len(deviations)-1]; !slices.Equal(d.DecidedBy, []string{"alice", "bob", "carol"}) && d.Exception == event.ExceptionSite {
		t.Errorf("the deviation: %+v", d)
	}
}

// TestSiteAmbiguous guards a label that two tokens have: a serial number that names the
// one that was used is a closer name, and another one is another device.
func TestSiteAmbiguous(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	serial := r.site.Tokens[0].Serial
	r.site.Tokens[0].Serial, r.site.Tokens[0].Model = "", ""
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	twin := r.device("example-root")
	r.mustRefuse(r.site, "more than one match", "add its serial: to the token in the site file")
	other := r.changed(func(c *token.Config) { c.Serial = twin.Serial })
	if screen, err := r.resume(other, r.people("Continue with the changed site", "stop", "Continue with the changed site", "stop", "Continue with the changed site", "stop")); !errors.Is(err, ErrStopped) || !strings.Contains(screen, "another device or module") {
		t.Errorf("the twin: %v\n%s", err, screen)
	}
	if e := r.mustResume(r.changed(func(c *token.Config) { c.Serial = serial }), r.people()); e.Needs != event.SiteByTwo || len(e.Restored) > 0 {
		t.Errorf("the change: %+v", e)
	}
}

// TestSiteApproval guards the approvers of a plan: a template that allows more, and a
// module with other bytes, are no decision of the room. Their signatures over site.json
// are, and verify evaluates them again, also by a list of what was revoked; the list that
// came with them holds for all that is signed later.
func TestSiteApproval(t *testing.T) {
	text := strings.NewReplacer("approval: none, ", "").Replace(ceremonytest.TwiceText)
	r := newSiteRoom(t, quickly(t, text, realNames...))
	policy := policyFor(t, nil)
	r.o = Options{Policy: policy, PolicySHA256: plan.SHA256Hex(policy), Approvals: os.DirFS(approvedIn(t, r.p, "ann", "cat"))}
	r.site.Tokens[0].Template = "strict"
	t.Setenv("FAULT", "gen:before:1:err=d1")
	t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "once"))
	if err := r.begin(r.people()); err == nil {
		t.Fatal("the template was not refused")
	}
	lesser := r.changed(func(c *token.Config) { c.Template = "default" })
	r.mustRefuse(lesser, `template "default", was "strict": it allows more`, "--approvals")
	r.mustRefuse(r.changed(func(c *token.Config) { c.Module += ".new" }), "another device or module: module", "--approvals")
	folder := t.TempDir()
	r.o.SiteApprovals = os.DirFS(folder)
	data, err := lesser.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, approval.SignatureFile(approval.SiteFile, "ann"), signature(t, "ann", approval.SiteApproval, data))
	r.mustRefuse(lesser, "the site file is not approved: ", "--approvals")
	write(t, folder, approval.SignatureFile(approval.SiteFile, "cat"), signature(t, "cat", approval.SiteApproval, data))
	from := r.p.Plan.Ceremony.Window.From
	write(t, folder, approval.RevocationsFile, revocationOf(t, "ben", from))
	if screen, err := r.resume(lesser, r.people()); err != nil {
		t.Fatalf("%v\n%s", err, screen)
	}
	if e := r.mustResume(lesser, r.people()); e.Needs != event.SiteByPolicy || e.Approved == nil || len(e.Approved.Approvals) != 2 {
		t.Errorf("the change: %+v", e)
	}
	write(t, r.bundle, "signatures/MANIFEST.ben.sig", signature(t, "ben", approval.ManifestDeclaration, read(t, r.bundle, "MANIFEST")))
	if v, problems := verified(t, r.bundle, verify.Options{}); len(v.Problems) > 0 || !strings.Contains(problems, "as internal-witness, and has 0") || !strings.Contains(fmt.Sprint(v.Approved), "site change 1") {
		t.Errorf("ben, whose key was revoked, counts, or who approved the site file does not: %v\n%s", v.Approved, problems)
	}
	if _, problems := verified(t, r.bundle, verify.Options{Revocations: revocationOf(t, plan.SHA256Hex(data), from)}); !strings.Contains(problems, "plan/site-1/approvals: with the given revocations, ") {
		t.Errorf("a site file that was revoked is approved: %s", problems)
	}
	if err := os.WriteFile(filepath.Join(r.bundle, "plan/site-1/approvals/site.json.cat.sig"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := verify.Bundle(context.Background(), r.bundle, verify.Options{})
	if err != nil || v.OK() || !strings.Contains(fmt.Sprint(v.Problems), "the approvals of the site file do not meet the policy") {
		t.Errorf("a signature is gone: %v", v.Problems)
	}
}

// TestSiteSoftware guards hardware: no software token takes its place, whatever the site
// file accepts.
func TestSiteSoftware(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	t.Setenv("FAULT_MODEL", "HSM 9000")
	r.site.Tokens[0].Model = "HSM 9000"
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAULT_MODEL", "SoftHSM v2")
	r.mustRefuse(r.changed(func(c *token.Config) { c.Model = "SoftHSM v2" }), "was hardware (HSM 9000", "insert the device, or name hardware")
}

// TestSiteModuleBytes guards against a module that is another one under the same path: it
// is loaded again only with the bytes that a site file states.
func TestSiteModuleBytes(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	data, err := os.ReadFile(r.site.Tokens[0].Module)
	if err != nil {
		t.Fatal(err)
	}
	module := filepath.Join(t.TempDir(), "vendor.so")
	put := func(data []byte) string {
		if err := os.WriteFile(module, data, 0o700); err != nil {
			t.Fatal(err)
		}
		return plan.SHA256Hex(data)
	}
	put(data)
	r.site.Tokens[0].Module = module
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	other := put(append(data, 0)) // what follows the last section is not loaded
	r.mustRefuse(r.site, "has other bytes than when it was loaded before", "state module-sha256: "+other)
	r.mustRefuse(r.changed(func(c *token.Config) { c.ModuleSHA256 = strings.Repeat("00", 32) }), "states the module with SHA-256 0000", "put the module back")
	if e := r.mustResume(r.changed(func(c *token.Config) { c.ModuleSHA256 = other }), r.people()); e.Needs != event.SiteByPolicy {
		t.Errorf("the change: %+v", e)
	}
}

// TestSiteFixed guards what no site file changes while a ceremony lasts, and that other
// commands than resume change none.
func TestSiteFixed(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(s *plan.Site){
		"software-token": func(s *plan.Site) { s.SoftwareToken = false },
		"journal-mirror": func(s *plan.Site) { s.JournalMirror = "/tmp/elsewhere" },
		"host":           func(s *plan.Site) { s.Host = map[string]preflight.Level{"swap": preflight.Require} },
	} {
		site := *r.site
		change(&site)
		r.mustRefuse(&site, name+": ", "restore that in the site file")
	}
	o := r.options(r.changed(func(c *token.Config) { c.Template = "strict" }), nobodyIsAsked(t))
	o.Redo = r.p.Plan.Steps[1].ID
	var refusal *Refusal
	if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Hint, "have people agree to the other one first:\n  ceremony resume") {
		t.Errorf("redo: %v %+v", err, refusal)
	}
	two := ceremonytest.Twice(t)
	if witnesses(two.Plan) < 2 {
		t.Error("the spare witness counts")
	}
}

// TestSiteSpare guards a ceremony whose device dies after it made the keys: a spare that
// the site file names takes its place, with the keys read back from it, and they prove
// themselves there before they sign anything else.
func TestSiteSpare(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	spare := r.device("example-spare")
	r.site.Tokens[0].Template, r.site.Tokens[0].Own = "leaves", &token.Own{Like: "default", Private: []token.Stated{{Name: "CKA_EXTRACTABLE", Value: "true"}}}
	r.site.Tokens[0].Spares = []token.Spare{spare.Device()}
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	onSpare := r.changed(func(c *token.Config) { c.Label, c.Serial, c.Spares = spare.Label, spare.Serial, nil })
	screen, err := r.resume(onSpare, r.people("serial (text)", r.first, "serial (text)", spare.Serial))
	if err == nil || !strings.Contains(err.Error(), "no such key") {
		t.Fatalf("the keys were not restored: %v", err)
	}
	root := recorded[event.OperationFinished](t, r.bundle)[0].Key
	if refused := recorded[event.ConfirmationRefused](t, r.bundle); len(refused) != 1 || refused[0].Entered != r.first {
		t.Errorf("the serial number of another device was taken: %+v", refused)
	}
	for _, want := range []string{"decide        Whether the changed site file is in force", "- key root: CKA_LABEL \"root\", CKA_ID\n        " + root.ID, "      openssl pkey -pubin -in FILE -outform DER | sha256sum\n"} {
		if !strings.Contains(screen, want) {
			t.Errorf("people do not see %q:\n%s", want, screen)
		}
	}
	restore(t, "example-root", "example-spare")
	killToken(t, "example-root")
	if len(recorded[event.SiteChanged](t, r.bundle)) != 1 {
		t.Fatal("the first change is not in force")
	}
	r.mustRefuse(r.site, "no token matches", fmt.Sprintf("have a spare take its place, with serial %q", spare.Serial))
	renumber(t, "example-spare")
	if _, err := r.resume(onSpare, r.people("serial (text)", spare.Serial)); err == nil || !strings.Contains(err.Error(), "restore the key with the CKA_ID that it had") {
		t.Fatalf("the keys were restored under other ids: %v", err)
	}
	renumber(t, "example-spare")
	people := r.people("serial (text)", spare.Serial)
	r.mustResume(onSpare, people)
	e := recorded[event.SiteChanged](t, r.bundle)[0]
	if e.Needs != event.SiteByTwo || len(e.Restored) != 1 || e.Restored[0].Serial != spare.Serial || e.Restored[0].Seal != "TEB-0042" || len(e.Restored[0].Keys) != 2 {
		t.Errorf("the change: %+v", e)
	}
	if n := len(recorded[event.KeyProved](t, r.bundle)); n != 4 {
		t.Errorf("%d proofs, want two on each device", n)
	}
}

// restore copies the private keys of a token, and their public halves, to another one: as
// the backup of a vendor does.
func restore(t *testing.T, from, to string) {
	t.Helper()
	x := pkcs11.New(tokentest.SoftHSMModule(t))
	defer x.Destroy()
	if err := errors.Join(x.Initialize(), copyKeys(x, from, to), x.Finalize()); err != nil {
		t.Fatal(err)
	}
}

// renumber gives each key of a token another id, and the second time the one before.
func renumber(t *testing.T, label string) {
	t.Helper()
	x := pkcs11.New(tokentest.SoftHSMModule(t))
	defer x.Destroy()
	change := func() error {
		s, err := sessionOn(x, label)
		for _, class := range []uint{pkcs11.CKO_PRIVATE_KEY, pkcs11.CKO_PUBLIC_KEY} {
			all, findErr := findAll(x, s, class)
			err = errors.Join(err, findErr)
			for _, o := range all {
				id, readErr := x.GetAttributeValue(s, o, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_ID, nil)})
				if err = errors.Join(err, readErr); err != nil {
					return err
				}
				id[0].Value[0] ^= 0xff
				err = x.SetAttributeValue(s, o, id)
			}
		}
		return err
	}
	if err := errors.Join(x.Initialize(), change(), x.Finalize()); err != nil {
		t.Fatal(err)
	}
}

func sessionOn(x *pkcs11.Ctx, label string) (pkcs11.SessionHandle, error) {
	slots, err := x.GetSlotList(true)
	if err != nil {
		return 0, err
	}
	for _, slot := range slots {
		if info, err := x.GetTokenInfo(slot); err == nil && strings.TrimSpace(info.Label) == label {
			s, err := x.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
			if err != nil {
				return 0, err
			}
			return s, x.Login(s, pkcs11.CKU_USER, tokentest.TestPIN)
		}
	}
	return 0, fmt.Errorf("no token %s", label)
}

func copyKeys(x *pkcs11.Ctx, from, to string) error {
	a, errA := sessionOn(x, from)
	b, errB := sessionOn(x, to)
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	kek := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_SECRET_KEY), pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_AES),
		pkcs11.NewAttribute(pkcs11.CKA_VALUE, make([]byte, 32)), pkcs11.NewAttribute(pkcs11.CKA_WRAP, true), pkcs11.NewAttribute(pkcs11.CKA_UNWRAP, true),
	}
	kekA, errA := x.CreateObject(a, kek)
	kekB, errB := x.CreateObject(b, kek)
	if err := errors.Join(errA, errB); err != nil {
		return fmt.Errorf("the wrap key: %w", err)
	}
	objects, err := findAll(x, a, pkcs11.CKO_PRIVATE_KEY)
	if err != nil {
		return err
	}
	pad := []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_AES_KEY_WRAP_PAD, nil)}
	for _, o := range objects {
		wrapped, err := x.WrapKey(a, pad, kekA, o)
		if err != nil {
			return fmt.Errorf("wrapping: %w", err)
		}
		named, err := x.GetAttributeValue(a, o, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_ID, nil), pkcs11.NewAttribute(pkcs11.CKA_LABEL, nil)})
		if err != nil {
			return err
		}
		template := append(named, pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY), pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_EC))
		for _, set := range []uint{pkcs11.CKA_TOKEN, pkcs11.CKA_PRIVATE, pkcs11.CKA_SENSITIVE, pkcs11.CKA_SIGN} {
			template = append(template, pkcs11.NewAttribute(set, true))
		}
		template = append(template, pkcs11.NewAttribute(pkcs11.CKA_EXTRACTABLE, false))
		if _, err := x.UnwrapKey(b, pad, kekB, wrapped, template); err != nil {
			return fmt.Errorf("unwrapping: %w", err)
		}
	}
	return copyPublic(x, a, b)
}

func copyPublic(x *pkcs11.Ctx, a, b pkcs11.SessionHandle) error {
	objects, err := findAll(x, a, pkcs11.CKO_PUBLIC_KEY)
	if err != nil {
		return err
	}
	var asked []*pkcs11.Attribute
	for _, name := range []uint{pkcs11.CKA_CLASS, pkcs11.CKA_KEY_TYPE, pkcs11.CKA_EC_PARAMS, pkcs11.CKA_EC_POINT, pkcs11.CKA_ID, pkcs11.CKA_LABEL, pkcs11.CKA_TOKEN, pkcs11.CKA_VERIFY} {
		asked = append(asked, pkcs11.NewAttribute(name, nil))
	}
	for _, o := range objects {
		public, err := x.GetAttributeValue(a, o, asked)
		if err != nil {
			return err
		}
		if _, err := x.CreateObject(b, public); err != nil {
			return fmt.Errorf("the public half: %w", err)
		}
	}
	return nil
}

func findAll(x *pkcs11.Ctx, s pkcs11.SessionHandle, class uint) ([]pkcs11.ObjectHandle, error) {
	if err := x.FindObjectsInit(s, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, class)}); err != nil {
		return nil, err
	}
	objects, _, err := x.FindObjects(s, 100)
	return objects, errors.Join(err, x.FindObjectsFinal(s))
}

// killToken takes a token away for good.
func killToken(t *testing.T, label string) {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(filepath.Dir(os.Getenv("SOFTHSM2_CONF")), "tokens", "*"))
	if err != nil {
		t.Fatal(err)
	}
	killed := 0
	for _, folder := range folders {
		data, err := os.ReadFile(filepath.Join(folder, "token.object"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), label) {
			killed++
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
		}
	}
	if killed != 1 {
		t.Fatalf("%d tokens killed", killed)
	}
}

// TestSiteEnvironment guards what people approved of a module, and the device: it has the
// variables that the site file states, and a record that has others, other bytes of the
// module, or another device on which no key was proved, is refused.
func TestSiteEnvironment(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	r.site.Tokens[0].Environment = map[string]string{"VENDOR_CONF": "/etc/vendor"}
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	if screen, err := r.resume(r.site, r.people()); err != nil {
		t.Fatalf("%v\n%s", err, screen)
	}
	r.mustBeValid()
	g := &golden{dir: r.bundle, preview: r.p}
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(t.TempDir(), "bundle")
	if err := d.lay(place); err != nil {
		t.Fatal(err)
	}
	second := slices.IndexFunc(d.records, func(r event.Record) bool { return r.Session == 2 && r.Event.Type() == "token.opened" })
	for says, change := range map[string]func(e *event.TokenOpened){
		`the module had VENDOR_CONF="/tmp/other", and the site file states "/etc/vendor"`: func(e *event.TokenOpened) { e.Environment = map[string]string{"VENDOR_CONF": "/tmp/other"} },
		"has other bytes than before, and no site file states them": func(e *event.TokenOpened) {
			m := *e.Module
			m.SHA256 = strings.Repeat("00", 32)
			e.Module = &m
		},
		"was not proved before signing": func(e *event.TokenOpened) { e.Manufacturer = "another" },
	} {
		changed := slices.Clone(d.records)
		e, _ := changed[second].Event.(event.TokenOpened)
		change(&e)
		changed[second].Event = e
		if problems, err := d.open(place, changed[:len(changed)-2], second); err != nil || !strings.Contains(fmt.Sprint(problems), says) {
			t.Errorf("%s: %v %v", says, problems, err)
		}
	}
}

// TestSiteLooser guards who reads the record of a ceremony that went on with a template by
// which a key may leave its token: report and verdict say so as they do of the first site
// file, and the deviation cannot tell of another change.
func TestSiteLooser(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	t.Setenv("FAULT", "gen:before:1:err=d1")
	t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "once"))
	if err := r.begin(r.people()); err == nil {
		t.Fatal("the template was not refused")
	}
	looser := r.changed(func(c *token.Config) { c.Template = "yubihsm-backup" })
	notes := looser.TemplateNotes()
	if screen, err := r.resume(looser, r.people()); err != nil { // until it pauses
		t.Fatalf("%v\n%s", err, screen)
	}
	if e := r.mustResume(looser, r.people()); len(notes) == 0 || !slices.Equal(e.TemplateNotes, notes) {
		t.Errorf("recorded: %q, want %q", e.TemplateNotes, notes)
	}
	v, _ := verified(t, r.bundle, verify.Options{})
	if !slices.Contains(v.Notices, "key template: "+notes[0]) {
		t.Errorf("verify does not say it: %q", v.Notices)
	}
	if !strings.Contains(string(read(t, r.bundle, "report/report.html")), "KEY TEMPLATE") {
		t.Error("the report does not say it")
	}
	d, err := newDesk(t, &golden{dir: r.bundle, preview: r.p}, v.Records)
	if err != nil {
		t.Fatal(err)
	}
	for name, forge := range map[string]func(e event.Event) event.Event{
		"another difference in words": func(e event.Event) event.Event {
			if d, ok := e.(event.DeviationRecorded); ok && d.Exception == event.ExceptionSite {
				d.Happened = "the site file differs: token root: a deadline"
				return d
			}
			return e
		},
		"no template notes": func(e event.Event) event.Event {
			if s, ok := e.(event.SiteChanged); ok {
				s.TemplateNotes = nil
				return s
			}
			return e
		},
	} {
		forged := slices.Clone(d.records)
		for i := range forged {
			forged[i].Event = forge(forged[i].Event)
		}
		o, err := reseal(forged, 0, d.plan, d.seals)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "bundle")
		if err := d.write(dir, o); err != nil {
			t.Fatal(err)
		}
		if v, _ := verified(t, dir, d.options()); len(v.Problems) == 0 {
			t.Errorf("%s: verify accepts it", name)
		}
	}
}
