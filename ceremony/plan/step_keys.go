// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"strings"

	"rootceremony/internal/source"
)

// generateStep makes keys.
func (l *loader) generateStep(st Step, t stepText) []Step {
	return l.keyStep(st, KeyGenerated, "Generate ", t.word)
}

// useStep finds keys that exist.
func (l *loader) useStep(st Step, t stepText) []Step {
	return l.keyStep(st, KeyExisting, "Find ", t.word)
}

func (l *loader) keyStep(st Step, want KeySource, verb string, word source.Node) []Step {
	for _, k := range word.List() {
		id := k.Name()
		key := l.Plan.Key(id)
		switch {
		case id == "":
		case key == nil:
			l.noKey(k, id)
		case l.available[id]:
			k.Fail("an earlier step already generated or found key %q", id)
		case key.Source != want && want == KeyGenerated:
			k.FailHint("name existing keys in a use step", "key %q exists already and cannot be generated", id)
		case key.Source != want:
			k.FailHint("keys without a certificate belong in a generate step", "key %q is not an existing key on a token", id)
		default:
			l.available[id] = true
		}
		st.Keys = append(st.Keys, id)
	}
	st.Title = verb + strings.Join(st.Keys, ", ")
	return []Step{st}
}

// availableKey gives the name of a key that an earlier step made or found.
func (l *loader) availableKey(n source.Node) string {
	id := n.Name()
	key := l.Plan.Key(id)
	switch {
	case id == "":
	case key == nil:
		l.noKey(n, id)
	default:
		l.needAvailable(n, key)
	}
	return id
}

// needAvailable reports a key that no earlier step made or found, once.
func (l *loader) needAvailable(n source.Node, key *Key) {
	if !l.available[key.ID] && !l.early[key.ID] && !l.unread {
		n.FailHint("move its generate or use step before this one", "key %q is not available at this step", key.ID)
		l.early[key.ID] = true
	}
}
