// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// profile reads the profile a step names, once for each path.
func (l *loader) profile(n source.Node, step string) profiles.Profile {
	path := n.Text()
	if path == "" {
		return nil
	}
	p, seen := l.profiles[path]
	if !seen {
		p = l.readProfile(n, path)
		l.profiles[path] = p
	}
	if p == nil {
		return nil
	}
	kind := p.Head().Kind
	if slices.Contains(signings[step].kinds, kind) {
		return p
	}
	n.Fail("profile %q describes a %s; a step %q cannot sign one", p.Head().Name, kind, step)
	return nil
}

// builtinPrefix marks profiles that ship with the program.
const builtinPrefix = "builtin:"

// bundledFiles is where the files that shipped with a program stay as they were when
// the plan was made. A later program may ship others.
type bundledFiles interface {
	builtin(path string) ([]byte, error)
}

// builtin gives a file that ships with the program, or the one that a bundle holds
// in its place.
func (l *loader) builtin(path string, data []byte) ([]byte, error) {
	if k, ok := l.files.(bundledFiles); ok {
		return k.builtin(path)
	}
	return data, nil
}

func (l *loader) readProfile(n source.Node, path string) profiles.Profile {
	var data []byte
	if name, ok := strings.CutPrefix(path, builtinPrefix); ok {
		builtIn, found := profiles.BuiltInByName(name)
		if _, inBundle := l.files.(bundledFiles); !found && !inBundle {
			n.FailHint("list them with: ceremony profile list", "there is no built-in profile %q", name)
			return nil
		}
		var err error
		if data, err = l.builtin(path, builtIn.Data); err != nil {
			n.Fail("%v", err)
			return nil
		}
	} else {
		var err error
		if data, err = l.files.Read(path); err != nil {
			n.FailHint("name a file, or "+builtinPrefix+"NAME for a built-in profile", "%v", err)
			return nil
		}
	}
	doc, err := source.ParseAs(source.ProfileFile, l.display(path), data)
	if err != nil {
		if es := (source.Errors)(nil); errors.As(err, &es) {
			l.extra = append(l.extra, es...)
		}
		return nil
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		l.docs = append(l.docs, doc)
		return nil
	}
	same := Find(l.Plan.Files, func(f *File) bool { return f.Kind == "profile" && f.Name == p.Head().Name })
	if same != nil {
		n.Fail("profiles %s and %s have the same name %q", same.Path, path, p.Head().Name)
	}
	l.addFile(File{Path: path, Kind: "profile", Name: p.Head().Name}, data)
	return p
}

// issue binds a certificate: self-signed, subordinate, cross or OCSP responder.
func (l *loader) issue(a *Artifact, prof profiles.Profile, pl *places, m *source.Map) {
	nodes := map[string]source.Node{}
	for _, f := range []string{"issuer", "validity"} {
		nodes[f] = m.Need(f)
	}
	nodes["subject"], nodes["existing"], nodes["request"] = m.Opt("subject"), m.Opt("existing"), m.Opt("request")
	nodes["submission"] = m.Opt("submission")
	maps.Copy(pl.fields, nodes)
	v := profiles.CertificateValues{Artifact: a.ID, Validity: validity(nodes["validity"]), Window: l.Plan.Ceremony.Window.bounds()}
	a.Serial = CertRef(a.ID).Serial()
	cp, _ := prof.(*profiles.CertificateProfile)
	if cp == nil {
		return
	}
	var named bool
	if cp.Head().Kind == profiles.CrossCertifiedCA {
		named = l.crossSubject(a, &v, nodes)
	} else {
		named = l.namedSubject(a, &v, nodes, pl)
	}
	l.submission(a, nodes["submission"], cp.Head().Kind)
	issuer := l.issuerOf(a, nodes["issuer"], cp.Head().Kind == profiles.RootCA)
	if issuer == nil {
		return
	}
	if cp.Head().Kind == profiles.RootCA && nodes["subject"].Present() && issuer.ID != nodes["subject"].Text() {
		nodes["issuer"].Fail("a root is self-signed: issuer and subject must be the same authority")
	}
	v.IssuerKey, v.Issuer = l.keyOf(issuer), profiles.URLs(issuer.URLs)
	if l.broken || !named {
		return
	}
	bound, problems := cp.Bind(v)
	l.report(problems, pl)
	if bound != nil {
		a.Object = bound
	}
}

// submission reads the day on which a root will be submitted to root programs:
// MTRP 3.1.8 counts its life from there.
func (l *loader) submission(a *Artifact, n source.Node, kind profiles.Kind) {
	if !n.Present() {
		return
	}
	day := date(n)
	switch {
	case day.IsZero(): // reported
	case kind != profiles.RootCA:
		n.FailHint("remove it", "only a root is submitted to root programs; this is a %s", kind)
	case !day.AddDate(0, 0, 1).After(l.Plan.Ceremony.Window.Last()):
		n.Fail("submission date %s is before the ceremony window ends (%s)", n.Text(), Stamp(l.Plan.Ceremony.Window.Last()))
	default:
		a.Submission = day.Format(time.DateOnly)
	}
}

