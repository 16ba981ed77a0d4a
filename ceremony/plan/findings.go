// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// FindingsError says that an object must not exist, or should not have been
// signed. Only blocked makes one, so that it always says why.
type FindingsError struct {
	artifact string
	findings []lint.Finding
}

// Blocked gives the error of a report that blocks.
func Blocked(artifact string, report *lint.Report) *FindingsError {
	e := &FindingsError{artifact: artifact, findings: report.Blocking()}
	if len(e.findings) == 0 {
		e.findings = []lint.Finding{{Rule: "object.cleared", Status: lint.Fatal, Citation: "house",
			Details: "not cleared, but no finding says why: this is a bug, report it"}}
	}
	return e
}

// Findings gives what blocks; it is never empty.
func (e *FindingsError) Findings() []lint.Finding { return e.findings }

// Error implements error.
func (e *FindingsError) Error() string {
	var lines []string
	for _, f := range e.findings {
		lines = append(lines, fmt.Sprintf("%s: %s: %s (%s)", f.Status, f.Rule, f.Text(), f.Citation))
	}
	return fmt.Sprintf("%s has findings:\n  %s", e.artifact, strings.Join(lines, "\n  "))
}

// Undecided is a finding that people may accept with a waiver.
type Undecided struct{ Artifact, Rule, Text, Citation, Hint string }

// Undecided gives the warnings that block the plan, where they are all that does.
func (p *Preview) Undecided() (out []Undecided) {
	for i := range p.Reports {
		for _, f := range p.Reports[i].Blocking() {
			if f.Status != lint.Warning || !f.Waivable() {
				return nil
			}
			out = append(out, Undecided{f.Artifact, f.Rule, f.Text(), f.Citation, f.Hint})
		}
	}
	if len(out) != len(p.Problems) {
		return nil // a waiver or a proof is wrong
	}
	return out
}

// remedies say what a ceremony file can add for a rule that could not be evaluated
// of an object of an authority.
func remedies(authority string) map[lint.Need]string {
	const lost = "get what is lost from another copy of that bundle"
	return map[lint.Need]string{
		lint.NeedLatestCRL:   "put the step that signs the CRL of " + authority + " before this one, or name its latest CRL under inputs",
		lint.NeedPrevious:    "add previous: with the previous CRL, or first: true",
		lint.NeedRequest:     "add request: with the certificate request of the subject",
		lint.NeedExisting:    "add existing: with the certificate to cross-certify",
		lint.NeedRevoked:     "name the certificate that an earlier response calls revoked under inputs",
		lint.NeedEarlierCRLs: lost, lint.NeedEarlierResponses: lost,
		lint.NeedParts: "sign a CRL without issuingDistributionPoint, which covers all certificates of " + authority,
	}
}

// remedy says what to add where a rule that could find an error was not evaluated.
func (l *Loaded) remedy(f *lint.Finding) string {
	a := l.Plan.Artifact(f.Artifact)
	if a == nil {
		return ""
	}
	if a.RevocationList() != nil && !f.Required {
		return crlRemedy(a, f, l.Plan.Ceremony.Window.From)
	}
	if f.Rule == "cross.existing" && f.Status != lint.Notice {
		return "name another certificate of the same name and key which does not have this, or accept the finding with a waiver; otherwise only a new key and certificate of that CA helps"
	}
	if !f.Required {
		return ""
	}
	var out []string
	for _, need := range f.Lacks {
		if text := remedies(a.Authority)[need]; text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, "; ")
}

// crlRemedy says what to change in the step of a CRL, where the finding alone does not.
func crlRemedy(a *Artifact, f *lint.Finding, from time.Time) string {
	problem := f.Status != lint.Notice
	switch {
	case f.Rule == "crl.earlier-responses" && f.Field.Entry > 0:
		return fmt.Sprintf("sign a new response in an ocsp step, with revoked: {from: %s}, or write status: online here if a responder answers online", a.ID)
	case f.Field == lint.FieldNumber:
		return "write a number greater than each that the CA has used"
	case f.Rule == "crl.number" && f.Field == lint.FieldPrevious:
		return "look up in the records of the CA which numbers it has used, write a greater one, and accept this finding with a waiver"
	case f.Rule == "crl.delta":
		return "name each certificate that it lists under inputs and revoke it here, or its serial number in a file of revoke-from, with the date and the reason that it has; one that the previous CRL lists, too, becomes that under change:; " +
			"one that it has on hold stays so with reason: certificate-hold, or gets another reason, or is released under change: with its serial number"
	case f.Rule == "crl.earlier" && problem && f.Field == lint.FieldPrevious:
		return "name the last CRL of this scope as previous; revoke what another lists, too, under revoke:, or by serial number with revoke-from:"
	case f.Rule == "crl.entry-dates" && f.Field == lint.FieldPrevious:
		return afterSigning(a, profiles.FixedMoment(from))
	case f.Rule == "cert.der" && f.Field == lint.FieldPrevious:
		return respelled(a)
	case f.Rule == "crl.entry-reason":
		return withoutReason(a.RevocationList().Entries)
	case f.Rule == "crl.continuity" && problem && f.Field.Member == lint.MemberChange:
		return "correct now:, or remove the item, and the entry stays as it is"
	case f.Rule == "crl.continuity" && problem && f.Field == lint.FieldPrevious:
		return "name the last CRL that this CA has signed"
	case f.Rule == "crl.gap":
		return "sign earlier, if there is still time; if not, know that readers had no valid CRL meanwhile"
	}
	return ""
}

// afterSigning has the lines that correct entries of an existing CRL that are dated after the
// ceremony begins.
func afterSigning(a *Artifact, from profiles.Moment) string {
	var lines []string
	for i := range a.RevocationList().Entries {
		e := &a.RevocationList().Entries[i]
		if e.CarriedOver && e.Change == nil && e.Date > from && len(lines) < manyEntries {
			lines = append(lines, changeLine(bySerial(e), e, "now: {date: …, reason: "+reasonWord(e.Reason)+"}"))
		}
	}
	return "sign after that day, or, with the date of the records, write under change: " + strings.Join(lines, "; ")
}

// respelled has the lines that write the invalidityDate of entries of an existing CRL
// again which is not as RFC 5280 5.3.2 has it: in whole seconds of UTC.
func respelled(a *Artifact) string {
	var lines []string
	for i := range a.RevocationList().Entries {
		e := &a.RevocationList().Entries[i]
		if e.CarriedOver && e.Change == nil && e.InvalidityDate == "" && len(lines) < manyEntries &&
			slices.ContainsFunc(e.Extensions, func(x profiles.EntryExtension) bool { return string(x.OID) == inspect.OIDInvalidityDate.String() }) {
			lines = append(lines, changeLine(bySerial(e), e, "now: {date: "+string(e.Date)+", reason: "+reasonWord(e.Reason)+", invalidity-date: …}"))
		}
	}
	if lines == nil {
		return "what an entry has beside date, reason and invalidityDate stays as it is: where the rules bind, its CA has to sign a CRL without it"
	}
	return "an invalidityDate is in whole seconds of UTC (RFC 5280 5.3.2); write it so, for example 2019-01-01T00:00:00Z, under change: " + strings.Join(lines, "; ")
}
