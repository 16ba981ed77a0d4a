// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// choice is one way to make an object of a profile.
type choice struct {
	key    algorithm.Key       // of the subject
	sig    algorithm.Signature // by the key of the issuer
	length source.Span
}

// String names what differs between the choices of a profile.
func (c choice) String() string {
	s := "a validity of " + c.length.String()
	if c.length.IsZero() {
		s = string(c.sig)
	}
	if c.key != "" {
		s = "a key " + string(c.key) + ", " + s
	}
	return s
}

// choices pairs keys, signatures and lengths, so that each occurs at least
// once. All combinations would be many more and find hardly more: no rule but
// that of the algorithm of the signing key looks at two of them.
func choices(p profiles.Profile) []choice {
	r := profiles.Resolve(p)
	keys, sigs, limits := r.Keys, r.Signatures, profiles.Limits{}
	if len(keys) == 0 {
		keys = []algorithm.Key{""}
	}
	if r.Validity != nil {
		limits = *r.Validity
	}
	if r.Kind == profiles.RootCA || r.Kind == profiles.CertRequest {
		sigs = nil // its own key makes it
	}
	lengths := []source.Span{limits.AtMost}
	if !limits.AtLeast.IsZero() && limits.AtLeast != limits.AtMost {
		lengths = append(lengths, limits.AtLeast)
	}
	n := max(len(keys), len(sigs), len(lengths))
	out := make([]choice, n)
	for i := range out {
		out[i] = choice{key: keys[i%len(keys)], length: lengths[i%len(lengths)]}
		if len(sigs) > 0 {
			out[i].sig = sigs[i%len(sigs)]
		}
	}
	return out
}
