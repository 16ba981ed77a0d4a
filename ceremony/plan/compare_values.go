// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// delta is a value that differs, in words.
type delta struct {
	of   string // the part of the whole: its first member, and which one of a list
	text string
}

// comparing gathers the values by which two trees of JSON differ.
type comparing struct{ found []delta }

// differing says in words where two trees of JSON differ.
func differing(was, is any) []delta {
	c := &comparing{}
	c.values(nil, was, is)
	return c.found
}

func (c *comparing) values(path []string, was, is any) {
	was, is = trimmed(was), trimmed(is)
	old, oldPlain := plainValue(path, was)
	now, nowPlain := plainValue(path, is)
	switch {
	case oldPlain && nowPlain:
		if old != now {
			c.say(path, ": "+old+" -> "+now)
		}
	case was == nil:
		c.say(path, " is new")
	case is == nil:
		c.say(path, " is taken out")
	case oldPlain || nowPlain:
		c.say(path, " changes")
	default:
		c.members(path, membersOf(was), membersOf(is))
	}
}

func (c *comparing) members(path []string, was, is []member) {
	named := func(list []member) (names []string, by map[string]any) {
		by = map[string]any{}
		for _, m := range list {
			names, by[m.name] = append(names, m.name), m.value
		}
		return names, by
	}
	oldNames, old := named(was)
	newNames, now := named(is)
	added := slices.DeleteFunc(slices.Clone(newNames), func(n string) bool {
		_, known := old[n]
		return known
	})
	for _, name := range slices.Concat(oldNames, added) {
		c.values(append(slices.Clone(path), name), old[name], now[name])
	}
	if reordered(oldNames, newNames) {
		c.say(path, ": the order changes")
	}
}

func (c *comparing) say(path []string, text string) {
	of := strings.Join(path[:min(len(path), 2)], " ")
	if len(path) > 1 && !strings.HasPrefix(path[1], "[") {
		of = path[0]
	}
	c.found = append(c.found, delta{of, inWords(path) + text})
}

// trimmed takes a list without members for none.
func trimmed(v any) any {
	if list, ok := v.([]any); ok && len(list) == 0 {
		return nil
	}
	return v
}

// plainValue gives a value that is said in one piece: no object and no list of them.
func plainValue(path []string, v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "none", true
	case string:
		return displayMember(path[len(path)-1], v), true
	case map[string]any:
		for _, only := range []string{"for", "time"} { // an end of a validity is one of the two
			if s, ok := v[only].(string); ok && len(v) == 1 {
				return s, true
			}
		}
		return "", false
	case []any:
		var all []string
		for _, one := range v {
			s, plain := plainValue(path, one)
			if !plain {
				return "", false
			}
			all = append(all, s)
		}
		return strings.Join(all, ", "), true
	}
	return fmt.Sprint(v), true
}

// member is a member of an object, or of a list by what it is called.
type member struct {
	name  string
	value any
}

// callNames are the members by which a member of a list is told from the others.
var callNames = []string{"id", "role", "extension", "name", "type", "oid", "method", "serial"}

func membersOf(v any) []member {
	var out []member
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, member{name, v[name]})
		}
	case []any:
		times := map[string]int{}
		for i, one := range v {
			name := fmt.Sprint(i + 1)
			for _, call := range callNames {
				if s, ok := object(one)[call].(string); ok && s != "" {
					name = s
					break
				}
			}
			if times[name]++; times[name] > 1 {
				name += fmt.Sprintf(" (%d)", times[name])
			}
			out = append(out, member{"[" + name, one})
		}
	}
	return out
}

// unsaid are members that say nothing to people: the one below them does.
var unsaid = []string{"artifact", "certificate", "revocation_list", "certificate_request", "response", "attributes", "value", "urls"}

// oneOf names a member of a list.
var oneOf = map[string]string{"extensions": "extension", "entries": "entry", "tokens": "token"}

// inWords names a value by its path, as people would.
func inWords(path []string) string {
	var words []string
	for _, p := range path {
		name, listed := strings.CutPrefix(p, "[")
		if one := oneOf[p]; one != "" {
			name = one
		} else if !listed {
			name = strings.ReplaceAll(p, "_", " ")
		}
		said := len(words) > 0 && strings.ReplaceAll(words[len(words)-1], "-", " ") == name
		if !listed && slices.Contains(unsaid, p) || said {
			continue
		}
		words = append(words, name)
	}
	if len(words) == 0 && len(path) > 0 {
		return strings.ReplaceAll(path[len(path)-1], "_", " ")
	}
	return strings.Join(words, " ")
}
