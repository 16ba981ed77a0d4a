// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// SiteChange is how a site file differs from the one before, and what that asks for.
type SiteChange struct {
	Needs   string   // the most that one difference needs: one of the constants event.SiteBy*
	Lines   []string // each difference in words, with what it needs
	Moved   []string // tokens that are other devices
	Refused []string // what no approval allows

	alone bool // nobody approves the plan: then the people in the room decide
}

// siteNeeds says what a difference in each part of a token needs, by its key in
// site.json. What is not listed needs an approval; what says which device it is, and the
// template, are looked at more closely.
var siteNeeds = map[string]string{
	"slot": event.SiteByTwo, "deadlines": event.SiteByTwo, "keys": event.SiteByTwo, "shared_token": event.SiteByTwo,
	"login": event.SiteByWitness, "pin_parts": event.SiteByWitness, "user": event.SiteByWitness, "tries": event.SiteByWitness, "then": event.SiteByWitness,
}

// deviceKeys are the keys of site.json that say which device a token is.
var deviceKeys = []string{"module", "module_sha256", "label", "serial", "model", "manufacturer"}

// CompareSites says what a site file changes, and who has to agree. Used gives the device
// that a token was when it was last opened. The folders, the host and whether there are
// software tokens stay as they were when the ceremony began.
func CompareSites(was, is *Site, p *Plan, used func(name string) (event.TokenOpened, bool)) SiteChange {
	c := &SiteChange{Needs: event.SiteByTwo, alone: p.Approval == ApprovalNone}
	if was.SoftwareToken != is.SoftwareToken {
		c.refuse("software-token: is %t, and was %t", is.SoftwareToken, was.SoftwareToken)
	}
	if was.JournalMirror != is.JournalMirror {
		c.refuse("journal-mirror: is %q, and was %q", is.JournalMirror, was.JournalMirror)
	}
	if !maps.Equal(was.Host, is.Host) {
		c.refuse("host: differs")
	}
	for _, now := range is.Tokens {
		before, err := was.Device(now.Name)
		if err != nil {
			c.line(event.SiteByPolicy, "token %s is new: module %s, %s", now.Name, now.Module, token.NameOf(now.Label, now.Serial, now.Model))
			continue
		}
		opened, ever := used(now.Name)
		c.device(before, now, opened, ever)
		c.template(before, now)
		c.others(before, now)
	}
	for _, before := range was.Tokens {
		if _, err := is.Device(before.Name); err != nil {
			c.line(event.SiteByTwo, "token %s is taken out", before.Name)
		}
	}
	return *c
}

func (c *SiteChange) refuse(format string, args ...any) {
	c.Refused = append(c.Refused, fmt.Sprintf(format, args...))
}

// siteOrder is from what needs least to what needs most.
var siteOrder = []string{event.SiteByTwo, event.SiteByWitness, event.SiteByPolicy}

// line notes a difference.
func (c *SiteChange) line(needs, format string, args ...any) {
	asks := needs
	if c.alone && needs == event.SiteByPolicy {
		asks = event.SiteByTwo
	}
	c.Lines = append(c.Lines, fmt.Sprintf(format, args...)+" ("+event.SiteAsks(asks)+")")
	if slices.Index(siteOrder, needs) > slices.Index(siteOrder, c.Needs) {
		c.Needs = needs
	}
}

// device compares which device a token is: the same, but named more closely; a spare that
// the site file before names; or another one.
func (c *SiteChange) device(before, now token.Config, opened event.TokenOpened, ever bool) {
	was, is := before.Device(), now.Device()
	if was == is {
		return
	}
	closer := is
	closer.Serial, closer.Model = was.Serial, was.Model
	other := ever && (is.Serial != opened.Serial || is.Model != "" && is.Model != opened.Model)
	switch {
	case slices.Contains(before.Spares, is):
		c.line(event.SiteByTwo, "token %s is now the spare with %s; it was serial %q", now.Name, token.NameOf("", is.Serial, is.Model), cmp.Or(was.Serial, opened.Serial))
		c.Moved = append(c.Moved, now.Name)
	case closer == was && (was.Serial == "" || was.Serial == is.Serial) && (was.Model == "" || was.Model == is.Model) && !other:
		c.line(event.SiteByTwo, "token %s is named more closely: %s", now.Name, token.NameOf("", is.Serial, is.Model))
	default:
		c.line(event.SiteByPolicy, "token %s is another device or module: %s", now.Name, deviceDifference(was, is))
		if is.Label != was.Label || is.Serial != was.Serial || is.Model != was.Model || other {
			c.Moved = append(c.Moved, now.Name)
		}
	}
}

