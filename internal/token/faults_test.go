// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// faulty returns options for a SoftHSM2 token behind the fault module.
func faulty(t *testing.T, fault string) (token.Options, *lines) {
	t.Helper()
	config := tokentest.NewSoftHSM(t, "ca")
	config.Module = tokentest.BuildFaultModule(t)
	t.Setenv("FAULT", fault)
	log := &lines{}
	return token.Options{Config: config, Log: log.add}, log
}

// once lets a fault happen in one process only.
func once(t *testing.T) { t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "happened")) }

// A module that dies in C_Sign must not take the ceremony with it: the error
// says what happened, without a stack trace, and Restart works.
func TestModuleDiesInSign(t *testing.T) {
	for fault, want := range map[string]struct{ cause, text string }{
		"sign:before:1:segv":  {"crashed", "SIG"},
		"sign:before:1:abort": {"crashed", "SIGABRT"},
		"sign:before:1:exit":  {"ended", "exit status 9"},
		"sign:after:1:abort":  {"crashed", "SIGABRT"},
	} {
		t.Run(fault, func(t *testing.T) {
			options, _ := faulty(t, fault)
			once(t)
			tok := open(t, options)
			pair := tokentest.Generate(t, tok, "root")
			_, err := tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message())
			var died *token.WorkerError
			if !errors.As(err, &died) {
				t.Fatalf("got %v, want a WorkerError", err)
			}
			t.Log(err)
			if died.Cause != want.cause || died.Op != "sign" || !died.Effect || !strings.Contains(err.Error(), want.text) || died.Next == "" {
				t.Errorf("got %+v", died)
			}
			if text := err.Error(); strings.Contains(text, "\n") || strings.Contains(text, "goroutine") || len(text) > 600 {
				t.Errorf("error is not one plain line: %s", text)
			}
			if _, err := tok.Census(t.Context()); !errors.Is(err, token.ErrNotOpen) {
				t.Errorf("before Restart: %v", err)
			}
			if err := tok.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message()); err != nil {
				t.Errorf("after Restart: %v", err)
			}
		})
	}
}

func TestModuleHangsInSign(t *testing.T) {
	options, _ := faulty(t, "sign:before:1:hang")
	once(t)
	options.Deadlines = token.Deadlines{Call: time.Second}
	tok := open(t, options)
	pair := tokentest.Generate(t, tok, "root")
	_, err := tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message())
	var hung *token.WorkerError
	if !errors.As(err, &hung) || hung.Cause != "did not answer" || !strings.Contains(err.Error(), "killed after 1s") {
		t.Fatalf("got %v", err)
	}
	if err := tok.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := tok.Find(t.Context(), "root", pair.ID, pair.SPKI); err != nil {
		t.Error(err)
	}
}

// An error of C_GenerateKeyPair does not mean that there is no key: the census
// finds it, in a new worker where the old one died.
func TestOrphan(t *testing.T) {
	for fault, want := range map[string]string{
		"gen:after:1:err=30":     "CKR_DEVICE_ERROR",
		"gen:after:1:exit":       "exit status 9",
		"gen:after:1:abort":      "SIGABRT",
		"gen:after:1:hang":       "did not answer",
		"getattr:before:1:err=5": "CKR_GENERAL_ERROR",
	} {
		t.Run(fault, func(t *testing.T) {
			options, _ := faulty(t, fault)
			once(t)
			options.Deadlines = token.Deadlines{Generate: 2 * time.Second}
			tok := open(t, options)
			request := tokentest.NewRequest("root", algorithm.ECDSAP384)
			pair, err := tok.Generate(t.Context(), request)
			var orphan *token.OrphanError
			if !errors.As(err, &orphan) || !errors.Is(err, token.ErrOrphan) || len(orphan.Added) != 2 {
				t.Fatalf("got %v, want an OrphanError with two objects", err)
			}
			t.Log(err)
			if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), fmt.Sprintf("%x", request.ID)) {
				t.Errorf("error names neither cause nor object: %v", err)
			}
			if pair == nil || len(pair.Before) != 0 || len(pair.After) != 2 {
				t.Errorf("evidence: %+v", pair)
			}
			if _, err := tok.Find(t.Context(), "root", request.ID, nil); err != nil {
				t.Errorf("the orphan cannot be found: %v", err)
			}
		})
	}
}

