// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/pkcs11"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// putEachTime puts the private key onto a token as one that wants a login before each
// signature. SoftHSM demands that login.
func (k *oldKey) putEachTime(label string, id []byte) {
	k.t.Helper()
	data, err := os.ReadFile(k.file)
	if err != nil {
		k.t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		k.t.Fatal(err)
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		k.t.Fatalf("a key of type %T", parsed)
	}
	scalar, err := private.Bytes()
	if err != nil {
		k.t.Fatal(err)
	}
	x := pkcs11.New(tokentest.SoftHSMModule(k.t))
	defer x.Destroy()
	if err := errors.Join(x.Initialize(), create(x, scalar, label, id), x.Finalize()); err != nil {
		k.t.Fatal(err)
	}
}

func create(x *pkcs11.Ctx, scalar []byte, label string, id []byte) error {
	slots, err := x.GetSlotList(true)
	if err != nil {
		return err
	}
	s, err := x.OpenSession(slots[0], pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
	if err != nil {
		return err
	}
	if err := x.Login(s, pkcs11.CKU_USER, tokentest.TestPIN); err != nil {
		return err
	}
	template := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY), pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_EC),
		pkcs11.NewAttribute(pkcs11.CKA_EC_PARAMS, algorithm.ECDSAP384.Parameters()), pkcs11.NewAttribute(pkcs11.CKA_VALUE, scalar),
		pkcs11.NewAttribute(pkcs11.CKA_LABEL, label), pkcs11.NewAttribute(pkcs11.CKA_ID, id),
	}
	for _, set := range []uint{pkcs11.CKA_TOKEN, pkcs11.CKA_PRIVATE, pkcs11.CKA_SENSITIVE, pkcs11.CKA_SIGN, pkcs11.CKA_ALWAYS_AUTHENTICATE} {
		template = append(template, pkcs11.NewAttribute(set, true))
	}
	_, err = x.CreateObject(s, append(template, pkcs11.NewAttribute(pkcs11.CKA_EXTRACTABLE, false), pkcs11.NewAttribute(pkcs11.CKA_MODIFIABLE, false)))
	return err
}

// TestUseKeyEachTime guards a CA whose key asks for the PIN before each signature: people
// hear of it when the key is found, and it signs.
func TestUseKeyEachTime(t *testing.T) {
	k := newOldKey(t)
	site, people := oldRoom(t, k)
	ski, err := hex.DecodeString(k.ski)
	if err != nil {
		t.Fatal(err)
	}
	k.putEachTime("old", ski)
	calls := filepath.Join(t.TempDir(), "calls")
	t.Setenv("FAULT_CALLS", calls)
	bundle, signers, err := useOldKey(t, k, site, people)
	if err != nil {
		t.Fatal(err)
	}
	logins, signatures := loginsOf(k.plan.Plan)
	mustHaveCalled(t, calls, logins+signatures, signatures)
	if len(signers) != 2 { // the proof, and the CRL
		t.Errorf("signed by %q", signers)
	}
	if screen := people.Screen(); !strings.Contains(screen, "before each signature: it gets the one that was typed") {
		t.Errorf("the screen does not say that the key asks for the PIN:\n%s", screen)
	}
	mustVerify(t, bundle, 1)
}

// TestUseKeyWithoutID guards a CA whose private key has no CKA_ID, and shows nothing of
// itself: the site file names it by its label, or people choose it; it signs, also when the
// ceremony goes on in another session, and the record verifies.
func TestUseKeyWithoutID(t *testing.T) {
	for name, named := range map[string]map[string]token.KeyName{"named": {"old": {Label: "theirs"}}, "chosen": nil} {
		t.Run(name, func(t *testing.T) {
			k := newOldKey(t)
			site, people := oldRoom(t, k)
			k.putEachTime("theirs", nil)
			newOldKey(t).put("foreign", "0b", noPublic)
			site.Tokens[0].Keys = named
			stopping := termtest.NewScript(80).On("Which of them is key old", numberOf("theirs")).On("without an id as key old", termtest.Reply("use")).
				Once("first four digits", termtest.Reply("STOP")).On("A second person types STOP", termtest.Reply("STOP")).Then(people)
			bundle, signers, err := useOldKey(t, k, site, stopping)
			if !errors.Is(err, ErrStopped) || strings.Join(signers, ", ") != "theirs " {
				t.Fatalf("signed by %q: %v\n%s", signers, err, stopping.Screen())
			}
			o := runOptions(k.plan, site, bundle)
			o.People = Asked{Terminal: deciders(k.plan, "adopt").On("-digest", laptop(bundle)).On("Accept key", termtest.Reply("accept"))}
			if _, err := Resume(context.Background(), o); err != nil {
				t.Fatal(err)
			}
			mustVerify(t, bundle, 1, "nothing was signed after it")
		})
	}
}

// TestUseKeyEachTimeRefused guards the record of a PIN that the token refuses before a
// signature: nothing is signed, and the record says it and is a valid one.
func TestUseKeyEachTimeRefused(t *testing.T) {
	k := newOldKey(t)
	site, people := oldRoom(t, k)
	ski, err := hex.DecodeString(k.ski)
	if err != nil {
		t.Fatal(err)
	}
	k.putEachTime("old", ski)
	t.Setenv("FAULT", "login:before:2:err=a0") // CKR_PIN_INCORRECT
	bundle, _, err := useOldKey(t, k, site, people.On("Who entered it", termtest.Reply("alice")))
	if !errors.Is(err, token.ErrPINIncorrect) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(journalOf(t, bundle), `"type":"pin.refused"`) {
		t.Error("the record does not tell of the PIN")
	}
	mustBeIncomplete(t, bundle)
}
