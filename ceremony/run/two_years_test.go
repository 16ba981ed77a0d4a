// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
)

// withInputs is the part of a later ceremony file that has the inputs of the first year, and
// the key of the root: more keys may follow.
const withInputs = `people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob, carol], need: 1}
inputs:
  root-cert: {bundle: first, artifact: root-cert}
  root-crl: {bundle: first, artifact: root-crl}
  ca-cert: {bundle: first, artifact: ca-cert}
keys:
  root: {token: root, algorithm: ecdsa-p384, class: root, certificate: root-cert}
`

// sameRoot is the root of the first year in a later ceremony file: more authorities may follow.
const sameRoot = `authorities:
  root:
    key: root
    certificate: root-cert
    crl-url: http://fast.c.example.com/root.crl
    ca-issuers-url: http://fast.i.example.com/root.crt
    ocsp: none
`

// secondText is the ceremony of the year after the fast one: the next CRL, which revokes
// the issuing CA, and another one.
const secondText = `version: 1
ceremony: {id: second, approval: none, title: The year after, window: {from: 2027-06-01T08:00:00Z, to: 2027-06-01T20:00:00Z}}
` + withInputs + `  ca-2: {token: root, algorithm: ecdsa-p384, class: affiliate-sub}
` + sameRoot + `  ca-2: {key: ca-2, subject: {country: US, organization: Example Trust, common-name: Fast CA 2}, ocsp: none}
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
