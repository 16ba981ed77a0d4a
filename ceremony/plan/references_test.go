// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/source"
)

// allReferences has every place where a reference may be, as <PLACE=ID>.
const allReferences = `version: 1
ceremony: {id: all, approval: none, title: All references, window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T09:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  in-cert: {file: cert.pem, kind: certificate}
  in-old: {file: old.pem, kind: certificate}
  in-crl: {file: crl.pem, kind: crl}
  in-csr: {file: csr.pem, kind: certificate-request}
keys:
  k-root: {token: hsm, algorithm: ecdsa-p384, class: root}
  k-sub: {token: hsm, algorithm: ecdsa-p384, class: affiliate-sub}
  k-resp: {token: hsm, algorithm: ecdsa-p384, class: ocsp-responder}
  k-old:
    token: hsm
    algorithm: ecdsa-p384
    class: root
    certificate: <key-certificate=in-old>
  k-partner:
    request: <key-request=in-csr>
materials:
  - {id: box, what: the HSM, token: <token=hsm>}
authorities:
  root: {key: k-root, subject: {organization: Example, common-name: Root}}
  resp: {key: k-resp, subject: {common-name: Responder}}
  partner: {key: k-partner, subject: {common-name: Partner}}
  old:
    key: k-old
    certificate: <authority-certificate=in-old>
  sub:
    key: <authority-key=k-sub>
    subject: {common-name: Sub}
steps:
  - generate: [k-root, k-resp, <generate=k-sub>]
  - use: [<use=k-old>]
  - do: Copy them.
    who: [<who=administrator>]
    backs-up: [<backs-up=k-root>]
  - step-template: back-up-and-clone
    who: [administrator]
    with: {token: hsm, keys: [<with-keys=k-root>], to: a copy}
  - {issue: cert, profile: "builtin:private-root", subject: root, issuer: root, validity: {not-before: signing-day, for: 10y}}
  - {issue: resp-cert, profile: responder.yaml, subject: resp, issuer: root, validity: {not-before: signing-day, for: 1y}}
  - {issue: sub-cert, profile: sub.yaml, subject: sub, issuer: root, validity: {not-before: signing-day, for: 5y}}
  - {crl: crl, profile: list.yaml, issuer: root, number: 1, first: true, this-update: signing-time, next-update: 6mo}
  - {request: csr, profile: request.yaml, subject: sub}
  - {ocsp: status, profile: response.yaml, issuer: root, responder: resp-cert, certificate: sub-cert, status: good, this-update: signing-time, next-update: 6mo}
  - issue: at-issue
    profile: sub.yaml
    subject: <issue-subject=sub>
    issuer: <issue-issuer=root>
    validity: {not-before: signing-day, for: 2y}
  - issue: at-cross
    profile: cross.yaml
    existing: <existing=in-cert>
    request: <cross-request=in-csr>
    issuer: root
    validity: {not-before: signing-day, for: 2y}
  - request: at-request
    profile: request.yaml
    subject: <request-subject=sub>
  - crl: at-crl
    profile: list.yaml
    issuer: <crl-issuer=root>
    number: 2
    previous: <previous=crl>
    this-update: signing-time
    next-update: 6mo
    revoke:
      - {certificate: <revoke=sub-cert>, date: signing-time, reason: superseded}
  - ocsp: at-status
    profile: response.yaml
    issuer: <ocsp-issuer=root>
    responder: <responder=resp-cert>
    certificate: <certificate=sub-cert>
    status: good
    this-update: signing-time
    next-update: 6mo
  - {issue: later-cert, profile: sub.yaml, subject: partner, issuer: root, validity: {not-before: signing-day, for: 5y}}
  - {crl: later-crl, profile: list.yaml, issuer: root, number: 3, previous: crl, this-update: signing-time, next-update: 6mo}
  - {request: later-csr, profile: request.yaml, subject: resp}
  - {ocsp: later-status, profile: response.yaml, issuer: root, certificate: sub-cert, status: good, this-update: signing-time, next-update: 6mo}
waivers:
  - {rule: chain.paths, artifact: <waiver-artifact=cert>, reason: a reason that is long enough, citation: none, approver: <waiver-approver=alice>, expires: 2027-12-01}
`

