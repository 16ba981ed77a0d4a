// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// stuck is a token that says it is hardware, and does not close.
type stuck struct{ token.Token }

func (stuck) Close() error { return errors.New("CKR_DEVICE_ERROR") }

func (s stuck) Info() token.Info {
	i := s.Token.Info()
	i.Software = false
	return i
}

// exceptional is a ceremony in which people make an exception of every rule that has one:
// hardware as root, a second medium that is lost, an amendment that too few approved, a
// window that is too short, a token that does not close.
func exceptional(t *testing.T) *golden {
	t.Helper()
	text := strings.NewReplacer("approval: none, ", "", longer[0], longer[1]).Replace(ceremonytest.TwiceText)
	p, other := quickly(t, text, realNames...), quickly(t, strings.Replace(text, "for: 3y}", "for: 2y}", 1), realNames...)
	site, memory := fastSite()
	site.SoftwareToken, site.JournalMirror = false, filepath.Join(t.TempDir(), "second")
	o := runOptions(p, site, filepath.Join(t.TempDir(), "bundle"))
	o.Host, o.Machine.Root = &event.Host{Name: "room", Root: true}, true
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return stuck{memory}, nil }
	o.LookAt = func(ctx context.Context, c token.Config) (*token.Seen, error) {
		seen, err := looksWell(ctx, c)
		seen.Info.Software = false
		return seen, err
	}
	policy := policyFor(t, nil)
	o.Policy, o.PolicySHA256 = policy, plan.SHA256Hex(policy)
	o.Approvals = os.DirFS(approvedIn(t, p, "ann", "cat"))
	hour := func(n int) Asked {
		return Asked{Terminal: extending().
			On("Use hardware tokens as root", termtest.Reply("accept")).On("Why the program has to run as root", termtest.Reply("the driver needs it")).
			On("Continue?", termtest.Reply("agree")).
			On("without approval, as an exception", termtest.Reply("exception")).
			On("Why the amendment cannot wait", termtest.Reply("the approvers are asleep")).
			Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Duration(n) * time.Hour)))}
	}
	o.People = hour(1)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(site.JournalMirror); err != nil {
		t.Fatal(err)
	}
	amend(&o, other)
	o.Approvals = os.DirFS(approvedIn(t, other, "ann"))
	o.People = hour(13)
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	g := &golden{dir: o.Bundle, preview: other}
	g.anchors.PolicySHA256 = o.PolicySHA256
	return g
}

// approvedIn is a folder with approvals of a plan and its profiles.
func approvedIn(t *testing.T, p *plan.Preview, who ...string) string {
	t.Helper()
	folder := t.TempDir()
	resolved, err := p.ResolvedProfiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range who {
		write(t, folder, approval.SignatureFile(approval.PlanFile, w), signature(t, w, approval.PlanApproval, p.Canonical))
		for _, f := range resolved {
			write(t, folder, approval.SignatureFile(f.Name, w), signature(t, w, approval.ProfileApproval, f.Data))
		}
	}
	return folder
}
