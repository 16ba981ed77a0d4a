// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"golang.org/x/mod/sumdb/note"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// seals are the seal keys of a forger, by session: one for each of a record that is
// sealed anew, or, in another generation, others.
type seals struct {
	ceremony   string
	generation byte
	one        bool // for all sessions
	nonce      byte // where it is not 0, the signatures are others than Ed25519 makes of a key
}

// sealOf is the seal key of a session.
type sealOf struct {
	private ed25519.PrivateKey
	origin  string
	vkey    string
	nonce   byte
}

func (s seals) of(session int) sealOf {
	seed := make([]byte, ed25519.SeedSize)
	seed[0], seed[1], seed[2] = s.generation, byte(session), 1
	if s.one {
		seed[1] = 0
	}
	k := sealOf{nonce: s.nonce, private: ed25519.NewKeyFromSeed(seed), origin: fmt.Sprintf("ceremony/%s/session-%d", s.ceremony, session)}
	k.vkey, _ = note.NewEd25519VerifierKey(k.origin, ed25519.PublicKey(k.private[ed25519.SeedSize:]))
	return k
}

// Name implements note.Signer.
func (k sealOf) Name() string { return k.origin }

// KeyHash implements note.Signer.
func (k sealOf) KeyHash() uint32 {
	v, err := note.NewVerifier(k.vkey)
	if err != nil {
		return 0
	}
	return v.KeyHash()
}

// Sign implements note.Signer.
func (k sealOf) Sign(msg []byte) ([]byte, error) { return k.sign(msg), nil }

// sign makes the one signature that RFC 8032 has for a key and a message, or another one,
// which verifies too.
func (k sealOf) sign(msg []byte) []byte {
	if k.nonce == 0 {
		return ed25519.Sign(k.private, msg)
	}
	return otherEd25519(k.private, msg, k.nonce)
}

// envelope signs the transcript.
type envelope struct{ sealOf }

// Sign implements dsse.Signer.
func (e envelope) Sign(_ context.Context, data []byte) ([]byte, error) {
	return e.sign(data), nil
}

// KeyID implements dsse.Signer.
func (e envelope) KeyID() (string, error) { return e.origin, nil }

// resealed is a record that was written anew, with the files that follow from it.
type resealed struct {
	records []event.Record
	files   map[string][]byte
	moved   map[string]string // files that are called after the number of a line: new name by its old one
}

// name gives the name that a file has now.
func (o *resealed) name(was string) string { return cmp.Or(o.moved[was], was) }

// errForm says that a line is none of the journal: whatever reads it refuses it.
var errForm = errors.New("not a line of a journal")

// reseal writes a record anew: numbers, links, heads, seals and counts are right again,
// but for those of the line that was changed. The forger has a seal key for each session.
func reseal(changed []event.Record, touched int, planSHA256 string, s seals) (*resealed, error) {
	out := &resealed{files: map[string][]byte{}, moved: map[string]string{}}
	moved := map[int]int{} // new number of a line by its old one
	prev := planSHA256
	for i := range changed {
		r := changed[i]
		was := r.Seq
		if i+1 < touched && s.generation == 0 { // the desk has it so
			prev, moved[was] = r.SHA256(), was
			out.records = append(out.records, r)
			continue
		}
		r.Seq, r.Prev, r.Session = i+1, prev, max(r.Session, 1)
		if was != touched {
			if err := out.follow(&r, moved, s); err != nil {
				return nil, err
			}
		}
		if err := r.Encode(); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", errForm, r.Seq, err)
		}
		if was == touched {
			if _, err := event.ParseRecord(r.Line); err != nil {
				return nil, fmt.Errorf("%w: line %d: %w", errForm, r.Seq, err)
			}
		}
		prev, moved[was] = r.SHA256(), r.Seq
		out.records = append(out.records, r)
	}
	return out, out.seal(s)
}

// follow makes right what a line says of the lines before it.
func (o *resealed) follow(r *event.Record, moved map[int]int, s seals) error {
	switch e := r.Event.(type) {
	case event.SessionStarted:
		e.SealKey = s.of(e.Session).vkey
		r.Event = e
	case event.JournalRecovered:
		e.Lines = r.Seq - 2
		if e.TornFile != "" {
			is := fmt.Sprintf("%s%06d", tornFiles, e.Lines)
			o.moved[e.TornFile], e.TornFile = is, is
		}
		r.Event = e
	case event.FileWritten:
		e.Path = o.name(e.Path)
		r.Event = e
	case event.CheckpointSealed:
		root, err := transcripts.HeadOver(o.records, len(o.records))
		if err != nil {
			return err
		}
		e.Size, e.Root = len(o.records), base64.StdEncoding.EncodeToString(root)
		e.File = notePath(e.Size)
		r.Event = e
	case event.DigestRead:
		return o.readAgain(r, e, moved, s)
	case event.CeremonyClosed:
		h := history.Of(o.records)
		e.Operations, e.Failed, e.Deviations, e.Signatures = h.Finished(), h.Failed(), len(h.Deviations), h.Standings()
		r.Event = e
	}
	return nil
}

