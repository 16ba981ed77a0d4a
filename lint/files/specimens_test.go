// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/templates"
)

var makeSpecimens = flag.Bool("make-specimens", false, "make the specimen keys that are missing")

// TestMakeSpecimens adds keys of new types to specimens.txt when it is asked to. It
// cannot make the same keys twice: no private key is kept.
func TestMakeSpecimens(t *testing.T) {
	if !*makeSpecimens {
		t.Skip("specimens.txt is kept as it is; -make-specimens adds what is missing")
	}
	var out strings.Builder
	out.WriteString(specimenText)
	for _, a := range algorithm.Keys() {
		if strings.Contains(specimenText, "\n"+string(a)+" ") {
			continue
		}
		for _, role := range []string{"issuer", "other"} {
			fmt.Fprintf(&out, "%s %s %x\n", a, role, public(t, newKey(t, a)))
		}
		fmt.Fprintf(&out, "%s existing %x\n", a, selfSigned(t, a))
	}
	if err := os.WriteFile("specimens.txt", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// newKey makes a key as a naive run does for each profile.
func newKey(t testing.TB, a algorithm.Key) crypto.Signer {
	t.Helper()
	k, err := a.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func public(t testing.TB, k crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// sign signs as the algorithm of a key asks.
func sign(t testing.TB, k crypto.Signer, tbs []byte) []byte {
	t.Helper()
	alg := keyOf(public(t, k)).DefaultSignature()
	digest, err := alg.Digest(tbs)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := k.Sign(rand.Reader, digest, alg.Hash())
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// selfSigned makes a root by the built-in profile.
func selfSigned(t testing.TB, a algorithm.Key) []byte {
	t.Helper()
	p, err := builtInProfile[*profiles.CertificateProfile]("br-root")
	if err != nil {
		t.Fatal(err)
	}
	k := newKey(t, a)
	bound, problems := p.Bind(profiles.CertificateValues{
		Artifact: "existing", Subject: assign(p.Subject, "Specimen Existing Root"),
		SubjectKey: algorithm.ECDSAP384, IssuerKey: algorithm.ECDSAP384,
		Validity: profiles.Validity{NotBefore: "2024-01-01T00:00:00Z", NotAfter: profiles.End{Time: "2033-12-31T23:59:59Z"}},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	bound.Validity.NotAfter.Time = "2038-12-31T23:59:59Z" // older than the ten years of new roots
	bound.Signature = a.DefaultSignature()
	self, err := templates.Self(bound, public(t, k))
	if err != nil {
		t.Fatal(err)
	}
	serial, err := specimenSerial("existing "+string(a), bound.SerialOctets)
	if err != nil {
		t.Fatal(err)
	}
	at, err := profiles.Moment("2024-01-01T00:00:00Z").At(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	tbs, err := templates.Certificate(bound, self.SPKI, serial, at, self)
	if err != nil {
		t.Fatal(err)
	}
	der, err := templates.Assemble(tbs, bound.Signature, sign(t, k, tbs))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestSpecimens holds the kept file to what the code expects of it.
func TestSpecimens(t *testing.T) {
	keys, err := readSpecimens()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range algorithm.Keys() {
		for _, role := range []string{"subject", "issuer", "other"} {
			if got := keyOf(keys.spki(a, role)); got != a {
				t.Errorf("the %s key %s is %q", role, a, got)
			}
		}
		c := keys.existing[a]
		if c == nil {
			t.Errorf("specimens.txt has no existing root with a key %s", a)
			continue
		}
		if err := inspect.VerifySignature(c.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature); err != nil {
			t.Errorf("the existing root with a key %s: %v", a, err)
		}
	}
}
