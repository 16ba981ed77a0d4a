// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"
	"path/filepath"
	"sync"
	"time"

	"rootceremony/internal/approval"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// Files gives the loader what a ceremony file names. Paths are as written in
// the ceremony file.
type Files interface {
	// Read gives the bytes of a file, at most 16 MiB.
	Read(path string) ([]byte, error)
	// Bundle gives what an earlier bundle delivered, whose record was verified.
	Bundle(path string) (*EarlierBundle, error)
}

// Loaded is a plan with what it was made from.
type Loaded struct {
	Plan *Plan
	Doc  *source.Document // the ceremony file

	profiles     map[string]profiles.Profile // by path in the ceremony file
	Inputs       map[string]*inputObject     // by id
	raw          map[string][]byte           // bytes of profiles and inputs by PlanFile.Path
	places       map[string]places           // by artifact id
	keyNodes     map[string]source.Node      // by key id
	known        []known                     // what CAs said before, in the order of the plan
	keyIDs       map[string]*KeyID           // by input: of CAs whose certificate has no key identifier
	listWarnings []Warning                   // of lists of revocations
	origin       []Warning                   // of bundles that inputs are of
	waivers      []source.Node
	unchecked    []source.Node

	linting   sync.Once
	linter    *lint.Linter
	linterErr error
}

// Raw gives the bytes of a file of the plan by its path there.
func (l *Loaded) Raw(f File) []byte {
	if f.Kind == "ceremony" {
		return l.Doc.Data
	}
	return l.raw[f.Path]
}

// inputObject is a parsed input.
type inputObject struct{ read inspect.Object }

// Cert gives the certificate that an input is, or nil.
func (in *inputObject) Cert() *inspect.Certificate { return inspect.As[*inspect.Certificate](in.read) }
func (in *inputObject) crl() *inspect.RevocationList {
	return inspect.As[*inspect.RevocationList](in.read)
}
func (in *inputObject) resp() *inspect.Response { return inspect.As[*inspect.Response](in.read) }
func (in *inputObject) req() *inspect.Request   { return inspect.As[*inspect.Request](in.read) }

// places remembers where the fields of one artifact are in the YAML.
type places struct {
	step    source.Node
	fields  map[string]source.Node // by their members
	subject source.Node            // of the authority: where attributes are
	revoke  []source.Node          // what the step revokes
	change  []source.Node          // what it says of entries of the previous CRL
	profile profiles.Profile
}

// Load reads the ceremony file at name and everything it names. All problems
// are returned at once, as source.Errors sorted by file, line and column.
func Load(name string, data []byte, files Files) (*Loaded, error) {
	doc, err := source.ParseAs(source.CeremonyFile, name, data)
	if err != nil {
		return nil, err
	}
	l := &loader{files: files, dir: filepath.Dir(name), Loaded: &Loaded{
		Plan: &Plan{Version: version}, Doc: doc,
		profiles: map[string]profiles.Profile{}, Inputs: map[string]*inputObject{},
		keyIDs: map[string]*KeyID{}, raw: map[string][]byte{}, places: map[string]places{}, keyNodes: map[string]source.Node{},
	}}
	l.addFile(File{Path: "ceremony.yaml", Kind: "ceremony", Name: "ceremony"}, data)
	l.document(doc.Root())
	if l.err() == nil {
		l.whole()
	}
	return l.Loaded, l.err()
}

// loader fills a plan from a ceremony file.
type loader struct {
	*Loaded
	files Files
	dir   string
	docs  []*source.Document // profiles
	extra source.Errors      // problems of profile files

	people    map[string]bool
	nodes     map[string]source.Node // "key:ID", "authority:ID", "input:ID", "artifact:ID"
	available map[string]bool        // keys generated or used so far
	unread    bool                   // a step has no action: nobody knows which keys it makes
	early     map[string]bool        // keys that a step wanted before, which was reported
	stepNo    int
	sectionNo int
	broken    bool                      // something is missing that was reported at its input
	objects   map[string]string         // artifact id -> kind word, of the steps read so far
	current   string                    // the artifact of the step that is read
	signing   map[string]source.Node    // artifact id -> where its step is, of all steps
	unbound   map[string]bool           // authorities whose certificate was reported
	revoked   map[Ref][]dating          // certificate -> the steps that date its revocation by their signing
	bundles   map[string]*EarlierBundle // by path
	certs     []Ref                     // those of revoked, in the order of the file
}

