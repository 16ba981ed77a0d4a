// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// secondText is the ceremony of the year after the fast one: the next CRL, which revokes
// the issuing CA, and another one.
const secondText = `version: 1
ceremony: {id: second, approval: none, title: The year after, window: {from: 2027-06-01T08:00:00Z, to: 2027-06-01T20:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob, carol], need: 1}
inputs:
  root-cert: {bundle: first, artifact: root-cert}
  root-crl: {bundle: first, artifact: root-crl}
  ca-cert: {bundle: first, artifact: ca-cert}
keys:
  root: {token: root, algorithm: ecdsa-p384, class: root, certificate: root-cert}
  ca-2: {token: root, algorithm: ecdsa-p384, class: affiliate-sub}
authorities:
  root:
    key: root
    certificate: root-cert
    crl-url: http://fast.c.example.com/root.crl
    ca-issuers-url: http://fast.i.example.com/root.crt
    ocsp: none
  ca-2: {key: ca-2, subject: {country: US, organization: Example Trust, common-name: Fast CA 2}, ocsp: none}
steps:
  - section: Keys
  - do: Look at the clock.
    who: [administrator]
    record: {clock: text}
  - use: [root]
  - generate: [ca-2]
  - pause: Put everything into the safe.
    who: [administrator]
    record: {bag: text}
  - section: Signatures
  - issue: ca-2-cert
    profile: profiles/tls-issuing.yaml
    subject: ca-2
    issuer: root
    validity: {not-before: signing-day, for: 3y}
  - crl: root-crl-2
    profile: profiles/root-crl.yaml
    issuer: root
    number: 2
    previous: root-crl
    this-update: signing-time
    next-update: 11mo
    revoke:
      - {certificate: ca-cert, date: signing-time, reason: superseded}
`

// twoYears are the bundles of two ceremonies on one token: the second has inputs of the
// first.
type twoYears struct {
	folder string // of the second ceremony file; its "first" is the first bundle
	memory *token.Memory
	text   string
}

// firstYear carries out the first ceremony, of a text, and gives the folder of the second.
func firstYear(t *testing.T, text string) *twoYears {
	t.Helper()
	y := &twoYears{folder: ceremonytest.FastFolder(t), text: smaller(secondText)}
	p := quickly(t, text, realNames...)
	for _, name := range []string{"root", "tls-issuing", "root-crl"} {
		file := "profiles/" + name + ".yaml"
		write(t, y.folder, file, []byte(smaller(string(read(t, y.folder, file)))))
	}
	_, y.memory = fastSite()
	if _, err := Execute(context.Background(), p, y.options(p, "first")); err != nil {
		t.Fatal(err)
	}
	return y
}

// options carry out a ceremony in the room of both years, in the folder of the second.
func (y *twoYears) options(p *plan.Preview, bundle string) Options {
	site, _ := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(y.folder, bundle)), y.memory)
	o.People = Asked{Terminal: attendants(p.Plan.Ceremony.Window.From.Add(time.Hour))}
	return o
}

func smaller(text string) string {
	return strings.NewReplacer(append(realNames, "ecdsa-p384", "ecdsa-p256", "ecdsa-sha384", "ecdsa-sha256", ", mozilla, chrome, apple, microsoft, ccadb", "")...).Replace(text)
}

// plan plans the second ceremony.
func (y *twoYears) plan(t *testing.T) *plan.Preview {
	t.Helper()
	write(t, y.folder, "ceremony.yaml", []byte(y.text))
	return ceremonytest.Preview(t, y.folder)
}

// second carries the second ceremony out, over its pause.
func (y *twoYears) second(t *testing.T, p *plan.Preview, set func(o *Options)) *golden {
	t.Helper()
	o := y.options(p, "")
	o.Bundle = filepath.Join(t.TempDir(), "bundle")
	if set != nil {
		set(&o)
	}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	o.Approvals = nil
	goOn(t, o, attendants(p.Plan.Ceremony.Window.From.Add(3*time.Hour)))
	g := &golden{dir: o.Bundle, preview: p}
	g.anchors.PolicySHA256 = o.PolicySHA256
	return g
}

