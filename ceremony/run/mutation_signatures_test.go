// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"os"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// replaced puts another file where the journal names one, and forges a record
// that says so.
func (g *golden) replaced(t *testing.T, dir, file string, data []byte) {
	t.Helper()
	write(t, dir, file, data)
	g.forge(t, dir, func(r []event.Record) []event.Record {
		policy := plan.SHA256Hex(read(t, dir, plan.PolicyPath))
		r = eachEvent(func(e *event.PlanApproval) { e.PolicySHA256 = policy })(r)
		return eachEvent(func(e *event.FileLoaded) {
			if e.Path == file {
				e.SHA256 = plan.SHA256Hex(data)
			}
		})(r)
	})
}

// forgedSignatures change what people signed after the ceremony.
func forgedSignatures() []mutation {
	var all []mutation
	manifest := func(t *testing.T, dir string) []byte { return read(t, dir, "MANIFEST") }
	add := func(name, file, says string, data func(t *testing.T, dir string) []byte) {
		all = append(all, mutation{name: "signature: " + name, names: []string{says}, do: func(t *testing.T, _ *golden, dir string) {
			write(t, dir, file, data(t, dir))
		}})
	}
	const ann = "signatures/MANIFEST.ann.sig"
	add("wrong namespace", ann, ann, func(t *testing.T, dir string) []byte { return signature(t, "ann", approval.Review, manifest(t, dir)) })
	add("wrong person", ann, ann+": the signer is ben", func(t *testing.T, dir string) []byte {
		return signature(t, "ben", approval.ManifestDeclaration, manifest(t, dir))
	})
	add("unknown person", ann, "the policy requires 1 signature on MANIFEST as administrator", func(t *testing.T, dir string) []byte {
		return signature(t, "eve", approval.ManifestDeclaration, manifest(t, dir))
	})
	add("over another manifest", ann, ann, func(t *testing.T, dir string) []byte {
		return signature(t, "ann", approval.ManifestDeclaration, []byte("x"))
	})
	add("under the name of nobody", "signatures/MANIFEST.erin.sig", "signatures/MANIFEST.erin.sig: the signer is ann", func(t *testing.T, dir string) []byte {
		return signature(t, "ann", approval.ManifestDeclaration, manifest(t, dir))
	})
	add("nobody touched the device", "signatures/MANIFEST.cat.ceremony-review-v1.sig", "MANIFEST.cat", func(t *testing.T, dir string) []byte {
		return signature(t, "cat, untouched", approval.Review, manifest(t, dir))
	})
	add("a statement of somebody else", "attestations/ben.json.sig", "attestations/ben.json", func(t *testing.T, dir string) []byte {
		return signature(t, "ann", approval.Review, read(t, dir, "attestations/ben.json"))
	})
	add("a statement that was changed", "attestations/ben.json", "attestations/ben.json", func(t *testing.T, dir string) []byte {
		return []byte(strings.Replace(string(read(t, dir, "attestations/ben.json")), "open", "shut", 1))
	})
	return all
}

// otherKeys take what another ceremony after the same plan made, with other keys.
func otherKeys(t *testing.T, g *golden) []mutation {
	other := &golden{dir: g.other, preview: g.preview}
	signatures := map[string]string{} // by artifact
	intents := map[int]string{}
	for _, r := range other.records(t) {
		switch e := r.Event.(type) {
		case event.OperationIntended:
			intents[e.Operation] = e.Artifact
		case event.OperationFinished:
			if a := intents[e.Operation]; a != "" && e.Signature != "" {
				signatures[a] = e.Signature
			}
		}
	}
	var all []mutation
	for _, name := range []string{"artifacts/root-cert.der", "artifacts/ca-cert.der", "artifacts/ca-cert.pem", "artifacts/root-crl.der"} {
		all = append(all, mutation{name: "re-signed by another key: " + name, names: []string{name}, do: func(t *testing.T, _ *golden, dir string) {
			write(t, dir, name, read(t, other.dir, name))
		}})
	}
	all = append(all, mutation{name: "forge: the other form of a signature", names: []string{"the signature has its higher s"}, do: func(t *testing.T, g *golden, dir string) {
		g.forge(t, dir, func(records []event.Record) []event.Record {
			h := history.Of(records)
			done := h.Signed("root-cert").Finished
			records[done.Seq-1].Event = inOtherForm(t, h, done.Event)
			return records
		})
	}})
	for artifact, signature := range signatures {
		all = append(all, mutation{name: "forge: signed by another key: " + artifact, names: []string{"operation.finished: operation"}, do: func(t *testing.T, g *golden, dir string) {
			of := map[int]string{}
			g.forge(t, dir, func(records []event.Record) []event.Record {
				for i, r := range records {
					switch e := r.Event.(type) {
					case event.OperationIntended:
						of[e.Operation] = e.Artifact
					case event.OperationFinished:
						if of[e.Operation] == artifact {
							e.Signature = signature
							records[i].Event = e
						}
					}
				}
				return records
			})
		}})
	}
	return append(all, mutation{name: "another ceremony after the same plan", blind: true, names: []string{"MANIFEST: its SHA-256 differs from the given anchor"},
		do: func(t *testing.T, _ *golden, dir string) {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(dir, os.DirFS(other.dir)); err != nil {
				t.Fatal(err)
			}
		}})
}
