// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// The certificate that a response encloses is linted as the responder's that it is, and
// its findings say where they are. One that was given, too, is told of once.
func TestEnclosedCertificate(t *testing.T) {
	rootKey, key := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil)
	without := func(name string) func(*profiles.Certificate) {
		return func(c *profiles.Certificate) {
			c.Extensions = slices.DeleteFunc(slices.Clone(c.Extensions), func(e profiles.Extension) bool { return string(e.Name) == name })
		}
	}
	by := func(der []byte) *x509.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	p, err := builtInProfile[profiles.Profile]("ocsp-response")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		edit   func(*profiles.Certificate)
		given  bool
		opts   Options
		finds  []string
		object string
	}{
		{name: "as the profile has it", object: "responder certificate of ocsp response"},
		{name: "without ocsp-nocheck", edit: without(string(ext.NameOCSPNoCheck)), finds: []string{"ocspcert.exact"}, object: "responder certificate of ocsp response"},
		{name: "by its kind", opts: Options{Kind: "ocsp-response"}, edit: without(string(ext.NameOCSPNoCheck)), finds: []string{"ocspcert.exact"}, object: "responder certificate of ocsp response"},
		{name: "by its profile", opts: Options{Profile: p}, edit: without(string(ext.NameOCSPNoCheck)), finds: []string{"ocspcert.exact"}, object: "responder certificate of ocsp response"},
		{name: "given as well", given: true, edit: without(string(ext.NameOCSPNoCheck)), finds: []string{"ocspcert.exact"}, object: "certificate"},
	} {
		responder := issue(t, "ocsp-responder", "FAKE Responder", key, rootKey, parsed(t, root), c.edit)
		der, err := ocsp.CreateResponse(by(root), by(responder), ocsp.Response{
			Status: ocsp.Good, SerialNumber: parsed(t, responder).Serial, ThisUpdate: today, NextUpdate: today.Add(5 * 24 * time.Hour), Certificate: by(responder),
		}, key)
		if err != nil {
			t.Fatal(err)
		}
		c.opts.Rules, c.opts.Engines, c.opts.Issuers = []string{lint.PackTLS}, []string{lint.EngineCeremony}, []*inspect.Certificate{parsed(t, root)}
		files := []File{{Name: "a.ors", Data: der, Named: true}}
		if c.given {
			files = append(files, File{Name: "b.der", Data: responder, Named: true})
		}
		r, text := check(t, newLinter(t, c.opts), files...)
		if len(r.Targets) != 2 {
			t.Fatalf("%s: %d objects\n%s", c.name, len(r.Targets), text)
		}
		got := &r.Targets[1]
		if got.Object != c.object || got.Kind != "ocsp-responder" || !slices.Equal(rules(got), c.finds) {
			t.Errorf("%s: %s, %s: %v\n%s", c.name, got.Object, got.Kind, rules(got), text)
		}
		if at := "a.ors: responder certificate: error: ocspcert.exact"; strings.Contains(text, at) != (len(c.finds) > 0 && !c.given) {
			t.Errorf("%s: the text does not say where it is:\n%s", c.name, text)
		}
	}
}
