// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/transcripts/event"
)

// EarlierBundle is what an earlier ceremony delivered.
type EarlierBundle struct {
	Bundle
	Objects  map[string][]byte // DER by artifact
	Withheld map[string]string // why, by artifact
}

// object gives the DER of an artifact.
func (b *EarlierBundle) object(artifact string) ([]byte, error) {
	lost := Find(b.Status, func(s *BundleStatus) bool { return s.Artifact == artifact && s.Lost })
	switch der := b.Objects[artifact]; {
	case der != nil:
		return der, nil
	case lost != nil:
		return nil, fmt.Errorf("artifact %q of bundle %s is lost: its MANIFEST lists it, but the file is missing", artifact, b.Path)
	case b.Withheld[artifact] != "":
		return nil, fmt.Errorf("artifact %q of bundle %s is withheld: %s", artifact, b.Path, b.Withheld[artifact])
	}
	return nil, fmt.Errorf("bundle %s has no artifact %q", b.Path, artifact)
}

// known is a CRL or an OCSP response from before the ceremony, as an input or as
// what the MANIFEST of an input bundle lists.
type known struct {
	name string         // for people
	read inspect.Object // nil where it is lost
	lost *BundleStatus
	pos  source.Pos // of the bundle that lists it, where it is lost
}

// bundle reads an earlier bundle, once.
func (l *loader) bundle(n source.Node) (*EarlierBundle, error) {
	name := path.Clean(n.Text())
	if b := l.bundles[name]; b != nil {
		return b, nil
	}
	b, err := l.files.Bundle(name)
	if err != nil {
		return nil, err
	}
	if err := b.wellFormed(); err != nil {
		return nil, fmt.Errorf("bundle %s: %w", name, err)
	}
	l.bundles[name] = b
	for _, other := range l.Plan.Bundles {
		if other.Ceremony == b.Ceremony && other.Rehearsal == b.Rehearsal && other.ManifestSHA256 != b.ManifestSHA256 {
			l.origin = append(l.origin, Warning{Pos: n.Pos(), Text: fmt.Sprintf("bundles %s and %s are both of ceremony %s, and have different MANIFESTs: unless two ceremonies had one id, one of them was written anew; compare both with what people signed and wrote down", other.Path, b.Path, b.Ceremony)})
		}
	}
	l.Plan.Bundles = append(l.Plan.Bundles, b.Bundle)
	l.nodes["bundle:"+name] = n
	if b.Abandoned {
		l.origin = append(l.origin, Warning{Pos: n.Pos(), Text: fmt.Sprintf("people abandoned ceremony %s (bundle %s): what its plan has and the bundle has not was never delivered", b.Ceremony, b.Path)})
	}
	return b, nil
}

// wellFormed checks what plan.json says of a bundle, which somebody may have written who
// never saw it: which ceremony it is of, the digest by which it is found, and its objects,
// each once.
func (b *EarlierBundle) wellFormed() error {
	named := map[string]bool{}
	for _, s := range b.Status {
		if named[s.Artifact] {
			return fmt.Errorf("it is said to list %s twice", s.Artifact)
		}
		named[s.Artifact] = true
	}
	return errors.Join(event.IsID("ceremony", b.Ceremony), event.IsHexOf("manifest_sha256", b.ManifestSHA256, 32))
}

// earlierStatus takes in what the CAs of the inputs said before: the CRLs and
// responses among the inputs, and all others that the MANIFESTs of their bundles
// list. Each is copied into the plan, so that whoever verifies sees the same.
func (l *loader) earlierStatus() {
	l.listed()
	for i := range l.Plan.Inputs {
		in := &l.Plan.Inputs[i]
		if obj := l.Inputs[in.ID]; obj.crl() != nil || obj.resp() != nil {
			l.know(l.nodes["input:"+in.ID], known{name: InputRef(in.ID).String(), read: obj.read})
		}
	}
	for i := range l.Plan.Bundles {
		b := l.bundles[l.Plan.Bundles[i].Path]
		for j := range b.Status {
			l.bundleStatus(l.nodes["bundle:"+b.Path], b, &b.Status[j])
		}
	}
}

