// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"cmp"
	"slices"
)

// purpose is what the certificates of a hierarchy are for, and what follows from that.
type purpose struct {
	word  string
	what  string // for people who choose
	title string // in default names
	root  string // built-in profile of the root
	kinds []string
	status
	public  bool   // root programs trust it; names have a country
	rootFor string // how long the certificate of the root is valid
	casFor  string // the same of its CAs, where their kind does not say so
	why     string
}

// status is what a root publishes: built-in profiles, and the key of its responder.
type status struct{ crl, responder, response, responderKey string }

// Roots of one kind publish the same.
var (
	privateStatus = status{"private-ca-crl", "private-ocsp-responder", "private-ocsp-response", "ecdsa-p256"}
	tlsStatus     = status{"ca-crl", "ocsp-responder", "ocsp-response", "ecdsa-p256"}
	mailStatus    = status{"smime-ca-crl", "smime-ocsp-responder", "smime-ocsp-response", "ecdsa-p256"}
	codeStatus    = status{"code-signing-ca-crl", "code-signing-ocsp-responder", "code-signing-ocsp-response", "rsa-3072"}
)

// purposes are in the order in which people are asked.
var purposes = []purpose{
	{
		word: "private", what: "servers, devices and people of one organization", title: "Private", root: "private-root", kinds: []string{"private", "client"},
		status:  privateStatus,
		rootFor: "20y", why: "nobody outside relies on it, so RFC 5280 alone is checked",
	},
	{
		word: "tls", what: "web servers that browsers trust", title: "TLS", root: "br-root", kinds: []string{"tls", "tls-constrained"},
		status: tlsStatus,
		public: true, rootFor: "9y6mo", why: "the TLS Baseline Requirements and the root programs are checked",
	},
	{
		word: "smime", what: "mail that mail programs trust (S/MIME)", title: "S/MIME", root: "smime-root", kinds: []string{"smime"},
		status: mailStatus,
		public: true, rootFor: "9y6mo", why: "the S/MIME Baseline Requirements and the root programs are checked",
	},
	{
		word: "code-signing", what: "code that Windows trusts", title: "Code Signing", root: "code-signing-root", kinds: []string{"code-signing", "time-stamping"},
		status: codeStatus,
		public: true, rootFor: "9y6mo", why: "the Code Signing Baseline Requirements and Microsoft's program are checked",
	},
	{
		word: "time-stamping", what: "time-stamps on signatures (RFC 3161)", title: "Time-Stamping", root: "time-stamping-root", kinds: []string{"time-stamping"},
		status: codeStatus,
		public: true, rootFor: "9y6mo", why: "the Code Signing Baseline Requirements, which cover time-stamps, and Microsoft's program are checked",
	},
	{
		word: "client", what: "clients that log in with a certificate", title: "Client", root: "private-root", kinds: []string{"client", "private"},
		status:  privateStatus,
		rootFor: "20y", why: "public roots certify no such CA any more (Chrome 1.3.2), so the root is a private one, and RFC 5280 alone is checked",
	},
	{
		word: "lab", what: "a trial, as short as it can be", title: "Lab", root: "private-root", kinds: []string{"private", "client"},
		status:  privateStatus,
		rootFor: "2y", casFor: "1y", why: "nobody relies on it, so RFC 5280 alone is checked, and all of it ends in two years",
	},
}

// kind is a kind of issuing CA.
type kind struct {
	word    string
	what    string // for people who choose
	title   string // in default names
	profile string // built-in profile
	lasts   string
}

var kinds = []kind{
	{"private", "for servers and clients", "Issuing", "private-issuing-ca", "10y"},
	{"client", "for clients alone", "Client", "client-issuing-ca", "10y"},
	{"tls", "for web servers of anybody", "TLS", "tls-issuing-ca", "3y"},
	{"tls-constrained", "for web servers of one organization, technically constrained", "TLS", "tls-constrained-ca", "3y"},
	{"smime", "for mail", "S/MIME", "smime-issuing-ca", "5y"},
	{"code-signing", "for those who sign code", "Code Signing", "code-signing-issuing-ca", "5y"},
	{"time-stamping", "for time-stamping authorities", "Time-Stamping", "time-stamping-issuing-ca", "5y"},
}

// Purposes are the words for purposes.
func Purposes() (out []string) {
	for _, p := range purposes {
		out = append(out, p.word)
	}
	return out
}

// purpose gives what the answers chose; the first before anything is chosen.
func (a *Answers) purpose() purpose {
	if i := slices.IndexFunc(purposes, func(p purpose) bool { return p.word == a.Purpose }); i >= 0 {
		return purposes[i]
	}
	return purposes[0]
}

func kindOf(word string) kind {
	return kinds[slices.IndexFunc(kinds, func(k kind) bool { return k.word == word })]
}

// lasts is how long the certificate of a CA of a kind is valid.
func (a *Answers) lasts(k kind) string { return cmp.Or(a.purpose().casFor, k.lasts) }
