// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Own is a key template of a site: one of Templates(), changed.
type Own struct {
	Like    string   `json:"like"`
	Private []Stated `json:"private,omitempty"`
	Public  []Stated `json:"public,omitempty"`
	// Mechanisms is CKA_ALLOWED_MECHANISMS of the private key; empty means that it is
	// not stated.
	Mechanisms []uint64 `json:"allowed_mechanisms,omitempty"`
}

// Stated is an attribute of a template of a site: "true", "false" or "unset" for one that
// has a name; hexadecimal for one that has none.
type Stated struct {
	Name  string `json:"name"` // CKA_…, or 0x and a number
	Value string `json:"value"`
}

// Unset takes an attribute out of a template.
const Unset = "unset"

// changeable are the attributes that a site may state for each half. CKA_TOKEN, CKA_SIGN
// and CKA_VERIFY are always true; without CKA_DESTROYABLE a rehearsal could not be
// cleaned up; a key with CKA_ALWAYS_AUTHENTICATE is a choice of its own.
var changeable = map[string][]string{
	HalfPrivate: {"CKA_PRIVATE", "CKA_SENSITIVE", "CKA_EXTRACTABLE", "CKA_MODIFIABLE", "CKA_COPYABLE", "CKA_DERIVE",
		"CKA_DECRYPT", "CKA_UNWRAP", "CKA_SIGN_RECOVER", "CKA_WRAP_WITH_TRUSTED"},
	HalfPublic: {"CKA_PRIVATE", "CKA_MODIFIABLE", "CKA_COPYABLE", "CKA_DERIVE", "CKA_ENCRYPT", "CKA_WRAP", "CKA_VERIFY_RECOVER"},
}

// never unset are those that crypto11 states on its own where a template does not.
var added = []string{"CKA_SENSITIVE", "CKA_EXTRACTABLE", "CKA_DECRYPT", "CKA_ENCRYPT"}

// rawName is how an attribute without a name is called.
var rawName = regexp.MustCompile(`^0x[0-9a-f]{1,8}$`)

// vendorAttributes begin here (CKA_VENDOR_DEFINED). Of the standard ones without a value
// that is true or false only these are of use: CKA_SUBJECT, CKA_START_DATE, CKA_END_DATE.
const vendorAttributes = 0x80000000

var standardRaw = []uint64{0x101, 0x110, 0x111}

// Check says what is wrong with an attribute.
func (s Stated) Check(half string) error {
	if rawName.MatchString(s.Name) {
		return s.checkRaw()
	}
	switch {
	case !slices.Contains(changeable[half], s.Name):
		return fmt.Errorf("%q is not an attribute that a template may state: want one of %s, or a number such as 0x80000001",
			s.Name, strings.Join(changeable[half], ", "))
	case s.Value == Unset && slices.Contains(added, s.Name):
		return fmt.Errorf("%s is always stated: want true or false", s.Name)
	case s.Value != "true" && s.Value != "false" && s.Value != Unset:
		return fmt.Errorf("%s is %q: want true, false or unset", s.Name, s.Value)
	}
	return nil
}

func (s Stated) checkRaw() error {
	n, err := strconv.ParseUint(s.Name[2:], 16, 32)
	if err != nil {
		return fmt.Errorf("%q is not a number", s.Name)
	}
	if n < vendorAttributes && !slices.Contains(standardRaw, n) {
		return fmt.Errorf("%s is an attribute of the standard: state it by its name, if a template may state it; numbers are for vendors, from 0x80000000", s.Name)
	}
	if raw, err := hex.DecodeString(s.Value); err != nil || len(raw) == 0 || len(raw) > 256 {
		return fmt.Errorf("%s is %q: want the 1 to 256 bytes of its value in hexadecimal, quoted", s.Name, s.Value)
	}
	return nil
}

// maxAllowed is how many mechanisms a template may allow.
const maxAllowed = 64