// onceFast is the fast ceremony without its night.
var onceFast = strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1)

// otherwise tells of another plan in a folder, with other files, and gives all that verify has
// against the bundle; nothing where it accepts it.
func (d desk) otherwise(t *testing.T, folder string, files map[string][]byte, change func(p *plan.Plan), o verify.Options) string {
	t.Helper()
	d.instead = map[string][]byte{}
	records := slices.Clone(d.records)
	pl, err := plan.Decode(read(t, d.from, folder+"/plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	change(pl)
	forged, err := pl.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if _, err := os.Stat(filepath.Join(d.from, name)); err == nil {
			records = d.replace(t, records, name, data)
			continue
		}
		d.instead[name] = data
		at := slices.IndexFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.FileLoaded)
			return is && e.Kind == "input"
		})
		records = slices.Insert(records, at, told(records[at], event.FileLoaded{Path: name, Kind: "status", SHA256: plan.SHA256Hex(data)}, event.Observed))
	}
	if l := d.readAgain(t, folder, pl, forged); l != nil { // else verify says it
		records = d.follows(t, records, folder, &plan.Preview{Loaded: l, Canonical: forged, Digest: artifact.Sum(forged).SHA256})
	}
	records = d.replace(t, records, folder+"/plan.json", forged)
	if folder == plan.Folder {
		d.plan = plan.SHA256Hex(forged)
	}
	out, err := reseal(records, 0, d.plan, d.seals)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := d.write(dir, out); err != nil {
		t.Fatal(err)
	}
	v, problems := verified(t, dir, o)
	if v != nil && v.OK() {
		return ""
	}
	return problems
}

// readAgain reads a forged plan; nothing where it cannot be read.
func (d desk) readAgain(t *testing.T, folder string, pl *plan.Plan, forged []byte) *plan.Loaded {
	t.Helper()
	reading := func(name string, _ int64) ([]byte, error) {
		if data, is := d.instead[name]; is {
			return data, nil
		}
		return os.ReadFile(filepath.Join(d.from, filepath.FromSlash(name)))
	}
	text, err := reading(folder+"/ceremony.yaml", 0)
	if err != nil {
		t.Fatal(err)
	}
	l, err := plan.Load(folder+"/ceremony.yaml", text, plan.Bundled{Folder: folder, Plan: pl, ReadAs: reading})
	if err != nil {
		return nil
	}
	if again, err := l.Plan.Canonical(); err != nil || !bytes.Equal(again, forged) {
		return nil
	}
	return l
}

// follows makes right what follows from a plan: script, warnings, and the difference of an
// amendment.
func (d *desk) follows(t *testing.T, records []event.Record, folder string, p *plan.Preview) []event.Record {
	t.Helper()
	site, _ := fastSite()
	script, err := p.Script(site)
	if err != nil {
		t.Fatal(err)
	}
	records = d.replace(t, records, folder+"/script.html", script)
	first, err := plan.Decode(read(t, d.from, event.PlanPath))
	if err != nil {
		t.Fatal(err)
	}
	difference, err := plan.Difference(first, p.Plan)
	if err != nil {
		t.Fatal(err)
	}
	approvals := 0
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.PlanAmended:
			e.Difference = difference
			records[i].Event = e
		case event.PlanApproval:
			if approvals++; (approvals > 1) == (folder != plan.Folder) {
				e.Warnings = event.Legible(p.WarningTexts())
				records[i].Event = e
			}
		}
	}
	return records
}