// fitting are the ids that may be at each place of allReferences: the right
// kind of thing, from where the place may take it. The name of authority "old"
// is none that the profiles allow.
var fitting = map[string]string{
	"key-certificate": "in-old in-cert", "key-request": "in-csr", "authority-certificate": "in-old",
	"token": "hsm", "authority-key": "k-root k-sub k-resp k-old k-partner", "generate": "k-sub", "use": "k-old",
	"who": "administrator internal-witness", "backs-up": "k-root k-resp k-sub k-old", "with-keys": "k-root k-resp k-sub k-old",
	"issue-subject": "root resp partner sub", "issue-issuer": "root sub old", "request-subject": "root resp sub",
	"existing": "in-cert in-old cert resp-cert sub-cert at-issue", "cross-request": "in-csr", "crl-issuer": "root sub old", "ocsp-issuer": "root sub old",
	"previous": "in-crl crl", "revoke": "in-cert in-old cert resp-cert sub-cert at-issue at-cross",
	"responder": "cert resp-cert sub-cert at-issue", "certificate": "in-cert in-old cert resp-cert sub-cert at-issue at-cross",
	"waiver-artifact": "cert resp-cert sub-cert crl csr status at-issue at-cross at-request at-crl at-status later-cert later-crl later-csr later-status",
	"waiver-approver": "alice bob",
}

// everyID is one of each thing that a ceremony file gives a name to, and none.
var everyID = strings.Fields("in-cert in-old in-crl in-csr cert resp-cert sub-cert crl csr status at-issue at-cross at-request at-crl at-status " +
	"later-cert later-crl later-csr later-status k-root k-sub k-resp k-old k-partner root resp sub partner old hsm administrator internal-witness alice bob box nothing")

// withReference fills allReferences, with one id at one place, and says where
// without errors.
func withReference(place, id string) (text string, line, column int) {
	var out strings.Builder
	for rest := allReferences; ; {
		before, after, found := strings.Cut(rest, "<")
		out.WriteString(before)
		if !found {
			return out.String(), line, column
		}
		mark, tail, _ := strings.Cut(after, ">")
		name, usual, _ := strings.Cut(mark, "=")
		if name == place {
			usual = id
			written := out.String()
			line, column = strings.Count(written, "\n")+1, len(written)-strings.LastIndex(written, "\n")
		}
		out.WriteString(usual)
		rest = tail
	}
}

// TestReferences guards the plan against an id of the wrong kind: at every place
// where a reference may be, each thing that has a name, of this step, of an
// earlier and of a later one, is either taken or an error at that place. Before,
// an artifact of the wrong kind was passed over in silence, and the plan had a
// digest and lacked the object.
func TestReferences(t *testing.T) {
	files := ceremonytest.ReferenceFiles(t)
	text, _, _ := withReference("", "")
	l, err := plan.Load("all.yaml", []byte(text), files)
	if err != nil {
		t.Fatalf("unchanged:\n%v", err)
	}
	if _, err := plan.NewPreview(context.Background(), l, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if places := strings.Count(allReferences, "<"); places != len(fitting) {
		t.Fatalf("%d places, and %d of them say what fits", places, len(fitting))
	}
	for place, fits := range fitting {
		for _, id := range everyID {
			text, line, column := withReference(place, id)
			l, err := plan.Load("all.yaml", []byte(text), files)
			if found := errorAt(err, line, column); found == slices.Contains(strings.Fields(fits), id) {
				t.Errorf("%s: %s: found %t, errors:\n%v", place, id, found, err)
			}
			if err == nil {
				if err := l.Plan.CheckComplete(); err != nil {
					t.Errorf("%s: %s: %v", place, id, err)
				}
			}
		}
	}
}

// errorAt reports whether there is an error at a place.
func errorAt(err error, line, column int) bool {
	var problems source.Errors
	errors.As(err, &problems)
	return slices.ContainsFunc(problems, func(e *source.Error) bool { return e.Pos.Line == line && e.Pos.Column == column })
}

// TestReferenceMessages pins what an operator reads.
func TestReferenceMessages(t *testing.T) {
	files := ceremonytest.ReferenceFiles(t)
	for _, c := range []struct{ place, id, want string }{
		{"existing", "at-cross", `"at-cross" is the artifact of this step itself; expected a certificate from the inputs or from an earlier step`},
		{"existing", "later-cert", `"later-cert" comes from a later step, in line 80;`},
		{"existing", "crl", `"crl" is a CRL from an earlier step; expected a certificate from the inputs`},
		{"previous", "cert", `"cert" is a certificate from an earlier step; expected a CRL from the inputs or from an earlier step`},
		{"previous", "at-crl", `"at-crl" is the artifact of this step itself`},
		{"previous", "later-crl", `"later-crl" comes from a later step, in line 81;`},
		{"revoke", "in-crl", `"in-crl" is a CRL from the inputs; expected a certificate`},
		{"responder", "in-cert", `"in-cert" is a certificate from the inputs; expected a certificate from an earlier step`},
		{"certificate", "k-sub", `there is no certificate "k-sub"`},
	} {
		text, line, column := withReference(c.place, c.id)
		_, err := plan.Load("all.yaml", []byte(text), files)
		var problems source.Errors
		if !errors.As(err, &problems) || len(problems) != 1 {
			t.Errorf("%s: %s: one mistake gives one message, not\n%v", c.place, c.id, err)
			continue
		}
		if where := fmt.Sprintf("all.yaml:%d:%d: ", line, column); !strings.HasPrefix(err.Error(), where) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %s:\n%v\nwant %s… %s", c.place, c.id, err, where, c.want)
		}
	}
}