// namedSubject takes the subject from an authority of the file, and reports
// whether there is one.
func (l *loader) namedSubject(a *Artifact, v *profiles.CertificateValues, nodes map[string]source.Node, pl *places) bool {
	if e := nodes["existing"]; e.Present() {
		e.FailHint("use a profile of kind cross-certified-ca", "only a cross-certificate takes its subject from an existing certificate")
	}
	if r := nodes["request"]; r.Present() {
		r.FailHint("name it under keys:, as request: INPUT of the subject's key", "only a cross-certificate names a request of its own")
	}
	n := nodes["subject"]
	if !n.Present() {
		pl.step.Fail("subject: is missing")
		return false
	}
	auth := l.Plan.Authority(n.Name())
	if auth == nil {
		l.noAuthority(n, n.Text())
		return false
	}
	if key := l.Plan.Key(auth.Key); key != nil {
		l.subjectKey(a, n, key)
	}
	if s, ok := l.nodes["subject:"+auth.ID]; ok {
		pl.subject = s
	}
	a.SubjectKey = KeyRef(auth.Key).SPKI()
	v.SubjectKey = l.keyOf(auth)
	v.ExistingName = auth.Subject.DER
	if input := l.certificateBefore(auth); input != "" {
		l.keyIDBefore(v, n, input)
	}
	for _, at := range auth.Subject.Attributes {
		v.Subject = append(v.Subject, profiles.Assigned{Type: at.Type, Value: at.Value})
	}
	return true
}

// certificateBefore gives the input with the certificate that an authority or its key
// has already, if its key identifier can be read, or "".
func (l *loader) certificateBefore(auth *Authority) string {
	input := auth.Certificate
	if key := l.Plan.Key(auth.Key); input == "" && key != nil && key.Source == KeyExisting {
		input = key.Input
	}
	in := l.Inputs[input]
	if in == nil || in.Cert() == nil {
		return ""
	}
	if _, _, err := in.Cert().SubjectKeyID(); err != nil {
		return ""
	}
	return input
}

// subjectKey looks at the key of a subject: it must be available, or have come with
// a request.
func (l *loader) subjectKey(a *Artifact, n source.Node, key *Key) {
	if key.Token != "" {
		l.needAvailable(n, key)
	}
	if key.Source == KeyRequest {
		a.Request = InputRef(key.Input)
	}
	l.broken = l.broken || key.Algorithm == ""
}

func (l *loader) keyOf(auth *Authority) algorithm.Key {
	if k := l.Plan.Key(auth.Key); k != nil {
		return k.Algorithm
	}
	return ""
}

// request binds a PKCS#10 request signed by the subject's own key.
func (l *loader) request(a *Artifact, prof profiles.Profile, pl *places, m *source.Map) {
	n := m.Need("subject")
	pl.fields["subject"] = n
	rp, _ := prof.(*profiles.RequestProfile)
	auth := l.issuerOf(a, n, true)
	if auth == nil || rp == nil {
		return
	}
	if s, ok := l.nodes["subject:"+auth.ID]; ok {
		pl.subject = s
	}
	a.SubjectKey = KeyRef(auth.Key).SPKI()
	v := profiles.RequestValues{Artifact: a.ID, SubjectKey: l.keyOf(auth), ExistingName: auth.Subject.DER}
	for _, at := range auth.Subject.Attributes {
		v.Subject = append(v.Subject, profiles.Assigned{Type: at.Type, Value: at.Value})
	}
	bound, problems := rp.Bind(v)
	l.report(problems, pl)
	if bound != nil {
		a.Object = bound
	}
}

// report turns problems of binding into errors at the line responsible, but for those
// with a value that could not be read: there is one message for one mistake.
func (l *loader) report(problems []profiles.Problem, pl *places) {
	for _, p := range problems {
		if n := pl.node(p.Field); n.Present() && n.Failed() && p.Field.Attribute == "" {
			continue
		}
		pl.at(p.Field).Citing(p.Citation).FailHint(p.Hint, "%s", p.Msg)
	}
}

// at gives the node of the ceremony file of a field, or the step.
func (pl *places) at(field profiles.Field) source.Node {
	if n := pl.node(field); n.Present() {
		return n
	}
	return pl.step
}

// node gives the node of the ceremony file of a field, or none.
func (pl *places) node(field profiles.Field) source.Node {
	switch {
	case field.Attribute != "" && pl.subject.Present():
		if n := pl.subject.Map().Opt(field.Attribute); n.Present() {
			return n
		}
		return pl.subject
	case field.Attribute != "":
		return pl.fields["subject"]
	case field.Entry > 0 && field.Member == lint.MemberChange:
		return pl.change[field.Entry-1]
	case field.Entry > 0:
		return pl.revoke[field.Entry-1]
	}
	return pl.fields[field.Member]
}

// display is how messages call a file that the ceremony file names.
func (l *loader) display(path string) string {
	if strings.HasPrefix(path, builtinPrefix) {
		return path
	}
	return filepath.Join(l.dir, filepath.FromSlash(path))
}
