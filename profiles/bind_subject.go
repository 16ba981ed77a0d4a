// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/profiles/value"
)

// subject binds a name: exactly the attributes of the profile, in its order, in
// whatever order they are given; values of one type are given in the order of the profile.
func (b *binding) subject(want []SubjectAttribute, given []Assigned, existing []byte) Name {
	if len(existing) > 0 {
		if len(given) > 0 {
			b.fail(member("subject"), "", "", "the subject is given twice, by attributes and by an existing certificate")
		}
		b.existing(want, existing)
		return Name{DER: slices.Clone(existing)}
	}
	left := slices.Clone(given)
	has, listed := map[string]int{}, map[string]int{} // how often each type is given, and in the profile
	for _, a := range given {
		has[a.Type]++
	}
	for _, w := range want {
		listed[w.Type]++
	}
	var out Name
	var missing []string
	for _, w := range want {
		field := attribute(w.Type)
		i := slices.IndexFunc(left, func(a Assigned) bool { return a.Type == w.Type })
		if i < 0 {
			if slices.Contains(missing, w.Type) {
				continue // said for all that are missing
			}
			missing = append(missing, w.Type)
			if j := slices.IndexFunc(left, func(a Assigned) bool { return listed[a.Type] == 0 && source.DidYouMean(a.Type, []string{w.Type}) != "" }); j >= 0 {
				b.fail(attribute(left[j].Type), "", source.DidYouMean(left[j].Type, []string{w.Type}), "unknown attribute %q", left[j].Type)
				left = slices.Delete(left, j, j+1)
				continue
			}
			b.missing(w.Type, has[w.Type], listed[w.Type])
			continue
		}
		a, err := value.NewAttribute(w.Type, w.String, left[i].Value)
		b.attribute(field, w, err)
		out.Attributes = append(out.Attributes, a)
		left = slices.Delete(left, i, i+1)
	}
	for _, a := range left {
		if n := listed[a.Type]; n > 0 {
			b.fail(attribute(a.Type), "", "", "the subject has %s %q, and the profile lists %s only %s", a.Type, a.Value, a.Type, times(n))
			continue
		}
		b.fail(attribute(a.Type), "", "", "the subject has %s %q, which the profile does not list", a.Type, a.Value)
	}
	return out
}

// missing reports an attribute of which the subject has fewer than the profile.
func (b *binding) missing(kind string, have, want int) {
	hint := ""
	if want > 1 {
		hint = fmt.Sprintf("write a list of %d values, in the order of the profile: %s: [FIRST, SECOND]", want, kind)
	}
	if have == 0 {
		b.fail(attribute(kind), "", hint, "the subject has no %s, which the profile requires", kind)
		return
	}
	b.fail(attribute(kind), "", hint, "the subject has %s %s, but the profile requires it %s", kind, times(have), times(want))
}

// times says how often.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
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

// nameAsItIs says how a name is certified that no profile can write: old tools wrote
// TeletexString and BMPString (RFC 5280 4.1.2.4 has them for such names), and RDNs with
// several attributes.
const nameAsItIs = "no profile writes such a name; a step with existing: in place of subject:, and a profile of kind cross-certified-ca, keeps it byte for byte"

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
			b.fail(member("subject"), "BR 7.1.4.1", nameAsItIs, "the existing name has an RDN with several attributes")
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
			hint := nameAsItIs
			if k := value.AttributeKindOf(w.Type); k != nil && slices.Contains(k.Types, as) {
				hint = fmt.Sprintf("write %s: {type: %s} under subject in the profile", w.Type, as)
			}
			b.fail(attribute(w.Type), "BR 7.1.4.1", hint,
				"the existing name has %s as a string of another type (tag %d) than %s", w.Type, parts[i].Tag, w.String)
		}
	}
}
