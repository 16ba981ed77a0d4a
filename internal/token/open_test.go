// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

func TestChoose(t *testing.T) {
	config := tokentest.NewSoftHSM(t, "same")
	tokentest.NewSoftHSM(t, "same")
	all, err := token.List(t.Context(), config.Module, "")
	if err != nil {
		t.Fatal(err)
	}
	var serials []string
	for _, info := range all {
		if info.Label == "same" {
			serials = append(serials, info.Serial)
		}
	}
	if len(serials) != 2 {
		t.Fatalf("listed %v", all)
	}
	_, err = tryOpen(t, token.Options{Config: config})
	if !errors.Is(err, token.ErrAmbiguous) || !strings.Contains(err.Error(), serials[0]) || !strings.Contains(err.Error(), serials[1]) {
		t.Errorf("two tokens with one label: %v", err)
	}
	t.Log(err)
	config.Serial = serials[1]
	if got := open(t, token.Options{Config: config}).Info(); got.Serial != serials[1] {
		t.Errorf("opened %v", got)
	}
	if _, err := tryOpen(t, token.Options{Config: token.Config{Name: "ca", Module: config.Module, Label: "Mu\u0308ller", Login: token.LoginPIN}}); err == nil || !strings.Contains(err.Error(), "the site file has Mu%CC%88ller, and tokens have") {
		t.Errorf("a label that looks like another: %v", err)
	}
	config.Model = "Luna"
	if _, err := tryOpen(t, token.Options{Config: config}); !errors.Is(err, token.ErrNoSuchToken) || !strings.Contains(err.Error(), serials[0]) {
		t.Errorf("another model: %v", err)
	}
}

func TestInfo(t *testing.T) {
	config := tokentest.NewSoftHSM(t, "ca")
	info := open(t, token.Options{Config: config}).Info()
	if info.Label != "ca" || info.Model != "SoftHSM v2" || !info.Software || !info.FreshProcess || !info.Has(token.FlagLoginRequired) {
		t.Errorf("got %+v", info)
	}
	if info.Environment["SOFTHSM2_CONF"] == "" || len(info.ConfigFiles) != 1 || len(info.ModuleSHA256) != 64 || info.ModulePath != config.Module {
		t.Errorf("environment %q, files %q, module %s", info.Environment, info.ConfigFiles, info.ModuleSHA256)
	}
	crypto := ""
	for path, digest := range info.Libraries {
		if _, err := hex.DecodeString(digest); strings.Contains(path, "libcrypto") && err == nil {
			crypto = digest
		}
	}
	if crypto == "" {
		t.Errorf("the libraries of the module are not recorded: %q", info.Libraries)
	}
	ecdsa := false
	for _, m := range info.Mechanisms {
		ecdsa = ecdsa || m.Name == "CKM_ECDSA" && m.Sign
	}
	if !ecdsa {
		t.Errorf("mechanisms: %+v", info.Mechanisms)
	}
}

// crypto11 and miekg/pkcs11 answer all of these with one sentence, or crash.
func TestModuleFiles(t *testing.T) {
	module := tokentest.SoftHSMModule(t)
	dir := t.TempDir()
	text := filepath.Join(dir, "text.so")
	if err := os.WriteFile(text, []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign.so")
	body, err := os.ReadFile(module)
	if err != nil {
		t.Fatal(err)
	}
	body[18], body[19] = 0x16, 0 // e_machine: s390
	if err := os.WriteFile(foreign, body, 0o600); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "plain.so")
	compile := exec.Command("gcc", "-shared", "-o", plain, "-x", "c", "-")
	compile.Stdin = strings.NewReader("int x;\n")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none.so"): "no such file", dir: "is not a file", text: "not a shared object",
		foreign: "is for", plain: "C_GetFunctionList", "relative.so": "absolute path",
	} {
		if _, err := token.List(t.Context(), path, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", path, err, want)
		}
	}
	t.Setenv("LD_AUDIT", "/nonexistent/spy.so")
	if _, err := token.List(t.Context(), module, ""); err == nil || !strings.Contains(err.Error(), "LD_AUDIT") {
		t.Errorf("LD_AUDIT: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	options, _ := faulty(t, "")
	for name, try := range map[string]struct {
		variable, value, want string
	}{
		"one session":   {"FAULT_MAXRW", "1", "two read-write sessions"},
		"locked":        {"FAULT_FLAGS", "40000", "locked"}, // CKF_USER_PIN_LOCKED
		"write-protect": {"FAULT_FLAGS", "2", "write-protected"},
		"to be changed": {"FAULT_FLAGS", "80000", "must be changed"},
		"silent slot":   {"FAULT_TI", "30", "CKR_DEVICE_ERROR"},
		"parameters":    {"FAULT_INIT", "7", "CKR_ARGUMENTS_BAD; a module that wants parameters to begin, such as libsoftokn3.so of NSS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(try.variable, try.value)
			log := &lines{}
			options.Log = log.add
			if _, err := tryOpen(t, options); err == nil || !strings.Contains(err.Error(), try.want) {
				t.Errorf("got %v, want %q", err, try.want)
			}
			if log.count("C_Login") != 0 {
				t.Error("a login was tried")
			}
		})
	}
}

