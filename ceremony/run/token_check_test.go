// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// oldKey is the key of a CA that exists, with the plan that uses it.
type oldKey struct {
	t    *testing.T
	file string // PKCS #8
	plan *plan.Preview
	ski  string // key identifier of the certificate
}

func newOldKey(t *testing.T) *oldKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	folder := ceremonytest.WriteOldCAOf(t, 0, key)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	k := &oldKey{t: t, file: filepath.Join(folder, "key.p8"), plan: ceremonytest.PreviewOldCA(t, folder)}
	if err := os.WriteFile(k.file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	ski, _, err := k.plan.Loaded.Inputs["old"].Cert().SubjectKeyID()
	if err != nil {
		t.Fatal(err)
	}
	k.ski = hex.EncodeToString(ski)
	return k
}

// put puts the key onto the token of the root.
func (k *oldKey) put(label, id string, how ...string) {
	k.t.Helper()
	args := append([]string{"--import", k.file, "--token", "example-root", "--pin", tokentest.TestPIN, "--label", label, "--id", id}, how...)
	if out, err := exec.Command("softhsm2-util", args...).CombinedOutput(); err != nil {
		k.t.Fatalf("%v\n%s", err, out)
	}
}

const noPublic = "--no-public-key"

// lose takes a private key off the token: of the files of SoftHSM those of public
// objects alone show the label.
func (k *oldKey) lose(label string) {
	k.t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(os.Getenv("SOFTHSM2_CONF")), "tokens", "*", "*.object"))
	if err != nil {
		k.t.Fatal(err)
	}
	lost := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			k.t.Fatal(err)
		}
		if filepath.Base(name) != "token.object" && !bytes.Contains(data, []byte(label)) {
			lost++
			err = os.Remove(name)
		}
		if err != nil {
			k.t.Fatal(err)
		}
	}
	if lost != 1 {
		k.t.Fatalf("%d private keys lost", lost)
	}
}

// onToken is one state of a token, and what a check says of it.
type onToken struct {
	name string
	make func(k *oldKey)
	want []string // "outcome check: part of what was found or of what to try"
	key  token.KeyName
}

func onTokens() []onToken {
	return []onToken{
		{"one pair, imported with fewer attributes", func(k *oldKey) { k.put("old", "01") },
			[]string{`ok keys: key "old" is there: private-key label "old", id 01, by the id of its public half`,
				"warning attributes: the module reports CKA_", "warning attributes: in the ceremony people accept the key as it is"}, token.KeyName{}},
		{"it may not sign", func(k *oldKey) { k.put("old", "01"); k.t.Setenv("FAULT_ATTR", "108=0") },
			[]string{`ok keys: key "old" is there`, "failed attributes: the module reports CKA_SIGN false", "failed attributes: with CKA_SIGN true"}, token.KeyName{}},
		{"no public half", func(k *oldKey) { k.put("old", "01", noPublic) },
			[]string{`warning keys: these private keys do not show whose they are: private-key label "old", id 01`, `warning keys: write at token root in the site file keys: {old: {label: "old", id: "01"}}; else people`}, token.KeyName{}},
		{"no public half, and the id of others", func(k *oldKey) { k.put("old", k.ski, noPublic) },
			[]string{`ok keys: key "old" is there: private-key label "old", id `, "ok keys: by an id that is the key identifier; its public half is not on the token"}, token.KeyName{}},
		{"two ids", func(k *oldKey) { k.put("halved", "02"); k.lose("halved"); k.put("old", "01", noPublic) },
			[]string{`warning keys: its public half is there: public-key label "halved", id 02; these private keys do not show whose they are: private-key label "old", id 01`,
				"warning keys: else people choose in the ceremony"}, token.KeyName{}},
		{"two ids, one of them that of others", func(k *oldKey) { k.put("halved", "02"); k.lose("halved"); k.put("old", k.ski, noPublic) },
			[]string{`ok keys: by an id that is the key identifier; its public half is public-key label "halved", id 02`}, token.KeyName{}},
		{"twice", func(k *oldKey) { k.put("old", "01"); k.put("copy", "02") },
			[]string{`warning keys: 2 private keys may be this key: private-key label "`, "warning keys: people choose"}, token.KeyName{}},
		{"twice under one id", func(k *oldKey) { k.put("old", "01"); k.put("copy", "01", "--force") },
			[]string{"warning keys: 2 private keys may be this key"}, token.KeyName{}},
		{"twice, one named", func(k *oldKey) { k.put("old", "01"); k.put("copy", "02") },
			[]string{`ok keys: key "old" is there: private-key label "copy", id 02, by the name that was given for it`}, token.KeyName{Label: "copy"}},
		{"a name that no key has", func(k *oldKey) { k.put("old", "01") },
			[]string{`failed keys: no private-key with label "odl" is there that can be this key, only private-key label "old", id 01`,
				`failed keys: write under keys: of token root in the site file old: {label: "old", id: "01"}`}, token.KeyName{Label: "odl"}},
		{"a name that no key has, and no public half", func(k *oldKey) { k.put("old", "01", noPublic) },
			[]string{`warning keys: no private-key with label "odl" is there that can be this key, only private-key label "old", id 01`,
				`warning keys: write under keys: of token root in the site file old: {label: "old", id: "01"}; else people`}, token.KeyName{Label: "odl"}},
		{"four that do not tell", func(k *oldKey) {
			for _, id := range []string{"01", "02", "03", "04"} {
				k.put("old", id, noPublic)
			}
		}, []string{`warning keys: write its label and id at token root in the site file, such as keys: {old: {label: "old", id: "0`}, token.KeyName{}},
		{"twins that do not tell", func(k *oldKey) { k.put("old", "01", noPublic); k.put("old", "01", noPublic, "--force") },
			[]string{"failed keys: no private key with an id of it is there; these private keys do not show whose they are: " +
				`private-key label "old", id 01, CKA_`}, token.KeyName{}},
		{"another key", func(k *oldKey) { newOldKey(k.t).put("old", "01", noPublic) },
			[]string{"warning keys: no private key with an id of it is there"}, token.KeyName{}},
		{"twice under one name", func(k *oldKey) { k.put("old", "01"); k.put("old", "01", "--force") },
			[]string{"failed keys: 2 private keys may be this key", "failed keys: give the private key an id and a label that no other has"}, token.KeyName{}},
		{"another pair", func(k *oldKey) { newOldKey(k.t).put("old", "01") }, []string{"failed keys: this may be another token"}, token.KeyName{}},
		{"nothing", func(*oldKey) {}, []string{"failed keys: this may be another token"}, token.KeyName{}},
	}
}