func (o *resealed) readAgain(r *event.Record, e event.DigestRead, moved map[int]int, s seals) error {
	switch e.What {
	case event.WhatSeal:
		digest, err := transcripts.SealDigest(s.of(r.Session).vkey)
		if err != nil {
			return err
		}
		e.SHA256 = digest
	case event.WhatHead:
		if moved[e.Size] > 0 {
			e.Size = moved[e.Size]
		}
		root, err := transcripts.HeadOver(o.records, min(e.Size, len(o.records)))
		if err != nil {
			return err
		}
		e.SHA256 = hex.EncodeToString(root)
	default:
		return nil
	}
	digest, err := hex.DecodeString(e.SHA256)
	if err != nil {
		return err
	}
	if e.What == event.WhatHead {
		digest = digest[:transcripts.HeadBytes]
	}
	if e.Words != "" {
		e.Words = joinWords(term.Words(digest))
	}
	r.Event = e
	return nil
}

func notePath(size int) string { return fmt.Sprintf("journal/checkpoints/%06d.note", size) }

// seal makes the files that follow from the lines.
func (o *resealed) seal(s seals) error {
	var lines strings.Builder
	for i, r := range o.records {
		lines.Write(r.Line)
		lines.WriteByte('\n')
		_, sealed := r.Event.(event.CheckpointSealed)
		_, ended := r.Event.(event.SessionEnded)
		if sealed && i > 0 {
			if err := o.note(i, s.of(o.records[i-1].Session)); err != nil {
				return err
			}
		}
		if ended {
			if err := o.note(i+1, s.of(r.Session)); err != nil {
				return err
			}
		}
	}
	o.files[transcripts.JournalPath] = []byte(lines.String())
	h := history.Of(o.records)
	for _, started := range h.Sessions {
		o.files[fmt.Sprintf("journal/session-%d.vkey", started.Event.Session)] = []byte(started.Event.SealKey + "\n")
	}
	if h.Closed == nil {
		return nil
	}
	derived, err := transcripts.Derived(h)
	if err != nil {
		return fmt.Errorf("%w: %w", errForm, err) // close and verify say the same
	}
	for name, data := range derived {
		o.files[name] = data
	}
	signer, err := dsse.NewEnvelopeSigner(envelope{s.of(h.Session())})
	if err != nil {
		return err
	}
	signed, err := signer.SignPayload(context.Background(), "application/vnd.in-toto+json", derived["transcript.json"])
	if err != nil {
		return err
	}
	data, err := event.Canonical(signed)
	o.files["transcript.dsse.json"] = append(data, '\n')
	return err
}

// note seals the first lines.
func (o *resealed) note(size int, k sealOf) error {
	root, err := transcripts.HeadOver(o.records, size)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", k.origin, size, base64.StdEncoding.EncodeToString(root))
	data, err := note.Sign(&note.Note{Text: text}, k)
	o.files[notePath(size)] = data
	return err
}

// desk is where a forger works: all files of a bundle that do not follow from the
// journal, linked into a folder for each record that is written anew; and what is known
// from outside of the record before it was changed, which is sealed with the forger's keys.
type desk struct {
	from    string
	preview *plan.Preview
	static  []string
	instead map[string][]byte // files that the forger wrote anew
	plan    string            // SHA-256 of plan.json
	seals   seals
	records []event.Record
	others  []event.Record // the same told otherwise; nil where the forger has no more

	notices  []string // of verify
	manifest []byte
	heads    []transcripts.Head // that were read aloud, and the last one
	sealKeys []string
	policy   string // SHA-256 of the trust policy; empty where there is none
}

// follows are the files that follow from the journal.
var follows = []string{"MANIFEST", "README-VERIFY.md", "transcript.json", "transcript.dsse.json", "report/report.html", "trust/seal.pem"}

