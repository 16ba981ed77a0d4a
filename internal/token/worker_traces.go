// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rootceremony/internal/algorithm"

	"github.com/miekg/pkcs11"
)

// tracing is a search for all that a token shows of a key.
type tracing struct {
	*worker
	known  Known
	key    algorithm.Key
	ids    []idOf            // under which its private half can be expected
	others map[string]bool   // ids of public halves and certificates of other keys
	halves map[string][2]int // by id: how many private and public keys have it
	found  *Traces
}

// traces looks for all that a token shows of a key: see [Traces].
func (w *worker) traces(known Known) (*Traces, error) {
	key, err := algorithm.KeyOf(known.SPKI)
	if err != nil {
		return nil, err
	}
	t := &tracing{worker: w, known: known, key: key, others: map[string]bool{}, halves: map[string][2]int{}, found: &Traces{}}
	if err := t.publics(); err != nil {
		return nil, err
	}
	if err := t.certificates(); err != nil {
		return nil, err
	}
	t.ids = append(t.ids, idOf{known.Identifier, ByIdentifier})
	return t.found, t.privates()
}

// publics finds the public halves, and the ids of those of other keys.
func (t *tracing) publics() error {
	objects, err := t.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PUBLIC_KEY))
	if err != nil {
		return err
	}
	for _, object := range objects {
		id := t.idOf(object)
		n := t.halves[string(id)]
		n[1]++
		t.halves[string(id)] = n
		spki, err := t.readSPKI(object)
		switch {
		case isModuleError(err):
			return fmt.Errorf("reading a public key: %w", err)
		case err != nil: // of a type that this program does not know
			t.others[string(id)] = true
		case bytes.Equal(spki, t.known.SPKI):
			t.found.Public = append(t.found.Public, Half{Object: t.object(object), Attributes: t.report(HalfPublic, object, t.key)})
			t.ids = append(t.ids, idOf{id, ByPublic})
		default:
			t.others[string(id)] = true
		}
	}
	return nil
}

// certificates finds the ids of the certificates of the key and of other keys.
func (t *tracing) certificates() error {
	objects, err := t.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_CERTIFICATE))
	if err != nil {
		return err
	}
	for _, object := range objects {
		der, err := t.attribute(object, pkcs11.CKA_VALUE)
		if err != nil || len(der) == 0 {
			continue
		}
		id := t.idOf(object)
		if bytes.Contains(der, t.known.SPKI) { // as it is in subjectPublicKeyInfo (RFC 5280, 4.1)
			t.ids = append(t.ids, idOf{id, ByCertificate})
		} else {
			t.others[string(id)] = true
		}
	}
	return nil
}

// privates sorts the private keys of the kind: those that may be the key, those that
// are another one, and those that do not tell.
func (t *tracing) privates() error {
	objects, err := t.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY))
	if err != nil {
		return err
	}
	for _, object := range objects {
		id := string(t.idOf(object))
		n := t.halves[id]
		n[0]++
		t.halves[id] = n
	}
	for _, object := range objects {
		o := t.object(object)
		var by []Recognised
		other := o.KeyType != t.key.PKCS11().KeyType
		if !other {
			by, other = t.recognised(object, o)
		}
		switch {
		case other && len(o.ID) > 0 && (t.isOf(t.idOf(object), ByPublic) || t.isOf(t.idOf(object), ByCertificate)):
			t.found.Namesakes = append(t.found.Namesakes, Half{Object: o})
		case other:
		case len(by) == 0:
			t.found.Untold = append(t.found.Untold, Half{Object: o, handle: uint(object)})
		default:
			id := t.idOf(object)
			t.found.Private = append(t.found.Private, Half{Object: o, By: by, Attributes: t.report(HalfPrivate, object, t.key), handle: uint(object),
				Paired: len(id) > 0 && t.halves[string(id)] == [2]int{1, 1} && t.isOf(id, ByPublic)})
		}
	}
	t.tellApart(t.found.Private)
	t.tellApart(t.found.Untold)
	return nil
}

// tellApart reads more of private keys where some have the same label and id.
func (t *tracing) tellApart(all []Half) {
	if !slices.ContainsFunc(all, func(h Half) bool { return h.Alike(all) > 0 }) {
		return
	}
	for i := range all {
		all[i].Facts = t.facts(pkcs11.ObjectHandle(all[i].handle))
	}
}