// check says what is wrong with a template.
func (o *Own) check() error {
	if _, err := templateFor(o.Like); err != nil {
		return fmt.Errorf("like: %w", err)
	}
	for _, half := range []string{HalfPrivate, HalfPublic} {
		var names []string
		for _, s := range o.of(half) {
			if err := s.Check(half); err != nil {
				return err
			}
			if slices.Contains(names, s.Name) {
				return fmt.Errorf("%s key: %s is a duplicate", half, s.Name)
			}
			names = append(names, s.Name)
		}
	}
	if len(o.Mechanisms) > maxAllowed {
		return fmt.Errorf("%d allowed mechanisms: want at most %d", len(o.Mechanisms), maxAllowed)
	}
	return nil
}

func (o *Own) of(half string) []Stated {
	if half == HalfPrivate {
		return o.Private
	}
	return o.Public
}

// template puts the changes into the template that this is like.
func (o *Own) template(name string) (template, error) {
	if err := o.check(); err != nil {
		return template{}, fmt.Errorf("template %q: %w", name, err)
	}
	t, err := templateFor(o.Like)
	if err != nil {
		return template{}, err
	}
	t.name = name
	for _, half := range []string{HalfPrivate, HalfPublic} {
		for _, s := range o.of(half) {
			t.change(half, s)
		}
	}
	if len(o.Mechanisms) > 0 {
		t.both = append(t.both, setting{half: HalfPrivate, name: allowedMechanisms, mechanisms: o.Mechanisms})
	}
	return t, nil
}

const allowedMechanisms = "CKA_ALLOWED_MECHANISMS"

// change states one attribute, in place of what the template stated.
func (t *template) change(half string, s Stated) {
	other := func(have setting) bool { return have.half == half && have.name == s.Name }
	for _, list := range []*[]setting{&t.both, &t.rsa, &t.ec} {
		*list = slices.DeleteFunc(slices.Clone(*list), other)
	}
	switch raw, err := hex.DecodeString(s.Value); {
	case rawName.MatchString(s.Name) && err == nil:
		t.both = append(t.both, setting{half: half, name: s.Name, raw: raw})
	case s.Value != Unset:
		t.both = append(t.both, setting{half: half, name: s.Name, value: s.Value == "true"})
	}
}

// Template names a key template: one of Templates(), or one of a site.
type Template struct {
	Name string // empty means DefaultTemplate
	own  *Own
}

// Named is one of Templates().
func Named(name string) Template { return Template{Name: name} }

// Chosen is the template of a token.
func (c Config) Chosen() Template {
	return Template{Name: cmp.Or(c.Template, DefaultTemplate), own: c.Own}
}

// Named is the template of a token by its name, or one of Templates().
func (c Config) Named(name string) Template {
	if name == "" || name == c.Template {
		return c.Chosen()
	}
	return Named(name)
}

// resolve gives what is asked for.
func (t Template) resolve() (template, error) {
	if t.own != nil {
		return t.own.template(t.Name)
	}
	return templateFor(t.Name)
}

// Lets says in which ways a template lets a private key leave the token, or makes a key
// weaker than the template that it is like, and what in it this program does not know.
// People approve and read it.
func (t Template) Lets() []string {
	r, err := t.resolve()
	if err != nil {
		return []string{err.Error()}
	}
	var lets []string
	for _, s := range slices.Concat(r.both, r.rsa, r.ec) {
		switch {
		case s.half == HalfPrivate && s.name == "CKA_EXTRACTABLE" && s.value:
			lets = append(lets, "keys can leave the token, wrapped under other keys (CKA_EXTRACTABLE true)")
		case s.half == HalfPrivate && s.name == "CKA_SENSITIVE" && !s.value:
			lets = append(lets, "keys are not protected from being read (CKA_SENSITIVE false)")
		case s.raw != nil:
			lets = append(lets, fmt.Sprintf("what the attribute %s of the %s key does, only the vendor of the device knows", s.name, s.half))
		}
	}
	if t.own != nil {
		lets = append(lets, t.own.weaker(r)...)
	}
	return lets
}

// errNotOwn is for a definition that names one of Templates().
var errNotOwn = errors.New("a template of the site needs a name of its own")
