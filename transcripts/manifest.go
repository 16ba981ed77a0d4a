// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// The files of a bundle that this package derives.
const (
	ManifestPath   = "MANIFEST"
	readmePath     = "README-VERIFY.md"
	transcriptPath = "transcript.json"
	envelopePath   = "transcript.dsse.json"
	reportPath     = "report/report.html"
	sealPEMPath    = "trust/seal.pem"
)

// growing are the folders that MANIFEST does not list: they get files after it
// was signed.
var growing = []string{"signatures/", "attestations/", "evidence-late/"}

// listed reports whether MANIFEST lists the path.
func listed(path string) bool {
	return path != ManifestPath && !slices.ContainsFunc(growing, func(dir string) bool { return strings.HasPrefix(path, dir) })
}

const (
	manifestForm = "# ceremony-bundle-manifest v1"
	rehearsal    = "REHEARSAL"
	software     = "SOFTWARE TOKENS"
)

// Manifest is the list of digests that people sign.
type Manifest struct {
	Ceremony  string
	Rehearsal bool
	Software  bool // keys were in software tokens
	Entries   []Entry
}

// Entry is one file of a bundle.
type Entry struct {
	Path   string
	SHA256 string // lower-case hexadecimal
	SHA512 string
}

// header returns the lines before the digests.
func (m Manifest) header() string {
	var b strings.Builder
	if m.Rehearsal {
		fmt.Fprintf(&b, "# %s\n", rehearsal)
	}
	if m.Software {
		fmt.Fprintf(&b, "# %s\n", software)
	}
	fmt.Fprintf(&b, "%s\n# ceremony %s\n", manifestForm, m.Ceremony)
	return b.String()
}

// Bytes returns the text of MANIFEST, with entries sorted by path.
func (m Manifest) Bytes() []byte {
	var b bytes.Buffer
	b.WriteString(m.header())
	entries := slices.Clone(m.Entries)
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) })
	for _, e := range entries {
		fmt.Fprintf(&b, "SHA256 (%s) = %s\nSHA512 (%s) = %s\n", e.Path, e.SHA256, e.Path, e.SHA512)
	}
	return b.Bytes()
}

// ParseManifest reads the text of MANIFEST and refuses every other spelling
// of the same list.
func ParseManifest(data []byte) (Manifest, error) {
	p := manifestParser{lines: strings.Split(string(data), "\n")}
	m := Manifest{Rehearsal: p.skip("# " + rehearsal), Software: p.skip("# " + software)}
	if !p.skip(manifestForm) {
		return Manifest{}, fmt.Errorf("line %d: want %q", p.at+1, manifestForm)
	}
	name, ok := strings.CutPrefix(p.next(), "# ceremony ")
	if err := event.IsID("ceremony", name); !ok || err != nil {
		return Manifest{}, errors.Join(fmt.Errorf("line %d: want the ceremony's id", p.at), err)
	}
	m.Ceremony = name
	for p.at < len(p.lines)-1 {
		e, err := p.entry()
		if err != nil {
			return Manifest{}, fmt.Errorf("line %d: %w", p.at, err)
		}
		if n := len(m.Entries); n > 0 && m.Entries[n-1].Path >= e.Path {
			return Manifest{}, fmt.Errorf("line %d: %s is repeated or not in order", p.at-1, e.Path)
		}
		m.Entries = append(m.Entries, e)
	}
	if !bytes.Equal(m.Bytes(), data) {
		return Manifest{}, errors.New("not in the form that this program writes")
	}
	return m, nil
}

type manifestParser struct {
	lines []string
	at    int
}

func (p *manifestParser) next() string {
	if p.at >= len(p.lines) {
		return ""
	}
	p.at++
	return p.lines[p.at-1]
}

func (p *manifestParser) skip(line string) bool {
	if p.at < len(p.lines) && p.lines[p.at] == line {
		p.at++
		return true
	}
	return false
}

// entry reads the two lines of one file.
func (p *manifestParser) entry() (Entry, error) {
	path, sum256, err := p.digest("SHA256", 32)
	if err != nil {
		return Entry{}, err
	}
	again, sum512, err := p.digest("SHA512", 64)
	if err != nil {
		return Entry{}, err
	}
	if path != again {
		return Entry{}, fmt.Errorf("want the SHA512 of %s", path)
	}
	if !listed(path) {
		return Entry{}, fmt.Errorf("%s may not be listed", path)
	}
	return Entry{Path: path, SHA256: sum256, SHA512: sum512}, nil
}

func (p *manifestParser) digest(algorithm string, octets int) (path, sum string, err error) {
	rest, ok := strings.CutPrefix(p.next(), algorithm+" (")
	path, sum, found := strings.Cut(rest, ") = ")
	if !ok || !found {
		return "", "", fmt.Errorf("want %q", algorithm+" (path) = digest")
	}
	return path, sum, errors.Join(artifact.CheckPath(path), event.IsHexOf(algorithm, sum, octets))
}
