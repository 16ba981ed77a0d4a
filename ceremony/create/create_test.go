// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// answered fills in answers by flags.
func answered(t *testing.T, flags map[string][]string) *Answers {
	t.Helper()
	a := &Answers{Now: time.Now(), Module: "/usr/lib/softhsm/libsofthsm2.so"}
	if err := a.Interview(flags, nil); err != nil {
		t.Fatalf("%v: %v", flags, err)
	}
	return a
}

// hierarchies are all that the questions offer: each purpose as a root alone and with a
// CA of each kind, on each kind of token, with each way to publish revocation, and with
// each key. Without CEREMONY_SWEEPS=all one for each purpose has to do.
func hierarchies() (out []map[string][]string) {
	for _, p := range purposes {
		add := func(flags map[string][]string) {
			flags["purpose"] = []string{p.word}
			out = append(out, flags)
		}
		if os.Getenv("CEREMONY_SWEEPS") != "all" {
			cas := p.kinds
			if keysOf(p.root)[0] == "rsa-4096" { // such keys take a second each
				cas = []string{nobody}
			}
			add(map[string][]string{"ca": cas, "status": {StatusOCSP}})
			continue
		}
		for _, s := range words(statusQuestion(&Answers{Purpose: p.word}).Choices) {
			add(map[string][]string{"ca": {nobody}, "status": {s}})
			add(map[string][]string{"ca": p.kinds, "status": {s}})
			add(map[string][]string{"ca": p.kinds, "status": {s}, "tokens": {TokensHSM}})
		}
		for _, key := range keysOf(p.root) {
			add(map[string][]string{"root-key": {key}})
		}
		for _, k := range p.kinds {
			for _, key := range keysOf(kindOf(k).profile) {
				add(map[string][]string{"ca": {k + "," + key}})
			}
		}
	}
	return out
}

// Whatever the questions offer plans without a finding: nobody begins with an error.
func TestEveryHierarchyPlans(t *testing.T) {
	t.Parallel()
	for _, flags := range hierarchies() {
		a := answered(t, flags)
		if err := Check(t.Context(), "", a.Files()); err != nil {
			t.Errorf("%v: %v", flags, err)
		}
	}
}

