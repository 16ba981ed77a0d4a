// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// What rules need and objects lack can be said: what a root is for, when programs
// included it, which certificate a cross-certificate repeats, and when it was signed.
// Each changes the verdict, as its document has it.
func TestFactsChangeVerdicts(t *testing.T) {
	rootKey, subKey := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := parsed(t, issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil))
	below := func(subject []byte, purposes ...string) []byte {
		return issue(t, "tls-issuing-ca", "FAKE CA", subKey, rootKey, root, func(c *profiles.Certificate) {
			var list ext.ExtKeyUsage
			for _, p := range purposes {
				list = append(list, ext.Purpose{OID: profiles.OID(p)})
			}
			c.Extensions = slices.Clone(c.Extensions)
			c.Extensions[4].Value = list
			if subject != nil {
				c.Subject = profiles.Name{DER: subject}
			}
		})
	}
	existing := parsed(t, issue(t, "br-root", "FAKE Other", subKey, subKey, nil, nil))
	both := below(existing.RawSubject, purposeServer, purposeEmail)
	clients := below(nil, purposeServer, "1.3.6.1.5.5.7.3.2")
	mixed := below(nil, purposeEmail, purposeCode)
	mozilla, chrome, code := []string{lint.PackMozilla}, []string{lint.PackChrome}, []profiles.RootScope{profiles.ScopeCode}
	anyone := issue(t, "tls-issuing-ca", "FAKE CA", subKey, rootKey, root, func(c *profiles.Certificate) {
		c.Extensions = slices.Clone(c.Extensions)
		i := slices.IndexFunc(c.Extensions, func(e profiles.Extension) bool { return e.Name == ext.NamePolicies })
		c.Extensions[i].Value = ext.Policies{{OID: "2.5.29.32.0"}}
	})
	yes, no, tls := true, false, []profiles.RootScope{profiles.ScopeTLS}
	issuers := []*inspect.Certificate{root}
	for _, c := range []struct {
		clause     string
		opts       Options
		der        []byte
		rule, want string
	}{
		{"BR 7.1.2.1.1 binds roots for TLS", Options{Scope: []profiles.RootScope{profiles.ScopeSMIME}}, rootOf(t, 30), "root.validity", ""},
		{"MTRP 3.1.20", Options{Scope: code}, rootOf(t, 9), "key.size-program", format.Error},
		{"MTRP 3.1.20", Options{Scope: []profiles.RootScope{profiles.ScopePrivate}}, rootOf(t, 9), "key.size-program", ""},
		{"MRSP 7.5.2", Options{Rules: []string{lint.PackMozilla, lint.PackSMIME}, Included: profiles.IncludedNew}, mixed, "prog.mozilla-dedicated", format.Error},
		{"MRSP 7.5.2, added before", Options{Rules: []string{lint.PackMozilla, lint.PackSMIME}, Included: "2019-05-01"}, mixed, "prog.mozilla-dedicated", ""},
		{"MRSP 5.3, without the existing certificate", Options{Kind: "cross-ca", Rules: mozilla, Issuers: issuers}, both, "prog.mozilla-eku", ""},
		{"MRSP 5.3, a key of a root", Options{Kind: "cross-ca", Rules: mozilla, Issuers: issuers, Existing: existing}, both, "prog.mozilla-eku", ""},
		{"MRSP 5.3, a key of no root", Options{Kind: "cross-ca", Rules: mozilla, Issuers: issuers, Existing: parsed(t, clients)}, both, "prog.mozilla-eku", format.Error},
		{"BR 7.1.2.4, precertificates are of TLS", Options{Scope: []profiles.RootScope{profiles.ScopeTLS}, Issuers: issuers}, below(nil, "1.3.6.1.4.1.11129.2.4.4"), "sub.policies", ""},
		{"BR 7.1.2.10.5, of nobody knows whom", Options{Scope: tls, Issuers: issuers}, anyone, "sub.policies", format.Warning},
		{"BR 7.1.2.10.5, of an Affiliate", Options{Scope: tls, Issuers: issuers, Affiliate: &yes}, anyone, "sub.policies", ""},
		{"BR 7.1.2.10.5, of another", Options{Scope: tls, Issuers: issuers, Affiliate: &no}, anyone, "sub.policies", format.Error},
		{"CRP 1.3.2, before", Options{Rules: chrome, At: time.Date(2026, 6, 14, 0, 0, 0, 0, time.UTC)}, clients, "prog.chrome-eku", ""},
		{"CRP 1.3.2", Options{Rules: chrome, At: time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)}, clients, "prog.chrome-eku", format.Error},
	} {
		if got := verdict(t, c.opts, c.der, c.rule); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.clause, c.rule, got, c.want)
		}
	}
}
