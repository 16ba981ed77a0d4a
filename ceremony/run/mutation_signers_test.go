// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"rootceremony/internal/approval"
)

// touched is the flag of a FIDO device that somebody touched.
const touched = 1

// signers are the keys of the people of the mutation test, always the same.
func signers(t testing.TB) map[string]ssh.Signer {
	t.Helper()
	out := map[string]ssh.Signer{}
	for _, who := range []string{"ann", "ann, second key", "ben", "cat", "dana", "eve"} {
		seed := sha256.Sum256([]byte("FAKE " + who))
		private := ed25519.NewKeyFromSeed(seed[:])
		s, err := ssh.NewSignerFromKey(private)
		if err != nil {
			t.Fatal(err)
		}
		out[who] = s
		if who == "cat" {
			out[who] = fidoOf(t, private, touched)
			out["cat, untouched"] = fidoOf(t, private, 0)
		}
	}
	return out
}

// fido is a FIDO device in software, as PROTOCOL.u2f of OpenSSH describes it.
type fido struct {
	public  ssh.PublicKey
	private ed25519.PrivateKey
	flags   byte
}

func fidoOf(t testing.TB, private ed25519.PrivateKey, flags byte) ssh.Signer {
	t.Helper()
	public, err := ssh.ParsePublicKey(ssh.Marshal(struct{ Type, Key, Application string }{
		ssh.KeyAlgoSKED25519, string(private[ed25519.SeedSize:]), "ssh:"}))
	if err != nil {
		t.Fatal(err)
	}
	return &fido{public, private, flags}
}

func (f *fido) PublicKey() ssh.PublicKey { return f.public }

func (f *fido) Sign(_ io.Reader, data []byte) (*ssh.Signature, error) {
	app, message := sha256.Sum256([]byte("ssh:")), sha256.Sum256(data)
	tail := binary.BigEndian.AppendUint32([]byte{f.flags}, 7)
	signed := append(append(app[:], tail...), message[:]...)
	return &ssh.Signature{Format: f.public.Type(), Blob: ed25519.Sign(f.private, signed), Rest: tail}, nil
}

// signature is a person's SSHSIG over an object.
func signature(t testing.TB, who string, n approval.Namespace, object []byte) []byte {
	t.Helper()
	sig, err := sshsig.Sign(bytes.NewReader(object), signers(t)[who], sshsig.HashSHA512, string(n))
	if err != nil {
		t.Fatal(err)
	}
	return sshsig.Armor(sig)
}

// policyFor is a trust policy, with changes.
func policyFor(t testing.TB, change func(*approval.Draft)) []byte {
	t.Helper()
	d := approval.Draft{
		Version: 2, Previous: strings.Repeat("1", 64),
		Expires: time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC),
		Roles: []approval.Role{
			{Name: "plan-approver", Members: []string{"ann", "ben", "cat"}, Threshold: 2},
			{Name: "administrator", Members: []string{"ann"}, Threshold: 1},
			{Name: "internal-witness", Members: []string{"ben"}, Threshold: 1},
			{Name: "external-auditor", Members: []string{"dana"}, Threshold: 1},
		},
		Rules: []approval.Rule{
			{For: approval.ProfileApproval, Roles: []string{"plan-approver"}},
			{For: approval.PlanApproval, Roles: []string{"plan-approver"}},
			{For: approval.ManifestDeclaration, Roles: []string{"administrator", "internal-witness"}},
			{For: approval.Review, Roles: []string{"external-auditor"}},
		},
		Separation: [][2]string{{"administrator", "internal-witness"}},
	}
	for _, who := range []string{"ann", "ben", "cat", "dana"} {
		d.People = append(d.People, personOf(t, who))
	}
	d.People[0].Keys = append(d.People[0].Keys, personOf(t, "ann, second key").Keys...)
	if change != nil {
		change(&d)
	}
	policy, err := approval.NewPolicy(d)
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

func personOf(t testing.TB, who string) approval.Person {
	t.Helper()
	key, err := approval.ParsePublicKey(string(ssh.MarshalAuthorizedKey(signers(t)[who].PublicKey())))
	if err != nil {
		t.Fatal(err)
	}
	return approval.Person{ID: who, Org: "example", Keys: []approval.Key{{SSH: key}}}
}
