// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rootceremony/internal/foreign"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
)

// inputList reads existing objects, from files or from earlier bundles.
func (l *loader) inputList(n source.Node) {
	if !n.Present() {
		return
	}
	for _, k := range n.Map().Keys() {
		id := k.Node.Name()
		l.nodes["input:"+id] = k.Value
		in, der := l.input(id, k.Value)
		if der == nil {
			continue
		}
		obj, kind, err := parseInput(der)
		var unknown *inspect.UnsupportedError
		switch {
		case errors.As(err, &unknown) && unknown.Key != "":
			k.Value.Fail("%s", unusable(id, unknown.Key))
			continue
		case err != nil:
			k.Value.Fail("reading input: %v", err)
			continue
		}
		if in.Kind != "" && in.Kind != kind {
			k.Value.Fail("input is %s, not %s", inspect.A(kind), inspect.A(in.Kind))
		}
		if obj.crl() != nil {
			if err := lint.CheckIncomingCRL(obj.crl()); err != nil {
				k.Value.FailHint("name the last complete CRL of the CA", "%v", err)
				continue
			}
		}
		if c := obj.Cert(); c != nil {
			if err := lint.CheckOwnSignature(c); err != nil {
				k.Value.FailHint("get the certificate again from its CA", "the certificate of %q is damaged: %v", c.Subject, err)
				continue
			}
		}
		in.Kind, in.SHA256 = kind, SHA256Hex(der)
		l.Inputs[id] = obj
		l.Plan.Inputs = append(l.Plan.Inputs, in)
	}
}

// input reads one entry and gives the DER of the object it names.
func (l *loader) input(id string, n source.Node) (Input, []byte) {
	m := n.Map()
	defer m.Close()
	in := Input{ID: id}
	file, bundle := m.Opt("file"), m.Opt("bundle")
	if file.Present() == bundle.Present() {
		m.Known("artifact", "kind", "sha256")
		n.FailHint("write file: PATH, or bundle: PATH with artifact: ID", "an input needs exactly one of file: and bundle:")
		return in, nil
	}
	if bundle.Present() {
		return l.bundleInput(in, bundle, m.Need("artifact"))
	}
	m.Known("sha256")
	in.Kind = m.Need("kind").Enum("kind of input", "certificate", "crl", "certificate-request", inspect.KindResponse)
	p := file.Text()
	data, err := l.files.Read(p)
	if err != nil {
		file.Fail("%v", err)
		return in, nil
	}
	if want := m.Opt("sha256"); want.Present() {
		compareDigest(want, data)
	}
	blocks, err := inspect.Decode(data)
	if err != nil {
		file.Fail("reading %s: %v", p, foreign.Named(err, p))
		return in, nil
	}
	if len(blocks) != 1 {
		file.FailHint("put each into a file of its own, and name the one that is meant", "%s contains %s; an input must contain exactly one", p, counted(blocks))
		return in, nil
	}
	l.addFile(File{Path: p, Kind: "input", Name: id}, data)
	return in, blocks[0].DER
}

// compareDigest compares the digest that is stated with that of the file. People also know
// a certificate or a request by the digest of its DER, which "ceremony inspect" shows.
func compareDigest(want source.Node, data []byte) {
	stated, sum := hex.EncodeToString(want.Hex()), SHA256Hex(data)
	if sum == stated {
		return
	}
	if blocks, err := inspect.Decode(data); err == nil && len(blocks) == 1 && SHA256Hex(blocks[0].DER) == stated {
		want.FailHint("write that one; sha256: is that of the file, as sha256sum prints it", "the file's SHA-256 is %s; the one here is that of the DER in it", sum)
		return
	}
	want.Fail("the file's SHA-256 is %s", sum)
}

// counted says what a file holds: 2 certificates, 1 CRL.
func counted(blocks []inspect.Block) string {
	n := map[string]int{}
	for _, b := range blocks {
		n[inspect.Guess(b.DER)]++
	}
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(n)) {
		words := strings.TrimPrefix(strings.TrimPrefix(inspect.A(kind), "an "), "a ")
		if n[kind] > 1 {
			words += "s"
		}
		out = append(out, fmt.Sprintf("%d %s", n[kind], words))
	}
	return strings.Join(out, ", ")
}

func (l *loader) bundleInput(in Input, bundle, artifact source.Node) (Input, []byte) {
	name := artifact.Name()
	if bundle.Text() == "" || name == "" {
		return in, nil
	}
	b, err := l.bundle(bundle)
	if err != nil {
		bundle.Fail("%v", err)
		return in, nil
	}
	der, err := b.object(name)
	if err != nil {
		artifact.Fail("%v", err)
		return in, nil
	}
	in.Bundle = &BundleInput{Ceremony: b.Ceremony, Artifact: name, ManifestSHA256: b.ManifestSHA256, Rehearsal: b.Rehearsal}
	l.addFile(File{Path: bundleInputPath(b.Path, name), Kind: "input", Name: in.ID}, der)
	return in, der
}

// parseInput reads a DER object and says what it is.
func parseInput(der []byte) (*inputObject, string, error) {
	kind := inspect.Guess(der)
	if inputWords[kind] == "" {
		return nil, kind, fmt.Errorf("neither a certificate, a CRL, an OCSP response nor a certificate request")
	}
	read, err := inspect.Parse(kind, der)
	if r := inspect.As[*inspect.Response](read); r != nil && r.Status != 0 {
		err = fmt.Errorf("the OCSP response is an error (responseStatus %d) and says nothing of a certificate", r.Status)
	}
	return &inputObject{read: read}, kind, err
}

// words turns typed words into plain ones.
func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}