// factsOf are attributes of a private key that are the same in each process, and that keys
// of one label and id may have each their own: CKA_UNIQUE_ID (PKCS#11 v3.1, 4.4) first.
var factsOf = []struct {
	name string
	kind uint
}{
	{"CKA_UNIQUE_ID", 0x4}, {"CKA_SUBJECT", pkcs11.CKA_SUBJECT}, {"CKA_START_DATE", pkcs11.CKA_START_DATE}, {"CKA_END_DATE", pkcs11.CKA_END_DATE},
	{"CKA_KEY_GEN_MECHANISM", pkcs11.CKA_KEY_GEN_MECHANISM}, {"CKA_LOCAL", pkcs11.CKA_LOCAL},
	{"CKA_ALWAYS_SENSITIVE", pkcs11.CKA_ALWAYS_SENSITIVE}, {"CKA_NEVER_EXTRACTABLE", pkcs11.CKA_NEVER_EXTRACTABLE},
}

// facts says what the token shows of a private key besides label and id: values that print
// as they are, others in hexadecimal.
func (w *worker) facts(object pkcs11.ObjectHandle) string {
	var all []string
	for _, f := range factsOf {
		value, err := w.attribute(object, f.kind)
		switch {
		case err != nil || len(value) == 0 || len(value) > maxFacts/16 || len(bytes.Trim(value, "\xff")) == 0: // CK_UNAVAILABLE_INFORMATION
		case len(value) == 1:
			all = append(all, fmt.Sprintf("%s %t", f.name, value[0] != 0))
		case factPrints.Match(value):
			all = append(all, f.name+" "+string(value))
		default:
			all = append(all, fmt.Sprintf("%s %x", f.name, value))
		}
	}
	return strings.Join(all, ", ")
}

var factPrints = regexp.MustCompile(`^[A-Za-z0-9:._-]{2,}$`)

// recognised says by what a private key may be the one, or that it is another. A value
// of the key says it, then the name that people gave, then whose public half has its id.
func (t *tracing) recognised(object pkcs11.ObjectHandle, o Object) (by []Recognised, other bool) {
	if t.known.named() && t.known.names(o) && (t.known.Facts == "" || t.facts(object) == t.known.Facts) {
		by = append(by, ByName)
	}
	value, other := t.shown(object, t.key, t.known.SPKI)
	if other {
		return nil, true
	}
	if value != "" {
		by = append(by, value)
	}
	id := t.idOf(object)
	if len(id) == 0 {
		return by, false
	}
	for _, seen := range []Recognised{ByPublic, ByCertificate, ByIdentifier} {
		if t.isOf(id, seen) && !(seen == ByIdentifier && t.others[string(id)]) {
			by = append(by, seen)
		}
	}
	return by, len(by) == 0 && t.others[string(id)]
}

// isOf reports whether an id was seen as one of the key.
func (t *tracing) isOf(id []byte, by Recognised) bool {
	for _, i := range t.ids {
		if i.by == by && bytes.Equal(i.id, id) {
			return true
		}
	}
	return false
}

// idOf reads the CKA_ID of an object, which it may not have.
func (w *worker) idOf(object pkcs11.ObjectHandle) []byte {
	id, err := w.attribute(object, pkcs11.CKA_ID)
	if err != nil {
		return nil
	}
	return id
}

// shown reports whether a private key shows the public values of a key, or that it is
// another one. Each such value is in the subjectPublicKeyInfo as it is (RFC 8017,
// A.1.1; RFC 5480, 2).
func (w *worker) shown(object pkcs11.ObjectHandle, key algorithm.Key, spki []byte) (by Recognised, other bool) {
	kind, by := uint(pkcs11.CKA_MODULUS), ByModulus
	if key.Curve() != nil {
		if params, err := w.attribute(object, pkcs11.CKA_EC_PARAMS); err == nil && len(params) > 0 && !bytes.Equal(params, key.Parameters()) {
			return "", true
		}
		kind, by = pkcs11.CKA_EC_POINT, ByPoint
	}
	value, err := w.attribute(object, kind)
	if err != nil || len(value) == 0 {
		return w.shownInfo(object, spki)
	}
	var inner []byte
	if rest, err := asn1.Unmarshal(value, &inner); err == nil && len(rest) == 0 && by == ByPoint {
		value = inner
	}
	value = bytes.TrimLeft(value, "\x00")
	if len(value) < (key.Bits()+7)/8 { // nothing that could tell keys apart
		return "", false
	}
	if !bytes.Contains(spki, value) {
		return "", true
	}
	return by, false
}

// shownInfo reports the same by CKA_PUBLIC_KEY_INFO, the subjectPublicKeyInfo that a
// private key may have (PKCS#11 v2.40, 4.9).
func (w *worker) shownInfo(object pkcs11.ObjectHandle, spki []byte) (by Recognised, other bool) {
	value, err := w.attribute(object, ckaPublicKeyInfo)
	switch {
	case err != nil || len(value) == 0:
		return "", false
	case !bytes.Equal(value, spki):
		return "", true
	}
	return ByInfo, false
}

// ckaPublicKeyInfo is CKA_PUBLIC_KEY_INFO, which miekg/pkcs11 calls otherwise.
const ckaPublicKeyInfo = 0x129
