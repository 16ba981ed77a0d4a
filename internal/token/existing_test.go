// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/pkcs11"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// existing is a key of a CA that exists, and the token that it comes onto.
type existing struct {
	t      testing.TB
	config token.Config
	signer crypto.Signer
	spki   []byte
	ski    []byte // its key identifier
}

func newExisting(t *testing.T, config token.Config, signer crypto.Signer) *existing {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		t.Fatal(err)
	}
	return &existing{t, config, signer, spki, []byte{0xca, 0xfe, 0x01}}
}

// put imports the key under a label and an id, with its public half unless how says
// otherwise.
func (e *existing) put(label, id string, how ...string) {
	e.t.Helper()
	args := append([]string{"--import", keyFile(e.t, e.signer), "--token", e.config.Label, "--pin", tokentest.TestPIN, "--label", label, "--id", id}, how...)
	if out, err := exec.Command("softhsm2-util", args...).CombinedOutput(); err != nil {
		e.t.Fatalf("%v\n%s", err, out)
	}
}

// module calls SoftHSM itself, logged in: what people do with a vendor's tool.
func (e *existing) module(do func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error) {
	e.t.Helper()
	x := pkcs11.New(tokentest.SoftHSMModule(e.t))
	defer x.Destroy()
	err := x.Initialize()
	if err == nil {
		err = e.loggedIn(x, do)
	}
	if err := errors.Join(err, x.Finalize()); err != nil {
		e.t.Fatal(err)
	}
}

func (e *existing) loggedIn(x *pkcs11.Ctx, do func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error) error {
	slots, err := x.GetSlotList(true)
	if err != nil {
		return err
	}
	for _, slot := range slots {
		info, err := x.GetTokenInfo(slot)
		if err != nil || info.Label != e.config.Label {
			continue
		}
		s, err := x.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
		if err != nil {
			return err
		}
		if err := x.Login(s, pkcs11.CKU_USER, tokentest.TestPIN); err != nil {
			return err
		}
		return do(x, s)
	}
	return errors.New("no such token")
}

// only finds the one object of a class with a label.
func only(x *pkcs11.Ctx, s pkcs11.SessionHandle, class uint, label string) (pkcs11.ObjectHandle, error) {
	if err := x.FindObjectsInit(s, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, class), pkcs11.NewAttribute(pkcs11.CKA_LABEL, label)}); err != nil {
		return 0, err
	}
	found, _, err := x.FindObjects(s, 2)
	if err := errors.Join(err, x.FindObjectsFinal(s)); err != nil {
		return 0, err
	}
	if len(found) != 1 {
		return 0, fmt.Errorf("%d objects with label %q", len(found), label)
	}
	return found[0], nil
}

// losePublic destroys the public half with a label.
func (e *existing) losePublic(label string) {
	e.t.Helper()
	e.lose(pkcs11.CKO_PUBLIC_KEY, label)
}

// lose destroys the half of a class with a label.
func (e *existing) lose(class uint, label string) {
	e.t.Helper()
	e.module(func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error {
		half, err := only(x, s, class, label)
		if err != nil {
			return err
		}
		return x.DestroyObject(s, half)
	})
}

// set changes an attribute of the half of a class with a label.
func (e *existing) set(class uint, label string, a *pkcs11.Attribute) {
	e.t.Helper()
	e.module(func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error {
		half, err := only(x, s, class, label)
		if err != nil {
			return err
		}
		return x.SetAttributeValue(s, half, []*pkcs11.Attribute{a})
	})
}

// certify puts a certificate of the key onto the token, under an id.
func (e *existing) certify(id []byte) {
	e.t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "FAKE"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1e9, 0)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, e.signer.Public(), e.signer)
	if err != nil {
		e.t.Fatal(err)
	}
	e.module(func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error {
		_, err := x.CreateObject(s, []*pkcs11.Attribute{
			pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_CERTIFICATE), pkcs11.NewAttribute(pkcs11.CKA_CERTIFICATE_TYPE, pkcs11.CKC_X_509),
			pkcs11.NewAttribute(pkcs11.CKA_TOKEN, true), pkcs11.NewAttribute(pkcs11.CKA_VALUE, der), pkcs11.NewAttribute(pkcs11.CKA_ID, id),
			pkcs11.NewAttribute(pkcs11.CKA_LABEL, "certificate"), pkcs11.NewAttribute(pkcs11.CKA_SUBJECT, []byte{0x30, 0})})
		return err
	})
}

const noPublic = "--no-public-key"

// onToken is a way in which an existing key lies on its token.
type onToken struct {
	put   func(e *existing)
	named token.Known      // how people call it, if they do
	by    token.Recognised // empty: it is not found
	left  int              // private keys that may be it
	alone bool
	says  string // where it is not found
}