func (l *loader) bundleStatus(n source.Node, b *EarlierBundle, s *BundleStatus) {
	k := known{name: s.Artifact + " of ceremony " + b.Ceremony}
	if s.Lost {
		k.lost, k.pos = s, n.Pos()
		l.know(n, k)
		return
	}
	if in := b.inputOf(l.Plan, s); in != nil {
		if in.SHA256 != s.SHA256 || in.Bundle != nil && in.Bundle.Artifact != s.Artifact && in.Bundle.ManifestSHA256 == b.ManifestSHA256 {
			n.Fail("%s has the digest %s in the MANIFEST, and input %q is another object", k.name, s.SHA256, in.ID)
		}
		return
	}
	if Find(l.Plan.Files, func(f *File) bool { return f.Kind == kindStatus && f.SHA256 == s.SHA256 }) != nil {
		return // of a bundle that is named twice
	}
	der, err := b.object(s.Artifact)
	if err != nil {
		n.Fail("%v", err)
		return
	}
	if sum := SHA256Hex(der); sum != s.SHA256 {
		n.Fail("%s has the digest %s in the MANIFEST, and the copy has %s", k.name, s.SHA256, sum)
		return
	}
	if k.read, err = inspect.Parse(s.Kind, der); err != nil {
		n.Fail("reading %s: %v", k.name, err)
		return
	}
	f := File{Path: bundleInputPath(b.Path, s.Artifact), Kind: kindStatus, Name: b.Ceremony + "." + s.Artifact}
	if same := Find(l.Plan.Files, func(o *File) bool { return o.Kind == kindStatus && o.Name == f.Name }); same != nil {
		n.Fail("%s and %s hold two different objects %s: there is one record of a ceremony", same.Path, f.Path, k.name)
		return
	}
	l.addFile(f, der)
	l.know(n, k)
}

// inputOf gives the input that an object of a bundle is: by its name in the bundle, or
// another one with the same bytes.
func (b *EarlierBundle) inputOf(p *Plan, s *BundleStatus) *Input {
	named := Find(p.Inputs, func(in *Input) bool {
		return in.Bundle != nil && in.Bundle.ManifestSHA256 == b.ManifestSHA256 && in.Bundle.Artifact == s.Artifact
	})
	if named != nil {
		return named
	}
	return Find(p.Inputs, func(in *Input) bool { return in.SHA256 == s.SHA256 })
}

// listed checks that each CRL and response among the inputs is one that its bundle lists.
func (l *loader) listed() {
	for i := range l.Plan.Inputs {
		in := &l.Plan.Inputs[i]
		if obj := l.Inputs[in.ID]; in.Bundle == nil || obj.crl() == nil && obj.resp() == nil {
			continue
		}
		b := Find(l.Plan.Bundles, func(b *Bundle) bool { return b.ManifestSHA256 == in.Bundle.ManifestSHA256 })
		if b == nil || Find(b.Status, func(s *BundleStatus) bool {
			return s.Artifact == in.Bundle.Artifact && s.SHA256 == in.SHA256 && s.Kind == in.Kind
		}) == nil {
			l.nodes["input:"+in.ID].Fail("the MANIFEST of bundle %s lists no such %s %s", in.Bundle.Ceremony, inputWords[in.Kind], in.Bundle.Artifact)
		}
	}
}

// know keeps what a CA said, once it is known to be from that CA.
func (l *loader) know(n source.Node, k known) {
	if r := inspect.As[*inspect.Response](k.read); r != nil {
		for i := range l.Plan.Inputs {
			ca := l.Inputs[l.Plan.Inputs[i].ID].Cert()
			if ca == nil || !lint.AnswersFor(ca, r) {
				continue
			}
			if err := lint.CheckResponder(ca, r); err != nil {
				n.FailHint("get the response again from its CA", "%s, about a certificate of %q: %v", k.name, ca.Subject, err)
				return
			}
		}
	}
	if crl := inspect.As[*inspect.RevocationList](k.read); crl != nil && lint.IsDelta(crl) {
		if ca := l.damagedDelta(crl); ca != nil {
			n.FailHint("get the delta CRL again from its CA", "%s names the key of %q, and does not verify under it", k.name, ca.Subject)
			return
		}
	}
	l.known = append(l.known, k)
}

// damagedDelta gives the CA among the inputs whose key a delta CRL names, where none of
// them has signed it: it would be passed over in silence, with what it revokes.
func (l *loader) damagedDelta(crl *inspect.RevocationList) (named *inspect.Certificate) {
	for i := range l.Plan.Inputs {
		ca := l.Inputs[l.Plan.Inputs[i].ID].Cert()
		switch {
		case ca == nil:
		case lint.SignedBy(ca, crl):
			return nil
		case bytes.Equal(crl.RawIssuer, ca.RawSubject) && lint.NamesKeyOf(crl, ca):
			named = ca
		}
	}
	return named
}

