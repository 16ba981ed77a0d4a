// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
)

// following gives the next of a series of names: crl-1 is followed by crl-2, and a name
// without a number by NAME-2.
func following(id string) string {
	at := strings.LastIndexByte(id, '-')
	if number, err := strconv.Atoi(id[at+1:]); err == nil && at > 0 {
		return fmt.Sprintf("%s-%d", id[:at], number+1)
	}
	return id + "-2"
}

// stamps are how the name of a responder ends: with as much of the time as tells it from
// the one before.
var stamps = []string{"2006", time.DateOnly, time.RFC3339}

// renamed is the name of a responder with a new stamp in the place of those at its end.
func (n *Next) renamed(a *plan.Authority) string {
	var out []string
	for _, at := range a.Subject.Attributes {
		value := at.Value
		if at.Type == "common-name" {
			value = restamped(value, n.Now.UTC())
		}
		out = append(out, at.Type+": "+scalar(value))
	}
	return strings.Join(out, ", ")
}

func restamped(name string, now time.Time) string {
	words, old := strings.Fields(name), ""
	for len(words) > 0 && isStamp(words[len(words)-1]) {
		old = cmp.Or(old, words[len(words)-1])
		words = words[:len(words)-1]
	}
	var end string
	for _, layout := range stamps {
		if end = now.Format(layout); !strings.HasPrefix(old, end) {
			break
		}
	}
	front, isResponder := strings.CutSuffix(strings.Join(words, " "), responderWord)
	if isResponder {
		end = responderWord + " " + end
	} else {
		end = " " + end
	}
	return shortened(front, end)
}

func isStamp(word string) bool {
	return strings.HasPrefix(word, "20") && slices.ContainsFunc(stamps, func(layout string) bool {
		_, err := time.Parse(layout, word)
		return err == nil
	})
}

// name is what a CA is called.
func (n *Next) name(authority string) string {
	for _, at := range n.plan.Authority(authority).Subject.Attributes {
		if at.Type == "common-name" {
			return at.Value
		}
	}
	return authority
}
