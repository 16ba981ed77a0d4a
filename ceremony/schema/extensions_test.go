// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// TestExtensions guards that what package ext says of the extensions is in
// the schemas and on the reference page; -update writes it there.
func TestExtensions(t *testing.T) {
	for _, c := range []struct{ file, from, to, text string }{
		{"profile.schema.json", "    \"named-extension\": ", "\n  }\n}\n", "    " + definitionLines(t, profileDefinitions())},
		{"plan.schema.json", "    \"extension\": ", "\n  }\n}\n", "    " + definitionLines(t, planDefinitions())},
		{pages["profile"], "<!-- extensions by kind -->\n", "\n\nWhy a kind", "<!-- extensions by kind -->\n" + kindTable()},
		{pages["profile"], "<!-- forms of extensions -->\n", "\n\nIn place of a URL", "<!-- forms of extensions -->\n" + formTable()},
	} {
		have := string(readFile(t, c.file))
		before, rest, found := strings.Cut(have, c.from)
		_, after, ends := strings.Cut(rest, c.to)
		if !found || !ends {
			t.Errorf("%s has no place between %q and %q", c.file, c.from, c.to)
			continue
		}
		want := before + c.text + c.to + after
		if *update {
			if err := os.WriteFile(c.file, []byte(want), 0o644); err != nil {
				t.Error(err)
			}
			continue
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s is not what package ext says; go test -update writes it (-ext +file):\n%s", c.file, diff)
		}
	}
}

// definition is a key of a JSON object with its value, which may have any layout.
type definition struct{ key, json string }

