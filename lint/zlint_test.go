// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/elliptic"
	"encoding/asn1"
	"maps"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/zmap/zcrypto/x509"
	zlint "github.com/zmap/zlint/v3/lint"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// A P-384 root under a static signature gives what the really signed one gives:
// without SelfSigned it would be checked as a subordinate CA, and a short
// signature would be of another curve.
func TestStaticSignature(t *testing.T) {
	l, err := New(Options{KeyLints: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range goodObjects(t) {
		t.Run(name, func(t *testing.T) {
			_, specimen := l.Clear(m.obj, m.ctx, m.tbs)
			signed := m.check(l)
			early := slices.DeleteFunc(slices.Clone(specimen.Findings), func(f Finding) bool { return f.Absent == AbsentUntilSigned })
			if len(early) == len(specimen.Findings) {
				t.Error("nothing says that the signature is still to be checked")
			}
			if diff := cmp.Diff(signed.Findings, early); diff != "" {
				t.Errorf("signed and specimen differ:\n%s", diff)
			}
			want := signed.Ran[EngineZLint]
			if m.obj.certificate() != nil { // of costlyLints two fit the key, and one does not
				want.Evaluated -= 2
				want.NotApplicable--
			}
			if diff := cmp.Diff(want, specimen.Ran[EngineZLint]); diff != "" {
				t.Errorf("signed and specimen ran other lints:\n%s", diff)
			}
		})
	}
	root := theRoot(t)
	if _, r := l.Clear(root.obj, root.ctx, root.tbs); r.Ran[EngineZLint].Evaluated < 80 {
		t.Errorf("only %v lints were evaluated on a root", r.Ran[EngineZLint])
	}
}

// Every static signature has the size of a real one.
func TestStaticSignatureSizes(t *testing.T) {
	for alg, want := range map[algorithm.Key][2]int{
		algorithm.ECDSAP256: {70, 72}, algorithm.ECDSAP384: {102, 104}, algorithm.ECDSAP521: {138, 139}, algorithm.RSA2048: {256, 256},
	} {
		sig, err := algorithm.SpecimenSignature(spki(t, key(t, alg, "size")))
		if err != nil || len(sig) < want[0] || len(sig) > want[1] {
			t.Errorf("%s: %d octets, %v", alg, len(sig), err)
		}
		if err := strictDER(sig); err != nil && alg != algorithm.RSA2048 {
			t.Errorf("%s: %v", alg, err)
		}
	}
}

// Each setting changes a result, so that a misspelt key cannot go unnoticed.
func TestSettings(t *testing.T) {
	l := newLinter(t)
	root := theRoot(t)
	ca := revocationList(t, crlProfile(t, "crl", 1), root, signing)
	ca.ctx.First = true
	if r := ca.check(l); found(r, "e_crl_next_update_invalid", Error) {
		t.Error("eleven months are too long for CA certificates")
	}
	users := revocationList(t, subscriberCRL(t), root, signing)
	if r := users.check(l); !found(r, "e_crl_next_update_invalid", Error) {
		t.Errorf("eleven months are not too long for subscriber certificates:%s", show(r))
	}
	lacking := map[string]func(c *profiles.Certificate) *profiles.Certificate{
		"e_subj_orgunit_in_ca_cert": func(c *profiles.Certificate) *profiles.Certificate {
			return named(c, append(c.Subject.Attributes[:2:2], attr(t, "organizational-unit", "U"), c.Subject.Attributes[2])...)
		},
		"e_ca_multiple_reserved_policy_oids": func(c *profiles.Certificate) *profiles.Certificate {
			return policied(c, "2.23.140.1.2.1", "2.23.140.1.2.2")
		},
		"e_ca_country_name_missing": func(c *profiles.Certificate) *profiles.Certificate {
			return named(c, c.Subject.Attributes[1:]...)
		},
	}
	for rule, change := range lacking {
		m := certificate(t, change(issuingProfile(t, "f-cert", "F1")), key(t, algorithm.ECDSAP384, "f"), root)
		if r := m.check(l); !found(r, rule, Error) {
			t.Errorf("%s finds nothing in a subordinate CA:%s", rule, show(r))
		}
		cross := *m.obj.certificate()
		cross.Kind, m.obj.Declared = profiles.CrossCertifiedCA, &cross
		if r := m.check(l); found(r, rule, Error) {
			t.Errorf("%s finds something in a cross-certificate", rule)
		}
	}
}

// subscriberCRL is a CRL of eleven months that covers subscriber certificates.
func subscriberCRL(t *testing.T) *profiles.RevocationList {
	l := crlProfile(t, "crl", 1)
	l.Covers = profiles.SubscriberCertificates
	return l
}

// A certificate dated before a lint came into effect is checked as of the
// signing.
func TestAsOfSigning(t *testing.T) {
	root := theRoot(t)
	c := valid(named(issuingProfile(t, "f-cert", "F1"), attr(t, "country", "US"), attr(t, "organization", "Example Trust"),
		attr(t, "organizational-unit", "Unit"), attr(t, "common-name", "F1")), "2015-01-01T00:00:00Z", "2029-12-31T23:59:59Z")
	m := certificate(t, c, key(t, algorithm.ECDSAP384, "f"), root)
	l := newLinter(t)
	i := slices.IndexFunc(m.check(l).Findings, func(f Finding) bool { return f.Rule == "e_subj_orgunit_in_ca_cert" })
	if i < 0 {
		t.Fatal("the lint was evaluated by the date in the certificate only")
	}
	if f := m.check(l).Findings[i]; f.When != AtSigning {
		t.Errorf("evaluated at %q", f.When)
	}
	m.ctx.Signing = date("2015-01-01T12:00:00Z")
	if r := m.check(l); found(r, "e_subj_orgunit_in_ca_cert", Error) {
		t.Error("the lint is of a later date than both")
	}
}

// Packs bring their sources and no others.
func TestSources(t *testing.T) {
	on := sourcesOf([]string{PackRFC5280})
	for _, s := range []zlint.LintSource{zlint.CABFBaselineRequirements, zlint.MozillaRootStorePolicy, zlint.AppleRootStorePolicy, zlint.ChromeRootStorePolicy} {
		if on[s] {
			t.Errorf("%s is on for a private CA", s)
		}
	}
	if !on[zlint.RFC5280] || !on[zlint.Community] || !sourcesOf([]string{PackTLS})[zlint.CABFBaselineRequirements] {
		t.Error("a source is missing")
	}
	c := aimed(issuingProfile(t, "f-cert", "F1"), profiles.Private, PackRFC5280)
	m := certificate(t, c, key(t, algorithm.ECDSAP384, "f"), theRoot(t))
	if r := m.check(newLinter(t)); r.Ran[EngineZLint].Evaluated > 70 {
		t.Errorf("%v lints on a private CA", r.Ran[EngineZLint])
	}
}

// The weight of a result is its status, whatever the lint is called.
func TestStatusNotName(t *testing.T) {
	for status, want := range map[zlint.LintStatus]Status{
		zlint.Notice: Notice, zlint.Warn: Warning, zlint.Error: Error, zlint.Fatal: Fatal, zlint.Reserved: Fatal, 99: Fatal,
	} {
		if got := zlintStatus(status); got != want {
			t.Errorf("%v gives %s", status, got)
		}
	}
}

// A panic is fatal and stays in its lint.
func TestPanics(t *testing.T) {
	report := newReport("x")
	z := &zrun{dates: asOf{own: time.Now()}, sources: sourcesOf(nil), report: &report, field: zlintField}
	z.runLint(&zlint.LintMetadata{Name: "e_x", Source: zlint.RFC5280}, func() *zlint.LintResult { panic("oh") })
	z.runLint(&zlint.LintMetadata{Name: "e_y", Source: zlint.RFC5280}, func() *zlint.LintResult { return nil })
	if !found(report, "e_x", Fatal) || !found(report, "e_y", Fatal) {
		t.Error(show(report))
	}
	m := theRoot(t)
	broken := Rule{ID: "x", Level: Notice, Kinds: allKinds, Check: func(*target) []problem { panic("oh") }}
	target, err := newTarget(&m.obj, &m.ctx, m.der)
	if err != nil {
		t.Fatal(err)
	}
	if ps, o := broken.run(target); o != checked || len(ps) != 1 || ps[0].level != Fatal {
		t.Errorf("%v, %v", ps, o)
	}
}

// The version that reports name is the one that go.mod pins.
func TestZLintVersion(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "github.com/zmap/zlint/v3 "+zlintVersion+"\n") {
		t.Errorf("go.mod does not pin zlint %s", zlintVersion)
	}
}

// Every lint named in a table exists, and each correction has something to do.
func TestNamesExist(t *testing.T) {
	known := ruleIDs()
	for _, n := range costlyLints {
		if !known[n] {
			t.Errorf("no lint %s", n)
		}
	}
	for _, c := range corrections {
		if !known[c.rule] || c.reason == "" {
			t.Errorf("correction of %s", c.rule)
		}
	}
	var sources []zlint.LintSource
	for _, s := range zlint.GlobalRegistry().Sources() {
		if !slices.Contains(allSources(), s) {
			sources = append(sources, s)
		}
	}
	if len(sources) > 0 {
		t.Errorf("sources that are in no list: %v", sources)
	}
}

// The filter is never empty: the global registry keeps no setting of ours.
func TestNoLeak(t *testing.T) {
	l := newLinter(t)
	for _, reg := range l.zlint.registries {
		if reg.Registry == zlint.GlobalRegistry() {
			t.Error("the global registry is in use")
		}
	}
	if len(l.zlint.registries) != 6 {
		t.Errorf("%d registries", len(l.zlint.registries))
	}
}

// Corrections and declared intent set findings aside in the open.
func TestSuppressed(t *testing.T) {
	l := newLinter(t)
	root := rootProfile(t)
	for _, c := range []struct {
		ocsp       string
		suppressed bool
	}{{ocspNone, true}, {ocspDelegated, true}, {ocspDirect, false}} {
		p := *root
		p.Purpose.OCSP = c.ocsp
		r := certificate(t, &p, key(t, algorithm.ECDSAP384, "root"), nil).check(l)
		i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Rule == "n_ca_digital_signature_not_set" })
		if i < 0 || (r.Findings[i].Suppressed != "") != c.suppressed {
			t.Errorf("OCSP %s:%s", c.ocsp, show(r))
		}
	}
}

