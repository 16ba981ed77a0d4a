// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// Options say how a plan is carried out.
type Options struct {
	Mode   event.Mode
	Bundle string // folder to be made; it must not exist, or be empty
	// Approved is the plan.json that people approved; the plan must come out
	// the same byte for byte. Empty in a rehearsal.
	Approved []byte
	// Policy is the trust policy that says who has to approve, PolicySHA256 its
	// digest as it is known from outside, and Approvals the folder with people's
	// signatures. They are needed to run a plan unless it says approval: none.
	Policy       []byte
	PolicySHA256 string
	Approvals    fs.FS
	Site         *plan.Site // nil in a rehearsal on in-memory tokens
	People       People
	Clock        HostClock
	Rand         io.Reader // makes the seal key and key ids
	Tool         event.Tool
	Host         *event.Host
	// FileSystem is where the bundle is written; nil is that of the host.
	FileSystem artifact.FS
	// OpenToken opens a device of the site.
	OpenToken func(ctx context.Context, c token.Config, l Login) (token.Token, error)
	// LookAt tells what a device of the site shows without a login, for the survey
	// before a ceremony.
	LookAt func(ctx context.Context, c token.Config) (*token.Seen, error)
	// Machine is the host that the survey looks at.
	Machine *preflight.Host
	// Redo names a step that people want repeated when the ceremony is resumed.
	Redo string
	// Amendment is another plan for the steps that are left when the ceremony is
	// resumed.
	Amendment *plan.Preview
	// Typed is what people typed, for the commands that they are shown.
	Typed plan.Commands
	// SiteApprovals is the folder with people's signatures on a site file that takes the
	// place of the one in force when the ceremony is resumed; nil where there is none.
	SiteApprovals fs.FS
	// Script is script.html of the plan folder, which people printed; nil where
	// there is none.
	Script []byte
	// Abandon ends the ceremony for good when it is resumed, whatever is left.
	Abandon bool
	// AfterSigning is one more check of what was signed, for tests: it can withhold,
	// and nothing else.
	AfterSigning func(artifact string) error

	surveyed bool // nothing is carried out: people asked for the survey alone
}

// Result is what a ceremony leaves: when it is finished, or for the time being.
type Result struct {
	Bundle         string
	Pause          string // why it was paused; it is not finished then, and has no more than a bundle
	Report         string
	ManifestSHA256 string
	Next           []plan.NextCommand // what people type next
}

func (o *Options) fileSystem() artifact.FS {
	if o.FileSystem == nil {
		return artifact.OS{}
	}
	return o.FileSystem
}

// Execute carries out a plan: on real tokens with people, or as a rehearsal.
// Whatever goes wrong after the journal was begun is in the journal.
func Execute(ctx context.Context, p *plan.Preview, o Options) (*Result, error) {
	if err := o.check(p); err != nil {
		return nil, err
	}
	r := newRunner(ctx, plan.NewBuilder(p.Loaded, o.Mode == event.Rehearsal), p.Digest, &o)
	r.state.usePlan(p)
	defer r.tokens.close()
	defer r.entry.release()
	if err := r.entry.checkStart(p); err != nil {
		return nil, err
	}
	if err := r.open(p); err != nil {
		return nil, r.stopped(err)
	}
	return r.performSteps()
}

// check refuses what can be refused before anything is touched.
func (o *Options) check(p *plan.Preview) error {
	if len(p.Problems) > 0 {
		return p.Problems
	}
	switch {
	case o.Mode != event.Run && o.Site == nil:
		return nil
	case o.Site == nil:
		return o.at(p.Plan, siteMissing).refuse("no site file names the devices in this room")
	case o.Mode == event.Run:
		if err := o.notRehearsed(p.Plan); err != nil {
			return err
		}
		if err := o.isApproved(p); err != nil {
			return err
		}
	}
	return o.siteHas(p.Plan)
}

// notRehearsed refuses a plan with an input from a rehearsal.
func (o *Options) notRehearsed(p *plan.Plan) error {
	if i := plan.Find(p.Inputs, func(i *plan.Input) bool { return i.Bundle != nil && i.Bundle.Rehearsal }); i != nil {
		return o.at(p, inputRehearsed).refuse(fmt.Sprintf("input %q comes from a rehearsal", i.ID))
	}
	return nil
}

// ownNames refuses a plan with names of an example, but on software tokens.
func (o *Options) ownNames(p *plan.Plan) error {
	if left := p.Placeholders(); len(left) > 0 && !o.Site.SoftwareToken {
		return o.at(p, namesLeft).refuse("names of an example are left: " + preflight.FirstOf(left))
	}
	return nil
}

// isApproved refuses a plan that is not, byte for byte, the one that people saw.
func (o *Options) isApproved(p *plan.Preview) error {
	if bytes.Equal(o.Approved, p.Canonical) {
		return nil
	}
	return o.at(p.Plan, planDiffers).refuse(fmt.Sprintf("this plan (SHA-256 %x) is not the one in the plan folder", p.Digest))
}

// siteHas refuses a site file that does not name every token of a plan.
func (o *Options) siteHas(p *plan.Plan) error {
	if err := o.Site.Has(p); err != nil {
		return o.at(p, tokenUnnamed).refuse(err.Error())
	}
	return nil
}