// checkSpied checks tokens through a module that writes down each call, and demands
// that nothing was signed, made, changed or destroyed.
func checkSpied(t *testing.T, p *plan.Preview, o Options) []string {
	t.Helper()
	calls := filepath.Join(t.TempDir(), "calls")
	t.Setenv("FAULT_CALLS", calls)
	for i := range o.Site.Tokens {
		o.Site.Tokens[i].Module = tokentest.BuildFaultModule(t)
	}
	o.LookAt, o.OpenToken = lookAtSoftHSM, openSoftHSM
	o.People = Asked{Terminal: nobodyIsAsked(t)}
	found, err := CheckTokens(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(calls)
	if err != nil || !strings.Contains(string(made), "C_Login\n") {
		t.Errorf("the spy saw no login: %v", err)
	}
	for call := range strings.Lines(string(made)) {
		for _, never := range []string{"C_Sign", "C_Generate", "C_Create", "C_Copy", "C_Set", "C_Destroy"} {
			if strings.HasPrefix(call, never) {
				t.Errorf("the check called %s", call)
			}
		}
	}
	var said []string
	for _, c := range found.Checks {
		said = append(said, fmt.Sprintf("%s %s: %s\n%s", c.Outcome, c.Name, c.Found, c.Next))
	}
	return append(said, "unseen "+strings.Join(found.Unseen, "\n"))
}

// finds demands that one of the checks says each thing: the outcome and the name before
// the colon, and what follows it.
func finds(t *testing.T, said []string, want []string) {
	t.Helper()
	for _, w := range want {
		head, text, _ := strings.Cut(w, ": ")
		ok := false
		for _, s := range said {
			ok = ok || strings.HasPrefix(s, head) && strings.Contains(s, text)
		}
		if !ok {
			t.Errorf("it does not say %q:\n%s", w, strings.Join(said, "\n"))
		}
	}
}

// TestCheckTokens guards the day on which an existing key is not found in a room full of
// people, or has other attributes than they expect: how the key lies on the token is told
// before, with what to try, and no key signs for it.
func TestCheckTokens(t *testing.T) {
	for _, c := range onTokens() {
		t.Run(c.name, func(t *testing.T) {
			k := newOldKey(t)
			root := tokentest.NewSoftHSM(t, "example-root")
			root.Name = "root"
			c.make(k)
			if c.key != (token.KeyName{}) {
				root.Keys = map[string]token.KeyName{"old": c.key}
			}
			site := &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{root}}
			finds(t, checkSpied(t, k.plan, runOptions(k.plan, site, "")), append(c.want, "unseen: whether a key signs"))
		})
	}
}

