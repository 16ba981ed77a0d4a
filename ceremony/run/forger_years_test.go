// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
)

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
