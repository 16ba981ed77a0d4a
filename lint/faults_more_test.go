// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// codeCRL is the CRL of a code signing CA, with one entry carried over.
func codeCRL(t *testing.T, w *hierarchy) *made {
	m := revokingLater(t, w)
	l := *m.obj.revocationList()
	l.Purpose.Rules = []string{PackTLS, PackCodeSigning}
	m.obj.Declared = &l
	return m
}

// at2027 is when the one certificate was revoked.
const at2027 = "2027-06-01T09:00:00Z"

// carried sets the one entry, revoked when it was, with extensions.
func carried(extensions ...func(t *testing.T) []byte) breaker {
	return func(t *testing.T, m *made) *made { return entry(date(at2027).Sub(m.ctx.Signing), extensions...)(t, m) }
}

// codeFaults break what the code signing BRs ask of a CRL.
var codeFaults = []broken{
	{"an invalidityDate that is not the revocationDate", Error, "crl.entry-ext", carried(reason(4), invalidity(-time.Hour))},
	{"a hold instruction", Warning, "crl.entry-ext", carried(reason(4), raw([]int{2, 5, 29, 23}, nil, 6, 2, 0x2a, 3))},
	{"no reason", Error, "crl.entry-reason", carried()},
	{"an entry gone within ten years of the expiry", Error, "crl.continuity", func(t *testing.T, m *made) *made {
		late := revocationList(t, m.obj.revocationList(), m.by, date("2031-12-01T09:00:00Z"))
		out := *redo(t, late, func(p [][]byte) [][]byte { return slices.Delete(p, listEntries, listEntries+1) })
		out.ctx = m.ctx
		out.ctx.Signing = date("2031-12-01T09:00:00Z")
		var err error
		if out.ctx.Previous, err = inspect.ParseRevocationList(fixed(inspect.OIDCRLNumber, 2, 1, 2)(t, late).der); err != nil {
			t.Fatal(err)
		}
		return &out
	}},
	{"a second more than twelve months", Error, "crl.window", updates(nil, months(12, time.Second))},
}

// revokedResponse is the response about a certificate that the CRL lists.
func revokedResponse(t *testing.T, w *hierarchy) *made {
	later := date(at2027)
	r := responseProfile(t, w.e1)
	revoked(r, later, profiles.Superseded)
	r.NextUpdate = profiles.End{Time: profiles.FixedMoment(date("2027-11-01T00:00:00Z"))}
	revoking := *w.revoking
	revoking.crl = latest(t, w)
	return responseAt(t, r, w, later, &revoking)
}

// responseAt builds and signs a response at some moment.
func responseAt(t *testing.T, r *profiles.Response, w *hierarchy, at time.Time, crl *made) *made {
	t.Helper()
	r.ThisUpdate = profiles.FixedMoment(at)
	m := response(t, r, w.root, w.delegate, w.e1, crl)
	m.ctx.Signing = at
	return part(1, func(t *testing.T, _ *made, _ []byte) []byte { return der(t, at, "generalized") })(t, m)
}

// latest reads the CRL that revokes.
func latest(t *testing.T, w *hierarchy) *inspect.RevocationList {
	l, err := inspect.ParseRevocationList(w.revoking.der)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// revokedFaults break a response that has to agree with a CRL.
var revokedFaults = []broken{
	{"good, and the CRL has it revoked", Error, "ocsp.crl", answered(1, literal(0x80, 0))},
	{"unknown, and the CRL has it revoked", Error, "ocsp.crl ocsp.status", answered(1, literal(0x82, 0))},
	{"another date than the CRL", Error, "ocsp.crl", answered(1, revokedAs(-time.Hour, 4))},
	{"another reason than the CRL", Error, "ocsp.crl", answered(1, revokedAs(0, 1))},
	{"no reason, and the CRL has one", Error, "ocsp.crl ocsp.reason", answered(1, revokedAs(0))},
}

// programFaults break what root programs ask of keys and roots; each is an
// object of its own, because a root signs with the key it certifies.
var programFaults = []broken{
	{"P-256 in a new root for Apple", Error, "key.size-apple", func(t *testing.T, m *made) *made {
		c := *m.obj.certificate()
		c.Signature = algorithm.ECDSASHA256
		return certificate(t, &c, key(t, algorithm.ECDSAP256, "small"), nil)
	}},
	{"RSA of 2048 bits in a new root for Apple", Error, "key.size-apple", func(t *testing.T, m *made) *made {
		c := *m.obj.certificate()
		c.Signature = algorithm.SHA384RSA
		return certificate(t, &c, key(t, algorithm.RSA2048, "q"), nil)
	}},
	{"EC for code signing under Microsoft", Warning, "key.size-program", func(t *testing.T, m *made) *made {
		c := aimed(codeProfile(t), profiles.CodeSigning, PackCodeSigning, PackMicrosoft)
		return certificate(t, c, key(t, algorithm.ECDSAP384, "code"), m)
	}},
	{"ten years and a second under Microsoft", Warning, "prog.ms-root-validity", func(t *testing.T, m *made) *made {
		return rootUntil(t, m, "2036-12-01T00:00:00Z")
	}},
	{"a root that answers OCSP without digitalSignature", Error, "cert.ocsp-intent", func(t *testing.T, m *made) *made {
		c := *m.obj.certificate()
		c.Purpose.OCSP = ocspDirect
		return certificate(t, &c, key(t, algorithm.ECDSAP384, "root"), nil)
	}},
	{"a key shared between purposes", Error, "set.spki-purpose", func(t *testing.T, m *made) *made {
		web := certificate(t, issuingProfile(t, "web", "E1"), key(t, algorithm.ECDSAP384, "shared"), m)
		mail := certificate(t, purposed(issuingProfile(t, "mail", "E1"), purposeEmail), key(t, algorithm.ECDSAP384, "shared"), m)
		return withTwin(web, mail)
	}},
	{"one name for two CAs of an issuer", Warning, "set.subject-unique", func(t *testing.T, m *made) *made {
		one := certificate(t, issuingProfile(t, "one", "E1"), key(t, algorithm.ECDSAP384, "one"), m)
		two := certificate(t, issuingProfile(t, "two", "E1"), key(t, algorithm.ECDSAP384, "two"), m)
		return withTwin(one, two)
	}},
	{"wider constraints than the issuer's", Warning, "chain.nc-nested", func(t *testing.T, m *made) *made {
		c := certificate(t, constrainedProfile(t), key(t, algorithm.ECDSAP384, "nc"), m)
		c.ctx.Issuer = extend(t, m, nil, inspect.OIDNameConstraints, critical, trees([][]byte{short(2, []byte("example.org")...)}, nil)(t, m)).cert
		return c
	}},
}