// ec and rsa keys lie on tokens in these ways.
func onTokens(ec bool) map[string]onToken {
	name := token.Known{Label: "old", ID: []byte{1}}
	all := map[string]onToken{
		"a pair":                             {put: func(e *existing) { e.put("old", "01") }, by: token.ByPublic, left: 1},
		"without its public half, certified": {put: func(e *existing) { e.put("old", "01"); e.losePublic("old"); e.certify([]byte{1}) }, by: token.ByCertificate, left: 1, alone: true},
		"under its key identifier":           {put: func(e *existing) { e.put("old", "cafe01", noPublic) }, by: token.ByIdentifier, left: 1, alone: true},
		"with two ids, one of them the key identifier": {put: func(e *existing) {
			e.put("old", "01")
			e.set(pkcs11.CKO_PRIVATE_KEY, "old", pkcs11.NewAttribute(pkcs11.CKA_ID, e.ski))
		}, by: token.ByIdentifier, left: 1, alone: true},
		"without its public half":        {put: func(e *existing) { e.put("old", "01"); e.losePublic("old") }},
		"without its public half, named": {put: func(e *existing) { e.put("old", "01"); e.losePublic("old") }, named: name, by: token.ByName, left: 1, alone: true},
		"with two ids, named by label": {put: func(e *existing) {
			e.put("old", "01")
			e.set(pkcs11.CKO_PRIVATE_KEY, "old", pkcs11.NewAttribute(pkcs11.CKA_ID, []byte{2}))
		}, named: token.Known{Label: "old"}, by: token.ByName, left: 1, alone: true},
		"twice":              {put: func(e *existing) { e.put("old", "01"); e.put("copy", "02") }, left: 2},
		"twice, named by id": {put: func(e *existing) { e.put("old", "01"); e.put("copy", "02") }, named: token.Known{ID: []byte{2}}, by: token.ByName, left: 1},
		"twice under one id": {put: func(e *existing) { e.put("old", "01"); e.put("copy", "01", "--force") }, left: 2},
		"twice under one id, one for nothing": {put: func(e *existing) {
			e.put("old", "01")
			e.put("copy", "01", "--force")
			e.set(pkcs11.CKO_PRIVATE_KEY, "copy", pkcs11.NewAttribute(pkcs11.CKA_SIGN, false))
		}, by: token.ByPublic, left: 1, alone: true},
		"twice under one id, named":     {put: func(e *existing) { e.put("old", "01"); e.put("copy", "01", "--force") }, named: name, by: token.ByName, left: 1, alone: true},
		"without an id, named by label": {put: func(e *existing) { e.put("old", "01", noPublic); e.loseID("old") }, named: token.Known{Label: "old"}, by: token.ByName, left: 1, alone: true},
		"without an id":                 {put: func(e *existing) { e.put("old", "01", noPublic); e.loseID("old") }},
		"with a twin of another key, and its public key info": {put: func(e *existing) {
			e.another().put("old", "01", noPublic)
			e.create("old", []byte{1}, e.spki)
		}, by: token.ByInfo, left: 1, alone: true},
		"named as another": {put: func(e *existing) { e.put("old", "01") }, named: token.Known{Label: "new"}},
		"only its public half": {put: func(e *existing) {
			e.put("old", "01")
			e.lose(pkcs11.CKO_PRIVATE_KEY, "old")
		}},
	}
	if ec {
		return all
	}
	return map[string]onToken{ // an RSA key shows its modulus
		"without its public half": {put: func(e *existing) { e.put("old", "01"); e.losePublic("old") }, by: token.ByModulus, left: 1, alone: true},
		"with two ids": {put: func(e *existing) {
			e.put("old", "01")
			e.set(pkcs11.CKO_PUBLIC_KEY, "old", pkcs11.NewAttribute(pkcs11.CKA_ID, []byte{2}))
		}, by: token.ByModulus, left: 1, alone: true},
		"twice, once as a pair": {put: func(e *existing) { e.put("old", "01"); e.put("copy", "02", noPublic) }, by: token.ByModulus, left: 1},
		"twice":                 {put: func(e *existing) { e.put("old", "01"); e.put("copy", "02") }, left: 2},
		"without an id":         {put: func(e *existing) { e.put("old", "01", noPublic); e.loseID("old") }, by: token.ByModulus, left: 1, alone: true},
		"without an id, with a twin of another key": {put: func(e *existing) {
			e.another().put("old", "01", noPublic)
			e.loseID("old")
			e.put("old", "01", noPublic)
			e.loseID("old")
		}, by: token.ByModulus, left: 1, alone: true},
		"another key under its id": {put: func(e *existing) {
			e.put("old", "01")
			e.lose(pkcs11.CKO_PRIVATE_KEY, "old")
			e.another().put("theirs", "01", noPublic, "--force")
		}, says: `another key has its id: private-key label "theirs", id 01`},
		"with a twin of another key": {put: func(e *existing) { e.put("old", "01"); e.another().put("old", "01", "--force") }, by: token.ByModulus, left: 1, alone: true},
		"twice under one name":       {put: func(e *existing) { e.put("old", "01"); e.put("old", "01", "--force") }, by: token.ByModulus, left: 2, alone: true},
	}
}

// another is another key of the same kind, for the same token.
func (e *existing) another() *existing {
	e.t.Helper()
	var key crypto.Signer
	var err error
	if _, ec := e.signer.(*ecdsa.PrivateKey); ec {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		e.t.Fatal(err)
	}
	return &existing{t: e.t, config: e.config, signer: key}
}

