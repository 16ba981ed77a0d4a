// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// counting is a reader of bytes that are the same in every run.
type counting struct{ n uint64 }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, c.n))
		p[i] = sum[0]
		c.n++
	}
	return len(p), nil
}

// ticking is a clock that advances by a second and a half each time it is read.
type ticking struct{ n int }

func (c *ticking) Now() time.Time {
	c.n++
	return time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC).Add(c.Mono())
}
func (c *ticking) Mono() time.Duration { return time.Duration(c.n) * 1500 * time.Millisecond }

// room plays a small ceremony: a root, an issuing CA, a CRL.
type room struct {
	t         testing.TB
	dir       *artifact.Dir
	path      string
	j         *Journal
	how       event.How
	operation int
	keys      map[string]*ecdsa.PrivateKey
	certs     map[string]*x509.Certificate
	ids       map[string]string // of keys, by label
	objects   []event.Object    // on the token
}

type roomOptions struct {
	mode     event.Mode
	software bool
	seed     uint64
	unclosed bool // the token is left open
}

var testPlan = []byte(`{"approval":"none","ceremony":"2026-root-x1","version":1}`)

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) record(e event.Event, step string, by ...string) event.Record {
	r.t.Helper()
	how := event.Known(e)[0]
	switch {
	case len(by) > 0:
		how = r.how
	case how == event.Stated:
		how = event.Observed
	}
	rec, err := r.j.Append(e, step, how, by...)
	r.must(err)
	return rec
}

func openRoom(t testing.TB, o roomOptions) *room {
	t.Helper()
	r := &room{t: t, path: filepath.Join(t.TempDir(), "bundle"), how: event.Stated, keys: map[string]*ecdsa.PrivateKey{}, certs: map[string]*x509.Certificate{}, ids: map[string]string{}}
	dir, err := artifact.NewDir(r.path)
	r.must(err)
	r.dir = dir
	if o.mode == "" {
		o.mode = event.Run
	}
	if o.mode == event.Rehearsal {
		r.how = event.Simulated
	}
	site := []byte(`{"tokens":{"root":{"label":"example-root"}}}`)
	r.j, err = Create(dir, Start{
		Plan: testPlan, Clock: &ticking{}, Rand: &counting{n: 1000 * o.seed},
		Opened: event.CeremonyOpened{
			Ceremony: "2026-root-x1", Title: "Root X1 and its first <issuing> CAs", Mode: o.mode,
			SiteSHA256: hexDigest(site), SoftwareTokens: o.software, Unattended: o.mode == event.Rehearsal,
		},
		Tool: event.Tool{Version: "v0.1.0", Go: "go1.26.8", SHA256: strings.Repeat("7c", 32), VCSRevision: "0123456789abcdef", Linters: map[string]string{"zlint": "v3.7.3"}},
		Host: &event.Host{Name: "ceremony-1", OS: "linux", Arch: "amd64", Kernel: "6.12.0"},
	})
	r.must(err)
	if o.mode != event.Rehearsal {
		_, err := r.j.Append(event.PreflightChecked{Checks: []event.PreflightCheck{
			{Check: "bundle", Level: event.PreflightRequire, Met: true, Found: "it can be written"},
			{Check: "swap", Level: event.PreflightWarn, Met: true, Found: "off"},
		}}, "", event.Observed)
		r.must(err)
	}
	r.load(event.PlanPath, "plan", testPlan)
	r.load(event.SitePath, "site", site)
	return r
}

// load copies a file that the ceremony reads into the bundle, and records its digest.
func (r *room) load(path, kind string, data []byte) {
	r.must(r.j.dir.WriteFile(path, data))
	_, err := r.j.Append(event.FileLoaded{Path: path, Kind: kind, SHA256: hexDigest(data)}, "", event.Observed)
	r.must(err)
}

func (r *room) open(software bool) {
	r.record(event.ClockAttested{Room: "2026-12-01T09:00:00Z", Host: "2026-12-01T09:00:02Z", OffsetSeconds: -2, References: []string{"wall clock A", "radio clock B"}}, "", "alice", "bob")
	r.record(event.ParticipantArrived{Person: "alice", Role: "administrator"}, "", "alice")
	r.record(event.ParticipantArrived{Person: "bob", Role: "internal-witness"}, "", "bob")
	r.record(event.KeyboardTaken{Person: "alice"}, "", "alice")
	r.record(event.DigestRead{What: "plan", SHA256: hexDigest(testPlan), Words: "music customer waffle consensus"}, "", "alice", "bob")
	_, err := r.j.Append(event.TokenOpened{
		Token: "root", Label: "example-root", Serial: "5a1f0c9b7e3d2a10", Model: "Luna K7", Manufacturer: "Example", Firmware: "7.8",
		Flags: []string{"LOGIN_REQUIRED", "TOKEN_INITIALIZED"}, Login: "pin", Software: software,
		Module: &event.Module{Path: "/usr/lib/libexample.so", Description: "Example PKCS#11", SHA256: strings.Repeat("ab", 32)},
	}, "", event.Reported)
	r.must(err)
	r.record(event.TokenCensus{Token: "root", When: "opened", Objects: []event.Object{}}, "")
}

