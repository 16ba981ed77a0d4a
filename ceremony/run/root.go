// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"rootceremony/transcripts"
)

// asRoot has people decide, once in each session and before the first PIN is typed,
// whether hardware is used although the program runs as root. Software tokens are for
// trials, which every page says.
func (r *runner) asRoot() error {
	if r.rootSaid || r.o.Host == nil || !r.o.Host.Root || r.o.Site == nil || r.o.Site.SoftwareToken {
		return nil
	}
	r.say(`
      THIS PROGRAM RUNS AS ROOT, and the modules of the tokens with it. Nothing
      keeps a module from answering for you at this terminal, or from reading
      every PIN. Stop, and run the program as a user that owns nothing else.`)
	by, err := r.agreed("accept", "Use hardware tokens as root all the same, as a deviation")
	if err != nil {
		return err
	}
	reason, err := r.text("Why the program has to run as root")
	if err != nil {
		return err
	}
	r.rootSaid = true
	return r.note(transcripts.DeviationRecorded{
		Expected: transcripts.NotAsRoot, Happened: "it runs as root",
		Decision: "the people in the room go on: " + reason, DecidedBy: by,
	}, r.o.People.How(), by...)
}