// TestCheckTakenLabel guards a ceremony against a label that only a private object has,
// which nobody sees without a login.
func TestCheckTakenLabel(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	o.Site.Tokens[0] = tokentest.NewSoftHSM(t, "example-root")
	o.Site.Tokens[0].Name = "root"
	newOldKey(t).put("ca", "01", noPublic)
	finds(t, checkSpied(t, p, o), []string{
		`failed labels: already holds a private-key with label "ca"`, "failed labels: rename the key", "recorded ids: 1 are taken", "unseen: the room for keys on token root"})
}

// checkedMemory checks a token that is simulated.
func checkedMemory(t *testing.T, p *plan.Preview, o Options, simulated token.Token) []preflight.Check {
	t.Helper()
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return simulated, nil }
	found, err := CheckTokens(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	return preflight.With(preflight.Failed, found.Checks)
}

// TestCheckStops guards against an object that cannot be read, which would stop a ceremony
// in its midst, and tells of a key that wants a PIN for each signature.
func TestCheckStops(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	m := token.NewMemory("root", nil)
	m.AddObjects(token.Object{Class: token.ClassPrivate, Problem: "reading CKA_LABEL: CKR_DEVICE_ERROR"})
	if failed := checkedMemory(t, p, fastRun(t, p), m); len(failed) != 1 || failed[0].Name != preflight.Objects || !strings.Contains(failed[0].Found, "without a label, without an id") {
		t.Errorf("an object that cannot be read: %+v", failed)
	}
	k := newOldKey(t)
	o := fastRun(t, k.plan)
	asks := eachTimeToken{token.NewMemory("root", nil)}
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return asks, nil }
	found, err := CheckTokens(context.Background(), k.plan, o)
	if err != nil || len(preflight.With(preflight.Failed, found.Checks)) != 0 {
		t.Fatalf("a PIN for each signature: %v %+v", err, found)
	}
	if !slices.ContainsFunc(found.Checks, func(c preflight.Check) bool { return strings.Contains(c.Found, "CKA_ALWAYS_AUTHENTICATE") }) {
		t.Errorf("nothing says that a key asks for the PIN each time: %+v", found.Checks)
	}
}

// eachTimeToken is a token with one key that wants a PIN for each signature.
type eachTimeToken struct{ *token.Memory }

func (eachTimeToken) Traces(context.Context, token.Known) (*token.Traces, error) {
	return &token.Traces{Private: []token.Half{{Object: token.Object{ID: "01"}, By: []token.Recognised{token.ByPublic}, Paired: true, Attributes: []token.Attribute{
		{Half: token.HalfPrivate, Name: "CKA_ALWAYS_AUTHENTICATE", State: token.StateValue, Value: "true"},
	}}}}, nil
}

// withRoom is a token that tells how much is free.
type withRoom struct {
	*token.Memory
	free int64
}

func (r withRoom) Info() token.Info {
	i := r.Memory.Info()
	i.FreePrivate = r.free
	return i
}

// TestCheckSpace guards against a token that is full when the last key is to be made.
func TestCheckSpace(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	for free, want := range map[int64]preflight.Outcome{1000: preflight.Warning, 1 << 20: preflight.OK} {
		o := fastRun(t, p)
		o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) {
			return withRoom{token.NewMemory("root", nil), free}, nil
		}
		found, err := CheckTokens(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		var got preflight.Outcome
		for _, c := range found.Checks {
			if c.Name == preflight.Space {
				got = c.Outcome
			}
		}
		if got != want {
			t.Errorf("%d bytes: %q, want %q", free, got, want)
		}
	}
}

// TestCheckKeepsTries guards the last try of a PIN: a check that would fail anyway makes
// no login, and one that goes on makes none with the last try.
func TestCheckKeepsTries(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	flags(func(i *token.Info) { i.Flags = append(i.Flags, token.FlagPINLocked) })(t, &o)
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) {
		t.Error("a login was tried")
		return nil, errors.New("opened")
	}
	found, err := CheckTokens(context.Background(), p, o)
	if err != nil || !strings.Contains(strings.Join(found.Unseen, "\n"), "the private objects of token root: nobody logged in") {
		t.Errorf("%v %+v", err, found)
	}
	o = fastRun(t, p)
	o.OpenToken = func(_ context.Context, _ token.Config, l Login) (token.Token, error) {
		return nil, l.LastTry(token.Info{Flags: []string{token.FlagPINFinalTry}})
	}
	found, err = CheckTokens(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	if failed := preflight.With(preflight.Failed, found.Checks); len(failed) != 1 || failed[0].Name != preflight.PIN || !strings.Contains(failed[0].Found, "one try left") {
		t.Errorf("the last try: %+v", failed)
	}
}
