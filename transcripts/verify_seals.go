// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"path"
	"strconv"
	"strings"

	"rootceremony/transcripts/event"
)

// checkSeals checks the checkpoints: who sealed them, and that they are heads
// of this journal.
func (v *verifier) checkSeals() {
	var err error
	if v.lines, err = treeOf(v.Records); err != nil {
		v.bad(JournalPath, "%v", err)
		return
	}
	keys := v.sealKeys()
	sealed := map[int]Checkpoint{}
	for _, p := range v.Paths() {
		if !isCheckpoint(p) {
			continue
		}
		if c, ok := v.checkpoint(p, keys); ok {
			sealed[c.Size] = c
			session := v.Records[c.Size-1].Session
			v.sealed[session] = max(v.sealed[session], c.Size)
			v.claimed[p] = true
		}
	}
	announced := v.checkSealEvents(sealed)
	for size, c := range sealed {
		if size > v.Head.Size {
			v.Head = c
		}
		if !announced[size] && !v.endsSession(size) {
			v.bad(checkpointPath(size), "no event names this checkpoint, and it is not at the end of a session")
		}
	}
	v.checkEnds(sealed)
}

// sealKeys returns the seal keys by session, and checks their files.
func (v *verifier) sealKeys() map[int]string {
	keys := map[int]string{}
	for _, s := range v.History.Sessions {
		keys[s.Event.Session] = s.Event.SealKey
		p := vkeyPath(s.Event.Session)
		v.claimed[p] = true
		data, err := v.ReadFile(p, maxNote)
		if err != nil {
			v.bad(p, "%v", err)
		} else if string(data) != s.Event.SealKey+"\n" {
			v.bad(p, "not the seal key that session.started names")
		}
	}
	v.claimed[JournalPath] = true
	return keys
}

// checkpoint reads one checkpoint and compares it with the journal.
func (v *verifier) checkpoint(p string, keys map[int]string) (Checkpoint, bool) {
	data, err := v.ReadFile(p, maxNote)
	if err != nil {
		v.bad(p, "%v", err)
		return Checkpoint{}, false
	}
	c, err := checkpointIn(p, data, v.Records, v.lines, keys)
	if err != nil {
		v.bad(p, "%v", err)
	}
	return c, err == nil
}

// isCheckpoint reports whether a file is a checkpoint by its place.
func isCheckpoint(p string) bool { return path.Dir(p) == checkpointsDir }

// checkpointIn compares a checkpoint, as it is in a bundle, with the journal
// and the seal keys of its sessions.
func checkpointIn(p string, data []byte, records []event.Record, lines *tree, keys map[int]string) (Checkpoint, error) {
	origin, _, _ := bytes.Cut(data, []byte("\n"))
	_, number, _ := strings.Cut(string(origin), "/session-")
	session, err := strconv.Atoi(number)
	if err != nil || keys[session] == "" {
		return Checkpoint{}, fmt.Errorf("its origin %q is not a session of this journal", origin)
	}
	c, err := parseCheckpoint(data, keys[session])
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Size > len(records) {
		return Checkpoint{}, fmt.Errorf("it seals %d lines, but the journal has %d: lines were cut off", c.Size, len(records))
	}
	root, err := lines.root(c.Size)
	if err != nil || !bytes.Equal(root[:], c.Root) {
		return Checkpoint{}, fmt.Errorf("its root is not the root hash of the first %d lines", c.Size)
	}
	if p != checkpointPath(c.Size) || records[c.Size-1].Session != session {
		return Checkpoint{}, fmt.Errorf("it seals %d lines in session %d, but its file name or the journal says otherwise", c.Size, session)
	}
	return c, nil
}

// checkSealEvents finds the checkpoint of each event, and returns which ones
// were announced.
func (v *verifier) checkSealEvents(sealed map[int]Checkpoint) map[int]bool {
	announced := map[int]bool{}
	for _, r := range v.History.Checkpoints {
		e := r.Event
		announced[e.Size] = true
		c, found := sealed[e.Size]
		switch {
		case e.Size != r.Seq-1 || e.File != checkpointPath(e.Size):
			v.bad(lineName(r.Seq), "%s: the checkpoint does not seal the lines before it", e.Type())
		case !found:
			v.bad(lineName(r.Seq), "%s: checkpoint %s is missing or not valid", e.Type(), e.File)
		case base64.StdEncoding.EncodeToString(c.Root) != e.Root:
			v.bad(lineName(r.Seq), "%s: its root is not that of %s", e.Type(), e.File)
		}
	}
	return announced
}

// endsSession reports whether the line is the last of its session.
func (v *verifier) endsSession(size int) bool {
	return size == len(v.Records) || v.Records[size].Session != v.Records[size-1].Session
}

// checkEnds demands that every session that ended is sealed to its last line.
func (v *verifier) checkEnds(sealed map[int]Checkpoint) {
	for _, s := range v.History.Sessions {
		_, ok := sealed[s.Ended]
		switch {
		case ok || s.Ended == 0:
		case s.Ended < len(v.Records): // checkpoints of later sessions cover these lines too
			v.Notices = append(v.Notices, fmt.Sprintf("session %d: its last checkpoint is missing; later ones cover it", s.Event.Session))
		default:
			v.bad(lineName(s.Ended), "%s: no checkpoint seals the session to its end", event.SessionEnded{}.Type())
		}
	}
	if n := len(v.History.Sessions); v.Outcome != "" && (n == 0 || v.History.Sessions[n-1].Ended != len(v.Records)) {
		v.bad(lineName(len(v.Records)), "the ceremony was closed, but the session did not end: lines were cut off")
	}
}
