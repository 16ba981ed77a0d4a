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
// their paths: one line a value, added (+), removed (-) or changed (~).
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
	all := maps.Clone(a)
	maps.Copy(all, b)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		was, before := a[path]
		is, after := b[path]
		switch {
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

// flat gives every value of a plan by its path. Members of lists are named by
// what they are called in the ceremony file, or counted.
func flat(p *Plan) (map[string]string, error) {
	raw, err := p.Canonical()
	if err != nil {
		return nil, err
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	out := map[string]string{}
	flatten(out, "", tree)
	return out, nil
}

func flatten(out map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, member := range v {
			flatten(out, strings.TrimPrefix(path+"."+k, "."), member)
		}
	case []any:
		count := map[string]int{}
		for i, member := range v {
			name := displayValue(path, memberName(i, member))
			if count[name]++; count[name] > 1 {
				name += fmt.Sprintf(", %d", count[name])
			}
			flatten(out, path+"["+name+"]", member)
		}
	case string:
		out[path] = displayValue(path, v)
	default:
		out[path] = fmt.Sprint(v)
	}
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
