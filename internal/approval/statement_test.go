// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var aSum = sumOf(aPlan)

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

var scan = strings.Repeat("5c", 32)

// paperOf writes a paper approval.
func paperOf(who, role, meaning, object, date string) []byte {
	return fmt.Appendf(nil, `{"type":"ceremony/paper-approval/v1","who":%q,"role":%q,"meaning":%q,"object_sha256":%q,`+
		`"resolution":"Board 2026/17","date":%q,"scan_sha256":%q}`, who, role, meaning, object, date, scan)
}

func TestPaper(t *testing.T) {
	good := paperOf("carol", "plan-approver", "plan", aSum, "2026-11-20")
	for _, c := range []struct {
		name     string
		paper    bool // the rule takes paper
		data     []byte
		vouchers []string
		approved bool
		refused  []Reason
	}{
		{"vouched for by another approver", true, good, []string{"bob"}, true, nil},
		{"vouched for twice", true, good, []string{"bob", "bob", "alice"}, true, nil},
		{"not where the rule says nothing", false, good, []string{"bob"}, false, []Reason{reasonPaper}},
		{"vouched for by nobody", true, good, nil, false, []Reason{reasonPaper}},
		{"vouched for by oneself", true, good, []string{"carol"}, false, []Reason{reasonPaper, reasonPaper}},
		{"vouched for by an auditor", true, good, []string{"dana"}, true, nil},
		{"vouched for by an approver who does not watch", true, good, []string{"alice"}, false, []Reason{reasonPaper}},
		{"vouched for by a stranger", true, good, []string{"mallory"}, false, []Reason{reasonUnknown, reasonPaper}},
		{"another object", true, paperOf("carol", "plan-approver", "plan", scan, "2026-11-20"), []string{"bob"}, false, []Reason{reasonObject}},
		{"another namespace", true, paperOf("carol", "plan-approver", "site", aSum, "2026-11-20"), []string{"bob"}, false, []Reason{reasonNamespace}},
		{"another role", true, paperOf("carol", "internal-witness", "plan", aSum, "2026-11-20"), []string{"bob"}, false, []Reason{reasonNoRole}},
		{"nobody of the policy", true, paperOf("zoe", "plan-approver", "plan", aSum, "2026-11-20"), []string{"bob"}, false, []Reason{reasonUnknown}},
		{"dated later", true, paperOf("carol", "plan-approver", "plan", aSum, "2026-12-03"), []string{"bob"}, false, []Reason{reasonTime}},
		{"the same person signed too", true, paperOf("alice", "plan-approver", "plan", aSum, "2026-11-20"), []string{"bob"}, false, nil},
		{"not readable", true, []byte("{}"), []string{"bob"}, false, []Reason{reasonMalformed}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft(t)
			d.Rules[0].Paper = c.paper
			file := PaperFile{Name: "plan.json.carol.paper.json", Data: c.data}
			for _, who := range c.vouchers {
				file.Vouchers = append(file.Vouchers, sign(t, who, Review, c.data))
			}
			v := Evaluate(policyOf(t, d), Case{
				Object: aPlan, Namespace: PlanApproval, At: today, Papers: []PaperFile{file},
				Signatures: []Signature{sign(t, "alice", PlanApproval, aPlan)},
			})
			if v.Approved() != c.approved || v.onPaper() != c.approved {
				t.Errorf("approved %v, on paper %v\n%s", v.Approved(), v.onPaper(), strings.Join(v.Lines(), "\n"))
			}
			if diff := cmp.Diff(c.refused, refused(v)); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
			if c.approved && !strings.Contains(strings.Join(v.Lines(), "\n"), "plan  APPROVED, IN PART ON PAPER") {
				t.Errorf("paper is not labelled:\n%s", strings.Join(v.Lines(), "\n"))
			}
		})
	}
}

