// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"

	"rootceremony/internal/artifact"
)

// LoadFile copies a file that the ceremony reads into the bundle, and records
// its digest.
func (j *Journal) LoadFile(path, kind string, data []byte, step string) (Record, error) {
	if err := j.dir.WriteFile(path, data); err != nil {
		return Record{}, fmt.Errorf("copying into the bundle: %w", err)
	}
	return j.Append(FileLoaded{Path: path, Kind: kind, SHA256: hexDigest(data)}, step, Observed)
}

// WriteFile writes a file that is no artifact into the bundle, and records
// its digest.
func (j *Journal) WriteFile(path, kind string, data []byte, step string) (Record, error) {
	if err := j.dir.WriteFile(path, data); err != nil {
		return Record{}, fmt.Errorf("writing into the bundle: %w", err)
	}
	return j.Append(FileWritten{Path: path, Kind: kind, SHA256: hexDigest(data), Size: int64(len(data))}, step, Observed)
}

// WriteArtifact writes one file of an artifact and records it; digests and
// size are filled in. An artifact that is too large for memory is written with
// [artifact.Dir.Create] and recorded with Append.
func (j *Journal) WriteArtifact(a ArtifactWritten, data []byte, step string) (Record, error) {
	sum := artifact.Sum(data)
	a.SHA256, a.SHA512, a.Size = sum.SHA256Hex(), sum.SHA512Hex(), sum.Size
	if err := a.check(); err != nil {
		return Record{}, fmt.Errorf("writing artifact %q: %w", a.Artifact, err)
	}
	if err := j.dir.WriteFile(a.Path, data); err != nil {
		return Record{}, fmt.Errorf("writing artifact %q: %w", a.Artifact, err)
	}
	return j.Append(a, step, Observed)
}
