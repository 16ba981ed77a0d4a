// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/profiles"
)

// Next is a ceremony that continues with the CAs of an earlier one: their next CRLs, and
// where there were OCSP responses a new responder and new responses.
type Next struct {
	Now    time.Time
	Revoke map[string]string // reason by certificate
	Tokens string            // of the earlier site: TokensSoftHSM or TokensHSM

	path    string // of the earlier bundle, from the new folder
	bundle  string // the same for this process
	plan    *plan.Plan
	site    *plan.Site
	earlier *plan.EarlierBundle
	cas     []newCA
	files   []File // copied out of the bundle
	inputs  []string
	known   map[string]bool  // inputs
	open    []plan.Undecided // that people have to decide
}

// ReadNext reads a bundle, once its record is verified. The new folder is where the
// ceremony file will be: it names the bundle from there.
func ReadNext(bundle, folder string, now time.Time) (*Next, error) {
	n := &Next{Now: now, bundle: bundle, Revoke: map[string]string{}, known: map[string]bool{}, Tokens: TokensHSM}
	from, errFrom := filepath.Abs(folder)
	to, errTo := filepath.Abs(bundle)
	path, err := filepath.Rel(from, to)
	if err := errors.Join(errFrom, errTo, err); err != nil {
		return nil, err
	}
	n.path = filepath.ToSlash(path)
	if n.earlier, err = (plan.Disk{Folder: folder}).Bundle(n.path); err != nil {
		return nil, err
	}
	if n.earlier.Rehearsal {
		return nil, fmt.Errorf("%s is the bundle of a rehearsal, whose keys and numbers mean nothing: name that of the ceremony", bundle)
	}
	stored, err := n.read("plan.json")
	if err == nil {
		n.plan, err = plan.Decode(stored)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the plan of %s: %w", bundle, err)
	}
	if stored, err = n.read("site.json"); err == nil {
		n.site, err = plan.DecodeSite(stored)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the site of %s: %w", bundle, err)
	}
	if n.site.SoftwareToken {
		n.Tokens = TokensSoftHSM
	}
	if len(n.lists()) == 0 {
		return nil, fmt.Errorf("%s has no CRL that a next one could follow", bundle)
	}
	return n, nil
}

// read reads a file of the plan in the bundle.
func (n *Next) read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(n.bundle, plan.Folder, filepath.FromSlash(name)))
}

// lists are the CRLs that no later one of the bundle follows.
func (n *Next) lists() (out []*plan.Artifact) {
	for i := range n.plan.Artifacts {
		a := &n.plan.Artifacts[i]
		followed := slices.ContainsFunc(n.plan.Artifacts, func(b plan.Artifact) bool { return b.Previous.ID() == a.ID })
		if a.RevocationList() != nil && !followed {
			out = append(out, a)
		}
	}
	return out
}

// responses are the OCSP responses of the bundle.
func (n *Next) responses() (out []*plan.Artifact) {
	for i := range n.plan.Artifacts {
		if a := &n.plan.Artifacts[i]; a.Response() != nil {
			out = append(out, a)
		}
	}
	return out
}

// Certificates are those that can be revoked: of CAs below those that sign CRLs.
func (n *Next) Certificates() (out []string) {
	for _, list := range n.lists() {
		for i := range n.plan.Artifacts {
			if a := &n.plan.Artifacts[i]; a.Certificate() != nil && a.Kind() != profiles.OCSPResponder && !a.Issuer.IsSelf() && a.Authority == list.Authority {
				out = append(out, a.ID)
			}
		}
		for i := range n.plan.Inputs {
			if in := &n.plan.Inputs[i]; in.Kind == "certificate" && in.ID != list.Issuer.ID() {
				out = append(out, in.ID)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Reasons are those for which a certificate of a CA can be revoked.
var Reasons = []string{"key-compromise", "ca-compromise", "affiliation-changed", "superseded", "cessation-of-operation", "privilege-withdrawn"}

// AddRevocation takes one certificate and its reason, with a comma between.
func (n *Next) AddRevocation(s string) error {
	id, reason, _ := strings.Cut(s, ",")
	id, reason = strings.TrimSpace(id), strings.TrimSpace(reason)
	switch words := strings.Fields(id); {
	case len(words) > 1 && slices.Contains(n.Certificates(), words[0]):
		return fmt.Errorf("%q: write a comma after the certificate, as in %s,superseded", id, words[0])
	case !slices.Contains(n.Certificates(), id):
		return notOne(id, "is no certificate that can be revoked; there are: ", n.Certificates())
	case reason != "" && !slices.Contains(Reasons, reason):
		return notOne(reason, "is no reason; one of ", Reasons)
	case reason == "":
		return fmt.Errorf("%q has no reason, as in %s,superseded; one of %s", s, id, strings.Join(Reasons, ", "))
	}
	n.Revoke[id] = reason
	return nil
}

// AskRevocations asks what to revoke, until there is no more. BACK takes all of it back.
func (n *Next) AskRevocations(ask Ask) error {
	var refused error
	for {
		text := "Revoke a certificate? " + strings.Join(n.Certificates(), ", ")
		if len(n.Revoke) > 0 {
			text = "Revoke another certificate, besides " + strings.Join(slices.Sorted(maps.Keys(n.Revoke)), ", ") + "?"
		}
		q := Question{Text: text + "\nType it with a comma and one of these reasons, or " + nobody + ":", Choices: plain(Reasons)}
		answer, err := ask(q, nobody, refused)
		switch {
		case errors.Is(err, ErrBack):
			clear(n.Revoke)
			refused = nil
		case err != nil, answer == "", answer == nobody:
			return err
		default:
			refused = n.AddRevocation(answer)
		}
	}
}

// Files gives everything that is written.
func (n *Next) Files() ([]File, error) {
	body := &writer{}
	if err := n.writeSteps(body); err != nil {
		return nil, err
	}
	head := &writer{}
	n.writeHead(head)
	out := schemas()
	out = append(out, n.files...)
	return append(out, File{siteName, "which device each token is", n.siteFile()},
		File{ceremonyName, "people, keys, names and what happens, step by step", []byte(head.String() + body.String())}), nil
}

// input has an object among the inputs: from the bundle, or where that had it as an
// input itself, as a copy.
func (n *Next) input(id string) error {
	if id == "" || n.known[id] {
		return nil
	}
	n.known[id] = true
	if n.plan.Artifact(id) != nil {
		n.inputs = append(n.inputs, fmt.Sprintf("  %s: {bundle: %s, artifact: %s}", id, scalar(n.path), id))
		return nil
	}
	in := n.plan.Input(id)
	if in == nil {
		return fmt.Errorf("the plan of %s has no %q", n.bundle, id)
	}
	data, err := n.read("inputs/" + id)
	if err != nil {
		return err
	}
	name := "inputs/" + id + ".der"
	n.files = append(n.files, File{name, "a copy from the bundle", data})
	n.inputs = append(n.inputs, fmt.Sprintf("  %s: {file: %s, kind: %s}", id, name, in.Kind))
	return nil
}

// profile copies the profile of an earlier object, and names the copy.
func (n *Next) profile(name string) (string, error) {
	file := profileFile(name)
	if slices.ContainsFunc(n.files, func(f File) bool { return f.Name == file }) {
		return file, nil
	}
	data, err := n.read(file)
	if err != nil {
		return "", err
	}
	n.files = append(n.files, File{file, "as in the earlier ceremony", data})
	return file, nil
}
