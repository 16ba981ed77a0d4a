// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"rootceremony/transcripts/event"
)

// Checkpoint is a signed head of the journal, as c2sp.org/tlog-checkpoint
// defines it.
type Checkpoint struct {
	Origin string
	Size   int    // number of lines
	Root   []byte // of the RFC 6962 tree over them
	Note   []byte // the signed note
}

// maxNote is more than any checkpoint needs.
const maxNote = 4096

// sealKey is the key pair of one session, in memory only.
type sealKey struct {
	private ed25519.PrivateKey
	origin  string
	vkey    string
	hash    uint32
	digest  string // SHA-256 of the SubjectPublicKeyInfo
}

// checkpointOrigin returns the first line of a session's checkpoints, which is also the
// name of its seal key.
func checkpointOrigin(ceremony string, session int) string {
	return fmt.Sprintf("ceremony/%s/session-%d", ceremony, session)
}

// HeadBytes is how much of a head is read aloud in the middle of a ceremony,
// as one word a byte: enough that nobody can make another record with it.
const HeadBytes = 16

// HeadOver returns the root of the RFC 6962 tree over the first size records.
func HeadOver(records []event.Record, size int) ([]byte, error) {
	if size < 1 || size > len(records) {
		return nil, fmt.Errorf("the head over %d lines of a journal of %d", size, len(records))
	}
	t, err := treeOf(records[:size])
	if err != nil {
		return nil, err
	}
	root, err := t.root(size)
	return root[:], err
}

// treeOf makes the RFC 6962 tree over the lines of records.
func treeOf(records []event.Record) (*tree, error) {
	var t tree
	for _, r := range records {
		if err := t.add(r.Line); err != nil {
			return nil, err
		}
	}
	return &t, nil
}

func newSealKey(random io.Reader, origin string) (*sealKey, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return nil, fmt.Errorf("making seal key: %w", err)
	}
	private := ed25519.NewKeyFromSeed(seed)
	clear(seed)
	public := ed25519.PublicKey(private[ed25519.SeedSize:]) // RFC 8032 5.1.5: the second half
	vkey, err := note.NewEd25519VerifierKey(origin, public)
	if err != nil {
		return nil, fmt.Errorf("making seal key: %w", err)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("making seal key: %w", err)
	}
	digest, err := SealDigest(vkey)
	if err != nil {
		return nil, fmt.Errorf("making seal key: %w", err)
	}
	return &sealKey{private: private, origin: origin, vkey: vkey, hash: verifier.KeyHash(), digest: digest}, nil
}

// Name implements note.Signer.
func (k *sealKey) Name() string { return k.origin }

// KeyHash implements note.Signer.
func (k *sealKey) KeyHash() uint32 { return k.hash }

// Sign implements note.Signer.
func (k *sealKey) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(k.private, msg), nil }

// forget overwrites the private key.
func (k *sealKey) forget() { clear(k.private) }

func (k *sealKey) seal(size int, root tlog.Hash) (Checkpoint, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", k.origin, size, root)
	signed, err := note.Sign(&note.Note{Text: text}, k)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sealing journal: %w", err)
	}
	return Checkpoint{Origin: k.origin, Size: size, Root: root[:], Note: signed}, nil
}

// parseCheckpoint checks the signature of a checkpoint by the vkey, and its
// form. It knows nothing of the journal.
func parseCheckpoint(data []byte, vkey string) (Checkpoint, error) {
	if len(data) > maxNote {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d bytes, at most %d are allowed", len(data), maxNote)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("seal key: %w", err)
	}
	n, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	again, err := note.Sign(&note.Note{Text: n.Text, Sigs: n.Sigs}) // Open reads over a signature that comes twice
	if err != nil || !bytes.Equal(again, data) || len(lines) != 4 || lines[3] != "" || event.IsBase64("signature", n.Sigs[0].Base64) != nil {
		return Checkpoint{}, errors.New("checkpoint: want origin, size, root and one signature in base64, and nothing else")
	}
	size, err := strconv.Atoi(lines[1])
	if err != nil || size < 1 || strconv.Itoa(size) != lines[1] {
		return Checkpoint{}, fmt.Errorf("checkpoint: size %q is not a positive number", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize || event.IsBase64("root", lines[2]) != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: root %q is not the base64 of 32 bytes", lines[2])
	}
	if lines[0] != verifier.Name() {
		return Checkpoint{}, fmt.Errorf("checkpoint: origin %q, but the key is for %q", lines[0], verifier.Name())
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root, Note: data}, nil
}

// publicKeyOf returns the Ed25519 key of a vkey.
func publicKeyOf(vkey string) (ed25519.PublicKey, error) {
	if _, err := note.NewVerifier(vkey); err != nil {
		return nil, fmt.Errorf("seal key: %w", err)
	}
	parts := strings.SplitN(vkey, "+", 3)
	data, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, fmt.Errorf("seal key: %w", err)
	}
	return ed25519.PublicKey(data[1:]), nil
}

// originOf returns the name of a vkey.
func originOf(vkey string) string {
	name, _, _ := strings.Cut(vkey, "+")
	return name
}

// sealDER returns the key of a vkey as a SubjectPublicKeyInfo.
func sealDER(vkey string) ([]byte, error) {
	public, err := publicKeyOf(vkey)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("seal key: %w", err)
	}
	return der, nil
}

// SealDigest returns the SHA-256 of the key of a vkey as a
// SubjectPublicKeyInfo, which is what is on paper.
func SealDigest(vkey string) (string, error) {
	der, err := sealDER(vkey)
	if err != nil {
		return "", err
	}
	return hexDigest(der), nil
}

// sealPEM returns the key of a vkey in the form that openssl reads.
func sealPEM(vkey string) ([]byte, error) {
	der, err := sealDER(vkey)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// tree is an RFC 6962 tree that grows, held in memory.
type tree struct {
	hashes []tlog.Hash
	size   int
}

func (t *tree) read(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		found[i] = t.hashes[at]
	}
	return found, nil
}

func (t *tree) add(line []byte) error {
	hashes, err := tlog.StoredHashes(int64(t.size), line, tlog.HashReaderFunc(t.read))
	if err != nil {
		return err
	}
	t.hashes = append(t.hashes, hashes...)
	t.size++
	return nil
}

// root returns the root over the first size lines.
func (t *tree) root(size int) (tlog.Hash, error) {
	return tlog.TreeHash(int64(size), tlog.HashReaderFunc(t.read))
}