func (r *room) step(id, title, kind string, work func()) {
	r.record(event.StepStarted{Title: title, Kind: kind}, id)
	work()
	r.record(event.StepFinished{Outcome: event.StepDone}, id, "alice")
}

func (r *room) intend(e event.OperationIntended, step string) int {
	r.operation++
	e.Operation, e.Token, e.PlanSHA256 = r.operation, "root", hexDigest(testPlan)
	r.record(e, step)
	return r.operation
}

func (r *room) generate(label, step string) {
	scalar := sha512.Sum384([]byte("FAKE " + label))
	scalar[0] = 0
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P384(), scalar[:])
	r.must(err)
	r.keys[label] = key
	id := hex.EncodeToString(scalar[4:24])
	r.ids[label] = id
	added := []event.Object{{Class: "private-key", Label: label, ID: id}, {Class: "public-key", Label: label, ID: id}}
	r.objects = append(r.objects, added...)
	n := r.intend(event.OperationIntended{What: event.WhatGenerate, Key: &event.Key{Label: label, ID: id, Algorithm: "ecdsa-p384"}}, step)
	k := r.key(label)
	_, err = r.j.Append(event.OperationFinished{Operation: n, What: event.WhatGenerate, Token: "root", DurationMS: 41, Key: &event.Key{
		Label: label, ID: id, Algorithm: "ecdsa-p384", SPKI: k.SPKI, SPKISHA256: k.SPKISHA256,
		Attributes: []event.Attribute{
			{Half: "private", Name: "CKA_SENSITIVE", State: "value", Value: "true"},
			{Half: "private", Name: "CKA_EXTRACTABLE", State: "value", Value: "false"},
			{Half: "private", Name: "CKA_LOCAL", State: "unsupported"},
		},
	}, Census: &event.CensusChange{Added: added}}, step, event.Reported)
	r.must(err)
}

func (r *room) key(label string) *event.Key {
	spki, err := x509.MarshalPKIXPublicKey(r.keys[label].Public())
	r.must(err)
	return &event.Key{Label: label, SPKI: base64.StdEncoding.EncodeToString(spki), SPKISHA256: hexDigest(spki)}
}

// sign plays the whole way of one object from lint to the written artifact.
func (r *room) sign(id, kind, step, signer string, der, tbs, signature []byte, s *event.Summary) {
	digest := hexDigest(tbs)
	lint := []byte(fmt.Sprintf("{\"artifact\":%q}\n", id))
	r.must(r.dir.WriteFile("lint/"+id+".json", lint))
	r.record(event.ObjectLinted{Artifact: id, Stage: event.StageBeforeSigning, Clear: true, File: "lint/" + id + ".json", SHA256: hexDigest(lint),
		Engines: map[string]string{"zlint": "v3.7.3"}, Counts: map[string]int{"pass": 120, "warn": 1},
		Findings: []event.Finding{{Rule: "w_sub_ca_aia_missing", Status: "warn", Details: "no AIA", Waived: &event.Waiver{Reason: "internal CA", Approver: "erin"}}}}, step)
	r.record(event.SignatureConfirmed{Artifact: id, TBSSHA256: digest, Digits: []string{digest[:4], digest[4:8]}}, step, "alice", "bob")
	n := r.intend(event.OperationIntended{What: event.WhatSign, Key: &event.Key{Label: signer, SPKISHA256: r.key(signer).SPKISHA256}, Artifact: id,
		Algorithm: "ecdsa-sha384", TBS: base64.StdEncoding.EncodeToString(tbs), TBSSHA256: digest, LintSHA256: hexDigest(lint)}, step)
	_, err := r.j.Append(event.OperationFinished{Operation: n, What: event.WhatSign, Token: "root", DurationMS: 12, Signature: base64.StdEncoding.EncodeToString(signature)}, step, event.Reported)
	r.must(err)
	r.record(event.ObjectLinted{Artifact: id, Stage: event.StageAfterSigning, Clear: true}, step)
	s.SHA256 = hexDigest(der)
	r.must(r.j.WriteArtifact(event.ArtifactWritten{Artifact: id, Kind: kind, Summary: s}, der, step))
	r.record(event.ArtifactChecked{Artifact: id, Checks: []event.Check{{Name: "every declared field", OK: true}, {Name: "signature of the issuer", OK: true}}}, step)
	_, err = r.j.Seal()
	r.must(err)
}

// lower signs as a token of a ceremony does.
type lower struct{ *ecdsa.PrivateKey }

func (l lower) Sign(random io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	signature, err := l.PrivateKey.Sign(random, digest, o)
	if err != nil {
		return nil, err
	}
	spki, err := x509.MarshalPKIXPublicKey(l.Public())
	return algorithm.OneForm(spki, signature), err
}