// aboutEarlier are what somebody can write into plan.json about the earlier bundle: what it
// says, and what verify has against it. Where that is nothing, only the earlier bundle itself
// shows it.
var aboutEarlier = []struct {
	name   string
	files  func(t *testing.T, dir string) map[string][]byte
	change func(p *plan.Plan)
	says   string // of verify; nothing where the earlier bundle alone shows it
}{
	{"a CRL that it listed is left out", nil, func(p *plan.Plan) { p.Bundles[0].Status = nil }, "lists no such CRL root-crl"},
	{"another digest of a CRL, and the copy twice", func(t *testing.T, dir string) map[string][]byte {
		return map[string][]byte{"plan/inputs/fast.root-crl": read(t, dir, "plan/inputs/root-crl")}
	}, func(p *plan.Plan) {
		p.Bundles[0].Status[0].SHA256 = strings.Repeat("5c", 32)
		f := *plan.Find(p.Files, func(f *plan.File) bool { return f.Name == "root-crl" })
		f.Kind, f.Name = "status", "fast.root-crl"
		p.Files = slices.Insert(p.Files, 4, f)
	}, `in the MANIFEST, and input "root-crl" is another object`},
	{"a CRL under the digest of another one", nil, func(p *plan.Plan) {
		s := p.Bundles[0].Status[0]
		s.Artifact = "root-crl-0"
		p.Bundles[0].Status = append(p.Bundles[0].Status, s)
	}, `and input "root-crl" is another object`},
	{"another name of a CRL", nil, func(p *plan.Plan) { p.Bundles[0].Status[0].Artifact = "other-crl" }, "lists no such CRL root-crl"},
	{"another kind", nil, func(p *plan.Plan) { p.Bundles[0].Status[0].Kind = "ocsp-response" }, "lists no such CRL root-crl"},
	{"a CRL twice", nil, func(p *plan.Plan) { p.Bundles[0].Status = append(p.Bundles[0].Status, p.Bundles[0].Status[0]) }, "it is said to list root-crl twice"},
	{"no digest of its MANIFEST", nil, func(p *plan.Plan) { fromBundle(p, func(of *plan.BundleInput) { of.ManifestSHA256 = "" }) }, "manifest_sha256"},
	{"a ceremony whose name leads elsewhere", nil, func(p *plan.Plan) { fromBundle(p, func(of *plan.BundleInput) { of.Ceremony = "x/../y" }) }, "is not an id of letters"},
	{"a rehearsal", nil, func(p *plan.Plan) { fromBundle(p, func(of *plan.BundleInput) { of.Rehearsal = true }) }, `input "root-cert" comes from a rehearsal, and no run takes it`},
	{"another digest of its MANIFEST", nil, func(p *plan.Plan) {
		fromBundle(p, func(of *plan.BundleInput) { of.ManifestSHA256 = strings.Repeat("5c", 32) })
	}, ""},
	{"another ceremony", nil, func(p *plan.Plan) { fromBundle(p, func(of *plan.BundleInput) { of.Ceremony = "other" }) }, ""},
	{"another issuer of a CRL", nil, func(p *plan.Plan) { p.Bundles[0].Status[0].Issuer = "CN=Nobody" }, ""},
	{"a CRL more that is lost, of another CA", nil, func(p *plan.Plan) {
		p.Bundles[0].Status = append(p.Bundles[0].Status, plan.BundleStatus{Artifact: "crl-0", Kind: "crl", SHA256: strings.Repeat("5c", 32), Issuer: "CN=Nobody", Lost: true})
	}, ""},
	{"hardware", nil, func(p *plan.Plan) { p.Bundles[0].Software = false }, ""},
	{"abandoned", nil, func(p *plan.Plan) { p.Bundles[0].Abandoned = true }, ""},
}

// fromBundle changes what a plan says of its earlier bundle, everywhere.
func fromBundle(p *plan.Plan, change func(of *plan.BundleInput)) {
	b := &p.Bundles[0]
	of := plan.BundleInput{Ceremony: b.Ceremony, ManifestSHA256: b.ManifestSHA256, Rehearsal: b.Rehearsal}
	change(&of)
	b.Ceremony, b.ManifestSHA256, b.Rehearsal = of.Ceremony, of.ManifestSHA256, of.Rehearsal
	for i := range p.Inputs {
		change(p.Inputs[i].Bundle)
	}
}

