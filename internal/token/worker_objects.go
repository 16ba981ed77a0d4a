// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"

	"rootceremony/internal/algorithm"

	"github.com/miekg/pkcs11"
)

// nativeUlong decodes a CK_ULONG attribute in host byte order.
func nativeUlong(value []byte) (uint, bool) {
	if len(value) == 0 || len(value) > 8 {
		return 0, false
	}
	var whole [8]byte
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		copy(whole[:], value)
	} else {
		copy(whole[8-len(value):], value)
	}
	return uint(binary.NativeEndian.Uint64(whole[:])), true
}

// find returns all objects that match the template. A search with an empty
// value is never made: tokens disagree on what it means.
func (w *worker) find(template ...*pkcs11.Attribute) (found []pkcs11.ObjectHandle, err error) {
	if err := w.direct.FindObjectsInit(w.session, template); err != nil {
		return nil, fmt.Errorf("searching objects: %w", err)
	}
	defer func() {
		if finalErr := w.direct.FindObjectsFinal(w.session); err == nil && finalErr != nil {
			err = fmt.Errorf("searching objects: %w", finalErr)
		}
	}()
	const asked = 64
	for {
		some, _, err := w.direct.FindObjects(w.session, asked)
		if err != nil {
			return nil, fmt.Errorf("searching objects: %w", err)
		}
		if len(some) > asked { // what lies behind the room for them is no handle
			return nil, tooMany(len(some), "objects at once", asked)
		}
		if len(some) == 0 {
			return found, nil
		}
		if found = append(found, some...); len(found) > maxObjects {
			return nil, tooMany(len(found), "objects or more", maxObjects)
		}
	}
}

// attribute reads one attribute: a request for several fails as a whole when
// one of them is unknown to the token.
func (w *worker) attribute(object pkcs11.ObjectHandle, kind uint) ([]byte, error) {
	got, err := w.direct.GetAttributeValue(w.session, object, []*pkcs11.Attribute{pkcs11.NewAttribute(kind, nil)})
	if err != nil {
		return nil, err
	}
	if len(got) != 1 {
		return nil, fmt.Errorf("%d attributes instead of one", len(got))
	}
	if len(got[0].Value) > maxAttribute {
		return nil, tooMany(len(got[0].Value), "bytes of one attribute", maxAttribute)
	}
	return got[0].Value, nil
}

// absent are the CK_RVs that say that an object does not have an attribute.
// SoftHSM gives ATTRIBUTE_VALUE_INVALID for the debris of a killed process.
var absent = []uint{pkcs11.CKR_ATTRIBUTE_TYPE_INVALID, pkcs11.CKR_ATTRIBUTE_SENSITIVE, pkcs11.CKR_ATTRIBUTE_VALUE_INVALID}

// census lists all objects.
func (w *worker) census() (Census, error) {
	objects, err := w.find()
	if err != nil {
		return nil, err
	}
	all := make(Census, 0, len(objects))
	names := 0
	for _, object := range objects {
		o := w.object(object)
		if names += len(o.Label) + len(o.ID) + len(o.Problem); names > maxNames {
			return nil, tooMany(names, "bytes or more of labels and ids", maxNames)
		}
		all = append(all, o)
	}
	return all.sort(), nil
}

func (w *worker) object(handle pkcs11.ObjectHandle) Object {
	var o Object
	read := func(name string, kind uint) []byte {
		value, err := w.attribute(handle, kind)
		if err != nil && !isRV(err, absent...) && o.Problem == "" {
			o.Problem = fmt.Sprintf("reading %s: %v", name, err)
		}
		return value
	}
	o.Class = nameOf(classNames, read("CKA_CLASS", pkcs11.CKA_CLASS))
	o.Label = printable(read("CKA_LABEL", pkcs11.CKA_LABEL))
	switch o.Class {
	case ClassPrivate, ClassPublic, "secret-key":
		o.KeyType = nameOf(keyTypeNames, read("CKA_KEY_TYPE", pkcs11.CKA_KEY_TYPE))
		fallthrough
	case "certificate":
		o.ID = hex.EncodeToString(read("CKA_ID", pkcs11.CKA_ID))
	}
	return o
}

var classNames = map[uint]string{
	pkcs11.CKO_DATA: "data", pkcs11.CKO_CERTIFICATE: "certificate", pkcs11.CKO_PUBLIC_KEY: ClassPublic,
	pkcs11.CKO_PRIVATE_KEY: ClassPrivate, pkcs11.CKO_SECRET_KEY: "secret-key", pkcs11.CKO_HW_FEATURE: "hw-feature",
	pkcs11.CKO_DOMAIN_PARAMETERS: "domain-parameters", pkcs11.CKO_MECHANISM: "mechanism",
}

var keyTypeNames = map[uint]string{
	pkcs11.CKK_RSA: "rsa", pkcs11.CKK_DSA: "dsa", pkcs11.CKK_EC: "ec", pkcs11.CKK_GENERIC_SECRET: "generic",
	pkcs11.CKK_AES: "aes", 0x40: "ec-edwards",
}

