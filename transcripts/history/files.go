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
