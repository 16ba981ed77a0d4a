// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"slices"

	"rootceremony/transcripts/event"
)

// shows compares what a call gave with the objects of its token: a key that was made or
// found is there, as it was read, and making or destroying one changes its two halves and
// nothing else.
func (g *grammar) shows(r *event.Record, intent event.OperationIntended, e event.OperationFinished) {
	switch e.What {
	case event.WhatGenerate:
		if c := e.Census; e.Key != nil && (c == nil || len(c.Removed) > 0 || !areHalves(c.Added, e.Key.ID)) {
			g.bad(r, "it did not add the two halves of a key with id %s, and nothing else", e.Key.ID)
		}
	case event.WhatDestroy:
		if c := e.Census; intent.Key != nil && (c == nil || len(c.Added) > 0 || !areHalves(c.Removed, intent.Key.ID)) {
			g.bad(r, "it did not remove the two halves of a key with id %s, and nothing else", intent.Key.ID)
		}
	}
	if e.Key != nil {
		g.holds(r, e.Token, *e.Key)
	}
}

// areHalves reports whether objects are the two halves of a key.
func areHalves(objects []event.Object, id string) bool {
	objects = sortedObjects(objects)
	return len(objects) == 2 && objects[0].Class == "private-key" && objects[1].Class == "public-key" && objects[0].ID == id && objects[1].ID == id
}

// holds demands that a key which is used is among the objects of its token: each half of
// which something was read, by what was read of it. After a call of unknown effect nobody
// knows the objects until they are counted again.
func (g *grammar) holds(r *event.Record, token string, k event.Key) {
	if g.token(token).vague {
		return
	}
	for _, class := range []string{"private-key", "public-key"} {
		half := class[:len(class)-len("-key")]
		read := map[string]string{}
		for _, a := range k.Attributes {
			if a.Half == half {
				read[a.Name] = "" // it is there
				if a.State == "value" {
					read[a.Name] = a.Value
				}
			}
		}
		if class == "private-key" {
			read["CKA_ID"] = k.ID
		}
		if len(read) > 0 && !slices.ContainsFunc(g.held[token], func(o event.Object) bool { return o.Class == class && isAs(o, read) }) {
			g.bad(r, "no %s that was read as key %q, id %s, is among the objects of token %q", class, k.Label, k.ID, token)
		}
	}
}

// isAs reports whether an object is called as was read of it.
func isAs(o event.Object, read map[string]string) bool {
	fits := func(is, name string) bool { return read[name] == "" || read[name] == is }
	return fits(o.ID, "CKA_ID") && fits(o.Label, "CKA_LABEL") && fits(o.KeyType, "CKA_KEY_TYPE")
}
