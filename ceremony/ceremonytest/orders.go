// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
)

// File is a ceremony file with what it names, for tests that change it.
type File struct {
	Name  string
	Text  string
	Files plan.Files
}

// memoryAndBundles are files in memory, beside bundles on the disk.
type memoryAndBundles struct {
	MemoryFiles
	disk plan.Disk
}

// Bundle implements [plan.Files].
func (m memoryAndBundles) Bundle(path string) (*plan.EarlierBundle, error) {
	return m.disk.Bundle(path)
}

// cached reads each file and each bundle once.
type cached struct {
	plan.Files
	read  map[string]fileRead
	taken map[string]bundleRead
}

type fileRead struct {
	data []byte
	err  error
}

type bundleRead struct {
	bundle *plan.EarlierBundle
	err    error
}

func cache(files plan.Files) plan.Files {
	return cached{files, map[string]fileRead{}, map[string]bundleRead{}}
}

// Read implements [plan.Files].
func (c cached) Read(name string) ([]byte, error) {
	r, ok := c.read[name]
	if !ok {
		r.data, r.err = c.Files.Read(name)
		c.read[name] = r
	}
	return r.data, r.err
}

// Bundle implements [plan.Files].
func (c cached) Bundle(path string) (*plan.EarlierBundle, error) {
	r, ok := c.taken[path]
	if !ok {
		r.bundle, r.err = c.Files.Bundle(path)
		c.taken[path] = r
	}
	return r.bundle, r.err
}

// OrderFiles are the examples and a dozen other ceremony files: all kinds of
// steps, inputs from files and from bundles, profiles of web and of private CAs.
// All keys are quick to make.
func OrderFiles(t *testing.T) []File {
	t.Helper()
	var out []File
	quick := strings.NewReplacer("rsa-4096", "ecdsa-p384", "rsa-3072", "ecdsa-p384", "rsa-2048", "ecdsa-p384")
	onDisk := func(name, folder, file string) {
		data, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, File{name, quick.Replace(string(data)), cache(plan.Disk{Folder: folder})})
	}
	for _, name := range []string{"root-2026", "issuing-2027", "cross-2026", "two-days-2026"} {
		onDisk(name, filepath.Join("..", "..", "examples", name), "ceremony.yaml")
	}
	onDisk("amended", "../../examples/two-days-2026", "amended.yaml")
	onDisk("fast", FastFolder(t), "ceremony.yaml")
	onDisk("templates", WithStepTemplates(t), "ceremony.yaml")
	onDisk("next-crl", WriteOldCA(t, 3), "ceremony.yaml")
	onDisk("cross-own-root", CrossOwnRootFolder(t, CrossOwnRoot), "ceremony.yaml")
	memory := cache(memoryAndBundles{orderMemory(t), plan.Disk{Folder: "../../examples/issuing-2027"}})
	out = append(out, File{"small", Small, memory})
	for _, f := range ordered {
		out = append(out, File{f.name, orderHead + f.text, memory})
	}
	return out
}

// orderMemory adds a root that signs OCSP responses, and the profile of a subject
// with the name in the request.
func orderMemory(t *testing.T) MemoryFiles {
	t.Helper()
	files := ReferenceFiles(t)
	files["partner.yaml"] = []byte(strings.NewReplacer("profile: sub", "profile: partner", "[common-name]", "[country, organization, common-name]").
		Replace(string(files["sub.yaml"])))
	files["root.yaml"] = []byte("version: 1\nprofile: root\nkind: root-ca\nintent: private\nocsp: none\nkey: [ecdsa-p384]\nsignature: [ecdsa-sha384]\n" +
		"subject: [organization, common-name]\nvalidity: {at-most: 10y}\nextensions:\n  - subject-key-identifier: {method: rfc7093-1}\n" +
		"  - basic-constraints: {critical: true, ca: true}\n  - key-usage: {critical: true, bits: [digital-signature, cert-sign, crl-sign]}\n")
	return files
}

// orderHead begins the files of ordered.
const orderHead = `version: 1
ceremony: {id: ordered, approval: none, title: An ordered ceremony, window: {from: 2026-12-08T08:00:00Z, to: 2026-12-08T18:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
  auditor: {of: [dana], need: 1}
`

