// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"rootceremony/profiles/value"
)

// Name names an extension as YAML does.
type Name string

// Extension is one extension of a certificate, CRL or request.
type Extension struct {
	Name     Name `json:"extension"`
	Critical bool `json:"critical"`
	// Value is of the type that the name asks for. Where the extension takes no
	// value, it may be nil. In JSON it is under a key of its own, see
	// [Spec.Key].
	Value Value `json:"-"`
}

// Value is what an extension says: of a profile what it describes, of a bound
// object what is signed.
type Value interface {
	// Check reports what cannot be encoded. What came from a profile passes; it
	// is for bound objects that were read from a plan.
	Check() error
	// Content says everything in it, for people: a line for each value.
	Content() []string
	// Issued gives the value in the form of Extensions.Canonical of
	// internal/inspect, which gives it for what was issued. ok is false where
	// the value follows from a key, the issuer or the object: rules of their
	// own compare these.
	Issued() (words string, ok bool)
}

// value is the value, or the empty value where there is none.
func (e *Extension) value() Value {
	if e.Value != nil {
		return e.Value
	}
	if s, ok := Lookup(e.Name); ok {
		return s.Zero
	}
	return nil
}

// OID returns the object identifier of the extension, or "" for an unknown
// name.
func (e *Extension) OID() value.OID {
	if r, ok := e.Value.(Raw); ok && e.Name == NameRaw {
		return r.OID
	}
	return e.Name.oid()
}

// Title names the extension for people, by its identifier when it has no name.
func (e *Extension) Title() string {
	if title := e.Name.Title(); title != "" {
		return title
	}
	return "extension " + string(e.OID())
}

// Content says everything that is in the extension, for people, a line for each
// value. The table of a CP/CPS, the plan, the script and the screens show the same.
func (e *Extension) Content() []string {
	v := e.value()
	if v == nil { // an unknown name
		return []string{string(e.Name)}
	}
	return v.Content()
}

// Opaque is DER in an extension that profiles do not interpret.
type Opaque struct {
	Of  string // what it is, where the extension holds more than that
	DER []byte
}

// Opaque gives the DER in an extension that profiles do not interpret.
func (e *Extension) Opaque() []Opaque {
	switch v := e.Value.(type) {
	case Raw:
		return []Opaque{{DER: v.DER}}
	case NameConstraints:
		var out []Opaque
		for _, s := range slices.Concat(v.Permitted, v.Excluded) {
			if s.OtherOID != "" {
				out = append(out, Opaque{Of: "other " + string(s.OtherOID), DER: s.OtherDER})
			}
		}
		return out
	}
	return nil
}

// Issued gives the value in the form of what was issued, see [Value.Issued].
func (e *Extension) Issued() (words string, ok bool) {
	v := e.value()
	if v == nil { // an unknown name is never as declared
		return "", true
	}
	return v.Issued()
}

// Check reports whether an extension holds the value that its name asks for, and
// no other.
func (e *Extension) Check() error {
	s, ok := Lookup(e.Name)
	switch {
	case !ok:
		return fmt.Errorf("unknown extension %q", string(e.Name))
	case e.Value != nil && reflect.TypeOf(e.Value) != reflect.TypeOf(s.Zero):
		return fmt.Errorf("%s has the value of another extension", e.Name)
	case s.Key == "":
		return nil
	case e.empty():
		return errors.New("the value is missing")
	}
	return e.Value.Check()
}

// empty reports whether there is no value, or a list without elements.
func (e *Extension) empty() bool {
	if e.Value == nil {
		return true
	}
	v := reflect.ValueOf(e.Value)
	return v.Kind() == reflect.Slice && v.Len() == 0
}

// MarshalJSON writes the value under its key.
func (e Extension) MarshalJSON() ([]byte, error) {
	type plain Extension
	head, err := encode(plain(e))
	if err != nil {
		return nil, err
	}
	s, ok := Lookup(e.Name)
	if !ok || s.Key == "" || e.empty() {
		return head, nil
	}
	v, err := encode(e.Value)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(head[:len(head)-1], ",%q:%s}", s.Key, v), nil
}

// encode leaves it to the caller whether HTML is escaped.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// UnmarshalJSON reads what MarshalJSON writes, and refuses any other key.
func (e *Extension) UnmarshalJSON(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	var out Extension
	for key, to := range map[string]any{"extension": &out.Name, "critical": &out.Critical} {
		if raw, ok := fields[key]; ok {
			if err := json.Unmarshal(raw, to); err != nil {
				return fmt.Errorf("%s of an extension: %w", key, err)
			}
			delete(fields, key)
		}
	}
	s, _ := Lookup(out.Name)
	if s.Key == "" {
		out.Value = s.Zero
	}
	for key, text := range fields {
		switch {
		case !isKey(key):
			return fmt.Errorf("unknown field %q of an extension", key)
		case key != s.Key:
			return fmt.Errorf("%s has the value of another extension", out.Name)
		case string(text) == "null":
			continue // no value
		}
		v := reflect.New(reflect.TypeOf(s.Zero))
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(v.Interface()); err != nil {
			return fmt.Errorf("%s: %w", out.Name, err)
		}
		out.Value, _ = v.Elem().Interface().(Value)
	}
	*e = out
	return nil
}

// isKey reports whether some extension has its value under this key.
func isKey(key string) bool {
	return key == raw.Key || key != "" && slices.ContainsFunc(specs, func(s Spec) bool { return s.Key == key })
}
