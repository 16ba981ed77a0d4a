// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/pkcs11"

	"rootceremony/internal/token/tokentest"
)

// restore copies the private keys of a token, and their public halves, to another one: as
// the backup of a vendor does.
func restore(t *testing.T, from, to string) {
	t.Helper()
	x := pkcs11.New(tokentest.SoftHSMModule(t))
	defer x.Destroy()
	if err := errors.Join(x.Initialize(), copyKeys(x, from, to), x.Finalize()); err != nil {
		t.Fatal(err)
	}
}

func copyKeys(x *pkcs11.Ctx, from, to string) error {
	a, errA := sessionOn(x, from)
	b, errB := sessionOn(x, to)
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	kek := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_SECRET_KEY), pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_AES),
		pkcs11.NewAttribute(pkcs11.CKA_VALUE, make([]byte, 32)), pkcs11.NewAttribute(pkcs11.CKA_WRAP, true), pkcs11.NewAttribute(pkcs11.CKA_UNWRAP, true),
	}
	kekA, errA := x.CreateObject(a, kek)
	kekB, errB := x.CreateObject(b, kek)
	if err := errors.Join(errA, errB); err != nil {
		return fmt.Errorf("the wrap key: %w", err)
	}
	objects, err := findAll(x, a, pkcs11.CKO_PRIVATE_KEY)
	if err != nil {
		return err
	}
	pad := []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_AES_KEY_WRAP_PAD, nil)}
	for _, o := range objects {
		wrapped, err := x.WrapKey(a, pad, kekA, o)
		if err != nil {
			return fmt.Errorf("wrapping: %w", err)
		}
		named, err := x.GetAttributeValue(a, o, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_ID, nil), pkcs11.NewAttribute(pkcs11.CKA_LABEL, nil)})
		if err != nil {
			return err
		}
		template := append(named, pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY), pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_EC))
		for _, set := range []uint{pkcs11.CKA_TOKEN, pkcs11.CKA_PRIVATE, pkcs11.CKA_SENSITIVE, pkcs11.CKA_SIGN} {
			template = append(template, pkcs11.NewAttribute(set, true))
		}
		template = append(template, pkcs11.NewAttribute(pkcs11.CKA_EXTRACTABLE, false))
		if _, err := x.UnwrapKey(b, pad, kekB, wrapped, template); err != nil {
			return fmt.Errorf("unwrapping: %w", err)
		}
	}
	return copyPublic(x, a, b)
}

func copyPublic(x *pkcs11.Ctx, a, b pkcs11.SessionHandle) error {
	objects, err := findAll(x, a, pkcs11.CKO_PUBLIC_KEY)
	if err != nil {
		return err
	}
	var asked []*pkcs11.Attribute
	for _, name := range []uint{pkcs11.CKA_CLASS, pkcs11.CKA_KEY_TYPE, pkcs11.CKA_EC_PARAMS, pkcs11.CKA_EC_POINT, pkcs11.CKA_ID, pkcs11.CKA_LABEL, pkcs11.CKA_TOKEN, pkcs11.CKA_VERIFY} {
		asked = append(asked, pkcs11.NewAttribute(name, nil))
	}
	for _, o := range objects {
		public, err := x.GetAttributeValue(a, o, asked)
		if err != nil {
			return err
		}
		if _, err := x.CreateObject(b, public); err != nil {
			return fmt.Errorf("the public half: %w", err)
		}
	}
	return nil
}

// renumber gives each key of a token another id, and the second time the one before.
func renumber(t *testing.T, label string) {
	t.Helper()
	x := pkcs11.New(tokentest.SoftHSMModule(t))
	defer x.Destroy()
	change := func() error {
		s, err := sessionOn(x, label)
		for _, class := range []uint{pkcs11.CKO_PRIVATE_KEY, pkcs11.CKO_PUBLIC_KEY} {
			all, findErr := findAll(x, s, class)
			err = errors.Join(err, findErr)
			for _, o := range all {
				id, readErr := x.GetAttributeValue(s, o, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_ID, nil)})
				if err = errors.Join(err, readErr); err != nil {
					return err
				}
				id[0].Value[0] ^= 0xff
				err = x.SetAttributeValue(s, o, id)
			}
		}
		return err
	}
	if err := errors.Join(x.Initialize(), change(), x.Finalize()); err != nil {
		t.Fatal(err)
	}
}

// killToken takes a token away for good.
func killToken(t *testing.T, label string) {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(filepath.Dir(os.Getenv("SOFTHSM2_CONF")), "tokens", "*"))
	if err != nil {
		t.Fatal(err)
	}
	killed := 0
	for _, folder := range folders {
		data, err := os.ReadFile(filepath.Join(folder, "token.object"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), label) {
			killed++
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
		}
	}
	if killed != 1 {
		t.Fatalf("%d tokens killed", killed)
	}
}

func sessionOn(x *pkcs11.Ctx, label string) (pkcs11.SessionHandle, error) {
	slots, err := x.GetSlotList(true)
	if err != nil {
		return 0, err
	}
	for _, slot := range slots {
		if info, err := x.GetTokenInfo(slot); err == nil && strings.TrimSpace(info.Label) == label {
			s, err := x.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
			if err != nil {
				return 0, err
			}
			return s, x.Login(s, pkcs11.CKU_USER, tokentest.TestPIN)
		}
	}
	return 0, fmt.Errorf("no token %s", label)
}

func findAll(x *pkcs11.Ctx, s pkcs11.SessionHandle, class uint) ([]pkcs11.ObjectHandle, error) {
	if err := x.FindObjectsInit(s, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, class)}); err != nil {
		return nil, err
	}
	objects, _, err := x.FindObjects(s, 100)
	return objects, errors.Join(err, x.FindObjectsFinal(s))
}
