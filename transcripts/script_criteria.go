// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import "strings"

// ScriptCriterion is one requirement on a key ceremony with where this script
// meets it.
type ScriptCriterion struct{ Source, Item, Where string }

// What a criterion points at, in [criteria].
const (
	wherePeople     = "People"
	whereCover      = "Cover"
	whereRoom       = "The room"
	whereMaterials  = "Materials and devices"
	whereExceptions = "Exception sheets"
	whereSignOff    = "Sign-off"
	whereCustody    = "Custody"
	whereEverything = "all steps"
	whereOutside    = "not in the script: "
)

// criteria are the requirements on key ceremonies, in our own words; what is in
// force stands in the documents themselves. A {kind} stands for the steps of
// that kind, {people} for all that people do.
var criteria = []ScriptCriterion{
	{"BR 6.1.1.1", "A key generation script is prepared and followed", whereCover + "; {all}; " + whereExceptions},
	{"BR 6.1.1.1", "A qualified auditor witnesses, or the whole process is on video", wherePeople + "; " + whereRoom + "; A1, Z6"},
	{"BR 6.1.1.1", "A qualified auditor reports that the ceremony was followed and on the controls", whereOutside + "the auditor's report; its populations come from ceremony report BUNDLE --annex DIR"},
	{"BR 6.1.1.1", "Keys are generated in a physically secured environment", whereRoom},
	{"BR 6.1.1.1", "Personnel in trusted roles, multiple person control, split knowledge", wherePeople + "; {people}; {sign}"},
	{"BR 6.1.1.1", "Keys are generated within suitable cryptographic modules", whereMaterials + "; {generate}"},
	{"BR 6.1.1.1", "Key generation is logged", "the journal, sealed at each section; {generate}"},
	{"BR 6.1.1.1", "Controls give assurance that the private key was generated and protected as described", "{generate}; " + whereCustody},

	{"WebTrust for CAs 4.1 (1)", "Roles and responsibilities of participants", wherePeople},
	{"WebTrust for CAs 4.1 (2)", "Management approves the conduct of the ceremony", whereCover + ", Approval"},
	{"WebTrust for CAs 4.1 (3)", "Hardware, software and other materials with serial numbers", whereMaterials + "; " + whereCover},
	{"WebTrust for CAs 4.1 (4)", "Specific steps: hardware, key generation, backup, certificate signing, shutdown, preparation for storage", "{people}; {generate}; {sign}; Z1 to Z6"},
	{"WebTrust for CAs 4.1 (5)", "Physical security of the location: barriers, access, logging", whereRoom},
	{"WebTrust for CAs 4.1 (6)", "Secure storage of hardware and activation materials afterwards", whereCustody},
	{"WebTrust for CAs 4.1 (7)", "Participants and witnesses sign whether the script was followed", whereSignOff},
	{"WebTrust for CAs 4.1 (8)", "Deviations from the script are noted", whereExceptions},

	{"ETSI EN 319 411-1 6.5.1", "Roles taking part, internal and external", wherePeople},
	{"ETSI EN 319 411-1 6.5.1", "Functions of every role, and in which phases", whereEverything + ", column Who"},
	{"ETSI EN 319 411-1 6.5.1", "Responsibilities during and after the ceremony", wherePeople + "; " + whereCustody},
	{"ETSI EN 319 411-1 6.5.1", "Evidence to be collected", "{people}; {generate}; {sign}; Z1 to Z6"},
	{"ETSI EN 319 411-1 6.5.1", "A report, signed by the security officer; for a root also by an independent witness", whereSignOff},
}

// crosswalk fills the steps into the criteria.
func (s *Script) crosswalk() []ScriptCriterion {
	steps := map[string][]string{}
	for _, section := range s.Sections {
		for _, step := range section.Steps {
			kind := step.Kind
			if step.ByPeople {
				kind = "people"
			}
			steps[kind] = append(steps[kind], step.ID)
			steps["all"] = append(steps["all"], step.ID)
		}
	}
	var out []ScriptCriterion
	for _, c := range criteria {
		var where []string
		for part := range strings.SplitSeq(c.Where, "; ") {
			kind, isKind := strings.CutPrefix(part, "{")
			if kind, _, _ = strings.Cut(kind, "}"); isKind {
				part = stepList(kind, steps[kind])
			}
			where = append(where, part)
		}
		c.Where = strings.Join(where, "; ")
		out = append(out, c)
	}
	return out
}

// stepList names the steps of a kind. A gap is said aloud: whoever reads the
// crosswalk looks for gaps.
func stepList(kind string, ids []string) string {
	verbs := map[string]string{
		"all": "steps", "people": "by people: steps", "generate": "key generation: steps", "sign": "signing: steps",
	}
	if len(ids) == 0 {
		return strings.TrimSuffix(verbs[kind], ": steps") + ": no step of this plan"
	}
	if kind == "all" {
		return "steps " + ids[0] + " to " + ids[len(ids)-1]
	}
	return verbs[kind] + " " + strings.Join(ids, ", ")
}

// letter is a letter or digit with the word that is said for it.
type letter struct{ Sign, Word string }

// alphabet is the spelling alphabet of ICAO and ITU, without its digits but
// for those that are easily misheard.
func alphabet() []letter {
	words := `Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November
		Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu`
	var out []letter
	for _, w := range strings.Fields(words) {
		out = append(out, letter{w[:1], w})
	}
	for i, w := range strings.Fields("ZE-RO WUN TOO TREE FOW-er FIFE SIX SEV-en AIT NIN-er") {
		out = append(out, letter{string(rune('0' + i)), w})
	}
	return out
}
