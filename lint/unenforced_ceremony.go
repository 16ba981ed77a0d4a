// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

// Reasons that several requirements share.
const (
	whyRecord = "about the record, not about one object: checked when a ceremony is run and verified"
	whyPeople = "about people and rooms: the ceremony file asks for it, the record shows who stated it"
	whyModule = "about the module: checked through PKCS#11 during the ceremony"
	whyPlan   = "about the ceremony file and the order of its steps: checked when it is planned and run"
)

// ceremonyRequirements are the requirements of the ceremony itself.
var ceremonyRequirements = []Requirement{
	{ID: "cer.script-hash", Citation: "BR 6.1.1.1", Requirement: "the approved script is the one that is followed", Why: whyPlan},
	{ID: "cer.step-order", Citation: "BR 6.1.1.1", Requirement: "steps are complete and in order", Why: whyRecord},
	{ID: "cer.inputs", Citation: "house", Requirement: "input files exist and have the known digest, YAML is strict", Why: whyPlan},
	{ID: "cer.deviations", Citation: "WebTrust for CAs 2.2.2", Requirement: "no deviation is open", Why: whyRecord},
	{ID: "cer.witness", Citation: "BR 6.1.1.1, EVG 6.1.1, MRSP 7.1", Requirement: "a Qualified Auditor witnesses, or the whole process is on video", Why: whyPeople},
	{ID: "cer.roles", Citation: "BR 5.2.2", Requirement: "trusted roles are separated", Why: whyPeople},
	{ID: "cer.quorum", Citation: "BR 5.2.2, 6.2.2", Requirement: "at least two people; nobody has two shares", Why: whyPeople},
	{ID: "cer.attendance", Citation: "EN 319 411-1 GEN-6.5.1-05", Requirement: "everyone present was approved", Why: whyPeople},
	{ID: "cer.air-gap", Citation: "NCSSR 1.2.1", Requirement: "the host is offline", Why: "about the host, which this program does not check: people check it, and the script has a box for it"},
	{ID: "cer.hsm-allowed", Citation: "BR 6.2.7, CSBR 6.2.7.1", Requirement: "the module is certified to FIPS 140-2 or -3 level 3, or Common Criteria EAL 4+", Why: whyModule},
	{ID: "cer.hsm-empty", Citation: "house", Requirement: "all objects on the token are listed and explained before the start", Why: whyModule},
	{ID: "cer.key-attributes", Citation: "BR 6.1.1.1, 6.2", Requirement: "the key was made in the module and cannot leave it", Why: whyModule},
	{ID: "cer.attestation", Citation: "house", Requirement: "an attestation of the key is verified, or its absence is stated", Why: whyModule},
	{ID: "cer.tbs-confirm", Citation: "BR 4.3.1.1", Requirement: "an authorised person commands each signature of a root directly", Why: whyPeople},
	{ID: "cer.plan-first", Citation: "house", Requirement: "everything passes with throw-away keys before the token is opened", Why: whyPlan},
	{ID: "cer.lint-pass", Citation: "BR 4.3.1.2", Requirement: "nothing is signed that a linter objects to", Why: "enforced by the type Clearance, which only package lint makes; a property of the program, not a rule about an object"},
	{ID: "cer.quarantine", Citation: "house", Requirement: "what fails after the signature is withheld", Why: whyRecord},
	{ID: "cer.ruleset-age", Citation: "BR 6.6.1", Requirement: "the rules are not older than three months", Why: "the age of the program at the moment of the ceremony"},
	{ID: "cer.clock", Citation: "BR 5.4.1", Requirement: "the clock agrees with two references", Why: whyPeople},
	{ID: "cer.log-chain", Citation: "BR 5.4.1", Requirement: "the journal is complete and unaltered", Why: whyRecord},
	{ID: "cer.sign-off", Citation: "EN 319 411-1 GEN-6.5.1-14", Requirement: "people sign what happened", Why: whyRecord},
	{ID: "cer.retention", Citation: "BR 5.4.3", Requirement: "the date until which records are kept", Why: whyRecord},
	{ID: "cer.backup-equal", Citation: "BR 6.2.4", Requirement: "the backup has the same key",
		Why: "shown by the digest that a second machine reads out of the copy, where the ceremony file asks for it (key-digest)"},
	{ID: "cer.no-secrets", Citation: "BR 6.4", Requirement: "no PIN in any file", Why: "enforced by the types of the program and a test with a known PIN"},
	{ID: "cer.parked-keys", Citation: "MRSP 3.1.3, ARP 1.1.5", Requirement: "each key is certified or listed as parked", Why: whyRecord},
	{ID: "cer.approvals", Citation: "CRP 1.6.1, ARP 1.4, MRSP 8.4", Requirement: "approvals for external CAs", Why: whyPeople},
	{ID: "cer.destruction", Citation: "BR 5.4.1, CSBR 6.3.2", Requirement: "destroyed keys are gone, with their backups", Why: whyModule},
	{ID: "cer.transfer", Citation: "MRSP 8.3", Requirement: "transfers of keys are witnessed", Why: whyPeople},
	{ID: "cer.tsa-offline", Citation: "CSBR 6.2.7.2, 6.3.2", Requirement: "the key of a time stamping CA of more than 72 months is kept offline; its subscriber keys are removed in time", Why: whyPeople},
	{ID: "cer.policy-ref", Citation: "house", Requirement: "each profile points to the CP/CPS it implements", Why: "a field of the profile, required and pinned by its loader"},
	{ID: "cer.delivery", Citation: "CCADB Policy 3.2, 6.2", Requirement: "outputs and deadlines are written", Why: "after the ceremony; this program writes no list of what is to be handed over, and deadlines only for what was signed and not delivered"},
}