func deviceDifference(was, is token.Spare) string {
	var all []string
	for i, pair := range [][2]string{{was.Module, is.Module}, {was.ModuleSHA256, is.ModuleSHA256}, {was.Label, is.Label}, {was.Serial, is.Serial}, {was.Model, is.Model}, {was.Manufacturer, is.Manufacturer}} {
		if pair[0] != pair[1] {
			for i := range pair {
				if pair[i] = strconv.Quote(pair[i]); pair[i] == `""` {
					pair[i] = "not named"
				}
			}
			all = append(all, fmt.Sprintf("%s %s, was %s", strings.ReplaceAll(deviceKeys[i], "_", "-"), pair[1], pair[0]))
		}
	}
	return strings.Join(all, "; ")
}

// template compares what new keys are made with.
func (c *SiteChange) template(before, now token.Config) {
	was, is := before.Chosen(), now.Chosen()
	a, _ := CanonicalJSON(before.Own) // from site files that were read
	b, _ := CanonicalJSON(now.Own)
	switch {
	case was.Name == is.Name && string(a) == string(b):
	case is.AsStrictAs(was):
		c.line(event.SiteByWitness, "token %s: template %q, was %q: it allows no more", now.Name, is.Name, was.Name)
	default:
		c.line(event.SiteByPolicy, "token %s: template %q, was %q: it allows more, or nobody knows what", now.Name, is.Name, was.Name)
	}
}

// others compares the rest of a token.
func (c *SiteChange) others(before, now token.Config) {
	was, is := tokenTree(before), tokenTree(now)
	looked := append([]string{"name", "template", "own_template", "spares"}, deviceKeys...)
	all := maps.Clone(was)
	maps.Copy(all, is)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if string(was[key]) == string(is[key]) || slices.Contains(looked, key) {
			continue
		}
		c.line(cmp.Or(siteNeeds[key], event.SiteByPolicy), "token %s: %s: %s, was %s", now.Name, strings.ReplaceAll(key, "_", "-"), shownPart(key, is[key]), shownPart(key, was[key]))
	}
	for _, s := range now.Spares {
		if !slices.Contains(before.Spares, s) {
			c.line(event.SiteByPolicy, "token %s has a new spare: %s, module %s", now.Name, token.NameOf("", s.Serial, s.Model), s.Module)
		}
	}
	for _, s := range before.Spares {
		if !slices.Contains(now.Spares, s) {
			c.line(event.SiteByTwo, "token %s no longer has the spare with serial %q", now.Name, s.Serial)
		}
	}
}

// tokenTree gives a token as site.json has it.
func tokenTree(c token.Config) map[string]json.RawMessage {
	tree := map[string]json.RawMessage{}
	if raw, err := CanonicalJSON(c); err == nil {
		_ = json.Unmarshal(raw, &tree) // it was just made
	}
	return tree
}

// shownPart writes a part of a token for people, with deadlines as the site file has them.
func shownPart(key string, raw json.RawMessage) string {
	if key != "deadlines" || raw == nil {
		return cmp.Or(string(raw), "not stated")
	}
	var seconds map[string]int64
	_ = json.Unmarshal(raw, &seconds) // it was just made
	var all []string
	for _, call := range slices.Sorted(maps.Keys(seconds)) {
		all = append(all, call+": "+inUnits(seconds[call]))
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// inUnits writes seconds as a site file does, in the largest unit that fits.
func inUnits(seconds int64) string {
	switch {
	case seconds%3600 == 0:
		return fmt.Sprintf("%dh", seconds/3600)
	case seconds%60 == 0:
		return fmt.Sprintf("%dmin", seconds/60)
	}
	return fmt.Sprintf("%ds", seconds)
}