// TestForgerOfEarlier guards an auditor of the second year against a plan, which nobody had to
// approve, that tells of another first year: what contradicts its copies verify refuses by
// itself, and the rest when it is given the bundle of the first year.
func TestForgerOfEarlier(t *testing.T) {
	y := firstYear(t, onceFast)
	g := y.second(t, y.plan(t), nil)
	first := filepath.Join(y.folder, "first")
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	d.preview = y.plan(t)
	with := d.options()
	with.Earlier = []string{first}
	if said := d.otherwise(t, plan.Folder, nil, func(*plan.Plan) {}, with); said != "" {
		t.Fatalf("with nothing changed: %s", said)
	}
	if !slices.ContainsFunc(d.notices, func(n string) bool { return strings.Contains(n, "give that bundle with --earlier") }) {
		t.Errorf("without the first bundle, verify does not ask for it: %q", d.notices)
	}
	for _, c := range aboutEarlier {
		var files map[string][]byte
		if c.files != nil {
			files = c.files(t, g.dir)
		}
		said := d.otherwise(t, plan.Folder, files, c.change, d.options())
		if (said == "") != (c.says == "") || !strings.Contains(said, c.says) {
			t.Errorf("%s: verify says %q, want %q", c.name, said, c.says)
		}
		if d.otherwise(t, plan.Folder, files, c.change, with) == "" {
			t.Errorf("%s: the bundle of the first year does not show it", c.name)
		}
	}
}

// amendedYear is a second year that goes on, after its pause, under another plan that the
// room decided on alone.
func (y *twoYears) amendedYear(t *testing.T) *golden {
	t.Helper()
	y.text = strings.Replace(y.text, "approval: none, ", "", 1)
	p := y.plan(t)
	y.text = strings.Replace(y.text, "for: 3y}", "for: 2y}", 1)
	other := y.plan(t)
	site, _ := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), y.memory)
	policy := policyFor(t, nil)
	o.Policy, o.PolicySHA256, o.Approvals = policy, plan.SHA256Hex(policy), os.DirFS(approvedIn(t, p, "ann", "cat"))
	hour := func(n int) *termtest.Script {
		return termtest.NewScript(80).On("without approval, as an exception", termtest.Reply("exception")).
			On("Continue under amendment", termtest.Reply("amend")).
			On("Why the amendment cannot wait", termtest.Reply("the approvers are asleep")).
			Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Duration(n) * time.Hour)))
	}
	o.People = Asked{Terminal: hour(1)}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	amend(&o, other)
	o.Approvals = os.DirFS(approvedIn(t, other, "ann"))
	goOn(t, o, hour(3))
	return &golden{dir: o.Bundle, preview: other}
}

// withTwoLists has two CRLs in the first year, of which the second year names the last: it has
// a copy of the other one.
func withTwoLists(t *testing.T) *twoYears {
	t.Helper()
	y := firstYear(t, onceFast+`  - crl: root-crl-1b
    profile: profiles/root-crl.yaml
    issuer: root
    number: 2
    previous: root-crl
    this-update: signing-time
    next-update: 11mo
`)
	y.text = strings.NewReplacer("artifact: root-crl}", "artifact: root-crl-1b}", "number: 2", "number: 3").Replace(y.text)
	return y
}

// TestForgerOfCopies guards an auditor against a copy of a CRL of the year before that is not
// the one which its MANIFEST lists, as plan.json says.
func TestForgerOfCopies(t *testing.T) {
	y := withTwoLists(t)
	g := y.second(t, y.plan(t), nil)
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	const says = "in the MANIFEST, and the copy has"
	if said := d.otherwise(t, plan.Folder, nil, func(p *plan.Plan) { p.Bundles[0].Status[0].SHA256 = strings.Repeat("5c", 32) }, d.options()); !strings.Contains(said, says) {
		t.Errorf("another digest: verify says %q", said)
	}
	later := read(t, g.dir, "plan/inputs/root-crl")
	said := d.otherwise(t, plan.Folder, map[string][]byte{"plan/inputs/fast.root-crl": later}, func(p *plan.Plan) {
		plan.Find(p.Files, func(f *plan.File) bool { return f.Name == "fast.root-crl" }).SHA256 = plan.SHA256Hex(later)
	}, d.options())
	if !strings.Contains(said, says) {
		t.Errorf("another CRL: verify says %q", said)
	}
}

