// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
)

// roomForKey is how many bytes of a token are enough for both halves of any key that a
// plan can have made: RSA with 4096 bits takes under 3 KiB, with what tokens add.
const roomForKey = 4 << 10

// objects looks at all objects of a token, and at its keys.
func (s *survey) objects(c token.Config, t reader) {
	all, err := t.Census(s.ctx)
	if err != nil {
		s.fail(preflight.Objects, c.Name, err)
		return
	}
	made := len(s.state.toMake(c.Name))
	s.readable(c, all, made)
	if made > 0 {
		s.of(c.Name, preflight.Labels, s.state.free(c.Name, all), "none of them has the label of a new key")
		s.add(preflight.Met(preflight.IDs, preflight.Record, fmt.Sprintf("%d are taken; a new key gets another", len(ids(all)))).About(c.Name))
		s.space(c, t.Info(), made)
	}
	next := s.state.next()
	for i := range next.Keys {
		if k := &next.Keys[i]; k.Token == c.Name && k.Source == plan.KeyExisting {
			s.usedKey(c, t, k)
		}
	}
}

// readable looks whether all objects could be read: where one could not, no key is made,
// as its label may be taken.
func (s *survey) readable(c token.Config, all token.Census, made int) {
	private := 0
	for _, o := range all {
		if o.Class == token.ClassPrivate {
			private++
		}
		if o.Problem != "" && made > 0 {
			s.unmet(preflight.Objects, c.Name, fmt.Sprintf("%s cannot be read: %s; whether label and id of a new key are free is not known", o, o.Problem),
				"remove the object with the vendor's tool, or use another token")
			return
		}
	}
	s.of(c.Name, preflight.Objects, nil, fmt.Sprintf("%d after the login, %d of them private keys", len(all), private))
}

func ids(all token.Census) map[string]bool {
	taken := map[string]bool{}
	for _, o := range all {
		if o.ID != "" {
			taken[o.ID] = true
		}
	}
	return taken
}

// space compares what is free with the keys to be made, where the token tells.
func (s *survey) space(c token.Config, i token.Info, made int) {
	free := i.FreePrivate
	if i.FreePublic >= 0 && (free < 0 || i.FreePublic < free) {
		free = i.FreePublic
	}
	switch found := fmt.Sprintf("%d bytes are free, for %d keys to be made", free, made); {
	case free < 0:
		s.unseen = append(s.unseen, "the room for keys on token "+c.Name+": the token does not tell")
	case free < int64(made)*roomForKey:
		s.warn(preflight.Space, c.Name, found, "rehearse on a test partition of that size, or use an empty token")
	default:
		s.add(preflight.Met(preflight.Space, preflight.Warn, found).About(c.Name))
	}
}

// usedKey looks for a key that the plan uses, and at its attributes.
func (s *survey) usedKey(c token.Config, t reader, k *plan.Key) {
	spki, err := s.state.InputSPKI(k.Input, false)
	if err != nil {
		s.fail(preflight.Keys, c.Name, fmt.Errorf("key %q: %w", k.ID, err))
		return
	}
	identifier, _, _ := s.state.Inputs[k.Input].Cert().SubjectKeyID() // it is one more place to look
	name := c.Keys[k.ID]
	known := token.Known{SPKI: spki, Identifier: identifier, Label: name.Label}
	known.ID, _ = hex.DecodeString(name.ID) // the reader of the site file holds it
	shown, err := t.Traces(s.ctx, known)
	if err != nil {
		s.fail(preflight.Keys, c.Name, fmt.Errorf("key %q: %w", k.ID, err))
		return
	}
	_, err = pick(fmt.Sprintf("key %q", k.ID), shown)
	open, undecided := errors.AsType[*undecided](err)
	switch {
	case err == nil:
		s.of(c.Name, preflight.Keys, nil, fmt.Sprintf("key %q is there: %s%s", k.ID, token.Halves(shown.Candidates()), unpaired(shown)))
	case undecided:
		s.warn(preflight.Keys, c.Name, err.Error(), toName(c, k.ID, slices.Concat(open.among, open.alike))+"; else people choose in the ceremony, as a deviation")
	case (name.Label != "" || name.ID != "") && len(shown.Candidates()) == 0 && len(shown.Unnamed()) > 0:
		s.unmet(preflight.Keys, c.Name, err.Error(), toName(c, k.ID, shown.Unnamed()))
	default:
		s.unmet(preflight.Keys, c.Name, err.Error(), missing(shown))
	}
	for _, h := range shown.Candidates() {
		s.attributes(c, k, h)
	}
}

