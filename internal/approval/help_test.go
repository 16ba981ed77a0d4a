// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math/big"
	"testing"
	"time"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"
)

// The day on which everything in these tests is checked.
var today = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

// signerOf makes the Ed25519 key of a name, always the same.
func signerOf(t testing.TB, name string) ssh.Signer {
	t.Helper()
	seed := sha256.Sum256([]byte("FAKE " + name))
	s, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(seed[:]))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func publicKey(t testing.TB, key ssh.PublicKey) PublicKey {
	t.Helper()
	k, err := ParsePublicKey(PublicKey{key}.String())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// keyOf is the key of a name without conditions.
func keyOf(t testing.TB, name string) Key {
	return Key{SSH: publicKey(t, signerOf(t, name).PublicKey())}
}

func personOf(t testing.TB, name string) Person {
	return Person{ID: name, Org: "example-trust", Keys: []Key{keyOf(t, name)}}
}

// sign signs object with the key of a name.
func sign(t testing.TB, name string, n Namespace, object []byte) Signature {
	t.Helper()
	return signWith(t, signerOf(t, name), name, n, object)
}

func signWith(t testing.TB, signer ssh.Signer, name string, n Namespace, object []byte) Signature {
	t.Helper()
	sig, err := sshsig.Sign(bytes.NewReader(object), signer, sshsig.HashSHA512, string(n))
	if err != nil {
		t.Fatal(err)
	}
	return Signature{Name: "plan.json." + name + ".sig", Data: sshsig.Armor(sig)}
}

// draft is a policy of five people and an auditor.
func draft(t testing.TB) Draft {
	var people []Person
	for _, name := range []string{"alice", "bob", "carol", "erin", "frank", "dana"} {
		people = append(people, personOf(t, name))
	}
	return Draft{
		Expires: time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC),
		People:  people,
		Roles: []Role{
			{"plan-approver", []string{"alice", "bob", "carol"}, 2},
			{"administrator", []string{"alice", "erin"}, 1},
			{"internal-witness", []string{"bob", "carol"}, 2},
			{"external-auditor", []string{"dana"}, 1},
		},
		Rules: []Rule{
			{For: PlanApproval, Roles: []string{"plan-approver"}},
			{For: SiteApproval, Roles: []string{"administrator", "internal-witness"}, Any: true},
			{For: ManifestDeclaration, Roles: []string{"administrator", "internal-witness"}},
			{For: Review, Roles: []string{"external-auditor"}},
		},
		Separation: [][2]string{{"administrator", "internal-witness"}},
	}
}

// policyOf writes a draft and reads it again.
func policyOf(t testing.TB, d Draft) *Policy {
	t.Helper()
	data, err := NewPolicy(d)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParsePolicy("policy.json", data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// softKey is a FIDO device in software, which signs as PROTOCOL.u2f says, with
// the flags that a test wants.
type softKey struct {
	public  ssh.PublicKey
	sign    func(digest []byte) []byte // the blob of the signature over these bytes
	flags   byte
	counter uint32
}

const application = "ssh:"

func softEd25519(t testing.TB, name string, flags byte) *softKey {
	t.Helper()
	seed := sha256.Sum256([]byte("FAKE FIDO " + name))
	private := ed25519.NewKeyFromSeed(seed[:])
	raw := ssh.Marshal(struct {
		Type, Key   string
		Application string
	}{ssh.KeyAlgoSKED25519, string(private[ed25519.SeedSize:]), application})
	return newSoftKey(t, raw, flags, func(message []byte) []byte { return ed25519.Sign(private, message) })
}

func softECDSA(t testing.TB, flags byte) *softKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	raw := ssh.Marshal(struct {
		Type, Curve, Key string
		Application      string
	}{ssh.KeyAlgoSKECDSA256, "nistp256", string(point), application})
	return newSoftKey(t, raw, flags, func(message []byte) []byte {
		digest := sha256.Sum256(message)
		r, s, err := ecdsa.Sign(rand.Reader, private, digest[:])
		if err != nil {
			t.Fatal(err)
		}
		return ssh.Marshal(struct{ R, S *big.Int }{r, s})
	})
}

func newSoftKey(t testing.TB, raw []byte, flags byte, sign func([]byte) []byte) *softKey {
	t.Helper()
	public, err := ssh.ParsePublicKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	return &softKey{public: public, sign: sign, flags: flags, counter: 7}
}

// PublicKey is part of ssh.Signer.
func (k *softKey) PublicKey() ssh.PublicKey { return k.public }

// Sign is part of ssh.Signer.
func (k *softKey) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) {
	app, message := sha256.Sum256([]byte(application)), sha256.Sum256(data)
	tail := binary.BigEndian.AppendUint32([]byte{k.flags}, k.counter)
	signed := append(append(app[:], tail...), message[:]...)
	return &ssh.Signature{Format: k.public.Type(), Blob: k.sign(signed), Rest: tail}, nil
}

// refused gives the reasons for which signatures do not count.
func refused(v Verdict) []Reason {
	var out []Reason
	for _, r := range v.Refused {
		out = append(out, r.Reason)
	}
	return out
}
