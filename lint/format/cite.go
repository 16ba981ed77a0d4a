// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"regexp"
	"strings"
)

// documents are where the texts are that rules cite, by the word a citation
// begins with. The longer word comes first.
var documents = []struct{ word, url string }{
	{"CSBR", "https://cabforum.org/working-groups/code-signing/documents/"},
	{"SBR", "https://cabforum.org/working-groups/smime/documents/"},
	{"S/MIME", "https://cabforum.org/working-groups/smime/documents/"},
	{"Code Signing", "https://cabforum.org/working-groups/code-signing/documents/"},
	{"CCADB", "https://www.ccadb.org/policy"},
	{"MRSP", "https://www.mozilla.org/about/governance/policies/security-group/certs/policy/"},
	{"Mozilla", "https://www.mozilla.org/about/governance/policies/security-group/certs/policy/"},
	{"CRP", "https://googlechrome.github.io/chromerootprogram/"},
	{"Chrome", "https://googlechrome.github.io/chromerootprogram/"},
	{"ARP", "https://www.apple.com/certificateauthority/ca_program.html"},
	{"Apple", "https://www.apple.com/certificateauthority/ca_program.html"},
	{"MTRP", "https://learn.microsoft.com/security/trusted-root/program-requirements"},
	{"EVG", "https://cabforum.org/working-groups/server/extended-validation/documents/"},
	{"BR", "https://cabforum.org/working-groups/server/baseline-requirements/documents/"},
	{"CABF", "https://cabforum.org/working-groups/server/baseline-requirements/documents/"},
	{"X.690", "https://www.itu.int/rec/T-REC-X.690"},
	{"X.520", "https://www.itu.int/rec/T-REC-X.520"},
}

var rfc = regexp.MustCompile(`RFC ?([0-9]{4,5})(?:[ :,]+(?:section )?([0-9]+(?:\.[0-9]+)*))?`)

// HelpURI gives where a citation can be read, or "". What a citation names
// first counts.
func HelpURI(citation string) string {
	first, at := "", len(citation)
	if m := rfc.FindStringSubmatchIndex(citation); m != nil {
		at = m[0]
		first = "https://www.rfc-editor.org/rfc/rfc" + citation[m[2]:m[3]]
		if m[4] >= 0 {
			first += "#section-" + citation[m[4]:m[5]]
		}
	}
	for _, d := range documents {
		if i := strings.Index(citation, d.word); i >= 0 && i < at {
			first, at = d.url, i
		}
	}
	return first
}
