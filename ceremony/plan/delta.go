// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
)

// deltasLeft warns of a CRL that carries over a complete one which says where its CA
// publishes delta CRLs, while none is given: what they revoke would be good again.
func (l *Loaded) deltasLeft() (out []Warning) {
	for i := range l.Plan.Artifacts {
		a := &l.Plan.Artifacts[i]
		if !a.Previous.IsInput() {
			continue
		}
		previous := l.Inputs[a.Previous.ID()].crl()
		points, present, err := previous.FreshestCRL()
		if !present || err != nil || l.hasDelta(previous) {
			continue
		}
		var at []string
		for _, p := range points {
			at = append(at, inspect.URIs(p.FullNames)...)
		}
		out = append(out, Warning{Pos: l.places[a.ID].fields["previous"].Pos(), Text: fmt.Sprintf(
			"%s has a freshestCRL, so that its CA publishes delta CRLs, at %s: name the last one under inputs, so that nothing that it revokes is lost",
			a.Previous, strings.Join(at, ", "))})
	}
	return out
}

// hasDelta reports whether a delta CRL for a complete one is known, of its number or
// later.
func (l *Loaded) hasDelta(complete *inspect.RevocationList) bool {
	n, _, _ := complete.CRLNumber()
	return slices.ContainsFunc(l.known, func(k known) bool {
		crl := inspect.As[*inspect.RevocationList](k.read)
		if crl == nil || !lint.IsDelta(crl) || !bytes.Equal(crl.RawIssuer, complete.RawIssuer) {
			return false
		}
		number, _, err := crl.CRLNumber()
		return err == nil && number != nil && n != nil && number.Cmp(n) >= 0
	})
}
