// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

// Reasons that several requirements share.
const (
	whyRecord = "a question about the record, not about one object: judged where the ceremony is run and verified"
	whyPeople = "a question about people and rooms: the ceremony file asks for it, the record shows who stated it"
	whyModule = "a question about the module: asked through PKCS#11 while the ceremony runs"
	whyPlan   = "a question about the ceremony file and its order: asked when it is planned and run"
)

// ofTheRoom are the requirements of the ceremony itself.
var ofTheRoom = []Requirement{
	{"cer.script-hash", "BR 6.1.1.1", "the approved script is the one that is followed", whyPlan},
	{"cer.step-order", "BR 6.1.1.1", "steps are complete and in order", whyRecord},
	{"cer.inputs", "house", "input files exist and have the known digest, YAML is strict", whyPlan},
	{"cer.deviations", "WebTrust for CAs 2.2.2", "no deviation is open", whyRecord},
	{"cer.witness", "BR 6.1.1.1, EVG 6.1.1, MRSP 7.1", "a Qualified Auditor witnesses, or the whole process is on video", whyPeople},
	{"cer.roles", "BR 5.2.2", "trusted roles are separated", whyPeople},
	{"cer.quorum", "BR 5.2.2, 6.2.2", "at least two people, no two shares in one hand", whyPeople},
	{"cer.attendance", "EN 319 411-1 GEN-6.5.1-05", "who is there was approved", whyPeople},
	{"cer.air-gap", "NCSSR 1.2.1", "the host is offline", "a question about the host, which this program does not ask: people look, and the script has a box for it"},
	{"cer.hsm-allowed", "BR 6.2.7, CSBR 6.2.7.1", "the module is certified to FIPS 140-2 or -3 level 3, or Common Criteria EAL 4+", whyModule},
	{"cer.hsm-empty", "house", "all objects on the token are listed and explained before the start", whyModule},
	{"cer.key-attributes", "BR 6.1.1.1, 6.2", "the key was made in the module and cannot leave it", whyModule},
	{"cer.attestation", "house", "an attestation of the key is verified, or its absence is stated", whyModule},
	{"cer.tbs-confirm", "BR 4.3.1.1", "an authorised person commands each signature of a root directly", whyPeople},
	{"cer.plan-first", "house", "everything passes with throw-away keys before the token is touched", whyPlan},
	{"cer.lint-pass", "BR 4.3.1.2", "nothing is signed that a linter objects to", "held by the type Clearance of this package, which only lint makes; a law of the program, not a rule about an object"},
	{"cer.quarantine", "house", "what fails after the signature is withheld", whyRecord},
	{"cer.ruleset-age", "BR 6.6.1", "the rules are not older than three months", "the age of the program at the moment of the ceremony"},
	{"cer.clock", "BR 5.4.1", "the clock agrees with two references", whyPeople},
	{"cer.log-chain", "BR 5.4.1", "the journal is whole", whyRecord},
	{"cer.sign-off", "EN 319 411-1 GEN-6.5.1-14", "people sign what happened", whyRecord},
	{"cer.retention", "BR 5.4.3", "until when records are kept", whyRecord},
	{"cer.backup-equal", "BR 6.2.4", "the backup holds the same key",
		"shown by the digest that a second machine reads out of the copy, where the ceremony file asks for it (key-digest)"},
	{"cer.no-secrets", "BR 6.4", "no PIN in any file", "held by the types of the program and a test with a sentinel"},
	{"cer.parked-keys", "MRSP 3.1.3, ARP 1.1.5", "each key is certified or listed as parked", whyRecord},
	{"cer.approvals", "CRP 1.6.1, ARP 1.4, MRSP 8.4", "approvals for external CAs", whyPeople},
	{"cer.destruction", "BR 5.4.1, CSBR 6.3.2", "destroyed keys are gone, with their backups", whyModule},
	{"cer.transfer", "MRSP 8.3", "transfers of keys are witnessed", whyPeople},
	{"cer.tsa-offline", "CSBR 6.2.7.2, 6.3.2", "the key of a time stamping CA of more than 72 months is kept offline; its subscriber keys are removed in time", whyPeople},
	{"cer.policy-ref", "house", "each profile points to the CP/CPS it implements", "a field of the profile, required and pinned by its loader"},
	{"cer.delivery", "CCADB Policy 3.2, 6.2", "outputs and deadlines are written", "after the ceremony; this program writes no list of what is to be handed over, nor deadlines"},
}
