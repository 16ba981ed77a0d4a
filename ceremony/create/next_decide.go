// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"context"
	"fmt"
	"time"

	"rootceremony/ceremony/plan"
)

// Decide plans the files, as [Check] does. What blocks the plan because of what was, such
// as a CRL that ended before the next one, no file can mend: where people may accept all of
// it, the ceremony file gets the waivers to fill in, and the files are given.
func (n *Next) Decide(ctx context.Context, folder string, files []File) ([]File, error) {
	p, err := planned(ctx, folder, files)
	if err != nil {
		return nil, err
	}
	n.open = p.Undecided()
	if len(n.open) == 0 && len(p.Problems) > 0 {
		return nil, p.Problems
	}
	if len(n.open) > 0 {
		files[len(files)-1].Data = append(files[len(files)-1].Data, n.waivers()...)
	}
	return files, nil
}

// waivers are those that people may write, as comments.
func (n *Next) waivers() string {
	w := &writer{}
	_, to := (&Answers{Now: n.Now}).window()
	w.line("\n# To decide: nobody can plan this file until somebody accepts what follows. Write the\n# reason, and take the signs # away.\n#\n# waivers:")
	for i := range n.open {
		f := &n.open[i]
		w.line("#   # %s", f.Text)
		w.line("#   - rule: %s\n#     artifact: %s\n#     reason: \"\"", f.Rule, f.Artifact)
		w.line("#     citation: %s\n#     approver: %s\n#     expires: %s", scalar(f.Citation), n.plan.People[0].Of[0], to.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	return w.String()
}

// undecided says what of it is open.
func (n *Next) undecided() (out []Decision) {
	for i := range n.open {
		f := &n.open[i]
		why := "a waiver accepts it: fill in the one at the end of " + ceremonyName
		if f.Hint != "" {
			why = f.Hint + "; " + why
		}
		out = append(out, Decision{"TO DECIDE", fmt.Sprintf("%s: %s", f.Artifact, f.Text), why})
	}
	return out
}

// toDecide is what comes before the commands.
func (n *Next) toDecide() []plan.NextCommand {
	if len(n.open) == 0 {
		return nil
	}
	return []plan.NextCommand{{Why: "decide what is at the end of the ceremony file:", Line: "${EDITOR:-vi} " + ceremonyName}}
}