// TestOneCertificate guards a rehearsal against a key and an authority that name
// two certificates of one key: it makes one stand-in, and the other certificate
// would be of a key that nobody has.
func TestOneCertificate(t *testing.T) {
	folder := ceremonytest.WriteOldCA(t, 1) // its leaf has the key of the CA
	name := filepath.Join(folder, "ceremony.yaml")
	ceremonytest.Replace(t, name, "class: root, certificate: old}", "class: root, certificate: leaf}")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, err = plan.Load("ceremony.yaml", text, plan.Disk{Folder: folder})
	if err == nil || !strings.Contains(err.Error(), "ceremony.yaml:17:") || !strings.Contains(err.Error(), `key "old" has another certificate, leaf`) {
		t.Error(err)
	}
}

// TestNamedTwice guards references against two meanings.
func TestNamedTwice(t *testing.T) {
	text, _, _ := withReference("", "")
	text = strings.Replace(text, "{issue: later-cert,", "{issue: in-cert,", 1)
	if _, err := plan.Load("all.yaml", []byte(text), ceremonytest.ReferenceFiles(t)); err == nil || !strings.Contains(err.Error(), `an input is named "in-cert" too`) {
		t.Error(err)
	}
}

// TestWhole guards the digest that people approve: a plan that lacks an object,
// or has one too many, has none.
func TestWhole(t *testing.T) {
	text, _, _ := withReference("", "")
	for name, spoil := range map[string]func(p *plan.Plan){
		"lost":       func(p *plan.Plan) { p.Artifacts = p.Artifacts[:len(p.Artifacts)-1] },
		"empty":      func(p *plan.Plan) { p.Artifacts[2].Object = nil },
		"moved":      func(p *plan.Plan) { p.Artifacts[1], p.Artifacts[2] = p.Artifacts[2], p.Artifacts[1] },
		"no step":    func(p *plan.Plan) { p.Steps = p.Steps[:len(p.Steps)-1] },
		"step twice": func(p *plan.Plan) { p.Steps = append(p.Steps, p.Steps[len(p.Steps)-1]) },
	} {
		l, err := plan.Load("all.yaml", []byte(text), ceremonytest.ReferenceFiles(t))
		if err != nil {
			t.Fatal(err)
		}
		spoil(l.Plan)
		if raw, err := l.Plan.Canonical(); !errors.Is(err, plan.ErrIncomplete) || raw != nil {
			t.Errorf("%s: %v", name, err)
		}
		if p, err := plan.NewPreview(context.Background(), l, rand.Reader); !errors.Is(err, plan.ErrIncomplete) || p != nil {
			t.Errorf("%s: preview: %v", name, err)
		}
	}
}

// TestOneObject guards the form of an artifact: what plan.json has is read back,
// and one that is two objects, or has a member that nobody wrote, is not read.
func TestOneObject(t *testing.T) {
	text, _, _ := withReference("", "")
	l, err := plan.Load("all.yaml", []byte(text), ceremonytest.ReferenceFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]json.RawMessage{}
	for i := range l.Plan.Artifacts {
		a := &l.Plan.Artifacts[i]
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back plan.Artifact
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(*a, back, cmpopts.EquateEmpty(), cmpopts.EquateComparable(plan.Ref{})); diff != "" {
			t.Errorf("%s (-written +read):\n%s", a.ID, diff)
		}
		if err := json.Unmarshal(data, &members); err != nil {
			t.Fatal(err)
		}
	}
	both, err := json.Marshal(members) // of all of them
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{string(both), `{"id": "x", "issuer_key": "key:k", "issuer": "self", "token": "t"}`} {
		if err := json.Unmarshal([]byte(data), new(plan.Artifact)); err == nil {
			t.Errorf("read: %s", data)
		}
	}
}
