// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
)

// needed lists the tokens that have to be opened for what is left: an amendment may name
// more tokens, and fewer.
func (st *state) needed() []string {
	next := st.next().Tokens()
	names := slices.DeleteFunc(st.Plan.Tokens(), func(name string) bool { return !slices.Contains(next, name) && !st.used(name) })
	for _, name := range next {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// fits refuses a device that cannot be used for what the plan needs of it: the plan that
// people amend it to, where they do.
func (st *state) fits(name string, info token.Info) error {
	if info.Software && st.o.Site != nil && !st.o.Site.SoftwareToken {
		return st.unfit(fmt.Sprintf("token %q is a software token (%s)", name, info.Model), "for a trial, set software-token: true in the site file")
	}
	for _, k := range st.next().Keys {
		if k.Token != name {
			continue
		}
		generate := k.Source == plan.KeyGenerated && !st.made(&k) || st.Rehearsal
		if lacks := info.Unoffered(k.Algorithm, generate); lacks != "" {
			return st.unfit(fmt.Sprintf("token %q does not offer %s, which key %q (%s) needs", name, lacks, k.ID, k.Algorithm),
				"name another device in the site file, or another algorithm in the ceremony file")
		}
	}
	if info.ModulePath != "" && !info.Has(token.FlagRandom) && st.draws(name) {
		return st.unfit(fmt.Sprintf("token %q has no random number generator (CKF_RNG), and serial numbers are drawn from it", name), "name another device in the site file")
	}
	return nil
}

// draws reports whether a serial number is still to be drawn from a token.
func (st *state) draws(name string) bool {
	p := st.next()
	return slices.ContainsFunc(p.Artifacts, func(a plan.Artifact) bool {
		k := p.Key(a.IssuerKey.ID())
		return a.Certificate() != nil && k != nil && k.Token == name && st.replay.Signed(a.ID) == nil
	})
}

// unfit refuses a device where only another site file or plan helps.
func (st *state) unfit(reason, change string) error {
	return st.before(deviceUnfit).about(change).refuse(reason)
}

// toMake gives the keys that are still to be made on a token.
func (st *state) toMake(name string) []plan.Key {
	return slices.DeleteFunc(slices.Clone(st.next().Keys), func(k plan.Key) bool {
		return k.Token != name || k.Source != plan.KeyGenerated && !st.Rehearsal || st.made(&k)
	})
}

// free refuses objects with the label of a key that is still to be made.
func (st *state) free(name string, objects token.Census) error {
	for _, k := range st.toMake(name) {
		for _, o := range objects {
			if o.Label == st.label(&k) {
				return fmt.Errorf("token %q already holds a %s with label %q: %w; no key was generated; use an empty token, or rename the key in the ceremony file",
					name, o.Class, o.Label, token.ErrKeyExists)
			}
		}
	}
	return nil
}