// object writes definitions as a JSON object.
func object(list []definition) string {
	parts := make([]string, len(list))
	for i, d := range list {
		parts[i] = fmt.Sprintf("%q: %s", d.key, d.json)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func quoted(list []string) string {
	data, err := json.Marshal(list)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// profileDefinitions are those of extensions in a profile.
func profileDefinitions() []definition {
	var bare, ids, once []string
	var valued, refs []definition
	for _, s := range ext.Specs() {
		if s.OID != "" {
			ids = append(ids, string(s.OID))
		}
		if s.Schema.Profile == "" {
			bare = append(bare, string(s.Name))
		} else {
			valued = append(valued, definition{string(s.Name), s.Schema.Profile})
			refs = append(refs, definition{string(s.Name), fmt.Sprintf(`{"$ref": "#/$defs/%s"}`, s.Name)})
		}
		if s.Name != ext.NameRaw {
			once = append(once, fmt.Sprintf(`{"contains": %s, "minContains": 0, "maxContains": 1}`, present(&s)))
		}
	}
	out := []definition{
		{"named-extension", `{"$comment": "From here on generated from package ext by a test.", "enum": ` + quoted(ids) + `}`},
		{"no-extension-twice", `{"allOf": [` + strings.Join(once, ", ") + `]}`},
		{"extension", `{"anyOf": [{"enum": ` + quoted(bare) + `}, {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false, "properties": ` + object(refs) + `}]}`},
	}
	out = append(out, valued...)
	for _, k := range profiles.Kinds() {
		out = append(out, definition{string(k) + "-extensions", extensionsOf(k)})
	}
	return out
}

// present is the schema of an element that is the extension.
func present(s *ext.Spec) string {
	if s.Schema.Profile == "" {
		return fmt.Sprintf(`{"const": %q}`, s.Name)
	}
	return fmt.Sprintf(`{"type": "object", "required": [%q]}`, s.Name)
}

// extensionsOf is the schema of the list of extensions of a kind.
func extensionsOf(k profiles.Kind) string {
	var must, bare []string
	var refused []definition
	for _, s := range ext.Specs() {
		if s.Must(k) != "" {
			must = append(must, `{"contains": `+present(&s)+`}`)
		}
		more := s.Schema.In[k]
		switch no := s.Refuses(k).Why != ""; {
		case no && s.Schema.Profile == "":
			bare = append(bare, string(s.Name))
		case no:
			refused = append(refused, definition{string(s.Name), "false"})
		case more != "":
			refused = append(refused, definition{string(s.Name), more})
		}
	}
	items := []definition{{"properties", object(refused)}}
	if len(bare) > 0 {
		items = append([]definition{{"not", `{"enum": ` + quoted(bare) + `}`}}, items...)
	}
	out := []definition{{"items", object(items)}}
	if len(must) > 0 {
		out = append([]definition{{"allOf", "[" + strings.Join(must, ", ") + "]"}}, out...)
	}
	return object(out)
}

// planDefinitions is that of an extension in a plan.
func planDefinitions() []definition {
	properties := []definition{
		{"extension", `{"enum": ` + quoted(ext.Names()) + `}`},
		{"critical", `{"type": "boolean"}`},
	}
	var held []string
	for _, s := range ext.Specs() {
		if s.Key == "" {
			continue
		}
		properties = append(properties, definition{s.Key, s.Schema.Plan})
		held = append(held, fmt.Sprintf(`{"if": {"properties": {"extension": {"const": %q}}}, "then": {"required": [%q]}, "else": {"properties": {%q: false}}}`, s.Name, s.Key, s.Key))
	}
	return []definition{{"extension", `{"$comment": "Generated from package ext by a test.", "type": "object", "required": ["extension", "critical"], "additionalProperties": false, "properties": ` +
		object(properties) + `, "allOf": [` + strings.Join(held, ", ") + `]}`}}
}

// definitionLines lays definitions out as the rest of the file is.
func definitionLines(t *testing.T, list []definition) string {
	t.Helper()
	out := make([]string, len(list))
	for i, d := range list {
		dec := json.NewDecoder(strings.NewReader(d.json))
		dec.UseNumber()
		text, err := laidOut(dec, "    ", len(d.key)+4)
		if err != nil {
			t.Fatalf("the schema of %s: %v", d.key, err)
		}
		out[i] = fmt.Sprintf("%q: %s", d.key, text)
	}
	return strings.Join(out, ",\n    ")
}

// laidOut writes the next value: on one line where it is short, and otherwise
// with a line for each of its parts. used is what is before it on its line.
func laidOut(dec *json.Decoder, indent string, used int) (string, error) {
	token, err := dec.Token()
	if err != nil {
		return "", err
	}
	open, isOpen := token.(json.Delim)
	if !isOpen {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		err := enc.Encode(token)
		return strings.TrimSuffix(b.String(), "\n"), err
	}
	var parts []string
	for dec.More() {
		name := ""
		if open == '{' {
			key, err := laidOut(dec, "", 0)
			if err != nil {
				return "", err
			}
			name = key + ": "
		}
		part, err := laidOut(dec, indent+"  ", len(name))
		if err != nil {
			return "", err
		}
		parts = append(parts, name+part)
	}
	if _, err := dec.Token(); err != nil {
		return "", err
	}
	closed := map[json.Delim]string{'{': "}", '[': "]"}[open]
	line := open.String() + strings.Join(parts, ", ") + closed
	if len(parts) == 0 || !strings.Contains(line, "\n") && len(indent)+used+len(line) < 170 {
		return line, nil
	}
	return open.String() + "\n" + indent + "  " + strings.Join(parts, ",\n"+indent+"  ") + "\n" + indent + closed, nil
}

// kindTable says which kinds must, may and cannot have each extension.
func kindTable() string {
	rows := []string{"| extension |", "| --- |"}
	for _, k := range profiles.Kinds() {
		rows[0] += " " + string(k) + " |"
		rows[1] += " --- |"
	}
	for _, s := range ext.Specs() {
		row := "| `" + string(s.Name) + "` |"
		for _, k := range profiles.Kinds() {
			switch {
			case s.Refuses(k).Why != "":
				row += " – |"
			case s.Must(k) != "":
				row += " ● |"
			default:
				row += " ○ |"
			}
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, "\n")
}

// formTable says how each extension is written.
func formTable() string {
	rows := []string{"| extension | forms |", "| --- | --- |"}
	for _, s := range ext.Specs() {
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", s.Name, s.Schema.Forms))
	}
	return strings.Join(rows, "\n")
}