// TestForgerAmendsEarlier guards what people approved of the year before: an amendment that
// the room decided alone reads the same earlier bundle, with all that it listed. The second
// CRL of the first year is no input, so that nothing but the first plan shows it.
func TestForgerAmendsEarlier(t *testing.T) {
	y := withTwoLists(t)
	g := y.amendedYear(t)
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	copied := plan.Find(g.preview.Plan.Files, func(f *plan.File) bool { return f.Name == "fast.root-crl" })
	if copied == nil {
		t.Fatal("the first CRL is no copy")
	}
	without := func(p *plan.Plan) {
		p.Files = slices.DeleteFunc(p.Files, func(f plan.File) bool { return f.Name == copied.Name })
	}
	for _, c := range []struct {
		name, says string
		change     func(p *plan.Plan)
	}{
		{"nothing", "", func(*plan.Plan) {}},
		{"a CRL is left out", "root-crl of ceremony fast was already read and cannot change or be left out", func(p *plan.Plan) {
			without(p)
			p.Bundles[0].Status = p.Bundles[0].Status[1:]
		}},
		{"a CRL is lost", "root-crl of ceremony fast was already read and cannot change or be left out", func(p *plan.Plan) {
			without(p)
			p.Bundles[0].Status[0].Lost = true
		}},
		{"a CRL more, which is lost", "the bundle of ceremony fast was already read, and is another one", func(p *plan.Plan) {
			p.Bundles[0].Status = append(p.Bundles[0].Status, plan.BundleStatus{Artifact: "crl-0", Kind: "crl", SHA256: strings.Repeat("5c", 32), Issuer: "CN=Nobody", Lost: true})
		}},
		{"hardware", "the bundle of ceremony fast was already read, and is another one", func(p *plan.Plan) { p.Bundles[0].Software = false }},
		{"another bundle", `input "root-cert" was already read and cannot change`, func(p *plan.Plan) {
			fromBundle(p, func(of *plan.BundleInput) { of.ManifestSHA256 = strings.Repeat("5c", 32) })
		}},
	} {
		forger := *d
		if said := forger.otherwise(t, amendedFolder, nil, c.change, d.options()); !strings.Contains(said, c.says) || (said == "") != (c.says == "") {
			t.Errorf("%s: verify says %q, want %q", c.name, said, c.says)
		}
	}
}

