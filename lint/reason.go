// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// Values of reasonCode that rules tell apart (RFC 5280 5.3.1), and two that it has not:
// there is none, or none that can be read.
const (
	reasonUnspecified   = 0
	reasonKeyCompromise = 1
	reasonHold          = 6
	reasonNone          = -1
	reasonUnreadable    = -2
)

// oidHoldInstruction says what to do about a certificate on hold (RFC 3280 5.3.2).
var oidHoldInstruction = asn1.ObjectIdentifier{2, 5, 29, 23}

// reasonCode gives the reason of an entry.
func reasonCode(e *inspect.RevokedEntry) int {
	switch _, count := e.Extension(inspect.OIDReasonCode); {
	case count == 0:
		return reasonNone
	case count > 1 || e.Reason == nil || !e.ReasonEnumerated() || !inspect.ReasonNamed(*e.Reason):
		return reasonUnreadable
	}
	return *e.Reason
}

// Gravity orders the values of reasonCode by what is lost with them: a hold can be released,
// and a compromise says that signatures from before the revocation may be of others, too.
// One that there is not, or that nobody can read, is as unspecified.
func Gravity(code int) int {
	switch code {
	case 1, 2, 10: // keyCompromise, cACompromise, aACompromise
		return 3
	case 3, 4, 5, 9:
		return 2
	case reasonHold:
		return 0
	}
	return 1
}

// reasonText names the reason of an entry.
func reasonText(e *inspect.RevokedEntry) string {
	if e.Reason == nil {
		return "no reason"
	}
	return inspect.ReasonName(*e.Reason)
}

// noHold says where certificates may be on hold.
const noHold = "certificateHold is for private CAs, and for subscriber certificates of the Legacy and Multipurpose generations of S/MIME (SBR 7.2.2)"

// mayHold reports whether entries of a CRL may be on hold at all. BR 4.9.13 and CSBR
// 4.9.13 forbid it, SBR 7.2.2 for certificates of CAs.
func (t *target) mayHold() bool {
	switch {
	case t.pack(PackTLS, PackCodeSigning):
		return false
	case t.pack(PackSMIME):
		return t.obj.revocationList().Covers == profiles.SubscriberCertificates
	}
	return true
}

// checkHold checks an entry that is or was on hold. SBR 7.2.2 asks for the policies of the certificate.
func (t *target) checkHold(field profiles.Field, e *inspect.RevokedEntry) []problem {
	c := t.ctx.Revoked[hexSerial(e.Serial)]
	switch {
	case !t.mayHold():
		return fault(field, "serial %x is on hold: %s", e.Serial, noHold)
	case !t.pack(PackSMIME):
		return nil
	case c == nil:
		return lacksContext(field, NeedRevoked)
	}
	if list, _ := policies(c.Extensions); !holdable(list) {
		return fault(field, "serial %x is on hold, and its certificate has no policy of the Legacy or Multipurpose generation, or one of the Strict generation (SBR 7.2.2)", e.Serial)
	}
	return nil
}

// holdable reports whether a certificate with these policies may be on hold: Legacy (1)
// and Multipurpose (2), not Strict (3), of each validation type (SBR 7.1.6.1).
func holdable(policies []string) bool {
	may := false
	for _, p := range policies {
		rest, mail := strings.CutPrefix(p, policyEmail)
		switch _, generation, _ := strings.Cut(rest, "."); {
		case mail && generation == "3":
			return false
		case mail && (generation == "1" || generation == "2"):
			may = true
		}
	}
	return may
}