func (r *room) certificate(id, step, subject, issuer string) {
	key := sha1.Sum([]byte(subject))
	parentKey := sha1.Sum([]byte(issuer))
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(key[:16]), Subject: pkix.Name{Country: []string{"US"}, Organization: []string{"Example Trust"}, CommonName: "FAKE " + subject},
		NotBefore: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2041, 11, 30, 23, 59, 59, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		SubjectKeyId: key[:], AuthorityKeyId: parentKey[:],
	}
	parent := r.certs[issuer]
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(nil, template, parent, r.keys[subject].Public(), lower{r.keys[issuer]})
	r.must(err)
	c, err := x509.ParseCertificate(der)
	r.must(err)
	r.certs[subject] = c
	r.sign(id, event.KindCertificate, step, issuer, der, c.RawTBSCertificate, c.Signature, &event.Summary{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), CommonName: c.Subject.CommonName, IssuerCommonName: c.Issuer.CommonName, Serial: c.SerialNumber.Text(16), CA: true, Key: subject, KeyAlgorithm: "ecdsa-p384",
		NotBefore: c.NotBefore.Format(time.RFC3339), NotAfter: c.NotAfter.Format(time.RFC3339), SignatureAlgorithm: "ecdsa-sha384",
		SubjectKeyID: hex.EncodeToString(c.SubjectKeyId), AuthorityKeyID: hex.EncodeToString(c.AuthorityKeyId), SPKISHA256: r.key(subject).SPKISHA256, Profile: "profiles/root.yaml",
	})
}

func (r *room) crl(id, step, issuer string) {
	der, err := x509.CreateRevocationList(nil, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC),
		NextUpdate: time.Date(2027, 11, 1, 0, 0, 0, 0, time.UTC)}, r.certs[issuer], lower{r.keys[issuer]})
	r.must(err)
	c, err := x509.ParseRevocationList(der)
	r.must(err)
	r.sign(id, event.KindCRL, step, issuer, der, c.RawTBSRevocationList, c.Signature, &event.Summary{
		Issuer: c.Issuer.String(), Number: "1", ThisUpdate: c.ThisUpdate.Format(time.RFC3339), NextUpdate: c.NextUpdate.Format(time.RFC3339),
		AuthorityKeyID: hex.EncodeToString(r.certs[issuer].SubjectKeyId), SignatureAlgorithm: "ecdsa-sha384",
	})
}

// play runs the whole ceremony up to its closing.
func (r *room) play(o roomOptions) {
	r.open(o.software)
	r.step("1", "Open the bags", "do", func() {
		r.record(event.StepRecorded{Fields: map[string]string{"bag-a": "A-0017", "bag-b": "A-0018"}}, "1", "alice", "bob")
		r.record(event.NoteAdded{Text: "Bag A has a small tear in its corner."}, "1", "bob")
	})
	r.step("2", "Make the keys: root-x1, e1", "generate", func() {
		r.generate("root-x1", "2")
		r.generate("e1", "2")
		r.record(event.DeviationRecorded{Expected: "keys within a minute", Happened: "the HSM was slow", Decision: "go on", DecidedBy: []string{"alice"}}, "2", "alice")
	})
	_, err := r.j.Seal()
	r.must(err)
	r.step("3", "Sign the root certificate", "issue", func() {
		r.record(event.TokenRestarted{Token: "root", Reason: event.ReasonFresh}, "3")
		r.record(event.KeyProved{Key: "root-x1", Token: "root", ID: r.ids["root-x1"], SPKISHA256: r.key("root-x1").SPKISHA256, How: event.ProvedFound, Fresh: true}, "3")
		r.certificate("root-x1-cert", "3", "root-x1", "root-x1")
	})
	r.step("4", "Sign the issuing CA", "issue", func() { r.certificate("e1-cert", "4", "e1", "root-x1") })
	n := r.intend(event.OperationIntended{What: event.WhatFind, Key: &event.Key{ID: "0a"}}, "")
	r.record(event.OperationFailed{Operation: n, What: event.WhatFind, Token: "root", Key: &event.Key{ID: "0a"}, Error: "CKR_DEVICE_ERROR", Effect: event.EffectNone}, "")
	r.step("5", "Publish the CRL", "crl", func() { r.crl("root-x1-crl-1", "5", "root-x1") })
	if o.unclosed {
		return
	}
	r.record(event.TokenCensus{Token: "root", When: event.CensusClosing, Objects: r.objects}, "")
	r.record(event.TokenClosed{Token: "root"}, "")
}

// makeBundle plays and closes a ceremony, and returns its folder.
func makeBundle(t testing.TB, o roomOptions) (string, *Closed) {
	t.Helper()
	r := openRoom(t, o)
	r.play(o)
	closed, err := r.j.Close(event.OutcomeComplete)
	r.must(err)
	return r.path, closed
}
