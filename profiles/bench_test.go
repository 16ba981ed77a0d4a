// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles_test

import (
	"testing"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

func BenchmarkParse(b *testing.B) {
	r, _ := profiles.BuiltInByName("tls-issuing-ca")
	for b.Loop() {
		doc, err := source.Parse("p.yaml", r.Data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := profiles.Parse(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBind(b *testing.B) {
	r, _ := profiles.BuiltInByName("tls-issuing-ca")
	doc, _ := source.Parse("p.yaml", r.Data)
	p, err := profiles.Parse(doc)
	if err != nil {
		b.Fatal(err)
	}
	v := values()
	for b.Loop() {
		if _, problems := p.(*profiles.CertificateProfile).Bind(v); problems != nil {
			b.Fatal(problems)
		}
	}
}