// toName says what to write into the site file, so that no two people need to choose: an
// entry for each private key whose label and id no other has, or of many the first.
func toName(c token.Config, key string, all []token.Half) string {
	var entries []string
	for _, h := range all {
		h.Facts = "" // a site file does not have them
		if (h.Object.Label == "" && h.Object.ID == "") || h.Alike(all) > 0 {
			continue
		}
		entry := token.KeyName{Label: h.Object.Label, ID: h.Object.ID}.Entry(key)
		if len(c.Keys) == 0 {
			entry = "keys: {" + entry + "}"
		}
		entries = append(entries, entry)
	}
	where := "at token " + c.Name + " in the site file"
	if len(c.Keys) > 0 {
		where = "under keys: of token " + c.Name + " in the site file"
	}
	switch {
	case len(entries) == 0:
		return "find out with the vendor's tool which it is"
	case len(entries) > 3:
		return "find out which it is, and write its label and id " + where + ", such as " + entries[0]
	}
	return "find out which it is, and write " + where + " " + strings.Join(entries, " or ")
}

// unpaired says that the halves of a key are no pair by their ids, or nothing.
func unpaired(shown *token.Traces) string {
	switch left := shown.Candidates(); {
	case left[0].Paired:
		return ""
	case len(shown.Public) == 0:
		return "; its public half is not on the token, and need not be"
	default:
		return "; its public half is " + token.Halves(shown.Public)
	}
}

// attributes compares a key with the template of its token. About one that departs from
// it people decide in the ceremony.
func (s *survey) attributes(c token.Config, k *plan.Key, h token.Half) {
	if h.AsksEachTime() {
		found := fmt.Sprintf("key %q asks for the PIN before each signature (CKA_ALWAYS_AUTHENTICATE): %s", k.ID, eachTime(c.Login))
		s.add(preflight.Met(preflight.Attributes, preflight.Record, found).About(c.Name))
	}
	if h.SignsNothing() {
		s.unmet(preflight.Attributes, c.Name, fmt.Sprintf("key %q, %s: %s", k.ID, h.Object, signsNothing), anotherHalf)
		return
	}
	template := c.Chosen()
	departures := h.Departures(template)
	if len(departures) > 0 {
		s.warn(preflight.Attributes, c.Name, fmt.Sprintf("key %q, %s: %s", k.ID, h.Object, strings.Join(departures, "; ")),
			"be ready to decide: in the ceremony people accept the key as it is, on the record, or stop")
		return
	}
	s.add(preflight.Met(preflight.Attributes, preflight.Warn, fmt.Sprintf("key %q is as template %q asks for", k.ID, template.Name)).About(c.Name))
}

// signsNothing says of a private key that no ceremony can use it, and anotherHalf what to try.
const (
	signsNothing = "the module reports CKA_SIGN false, so it does not sign with this private key (PKCS#11 v2.40, 5.11)"
	anotherHalf  = "make a copy of the private key that may sign with the vendor's tool, or restore the key from its backup with CKA_SIGN true"
)

// missing says what to try where a key is not found.
func missing(shown *token.Traces) (next string) {
	switch {
	case len(shown.Candidates()) > 0, len(shown.Untold) > 0:
		return "give the private key an id and a label that no other has, with the vendor's tool"
	case len(shown.Public) > 0:
		return "restore the private key from its backup"
	}
	return "compare serial number and partition: this may be another token; or restore the key from its backup"
}