func nameOf(names map[uint]string, value []byte) string {
	n, ok := nativeUlong(value)
	if !ok {
		return "unknown"
	}
	if name, ok := names[n]; ok {
		return name
	}
	return fmt.Sprintf("0x%x", n)
}

// attributeKinds gives the CKA and the form of what is read back.
var attributeKinds = map[string]struct {
	kind uint
	form func([]byte) string
}{
	"CKA_CLASS":    {pkcs11.CKA_CLASS, func(v []byte) string { return nameOf(classNames, v) }},
	"CKA_KEY_TYPE": {pkcs11.CKA_KEY_TYPE, func(v []byte) string { return nameOf(keyTypeNames, v) }},
	"CKA_LABEL":    {pkcs11.CKA_LABEL, printable}, "CKA_ID": {pkcs11.CKA_ID, hex.EncodeToString},
	"CKA_EC_PARAMS": {pkcs11.CKA_EC_PARAMS, hex.EncodeToString}, "CKA_PUBLIC_EXPONENT": {pkcs11.CKA_PUBLIC_EXPONENT, hex.EncodeToString},
	"CKA_MODULUS_BITS": {pkcs11.CKA_MODULUS_BITS, decimal}, "CKA_KEY_GEN_MECHANISM": {pkcs11.CKA_KEY_GEN_MECHANISM, mechanismName},
	"CKA_TOKEN": {pkcs11.CKA_TOKEN, boolean}, "CKA_PRIVATE": {pkcs11.CKA_PRIVATE, boolean}, "CKA_LOCAL": {pkcs11.CKA_LOCAL, boolean},
	"CKA_MODIFIABLE": {pkcs11.CKA_MODIFIABLE, boolean}, "CKA_COPYABLE": {0x171, boolean}, "CKA_DESTROYABLE": {0x172, boolean},
	"CKA_DERIVE": {pkcs11.CKA_DERIVE, boolean}, "CKA_SENSITIVE": {pkcs11.CKA_SENSITIVE, boolean},
	"CKA_EXTRACTABLE": {pkcs11.CKA_EXTRACTABLE, boolean}, "CKA_ALWAYS_SENSITIVE": {pkcs11.CKA_ALWAYS_SENSITIVE, boolean},
	"CKA_NEVER_EXTRACTABLE": {pkcs11.CKA_NEVER_EXTRACTABLE, boolean}, "CKA_SIGN": {pkcs11.CKA_SIGN, boolean},
	"CKA_SIGN_RECOVER": {pkcs11.CKA_SIGN_RECOVER, boolean}, "CKA_DECRYPT": {pkcs11.CKA_DECRYPT, boolean},
	"CKA_UNWRAP": {pkcs11.CKA_UNWRAP, boolean}, "CKA_WRAP_WITH_TRUSTED": {pkcs11.CKA_WRAP_WITH_TRUSTED, boolean},
	"CKA_ALWAYS_AUTHENTICATE": {pkcs11.CKA_ALWAYS_AUTHENTICATE, boolean}, "CKA_VERIFY": {pkcs11.CKA_VERIFY, boolean},
	"CKA_VERIFY_RECOVER": {pkcs11.CKA_VERIFY_RECOVER, boolean}, "CKA_ENCRYPT": {pkcs11.CKA_ENCRYPT, boolean},
	"CKA_WRAP": {pkcs11.CKA_WRAP, boolean}, "CKA_TRUSTED": {pkcs11.CKA_TRUSTED, boolean},
}

func boolean(v []byte) string {
	if len(v) == 1 && v[0] <= 1 {
		return strconv.FormatBool(v[0] == 1)
	}
	return "0x" + hex.EncodeToString(v)
}

func decimal(v []byte) string {
	n, ok := nativeUlong(v)
	if !ok {
		return "0x" + hex.EncodeToString(v)
	}
	return strconv.FormatUint(uint64(n), 10)
}

func mechanismName(v []byte) string {
	n, ok := nativeUlong(v)
	switch {
	case !ok || n == pkcs11.CK_UNAVAILABLE_INFORMATION:
		return "unavailable"
	case mechanismNames[n] != "":
		return mechanismNames[n]
	}
	return fmt.Sprintf("0x%x", n)
}

// report reads the attributes of one half back, one by one.
func (w *worker) report(half string, handle pkcs11.ObjectHandle, key algorithm.Key) []Attribute {
	var all []Attribute
	for _, name := range reportedAttributes(half, key) {
		a := Attribute{Half: half, Name: name, State: StateValue}
		kind := attributeKinds[name]
		value, err := w.attribute(handle, kind.kind)
		switch {
		case err == nil:
			a.Value = kind.form(value)
		case isRV(err, pkcs11.CKR_ATTRIBUTE_TYPE_INVALID):
			a.State = StateUnsupported
		case isRV(err, pkcs11.CKR_ATTRIBUTE_SENSITIVE):
			a.State = StateSensitive
		default:
			a.State, a.Value = StateError, err.Error()
		}
		all = append(all, a)
	}
	return all
}
