// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"maps"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// checkPreflights compares what was looked at before each session with what plan and
// site file ask for: each check, in its order, with its level. What was found is what
// the program saw, and nothing else in the bundle shows that.
func (v *Verdict) checkPreflights() {
	site := v.sites.At(0) // a change leaves the names of the tokens, and what is asked of the host
	if site == nil {
		return // a rehearsal in memory, in which the grammar allows none
	}
	for i, p := range v.History.Preflights {
		want := expectedChecks(site, i == 0, p.Event.Checks)
		if got := checksOf(p.Event.Checks); !slices.Equal(got, want) {
			v.problem(line(p.Seq), "it lists the checks %q, but plan and site file ask for %q", got, want)
		}
		for _, c := range p.Event.Checks {
			v.checkMet(p, c)
			if may := v.mayFind(c, p); may != nil && !slices.Contains(may, c.Found) {
				v.problem(line(p.Seq), "check %s found %q, but by the rest of the record %q", title(c), c.Found, may)
			}
			if level := levelOf(site, c, p.Session); level != c.Level {
				v.problem(line(p.Seq), "check %s has the level %q, want %q", title(c), c.Level, level)
			}
		}
		v.lookedAtTokens(site, i == 0, p)
	}
}

// checkMet compares whether a check is met with what is known.
func (v *Verdict) checkMet(p history.Entry[event.PreflightChecked], c event.PreflightCheck) {
	if none := len(v.plans[0].Plan.Placeholders()) == 0; c.Check == preflight.Placeholders && c.Met != none {
		v.problem(line(p.Seq), "check %s is met: %t, but by the plan: %t", title(c), c.Met, none)
	}
	if c.Check == preflight.Root && c.Met != (c.Found == preflight.RunsAsRoot(false)) {
		v.problem(line(p.Seq), "check %s is met: %t, and found: %s", title(c), c.Met, c.Found)
	}
	if name, of := v.directed(p.Session); c.Check == preflight.Variables && c.Met && name != "" {
		v.problem(line(p.Seq), "check %s found none set, but the process of token %q had %s", title(c), of, name)
	}
}

// directed gives a variable that says where code comes from, which the process of a token
// had in a session, and which the site file does not state: the program had it as well.
func (v *Verdict) directed(session int) (name, tokenName string) {
	for _, u := range v.History.TokensOpened() {
		device, err := v.sites.At(u.Seq).Device(u.Event.Token)
		if err != nil || u.Session != session {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(u.Event.Environment)) {
			if _, stated := device.Environment[name]; !stated && preflight.Directs(name) && u.Event.Environment[name] != "" {
				return name, u.Event.Token
			}
		}
	}
	return "", ""
}

// mayFind says what a check can have found, where the rest of the record shows it; nil
// where nothing else does.
func (v *Verdict) mayFind(c event.PreflightCheck, at history.Entry[event.PreflightChecked]) []string {
	p := v.plans[0]
	switch c.Check {
	case preflight.Plan:
		return []string{preflight.IsPlan(v.History.Opened.PlanSHA256)}
	case preflight.Site:
		return []string{preflight.NamesTokens}
	case preflight.Approvals:
		if p.Plan.Approval == plan.ApprovalNone {
			return []string{preflight.NoApprovals}
		}
		policy, err := v.ReadFile(plan.PolicyPath, plan.MaxInput)
		if err != nil {
			return nil // said where approvals are evaluated
		}
		return []string{preflight.ApprovedBy(plan.SHA256Hex(policy))}
	case preflight.Placeholders:
		if left := p.Plan.Placeholders(); len(left) > 0 {
			return []string{event.Seen(preflight.FirstOf(left))}
		}
		return []string{preflight.NoPlaceholder}
	}
	if c.Check == preflight.Root {
		return v.mayBeRoot(at.Session)
	}
	if c.Token == "" || !c.Met && at.Session > 1 {
		return nil // of the host, or of a token that people gave up
	}
	return v.mayFindOf(v.siteLookedWith(at), c, at.Session)
}

// siteLookedWith is the site file by which the devices were looked at: the one that the
// session then changed to, or the one in force. It is nil where a later session opened no
// token and changed nothing: people may have turned down a change, whose site file is not
// in the bundle.
func (v *Verdict) siteLookedWith(at history.Entry[event.PreflightChecked]) *plan.Site {
	if at.Session == 1 {
		return v.sites.At(0)
	}
	for _, s := range v.History.Sites {
		if s.Number > 0 && s.Session == at.Session {
			return v.sites.At(s.Seq + 1)
		}
	}
	opened := func(u history.Entry[event.TokenOpened]) bool { return u.Session == at.Session }
	if slices.ContainsFunc(v.History.TokensOpened(), opened) {
		return v.sites.At(at.Seq)
	}
	return nil
}

