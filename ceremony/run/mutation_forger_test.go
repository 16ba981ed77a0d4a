// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/templates"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// relisted makes MANIFEST right again after a change, as anybody can.
func relisted(t *testing.T, dir string, change func(*transcripts.Manifest)) {
	t.Helper()
	m, err := transcripts.ParseManifest(read(t, dir, transcripts.ManifestPath))
	if err != nil {
		t.Fatal(err)
	}
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	m.Entries = nil
	for _, name := range tree.Paths() {
		if name == transcripts.ManifestPath || growing(name) {
			continue
		}
		d, err := tree.Digest(name)
		if err != nil {
			t.Fatal(err)
		}
		m.Entries = append(m.Entries, transcripts.Entry{Path: name, SHA256: d.SHA256Hex(), SHA512: d.SHA512Hex()})
	}
	if change != nil {
		change(&m)
	}
	write(t, dir, transcripts.ManifestPath, m.Bytes())
}

// listedAgain are changes after which MANIFEST was made right again, or was the
// thing to change.
func listedAgain() []mutation {
	var all []mutation
	add := func(name, says string, do func(t *testing.T, g *golden, dir string)) {
		all = append(all, mutation{name: name, names: []string{says}, do: do})
	}
	for name, says := range map[string]string{
		"artifacts/root-cert.der":                 "its digest differs from the one in journal",
		"artifacts/ca-cert.pem":                   "its digest differs from the one in journal",
		"lint/root-cert.before.json":              "its digest differs from the one in journal",
		"lint/root-crl.after.json":                "its digest differs from the one in journal",
		"plan/ceremony.yaml":                      "its digest differs from the one in journal",
		"plan/profiles/example-root-crl.yaml":     "its digest differs from the one in journal",
		"plan/site.json":                          "its digest differs from the one in journal",
		"plan/script.html":                        "its digest differs from the one in journal",
		"plan/approvals/plan.json.ann.sig":        "its digest differs from the one in journal",
		"plan/profiles/example-root.profile.json": "its digest differs from the one in journal",
		"trust/policy.json":                       "its digest differs from the one in journal",
		"trust/seal.pem":                          "differs from what the journal gives",
		"transcript.json":                         "differs from what the journal gives",
		"report/report.html":                      "differs from what the journal gives",
		"README-VERIFY.md":                        "differs from what the journal gives",
		"transcript.dsse.json":                    "",
		"journal/session-1.vkey":                  "not the seal key",
	} {
		add("flip a byte of "+name+" and list it", name+": "+says, func(t *testing.T, _ *golden, dir string) {
			data := read(t, dir, name)
			data[len(data)/2] ^= 1
			write(t, dir, name, data)
			relisted(t, dir, nil)
		})
	}
	for _, name := range []string{"artifacts/extra.der", "withheld/root-cert.der", "plan/inputs/extra", "lint/extra.json", "evidence/extra", "extra"} {
		add("add "+name+" and list it", name+": no event names this file", func(t *testing.T, _ *golden, dir string) {
			write(t, dir, name, []byte("x"))
			relisted(t, dir, nil)
		})
	}
	manifest := func(name string, change func(*transcripts.Manifest)) {
		add("MANIFEST: "+name, "MANIFEST: ", func(t *testing.T, _ *golden, dir string) { relisted(t, dir, change) })
	}
	manifest("is that of a rehearsal", func(m *transcripts.Manifest) { m.Rehearsal = true })
	manifest("hides that tokens were software", func(m *transcripts.Manifest) { m.Software = false })
	manifest("names another ceremony", func(m *transcripts.Manifest) { m.Ceremony = "slow" })
	manifest("leads out of the bundle", func(m *transcripts.Manifest) { m.Entries[0].Path = "../../etc/passwd" })
	manifest("lists a signature", func(m *transcripts.Manifest) { m.Entries[0].Path = "signatures/MANIFEST.ann.sig" })
	manifest("lists a file twice", func(m *transcripts.Manifest) { m.Entries = append(m.Entries, m.Entries[0]) })
	manifest("has half a digest", func(m *transcripts.Manifest) { m.Entries[0].SHA512 = m.Entries[0].SHA512[:64] })
	return all
}

