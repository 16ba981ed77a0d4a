// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"errors"
	"fmt"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Closed is what people compare and sign.
type Closed struct {
	Manifest       []byte
	ManifestSHA256 string
	Head           Checkpoint // over all lines
}

// Close ends the ceremony, with OutcomeComplete or OutcomeAbandoned: it records
// CeremonyClosed with its counts, ends the session and seals all lines; then it
// writes transcript.json and its signature, the report, README-VERIFY.md and,
// last, MANIFEST. The seal key is forgotten, and the journal takes no more
// events.
func (j *Journal) Close(outcome string) (*Closed, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	closed, err := j.close(outcome)
	if err = errors.Join(err, j.release()); err != nil {
		return nil, fmt.Errorf("closing ceremony: %w", err)
	}
	return closed, nil
}

func (j *Journal) close(outcome string) (*Closed, error) {
	if err := j.tidy(); err != nil {
		return nil, err
	}
	h := j.sum()
	last := event.CeremonyClosed{
		Outcome: outcome, Operations: h.Finished(), Failed: h.Failed(),
		Deviations: len(h.Deviations), Signatures: h.Standings(), Renderer: RendererVersion,
	}
	if _, err := j.append(last, "", event.Observed, nil); err != nil {
		return nil, err
	}
	head, err := j.end()
	if err != nil {
		return nil, err
	}
	if err := j.writeDerived(); err != nil {
		return nil, err
	}
	manifest, err := j.writeManifest(h.Opened)
	if err != nil {
		return nil, err
	}
	return &Closed{Manifest: manifest, ManifestSHA256: hexDigest(manifest), Head: head}, nil
}

// writeDerived writes all that follows from the journal.
func (j *Journal) writeDerived() error {
	h := j.sum()
	files, err := Derived(h)
	if err != nil {
		return err
	}
	envelope, err := signTranscript(files[transcriptPath], j.key)
	if err != nil {
		return err
	}
	files[envelopePath] = envelope
	for _, path := range derived {
		if err := j.dir.WriteFile(path, files[path]); err != nil {
			return err
		}
	}
	return nil
}

// renderer makes the files that follow from the journal, by path, as one version of it does.
// The transcript is also signed with the seal key.
type renderer map[string]func(*history.History) ([]byte, error)

// renderers are the versions that this program renders by. One that released programs
// rendered by stays here with its templates: what a forger says to be of a version that is
// not here is compared with nothing, and so a bundle of it is never complete.
var renderers = map[int]renderer{
	RendererVersion: {transcriptPath: transcriptBytes, reportPath: reportOf, readmePath: readmeText},
}

// Renders reports whether this program renders by a version.
func Renders(version int) bool { return renderers[version] != nil }

// Derived gives the files that follow from the journal of a ceremony that is closed, by
// path.
func Derived(h *history.History) (map[string][]byte, error) {
	files := map[string][]byte{}
	data, err := lastSealPEM(h) // whatever version renders the rest
	if err != nil {
		return nil, err
	}
	files[sealPEMPath] = data
	for path, derive := range renderers[RendererVersion] {
		if files[path], err = derive(h); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// lastSealPEM gives the seal key of the last session in the form that openssl reads.
func lastSealPEM(h *history.History) ([]byte, error) {
	if len(h.Sessions) == 0 {
		return nil, errors.New("the journal has no session")
	}
	return sealPEM(h.Sessions[len(h.Sessions)-1].Event.SealKey)
}

// writeManifest lists all files of the bundle.
func (j *Journal) writeManifest(o event.CeremonyOpened) ([]byte, error) {
	tree, err := artifact.ReadTree(j.dir.Path("."), artifact.Limits{})
	if tree == nil {
		return nil, err
	}
	defer tree.Close() //nolint:errcheck // read only
	if err != nil {
		return nil, err
	}
	m := Manifest{Ceremony: o.Ceremony, Rehearsal: o.Mode == event.Rehearsal, Software: o.SoftwareTokens}
	for _, path := range tree.Paths() {
		if !listed(path) {
			continue
		}
		d, err := tree.Digest(path)
		if err != nil {
			return nil, err
		}
		m.Entries = append(m.Entries, Entry{Path: path, SHA256: d.SHA256Hex(), SHA512: d.SHA512Hex()})
	}
	data := m.Bytes()
	return data, j.dir.WriteFile(ManifestPath, data)
}
