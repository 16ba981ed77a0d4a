// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// lying sets what a module is asked to do.
func lying(t *testing.T, settings ...string) {
	t.Helper()
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		t.Setenv(name, value)
	}
}

// knownKey is a key that somebody outside knows, and the CKA_EC_POINT of its public half.
func knownKey(t *testing.T) (key *ecdsa.PrivateKey, point string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return key, hex.EncodeToString(append([]byte{4, byte(len(public))}, public...))
}

// TestModuleLies guards what is signed against a module that lies about it: the
// ceremony stops and says what did not fit, and no artifact is made.
func TestModuleLies(t *testing.T) {
	p := smallPreview(t)
	_, point := knownKey(t)
	for name, c := range map[string]struct {
		settings []string
		says     string
	}{
		"the public key of another":        {[]string{"FAULT_POINT=" + point}, "signature does not verify under the recorded public key"},
		"later the public key of another":  {[]string{"FAULT_POINT=" + point, "FAULT_FROM=2"}, "the public key is not the one that was returned when it was made"},
		"a signature by another key":       {[]string{"FAULT_OTHER=1"}, "signature does not verify under the recorded public key"},
		"each object twice":                {[]string{"FAULT_TWICE=1"}, "2 objects"},
		"random bytes that are all alike":  {[]string{"FAULT_RANDOM=7"}, "all the same"},
		"a NULL function":                  {[]string{"FAULT_NULL=C_SignInit"}, "crashed during sign"},
		"no list of functions":             {[]string{"FAULT=C_GetFunctionList:after:1:null"}, "crashed during open"},
		"three million slots":              {[]string{"FAULT_SLOTS=3000000"}, "3000000 slots: want at most 1024"},
		"an attribute of another length":   {[]string{"FAULT=C_GetAttributeValue:after:2:more"}, ""},
		"a signature of 2^64-1 bytes":      {[]string{"FAULT=C_Sign:after:2:huge"}, "during sign"},
		"a signature of a thousand more":   {[]string{"FAULT=C_Sign:after:2:more"}, "bytes as a signature: want at most 184; they are not recorded"},
		"more objects than there was room": {[]string{"FAULT=C_FindObjects:after:1:more"}, "1000 objects at once: want at most 64"},
	} {
		t.Run(name, func(t *testing.T) {
			o := behindModule(t, p, "")
			lying(t, c.settings...)
			_, err := Execute(context.Background(), p, o)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v, want %q", err, c.says)
			}
			t.Log(err)
			saysWhatNext(t, err)
			soFarSound(t, o.Bundle)
			if made, _ := filepath.Glob(filepath.Join(o.Bundle, "artifacts", "*")); len(made) > 0 {
				t.Errorf("there is %q", made)
			}
		})
	}
}

// TestModulePrintsMuch guards a ceremony with a module that traces: it is not ended, and
// what it prints beyond the limit is cut and counted, also where the ceremony fails before
// the module prints again.
func TestModulePrintsMuch(t *testing.T) {
	p := smallPreview(t)
	for _, fault := range []string{"", "gen:before:1:err=30"} {
		o := behindModule(t, p, fault)
		lying(t, "FAULT_LINES=100000")
		if _, err := Execute(context.Background(), p, o); (err == nil) != (fault == "") {
			t.Fatal(err)
		}
		if fault == "" {
			mustHold(t, "100000 lines", o.Bundle, len(p.Plan.Artifacts))
		} else {
			mustBeIncomplete(t, o.Bundle)
		}
		lines, counted := 0, 0
		for _, e := range recorded[event.ModuleOutput](t, o.Bundle) {
			if lines++; strings.Contains(e.Line, "more lines were printed: cut and counted") {
				counted++
			}
		}
		if lines < 500 || lines > 5000 || counted == 0 {
			t.Errorf("fault %q: %d lines are recorded, %d of them count others", fault, lines, counted)
		}
	}
}

