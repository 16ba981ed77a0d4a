// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rootceremony/profiles"
)

// Difference tells every value that differs between two plans, in the order of
// their paths: one line a value, added (+), removed (-) or changed (~), and one a list
// whose members that stay are in another order.
func Difference(before, after *Plan) ([]string, error) {
	a, err := flat(before)
	if err != nil {
		return nil, err
	}
	b, err := flat(after)
	if err != nil {
		return nil, err
	}
	lines := []string{}
	paths := slices.Concat(slices.Collect(maps.Keys(a.values)), slices.Collect(maps.Keys(b.values)), slices.Collect(maps.Keys(a.members)))
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		if reordered(a.members[path], b.members[path]) {
			lines = append(lines, fmt.Sprintf("~ %s: the order changes", path))
		}
		was, before := a.values[path]
		is, after := b.values[path]
		switch {
		case !before && !after: // a list
		case !before:
			lines = append(lines, fmt.Sprintf("+ %s: %s", path, is))
		case !after:
			lines = append(lines, fmt.Sprintf("- %s: %s", path, was))
		case was != is:
			lines = append(lines, fmt.Sprintf("~ %s: %s, now %s", path, was, is))
		}
	}
	return lines, nil
}

// flatPlan has every value of a plan by its path, and the names of the members of each
// list by its own, in their order.
type flatPlan struct {
	values  map[string]string
	members map[string][]string
}

// flat takes a plan apart. Members of lists are named by what they are called in the
// ceremony file, or counted.
func flat(p *Plan) (*flatPlan, error) {
	raw, err := p.Canonical()
	if err != nil {
		return nil, err
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	out := &flatPlan{values: map[string]string{}, members: map[string][]string{}}
	out.add("", tree)
	return out, nil
}

func (f *flatPlan) add(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, member := range v {
			f.add(strings.TrimPrefix(path+"."+k, "."), member)
		}
	case []any:
		count := map[string]int{}
		for i, member := range v {
			name := displayValue(path, memberName(i, member))
			if count[name]++; count[name] > 1 {
				name += fmt.Sprintf(", %d", count[name])
			}
			f.members[path] = append(f.members[path], name)
			f.add(path+"["+name+"]", member)
		}
	case string:
		f.values[path] = displayValue(path, v)
	default:
		f.values[path] = fmt.Sprint(v)
	}
}

// reordered reports whether what two lists have in common is in another order in the second.
func reordered(before, after []string) bool {
	return !slices.Equal(common(before, after), common(after, before))
}

// common gives the names of a list that are in another, too.
func common(list, other []string) []string {
	there := map[string]bool{}
	for _, name := range other {
		there[name] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return !there[name] })
}

// References of a plan, by the members of plan.json that hold them.
var refMembers = []string{"subject_key", "issuer_key", "issuer", "existing", "request", "previous", "responder", "subject", "serial", "revokes"}

// displayValue gives a value as screens do: references and moments of the signing have
// words of their own in plan.json.
func displayValue(path, v string) string {
	member := path[strings.LastIndex(path, ".")+1:]
	member, _, _ = strings.Cut(member, "[")
	if !strings.HasPrefix(path, "artifacts[") {
		return v
	}
	return displayMember(member, v)
}

// displayMember gives the value of a member of an artifact as screens do.
func displayMember(member, v string) string {
	switch r := (Ref{}); {
	case slices.Contains(refMembers, member) && r.UnmarshalText([]byte(v)) == nil && v != "":
		return r.String()
	case slices.Contains([]string{"not_before", "this_update", "date"}, member):
		return profiles.Moment(v).String()
	}
	return v
}

// memberName names a member of a list so that one that is added in the middle
// does not look like a change of all that follow: a step by its title, since its
// id is its number.
func memberName(i int, member any) string {
	for _, name := range []string{"title", "id", "role", "path"} {
		if s, ok := object(member)[name].(string); ok {
			return s
		}
	}
	if n, ok := member.(string); ok {
		return n
	}
	return fmt.Sprint(i + 1)
}
