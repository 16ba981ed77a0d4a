// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/lint"
	"rootceremony/profiles"
)

var update = flag.Bool("update", false, "write the expected outputs again")

const rulesPage = "../../docs/rules.md"

// TestRulesPage keeps docs/rules.md equal to the rules.
func TestRulesPage(t *testing.T) {
	var page bytes.Buffer
	writeRulesPage(&page)
	if *update {
		if err := os.WriteFile(rulesPage, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(rulesPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("docs/rules.md is old; run with -update (-page +rules):\n%s", diff)
	}
}

// Of the versions of SBR that were read in their ballots only, rules name the ballot.
func TestBallotsAreNamed(t *testing.T) {
	cited := 0
	for _, r := range lint.Rules() {
		if r.Engine != lint.EngineCeremony || !regexp.MustCompile(`SBR 1\.0\.1[1-6]`).MatchString(r.Citation) {
			continue
		}
		if cited++; !strings.Contains(r.Citation, "ballot SMC") {
			t.Errorf("%s cites %q, which was read in a ballot", r.ID, r.Citation)
		}
	}
	if cited < 3 {
		t.Errorf("only %d rules cite them", cited)
	}
}

func writeRulesPage(w io.Writer) {
	fmt.Fprint(w, `# Rules

What `+"`ceremony lint`, `ceremony plan` and `ceremony run`"+` check, written by
`+"`go test ./lint/files -update`"+` from the rules themselves. The map for one
profile is `+"`ceremony profile rules FILE`"+`.

A rule without packs applies to every object. One with packs applies where the
profile, the kind or `+"`--rules`"+` names one of them. A rule that needs something it
was not given is reported as not checked, never as passed. "From" is the day of
signing from which a rule applies, for each pack where they differ. Where nobody
says what a root is for (`+"`--scope`, `scope:`"+`), the rules of the packs that may
bind what is below it are reported as not checked.

Errors and warnings, and what is fatal, block a plan, a signature and, with status 3, a
`+"`ceremony lint`"+`; a waiver accepts all but what is fatal. A notice is shown and
recorded, and blocks nothing.

"House" says why there is a rule that no document asks for, and that its message says
so: declared (the object would not be what was declared), unusable (path, signature or
key), conflicts (it contradicts another object of the plan), advice (at most a
warning). The packs behind it are those whose documents do ask for it since that day.

Documents: BR, TLS Baseline Requirements; SBR, S/MIME BR; CSBR, Code Signing BR;
EVG, EV Guidelines; CRP, Chrome Root Program Policy; MRSP, Mozilla Root Store
Policy; ARP, Apple Root Program Policy; MTRP, Microsoft Trusted Root Program;
house, our own choice. A finding cites those of them that bind its object.

The texts that were read: BR 2.2.6, EVG 2.0.2, CSBR 3.10.0, SBR 1.0.10, CRP 1.8, MRSP
3.1, ARP 2.0, MTRP 1.2, CCADB Policy 2.1. What SBR 1.0.11 to 1.0.16 changed was read in
the ballots only (SMC013, SMC016, SMC017v2, SMC018), because their whole text was not to
be had; a citation of them names the ballot.

A mistake that several rules or lints find is told once, by the rule that cites the
clause; the others are kept as suppressed ("sub.eku says so").

## Own rules

| rule | level | house | requirement | cites | from | needs | kinds | packs |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`)
	for _, r := range lint.Rules() {
		if r.Engine == lint.EngineCeremony {
			row(w, "`"+r.ID+"`", string(r.Level), ground(r), r.Requirement, r.Citation, sinceOf(r), join(r.Needs), kindsOf(r), join(r.Packs))
		}
	}
	fmt.Fprint(w, "\n## Files\n\nRules of `ceremony lint` about files, not objects.\n\n| rule | level | requirement |\n| --- | --- | --- |\n")
	for _, r := range FileRules() {
		row(w, "`"+r.ID+"`", string(r.Level), r.Requirement)
	}
	fmt.Fprint(w, "\n## Not enforced\n\nRequirements that no rule of objects enforces, and why.\n\n"+
		"| id | requirement | cites | why not |\n| --- | --- | --- | --- |\n")
	for _, u := range UnenforcedRequirements(nil) {
		row(w, "`"+u.ID+"`", u.Requirement, u.Citation, u.Why)
	}
	fmt.Fprint(w, "\n## Lints of zlint\n\nTheir level depends on the object. Those with the pack \"none\" are not run.\n"+
		"`e_ecdsa_small_private_key` and `e_rsa_fermat_factorization` are run on what was signed, not\n"+
		"on specimens before the signature: key.quality searches further, once for each key, before\n"+
		"it signs anything. Nobody has the private keys of specimens. The first of them searches to\n"+
		"2^8, as far as the keys of its incident were, and key.quality to 2^21.\n\n"+
		"| lint | requirement | cites | in force | packs |\n| --- | --- | --- | --- | --- |\n")
	for _, r := range lint.Rules() {
		if r.Engine == lint.EngineZLint {
			force := day(r.From)
			if !r.Until.IsZero() {
				force += " to " + day(r.Until)
			}
			row(w, "`"+r.ID+"`", r.Requirement, r.Citation, force, join(r.Packs))
		}
	}
}

func row(w io.Writer, cells ...string) {
	for i, c := range cells {
		cells[i] = strings.NewReplacer("\n", " ", "|", "\\|", "<", "&lt;").Replace(c)
	}
	fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
}

func join(list []string) string { return strings.Join(list, ", ") }

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// ground says why a house rule is there.
func ground(r lint.RuleInfo) string {
	if len(r.Asked) == 0 {
		return string(r.House)
	}
	return string(r.House) + " (but " + join(dates(r.Asked)) + ")"
}

// dates lists packs with their days.
func dates(since map[string]time.Time) (out []string) {
	for _, p := range slices.Sorted(maps.Keys(since)) {
		out = append(out, p+" "+day(since[p]))
	}
	return out
}

// sinceOf gives the day of a rule, or that of each pack.
func sinceOf(r lint.RuleInfo) string {
	out := dates(r.Since)
	if out == nil {
		return day(r.From)
	}
	return join(out)
}

// kindsOf lists the kinds of a rule, unless it is made for all.
func kindsOf(r lint.RuleInfo) string {
	if len(r.Kinds) == 7 {
		return "all"
	}
	return join(r.Kinds)
}

// A profile is shown what overlaps it.
func TestUnenforcedOfProfile(t *testing.T) {
	for name, want := range map[string]struct{ has, not string }{
		"br-root": {"chrome.two-roots", "pki.matter"}, "private-root": {"pki.matter", "chrome.two-roots"},
		"ca-crl": {"crl.publish", "sub.affiliate"}, "tls-issuing-ca": {"sub.affiliate", "crl.publish"},
		"certificate-request": {"key.entropy", "cert.serial-entropy"}, "ocsp-response": {"ocsp.service", "smime.small-issuers"},
	} {
		p, err := builtInProfile[profiles.Profile](name)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, r := range UnenforcedRequirements(p) {
			ids[r.ID] = true
		}
		if !ids[want.has] || ids[want.not] || !ids["cer.witness"] {
			t.Errorf("%s: %v", name, ids)
		}
	}
}