// TestModuleSpoilsBundle guards who relies on a bundle: the module of the same user can
// change its files. The ceremony says so before people sign a manifest of them, and
// verify finds it.
func TestModuleSpoilsBundle(t *testing.T) {
	p := smallPreview(t)
	for _, name := range []string{"artifacts/root.pem", "journal/journal.jsonl", "plan/plan.json"} {
		t.Run(name, func(t *testing.T) {
			o := behindModule(t, p, "")
			lying(t, "FAULT_SPOIL="+filepath.Join(o.Bundle, name))
			_, err := Execute(context.Background(), p, o)
			if !errors.Is(err, transcripts.ErrChanged) || !strings.Contains(err.Error(), name) {
				t.Errorf("the ceremony ended with %v", err)
			}
			t.Log(err)
			saysWhatNext(t, err)
			v, _ := verified(t, o.Bundle, verify.Options{})
			if v == nil {
				return // what cannot be read is not valid
			}
			defer v.Close()
			if len(v.Problems) == 0 {
				t.Error("verify finds nothing")
			}
		})
	}
}

// TestModuleLiesUnseen shows what docs/limits.md says that a hostile module can do: each
// of these records is valid.
func TestModuleLiesUnseen(t *testing.T) {
	p := smallPreview(t)
	key, point := knownKey(t)
	secret, err := key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(t.TempDir(), "kept")
	for name, c := range map[string]struct {
		settings []string
		shows    func(t *testing.T, o Options)
	}{
		"a key that can leave the token": {[]string{"FAULT_EXTRACTABLE=1", "FAULT_ATTR=162=0,164=1"}, canLeave},
		"a key that somebody else knows": {[]string{"FAULT_KNOWN=" + hex.EncodeToString(secret), "FAULT_POINT=" + point}, func(t *testing.T, o Options) {
			spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
			if got := recorded[event.KeyProved](t, o.Bundle); err != nil || len(got) != 1 || got[0].SPKISHA256 != plan.SHA256Hex(spki) {
				t.Errorf("%v: the root key is %+v", err, got)
			}
		}},
		"another signature": {[]string{"FAULT_AGAIN=" + kept}, func(t *testing.T, o Options) { signedElsewhere(t, o, kept) }},
		"a PIN that is kept": {[]string{"FAULT_KEEP=" + kept}, func(t *testing.T, _ Options) {
			if got, err := os.ReadFile(kept); err != nil || string(got) != tokentest.TestPIN {
				t.Errorf("kept: %d bytes, %v", len(got), err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			o := behindModule(t, p, "")
			lying(t, c.settings...)
			if _, err := Execute(context.Background(), p, o); err != nil {
				t.Fatal(err)
			}
			mustHold(t, name, o.Bundle, len(p.Plan.Artifacts))
			c.shows(t, o)
		})
	}
}

// canLeave asks the module when it does not lie.
func canLeave(t *testing.T, o Options) {
	t.Helper()
	lying(t, "FAULT_ATTR=")
	tok, err := openSoftHSM(context.Background(), o.Site.Tokens[0], Login{})
	if err != nil {
		t.Fatal(err)
	}
	defer tok.Close()
	pair, err := tok.Find(context.Background(), "k", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if departures := pair.Departures(token.Named("default"), true); !strings.Contains(strings.Join(departures, " "), "CKA_EXTRACTABLE true") {
		t.Errorf("the key differs in %q", departures)
	}
}

// signedElsewhere looks at the signature that the module made for itself.
func signedElsewhere(t *testing.T, o Options, kept string) {
	t.Helper()
	raw, err := os.ReadFile(kept)
	if err != nil || len(raw) != 96 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	for _, e := range recorded[event.OperationFinished](t, o.Bundle) {
		if e.What != event.WhatGenerate {
			continue
		}
		spki, err := base64.StdEncoding.DecodeString(e.Key.SPKI)
		if err != nil {
			t.Fatal(err)
		}
		public, err := x509.ParsePKIXPublicKey(spki)
		root, ok := public.(*ecdsa.PublicKey)
		if err != nil || !ok || !ecdsa.Verify(root, []byte(strings.Repeat("\x5a", 48)), new(big.Int).SetBytes(raw[:48]), new(big.Int).SetBytes(raw[48:])) {
			t.Errorf("the root key did not sign what the module wanted: %v", err)
		}
	}
}
