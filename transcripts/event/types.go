// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"fmt"
	"reflect"
	"slices"
)

// Types is the closed list of events, an empty one of each type.
var Types = slices.Concat( //nolint:gochecknoglobals // a table
	ceremonyEvents,
	sessionEvents,
	planEvents,
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

// decode reads the data of an event.
func decode(name string, data []byte) (Event, error) {
	known, ok := byType[name]
	if !ok {
		return nil, fmt.Errorf("type: unknown event %q", name)
	}
	into := reflect.New(known)
	if err := DecodeStrict(data, into.Interface()); err != nil {
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