// A failed call that left nothing behind is no orphan.
func TestNoOrphan(t *testing.T) {
	options, _ := faulty(t, "gen:before:1:err=d1")
	pair, err := open(t, options).Generate(t.Context(), tokentest.NewRequest("root", algorithm.ECDSAP384))
	if err == nil || errors.Is(err, token.ErrOrphan) || !strings.Contains(err.Error(), "template") {
		t.Errorf("got %v", err)
	}
	if pair == nil || len(pair.After) != 0 {
		t.Errorf("evidence: %+v", pair)
	}
	var module *token.ModuleError
	if !errors.As(err, &module) || module.Code != "CKR_TEMPLATE_INCONSISTENT" {
		t.Errorf("got %+v", module)
	}
}

// No bad signature leaves the package as a good one, and none is lost.
func TestBadSignatures(t *testing.T) {
	for _, action := range []string{"flip", "zero", "short", "der"} {
		for _, key := range []algorithm.Key{algorithm.ECDSAP256, algorithm.RSA2048} {
			t.Run(action+" "+string(key), func(t *testing.T) {
				options, _ := faulty(t, "sign:after:1:"+action)
				tok := open(t, options)
				pair, err := tok.Generate(t.Context(), tokentest.NewRequest("root", key))
				if err != nil {
					t.Fatal(err)
				}
				if action == "der" && key == algorithm.RSA2048 {
					t.Skip("der is about ECDSA")
				}
				signature, err := tok.Sign(t.Context(), pair.Handle(), key.DefaultSignature(), tokentest.Message())
				var bad *token.SignatureError
				if errors.As(err, &bad) && errors.Is(err, token.ErrBadSignature) && len(signature) > 0 && len(bad.Signature) == len(signature) {
					return
				}
				var refused *token.ModuleError // crypto11 itself refuses an odd length, and loses the bytes
				if !errors.As(err, &refused) || !refused.Effect || signature != nil {
					t.Errorf("got %d bytes, %v", len(signature), err)
				}
			})
		}
	}
}

// A module that gives the modulus of another key for its own has a signature that does
// not verify.
func TestModulusOfAnother(t *testing.T) {
	options, _ := faulty(t, "")
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAULT_POINT", hex.EncodeToString(other.N.Bytes()))
	tok := open(t, options)
	pair, err := tok.Generate(t.Context(), tokentest.NewRequest("root", algorithm.RSA2048))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tok.Sign(t.Context(), pair.Handle(), algorithm.SHA256RSA, tokentest.Message()); !errors.Is(err, token.ErrBadSignature) {
		t.Errorf("got %v", err)
	}
}

// TestSlowCalls guards a slow device, which answers later than the usual deadlines allow:
// the site file states longer ones, for key pairs and for signatures.
func TestSlowCalls(t *testing.T) {
	for name, c := range map[string]struct {
		fault string
		long  token.StatedDeadlines
		ends  bool
	}{
		"signature":             {"sign:after:1:slow=1300", token.StatedDeadlines{Call: 1, Sign: 20}, false},
		"signature, no more":    {"sign:after:1:slow=1300", token.StatedDeadlines{Call: 1}, true},
		"key pair":              {"gen:after:1:slow=1300", token.StatedDeadlines{Generate: 20}, false},
		"key pair, not so long": {"gen:after:1:slow=1300", token.StatedDeadlines{Generate: 1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			options, _ := faulty(t, c.fault)
			once(t)
			options.Config.Deadlines = &c.long
			tok := open(t, options)
			pair, err := tok.Generate(t.Context(), tokentest.NewRequest("root", algorithm.ECDSAP256))
			if err == nil {
				_, err = tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message())
			}
			if late := err != nil && strings.Contains(err.Error(), "killed after 1s"); late != c.ends || err != nil && !late {
				t.Errorf("it was ended: %v", err)
			}
		})
	}
}

// TestStatedEnvironment guards a module that finds its device by a variable: it gets what
// the site file states, and the record has it.
func TestStatedEnvironment(t *testing.T) {
	options, _ := faulty(t, "")
	options.Config.Environment = map[string]string{"FAULT_MODEL": "HSM 9000", "VENDOR_CONF": "/etc/vendor"}
	tok := open(t, options)
	if i := tok.Info(); i.Model != "HSM 9000" || i.Environment["VENDOR_CONF"] != "/etc/vendor" || i.Environment["FAULT_MODEL"] != "HSM 9000" {
		t.Errorf("model %q, environment %v", i.Model, i.Environment)
	}
	options.Config.Environment = map[string]string{"LD_PRELOAD": "/tmp/x.so"}
	if err := options.Config.Check(); err == nil {
		t.Error("a variable that loads code is accepted")
	}
}
