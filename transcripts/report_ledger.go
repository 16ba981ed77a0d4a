// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// signatureView is one entry of the ledger.
type signatureView struct {
	Operation, Line      int
	Time, What, Step     string
	Key, SPKI, TBSSHA256 string
	Standing             string
	Owner, Lacks         string
	Due                  []dueView
}

// dueView is what somebody has to do because of a signature.
type dueView struct {
	Text string
	Met  bool
}

// signatures shows the ledger.
func signatures(h *history.History) []signatureView {
	var views []signatureView
	for _, s := range h.Ledger() {
		in := s.Intended.Event
		v := signatureView{Operation: s.Number, Line: s.Line(), Time: clock(s.Time()), What: s.What(), Step: s.Intended.Step,
			SPKI: s.SPKI(), TBSSHA256: in.TBSSHA256, Standing: standingText(&s), Owner: s.Owner(), Lacks: s.Lacks}
		if in.Key != nil {
			v.Key = in.Key.Label
		}
		for _, d := range s.Due {
			v.Due = append(v.Due, dueView{d.String(), d.Met > 0})
		}
		views = append(views, v)
	}
	return views
}

// standingText says for people what became of a signature.
func standingText(s *history.Signature) string {
	switch {
	case s.Standing == event.SignatureDelivered:
		return "delivered"
	case s.Standing == event.SignatureProof:
		return "proves a key"
	case s.Standing == event.SignatureStandIn:
		return "stand-in"
	case s.Standing == event.SignatureRepeated:
		return "same bytes signed again"
	case s.Standing == event.SignatureInvalid:
		return "does not verify"
	case !s.Made():
		return "possibly issued"
	case s.Artifact != nil:
		return "issued and withheld"
	}
	return "not used"
}
