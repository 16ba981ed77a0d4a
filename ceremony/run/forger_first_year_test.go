// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
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

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

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