// ordered are files whose private profiles are those of ReferenceFiles.
var ordered = []struct{ name, text string }{
	{"hierarchy", `keys:
  k-root: {token: hsm, algorithm: ecdsa-p384, class: root}
  k-sub: {token: hsm, algorithm: ecdsa-p384, class: affiliate-sub}
  k-resp: {token: hsm, algorithm: ecdsa-p384, class: ocsp-responder}
authorities:
  root: {key: k-root, subject: {organization: Example, common-name: Root}}
  sub: {key: k-sub, subject: {common-name: Sub}}
  resp: {key: k-resp, subject: {common-name: Responder}}
steps:
  - generate: [k-root]
  - generate: [k-sub, k-resp]
  - {issue: root-cert, profile: "builtin:private-root", subject: root, issuer: root, validity: {not-before: signing-day, for: 10y}}
  - {request: sub-csr, profile: request.yaml, subject: sub}
  - {issue: sub-cert, profile: sub.yaml, subject: sub, issuer: root, validity: {not-before: signing-day, for: 5y}}
  - {issue: resp-cert, profile: responder.yaml, subject: resp, issuer: root, validity: {not-before: signing-day, for: 1y}}
  - {crl: root-crl, profile: list.yaml, issuer: root, number: 1, first: true, this-update: signing-time, next-update: 6mo}
  - {ocsp: sub-status, profile: response.yaml, issuer: root, responder: resp-cert, certificate: sub-cert, status: good, this-update: signing-time, next-update: 6mo}
`},
	{"revoked", `keys:
  k-root: {token: hsm, algorithm: ecdsa-p384, class: root}
  k-one: {token: hsm, algorithm: ecdsa-p384, class: affiliate-sub}
  k-two: {token: other, algorithm: ecdsa-p384, class: affiliate-sub}
authorities:
  root: {key: k-root, subject: {organization: Example, common-name: Root}}
  one: {key: k-one, subject: {common-name: One}}
  two: {key: k-two, subject: {common-name: Two}}
steps:
  - generate: [k-root, k-one]
  - generate: [k-two]
  - {issue: root-cert, profile: root.yaml, subject: root, issuer: root, validity: {not-before: signing-day, for: 10y}}
  - {issue: one-cert, profile: sub.yaml, subject: one, issuer: root, validity: {not-before: signing-day, for: 5y}}
  - {issue: two-cert, profile: sub.yaml, subject: two, issuer: root, validity: {not-before: signing-day, for: 5y}}
  - {crl: first-crl, profile: list.yaml, issuer: root, number: 1, first: true, this-update: signing-time, next-update: 6mo}
  - crl: next-crl
    profile: list.yaml
    issuer: root
    number: 2
    previous: first-crl
    this-update: signing-time
    next-update: 6mo
    revoke:
      - {certificate: two-cert, date: 2026-12-08T08:00:00Z, reason: superseded}
  - {ocsp: one-status, profile: response.yaml, issuer: root, certificate: one-cert, status: good, this-update: signing-time, next-update: 6mo}
  - ocsp: two-status
    profile: response.yaml
    issuer: root
    certificate: two-cert
    status: revoked
    revoked: {date: 2026-12-08T08:00:00Z, reason: superseded}
    this-update: signing-time
    next-update: 6mo
`},
	{"partner", `inputs:
  csr: {file: csr.pem, kind: certificate-request}
keys:
  k-root: {token: hsm, algorithm: ecdsa-p384, class: root}
  k-partner: {request: csr}
authorities:
  root: {key: k-root, subject: {organization: Example, common-name: Root}}
  partner: {key: k-partner, subject: {country: NL, organization: Example Partner, common-name: Partner TLS CA 1}}
steps:
  - generate: [k-root]
  - {issue: root-cert, profile: "builtin:private-root", subject: root, issuer: root, validity: {not-before: signing-day, for: 10y}}
  - {issue: partner-cert, profile: partner.yaml, subject: partner, issuer: root, validity: {not-before: signing-day, for: 5y}}
  - {crl: root-crl, profile: list.yaml, issuer: root, number: 1, first: true, this-update: signing-time, next-update: 6mo}
`},
	{"from-bundle", `inputs:
  old: {bundle: ../bundles/root-2026, artifact: root-x1-cert}
  old-crl: {bundle: ../bundles/root-2026, artifact: root-x1-crl-1}
keys:
  k-old: {token: hsm, algorithm: ecdsa-p384, class: root, certificate: old}
  k-sub: {token: hsm, algorithm: ecdsa-p384, class: affiliate-sub}
authorities:
  old: {key: k-old, certificate: old}
  sub: {key: k-sub, subject: {common-name: Sub}}
steps:
  - use: [k-old]
  - generate: [k-sub]
  - {issue: sub-cert, profile: sub.yaml, subject: sub, issuer: old, validity: {not-before: signing-day, for: 2y}}
  - {crl: old-crl-2, profile: list.yaml, issuer: old, number: 2, previous: old-crl, this-update: signing-time, next-update: 6mo}
`},
	{"two-roots", `keys:
  k-a: {token: hsm, algorithm: ecdsa-p384, class: root}
  k-b: {token: hsm, algorithm: ecdsa-p384, class: root}
authorities:
  a: {key: k-a, subject: {organization: Example, common-name: Root A}}
  b: {key: k-b, subject: {organization: Example, common-name: Root B}}
steps:
  - generate: [k-a]
  - generate: [k-b]
  - {issue: a-cert, profile: "builtin:private-root", subject: a, issuer: a, validity: {not-before: signing-day, for: 10y}}
  - {issue: b-cert, profile: "builtin:private-root", subject: b, issuer: b, validity: {not-before: signing-day, for: 10y}}
  - {issue: a-by-b, profile: cross.yaml, existing: a-cert, issuer: b, validity: {not-before: signing-day, for: 5y}}
  - {issue: b-by-a, profile: cross.yaml, existing: b-cert, issuer: a, validity: {not-before: signing-day, for: 5y}}
`},
	{"people", `materials:
  - {id: box, what: the HSM, token: hsm}
keys:
  k: {token: hsm, algorithm: ecdsa-p384, class: root}
authorities:
  root: {key: k, subject: {organization: Example, common-name: Root}}
steps:
  - section: Open the room
  - do: Show the bag to the camera.
    who: [administrator, internal-witness]
    record: {bag: text, box-serial: text}
  - generate: [k]
  - do: Make a copy.
    who: [administrator]
    backs-up: [k]
  - section: Sign
  - {issue: root-cert, profile: "builtin:private-root", subject: root, issuer: root, validity: {not-before: signing-day, for: 10y}}
  - do: Close the room.
    who: [auditor]
`},
}
