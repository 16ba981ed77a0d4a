// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"fmt"
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
			s.unmet(preflight.Objects, c.Name, fmt.Sprintf("%s cannot be read: %s; whether label and id of a new key are free is not known", objectName(o), o.Problem),
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
	shown, err := t.Traces(s.ctx, identifier, spki)
	if err != nil {
		s.fail(preflight.Keys, c.Name, fmt.Errorf("key %q: %w", k.ID, err))
		return
	}
	if _, err := t.Find(s.ctx, "", nil, spki); err != nil {
		found, next := missing(shown, err)
		s.unmet(preflight.Keys, c.Name, fmt.Sprintf("key %q: %s", k.ID, found), next)
	} else {
		s.of(c.Name, preflight.Keys, nil, fmt.Sprintf("key %q is there: %s", k.ID, halves(shown.Private)))
	}
	for _, h := range shown.Private {
		s.attributes(c, k, h)
	}
}

// attributes compares a key with the template of its token. About one that departs from
// it people decide in the ceremony.
func (s *survey) attributes(c token.Config, k *plan.Key, h token.Half) {
	if h.AsksEachTime() {
		s.unmet(preflight.Attributes, c.Name, fmt.Sprintf("key %q wants a PIN for each signature (CKA_ALWAYS_AUTHENTICATE), which is not supported", k.ID),
			"put the key onto the token without that attribute, from its backup, with the vendor's tool")
	}
	template := cmp.Or(c.Template, token.DefaultTemplate)
	departures := h.Departures(template)
	if len(departures) > 0 {
		s.warn(preflight.Attributes, c.Name, fmt.Sprintf("key %q, %s: %s", k.ID, objectName(h.Object), strings.Join(departures, "; ")),
			"be ready to decide: in the ceremony people accept the key as it is, on the record, or stop")
		return
	}
	s.add(preflight.Met(preflight.Attributes, preflight.Warn, fmt.Sprintf("key %q is as template %q asks for", k.ID, template)).About(c.Name))
}

// missing says why a key is not found, from what the token shows of it, and what to try.
func missing(shown *token.Traces, err error) (found, next string) {
	private, public := shown.Private, shown.Public
	switch {
	case len(private) > 1:
		return fmt.Sprintf("its private half is there %d times: %s", len(private), halves(private)), "remove all but one with the vendor's tool, or use a token that has it once"
	case len(public) > 1:
		return fmt.Sprintf("its public half is there %d times: %v", len(public), list(public)), "remove all but the one with the id of the private half, with the vendor's tool"
	case len(private) == 1 && len(public) == 0:
		return "its public half is not there, and its private half is: " + halves(private), "put the public key onto the token, with the id of the private half, with the vendor's tool"
	case len(private) == 1 && private[0].Object.ID != public[0].ID:
		return fmt.Sprintf("its halves have different ids: %s; %s", halves(private), objectName(public[0])), "give both halves the same id, with the vendor's tool"
	case len(private) == 1:
		return err.Error(), "" // another key has the id, or the module fails
	}
	found, next = "no private key with an id of it is there", "compare serial number and partition: this may be another token; or restore the key from its backup"
	if len(public) == 1 {
		found, next = "only its public half is there: "+objectName(public[0]), "restore the private key from its backup, with that id"
	}
	if len(shown.Untold) > 0 {
		found += "; these private keys do not show whose they are: " + list(shown.Untold)
		next = "if one of them is it, give it and the public half on the token the same id, with the vendor's tool"
	}
	return found, next
}

// halves lists private keys, and by what each was recognised.
func halves(all []token.Half) string {
	var out []string
	for _, h := range all {
		out = append(out, fmt.Sprintf("%s, by %s", objectName(h.Object), h.By))
	}
	return strings.Join(out, "; ")
}

func list(all token.Census) string {
	var out []string
	for _, o := range all {
		out = append(out, objectName(o))
	}
	return strings.Join(out, "; ")
}

// objectName names an object by what it has.
func objectName(o token.Object) string {
	label, id := "without a label", "without an id"
	if o.Label != "" {
		label = fmt.Sprintf("label %q", o.Label)
	}
	if o.ID != "" {
		id = "id " + o.ID
	}
	return o.Class + " " + label + ", " + id
}
