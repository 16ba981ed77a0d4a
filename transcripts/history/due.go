// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/transcripts/event"
)

// Due is what somebody has to do because of a signature.
type Due struct {
	What     string // one of the constants Due*
	Of       string // serial number, or SHA-256 of the public key
	Citation string
	Since    time.Time
	Until    time.Time // zero where no document gives a time
	Met      int       // line of the event that did it; 0 where none did
}

// What can be due.
const (
	dueRevoked   = "revoked"   // the serial number is in a CRL of the issuer
	dueDisclosed = "disclosed" // the CA certificate is in the CCADB
	dueDestroyed = "destroyed" // the key is no more
	dueParked    = "parked"    // the key is listed by the SHA-256 of its public key
)

// String says what is due, for people.
func (d Due) String() string {
	s := map[string]string{
		dueRevoked:   "serial number %s in a CRL of its issuer",
		dueDisclosed: "CA certificate with serial number %s disclosed in the CCADB",
		dueDestroyed: "key with SHA-256 of its public key %s destroyed",
		dueParked:    "key parked under SHA-256 of its public key %s",
	}[d.What]
	s = fmt.Sprintf(s, d.Of) + " (" + d.Citation + ")"
	switch {
	case d.Met > 0:
		return fmt.Sprintf("%s: done in line %d", s, d.Met)
	case !d.Until.IsZero():
		return s + ", until " + d.Until.UTC().Format(event.TimeForm)
	}
	return s
}

// disclosure is how long a CA has to disclose a CA certificate that it issued, and
// to revoke one that was not issued as it should be.
const disclosure = 7 * 24 * time.Hour

// The rule packs by which something is due, as profiles name them.
const (
	packTLS     = "cabf-tls"
	packMozilla = "mozilla"
	packCCADB   = "ccadb"
)

// dueOfCertificate is what is due where the signature of a certificate is not
// delivered: it is issued all the same. CCADB Policy 3.2 counts from the issuance of
// a subordinate CA certificate, MRSP 5.3.2 from the creation of any CA certificate,
// also of one that is revoked; BR 4.9.1.2(5) has a subordinate CA certificate revoked
// within seven days that was not issued as the BRs demand. A root is in no CRL.
func (h *History) dueOfCertificate(s *Signature) []Due {
	serial, about := s.Artifact.serial(s.Serial), s.Artifact.about()
	if serial == "" {
		return nil
	}
	var due []Due
	since, has := s.Time(), func(pack string) bool { return slices.Contains(about.Rules, pack) }
	if !about.SelfSigned {
		d := Due{What: dueRevoked, Of: serial, Citation: "house", Since: since, Met: h.revokedIn(serial, s.SPKI())}
		if about.CA && has(packTLS) {
			d.Citation, d.Until = "BR 4.9.1.2", since.Add(disclosure)
		}
		due = append(due, d)
	}
	var cites []string
	if has(packCCADB) && !about.SelfSigned {
		cites = append(cites, "CCADB Policy 3.2")
	}
	if has(packMozilla) {
		cites = append(cites, "MRSP 5.3.2")
	}
	if about.CA && len(cites) > 0 {
		due = append(due, Due{What: dueDisclosed, Of: serial, Citation: strings.Join(cites, ", "), Since: since, Until: since.Add(disclosure)})
	}
	return due
}

// revokedIn gives the line of the first delivered CRL of the ceremony that lists a
// serial number, by the key that signed the certificate; 0 where none does.
func (h *History) revokedIn(serial, spki string) int {
	for _, a := range h.Artifacts {
		listed := a.Kind() == event.KindCRL && a.Withheld() == "" && a.Summary().IsRevoked(serial)
		if listed && a.Signed != nil && a.Signed.SPKI() == spki {
			return a.Files[0].Seq
		}
	}
	return 0
}

// serial is the serial number of a certificate, as it was drawn or as its file has
// it.
func (a *Artifact) serial(drawn *Entry[event.SerialDrawn]) string {
	if a.Kind() == event.KindCertificate {
		return a.Summary().Serial
	}
	if drawn != nil {
		return drawn.Event.Serial
	}
	return ""
}

// about is what lint was last told of the artifact.
func (a *Artifact) about() event.ObjectLinted {
	if len(a.Linted) == 0 {
		return event.ObjectLinted{}
	}
	return a.Linted[len(a.Linted)-1]
}

// due is what becomes of a key that is not used: MRSP 3.1.3 has auditors list the
// keys without a CA certificate by the SHA-256 of their public keys, and BR 5.4.1 has
// their destruction on record.
func (k *Key) due() Due {
	d := Due{What: dueParked, Of: k.SPKISHA256, Citation: "MRSP 3.1.3", Since: k.First.Time, Met: k.ParkedIn}
	if k.Destroyed > 0 {
		d.What, d.Citation, d.Met = dueDestroyed, "BR 5.4.1", k.Destroyed
	}
	return d
}