// TestBrokenSlot guards a token beside one that does not answer any more, which could be a
// second match unless the slot is named; then the token signs, wherever the other is listed.
func TestBrokenSlot(t *testing.T) {
	options, _ := faulty(t, "")
	tokentest.NewSoftHSM(t, "other")
	all, err := token.List(t.Context(), options.Config.Module, "")
	if err != nil || len(all) < 2 {
		t.Fatalf("%v, %v", all, err)
	}
	for i, broken := range all[:2] {
		usable := all[1-i]
		t.Run([]string{"before", "after"}[i], func(t *testing.T) {
			t.Setenv("FAULT_TI_OF", broken.Label)
			options.Config.Label, options.Config.Slot = usable.Label, nil
			if _, err := tryOpen(t, options); err == nil || !strings.Contains(err.Error(), "name the slot: of the token") {
				t.Errorf("a slot that does not answer was passed over: %v", err)
			}
			options.Config.Slot = new(uint64(usable.Slot))
			tok := open(t, options)
			pair := tokentest.Generate(t, tok, "root")
			if _, err := tok.Sign(t.Context(), pair.Handle(), pair.Algorithm.DefaultSignature(), tokentest.Message()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Two keys with one id: crypto11 would sign with either and name the wrong
// public key.
func TestDuplicateID(t *testing.T) {
	config := tokentest.NewSoftHSM(t, "ca")
	tok := open(t, token.Options{Config: config})
	pair := tokentest.Generate(t, tok, "root")
	run := exec.Command("softhsm2-util", "--import", testKey(t), "--token", "ca", "--pin", tokentest.TestPIN,
		"--label", "other", "--id", hex.EncodeToString(pair.ID), "--force")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := tok.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := tok.Find(t.Context(), "", pair.ID, nil); !errors.Is(err, token.ErrAmbiguous) {
		t.Errorf("Find: %v", err)
	}
	if _, err := tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message()); !errors.Is(err, token.ErrAmbiguous) {
		t.Errorf("Sign: %v", err)
	}
	if _, err := tok.Destroy(t.Context(), pair.ID, pair.SPKI); !errors.Is(err, token.ErrAmbiguous) {
		t.Errorf("Destroy: %v", err)
	}
}

// A token whose worker died between two censuses is opened again for the
// second one.
func TestDestroyFails(t *testing.T) {
	options, _ := faulty(t, "destroy:before:2:exit")
	once(t)
	tok := open(t, options)
	pair := tokentest.Generate(t, tok, "root")
	evidence, err := tok.Destroy(t.Context(), pair.ID, pair.SPKI)
	if _, ok := errors.AsType[*token.WorkerError](err); !ok || evidence == nil || len(evidence.Before) != 2 || len(evidence.After) != 1 {
		t.Errorf("got %+v, %v", evidence, err)
	}
}

func TestTemplates(t *testing.T) {
	for _, name := range token.Templates() {
		t.Run(name, func(t *testing.T) {
			config := tokentest.NewSoftHSM(t, "ca")
			config.Template = name
			tok := open(t, token.Options{Config: config})
			for _, algorithm := range []algorithm.Key{algorithm.RSA2048, algorithm.ECDSAP256} {
				pair, err := tok.Generate(t.Context(), tokentest.NewRequestFor(name, string(algorithm), algorithm))
				if err != nil {
					t.Fatal(err)
				}
				if found := pair.Departures(token.Named(name), true); len(found) > 0 {
					t.Errorf("%s: %q", algorithm, found)
				}
			}
		})
	}
}

// A token without a login can be looked at; SoftHSM2 then makes no private
// object, and says why.
func TestNoLogin(t *testing.T) {
	options, log := faulty(t, "")
	options.Config.Login = token.LoginNone
	tok := open(t, options)
	if census, err := tok.Census(t.Context()); err != nil || len(census) != 0 {
		t.Errorf("%v, %v", census, err)
	}
	_, err := tok.Generate(t.Context(), tokentest.NewRequest("root", algorithm.ECDSAP256))
	if err == nil || !strings.Contains(err.Error(), "CKR_USER_NOT_LOGGED_IN") || log.count("C_Login") != 0 {
		t.Errorf("got %v, %d logins", err, log.count("C_Login"))
	}
}

func TestOpenRefusesConfigs(t *testing.T) {
	for name, config := range map[string]token.Config{
		"no module":   {Label: "ca"},
		"no token":    {Module: "/x.so"},
		"bad login":   {Module: "/x.so", Label: "ca", Login: "telepathy"},
		"bad profile": {Module: "/x.so", Label: "ca", Template: "weak"},
	} {
		if _, err := token.Open(context.Background(), token.Options{Config: config, PIN: tokentest.PIN}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A process that was killed while it wrote leaves objects without label and
// id. They are counted, and are in nobody's way.
func TestDebris(t *testing.T) {
	config := tokentest.NewSoftHSM(t, "ca")
	tok := open(t, token.Options{Config: config})
	tokentest.Generate(t, tok, "lost")
	if err := tok.Close(); err != nil {
		t.Fatal(err)
	}
	objects, err := filepath.Glob(filepath.Join(filepath.Dir(os.Getenv("SOFTHSM2_CONF")), "tokens", "*", "*.object"))
	if err != nil || len(objects) != 3 {
		t.Fatalf("object files: %q, %v", objects, err)
	}
	for _, path := range objects {
		if filepath.Base(path) != "token.object" {
			if err := os.Truncate(path, 200); err != nil {
				t.Fatal(err)
			}
		}
	}
	tok = open(t, token.Options{Config: config})
	if _, err := tok.Find(t.Context(), "lost", nil, nil); !errors.Is(err, token.ErrNoSuchKey) {
		t.Errorf("finding the lost key: %v", err)
	}
	if pair := tokentest.Generate(t, tok, "root"); len(pair.After)-len(pair.Before) != 2 {
		t.Errorf("before %v, after %v", pair.Before, pair.After)
	}
}

// The worker answers a line it does not understand and ends; it ends in order
// when its parent is gone.
func TestWorkerEnds(t *testing.T) {
	for input, want := range map[string]struct {
		reply string
		err   bool
	}{"": {"", false}, "{\"op\":7}\n": {"reading request", true}, "{\"seq\":5,\"op\":\"census\"}\n": {"not-open", false}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		worker := exec.Command("/proc/self/exe", token.WorkerArgument)
		worker.ExtraFiles = []*os.File{w}
		stdin, err := worker.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := worker.Start(); err != nil {
			t.Fatal(err)
		}
		_ = w.Close()
		if _, err := io.WriteString(stdin, input); err != nil {
			t.Error(err)
		}
		reply, readErr := "", error(nil)
		if want.reply != "" { // the pipe stays open until then
			reply, readErr = bufio.NewReader(r).ReadString('\n')
		}
		_ = stdin.Close()
		err = worker.Wait()
		_ = r.Close()
		if (err != nil) != want.err || readErr != nil || !strings.Contains(reply, want.reply) {
			t.Errorf("%q: replied %q, %v, %v", input, reply, err, readErr)
		}
	}
}

// A worker that does not speak the protocol is reported, not waited for.
func TestWorkerThatIsNone(t *testing.T) {
	config := tokentest.NewSoftHSM(t, "ca")
	for path, cause := range map[string]string{"/bin/true": "ended", "/nonexistent": "did not start"} {
		_, err := tryOpen(t, token.Options{Config: config, Executable: path})
		if died, ok := errors.AsType[*token.WorkerError](err); !ok || died.Cause != cause {
			t.Errorf("%s: %v", path, err)
		}
	}
}
