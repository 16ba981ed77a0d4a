// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"testing"
	"time"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// valuedFor is a CRL from a day for some time.
func valuedFor(day string, covers profiles.Scope, s source.Span) maker {
	return func(t *testing.T, w *hierarchy) *made {
		l := crlProfile(t, "crl", 1)
		l.Covers, l.NextUpdate, l.Purpose.Rules = covers, profiles.End{For: s}, []string{PackTLS}
		return revocationList(t, l, w.root, date(day+"T00:00:00Z"))
	}
}

// BR 2.2.6, 4.9.7: more than ten days, or twelve months, beyond thisUpdate. A span ends
// a second before it is over, so that here a second is added.
var listStatements = []statement{
	{"BR 4.9.7", edge{"crl.window", "", "exactly ten days", valuedFor("2026-12-01", profiles.SubscriberCertificates, source.Span{Days: 10, Seconds: 1})}},
	{"BR 4.9.7", edge{"crl.window", "error more than 10 days", "ten days and a second", valuedFor("2026-12-01", profiles.SubscriberCertificates, source.Span{Days: 10, Seconds: 2})}},
	{"BR 4.9.7", edge{"crl.window", "", "exactly twelve months", valuedFor("2026-12-01", profiles.CACertificates, source.Span{Months: 12, Seconds: 1})}},
	{"BR 4.9.7", edge{"crl.window", "notice more than 365 days", "twelve months with a leap day", valuedFor("2027-03-01", profiles.CACertificates, source.Span{Months: 12, Seconds: 1})}},
	{"BR 4.9.7", edge{"crl.window", "error more than 12 months", "twelve months and a second", valuedFor("2026-12-01", profiles.CACertificates, source.Span{Months: 12, Seconds: 2})}},
}

// aboutSubscribers is a response about a subscriber certificate that is valid for some
// time, of which the last second counts.
func aboutSubscribers(d time.Duration) maker {
	return maker(statusOf).but(webOnly, breaking(answered(3, until(0, d-time.Second))), func(_ *testing.T, _ *hierarchy, m *made) {
		m.obj.response().Covers = profiles.SubscriberCertificates
	})
}

var answerStatements = []statement{
	{"BR 4.9.10: inclusive", edge{"ocsp.window", "", "ten days", aboutSubscribers(10 * day)}},
	{"BR 4.9.10: inclusive", edge{"ocsp.window", "error", "ten days and a second", aboutSubscribers(10*day + time.Second)}},
	{"BR 4.9.10: inclusive", edge{"ocsp.window", "", "eight hours", aboutSubscribers(8 * time.Hour)}},
	{"BR 4.9.10: inclusive", edge{"ocsp.window", "error", "a second less than eight hours", aboutSubscribers(8*time.Hour - time.Second)}},
	{"RFC 6960 2.4", edge{"ocsp.order", "error", "revoked after thisUpdate", maker(statusOf).but(breaking(answered(1, revokedAs(time.Second, 4))))}},
	{"RFC 6960 2.4", edge{"ocsp.order", "", "revoked at thisUpdate", maker(statusOf).but(breaking(answered(1, revokedAs(0, 4))))}},
	{"MRSP 3.1, 6", edge{"ocsp.within-signer", "error", "valid beyond the delegate", maker(statusOf).but(breaking(answered(3, until(24, 0))), bindingOn("", PackMozilla))}},
	{"MRSP 3.1, 6", edge{"ocsp.within-signer", "", "valid as long as the delegate", maker(statusOf).but(breaking(answered(3, func(t *testing.T, m *made) []byte {
		return explicit(t, 0, der(t, m.ctx.Responder.NotAfter.Time, "generalized"))
	})), bindingOn("", PackMozilla))}},
}
