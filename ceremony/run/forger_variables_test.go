// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/preflight"
	"rootceremony/transcripts/event"
)

// TestVariablesTold guards an auditor against a host on which modules took code from
// elsewhere: the preflight warns of it, and cannot have found nothing where the process of
// a token had such a variable.
func TestVariablesTold(t *testing.T) {
	p := quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))
	g := unapprovedRun(t, p)
	had := func(name string) func(e *event.TokenOpened) {
		return func(e *event.TokenOpened) { e.Environment = map[string]string{name: "/tmp/lib"} }
	}
	for name, c := range map[string]struct {
		variable string
		told     bool
		says     string
	}{
		"none":                     {"SOFTHSM2_CONF", false, ""},
		"one, and nobody warns":    {"LD_LIBRARY_PATH", false, `check variables found none set, but the process of token "root" had LD_LIBRARY_PATH`},
		"one, and people are told": {"LD_LIBRARY_PATH", true, ""},
	} {
		dir := g.copied(t)
		g.forge(t, dir, func(r []event.Record) []event.Record {
			r = eachEvent(had(c.variable))(r)
			return eachEvent(func(e *event.PreflightChecked) {
				at := slices.IndexFunc(e.Checks, func(c event.PreflightCheck) bool { return c.Check == preflight.Variables })
				if e.Checks = slices.Clone(e.Checks); c.told {
					e.Checks[at].Met, e.Checks[at].Found = false, "variables that say where code comes from: LD_LIBRARY_PATH"
				}
			})(r)
		})
		v, problems := verified(t, dir, verify.Options{})
		if !strings.Contains(problems, c.says) || (problems == "") != (c.says == "") {
			t.Errorf("%s: want %q in %q", name, c.says, problems)
		}
		if told := strings.Contains(strings.Join(v.Notices, "\n"), "variables: variables that say where code comes from"); told != c.told {
			t.Errorf("%s: a notice is there: %t", name, told)
		}
	}
}
