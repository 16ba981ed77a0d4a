// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"crypto/elliptic"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// TestReadmeLowS guards an auditor without our program against the other form of an ECDSA
// signature, which anybody can compute, and with it another certificate.
func TestReadmeLowS(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme := string(get(t, dir, readmePath))
	_, rest, _ := strings.Cut(readme, "\nfs() {")
	low, _, found := strings.Cut(rest, "\nwhile read")
	if !found {
		t.Fatal("README has no function low")
	}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		half := new(big.Int).Rsh(curve.Params().N, 1)
		for s, wants := range map[*big.Int]bool{big.NewInt(1): true, half: true, new(big.Int).Add(half, big.NewInt(1)): false} {
			der, err := asn1.Marshal(struct{ R, S *big.Int }{half, s})
			check(t, err)
			put(t, dir, "sig", der)
			out, err := byHand(t, "dash", dir, "W=.\nfs() {"+low+"\nlow "+curve.Params().Name+" sig")
			if (err == nil) != wants {
				t.Errorf("%s: s %x: %v %s", curve.Params().Name, s, err, out)
			}
		}
	}
	for _, line := range strings.Split(commands(readme), "\n") {
		if len([]rune(line)) > 80 {
			t.Errorf("more than 80 columns: %s", line)
		}
	}
}

// TestReadmeOtherForm changes one signature of a record to its other form.
func TestReadmeOtherForm(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	h := verifyBundle(t, dir, VerifyOptions{}).History
	done := h.Signed("root-x1-cert").Finished.Event
	der, err := base64.StdEncoding.DecodeString(done.Signature)
	check(t, err)
	var sig struct{ R, S *big.Int }
	_, err = asn1.Unmarshal(der, &sig)
	check(t, err)
	sig.S.Sub(elliptic.P384().Params().N, sig.S)
	der, err = asn1.Marshal(sig)
	check(t, err)
	replace(t, dir, JournalPath, done.Signature, base64.StdEncoding.EncodeToString(der))
	out, _ := byHand(t, "dash", dir, sections(string(get(t, dir, readmePath)), "3", "7"))
	for _, want := range []string{fmt.Sprintf("ok: signature %d (root-x1-cert)", done.Operation), fmt.Sprintf("PROBLEM: signature %d does not have the lower s", done.Operation)} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
}