func BenchmarkProfile(b *testing.B) {
	l := newLinter(b)
	m := theIssuing(b, theRoot(b))
	m.ctx.Specimen = true
	b.ReportAllocs()
	for b.Loop() {
		if r := m.check(l); len(r.Blocking()) > 0 {
			b.Fatal("blocked")
		}
	}
}

func BenchmarkProfilesParallel(b *testing.B) {
	l := newLinter(b)
	m := theIssuing(b, theRoot(b))
	m.ctx.Specimen = true
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			m.check(l)
		}
	})
}

func BenchmarkIssuance(b *testing.B) {
	l, err := New(Options{KeyLints: true})
	if err != nil {
		b.Fatal(err)
	}
	m := theIssuing(b, theRoot(b))
	for b.Loop() {
		m.check(l)
	}
}

// A TLS policy in the certificate of a responder is one mistake, and not ten of a
// subscriber's certificate.
func TestPolicyOfResponder(t *testing.T) {
	m := added(inspect.OIDCertificatePolicies, nil, func(t *testing.T, _ *made) []byte {
		return seq(t, seq(t, rawOID(t, "2.23.140.1.2.1")))
	})(t, newHierarchy(t).delegate)
	for _, f := range m.check(newLinter(t)).Findings {
		if f.Engine == EngineZLint && f.blocks() {
			t.Errorf("zlint takes the responder for a subscriber: %s %s", f.Rule, f.Details)
		}
	}
}

