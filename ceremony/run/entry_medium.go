// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// secondMedium opens the folder that the site file names for the journal's
// mirror; without one there is none.
func (e *entry) secondMedium() (*artifact.Dir, error) {
	if e.o.Site == nil || e.o.Site.JournalMirror == "" {
		return nil, nil
	}
	return openOrMake(e.o.fileSystem(), e.o.Site.JournalMirror)
}

// openOrMake opens the folder of the second medium, or makes it on a new one.
func openOrMake(fsys artifact.FS, path string) (*artifact.Dir, error) {
	if _, err := fsys.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return artifact.NewDirFS(fsys, path)
	}
	return artifact.OpenDirFS(fsys, path)
}

// openMirror opens the second medium of a ceremony that continues, and notes what it
// lacks of the record. That the program found it failing is in the record already.
func (e *entry) openMirror(was *history.History) error {
	const oneCopy = "While there was one copy, nothing shows that no lines were cut off"
	var err error
	if e.second, err = e.secondMedium(); err != nil {
		e.lacks = fmt.Sprintf("The second medium is missing (%v): the record continues on one medium.", err)
		return nil
	}
	if e.second == nil {
		return nil
	}
	has, err := transcripts.MirrorLines(e.second, e.o.Bundle)
	switch all := len(was.Records); {
	case errors.Is(err, transcripts.ErrMirrorLinked), errors.Is(err, transcripts.ErrMirror):
		return e.refuseMirror(err)
	case err != nil:
		return e.state.at(mirrorMissing).refuse(fmt.Sprintf("the second medium: %v", err))
	case has >= all || mirrorFailed(was):
	case has == 0:
		e.lacks = "The second medium has no copy of the record, and gets one. " + oneCopy + "."
	default:
		e.lacks = fmt.Sprintf("The second medium has %d of the %d lines of the record, and gets the others. %s.", has, all, oneCopy)
	}
	return nil
}

// refuseMirror says what helps where the second medium cannot be gone on with; another
// error stays as it is.
func (e *entry) refuseMirror(err error) error {
	switch {
	case errors.Is(err, transcripts.ErrMirrorLinked):
		return e.state.at(mirrorLinked).refuse(err.Error())
	case errors.Is(err, transcripts.ErrMirror):
		return e.state.at(mirrorDiffers).refuse(err.Error())
	case errors.Is(err, transcripts.ErrMirrorFailed):
		return e.state.at(mirrorMissing).refuse(err.Error())
	}
	return err
}

// mirrorFailed reports whether the last session says that the second medium failed under
// its hands, and has not the whole record for that reason. What people decided about the
// medium when the session began is no reason: it had the whole record then.
func mirrorFailed(was *history.History) bool {
	return slices.ContainsFunc(was.Deviations, func(d history.Entry[event.DeviationRecorded]) bool {
		return d.Record.Session == was.Session() && d.Event.Exception == event.ExceptionMedium && len(d.Event.DecidedBy) == 0
	})
}

// confirmMirror has two people decide to continue although the second medium lacks
// something.
func (e *entry) confirmMirror(r *room) error {
	if e.lacks == "" {
		return nil
	}
	yes, by, err := r.decideAbout(whatsMirror, "agree", wordStop, e.lacks+" Continue")
	if err != nil {
		return err
	}
	if !yes {
		return &decline{problem: mirrorMissing}
	}
	return r.note(event.DeviationRecorded{Exception: event.ExceptionMedium, Expected: "the second medium has the whole record",
		Happened: event.Seen(e.lacks), Decision: "the ceremony continues", DecidedBy: by}, e.o.People.How(), by...)
}

// mirrorTaken says why the second medium cannot be had.
func (e *entry) mirrorTaken(err error) error {
	return e.state.at(mirrorTaken).refuse(fmt.Sprintf("the second medium: %v", err))
}
