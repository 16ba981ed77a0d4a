// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/token"
)

// rsaOnly is a token that lists mechanisms for RSA and no others.
type rsaOnly struct{ token.Token }

func (r rsaOnly) Info() token.Info {
	i := r.Token.Info()
	i.Mechanisms = []token.Mechanism{{Type: 0, MinKey: 1024, MaxKey: 4096}, {Type: 1, MinKey: 1024, MaxKey: 4096}}
	return i
}

// TestTriesLeft guards people whose token does not tell how many PIN tries are left: what
// the site file says is counted down, and the last is said to be the last.
func TestTriesLeft(t *testing.T) {
	final := token.Info{Flags: []string{token.FlagPINFinalTry}}
	for _, c := range []struct {
		tries int64
		then  string
		wrong int
		info  token.Info
		last  bool
		says  string
	}{
		{0, "", 1, token.Info{}, false, ""},
		{0, "", 2, token.Info{}, true, "THIS MAY BE THE LAST TRY. Many tokens lock after 3 wrong PINs."},
		{0, token.ThenZeroizes, 2, token.Info{}, true, "THIS MAY BE THE LAST TRY. Many tokens lock after 3 wrong PINs. ANOTHER WRONG PIN DESTROYS"},
		{0, "", 0, final, true, "LAST TRY. Token root reports that another wrong PIN locks it."},
		{9, token.ThenZeroizes, 0, final, true, "LAST TRY. Token root reports one try left. ANOTHER WRONG PIN DESTROYS"},
		{10, token.ThenLocks, 0, token.Info{}, false, ""},
		{10, token.ThenLocks, 2, token.Info{}, false, "8 of 10 tries"},
		{10, token.ThenLocks, 9, token.Info{}, true, "LAST TRY. Wrong PINs on token root: 9. By the site file 10 wrong PINs lock it."},
		{2, "", 5, token.Info{}, true, "LAST TRY. Wrong PINs on token root: 5. By the site file 2 wrong PINs end its tries."},
	} {
		left := tries{Config: token.Config{Name: "root", Tries: c.tries, Then: c.then}, wrong: c.wrong}
		says := strings.Join(left.announced(c.info), " ")
		if last := left.last(c.info) != ""; last != c.last || !strings.HasPrefix(says, c.says) || c.says == "" && says != "" {
			t.Errorf("%+v: last %t, %q", c, last, says)
		}
	}
}

// TestTokenOffersTooLittle guards the first hour of a ceremony: what a token cannot
// do is known when it is opened, not when its key is to be made.
func TestTokenOffersTooLittle(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), rsaOnly{memory})
	var refusal *Refusal
	_, err := Execute(context.Background(), p, o)
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, `token "root" does not offer CKM_EC_KEY_PAIR_GEN, which key "root" (ecdsa-p384) needs`) {
		t.Fatalf("it was not refused: %v", err)
	}
	if census, err := memory.Census(context.Background()); err != nil || len(census) != 0 {
		t.Errorf("a key was made: %v %v", census, err)
	}
}