// What is offered only for some purposes is clean, too, and a name that YAML would read
// otherwise is written so that it does not.
func TestOddAnswersPlan(t *testing.T) {
	t.Parallel()
	for _, flags := range []map[string][]string{
		{"purpose": {"private"}, "status": {StatusNone}, "ca": {nobody}},
		{"purpose": {"lab"}, "organization": {`No "Such": {Org}, # 1\`}, "root": {"true"}, "ca": {"Zürich: Süd"}},
		{"purpose": {"tls"}, "ca": {"tls-constrained"}, "domain": {"shop.example, b.example"}, "organization": {"Foo & Bar, Inc."}, "country": {"NO"}},
		{"purpose": {"client"}, "root": {strings.Repeat("ß", 64)}, "status": {StatusCRL}, "ca": {nobody}, "tokens": {TokensHSM}},
	} {
		files := answered(t, flags).Files()
		if err := Check(t.Context(), "", files); err != nil {
			t.Errorf("%v: %v", flags, err)
		}
		if text := string(files[len(files)-1].Data); strings.Contains(text, "/.cr") {
			t.Errorf("%v: a URL without a name:\n%s", flags, text)
		}
	}
}

// An answer that cannot be used is refused by the name of its flag, before any file.
func TestRefusedAnswers(t *testing.T) {
	for want, flags := range map[string]map[string][]string{
		`--witness: "bob carol": write a comma between two names, as in bob, carol`:                                                        {"purpose": {"lab"}, "witness": {"bob carol"}},
		`--key: "ann=a.pub bob=b.pub": write a comma between two keys, as in ann=a.pub, bob=b.pub`:                                         {"purpose": {"lab"}, "key": {"ann=a.pub bob=b.pub"}},
		`--purpose: "web" is none of: private, tls, smime, code-signing, time-stamping, client, lab`:                                       {"purpose": {"web"}},
		`--country: with the other answers nothing asks for it`:                                                                            {"purpose": {"lab"}, "country": {"NL"}},
		`--country: "NLD" is no country: two letters of ISO 3166-1, such as NL`:                                                            {"purpose": {"tls"}, "country": {"nld"}},
		`--root-key: "rsa-2048" is none of: ecdsa-p384, rsa-4096`:                                                                          {"purpose": {"tls"}, "root-key": {"rsa-2048"}},
		`--ca: "smime" is no kind of CA below a root for tls; there are: tls, tls-constrained`:                                             {"purpose": {"tls"}, "ca": {"smime"}},
		`--ca: key "ecdsa-p384": the profile code-signing-issuing-ca allows rsa-4096`:                                                      {"purpose": {"code-signing"}, "ca": {"ecdsa-p384"}},
		`--ca: two CAs are called "A", and clients could not tell them apart`:                                                              {"purpose": {"lab"}, "ca": {"A", "A"}},
		`--ca: "rsa3072" is neither a kind nor a key: client, ecdsa-p256, ecdsa-p384, private, rsa-3072 (did you mean "rsa-3072"?)`:        {"purpose": {"private"}, "ca": {"client,rsa3072,Nordhaven Crew CA 1"}},
		`--ca: "clent" is neither a kind nor a key: client, ecdsa-p256, ecdsa-p384, private, rsa-3072 (did you mean "client"?)`:            {"purpose": {"private"}, "ca": {"clent"}},
		`--ca: "Foo" is neither a kind nor a key: client, ecdsa-p256, ecdsa-p384, private, rsa-3072; a name has no commas, and comes last`: {"purpose": {"private"}, "ca": {"client, Foo, Inc. CA 1"}},
		`--ca: "?" has no letters; a name has some`:                                                                                        {"purpose": {"private"}, "ca": {"?"}},
		`--ca: "http://pki.example.com" is a URL; it is asked for later`:                                                                   {"purpose": {"private"}, "ca": {"http://pki.example.com"}},
		`--ca: "crl-and-ocsp" is no name, but the answer to another question`:                                                              {"purpose": {"private"}, "ca": {"crl-and-ocsp"}},
		`--ca: "no" is no name, but the answer to another question`:                                                                        {"purpose": {"private"}, "ca": {"no"}},
		`--root: "?" has no letters; a name has some`:                                                                                      {"purpose": {"private"}, "root": {"?"}},
		`--domain: "shop" is no domain, such as shop.example`:                                                                              {"purpose": {"tls"}, "ca": {"tls-constrained"}, "domain": {"shop"}},
		`--status: "none" is none of: crl, crl-and-ocsp`:                                                                                   {"purpose": {"tls"}, "status": {"none"}},
		`--witness: "alice" is named twice; each person has one role`:                                                                      {"purpose": {"lab"}, "witness": {"alice"}},
		`--administrator: "Alice" is no name: lower-case letters, digits and hyphens, such as alice`:                                       {"purpose": {"lab"}, "administrator": {"Alice"}},
	} {
		err := (&Answers{Now: time.Now()}).Interview(flags, nil)
		var flag *FlagError
		if !errors.As(err, &flag) || err.Error() != want {
			t.Errorf("%v:\n got %v\nwant %s", flags, err, want)
		}
	}
}

// Who types y, or a word with capitals, means the word.
func TestWordsAsTyped(t *testing.T) {
	a := &Answers{}
	for typed, want := range map[string]string{"y": "yes", "Yes": "yes", "N": "no", "ye": "", "": ""} {
		got := ""
		err := a.choice("", "", plain([]string{"yes", "no"}), &got, nil).Set(a, typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is taken for %q: %v", typed, got, err)
		}
	}
}

// People take answers back, as far as they like, and what they typed before the one that
// they correct stays. An answer that cannot be used is asked for again.
func TestBack(t *testing.T) {
	typed := []string{"TLS", "Foo", "BACK", "Bar", "nl", "", "rsa-1024", "RSA-4096", "tls-constrained, One", "rsa-3072, Two", "none", "BACK", "BACK", "BACK", "rsa-3072, Only", "none"}
	var texts []string
	a := &Answers{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	err := a.Interview(map[string][]string{"url": {"http://crl.bar.nl/"}}, func(q Question, def string, refused error) (string, error) {
		texts = append(texts, q.Flag)
		if len(typed) == 0 {
			return def, refused
		}
		answer := typed[0]
		if typed = typed[1:]; answer == "BACK" {
			return "", ErrBack
		}
		return answer, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := CA{"Bar TLS Root 2026", "", "rsa-4096"}
	if a.Root != want || a.URL != "http://crl.bar.nl" || a.Country != "NL" {
		t.Errorf("%+v", a)
	}
	if diff := cmp.Diff([]CA{{"Only", "tls", "rsa-3072"}}, a.Issuing); diff != "" {
		t.Errorf("issuing CAs (-want +got):\n%s", diff)
	}
	const asked = "purpose organization country organization country root root-key root-key ca ca ca domain ca ca ca ca status administrator witness auditor key tokens "
	if got := strings.Join(texts, " "); got != asked {
		t.Errorf("asked %q\nwant  %q", got, asked)
	}
}

// Who goes back finds in the brackets what they typed before, and not what they left to
// the default, as that follows the other answers.
func TestBackShowsTheAnswer(t *testing.T) {
	typed := []string{"tls", "Foo", "", "", "BACK", "BACK", "BACK", "", "BACK", "Bar", "NL"}
	var shown []string
	a := &Answers{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	err := a.Interview(nil, func(_ Question, def string, refused error) (string, error) {
		if len(typed) == 0 {
			return def, refused
		}
		shown = append(shown, def)
		answer := typed[0]
		if typed = typed[1:]; answer == "BACK" {
			return "", ErrBack
		}
		return answer, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"private", "Example Trust", "US", "Foo TLS Root 2026", "ecdsa-p384", "Foo TLS Root 2026", "US", "Foo", "US", "Foo", "US"}
	if diff := cmp.Diff(want, shown); diff != "" || a.Root.Name != "Bar TLS Root 2026" {
		t.Errorf("the root is %s; shown (-want +got):\n%s", a.Root.Name, diff)
	}
}

// Nobody is asked what has one answer only: the decisions say it. A flag with another one is
// refused all the same. A question with other answers than its one choice is asked, as that
// for one CA more.
func TestOneChoice(t *testing.T) {
	a := &Answers{Now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	err := a.Interview(map[string][]string{"purpose": {"code-signing"}}, func(q Question, def string, refused error) (string, error) {
		if q.closed && len(q.Choices) == 1 || q.Flag == "root-key" {
			t.Errorf("asked %q, of which there is one: %v", q.Text, q.Choices)
		}
		return def, refused
	})
	if d := a.Decisions()[1]; err != nil || a.Root.Key != "rsa-4096" || !strings.Contains(d.Is, "rsa-4096") || !strings.HasPrefix(d.Why, "the profile code-signing-root allows no other key") {
		t.Errorf("%+v: %v", d, err)
	}
	smime := &Answers{Now: a.Now}
	if err := smime.Interview(map[string][]string{"purpose": {"smime"}}, nil); err != nil || len(smime.Issuing) != 1 {
		t.Errorf("CAs: %v, %v", smime.Issuing, err)
	}
	var refused *FlagError
	if err := (&Answers{Now: a.Now}).Interview(map[string][]string{"purpose": {"code-signing"}, "root-key": {"ecdsa-p384"}}, nil); !errors.As(err, &refused) {
		t.Errorf("another key: %v", err)
	}
}

// If anything fails, nothing is left: neither a file nor a folder that was not there.
func TestAllOrNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	files := answered(t, map[string][]string{"purpose": {"lab"}}).Files()
	broken := errors.New("no tokens")
	if err := Write(folder, files, func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if _, err := os.Lstat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
	if err := Write(folder, append(files, files[0]), nil); !errors.Is(err, os.ErrExist) {
		t.Errorf("a file is written twice: %v", err)
	}
	if _, err := os.Lstat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is left: %v", err)
	}
	if err := Write(folder, files, nil); err != nil {
		t.Error(err)
	}
	if err := Write(folder, files, nil); !errors.Is(err, os.ErrExist) {
		t.Errorf("a folder with files is taken: %v", err)
	}
}
