// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// RebuildEarlier adds to the verdict on the record of an earlier ceremony what is wrong with
// the rest of its bundle: see [plan.Disk].
func RebuildEarlier(record *transcripts.Verdict) error {
	_, err := rebuild(context.Background(), record, Options{})
	return err
}

// Earlier reads the bundle of an earlier ceremony, once it is verified.
func Earlier(dir string) (*plan.EarlierBundle, error) {
	dir = filepath.Clean(dir)
	return plan.Disk{Folder: filepath.Dir(dir), Rebuild: RebuildEarlier}.Bundle(filepath.Base(dir))
}

// checkRehearsed checks that no real ceremony has inputs of a rehearsal.
func (v *Verdict) checkRehearsed() {
	for _, p := range v.plans {
		for _, in := range p.Plan.Inputs {
			if v.Mode == event.Run && in.Bundle != nil && in.Bundle.Rehearsal {
				v.problem(p.folder+"/plan.json", "input %q comes from a rehearsal, and no run takes it", in.ID)
			}
		}
	}
}

// checkEarlier compares what the plans say of earlier bundles with those that were given,
// and names the others: the bundle has copies of what was taken, and nothing in it shows that
// they are all, or the right ones.
func (v *Verdict) checkEarlier(given []string) {
	var seen []string // digests of MANIFEST
	for _, dir := range given {
		b, err := Earlier(dir)
		if err != nil {
			v.problem(dir, "%v", err)
			continue
		}
		named := false
		for _, p := range v.plans {
			named = v.sameEarlier(p, dir, b) || named
		}
		if !named {
			v.problem(dir, "no plan of this ceremony has inputs of this bundle: the SHA-256 of its MANIFEST is %s", b.ManifestSHA256)
		}
		seen = append(seen, b.ManifestSHA256)
	}
	for _, p := range v.plans {
		for _, b := range p.Plan.Bundles {
			if b.Software {
				v.fromSoftware(b)
			}
			if !slices.Contains(seen, b.ManifestSHA256) {
				v.noticeOnce(fmt.Sprintf("inputs are said to be of ceremony %s, whose MANIFEST has SHA-256 %s, and were not compared with it: give that bundle with --earlier", b.Ceremony, b.ManifestSHA256))
			}
		}
	}
}

// fromSoftware tells readers of a ceremony on hardware that an earlier one had none: whoever
// could read its files may have the keys.
func (v *Verdict) fromSoftware(b plan.Bundle) {
	if !v.SoftwareTokens {
		v.noticeOnce(fmt.Sprintf("inputs are of ceremony %s, whose keys were in software tokens", b.Ceremony))
	}
}

// sameEarlier compares what a plan says of an earlier bundle with it, and reports whether
// it says anything.
func (v *Verdict) sameEarlier(p planPeriod, dir string, is *plan.EarlierBundle) bool {
	said := plan.Find(p.Plan.Bundles, func(b *plan.Bundle) bool { return b.ManifestSHA256 == is.ManifestSHA256 })
	if said == nil {
		return false
	}
	where := p.folder + "/plan.json"
	if said.Ceremony != is.Ceremony || said.Rehearsal != is.Rehearsal || said.Software != is.Software || said.Abandoned != is.Abandoned {
		v.problem(where, "what it says of the bundle of ceremony %q is not so: see %s", said.Ceremony, dir)
	}
	if !slices.EqualFunc(said.Status, is.Status, func(a, b plan.BundleStatus) bool {
		a.Lost, b.Lost = false, false // in one of the copies of the bundle
		return a == b
	}) {
		v.problem(where, "the CRLs and OCSP responses that it says ceremony %s delivered are not those of %s", said.Ceremony, dir)
	}
	for _, in := range p.Plan.Inputs {
		if in.Bundle == nil || in.Bundle.ManifestSHA256 != is.ManifestSHA256 {
			continue
		}
		if der := is.Objects[in.Bundle.Artifact]; der == nil && !lostThere(is, in) || der != nil && plan.SHA256Hex(der) != in.SHA256 {
			v.problem(where, "input %q is not the artifact %s of %s", in.ID, in.Bundle.Artifact, dir)
		}
	}
	return true
}

// lostThere reports whether a bundle lists an input whose file it has not.
func lostThere(b *plan.EarlierBundle, in plan.Input) bool {
	return slices.ContainsFunc(b.Status, func(s plan.BundleStatus) bool {
		return s.Lost && s.Artifact == in.Bundle.Artifact && s.SHA256 == in.SHA256
	})
}
