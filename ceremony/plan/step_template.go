// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rootceremony/internal/source"
)

//go:embed step-templates/*.yaml
var stepTemplateFiles embed.FS

// StepTemplate is a sequence of steps for people that most ceremonies need. A ceremony file
// names it, and the plan holds its steps like any others.
type StepTemplate struct {
	Name    string
	Says    string            // one line
	Data    []byte            // the file
	With    map[string]string // parameters: name and kind, one of token, keys and text
	BacksUp string            // the parameter that lists keys which the steps back up
	Steps   []TemplateStep
}

// TemplateStep is one of them. Its texts may hold {parameters}.
type TemplateStep struct {
	Step
	Compares string // the parameter that lists keys whose digests another machine reads
}

// StepTemplates gives what comes with the program, in the order of names.
func StepTemplates() ([]StepTemplate, error) {
	names, err := stepTemplateFiles.ReadDir("step-templates")
	if err != nil {
		return nil, err
	}
	var all []StepTemplate
	for _, n := range names {
		name := strings.TrimSuffix(n.Name(), ".yaml")
		data, err := stepTemplateFile(name)
		if err != nil {
			return nil, err
		}
		r, err := parseStepTemplate(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, *r)
	}
	return all, nil
}

// addStepTemplate adds the steps of a template to the plan, with the values of this ceremony.
func (l *loader) addStepTemplate(_ Step, t stepText) (steps []Step) {
	name, who, with := t.word.Name(), l.doers(t.m), t.m.Opt("with")
	if name == "" {
		return nil
	}
	r := l.readStepTemplate(t.word, name)
	if r == nil {
		return nil
	}
	values, keys := l.parameters(r, t.word, with)
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "{"+name+"}", value)
	}
	put := strings.NewReplacer(pairs...) // in one pass: a value is no place for another
	for i, st := range r.Steps {
		if i > 0 {
			l.stepNo++
		}
		st.ID, st.Who, st.Title = strconv.Itoa(l.stepNo), who, put.Replace(st.Title)
		if i == 0 && r.BacksUp != "" {
			st.BacksUp = keys
		}
		if st.Compares != "" {
			st.compare(t.word, keys)
		}
		steps = append(steps, st.Step)
	}
	return steps
}

// compare adds a field for the digest of each key.
func (st *TemplateStep) compare(word source.Node, keys []string) {
	for _, k := range keys {
		if Find(st.Record, func(f *Field) bool { return f.Name == k }) != nil {
			word.Fail("key %q has the name of a field in this step template", k)
		}
		st.Record = append(st.Record, Field{Name: k, Type: FieldKey})
	}
}

// readStepTemplate reads a step template, and keeps its file with the plan: what a later
// program ships under that name changes nothing.
func (l *loader) readStepTemplate(word source.Node, name string) *StepTemplate {
	data, err := stepTemplateFile(name)
	if _, inBundle := l.files.(bundledFiles); err == nil && data == nil && !inBundle {
		word.FailHint(cmp.Or(source.DidYouMean(name, stepTemplateNames()), "available: "+strings.Join(stepTemplateNames(), ", ")), "there is no step template %q", name)
		return nil
	}
	file := File{Path: "step-templates:" + name, Kind: kindStepTemplate, Name: name}
	if err == nil {
		data, err = l.builtin(file.Path, data)
	}
	var r *StepTemplate
	if err == nil {
		r, err = parseStepTemplate(name, data)
	}
	if err != nil {
		word.Fail("%v", err)
		return nil
	}
	if Find(l.Plan.Files, func(f *File) bool { return f.Path == file.Path }) == nil {
		l.addFile(file, data)
	}
	return r
}

// parameters reads the parameters of a step template, and the keys among them.
func (l *loader) parameters(r *StepTemplate, word, with source.Node) (values map[string]string, keys []string) {
	values = map[string]string{}
	if !with.Present() {
		if len(r.With) > 0 {
			word.FailHint("add with: {"+strings.Join(slices.Sorted(maps.Keys(r.With)), ", ")+"}", "the step template %q needs parameters", r.Name)
		}
		return values, nil
	}
	m := with.Map()
	for _, name := range slices.Sorted(maps.Keys(r.With)) {
		n := m.Need(name)
		switch r.With[name] {
		case "token":
			values[name] = n.Name()
			if Find(l.Plan.Keys, func(k *Key) bool { return k.Token == values[name] }) == nil && values[name] != "" {
				n.Fail("no key is on token %q", values[name])
			}
		case "keys":
			keys = l.keyNames(n)
			values[name] = joinKeys(keys)
		default:
			values[name] = n.Text()
		}
	}
	m.Close()
	return values, keys
}

// keyNames reads a list of keys that earlier steps made or found.
func (l *loader) keyNames(n source.Node) []string {
	var keys []string
	for _, k := range n.List() {
		id := l.availableKey(k)
		if slices.Contains(keys, id) && id != "" {
			k.Fail("duplicate key %q", id)
			continue
		}
		keys = append(keys, id)
	}
	return keys
}

// joinKeys writes names as people say them.
func joinKeys(names []string) string {
	text := fmt.Sprintf("key %s", strings.Join(names, ", "))
	if len(names) > 1 {
		text = fmt.Sprintf("keys %s and %s", strings.Join(names[:len(names)-1], ", "), names[len(names)-1])
	}
	return text
}

func stepTemplateNames() []string {
	all, err := StepTemplates()
	if err != nil {
		return nil
	}
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
	}
	return names
}
