// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"
	"io/fs"
	"path"

	"rootceremony/internal/source"
)

// kindStepTemplate is what a plan calls the file of a step template that it was made from.
const kindStepTemplate = "step-template"

// stepTemplateFile gives the file of a step template, or nothing where there is none of that
// name.
func stepTemplateFile(name string) ([]byte, error) {
	data, err := stepTemplateFiles.ReadFile(path.Join("step-templates", name+".yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// parseStepTemplate reads the file of a step template.
func parseStepTemplate(name string, data []byte) (*StepTemplate, error) {
	doc, err := source.Parse(path.Join("step-templates", name+".yaml"), data)
	if err != nil {
		return nil, err
	}
	m := doc.Root().Map()
	m.Need("version").Int(1, 1)
	r := &StepTemplate{Name: m.Need("step-template").Name(), Says: m.Need("says").Text(), Data: data, With: map[string]string{}}
	if w := m.Opt("with"); w.Present() {
		for _, k := range w.Map().Keys() {
			r.With[k.Node.Name()] = k.Value.Enum("kind of parameter", "token", "keys", "text")
		}
	}
	r.BacksUp = m.Opt("backs-up").Text()
	for _, n := range m.Need("steps").List() {
		sm := n.Map()
		st := TemplateStep{Step: Step{Kind: StepDo, Title: sm.Need("do").Prose(), Record: fields(sm)}, Compares: sm.Opt("compares").Text()}
		if t := sm.Opt("takes"); t.Present() {
			st.Takes = t.Span().String()
		}
		sm.Close()
		r.Steps = append(r.Steps, st)
	}
	m.Close()
	return r, doc.Err()
}
