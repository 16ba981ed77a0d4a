// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// AllowedSigners gives the keys of a policy as ssh-keygen -Y verify wants them,
// for use by hand: one line for each key, with the namespaces that its person
// may sign in. It holds no times, which older versions of ssh-keygen do
// not read; times, thresholds and touch are for the policy.
func AllowedSigners(policy *Policy) []byte {
	var out bytes.Buffer
	for _, person := range policy.sorted() {
		spaces := strings.Join(policy.namespacesOf(person.ID), ",")
		for _, k := range person.Keys {
			fmt.Fprintf(&out, "%s namespaces=%q %s\n", person.Name(), spaces, k.SSH)
		}
	}
	return out.Bytes()
}

func (p *Policy) sorted() []Person {
	people := slices.Clone(p.People)
	slices.SortFunc(people, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	return people
}

// namespacesOf lists what a person may sign. Everybody may review.
func (p *Policy) namespacesOf(id string) []string {
	var out []string
	for _, m := range meanings {
		rule := p.rule(m.namespace)
		has := rule != nil && slices.ContainsFunc(rule.Roles, func(name string) bool { return contains(p.role(name).Members, id) })
		if has || m.namespace == Review {
			out = append(out, string(m.namespace))
		}
	}
	return out
}
