// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"slices"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// held are the objects of each token: those that were counted when it was opened, and what
// calls changed since.
type held map[string][]event.Object

// change takes over what a call changed on a token.
func (h held) change(token string, c *event.CensusChange) {
	if c != nil {
		h[token], _ = c.On(h[token])
	}
}

// compare refuses a count in which a key of the ceremony is not as before: an object that
// cannot be read just now would be, in the record, a key that is gone. Other objects may
// come and go.
func (h held) compare(token string, counted []event.Object, operations []*history.Operation) error {
	ids := map[string]bool{}
	for _, o := range operations {
		if o.Finished != nil && o.Finished.Event.Key != nil {
			ids[o.Finished.Event.Key.ID] = true
		}
	}
	of := func(objects []event.Object) []event.Object {
		objects = slices.DeleteFunc(slices.Clone(objects), func(o event.Object) bool { return !ids[o.ID] })
		slices.SortFunc(objects, event.Object.Compare)
		return objects
	}
	was, is := of(h[token]), of(counted)
	for _, o := range was {
		if !slices.Contains(is, o) {
			return fmt.Errorf("token %q: listing its objects: the %s of key %q, id %s, was there before, and is not found; look at the device", token, o.Class, o.Label, o.ID)
		}
	}
	if len(is) > len(was) {
		return fmt.Errorf("token %q: listing its objects: %d objects have the ids of keys of the ceremony, and %d had before; look at the device", token, len(is), len(was))
	}
	return nil
}
