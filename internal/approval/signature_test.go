// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"strings"
	"testing"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// armored puts raw bytes into an SSH SIGNATURE block.
func armored(raw []byte) []byte {
	text := base64.StdEncoding.EncodeToString(raw)
	var out bytes.Buffer
	out.WriteString("-----BEGIN SSH SIGNATURE-----\n")
	for len(text) > 70 {
		out.WriteString(text[:70] + "\n")
		text = text[70:]
	}
	out.WriteString(text + "\n-----END SSH SIGNATURE-----\n")
	return out.Bytes()
}

// raw is the SSHSIG of a signature as it lies on the wire.
type raw struct {
	Magic     [6]byte
	Version   uint32
	Key       string
	Namespace string
	Reserved  string
	Hash      string
	Signature string
}

func rawOf(t *testing.T, s Signature) raw {
	t.Helper()
	sig, err := sshsig.Unarmor(s.Data)
	if err != nil {
		t.Fatal(err)
	}
	var r raw
	if err := ssh.Unmarshal(sig.Marshal(), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSignatureForm refuses everything that is not the one form of a signature.
func TestSignatureForm(t *testing.T) {
	good := sign(t, "alice", PlanApproval, aPlan).Data
	key := keyOf(t, "alice").SSH
	change := func(f func(*raw)) []byte {
		r := rawOf(t, Signature{Data: good})
		f(&r)
		return armored(ssh.Marshal(r))
	}
	for _, c := range []struct {
		name string
		data []byte
		want string // empty: accepted
	}{
		{"as it is", good, ""},
		{"other line lengths", change(func(*raw) {}), ""},
		{"without the last line feed", bytes.TrimSuffix(good, []byte("\n")), ""},
		{"nothing", nil, "it is no signature of ssh-keygen"},
		{"text before", append([]byte("x\n"), good...), "it is no signature of ssh-keygen"},
		{"text after", append(bytes.Clone(good), "x"...), "it is no signature of ssh-keygen"},
		{"two", append(bytes.Clone(good), good...), "it is no signature of ssh-keygen"},
		{"carriage returns", bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")), "it is no signature of ssh-keygen"},
		{"headers", bytes.Replace(good, []byte("-----\n"), []byte("-----\nA: b\n\n"), 1), "it is no signature of ssh-keygen"},
		{"too long", bytes.Repeat([]byte("a"), maxSignature+1), "more than"},
		{"trailing bytes", armored(append(ssh.Marshal(rawOf(t, Signature{Data: good})), 0)), "reading SSHSIG"},
		{"version", change(func(r *raw) { r.Version = 2 }), "version"},
		{"magic", change(func(r *raw) { r.Magic[0] = 'X' }), "preamble"},
		{"hash", change(func(r *raw) { r.Hash = "sha1" }), "hash"},
		{"reserved", change(func(r *raw) { r.Reserved = "x" }), "canonical"},
		{"after the signature", change(func(r *raw) { r.Signature += "\x01\x00\x00\x00\x07" }), "there is data after the"},
		{"namespace", change(func(r *raw) { r.Namespace = "" }), "another namespace"},
		{"other hash", change(func(r *raw) { r.Hash = "sha256" }), "not a signature of these bytes"},
		{"no key", change(func(r *raw) { r.Key = "" }), "reading SSHSIG"},
	} {
		err := verifySignature(c.data, aPlan, key)
		if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestEveryByte guards that a signature with one changed byte is none.
func TestEveryByte(t *testing.T) {
	good := sign(t, "alice", PlanApproval, aPlan).Data
	key := keyOf(t, "alice").SSH
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if err := verifySignature(bad, aPlan, key); err == nil {
			t.Errorf("byte %d changed from %q to %q, and still good", i, good[i], bad[i])
		}
	}
}

// TestOneECDSA guards who compares two copies of an approval by their digests: the numbers
// of an ECDSA signature have one encoding. Of the two forms of the signature both are right.
func TestOneECDSA(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := sshsig.Sign(bytes.NewReader(aPlan), signer, sshsig.HashSHA512, string(PlanApproval))
	if err != nil {
		t.Fatal(err)
	}
	var n struct{ R, S *big.Int }
	if err := ssh.Unmarshal(sig.Signature.Blob, &n); err != nil {
		t.Fatal(err)
	}
	n.S = n.S.Sub(elliptic.P256().Params().N, n.S)
	long := struct{ R, S string }{"\x00\x00" + string(n.R.Bytes()), "\x00\x00" + string(n.S.Bytes())}
	for _, c := range []struct {
		blob []byte
		want string
	}{{ssh.Marshal(n), ""}, {ssh.Marshal(long), "its encoding is not the canonical one"}} {
		sig.Signature.Blob = c.blob
		err := verifySignature(sshsig.Armor(sig), aPlan, publicKey(t, signer.PublicKey()))
		if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

func TestFIDORest(t *testing.T) {
	key := softEd25519(t, "bob", flagPresent)
	r := rawOf(t, signWith(t, key, "bob", PlanApproval, aPlan))
	for _, cut := range []int{1, 5} {
		s := r
		s.Signature = s.Signature[:len(s.Signature)-cut]
		err := verifySignature(armored(ssh.Marshal(s)), aPlan, publicKey(t, key.public))
		if err == nil || !strings.Contains(err.Error(), "flags and the counter") {
			t.Errorf("%d bytes less: %v", cut, err)
		}
	}
}

// TestWeakAlgorithms makes signatures that ssh-keygen would take.
func TestWeakAlgorithms(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := sshsig.Sign(bytes.NewReader(aPlan), asSHA256{signer}, sshsig.HashSHA512, string(PlanApproval))
	if err != nil {
		t.Fatal(err)
	}
	err = verifySignature(sshsig.Armor(sig), aPlan, publicKey(t, signer.PublicKey()))
	if err == nil || !strings.Contains(err.Error(), `"rsa-sha2-256" is not supported`) {
		t.Errorf("rsa-sha2-256: %v", err)
	}
}

// TestShortRSA documents the two forms that an RSA signature has where it begins with a zero:
// docs/limits.md names them. A zero more is refused.
func TestShortRSA(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 1 << 14 {
		object := fmt.Append(nil, n)
		sig, err := sshsig.Sign(bytes.NewReader(object), signer, sshsig.HashSHA512, string(PlanApproval))
		if err != nil {
			t.Fatal(err)
		}
		blob := sig.Signature.Blob
		if blob[0] != 0 {
			continue
		}
		for name, c := range map[string]struct {
			blob []byte
			ok   bool
		}{"whole": {blob, true}, "short": {bytes.TrimLeft(blob, "\x00"), true}, "long": {append([]byte{0}, blob...), false}} {
			sig.Signature.Blob = c.blob
			if err := verifySignature(sshsig.Armor(sig), object, publicKey(t, signer.PublicKey())); (err == nil) != c.ok {
				t.Errorf("%s: %v", name, err)
			}
		}
		return
	}
	t.Fatal("no signature begins with a zero")
}

// asSHA256 signs with rsa-sha2-256 whatever it is asked for.
type asSHA256 struct{ ssh.Signer }

// SignWithAlgorithm is part of ssh.AlgorithmSigner.
func (s asSHA256) SignWithAlgorithm(r io.Reader, data []byte, _ string) (*ssh.Signature, error) {
	return s.Signer.(ssh.AlgorithmSigner).SignWithAlgorithm(r, data, ssh.KeyAlgoRSASHA256)
}

func TestParsePublicKey(t *testing.T) {
	good := keyOf(t, "alice").SSH.String()
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := ssh.NewPublicKey(&p521.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, line, want string }{
		{"as it is", good, ""},
		{"with comment and end of line", good + " alice@example.com\r\n", ""},
		{"empty", "", "one line"},
		{"two lines", good + "\n" + good, "one line"},
		{"options", `command="x" ` + good, "base64"},
		{"base64", "ssh-ed25519 AAAA!", "base64"},
		{"another type", strings.Replace(good, "ssh-ed25519", "ssh-rsa", 1), `says "ssh-rsa"`},
		{"cut off", good[:len(good)-8], "public key"},
		{"wide curve", PublicKey{wide}.String(), `"ecdsa-sha2-nistp521" are not supported`},
	} {
		k, err := ParsePublicKey(c.line)
		if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err == nil && k.String() != good {
			t.Errorf("%s: %s", c.name, k)
		}
	}
}

// TestFingerprint compares with ssh-keygen -l.
func TestFingerprint(t *testing.T) {
	file := keygen(t, "-t", "ed25519")
	var out bytes.Buffer
	if err := program(t)(t.Context(), []string{"ssh-keygen", "-l", "-f", file}, nil, &out); err != nil {
		t.Fatal(err)
	}
	if got := readPublic(t, file).Fingerprint(); !strings.Contains(out.String(), " "+got+" ") || !fingerprint.MatchString(got) {
		t.Errorf("%s is not in %q", got, &out)
	}
}

// verifySignature reads a signature of a plan and verifies it under a key.
func verifySignature(data, object []byte, key PublicKey) error {
	p, err := parseSignature(data)
	if err != nil {
		return err
	}
	return p.verify(object, PlanApproval, key, false)
}
