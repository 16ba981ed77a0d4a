// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"rootceremony/internal/source"
)

// paperType is the type that a paper approval names itself by.
const paperType = "ceremony/paper-approval/v1"

// maxText bounds one line of text.
const maxText = 1000

// paper says that a person approved an object on paper. It is a statement about
// the paper, not the approval: it counts only where the rule says so, apart
// from signatures, and only when another person who may approve has signed it.
type paper struct {
	Who          string    // principal of the policy
	Role         string    // as which
	Meaning      Namespace // what the paper says, as the namespace of a signature would
	ObjectSHA256 string    // what was approved
	Resolution   string    // number or name of the resolution
	Date         string    // of the paper, as 2026-11-02
	ScanSHA256   string    // digest of the scan
}

var calendarDay = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// parsePaper reads a paper approval. All problems are returned at once, as
// [source.Errors] with the name of the file.
func parsePaper(name string, data []byte) (paper, error) {
	var p paper
	err := readDocument(name, data, paperType, func(o *source.Map) {
		p.Who = nameAt(o.Need("who"))
		p.Role = nameAt(o.Need("role"))
		p.Meaning, _ = NamespaceOf(o.Need("meaning").Enum("rule", ruleNames()...))
		p.ObjectSHA256 = digestAt(o.Need("object_sha256"))
		p.Resolution = line(o.Need("resolution"))
		date := o.Need("date")
		p.Date = date.Text()
		if _, err := time.Parse(time.DateOnly, p.Date); p.Date != "" && (err != nil || !calendarDay.MatchString(p.Date)) {
			date.Fail("%q is not a day such as 2026-11-02", p.Date)
		}
		p.ScanSHA256 = digestAt(o.Need("scan_sha256"))
	})
	if err != nil {
		return paper{}, err
	}
	return p, nil
}

// PaperFile is a paper approval as it is handed in: the statement, and the
// signatures under Review by which people vouch that such a paper exists.
type PaperFile struct {
	Name     string
	Data     []byte
	Vouchers []Signature
}

// evaluatePaper adds one paper approval to the verdict.
func (j *evaluation) evaluatePaper(f PaperFile) {
	p, err := parsePaper("", f.Data)
	if err != nil {
		j.refuse(Refusal{Name: f.Name, Reason: reasonMalformed, Why: oneLine(err), Failure: true})
		return
	}
	refuse := func(reason Reason, format string, args ...any) {
		j.refuse(Refusal{Name: f.Name, Person: p.Who, Reason: reason, Why: fmt.Sprintf(format, args...)})
	}
	switch {
	case j.rule == nil || !j.rule.Paper:
		refuse(reasonPaper, "the policy accepts no paper approval for this")
	case p.Meaning != j.Namespace:
		refuse(reasonNamespace, "the paper is made for another namespace")
	case p.ObjectSHA256 != j.ObjectSHA256:
		refuse(reasonObject, "the paper approves another object")
	case j.policy.person(p.Who) == nil:
		refuse(reasonUnknown, "the policy has no %s", p.Who)
	case !contains(j.ruleRoles(p.Who), p.Role):
		refuse(reasonNoRole, "%s may not approve this as %s", p.Who, p.Role)
	case laterThan(p.Date, j.At):
		refuse(reasonTime, "the paper is dated %s, which is in the future", p.Date)
	default:
		j.vouched(f, p)
	}
}

// vouched accepts a paper that another person of the policy has vouched for.
func (j *evaluation) vouched(f PaperFile, p paper) {
	v := PaperApproval{Name: f.Name, Person: p.Who, Role: p.Role, Resolution: p.Resolution, Date: p.Date, ScanSHA256: p.ScanSHA256}
	for _, s := range f.Vouchers {
		known, refusal := j.check(s, f.Data, Review)
		switch {
		case refusal != nil:
			j.refuse(*refusal)
		case known.person.ID == p.Who:
			j.refuse(Refusal{Name: s.Name, Person: p.Who, Reason: reasonPaper, Why: "nobody can vouch for their own paper approval"})
		case len(j.ruleRoles(known.person.ID)) == 0 && !j.policy.watches(known.person.ID):
			j.refuse(Refusal{Name: s.Name, Person: known.person.ID, Reason: reasonNoRole, Why: j.policy.noRole(known.person.ID, j.Namespace)})
		case !contains(v.Vouchers, known.person.ID):
			v.Vouchers = append(v.Vouchers, known.person.ID)
		}
	}
	switch {
	case len(v.Vouchers) == 0:
		j.refuse(Refusal{Name: f.Name, Person: p.Who, Reason: reasonPaper, Why: "no other person who may approve, or watches, has vouched for this paper"})
		return
	case !slices.ContainsFunc(v.Vouchers, j.policy.watches):
		j.refuse(Refusal{Name: f.Name, Person: p.Who, Reason: reasonPaper, Why: "no auditor and no witness has vouched for this paper"})
		return
	}
	j.Papers = append(j.Papers, v)
}

// laterThan reports whether a day begins after a time, wherever on earth the day
// was written.
func laterThan(day string, at time.Time) bool {
	t, err := time.Parse(time.DateOnly, day)
	return err != nil || t.Add(-14*time.Hour).After(at)
}
