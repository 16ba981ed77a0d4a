// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/inspect"
)

// revoke sets the entries of a CRL that revokes one certificate; the serial
// number is that of the certificate.
func revoke(build func(t *testing.T, m *made, serial *big.Int) [][]byte) breaker {
	return func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte {
			p[listEntries] = seq(t, build(t, m, m.crl.Entries[0].Serial)...)
			return p
		})
	}
}

// entry sets the one entry: its date and extensions.
func entry(d time.Duration, extensions ...func(t *testing.T) []byte) breaker {
	return revoke(func(t *testing.T, m *made, serial *big.Int) [][]byte {
		var list [][]byte
		for _, x := range extensions {
			list = append(list, x(t))
		}
		return [][]byte{rawEntry(t, serial, m.ctx.Signing.Add(d), list...)}
	})
}

// reason makes a reasonCode of an ENUMERATED.
func reason(code int) func(*testing.T) []byte {
	return func(t *testing.T) []byte { return rawReason(t, asn1.TagEnum, code) }
}

// raw makes an entry extension.
func raw(oid asn1.ObjectIdentifier, crit []byte, value ...byte) func(*testing.T) []byte {
	return func(t *testing.T) []byte {
		return seq(t, der(t, oid, ""), crit, tlv(t, 0, asn1.TagOctetString, false, value))
	}
}

// invalidity makes an invalidityDate, some time from the signing.
func invalidity(d time.Duration) func(*testing.T) []byte {
	return func(t *testing.T) []byte {
		return raw(inspect.OIDInvalidityDate, nil, der(t, date("2027-06-01T09:00:00Z").Add(d), "generalized")...)(t)
	}
}

// entryFaults break the one entry of a CRL for CA certificates.
var entryFaults = []broken{
	{"no reason", Error, "crl.entry-reason", entry(0)},
	{"reason unspecified", Error, "crl.entry-reason", entry(0, reason(0))},
	{"reason certificateHold", Error, "crl.entry-reason", entry(0, reason(6))},
	{"reason 7, which is not used", Error, "crl.entry-reason object.parse", entry(0, reason(7))},
	{"reason removeFromCRL", Error, "crl.entry-belongs", entry(0, reason(8))},
	{"reason aACompromise", Error, "crl.entry-reason", entry(0, reason(10))},
	{"reason 11, which does not exist", Error, "crl.entry-reason object.parse", entry(0, reason(11))},
	{"reason cACompromise", Warning, "crl.entry-reason", entry(0, reason(2))},
	{"a reason that is an INTEGER", Error, "crl.entry-reason object.parse", entry(0, func(t *testing.T) []byte { return rawReason(t, asn1.TagInteger, 4) })},
	{"a critical reason", Error, "crl.entry-reason", entry(0, raw(inspect.OIDReasonCode, critical, 10, 1, 4))},
	{"the reason twice", Error, "cert.extension-unique object.parse", entry(0, reason(4), reason(4))},
	{"an encoded FALSE at the reason", Error, "cert.der", entry(0, raw(inspect.OIDReasonCode, []byte{1, 1, 0}, 10, 1, 4))},
	{"an empty reason", Error, "crl.entry-reason cert.der object.parse", entry(0, raw(inspect.OIDReasonCode, nil, 10, 0))},
	{"revoked after thisUpdate", Error, "crl.entry-dates", entry(time.Second, reason(4))},
	{"revoked before it was valid", Error, "crl.entry-dates", entry(-1000*day, reason(4))},
	{"a revocation date as GeneralizedTime", Error, "crl.der", revoke(func(t *testing.T, m *made, serial *big.Int) [][]byte {
		return [][]byte{seq(t, der(t, serial, ""), der(t, m.ctx.Signing, "generalized"), seq(t, reason(4)(t)))}
	})},
	{"a revocation date without seconds", Error, "object.parse cert.der", revoke(func(t *testing.T, _ *made, serial *big.Int) [][]byte {
		return [][]byte{seq(t, der(t, serial, ""), tlv(t, 0, asn1.TagUTCTime, false, []byte("2706010900Z")), seq(t, reason(4)(t)))}
	})},
	{"a certificateIssuer", Error, "crl.entry-belongs", entry(0, reason(4), raw(inspect.OIDCertificateIssuer, critical, 0x30, 2, 0xa4, 0))},
	{"a critical entry extension of nobody", Error, "crl.entry-ext", entry(0, reason(4), raw(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, 5, 0))},
	{"an entry extension of nobody", Warning, "crl.entry-ext", entry(0, reason(4), raw(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, 5, 0))},
	{"a hold instruction", Warning, "crl.entry-ext", entry(0, reason(4), raw(asn1.ObjectIdentifier{2, 5, 29, 23}, nil, 6, 2, 0x2a, 3))},
	{"an invalidityDate", Warning, "crl.entry-ext", entry(0, reason(4), invalidity(0))},
	{"one serial number twice", Error, "crl.entry-unique", revoke(func(t *testing.T, m *made, serial *big.Int) [][]byte {
		e := rawEntry(t, serial, m.ctx.Signing, reason(4)(t))
		return [][]byte{e, e}
	})},
	{"a serial number that nobody knows", Error, "crl.entry-known", revoke(func(t *testing.T, m *made, serial *big.Int) [][]byte {
		return [][]byte{rawEntry(t, new(big.Int).Add(serial, big.NewInt(1)), m.ctx.Signing, reason(4)(t))}
	})},
	{"the CA itself", Error, "crl.entry-known", revoke(func(t *testing.T, m *made, serial *big.Int) [][]byte {
		return [][]byte{rawEntry(t, serial, m.ctx.Signing, reason(4)(t)), rawEntry(t, m.by.cert.Serial, m.ctx.Signing, reason(4)(t))}
	})},
	{"a certificate of another CA", Error, "crl.entry-known", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Revoked = map[string]*inspect.Certificate{}
		for serial, c := range m.ctx.Revoked {
			stranger := &made{key: key(t, "ecdsa-p384", "stranger")}
			forged, err := assemble(c.RawTBS, c.OuterAlgorithm, signBytes(t, stranger.key, "ecdsa-sha384", c.RawTBS))
			if err != nil {
				t.Fatal(err)
			}
			if out.ctx.Revoked[serial], err = inspect.ParseCertificate(forged); err != nil {
				t.Fatal(err)
			}
		}
		return &out
	}},
}

