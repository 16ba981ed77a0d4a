// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/algorithm"
)

// Known is what is known of a key before it is looked for on a token. SPKI is always
// known; ID and Label are, where somebody says how the private key is called there.
type Known struct {
	SPKI       []byte `json:"spki"`                 // public key in DER
	Identifier []byte `json:"identifier,omitempty"` // key identifier: some programs take it as the id
	ID         []byte `json:"id,omitempty"`         // CKA_ID of the private key
	Label      string `json:"label,omitempty"`      // CKA_LABEL of the private key
	Facts      string `json:"facts,omitempty"`      // what else the token shows of it: see [Half]
}

// named reports whether somebody says how the private key is called.
func (k Known) named() bool { return len(k.ID) > 0 || k.Label != "" || k.Facts != "" }

// names reports whether an object is called as the private key is.
func (k Known) names(o Object) bool {
	return (len(k.ID) == 0 || o.ID == hex.EncodeToString(k.ID)) && (k.Label == "" || o.Label == k.Label)
}

// Traces are what a token shows of one existing key, known by its public key. They are
// read only: nothing is signed to find out which private key it is.
type Traces struct {
	// Public are the public key objects that are this key.
	Public []Half `json:"public"`
	// Private are the private key objects that may be this key, by something that can
	// be read, or because somebody names them.
	Private []Half `json:"private"`
	// Untold are private keys of the same kind of which nothing that can be read says
	// whose they are: a private EC key, unlike one of RSA, need not have its public
	// half (PKCS#11 v2.40, 2.1.3 and 2.3.4).
	Untold []Half `json:"untold"`
	// Namesakes are private keys with an id of this key that are other keys.
	Namesakes []Half `json:"namesakes,omitempty"`

	known Known
	key   algorithm.Key
}

// Half is an object that is one half of a key.
type Half struct {
	Object     Object       `json:"object"`
	By         []Recognised `json:"by"` // of a private key, the surest first
	Attributes []Attribute  `json:"attributes"`
	// Facts are attributes by which a private key can be told from another one of the same
	// label and id; they are read where there is one.
	Facts string `json:"facts,omitempty"`
	// Paired says that the id of a private key is that of its public half, and of no
	// other key.
	Paired bool `json:"paired"`

	key    algorithm.Key
	handle uint // in the process that found it
}

// Departures lists in which ways the private key is not what a template asks for: see
// [Pair.Departures] for keys that existed before.
func (h Half) Departures(template Template) []string {
	return (&Pair{Algorithm: h.key, Attributes: h.Attributes}).Departures(template, false)
}

// AsksEachTime is that of [Pair] for a private key.
func (h Half) AsksEachTime() bool { return (&Pair{Attributes: h.Attributes}).AsksEachTime() }

// SignsNothing is that of [Pair] for a private key.
func (h Half) SignsNothing() bool { return (&Pair{Attributes: h.Attributes}).SignsNothing() }

// is reports whether the half was recognised by something.
func (h Half) is(by Recognised) bool { return slices.Contains(h.By, by) }

// of says of which key the traces are.
func (t *Traces) of(known Known, key algorithm.Key) *Traces {
	t.known, t.key = known, key
	for _, all := range [][]Half{t.Private, t.Untold} {
		for i := range all {
			all[i].key = key
			if f := all[i].Facts; len(f) > maxFacts || f != printable([]byte(f)) { // no worker of this program writes that
				all[i].Facts = ""
			}
		}
	}
	return t
}

// Recognised says by what a private key object was recognised. An id says less than a
// value of the public key: anybody can give a key any id.
type Recognised string

// By what a private key object is recognised, the surest first.
const (
	ByName        Recognised = "the name that was given for it"
	ByModulus     Recognised = "its modulus"
	ByPoint       Recognised = "its point"
	ByInfo        Recognised = "its public key info" // CKA_PUBLIC_KEY_INFO: PKCS#11 v2.40, 4.9
	ByPublic      Recognised = "the id of its public half"
	ByCertificate Recognised = "the id of its certificate"
	ByIdentifier  Recognised = "an id that is the key identifier"
)

// ByID reports whether it says no more than that a key has a certain id.
func (r Recognised) ByID() bool { return r == ByPublic || r == ByCertificate || r == ByIdentifier }

// sureness are the ways to recognise a private key, the surest first.
var sureness = []Recognised{ByName, ByModulus, ByPoint, ByInfo, ByPublic, ByCertificate, ByIdentifier}

// maxFacts in bytes: eight attributes, the longest a name of some hundred bytes in hexadecimal.
const maxFacts = 4 << 10

