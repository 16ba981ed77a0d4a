// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term/termtest"
)

// approvedRoom is a room whose plan has to be approved by two of three people.
type approvedRoom struct {
	*room
	policy, digest string
}

func newApprovedRoom(t *testing.T) *approvedRoom {
	t.Helper()
	return newApprovedRoomIn(t, t.TempDir())
}

func newApprovedRoomIn(t *testing.T, folder string) *approvedRoom {
	t.Helper()
	r := &approvedRoom{room: newRoomIn(t, folder, "root-2026")}
	r.policy = filepath.Join(r.folder, "policy.json")
	data, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^  approval: none.*\n`).ReplaceAllString(string(data), "")
	if err := os.WriteFile(r.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r.plan += "-approved"
	r.must(t, "plan", r.file, "--out", r.plan, "--site", r.site)
	init := []string{"policy", "init", "--org", "example", "--need", "2", "--out", r.policy}
	for _, who := range []string{"alice", "bob", "carol"} {
		key := r.key(who)
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", key).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v\n%s", err, out)
		}
		init = append(init, "--key", who+"="+key+".pub")
	}
	r.must(t, init...)
	policy, err := os.ReadFile(r.policy)
	if err != nil {
		t.Fatal(err)
	}
	r.digest = artifact.Sum(policy).SHA256Hex()
	return r
}

func (r *approvedRoom) key(who string) string { return filepath.Join(r.folder, "key-"+who) }

// must carries out a command that has to succeed.
func (r *approvedRoom) must(t *testing.T, args ...string) {
	t.Helper()
	if status, output := command(t, nil, args...); status != exitDone {
		t.Fatalf("ceremony %s: exit status %d: %s", strings.Join(args, " "), status, output)
	}
}

// files are what the policy wants approved.
func (r *approvedRoom) files(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(r.plan, "*.json"))
	if err != nil || len(files) < 3 {
		t.Fatalf("files to approve: %q, %v", files, err)
	}
	return files
}

func (r *approvedRoom) approve(t *testing.T, who string) {
	t.Helper()
	r.must(t, append([]string{"approve", "--policy", r.policy, "--key", r.key(who)}, r.files(t)...)...)
}

// run carries out the plan that was approved.
func (r *approvedRoom) run(t *testing.T, people *termtest.Script) (int, string) {
	t.Helper()
	return r.runWith(t, people, "--plan", r.plan, "--policy", r.policy, "--policy-digest", r.digest)
}

// runs is the same command.
func (r *approvedRoom) runs() []string {
	return []string{"run", r.file, "--site", r.site, "--bundle", r.bundle, "--plan", r.plan, "--policy", r.policy, "--policy-digest", r.digest}
}

// TestRunApproved guards the thresholds with the real commands: one approval of
// one profile is missing and nothing is begun; with all of them the ceremony
// runs, and what people sign afterwards vouches for it to whoever knows the
// policy.
func TestRunApproved(t *testing.T) {
	r := newApprovedRoom(t)
	r.approve(t, "alice")
	r.approve(t, "bob")
	late := filepath.Join(r.plan, approval.SignatureFile("example-root-crl.profile.json", "bob"))
	if err := os.Rename(late, r.policy+".late"); err != nil {
		t.Fatal(err)
	}
	status, output := command(t, nil, r.runs()...) // nobody is asked
	const missing = "ceremony: error: the plan is not approved: one more approval of bob or carol (example-root-crl.profile.json)\n"
	if _, err := os.Lstat(r.bundle); status != exitFailed || err == nil || !strings.HasPrefix(output, missing) {
		t.Fatalf("a profile is not approved: exit status %d, bundle %v: %s", status, err == nil, output)
	}
	if err := os.Rename(r.policy+".late", late); err != nil {
		t.Fatal(err)
	}
	people := attentive(termtest.NewScript(80))
	if status, output := r.run(t, people); status != exitDone {
		t.Fatalf("exit status %d: %s\n%s", status, output, people.Screen())
	}
	shown := digestShown.FindAllString(people.Screen(), -1)
	manifest := shown[len(shown)-1]
	for _, who := range []string{"alice", "bob"} {
		r.must(t, "sign", r.bundle, "--as", who, "--key", r.key(who), "--policy", r.policy, "--manifest", manifest)
	}
	status, output = command(t, nil, "verify", r.bundle, "--policy-digest", r.digest)
	if status != exitDone || !strings.Contains(output, "  approved    alice, bob: plan.json, example-root.profile.json") {
		t.Fatalf("exit status %d: %s", status, output)
	}
	if err := os.Remove(filepath.Join(r.bundle, "plan/approvals", filepath.Base(late))); err != nil {
		t.Fatal(err)
	}
	if status, output := command(t, nil, "verify", r.bundle, "--policy-digest", r.digest); status != exitFindings || !strings.Contains(output, filepath.Base(late)) {
		t.Errorf("an approval is gone: exit status %d: %s", status, output)
	}
}
