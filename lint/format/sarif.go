// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	// sarifRoot is the name that code scanning gives to the checkout.
	sarifRoot = "%SRCROOT%"
)

// The objects of SARIF 2.1.0 that are written here, by their names there.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver     sarifComponent   `json:"driver"`
		Extensions []sarifComponent `json:"extensions,omitempty"`
	}
	sarifComponent struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules,omitempty"`
	}
	sarifRule struct {
		ID      string          `json:"id"`
		Name    string          `json:"name"`
		Short   sarifMessage    `json:"shortDescription"`
		Full    sarifMessage    `json:"fullDescription"`
		HelpURI string          `json:"helpUri,omitempty"`
		Help    sarifMessage    `json:"help"`
		Bag     sarifProperties `json:"properties"`
	}
	sarifProperties struct {
		Tags []string `json:"tags"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
		Rule      *sarifRuleRef   `json:"associatedRule,omitempty"`
	}
	sarifRuleRef struct {
		ID string `json:"id"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifMessage       `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

// writeSARIF writes the report as a log of the Static Analysis Results Interchange
// Format. What was not checked is a notification of the run: as a result it
// would be shown as an alert, or as a pass.
func writeSARIF(w io.Writer, r *Report) error {
	run := sarifRun{
		Tool:        sarifTool{Driver: sarifComponent{Name: r.Tool.Name, Version: r.Tool.Version}},
		Invocations: []sarifInvocation{{Successful: true}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{},
	}
	for name, version := range r.Tool.Engines {
		run.Tool.Extensions = append(run.Tool.Extensions, sarifComponent{Name: name, Version: version})
	}
	slices.SortFunc(run.Tool.Extensions, func(a, b sarifComponent) int { return strings.Compare(a.Name, b.Name) })
	index := map[string]int{}
	for _, rule := range r.Rules {
		index[rule.ID] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(rule))
	}
	for i := range r.Targets {
		t := &r.Targets[i]
		for j := range t.Findings {
			run.Results = append(run.Results, sarifResultOf(&t.Findings[j], index))
		}
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, notifications(t)...)
	}
	return encode(w, sarifLog{sarifSchema, sarifVersion, []sarifRun{run}})
}

// ruleID gives the id of a rule as SARIF has it: one lint of zlint has a space
// in its name, and a slash would make it a path.
func ruleID(id string) string { return url.PathEscape(id) }

func sarifRuleOf(r Rule) sarifRule {
	text := r.Requirement
	if r.Citation != "" {
		text += " (" + r.Citation + ")"
	}
	return sarifRule{
		ID: ruleID(r.ID), Name: r.ID, Short: sarifMessage{first(r.Requirement, r.ID)}, Full: sarifMessage{first(text, r.ID)},
		HelpURI: HelpURI(r.Citation), Help: sarifMessage{first(text, r.ID)}, Bag: sarifProperties{Tags: []string{r.Engine}},
	}
}

func first(words ...string) string {
	i := slices.IndexFunc(words, func(s string) bool { return s != "" })
	return words[i]
}

func sarifResultOf(f *Finding, index map[string]int) sarifResult {
	at, known := index[f.Rule]
	if !known {
		at = -1
	}
	level := map[string]string{Fatal: "error", Error: "error", Warning: "warning", Notice: "note"}[f.Level]
	message := f.text()
	if f.Hint != "" {
		message += " [" + oneLine(f.Hint) + "]"
	}
	out := sarifResult{
		RuleID: ruleID(f.Rule), RuleIndex: at, Level: level, Message: sarifMessage{message},
		Locations:    []sarifLocation{location(f.Place, f.Artifact)},
		Fingerprints: map[string]string{"finding/v1": fingerprint(f)},
	}
	if f.Related != nil {
		out.Related = []sarifLocation{location(*f.Related, "")}
	}
	if !f.Counts() {
		out.Suppressions = []sarifSuppression{{Kind: "external", Status: "accepted", Justification: f.aside()}}
	}
	return out
}

// fingerprint names a finding without its line, so that a line added above it
// makes no new alert.
func fingerprint(f *Finding) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, filepath.ToSlash(f.Place.File), f.Place.Path, f.Artifact, f.Field, f.message()}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

func location(p Place, artifact string) sarifLocation {
	out := sarifLocation{Physical: sarifPhysical{Artifact: artifactLocation(p.File)}}
	if p.Line > 0 {
		out.Physical.Region = &sarifRegion{p.Line, p.Column}
	}
	for _, name := range []string{artifact, p.Path} {
		if name != "" {
			out.Logical = append(out.Logical, sarifLogical{name})
		}
	}
	return out
}

func artifactLocation(file string) sarifArtifact {
	slash := filepath.ToSlash(file)
	if filepath.IsAbs(file) {
		if !strings.HasPrefix(slash, "/") { // a drive of Windows
			slash = "/" + slash
		}
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: slash}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: slash}).String(), Base: sarifRoot}
}

func notifications(t *Target) (out []sarifNotification) {
	at := []sarifLocation{location(Place{File: t.File, Line: t.Line}, "")}
	for _, n := range t.NotChecked {
		out = append(out, sarifNotification{
			Level: "note", Message: sarifMessage{n.Rule + " was not checked without " + n.without()},
			Locations: at, Rule: &sarifRuleRef{ruleID(n.Rule)},
		})
	}
	return out
}
