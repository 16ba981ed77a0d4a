// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"rootceremony/transcripts"
)

// asRoot has people decide, once in each session and before the first PIN is typed,
// whether hardware is used although the program runs as root. Software tokens are for
// trials, which every page says.
func (ts *tokens) asRoot() error {
	if ts.rootSaid || ts.o.Host == nil || !ts.o.Host.Root || ts.o.Site == nil || ts.o.Site.SoftwareToken {
		return nil
	}
	ts.say(`
      THIS PROGRAM RUNS AS ROOT, and the modules of the tokens with it. Nothing
      keeps a module from answering for you at this terminal, or from reading
      every PIN. Stop, and run the program as a user that owns nothing else.`)
	by, err := ts.room.agreed("accept", "Use hardware tokens as root all the same, as a deviation")
	if err != nil {
		return err
	}
	reason, err := ts.room.text("Why the program has to run as root")
	if err != nil {
		return err
	}
	ts.rootSaid = true
	return ts.note(transcripts.DeviationRecorded{
		Expected: transcripts.NotAsRoot, Happened: "it runs as root",
		Decision: "the people in the room go on: " + reason, DecidedBy: by,
	}, ts.o.People.How(), by...)
}