// everywhere calls a person by another name in the whole record.
func everywhere(was, is string) func([]event.Record) []event.Record {
	rename := func(people []string) []string {
		people = slices.Clone(people)
		for i := range people {
			people[i] = strings.Replace(people[i], was, is, 1)
		}
		return people
	}
	return func(records []event.Record) []event.Record {
		for i := range records {
			records[i].By = rename(records[i].By)
		}
		records = eachEvent(func(e *event.ParticipantArrived) { e.Person = rename([]string{e.Person})[0] })(records)
		return eachEvent(func(e *event.DeviationRecorded) { e.DecidedBy = rename(e.DecidedBy) })(records)
	}
}

// forgedKeys are records of other keys than those of the room.
func forgedKeys() []mutation {
	var all []mutation
	add := func(name, says string, do func(t *testing.T, g *golden, dir string)) {
		all = append(all, mutation{name: "keys: " + name, names: []string{says}, do: do})
	}
	part := func(name, says string) {
		add(name+" of another ceremony", says, func(t *testing.T, g *golden, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			linked(t, filepath.Join(g.other, name), filepath.Join(dir, name))
			relisted(t, dir, nil)
		})
	}
	part("artifacts", "artifacts/root-cert.der: its digest differs from the one in journal")
	part("journal", "artifacts/root-cert.der: its digest differs from the one in journal")
	part("journal/checkpoints", "journal/checkpoints/")
	part("report", "report/report.html: differs from what the journal gives")
	part("trust", "trust/seal.pem: differs from what the journal gives")
	add("a CRL signed by another key", "the signature does not verify under the public key", func(t *testing.T, g *golden, dir string) {
		key := newP256(t)
		g.forge(t, dir, func(r []event.Record) []event.Record { return signedAgain(t, dir, r, key, "root-crl") })
	})
	add("everything signed by another root key", "the signature does not verify under the public key", func(t *testing.T, g *golden, dir string) {
		key := newP256(t)
		g.forge(t, dir, func(r []event.Record) []event.Record { return signedAgain(t, dir, r, key, "") })
	})
	add("everything signed by another root key, which the record names", "do not follow from plan.json", func(t *testing.T, g *golden, dir string) {
		key := newP256(t)
		g.forge(t, dir, func(r []event.Record) []event.Record {
			return named(t, signedAgain(t, dir, r, key, ""), key)
		})
	})
	return all
}