// TestVoucherOfAnotherPaper guards that a voucher is for one statement.
func TestVoucherOfAnotherPaper(t *testing.T) {
	d := draft(t)
	d.Rules[0].Paper = true
	data := paperOf("carol", "plan-approver", "plan", aSum, "2026-11-20")
	v := Evaluate(policyOf(t, d), Case{
		Object: aPlan, Namespace: PlanApproval, At: today, Signatures: []Signature{sign(t, "alice", PlanApproval, aPlan)},
		Papers: []PaperFile{{Name: "p", Data: data, Vouchers: []Signature{sign(t, "bob", Review, append(data, ' '))}}},
	})
	if v.Approved() || len(v.failures()) != 1 {
		t.Errorf("%+v", v)
	}
}

// TestSignedNeedsNoPaper keeps the label away from what signatures alone carry.
func TestSignedNeedsNoPaper(t *testing.T) {
	d := draft(t)
	d.Rules[0].Paper = true
	data := paperOf("carol", "plan-approver", "plan", aSum, "2026-11-20")
	v := Evaluate(policyOf(t, d), Case{
		Object: aPlan, Namespace: PlanApproval, At: today,
		Signatures: []Signature{sign(t, "alice", PlanApproval, aPlan), sign(t, "bob", PlanApproval, aPlan)},
		Papers:     []PaperFile{{Name: "p", Data: data, Vouchers: []Signature{sign(t, "bob", Review, data)}}},
	})
	if !v.Approved() || v.onPaper() {
		t.Errorf("approved %v, on paper %v", v.Approved(), v.onPaper())
	}
}

