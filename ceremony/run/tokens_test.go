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