// mayBeRoot is the same for what the beginning of the session says of the host.
func (v *Verdict) mayBeRoot(session int) []string {
	for _, s := range v.History.Sessions {
		if h := s.Event.Host; s.Event.Session == session && h != nil {
			return []string{preflight.RunsAsRoot(h.Root)}
		}
	}
	return nil
}

// mayFindOf is the same for what is seen of a token.
func (v *Verdict) mayFindOf(site *plan.Site, c event.PreflightCheck, session int) []string {
	if site == nil {
		return nil
	}
	device, err := site.Device(c.Token)
	if err != nil {
		return nil // said where the tokens are looked for
	}
	either := func(met, unmet []string) []string {
		if c.Met {
			return met
		}
		return unmet
	}
	switch c.Check {
	case preflight.Token:
		for _, u := range v.History.TokensOpened() {
			if u.Session == session && u.Event.Token == c.Token {
				return []string{event.Seen(token.NameOf(u.Event.Label, u.Event.Serial, u.Event.Model))}
			}
		}
	case preflight.PIN:
		if found := preflight.AsksNone(string(device.Login)); found != "" {
			return []string{found}
		}
		var warns []string
		for _, found := range preflight.PINWarnings() {
			warns = append(warns, preflight.ByTheSite(found, device.AtWorst()))
		}
		return either([]string{preflight.ByTheSite(preflight.NoWrongPIN, device.AtWorst())}, warns)
	case preflight.Login:
		return either([]string{preflight.HasLogin(string(device.Login))}, []string{preflight.HasPad, preflight.NoLogin})
	case preflight.Mechanisms:
		return either([]string{preflight.OffersAll}, []string{preflight.ListsNone})
	}
	return nil
}

// title is the name of a check as the record has it: [preflight.Check.Title] would take spaces
// of the name of a token away, and what is said of such a token is compared with nothing.
func title(c event.PreflightCheck) string {
	if c.Token == "" {
		return c.Check
	}
	return c.Check + " " + c.Token
}

func checksOf(checks []event.PreflightCheck) []string {
	var names []string
	for _, c := range checks {
		names = append(names, title(c))
	}
	return names
}

// expectedChecks names the checks before a session, in their order. A token that was
// not there is looked at no further.
func expectedChecks(site *plan.Site, first bool, made []event.PreflightCheck) []string {
	want := []string{preflight.Clock, preflight.Bundle}
	if first {
		want = []string{preflight.Plan, preflight.Site, preflight.Approvals, preflight.Placeholders, preflight.Bundle, preflight.Clock}
		if site.JournalMirror != "" {
			want = slices.Insert(want, 5, preflight.Mirror)
		}
	}
	want = append(want, preflight.HostChecks()...)
	for _, c := range made {
		if c.Check != preflight.Token {
			continue
		}
		of := []string{preflight.Token}
		if c.Met {
			of = append(of, preflight.PIN, preflight.Login, preflight.Mechanisms, preflight.Labels)
		}
		for _, name := range of {
			want = append(want, title(event.PreflightCheck{Check: name, Token: c.Token}))
		}
	}
	return want
}

// mayWarn are requirements of which a part only warns: room that cannot be asked for,
// a wrong PIN before, a login that may be refused, a module that lists no mechanisms.
var mayWarn = []string{preflight.Bundle, preflight.Mirror, preflight.PIN, preflight.Login, preflight.Mechanisms}

// levelOf gives the level that a check has. From the second session on a device may
// fail: people may give the ceremony up because of that.
func levelOf(site *plan.Site, c event.PreflightCheck, session int) string {
	host := slices.Contains(preflight.HostChecks(), c.Check)
	switch {
	case c.Check == preflight.Clock, host && !site.Requires(c.Check), c.Check == preflight.Placeholders && site.SoftwareToken:
		return event.PreflightWarn
	case !host && !c.Met && (slices.Contains(mayWarn, c.Check) || c.Token != "" && session > 1):
		return event.PreflightWarn
	}
	return event.PreflightRequire
}

// lookedAtTokens checks that each token was looked at once that the first plan names,
// and in every session each that was opened; and none that the site file does not name.
func (v *Verdict) lookedAtTokens(site *plan.Site, first bool, p history.Entry[event.PreflightChecked]) {
	looked := map[string]bool{}
	for _, c := range p.Event.Checks {
		if c.Check != preflight.Token {
			continue
		}
		if _, err := site.Device(c.Token); err != nil || looked[c.Token] {
			v.problem(line(p.Seq), "token %q was looked at twice, or is none of the site file", c.Token)
		}
		looked[c.Token] = true
	}
	for _, name := range v.plans[0].Plan.Tokens() {
		if first && !looked[name] {
			v.problem(line(p.Seq), "token %q of the plan was not looked at", name)
		}
	}
	for _, u := range v.History.TokensOpened() {
		if u.Session == p.Session && !looked[u.Event.Token] {
			v.problem(line(u.Seq), "token %q was opened, but not looked at before session %d", u.Event.Token, p.Session)
		}
	}
}
