// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import "rootceremony/transcripts/event"

// File is a file that a line accounts for, or, where it is external, only names.
type File struct {
	event.Record
	event.File
	External bool
}

// addFiles notes the files that an event names.
func (h *History) addFiles(r event.Record) {
	switch r.Event.(type) {
	case event.TokenOpened, event.StepStarted, event.CeremonyClosed:
		h.wentOn = r.Seq
	}
	for _, f := range event.Files(r.Event) {
		h.Files = append(h.Files, File{Record: r, File: f})
	}
	if e, ok := r.Event.(event.FileLoaded); ok && e.External {
		h.Files = append(h.Files, File{r, event.File{Path: e.Path, SHA256: e.SHA256}, true})
	}
}

// Loaded lists the files that the ceremony read.
func (h *History) Loaded() []Entry[event.FileLoaded] { return filesOf[event.FileLoaded](h) }

// Written lists the files of the evidence.
func (h *History) Written() []Entry[event.FileWritten] { return filesOf[event.FileWritten](h) }

// Unexplained lists the files of nobody that were found since the ceremony last went on.
// The people who continue it have to decide about them, also if they declined before, or
// if the session that found them was cut off before it asked.
func (h *History) Unexplained() []event.FileWritten {
	var all []event.FileWritten
	for _, w := range h.Written() {
		if w.Event.Kind == event.KindLeftOver && w.Seq > h.wentOn {
			all = append(all, w.Event)
		}
	}
	return all
}

// filesOf lists the events of one type that account for files.
func filesOf[E event.Event](h *History) []Entry[E] {
	var all []Entry[E]
	for _, f := range h.Files {
		if e, ok := f.Event.(E); ok {
			all = append(all, Entry[E]{f.Record, e})
		}
	}
	return all
}