func TestParsePaper(t *testing.T) {
	good := string(paperOf("carol", "plan-approver", "plan", aSum, "2026-11-20"))
	p, err := parsePaper("paper.json", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	want := paper{"carol", "plan-approver", PlanApproval, aSum, "Board 2026/17", "2026-11-20", scan}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"2026-11-20"`, `"2026-02-30"`, `date: "2026-02-30" is not a day`},
		{`"Board 2026/17"`, `"Board\n2026/17"`, "resolution: the text contains a line break"},
		{`"Board 2026/17"`, `" "`, "resolution: the text begins or ends with a space"},
		{`"Board 2026/17"`, `"` + strings.Repeat("x", maxText+1) + `"`, "resolution: it has 1001 bytes"},
		{`"plan"`, `"plans"`, "meaning: "},
		{scan, strings.ToUpper(scan), "scan_sha256: "},
		{`"who"`, `"by"`, `missing key "who"`},
	} {
		if _, err := parsePaper("paper.json", []byte(strings.Replace(good, c.old, c.new, 1))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.new, err, c.want)
		}
	}
}

func attestationOf(manifest, verdict, text string) []byte {
	return fmt.Appendf(nil, "{\n  \"type\": \"ceremony/attestation/v1\",\n  \"manifest_sha256\": %q,\n  \"verdict\": %q,\n  \"text\": %q\n}\n", manifest, verdict, text)
}

func TestEvaluateStatement(t *testing.T) {
	policy := policyOf(t, draft(t))
	agree := attestationOf(scan, "agree", "I was there.\nI saw it.")
	dissent := attestationOf(scan, "disagree", "The bag was open.")
	for _, c := range []struct {
		name    string
		data    []byte
		sigs    []Signature
		dissent bool
		signed  int
		problem string
	}{
		{"an auditor agrees", agree, []Signature{sign(t, "dana", Review, agree)}, false, 1, ""},
		{"a witness disagrees", dissent, []Signature{sign(t, "bob", Review, dissent)}, true, 1, ""},
		{"nobody signed a dissent", dissent, nil, true, 0, "no person of the policy"},
		{"a stranger's dissent", dissent, []Signature{sign(t, "mallory", Review, dissent)}, true, 0, "no person of the policy"},
		{"signed as something else", dissent, []Signature{sign(t, "bob", ManifestDeclaration, dissent)}, true, 0, "made for another namespace"},
		{"signed over something else", dissent, []Signature{sign(t, "bob", Review, agree)}, true, 0, "not a signature of these bytes"},
		{"another manifest", attestationOf(aSum, "disagree", "x"), nil, true, 0, "another manifest"},
		{"dissent without a reason", attestationOf(scan, "disagree", " "), nil, false, 0, "text: the text is empty"},
		{"not readable", []byte("x"), nil, false, 0, "it cannot be read"},
	} {
		s := EvaluateStatement(policy, StatementCase{Name: "bob.json", Data: c.data, Signatures: c.sigs, ManifestSHA256: scan, At: today})
		if s.Dissent() != c.dissent || len(s.Signed) != c.signed || !strings.Contains(s.Problem, c.problem) || (s.Problem == "") != (c.problem == "") {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
	s := EvaluateStatement(policy, StatementCase{Data: agree, Signatures: []Signature{sign(t, "dana", Review, agree)}, ManifestSHA256: scan, At: today})
	if diff := cmp.Diff([]string{"external-auditor"}, s.Signed[0].Roles); diff != "" {
		t.Errorf("as what she speaks (-want +got):\n%s", diff)
	}
}

func TestParseAttestation(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{string(attestationOf(scan, "abstain", "x")), "verdict: "},
		{string(attestationOf("x", "agree", "x")), "manifest_sha256: "},
		{string(attestationOf(scan, "agree", strings.Repeat("x", maxStatement+1))), "text: it has"},
		{strings.Replace(string(attestationOf(scan, "agree", "x")), `"x"`, `"x\u202ey"`, 1), "U+202E"},
		{strings.Replace(string(attestationOf(scan, "agree", "x")), `"x"`, `"\ud800"`, 1), "U+FFFD"},
		{strings.Replace(string(attestationOf(scan, "agree", "x")), `"x"`, `"x\u001b[2J"`, 1), "U+001B"},
		{strings.Replace(string(attestationOf(scan, "agree", "x")), `"x"`, `"\u0078"`, 1), "not spelled as"},
		{strings.Replace(string(attestationOf(scan, "agree", "x")), `"x"`, `"x "`, 1), "not spelled as"},
		{strings.Replace(string(attestationOf(scan, "agree", "x")), "  ", " ", 1), "not spelled as"},
		{"\ufeff" + string(attestationOf(scan, "agree", "x")), "byte order mark"},
		{string(attestationOf(scan, "agree", "x")) + "\n", "not spelled as"},
		{strings.Replace(string(attestationOf(scan, "agree", "x")), `"x"`, `"all well \ud83d\ude00"`, 1), "not spelled as"}, // as other programs write it
	} {
		if _, err := ParseAttestation("statement.json", []byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80s: %v, want %q", c.data, err, c.want)
		}
	}
}

func TestNewAttestation(t *testing.T) {
	want := Attestation{Manifest: scan, Disagree: true, Text: "The bag <17> was \"open\".\nI said so."}
	data, err := NewAttestation(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseAttestation("statement.json", data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := NewAttestation(Attestation{Manifest: scan}); err != nil {
		t.Errorf("who agrees need not say more: %v", err)
	}
	if _, err := NewAttestation(Attestation{Manifest: scan, Text: "\x1b"}); err == nil {
		t.Error("a text that hides something is written")
	}
}

func TestParseRevocations(t *testing.T) {
	key := keyOf(t, "alice").SSH.Fingerprint()
	entry := func(s string) []byte {
		return []byte(`{"type":"ceremony/revocations/v1","revoked":[{` + s + `,"reason":"lost","time":"2026-11-30T12:00:00Z"}]}`)
	}
	r, err := ParseRevocations("revocations.json", entry(`"key":"`+key+`"`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Revocation{{Key: key, Reason: "lost", Time: time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)}}
	if diff := cmp.Diff(want, r.Entries); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r, err = ParseRevocations("revocations.json", entry(`"object":"`+scan+`"`)); err != nil || r.Object(scan) == nil || r.key(key) != nil {
		t.Errorf("%+v, %v", r, err)
	}
	for _, bad := range []string{
		`"key":"` + key + `","object":"` + scan + `"`, `"x":1`, `"key":"SHA256:x"`, `"key":""`, `"key":"MD5:00"`,
		`"key":"` + key[:len(key)-1] + `x"`, `"object":"00"`,
	} {
		if _, err := ParseRevocations("revocations.json", entry(bad)); err == nil {
			t.Errorf("%s is a revocation", bad)
		}
	}
}
