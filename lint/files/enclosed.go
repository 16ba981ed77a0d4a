// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint/format"
)

// enclosed lints the certificates that an OCSP response carries: clients that trust it use
// them, and they are in no other file of the run. One that is, or that was named as an
// issuer, is not told of twice.
func (l *Linter) enclosed(o *object, in *pool) (r result) {
	if o.err != nil || o.resp() == nil {
		return r
	}
	own := l.ofEnclosed()
	for i, der := range o.resp().Certificates {
		if in.holds(der) {
			continue
		}
		c := &object{file: o.file, name: fmt.Sprintf("%s, certificate %d in it", o.name, i+1), n: o.n, of: o.of, line: o.line, der: der, what: inspect.KindCertificate, in: o}
		c.parse()
		own.opts.Kind, c.part = "", fmt.Sprintf("certificate %d", i+1)
		if signs := c.err == nil && i == 0 && !sameCA(c.cert(), in.certOfIssuer(o)); signs { // see [responderOf]
			own.opts.Kind, c.part = "ocsp-responder", "responder certificate"
		}
		t, why := own.object(c, in)
		if why != nil {
			r.skipped = append(r.skipped, format.Skipped{Name: c.name, Why: why.Error()})
			continue
		}
		r.targets = append(r.targets, t)
	}
	return r
}

// ofEnclosed is the linter for what an object encloses: the profile, the kind and the time
// of signing that were given are those of the object.
func (l *Linter) ofEnclosed() *Linter {
	own := *l
	if p := l.opts.Profile; p != nil && len(l.opts.Rules) == 0 {
		own.opts.Rules = p.Head().Purpose.Rules
	}
	own.opts.Profile, own.opts.Kind, own.opts.Signed = nil, "", time.Time{}
	return &own
}

// holds reports whether a certificate was given.
func (p *pool) holds(der []byte) bool {
	return slices.ContainsFunc(slices.Concat(p.issuers, p.certs), func(c pooled) bool { return bytes.Equal(c.cert.Raw, der) })
}