// Where zlint's framework looks away, the report says so.
func TestGates(t *testing.T) {
	l := newLinter(t)
	root := theRoot(t)
	mail := certificate(t, smimeProfile(t), key(t, algorithm.ECDSAP384, "mail"), root)
	if r := mail.check(l); len(r.Notes) != 1 || !strings.Contains(r.Notes[0], PackTLS) {
		t.Errorf("notes %q", r.Notes)
	}
	if r := root.check(l); len(r.Notes) != 0 {
		t.Errorf("notes %q", r.Notes)
	}
	if r := theRequest(t).check(l); len(r.Notes) != 1 {
		t.Errorf("notes %q", r.Notes)
	}
}

// Each lint says of a certificate what it says in the framework of zlint, which is asked
// lint by lint whether its documents apply; only its dates are ours.
func TestPreparedLints(t *testing.T) {
	reg := newLinter(t).zlint.registries[zlintSettings{}]
	_, built := builtFlocks(t)
	compared, shut := 0, 0
	for n, name := range slices.Sorted(maps.Keys(built)) {
		m := built[name]
		c, err := x509.ParseCertificate(m.der)
		if n%8 != 0 || !m.obj.Kind().IsCertificate() || err != nil { // all would take seconds
			continue
		}
		open := gates(c)
		for i, l := range reg.CertificateLints().Lints() {
			framework := zlint.CertificateLint{LintMetadata: undated(l.LintMetadata), Lint: l.Lint}
			want, got := framework.Execute(c, reg.GetConfiguration()), reg.certificates[i].run(c, open, reg.GetConfiguration())
			if got.Status != want.Status || words(got.Details) != words(want.Details) { // one lists words in the order of a map
				t.Errorf("%s: %s says %v, %v in the framework", name, l.Name, got, want)
			}
			compared++
		}
		for _, applies := range open {
			if !applies {
				shut++
			}
		}
	}
	if compared < 10_000 || shut == 0 {
		t.Errorf("%d results, %d gates shut", compared, shut)
	}
}