// loseID takes the CKA_ID from the private keys with a label.
func (e *existing) loseID(label string) {
	e.t.Helper()
	e.module(func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error {
		if err := x.FindObjectsInit(s, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY), pkcs11.NewAttribute(pkcs11.CKA_LABEL, label)}); err != nil {
			return err
		}
		found, _, err := x.FindObjects(s, 9)
		err = errors.Join(err, x.FindObjectsFinal(s))
		for _, o := range found {
			err = errors.Join(err, x.SetAttributeValue(s, o, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_ID, []byte{})}))
		}
		return err
	})
}

// create makes the private key of an EC key with its public key info.
func (e *existing) create(label string, id, info []byte) {
	e.t.Helper()
	private, ok := e.signer.(*ecdsa.PrivateKey)
	if !ok {
		e.t.Fatalf("a key of type %T", e.signer)
	}
	scalar, err := private.Bytes()
	if err != nil {
		e.t.Fatal(err)
	}
	e.module(func(x *pkcs11.Ctx, s pkcs11.SessionHandle) error {
		template := []*pkcs11.Attribute{
			pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY), pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_EC),
			pkcs11.NewAttribute(pkcs11.CKA_EC_PARAMS, algorithm.ECDSAP256.Parameters()), pkcs11.NewAttribute(pkcs11.CKA_VALUE, scalar),
			pkcs11.NewAttribute(pkcs11.CKA_LABEL, label), pkcs11.NewAttribute(pkcs11.CKA_ID, id), pkcs11.NewAttribute(0x129, info),
		}
		for _, set := range []uint{pkcs11.CKA_TOKEN, pkcs11.CKA_PRIVATE, pkcs11.CKA_SENSITIVE, pkcs11.CKA_SIGN} {
			template = append(template, pkcs11.NewAttribute(set, true))
		}
		_, err := x.CreateObject(s, template)
		return err
	})
}

// TestExistingKeys guards a CA whose key lies on its token otherwise than this program
// puts keys there, and everybody else's keys: the key is found by what can be read, it
// alone signs, and no call is made with another.
func TestExistingKeys(t *testing.T) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsa2048, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range onTokens(true) {
		t.Run("ec/"+name, func(t *testing.T) { checkExisting(t, c, p256, algorithm.ECDSASHA256) })
	}
	for name, c := range onTokens(false) {
		t.Run("rsa/"+name, func(t *testing.T) { checkExisting(t, c, rsa2048, algorithm.SHA384RSA) })
	}
}

func checkExisting(t *testing.T, c onToken, signer crypto.Signer, alg algorithm.Signature) {
	config := tokentest.NewSoftHSM(t, "ca")
	e := newExisting(t, config, signer)
	c.put(e)
	foreign(t, config, signer)
	signers := filepath.Join(t.TempDir(), "signers")
	t.Setenv("FAULT_SIGNERS", signers)
	config.Module = tokentest.BuildFaultModule(t)
	tok := open(t, token.Options{Config: config})
	known := c.named
	known.SPKI, known.Identifier = e.spki, e.ski
	found, err := tok.Traces(t.Context(), known)
	if err != nil {
		t.Fatal(err)
	}
	left := found.Candidates()
	pair, err := found.Pick()
	if len(left) != c.left || (err == nil) != (c.by != "") {
		t.Fatalf("%d remain: %+v, %v", len(left), left, err)
	}
	if err != nil {
		if want := map[bool]error{true: token.ErrAmbiguous, false: token.ErrNoSuchKey}[c.left > 1]; !errors.Is(err, want) || strings.Contains(err.Error(), `""`) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("got %v", err)
		}
		signedBy(t, signers, "")
		return
	}
	if left[0].By[0] != c.by || pair.Alone != c.alone || pair.Label != left[0].Object.Label || hex.EncodeToString(pair.ID) != left[0].Object.ID {
		t.Errorf("found %+v of %+v", pair, left)
	}
	if wrong := pair.Misreported(true); wrong != "" {
		t.Errorf("the attributes: %s", wrong)
	}
	if _, err := tok.Sign(t.Context(), pair.Handle(), alg, tokentest.Message()); err != nil {
		t.Error(err)
	}
	signedBy(t, signers, left[0].Object.Label+" "+left[0].Object.ID+"\n")
}

// foreign puts keys of others onto a token, of the same kind: pairs, and private keys
// that tell nothing of themselves.
func foreign(t *testing.T, config token.Config, like crypto.Signer) {
	t.Helper()
	for i := range 2 {
		how := []string{noPublic}
		if i == 0 {
			how = nil
		}
		(&existing{t: t, config: config, signer: like}).another().put(fmt.Sprintf("foreign %d", i), fmt.Sprintf("f%d", i), how...)
	}
}

// signedBy demands of a file of FAULT_SIGNERS that it has just these lines.
func signedBy(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("C_SignInit was called with these keys, not with %q:\n%s", want, got)
	}
}
