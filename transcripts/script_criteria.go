// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import "strings"

// scriptCriterion is one requirement on a key ceremony with where this script
// meets it.
type scriptCriterion struct{ Source, Item, Where string }

// criterion is a requirement with where any script meets it.
type criterion struct {
	Source, Item string
	Where        []place
}

// place is a part of the script by its name, or the steps of a kind: "people"
// for all that people do.
type place struct{ Name, Steps string }

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
// force is in the documents themselves.
var criteria = []criterion{
	{"BR 6.1.1.1", "A key generation script is prepared and followed", []place{{Name: whereCover}, {Steps: "all"}, {Name: whereExceptions}}},
	{"BR 6.1.1.1", "A qualified auditor witnesses, or the whole process is on video", []place{{Name: wherePeople}, {Name: whereRoom}, {Name: "A1, Z6"}}},
	{"BR 6.1.1.1", "A qualified auditor reports that the ceremony was followed and on the controls", []place{{Name: whereOutside + "the auditor's report; its populations come from ceremony report BUNDLE --annex DIR"}}},
	{"BR 6.1.1.1", "Keys are generated in a physically secured environment", []place{{Name: whereRoom}}},
	{"BR 6.1.1.1", "Personnel in trusted roles, multiple person control, split knowledge", []place{{Name: wherePeople}, {Steps: "people"}, {Steps: "sign"}}},
	{"BR 6.1.1.1", "Keys are generated within suitable cryptographic modules", []place{{Name: whereMaterials}, {Steps: "generate"}}},
	{"BR 6.1.1.1", "Key generation is logged", []place{{Name: "the journal, sealed at each section"}, {Steps: "generate"}}},
	{"BR 6.1.1.1", "Controls give assurance that the private key was generated and protected as described", []place{{Steps: "generate"}, {Name: whereCustody}}},

	{"WebTrust for CAs 4.1 (1)", "Roles and responsibilities of participants", []place{{Name: wherePeople}}},
	{"WebTrust for CAs 4.1 (2)", "Management approves the conduct of the ceremony", []place{{Name: whereCover + ", Approval"}}},
	{"WebTrust for CAs 4.1 (3)", "Hardware, software and other materials with serial numbers", []place{{Name: whereMaterials}, {Name: whereCover}}},
	{"WebTrust for CAs 4.1 (4)", "Specific steps: hardware, key generation, backup, certificate signing, shutdown, preparation for storage", []place{{Steps: "people"}, {Steps: "generate"}, {Steps: "sign"}, {Name: "Z1 to Z6"}}},
	{"WebTrust for CAs 4.1 (5)", "Physical security of the location: barriers, access, logging", []place{{Name: whereRoom}}},
	{"WebTrust for CAs 4.1 (6)", "Secure storage of hardware and activation materials afterwards", []place{{Name: whereCustody}}},
	{"WebTrust for CAs 4.1 (7)", "Participants and witnesses sign whether the script was followed", []place{{Name: whereSignOff}}},
	{"WebTrust for CAs 4.1 (8)", "Deviations from the script are noted", []place{{Name: whereExceptions}}},

	{"ETSI EN 319 411-1 6.5.1", "Roles taking part, internal and external", []place{{Name: wherePeople}}},
	{"ETSI EN 319 411-1 6.5.1", "Functions of every role, and in which phases", []place{{Name: whereEverything + ", column Who"}}},
	{"ETSI EN 319 411-1 6.5.1", "Responsibilities during and after the ceremony", []place{{Name: wherePeople}, {Name: whereCustody}}},
	{"ETSI EN 319 411-1 6.5.1", "Evidence to be collected", []place{{Steps: "people"}, {Steps: "generate"}, {Steps: "sign"}, {Name: "Z1 to Z6"}}},
	{"ETSI EN 319 411-1 6.5.1", "A report, signed by the security officer; for a root also by an independent witness", []place{{Name: whereSignOff}}},
}

// crosswalk fills the steps into the criteria.
func (s *Script) crosswalk() []scriptCriterion {
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
	var out []scriptCriterion
	for _, c := range criteria {
		var where []string
		for _, at := range c.Where {
			if at.Steps != "" {
				at.Name = stepList(at.Steps, steps[at.Steps])
			}
			where = append(where, at.Name)
		}
		out = append(out, scriptCriterion{Source: c.Source, Item: c.Item, Where: strings.Join(where, "; ")})
	}
	return out
}

// stepList names the steps of a kind. A gap is said aloud: the person who reads the
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
