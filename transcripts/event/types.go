// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Types is the closed list of events, an empty one of each type.
var Types = slices.Concat( //nolint:gochecknoglobals // a table
	ceremonyEvents,
	sessionEvents,
	preflightEvents,
	planEvents,
	siteEvents,
	fileEvents,
	roomEvents,
	stepEvents,
	tokenEvents,
	operationEvents,
	keyEvents,
	objectEvents,
	artifactEvents,
)

// byType finds the struct of a type of event.
var byType = func() map[string]reflect.Type {
	structs := map[string]reflect.Type{}
	for _, e := range Types {
		structs[e.Type()] = reflect.TypeOf(e)
	}
	return structs
}()

// known is how a fact of each type is known, as its schema says.
var known = func() map[string][]How {
	comment := regexp.MustCompile(`"\$comment": "([^"]*)"`)
	all := map[string][]How{}
	for _, e := range Types {
		for how := range strings.SplitSeq(comment.FindStringSubmatch(e.Schema())[1], ", ") {
			all[e.Type()] = append(all[e.Type()], How(how))
		}
	}
	return all
}()

// Known gives the ways in which a fact of this type is known; in an unattended
// rehearsal what people state is simulated.
func Known(e Event) []How { return known[e.Type()] }

// decode reads the data of an event.
func decode(name string, data []byte) (Event, error) {
	is, ok := byType[name]
	if !ok {
		return nil, fmt.Errorf("type: unknown event %q", name)
	}
	into := reflect.New(is)
	if err := decodeKnown(data, into.Interface()); err != nil {
		return nil, fmt.Errorf("event %q: %w", name, err)
	}
	e, ok := into.Elem().Interface().(Event)
	if !ok {
		return nil, fmt.Errorf("type: %q is no event", name)
	}
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("event %q: %w", name, err)
	}
	return e, nil
}
