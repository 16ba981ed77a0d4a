// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// needKeygen fails the test where ssh-keygen is missing: what it says is what
// auditors have, so nothing here may go untested without a word.
func needKeygen(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		t.Fatal("ssh-keygen is missing: install openssh-client")
	}
}

// keygen makes a key and returns the name of its file.
func keygen(t *testing.T, args ...string) string {
	t.Helper()
	needKeygen(t)
	file := filepath.Join(t.TempDir(), "id")
	args = append([]string{"-q", "-N", "", "-C", "somebody", "-f", file}, args...)
	if out, err := exec.Command("ssh-keygen", args...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen %q: %v\n%s", args, err, out)
	}
	return file
}

// program runs a command as the command line does.
func program(t *testing.T) Program {
	return func(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		var errs bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, &errs
		err := cmd.Run()
		if err != nil {
			t.Logf("%q: %v: %s", args, err, &errs)
		}
		return err
	}
}

func readPublic(t *testing.T, file string) PublicKey {
	t.Helper()
	data, err := os.ReadFile(file + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePublicKey(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// verifyByHand is what an auditor types.
func verifyByHand(t *testing.T, policy *Policy, who string, n Namespace, object, signature []byte) error {
	t.Helper()
	needKeygen(t)
	dir := t.TempDir()
	for name, data := range map[string][]byte{"allowed_signers": AllowedSigners(policy), "sig": signature} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"ssh-keygen", "-Y", "verify", "-f", filepath.Join(dir, "allowed_signers"), "-I", who, "-n", string(n), "-s", filepath.Join(dir, "sig")}
	return program(t)(t.Context(), args, bytes.NewReader(object), io.Discard)
}

// TestKeygen signs with ssh-keygen and checks here, and has ssh-keygen verify
// what we accept, with the allowed_signers that we write.
func TestKeygen(t *testing.T) {
	for _, c := range []struct {
		name, algorithm string
		args            []string
	}{
		{"ed25519", "ssh-ed25519", []string{"-t", "ed25519"}},
		{"p256", "ecdsa-sha2-nistp256", []string{"-t", "ecdsa", "-b", "256"}},
		{"p384", "ecdsa-sha2-nistp384", []string{"-t", "ecdsa", "-b", "384"}},
		{"rsa", "rsa-sha2-512", []string{"-t", "rsa", "-b", "3072"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := keygen(t, c.args...)
			d := draft(t)
			d.People[0].Keys = []Key{{SSH: readPublic(t, file)}}
			policy := policyOf(t, d)
			sig, key, err := Sign(t.Context(), program(t), SignRequest{KeyFile: file, Namespace: PlanApproval, Object: aPlan, Policy: policy})
			if err != nil {
				t.Fatal(err)
			}
			if p, err := parseSignature(sig); err != nil || !key.equal(d.People[0].Keys[0].SSH) || p.algorithm() != c.algorithm || p.sig.HashAlgorithm != "sha512" || p.touch != nil {
				t.Errorf("%+v, %v, by %v", p, err, key)
			}
			v := Evaluate(policy, Case{Object: aPlan, Namespace: PlanApproval, At: today, Signatures: []Signature{
				{Name: "plan.json.alice.sig", Data: sig}, sign(t, "bob", PlanApproval, aPlan),
			}})
			if !v.Approved() {
				t.Errorf("refused: %+v", v.Refused)
			}
			if err := verifyByHand(t, policy, "alice@example-trust", PlanApproval, aPlan, sig); err != nil {
				t.Errorf("ssh-keygen refuses it: %v", err)
			}
			if err := verifyByHand(t, policy, "bob@example-trust", PlanApproval, aPlan, sig); err == nil {
				t.Error("ssh-keygen takes it for another person's")
			}
			if err := verifyByHand(t, policy, "alice@example-trust", PlanApproval, []byte("other"), sig); err == nil {
				t.Error("ssh-keygen takes it for other bytes")
			}
		})
	}
}

// TestKeyFileIsNoOption guards that a name is not read as an option.
func TestKeyFileIsNoOption(t *testing.T) {
	got := strings.Join(signArguments("-key", PlanApproval), " ")
	if want := "ssh-keygen -q -Y sign -f ./-key -n ceremony-plan-approval-v1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSignShowsQuestionsOnly guards who signs many files against lines that say nothing, and
// against questions that are not shown.
func TestSignShowsQuestionsOnly(t *testing.T) {
	open, locked := keygen(t, "-t", "ed25519"), keygen(t, "-t", "ed25519")
	if out, err := exec.Command("ssh-keygen", "-p", "-q", "-P", "", "-N", "correct horse", "-f", locked).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	asked := filepath.Join(t.TempDir(), "asked")
	ask := asked + ".sh"
	if err := os.WriteFile(ask, []byte("#!/bin/sh\necho \"$1\" >> "+asked+"\necho correct horse\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSH_ASKPASS", ask)
	t.Setenv("SSH_ASKPASS_REQUIRE", "force")
	t.Setenv("SSH_AUTH_SOCK", "")
	for _, key := range []string{open, locked} {
		var shown bytes.Buffer
		if _, _, err := Sign(t.Context(), Exec(&shown), SignRequest{KeyFile: key, Namespace: PlanApproval, Object: aPlan}); err != nil || shown.Len() > 0 {
			t.Errorf("%v: shown %q", err, &shown)
		}
		question, err := os.ReadFile(asked)
		if (err == nil) != (key == locked) || key == locked && !strings.Contains(string(question), "passphrase") {
			t.Errorf("asked %q: %v", question, err)
		}
	}
	if err := os.Remove(open); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	if _, _, err := Sign(t.Context(), Exec(&shown), SignRequest{KeyFile: open + ".pub", Namespace: PlanApproval, Object: aPlan}); err == nil || shown.Len() == 0 {
		t.Errorf("why it failed is not shown: %v", err)
	}
}

// TestSHA256Option takes signatures with the other hash that SSHSIG knows.
func TestSHA256Option(t *testing.T) {
	file := keygen(t, "-t", "ed25519")
	args := append(signArguments(file, PlanApproval), "-O", "hashalg=sha256")
	var sig bytes.Buffer
	if err := program(t)(t.Context(), args, bytes.NewReader(aPlan), &sig); err != nil {
		t.Fatal(err)
	}
	if err := verifySignature(sig.Bytes(), aPlan, readPublic(t, file)); err != nil {
		t.Error(err)
	}
}

// TestFIDOByHand shows why ours is stricter: for ssh-keygen a signature without
// touch is as good as any.
func TestFIDOByHand(t *testing.T) {
	for _, flags := range []byte{flagPresent, 0} {
		key := softEd25519(t, "alice", flags)
		d := draft(t)
		d.People[0].Keys = []Key{{SSH: publicKey(t, key.public)}}
		policy := policyOf(t, d)
		sig := signWith(t, key, "alice", PlanApproval, aPlan)
		if err := verifyByHand(t, policy, "alice@example-trust", PlanApproval, aPlan, sig.Data); err != nil {
			t.Errorf("flags %d: ssh-keygen refuses it: %v", flags, err)
		}
		err := verifySignature(sig.Data, aPlan, publicKey(t, key.public))
		if touched := flags != 0; (err == nil) != touched || (!touched && !errors.Is(err, errNoTouch)) {
			t.Errorf("flags %d: %v", flags, err)
		}
	}
}

// TestAllowedNamespaces has ssh-keygen hold each person to what they may sign.
func TestAllowedNamespaces(t *testing.T) {
	policy := policyOf(t, draft(t))
	for _, c := range []struct {
		who string
		n   Namespace
		ok  bool
	}{
		{"alice", PlanApproval, true},
		{"dana", PlanApproval, false},
		{"dana", Review, true},
		{"frank", Review, true},
		{"frank", ManifestDeclaration, false},
		{"erin", ManifestDeclaration, true},
	} {
		sig := sign(t, c.who, c.n, aPlan)
		if err := verifyByHand(t, policy, c.who+"@example-trust", c.n, aPlan, sig.Data); (err == nil) != c.ok {
			t.Errorf("%s under %s: %v", c.who, c.n, err)
		}
	}
}

// TestAgent signs with a key that only the agent has.
func TestAgent(t *testing.T) {
	file := keygen(t, "-t", "ed25519")
	socket := filepath.Join(t.TempDir(), "s")
	agent := exec.Command("ssh-agent", "-D", "-a", socket)
	if err := agent.Start(); err != nil {
		t.Fatalf("ssh-agent is missing: install openssh-client: %v", err)
	}
	t.Cleanup(func() { _ = agent.Process.Kill(); _ = agent.Wait() })
	t.Setenv("SSH_AUTH_SOCK", socket)
	add := exec.Command("sh", "-c", `for i in 1 2 3 4 5 6 7 8 9 10; do ssh-add -q "$1" && exit; sleep 0.1; done; exit 1`, "sh", file)
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("ssh-add: %v\n%s", err, out)
	}
	request := SignRequest{KeyFile: file + ".pub", Agent: true, Namespace: PlanApproval, Object: aPlan}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Sign(t.Context(), program(t), request); err != nil {
		t.Error(err)
	}
	request.KeyFile = keygen(t, "-t", "ed25519") + ".pub" // not in the agent
	if _, _, err := Sign(t.Context(), program(t), request); !errors.Is(err, ErrNoSignature) {
		t.Errorf("a key that the agent does not have: %v", err)
	}
}

// TestSignRefuses looks at what another program may hand back.
func TestSignRefuses(t *testing.T) {
	policy := policyOf(t, draft(t))
	says := func(s Signature) Program {
		return func(_ context.Context, _ []string, _ io.Reader, out io.Writer) error {
			_, err := out.Write(s.Data)
			return err
		}
	}
	unproved := softEd25519(t, "bob", flagPresent)
	d := draft(t)
	d.People[1].Keys = []Key{{SSH: publicKey(t, unproved.public), UserVerified: true}}
	for _, c := range []struct {
		name   string
		policy *Policy
		run    Program
		want   string
	}{
		{"nothing", policy, says(Signature{}), "no signature was made"},
		{"fails", policy, func(context.Context, []string, io.Reader, io.Writer) error { return errors.New("exit status 255") }, "exit status 255"},
		{"a stranger's", policy, says(sign(t, "mallory", PlanApproval, aPlan)), "the policy has no key SHA256:"},
		{"another namespace", policy, says(sign(t, "alice", SiteApproval, aPlan)), "made for another namespace"},
		{"other bytes", nil, says(sign(t, "alice", PlanApproval, []byte("x"))), "not a signature of these bytes"},
		{"no PIN", policyOf(t, d), says(signWith(t, unproved, "bob", PlanApproval, aPlan)), "verify its user"},
	} {
		_, _, err := Sign(t.Context(), c.run, SignRequest{Namespace: PlanApproval, Object: aPlan, Policy: c.policy})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