// earlier gives what a CA said before the ceremony: of an artifact that it issues.
// One whose key is made in the ceremony said nothing.
func (l *Loaded) earlier(a *Artifact, ca *inspect.Certificate) lint.Earlier {
	e := lint.Earlier{CRLs: []lint.EarlierCRL{}, Responses: []lint.Answer{}, Renewed: map[string]string{}}
	by := l.Plan.Authority(a.Authority)
	if ca == nil || by == nil || l.Plan.Key(by.Key).Source == KeyGenerated {
		return e
	}
	lost := map[string]bool{}
	for _, k := range l.known {
		switch crl, r := inspect.As[*inspect.RevocationList](k.read), inspect.As[*inspect.Response](k.read); {
		case k.lost != nil && k.lost.by(ca):
			lost[k.lost.Kind] = true
		case crl != nil && lint.SignedBy(ca, crl):
			e.CRLs = append(e.CRLs, lint.EarlierCRL{Artifact: k.name, CRL: crl})
		case r != nil && lint.AnswersFor(ca, r) && lint.CheckResponder(ca, r) == nil:
			e.Responses = append(e.Responses, lint.Answer{Artifact: k.name, Response: r})
		}
	}
	l.renewed(a, &e)
	if lost[inspect.KindCRL] {
		e.CRLs = nil
	}
	if lost[inspect.KindResponse] {
		e.Responses = nil
	}
	return e
}

// by reports whether an object that is lost may be about certificates of a CA: the
// record names the issuer of a CRL, and of a response its responder alone.
func (s *BundleStatus) by(ca *inspect.Certificate) bool {
	return s.Kind != inspect.KindCRL || s.Issuer == ca.Subject.String()
}

// renewed says of which certificates people learn that they are revoked: by a later
// response among the inputs, by one of this plan, or online, as the plan says.
func (l *Loaded) renewed(a *Artifact, e *lint.Earlier) {
	renewedByInputs(e)
	for i := range l.Plan.Artifacts {
		other := &l.Plan.Artifacts[i]
		if other.Authority != a.Authority {
			continue
		}
		for _, cert := range other.Online {
			if c := l.inputCert(cert); c != nil {
				e.Renewed[c.Serial.Text(16)] = "to be replaced online"
			}
		}
		if r := other.Response(); r != nil && r.Status == "revoked" {
			e.Renewed[string(r.Serial)] = "replaced by " + other.ID
		}
	}
}

// renewedByInputs says which certificates the newest response among the inputs calls
// revoked.
func renewedByInputs(e *lint.Earlier) {
	last := map[string]time.Time{}
	for _, r := range e.Responses {
		for i := range r.Response.Singles {
			s := &r.Response.Singles[i]
			serial := s.CertID.Serial.Text(16)
			if at := s.ThisUpdate.Time; !at.Before(last[serial]) {
				delete(e.Renewed, serial)
				if last[serial] = at; s.Status == inspect.StatusRevoked {
					e.Renewed[serial] = "replaced by " + r.Artifact
				}
			}
		}
	}
}

// withinDay is the time that BR 4.9.9, SBR 4.9.10 and CSBR 4.9.10 give.
const withinDay = "within 24 hours of the revocation"

// OldAnswers says of each OCSP response that outlives the revocation of its
// certificate in a CRL what it says, until when, and what replaces it: as seen when
// the window begins, for script, screen and record alike.
func (l *Loaded) OldAnswers(a *Artifact) []string {
	at := l.Plan.Ceremony.Window.From
	e := l.earlier(a, l.inputCert(a.Issuer))
	var out []string
	for _, entry := range a.RevocationList().Entries {
		revoked, err := entry.Date.At(at)
		if err != nil {
			revoked = at // by the signing of another CRL of this ceremony
		}
		for _, r := range e.Responses {
			for i := range r.Response.Singles {
				s := &r.Response.Singles[i]
				if serial := s.CertID.Serial.Text(16); serial == string(entry.Serial) && lint.Outlives(s, revoked, at) {
					out = append(out, fmt.Sprintf("%s says %s of serial %s %s; %s %s", r.Artifact, s.Status, serial,
						lint.ValidUntil(s), cmp.Or(e.Renewed[serial], "to be replaced"), withinDay))
				}
			}
		}
	}
	return out
}

// lostStatus warns of what the MANIFEST of an input bundle lists and is not there.
func (l *Loaded) lostStatus() (out []Warning) {
	for _, k := range l.known {
		if k.lost != nil {
			out = append(out, Warning{Pos: k.pos, Text: k.name + " is lost: the MANIFEST of its bundle lists it, but the file is missing"})
		}
	}
	return out
}
