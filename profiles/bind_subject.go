// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"errors"
	"slices"
	"strings"

	"rootceremony/profiles/value"
)

// subject binds a name: exactly the attributes of the profile, in its order, in
// whatever order they are given.
func (b *binding) subject(want []SubjectAttribute, given []Assigned, existing []byte) Name {
	if len(existing) > 0 {
		if len(given) > 0 {
			b.fail(member("subject"), "", "", "the subject is given twice, by attributes and by an existing certificate")
		}
		b.existing(want, existing)
		return Name{DER: slices.Clone(existing)}
	}
	left := slices.Clone(given)
	var out Name
	for _, w := range want {
		field := attribute(w.Type)
		i := slices.IndexFunc(left, func(a Assigned) bool { return a.Type == w.Type })
		if i < 0 {
			b.fail(field, "", "", "the subject has no %s, which the profile requires", w.Type)
			continue
		}
		a, err := value.NewAttribute(w.Type, w.String, left[i].Value)
		b.attribute(field, w, err)
		out.Attributes = append(out.Attributes, a)
		left = slices.Delete(left, i, i+1)
	}
	for _, a := range left {
		b.fail(attribute(a.Type), "", "", "the subject has %s %q, which the profile does not list", a.Type, a.Value)
	}
	return out
}

// attribute reports why an attribute cannot be encoded.
func (b *binding) attribute(field Field, w SubjectAttribute, err error) {
	if err == nil {
		return
	}
	hint := ""
	if k := value.AttributeKindOf(w.Type); w.String == PrintableString && k != nil && len(k.Types) > 1 {
		hint = "leave out \"type: printable\" where the text needs other characters"
	}
	var limit *value.LimitError
	if errors.As(err, &limit) {
		b.fail(field, limit.Cite, hint, "%s", limit.Msg)
		return
	}
	b.fail(field, "", "", "%v", err)
}

// existing compares a name that must be kept byte for byte with the profile.
// It has to be what the profile would have made, string types included, since
// equal names must be equal bytes (BR 7.1.4.1).
func (b *binding) existing(want []SubjectAttribute, der []byte) {
	parts, err := value.ParseName(der)
	if err != nil {
		b.fail(member("subject"), "", "", "the existing name: %v", err)
		return
	}
	var have, asked []string
	for i, p := range parts {
		if p.RDN != i {
			b.fail(member("subject"), "BR 7.1.4.1", "", "the existing name has an RDN with several attributes")
			return
		}
		have = append(have, value.TypeOf(p.OID))
	}
	for _, w := range want {
		asked = append(asked, w.Type)
	}
	if !slices.Equal(have, asked) {
		b.fail(member("subject"), "BR 7.1.4.1", "", "the existing name has %s, the profile requires %s",
			strings.Join(have, ", "), strings.Join(asked, ", "))
		return
	}
	for i, w := range want {
		if as, _, _ := parts[i].Text(); as != w.String {
			b.fail(attribute(w.Type), "BR 7.1.4.1", "give the string type in the profile",
				"the existing name has %s as a string of another type (tag %d) than %s", w.Type, parts[i].Tag, w.String)
		}
	}
}