// TestForgedFirstYear guards the second year against a first one that somebody wrote anew,
// with its seals: whoever plans takes nothing from a bundle that verify calls invalid, such
// as a certificate of another key.
func TestForgedFirstYear(t *testing.T) {
	y := firstYear(t, onceFast)
	first := filepath.Join(y.folder, "first")
	g := &golden{dir: filepath.Join(t.TempDir(), "kept"), preview: quickly(t, onceFast, realNames...)}
	if err := os.CopyFS(g.dir, os.DirFS(first)); err != nil {
		t.Fatal(err)
	}
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	is, err := x509.ParseCertificate(read(t, g.dir, "artifacts/ca-cert.der"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(y.text, "    revoke:\n      - {certificate: ca-cert, date: signing-time, reason: superseded}\n", "", 1)
	for name, forge := range map[string]func(d *desk, records []event.Record) []event.Record{
		"nothing": func(_ *desk, records []event.Record) []event.Record { return records },
		"another certificate": func(d *desk, records []event.Record) []event.Record {
			return withCertificate(t, d, records, ofOtherKey(t, is))
		},
		"somebody nobody named": func(_ *desk, records []event.Record) []event.Record { return retold(t, records, `"bob"`, `"mallet"`) },
		"another plan": func(d *desk, records []event.Record) []event.Record {
			other := bytes.Replace(read(t, d.from, event.PlanPath), []byte("A fast ceremony"), []byte("A slow ceremony"), 1)
			d.plan = plan.SHA256Hex(other)
			return d.replace(t, records, event.PlanPath, other)
		},
	} {
		forger := *d
		o, err := reseal(forge(&forger, slices.Clone(d.records)), 0, forger.plan, d.seals)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.RemoveAll(first), forger.write(first, o)); err != nil {
			t.Fatal(err)
		}
		_, err = plan.Load("ceremony.yaml", []byte(text), plan.Disk{Folder: y.folder, Rebuild: verify.RebuildEarlier})
		if said := fmt.Sprint(err); (err == nil) != (name == "nothing") || err != nil && !strings.Contains(said, "bundle first does not verify") {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// ofOtherKey is a certificate like another one, of a key of the forger.
func ofOtherKey(t *testing.T, like *x509.Certificate) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other := *like
	other.PublicKey = nil
	parent := &x509.Certificate{RawSubject: like.RawIssuer, SubjectKeyId: like.AuthorityKeyId}
	der, err := x509.CreateCertificate(rand.Reader, &other, parent, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// withCertificate has another issuing CA in the files of a record.
func withCertificate(t *testing.T, d *desk, records []event.Record, der []byte) []event.Record {
	t.Helper()
	records = d.replace(t, records, "artifacts/ca-cert.der", der)
	records = d.replace(t, records, "artifacts/ca-cert.pem", transcripts.PEM(event.KindCertificate, der, false))
	for i, r := range records {
		if e, is := r.Event.(event.ArtifactWritten); is && e.Artifact == "ca-cert" {
			sum := artifact.Sum(d.instead[e.Path])
			e.SHA256, e.SHA512, e.Size = sum.SHA256Hex(), sum.SHA512Hex(), int64(len(d.instead[e.Path]))
			records[i].Event = e
		}
	}
	return records
}

// hard is a token that says it is hardware.
type hard struct{ persistent }

func (h hard) Info() token.Info {
	i := h.Token.Info()
	i.Software = false
	return i
}

// TestEarlierInSoftware guards readers of a ceremony on hardware whose keys were in software
// the year before: verify says so.
func TestEarlierInSoftware(t *testing.T) {
	const says = "inputs are of ceremony fast, whose keys were in software tokens"
	for _, software := range []bool{true, false} {
		y := firstYear(t, onceFast)
		g := y.second(t, y.plan(t), func(o *Options) {
			if software {
				return
			}
			onHardware(o.Site)
			o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) {
				return hard{persistent{y.memory}}, nil
			}
			o.LookAt = func(ctx context.Context, c token.Config) (*token.Seen, error) {
				seen, err := looksWell(ctx, c)
				seen.Info.Software = false
				return seen, err
			}
		})
		v, problems := verified(t, g.dir, verify.Options{})
		if !v.OK() || slices.Contains(v.Notices, says) == software {
			t.Errorf("software %t: %s %q", software, problems, v.Notices)
		}
	}
}

// TestAmendedByRehearsal guards a ceremony against an amendment with an input of a rehearsal,
// which its first plan could not have.
func TestAmendedByRehearsal(t *testing.T) {
	y := firstYear(t, onceFast)
	p := y.plan(t)
	y.text = strings.Replace(y.text, "for: 3y}", "for: 2y}", 1)
	other := y.plan(t)
	site, _ := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), y.memory)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	fromBundle(other.Plan, func(of *plan.BundleInput) { of.Rehearsal = true })
	amend(&o, other)
	var refusal *Refusal
	if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, "comes from a rehearsal") {
		t.Errorf("it goes on: %v", err)
	}
}
