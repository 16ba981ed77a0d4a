// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// WriteFile writes a file that is no artifact into the bundle, and records
// its digest.
func (j *Journal) WriteFile(path, kind string, data []byte, step string) (event.Record, error) {
	if err := j.dir.WriteFile(path, data); err != nil {
		return event.Record{}, fmt.Errorf("writing into the bundle: %w", err)
	}
	return j.Append(event.FileWritten{Path: path, Kind: kind, SHA256: hexDigest(data), Size: int64(len(data))}, step, event.Observed)
}

// WriteArtifact writes the files of an artifact that the attempt under way does
// not have yet, one for each encoding, and records them. Names, encodings,
// digests and sizes follow from the journal and the DER, and are filled in.
func (j *Journal) WriteArtifact(a event.ArtifactWritten, der []byte, step string) error {
	made, marked := j.attempt(a.Artifact)
	set := fileSet{made.ID, made.Attempt, a.Kind, a.Withheld, marked}
	for _, encoding := range encodings {
		if made.File(encoding) != nil {
			continue
		}
		data := set.encoded(encoding, der)
		sum := artifact.Sum(data)
		a.Path, a.Encoding = set.path(encoding), encoding
		a.SHA256, a.SHA512, a.Size = sum.SHA256Hex(), sum.SHA512Hex(), sum.Size
		if err := event.WellFormed(a, event.Observed); err != nil {
			return fmt.Errorf("writing artifact %q: %w", a.Artifact, err)
		}
		if err := j.dir.WriteFile(a.Path, data); err != nil {
			return fmt.Errorf("writing artifact %q: %w", a.Artifact, err)
		}
		if _, err := j.Append(a, step, event.Observed); err != nil {
			return err
		}
	}
	return nil
}

func hexDigest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
