// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"runtime/debug"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// file is a profile as a CI finds it.
type file struct {
	name string
	data []byte
}

// profileFiles are the built-in profiles of CAs that a CI would lint.
func profileFiles(b *testing.B) (out []file) {
	b.Helper()
	for _, name := range []string{"tls-issuing-ca", "private-issuing-ca"} {
		r, ok := profiles.BuiltInByName(name)
		if !ok {
			b.Fatalf("no profile %s", name)
		}
		out = append(out, file{name, r.Data})
	}
	return out
}

// boundFile parses a profile and binds it to a specimen's values.
func boundFile(b *testing.B, f file) *profiles.Certificate {
	b.Helper()
	doc, err := source.Parse(f.name+".yaml", f.data)
	if err != nil {
		b.Fatal(err)
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		b.Fatal(err)
	}
	cp, ok := p.(*profiles.CertificateProfile)
	if !ok {
		b.Fatalf("%s is no profile of certificates", f.name)
	}
	v := values(f.name, "Specimen", 3)
	if len(cp.Subject) == 2 {
		v.Subject = v.Subject[1:]
	}
	c, problems := cp.Bind(v)
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	return c
}

// BenchmarkProfiles reads, binds, builds and lints profiles by specimens, on all
// cores, without the three lints that look at keys: what a CI does.
func BenchmarkProfiles(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as ceremony lint has it
	l := newLinter(b)
	root := theRoot(b)
	issuer := root.issuer(b)
	ctx := theIssuing(b, root).ctx
	ctx.Specimen = true
	public := spki(b, key(b, algorithm.ECDSAP384, "specimen"))
	files := profileFiles(b)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			c := boundFile(b, files[i%len(files)])
			tbs, err := templates.Certificate(c, public, serialFor(b, c.Artifact, c.SerialOctets), signing, issuer)
			if err != nil {
				b.Error(err)
				return
			}
			obj := Object{Artifact: c.Artifact, Declared: c}
			if cleared, r := l.Clear(obj, ctx, tbs); cleared == nil {
				b.Errorf("%s:%s", c.Artifact, show(r))
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "profiles/s")
}

// BenchmarkProfilesNaive does the same as a CI without specimens would: it makes
// a key for each profile, signs, and lints with every lint.
func BenchmarkProfilesNaive(b *testing.B) {
	l, err := New(Options{KeyLints: true})
	if err != nil {
		b.Fatal(err)
	}
	root := theRoot(b)
	ctx := theIssuing(b, root).ctx
	files := profileFiles(b)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			c := boundFile(b, files[i%len(files)])
			k, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
			if err != nil {
				b.Error(err)
				return
			}
			m := certificate(b, c, k, root)
			if r := l.Check(m.obj, ctx, m.der); len(r.Blocking()) > 0 {
				b.Errorf("%s:%s", c.Artifact, show(r))
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "profiles/s")
}