// zlint finds the private keys of the incident as a second opinion, and leaves larger
// ones to key.quality: its own table for them takes longer than all the rest of verify.
func TestSmallKeysByZLint(t *testing.T) {
	engine, err := newZLint(true)
	if err != nil {
		t.Fatal(err)
	}
	reg := engine.registries[zlintSettings{}]
	at := slices.IndexFunc(reg.certificates, func(l certificateLint) bool { return l.meta.Name == "e_ecdsa_small_private_key" })
	w := newHierarchy(t)
	for d, want := range map[int64]zlint.LintStatus{13: zlint.Error, 1 << zlintKeyBits: zlint.Error, 1<<zlintKeyBits + 1: zlint.Pass} {
		k := withPrivate(t, elliptic.P384(), big.NewInt(d))
		spki, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(keyed(t, w, spki).der)
		if err != nil {
			t.Fatal(err)
		}
		if got := reg.certificates[at].run(c, gates(c), reg.GetConfiguration()); got.Status != want {
			t.Errorf("%d: zlint says %v", d, got)
		}
		if !hasSmallPrivateKey(k) {
			t.Errorf("%d: key.quality does not find it", d)
		}
	}
}

// words are those of a text, in the order of the alphabet.
func words(text string) string {
	list := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,[]", r) })
	slices.Sort(list)
	return strings.Join(list, " ")
}

// What splits DER without reflection splits it as encoding/asn1 does, or leaves it alone.
func TestPlainElements(t *testing.T) {
	byASN1 := func(contents []byte) (out []asn1.RawValue, _ error) {
		for len(contents) > 0 {
			var v asn1.RawValue
			rest, err := asn1.Unmarshal(contents, &v)
			if err != nil {
				return nil, err
			}
			out, contents = append(out, v), rest
		}
		return out, nil
	}
	w := newHierarchy(t)
	for _, der := range [][]byte{w.root.der, w.e1.tbs, w.crl.der, {5, 0, 5, 0}, {0xa1, 3, 0x80, 1, 7}, {0x1f, 0x1f, 0}, {4, 0x81, 1, 0}, {4, 0x80, 0, 0}, {4, 2, 0}, {4}} {
		for at := range der { // each place in it, as the first of what may be DER
			want, err := byASN1(der[at:])
			got, ok := plainElements(der[at:])
			if ok && (err != nil || !cmp.Equal(want, got)) {
				t.Errorf("%x: %v, not %v, %v", der[at:], got, want, err)
			}
			if again, wrong := elements(der[at:]); !cmp.Equal(want, again, cmpopts.EquateEmpty()) || (err == nil) != (wrong == nil) {
				t.Errorf("%x: %v, %v", der[at:], again, wrong)
			}
		}
	}
}