// err gathers the problems of the ceremony file and of all profiles.
func (l *loader) err() error {
	all := append(source.Errors{}, l.extra...)
	for _, d := range append([]*source.Document{l.Doc}, l.docs...) {
		var es source.Errors
		if err := d.Err(); errors.As(err, &es) {
			all = append(all, es...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	all.Sort()
	return all
}

func (l *loader) addFile(f File, data []byte) {
	f.SHA256 = SHA256Hex(data)
	l.Plan.Files = append(l.Plan.Files, f)
	if f.Kind != "ceremony" {
		l.raw[f.Path] = data
	}
}

// document reads the whole file; the order of reading is the order of need.
func (l *loader) document(root source.Node) {
	l.people, l.nodes, l.available, l.early = map[string]bool{}, map[string]source.Node{}, map[string]bool{}, map[string]bool{}
	l.revoked, l.bundles = map[Ref][]dating{}, map[string]*EarlierBundle{}
	l.objects, l.unbound, l.signing = map[string]string{}, map[string]bool{}, map[string]source.Node{}
	m := root.Map()
	m.Need("version").Int(1, 1)
	l.identity(m.Need("ceremony"))
	l.roles(m.Need("people"))
	steps := m.Need("steps")
	l.indexSigningSteps(steps)
	l.inputList(m.Opt("inputs"))
	l.earlierStatus()
	l.keyList(m.Need("keys"))
	l.materialList(m.Opt("materials"))
	l.authorityList(m.Need("authorities"))
	l.stepList(steps)
	l.oneDate()
	l.waiverList(m.Opt("waivers"))
	l.uncheckedList(m.Opt("accept-unchecked"))
	m.Close()
	l.unusedKeys()
}

func (l *loader) identity(n source.Node) {
	m := n.Map()
	l.Plan.Ceremony.ID = m.Need("id").Name()
	l.Plan.Ceremony.Title = m.Need("title").Text()
	l.Plan.Approval = ApprovalPolicy
	if a := m.Opt("approval"); a.Present() {
		l.Plan.Approval = a.Enum("approval", ApprovalPolicy, ApprovalNone)
	}
	l.window(m.Need("window"))
	m.Close()
}

func (l *loader) roles(n source.Node) {
	for _, k := range n.Map().Keys() {
		m := k.Value.Map()
		role := Role{Role: k.Node.Name()}
		pool := m.Need("of")
		if pool.IsList() && len(pool.List()) == 0 {
			pool.Fail("this role names nobody")
		}
		for _, p := range pool.List() {
			name := p.Name()
			if l.people[name] && name != "" {
				p.Fail("%s already has a role; one person holds one role", name)
			}
			if name != "" && !approval.IsName(name) {
				p.FailHint("call this person something else", "%q is a namespace of signatures, and a file with a signature would be called after both", name)
			}
			l.people[name] = true
			role.Of = append(role.Of, name)
		}
		need := m.Need("need")
		role.Need = need.Int(1, 100)
		m.Close()
		if len(role.Of) > 0 && role.Need > len(role.Of) {
			need.Fail("%d people are needed but only %d are named", role.Need, len(role.Of))
		}
		l.Plan.People = append(l.Plan.People, role)
	}
	for _, role := range []string{RoleAdministrator, RoleWitness} {
		if Find(l.Plan.People, func(r *Role) bool { return r.Role == role }) == nil {
			n.FailHint("both confirm every signature", "there is no role %q", role)
		}
	}
}

func (l *loader) materialList(n source.Node) {
	seen := map[string]bool{}
	for _, item := range n.List() {
		m := item.Map()
		id := m.Need("id")
		mat := Material{ID: id.Name(), What: m.Need("what").Text(), Serial: m.Opt("serial").Text()}
		if t := m.Opt("token"); t.Present() {
			mat.Token = t.Name()
			if Find(l.Plan.Keys, func(k *Key) bool { return k.Token == mat.Token }) == nil {
				t.Fail("no key is on token %q", mat.Token)
			}
		}
		m.Close()
		if seen[mat.ID] {
			id.Fail("duplicate material %q", mat.ID)
		}
		seen[mat.ID] = true
		l.Plan.Materials = append(l.Plan.Materials, mat)
	}
}

func (l *loader) waiverList(n source.Node) {
	for _, item := range n.List() {
		m := item.Map()
		artifact := m.Need("artifact")
		approver := m.Need("approver")
		reason := m.Need("reason")
		w := Waiver{
			Rule: m.Need("rule").Text(), Artifact: artifact.Name(), Reason: reason.Text(),
			Citation: m.Need("citation").Text(), Approver: approver.Name(), Expires: date(m.Need("expires")),
		}
		m.Close()
		l.decided(artifact, approver, reason)
		l.Plan.Waivers = append(l.Plan.Waivers, w)
		l.waivers = append(l.waivers, item)
	}
}

// uncheckedList reads which rules people accept unchecked.
func (l *loader) uncheckedList(n source.Node) {
	for _, item := range n.List() {
		m := item.Map()
		artifact, approver, reason := m.Need("artifact"), m.Need("approver"), m.Need("reason")
		u := Unchecked{Rule: m.Need("rule").Text(), Artifact: artifact.Name(), Lacks: m.Need("lacks").Text(),
			Reason: reason.Text(), Approver: approver.Name()}
		m.Close()
		l.decided(artifact, approver, reason)
		l.Plan.Unchecked = append(l.Plan.Unchecked, u)
		l.unchecked = append(l.unchecked, item)
	}
}

// decided checks what every decision on an artifact names.
func (l *loader) decided(artifact, approver, reason source.Node) {
	if id := artifact.Name(); id != "" && l.objects[id] == "" {
		artifact.Fail("no step makes an artifact %q", id)
	}
	if name := approver.Name(); name != "" && !l.people[name] {
		approver.Fail("%q is not one of the people of this ceremony", name)
	}
	if text := reason.Text(); len(text) > 0 && len(text) < 20 {
		reason.Fail("the reason is too short: write at least 20 characters")
	}
}

// date reads a day; what expires on it is over when it begins, UTC.
func date(n source.Node) time.Time {
	t, err := time.Parse(time.DateOnly, n.Text())
	if err != nil && n.Text() != "" {
		n.Fail("write the date like 2027-12-01")
	}
	return t
}

// unusedKeys reports keys that no step makes or uses: a key that is planned and
// never made is a mistake, and one made for nothing would have to be parked.
func (l *loader) unusedKeys() {
	for _, k := range l.Plan.Keys {
		node := l.nodes["key:"+k.ID]
		switch {
		case l.available[k.ID] || l.early[k.ID] || l.unread:
		case k.Source == KeyGenerated:
			node.FailHint("add it to a generate step, or remove it", "no step generates key %q", k.ID)
		case k.Source == KeyExisting:
			node.FailHint("add it to a use step, or remove it", "no step uses key %q", k.ID)
		}
	}
}

// Roles that the tool itself speaks to. Others may be named freely.
const (
	RoleAdministrator = "administrator"
	RoleWitness       = "internal-witness"
)