// Alike are the other private keys among all of which holds what can be said of one: its
// label and id, as far as it has them, and its facts.
func (h Half) Alike(all []Half) int {
	n := -1 // itself
	for _, o := range all {
		if (h.Object.ID == "" || o.Object.ID == h.Object.ID) && (h.Object.Label == "" || o.Object.Label == h.Object.Label) && (h.Facts == "" || o.Facts == h.Facts) {
			n++
		}
	}
	return n
}

// Candidates are the private keys that remain when what says more decides before what
// says less. Where somebody names the key, no other remains; of several, none that signs nothing.
func (t *Traces) Candidates() []Half {
	left := t.Private
	for _, by := range sureness {
		some := slices.DeleteFunc(slices.Clone(left), func(h Half) bool { return !h.is(by) })
		if len(some) > 0 || by == ByName && t.known.named() {
			left = some
		}
	}
	if sign := slices.DeleteFunc(slices.Clone(left), Half.SignsNothing); len(sign) > 0 {
		return sign
	}
	return left
}

// Pick gives the key pair with the one private key that remains. It is ErrNoSuchKey
// where none does, and ErrAmbiguous where several do.
func (t *Traces) Pick() (*Pair, error) {
	left := t.Candidates()
	switch {
	case len(left) == 0:
		return nil, fail(ErrNoSuchKey, "", "%s", t.none()) // not that no such key is there: of some nobody knows whose they are
	case len(left) > 1 && !sameKey(left):
		return nil, fmt.Errorf("%d private keys may be this key: %s: %w", len(left), Halves(left), ErrAmbiguous)
	}
	private := left[0]
	id, err := hex.DecodeString(private.Object.ID)
	if err != nil {
		return nil, fmt.Errorf("id %q of a private key: %w", private.Object.ID, err)
	}
	pair := &Pair{Label: private.Object.Label, ID: id, Algorithm: t.key, SPKI: t.known.SPKI, Attributes: private.Attributes, Alone: !private.Paired, Facts: t.known.Facts, By: private.By[0]}
	if public := t.publicOf(private.Object); public != nil {
		pair.Label = cmp.Or(pair.Label, public.Object.Label)
		pair.Attributes = slices.Concat(pair.Attributes, public.Attributes)
	}
	return pair, nil
}

// sameKey reports whether private keys are one key by all that can be read of them: each
// shows its public key, and they have the same name and attributes. Then it is all one
// which of them signs.
func sameKey(all []Half) bool {
	return !slices.ContainsFunc(all, func(h Half) bool {
		return !h.is(ByModulus) && !h.is(ByPoint) && !h.is(ByInfo) || h.Object != all[0].Object || !slices.Equal(h.Attributes, all[0].Attributes)
	})
}

// publicOf gives the public half that is called most like the private one, or nil.
func (t *Traces) publicOf(private Object) *Half {
	for _, like := range []func(Object) bool{
		func(o Object) bool { return o.ID == private.ID && o.Label == private.Label },
		func(o Object) bool { return o.ID == private.ID },
		func(Object) bool { return true },
	} {
		if i := slices.IndexFunc(t.Public, func(h Half) bool { return like(h.Object) }); i >= 0 {
			return &t.Public[i]
		}
	}
	return nil
}

// none says that no private key is there that could be taken.
func (t *Traces) none() string {
	found := "no private key with an id of it is there"
	switch {
	case t.known.named():
		o := Object{Class: ClassPrivate, Label: t.known.Label, ID: hex.EncodeToString(t.known.ID)}
		found = fmt.Sprintf("no %s is there that can be this key", o.called())
		if others := t.Unnamed(); len(others) > 0 {
			found += ", only " + Halves(others)
		}
		return found
	case len(t.Public) > 0 && len(t.Untold) > 0:
		found = "its public half is there: " + Halves(t.Public)
	case len(t.Public) > 0:
		found = "only its public half is there: " + Halves(t.Public)
	}
	if len(t.Namesakes) > 0 {
		found += "; another key has its id: " + Halves(t.Namesakes)
	}
	if len(t.Untold) > 0 {
		found += "; these private keys do not show whose they are: " + Halves(t.Untold)
	}
	return found
}

// Unnamed are the private keys that may be this key by what is on the token, where another
// name was given for it.
func (t *Traces) Unnamed() []Half { return slices.Concat(t.Private, t.Untold) }

// Called names an object by its label and id, and by its facts.
func (h Half) Called() string {
	h.By = nil
	return Halves([]Half{h})
}

// Halves lists objects, and by what each was recognised.
func Halves(all []Half) string {
	var out []string
	for _, h := range all {
		text := h.Object.String()
		if len(h.By) > 0 {
			text += fmt.Sprintf(", by %s", h.By[0])
		}
		if h.Facts != "" {
			text += ", " + h.Facts
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

// idOf is where an id of a key was seen.
type idOf struct {
	id []byte
	by Recognised
}