func newDesk(t *testing.T, g *golden, records []event.Record) (*desk, error) {
	t.Helper()
	d := &desk{from: g.dir, preview: g.preview, others: g.instead, plan: plan.SHA256Hex(read(t, g.dir, event.PlanPath)), policy: g.anchors.PolicySHA256}
	d.seals.ceremony = g.preview.Plan.Ceremony.ID
	if err := d.gather(); err != nil {
		return nil, err
	}
	o, err := reseal(records, 0, d.plan, d.seals)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := d.write(dir, o); err != nil {
		return nil, err
	}
	v, err := verify.Bundle(context.Background(), dir, d.options())
	if err != nil {
		return nil, err
	}
	defer v.Close()
	if len(v.Problems)+len(v.Incomplete) > 0 {
		return nil, fmt.Errorf("the record itself: %s", said(v))
	}
	d.records, d.notices, d.manifest = o.records, v.Notices, o.files["MANIFEST"]
	return d, d.known()
}

// gather lists the files that do not follow from the journal.
func (d *desk) gather() error {
	return filepath.WalkDir(d.from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(d.from, path)
		if name = filepath.ToSlash(name); !strings.HasPrefix(name, "journal/") && !slices.Contains(follows, name) && !growing(name) {
			d.static = append(d.static, name)
		}
		return err
	})
}

// list makes the MANIFEST of a record that was closed.
func (d *desk) list(o *resealed) error {
	if o.files["transcript.json"] == nil {
		return nil
	}
	m := transcripts.Manifest{}
	if opened, ok := o.records[0].Event.(event.CeremonyOpened); ok {
		m = transcripts.Manifest{Ceremony: opened.Ceremony, Rehearsal: opened.Mode == event.Rehearsal, Software: opened.SoftwareTokens}
	}
	add := func(name string, sum artifact.Digest) {
		name = o.name(name)
		m.Entries = append(m.Entries, transcripts.Entry{Path: name, SHA256: sum.SHA256Hex(), SHA512: sum.SHA512Hex()})
	}
	for _, name := range d.static {
		sum, err := artifact.SumFile(filepath.Join(d.from, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		add(name, sum)
	}
	for name, data := range o.files {
		add(name, artifact.Sum(data))
	}
	o.files["MANIFEST"] = m.Bytes()
	return nil
}

// known takes over what is on paper.
func (d *desk) known() error {
	last := len(d.records)
	sizes := []int{last}
	session := 0
	for _, r := range d.records {
		session = max(session, r.Session)
		if e, ok := r.Event.(event.DigestRead); ok && e.What == event.WhatHead {
			sizes = append(sizes, e.Size)
		}
	}
	for _, size := range sizes {
		root, err := transcripts.HeadOver(d.records, size)
		if err != nil {
			return err
		}
		d.heads = append(d.heads, transcripts.Head{Size: size, Root: root[:transcripts.HeadBytes]})
	}
	key, err := transcripts.SealDigest(d.seals.of(session).vkey)
	d.sealKeys = []string{key}
	return err
}

// lay puts the files that do not follow from the journal into a folder.
func (d *desk) lay(dir string) error {
	for _, name := range d.static {
		if strings.HasPrefix(name, tornFiles) {
			continue
		}
		if err := d.link(dir, name, name); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) link(dir, from, to string) error {
	path := filepath.Join(dir, filepath.FromSlash(to))
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.Link(filepath.Join(d.from, filepath.FromSlash(from)), path))
}

// tornFiles keep lines that an interruption cut off. Each is called after the number of
// lines before it.
const tornFiles = "evidence/journal-torn-after-"

// layTorn puts those files into a folder, in place of those that are there.
func (d *desk) layTorn(dir string, o *resealed) error {
	there, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(tornFiles)) + "*")
	for _, path := range there {
		err = errors.Join(err, os.Remove(path))
	}
	for _, name := range d.static {
		if strings.HasPrefix(name, tornFiles) {
			err = errors.Join(err, d.link(dir, name, o.name(name)))
		}
	}
	return err
}

// put replaces the journal in a folder.
func (d *desk) put(dir string, o *resealed) error {
	if err := os.RemoveAll(filepath.Join(dir, "journal")); err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "journal/checkpoints"), 0o755), d.layTorn(dir, o)); err != nil {
		return err
	}
	for name, data := range o.files {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// write makes a bundle of a record.
func (d *desk) write(dir string, o *resealed) error {
	maps.Copy(o.files, d.instead)
	if err := errors.Join(d.lay(dir), d.layTorn(dir, o), d.list(o)); err != nil {
		return err
	}
	for name, data := range o.files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
			return err
		}
	}
	return nil
}