// laterFaults break what the next CRL owes to this one.
var laterFaults = []broken{
	{"an entry is gone", Error, "crl.continuity", after(func(p [][]byte) [][]byte { return slices.Delete(p, listEntries, listEntries+1) })},
	{"another reason", Error, "crl.continuity", after(func(p [][]byte) [][]byte {
		p[listEntries] = slices.Clone(p[listEntries])
		p[listEntries][len(p[listEntries])-1] = 1
		return p
	})},
	{"another date", Error, "crl.continuity", after(func(p [][]byte) [][]byte {
		i := slices.Index(p[listEntries], asn1.TagUTCTime)
		p[listEntries] = slices.Clone(p[listEntries])
		p[listEntries][i+3]-- // the year
		return p
	})},
	{"a number that goes back", Error, "crl.number", fixed(inspect.OIDCRLNumber, 2, 1, 1)},
	{"the number of the CRL before", Error, "crl.number", fixed(inspect.OIDCRLNumber, 2, 1, 2)},
	{"a previous CRL of another CA", Error, "crl.continuity", followed(part(listIssuer, func(_ *testing.T, _ *made, b []byte) []byte {
		out := slices.Clone(b)
		out[len(out)-1] ^= 1
		return out
	}))},
	{"a previous CRL under another key", Error, "crl.continuity", followed(func(t *testing.T, m *made) *made {
		return resign(t, m, &made{key: key(t, "ecdsa-p384", "stranger")}, m.tbs)
	})},
	{"thisUpdate before the previous CRL", Error, "crl.this-update", followed(updates(moment("utc", time.Hour), nil))},
	{"a time without a CRL", Warning, "crl.gap", followed(updates(moment("utc", -9*day), moment("utc", -time.Hour)))},
	{"called the first, and there is one before", Error, "crl.first", func(_ *testing.T, m *made) *made {
		out := *m
		out.ctx.First = true
		return &out
	}},
}

// after changes a CRL that follows another.
func after(change func(p [][]byte) [][]byte) breaker {
	return func(t *testing.T, m *made) *made { return redo(t, m, change) }
}

// followed puts a CRL after a broken one, which is like it with a lower number.
func followed(previous breaker) breaker {
	return func(t *testing.T, m *made) *made {
		out := *m
		var err error
		if out.ctx.Previous, err = inspect.ParseRevocationList(previous(t, fixed(inspect.OIDCRLNumber, 2, 1, 2)(t, m)).der); err != nil {
			t.Fatal(err)
		}
		return &out
	}
}