func newP256(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// rootKey is the key that the record says the root has.
func rootKey(records []event.Record) event.Key {
	for _, r := range records {
		if e, ok := r.Event.(event.OperationFinished); ok && e.What == event.WhatGenerate && e.Key.Label == "root" {
			return *e.Key
		}
	}
	return event.Key{}
}

// signedAgain has another key make the signatures of the root, or the one on
// one artifact, and makes files and events agree.
func signedAgain(t *testing.T, dir string, records []event.Record, key *ecdsa.PrivateKey, only string) []event.Record {
	t.Helper()
	root, made := rootKey(records).SPKISHA256, map[int]string{}
	ders := map[string][]byte{}
	for _, r := range records {
		in, ok := r.Event.(event.OperationIntended)
		if !ok || in.What != event.WhatSign || in.Key.SPKISHA256 != root || only != "" && in.Artifact != only {
			continue
		}
		tbs, err := base64.StdEncoding.DecodeString(in.TBS)
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(tbs)
		signature, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		spki, err := x509.MarshalPKIXPublicKey(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		signature = algorithm.OneForm(spki, signature)
		made[in.Operation] = base64.StdEncoding.EncodeToString(signature)
		if ders[in.Artifact], err = templates.Assemble(tbs, algorithm.Signature(in.Algorithm), signature); err != nil {
			t.Fatal(err)
		}
	}
	records = eachEvent(func(e *event.OperationFinished) {
		if s := made[e.Operation]; s != "" {
			e.Signature = s
		}
	})(records)
	return eachEvent(func(e *event.ArtifactWritten) {
		der, ok := ders[e.Artifact]
		if !ok {
			return
		}
		data, sum := der, *e.Summary
		if e.Encoding == event.EncodingPEM {
			data = transcripts.PEM(e.Kind, der, false)
		}
		write(t, dir, e.Path, data)
		d := artifact.Sum(data)
		sum.SHA256 = plan.SHA256Hex(der)
		e.SHA256, e.SHA512, e.Size, e.Summary = d.SHA256Hex(), d.SHA512Hex(), d.Size, &sum
	})(records)
}

// named lets the record say that the root's key is another one.
func named(t *testing.T, records []event.Record, key *ecdsa.PrivateKey) []event.Record {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	root := rootKey(records).SPKISHA256
	other := func(k *event.Key) *event.Key {
		if k == nil || k.SPKISHA256 != root {
			return k
		}
		is := *k
		is.SPKISHA256 = plan.SHA256Hex(spki)
		if is.SPKI != "" {
			is.SPKI = base64.StdEncoding.EncodeToString(spki)
		}
		return &is
	}
	records = eachEvent(func(e *event.OperationIntended) { e.Key = other(e.Key) })(records)
	records = eachEvent(func(e *event.OperationFinished) { e.Key = other(e.Key) })(records)
	return eachEvent(func(e *event.KeyProved) {
		if e.SPKISHA256 == root {
			e.SPKISHA256 = plan.SHA256Hex(spki)
		}
	})(records)
}

// TestPolicyOfTheBundle documents what a bundle verified by its own policy shows:
// a forger brings the policy that he likes. Only its digest, from outside, tells;
// what can be told without it is that it had expired.
func TestPolicyOfTheBundle(t *testing.T) {
	g := makeGolden(t)
	for name, c := range map[string]struct {
		change func(*approval.Draft)
		says   string
	}{
		"a lower threshold":  {func(d *approval.Draft) { d.Roles[0].Threshold = 1 }, ""},
		"the version before": {func(d *approval.Draft) { d.Version, d.Previous = 1, "" }, ""},
		"a key more":         {func(d *approval.Draft) { d.People[1].Keys = append(d.People[1].Keys, personOf(t, "eve").Keys...) }, ""},
		"expired":            {func(d *approval.Draft) { d.Expires = d.Expires.AddDate(-2, 0, 0) }, "the approvals do not meet the policy"},
		"a higher threshold": {func(d *approval.Draft) { d.Roles[0].Threshold = 3 }, "the approvals do not meet the policy"},
	} {
		dir := g.copied(t)
		unsigned(t, dir)
		g.forgePolicy(t, dir, policyFor(t, c.change))
		v, problems := verified(t, dir, verify.Options{})
		if c.says == "" && (!v.OK() || v.IsAnchored() || !strings.Contains(v.Approval, "no outside anchor")) {
			t.Errorf("%s: %q, approval %q", name, problems, v.Approval)
		}
		if !strings.Contains(problems, c.says) {
			t.Errorf("%s: want %q in\n%s", name, c.says, problems)
		}
		if _, problems := verified(t, dir, verify.Options{PolicySHA256: g.anchors.PolicySHA256}); !strings.Contains(problems, "trust/policy.json: its SHA-256 is") {
			t.Errorf("%s: with the policy's digest:\n%s", name, problems)
		}
	}
}

// forgePolicy puts another policy into a bundle and makes the record agree, also
// in what it says of who approved.
func (g *golden) forgePolicy(t *testing.T, dir string, policy []byte) {
	t.Helper()
	var said event.PlanApproval
	for _, r := range g.records(t) {
		if r.Event.Type() != said.Type() {
			continue
		}
		c, err := g.preview.ApprovalCase(read(t, dir, "plan/site.json"), os.DirFS(filepath.Join(dir, "plan/approvals")), r.Time)
		if err != nil {
			t.Fatal(err)
		}
		v, err := approval.CheckPlan(policy, plan.SHA256Hex(policy), c)
		if err != nil {
			t.Fatal(err)
		}
		said = verify.ApprovedEvent(v, g.preview.WarningTexts())
		break
	}
	write(t, dir, plan.PolicyPath, policy)
	g.forge(t, dir, func(r []event.Record) []event.Record {
		r = eachEvent(func(e *event.PlanApproval) { *e = said })(r)
		r = eachEvent(func(e *event.PreflightChecked) {
			e.Checks = slices.Clone(e.Checks)
			for i := range e.Checks {
				e.Checks[i].Found = strings.ReplaceAll(e.Checks[i].Found, g.anchors.PolicySHA256, plan.SHA256Hex(policy))
			}
		})(r)
		return eachEvent(func(e *event.FileLoaded) {
			if e.Path == plan.PolicyPath {
				e.SHA256 = plan.SHA256Hex(policy)
			}
		})(r)
	})
}
