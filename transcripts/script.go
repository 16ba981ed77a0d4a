// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"rsc.io/qr"
)

//go:embed templates/script.html.tmpl templates/script.css
var scriptFiles embed.FS

// Script is what the printable script shows. It follows from the plan, and
// from the site file where one is given, and from nothing else: the same plan
// gives the same page byte for byte.
type Script struct {
	Ceremony, Title string
	From, To        string // of the window
	Extended        string // until when two people may extend it
	Takes           string // expected time of the steps that give one
	PlanSHA256      string
	SiteSHA256      string   // empty: the devices are blanks
	Software        bool     // the site accepts software tokens
	TemplateNotes   []string // in which ways its key templates let keys leave a token
	People          []ScriptRole
	Materials       []ScriptMaterial
	Devices         []ScriptDevice
	Logins          []ScriptLogins
	Files           []Labelled // what was read for the plan, with the SHA-256 of each
	Keys            []ScriptKey
	Warnings        []string // what the plan should have and does not need
	Waivers         []ScriptWaiver
	Sections        []ScriptSection
	Approved        bool // people have to approve the plan, by a policy
	Commands        ScriptCommands
}

// ScriptCommands are command lines to type. A word in capitals in them is for
// what is written on the page of devices.
type ScriptCommands struct{ Run, Resume, Redo, Amend, Sign, Verify string }

// ScriptRole is a pool of people with the number that must be present.
type ScriptRole struct {
	Role   string
	Need   int
	People []string
}

// ScriptMaterial is a thing on the table; what is empty is left blank.
type ScriptMaterial struct{ ID, What, Serial string }

// ScriptDevice is a token; what is empty is left blank.
type ScriptDevice struct{ Token, Label, Serial, Model, Module, Login string }

// ScriptLogins are the logins to a token, of a session in which nothing goes wrong.
type ScriptLogins struct {
	Token         string
	Opened, Fresh int
	Signatures    []ScriptSignatures
}

// All is the number of logins without those of keys that ask for the PIN each time.
func (l ScriptLogins) All() int { return l.Opened + l.Fresh }

// ScriptSignatures says how often a key signs.
type ScriptSignatures struct {
	Key   string
	Times int
}

// ScriptKey is a key of the plan. Step is where it is made or found.
type ScriptKey struct{ ID, Token, Algorithm, Class, Source, SPKISHA256, Step string }

// ScriptWaiver is a finding that was accepted in advance.
type ScriptWaiver struct{ Rule, Artifact, Reason, Citation, Approver, Expires string }

// ScriptSection is a part of the ceremony, at whose end the head of the
// journal is written down.
type ScriptSection struct {
	ID, Title string
	Steps     []ScriptStep
}

// ScriptStep is one numbered step.
type ScriptStep struct {
	ID, Kind, Title string
	Who             []string
	ByPeople        bool // people do it and type that it is done
	Proved          bool // new processes find the new keys when it is done
	Head            bool // the head of the record is shown when it is done
	Takes           string
	Record          []ScriptField
	Keys            []ScriptKey // made or found here
	Card            *ScriptCard
	// Table holds the artifacts that are confirmed together, as one table,
	// at the first step of them; TableAt is that step, for the others.
	Table   []string
	TableAt string
}

// ScriptField is something to write down.
type ScriptField struct{ Name, Type string }

// Digest reports whether it is a SHA-256.
func (f ScriptField) Digest() bool { return f.Type == "digest" || strings.HasSuffix(f.Type, "-digest") }

// ScriptCard is an object that will be signed.
type ScriptCard struct {
	Artifact, What string
	Root           bool // its digest is published, and written in full
	SignBefore     string
	Rows           []CardRow
}

// CardRow is a value of an object that will be signed, as plan, script and screens
// show it.
type CardRow struct {
	Label     string
	Lines     []string // what is indented belongs to the line before it
	Extension bool     // it is an extension, whose title is the label
	Critical  bool
}

// shownWidth is how wide a title and a value may be that share a line.
const shownWidth = 62

// Shown gives the rows of a card as they are set: the extensions have one label, and
// each has its title before its value, or above its values.
func Shown(rows []CardRow) []CardRow {
	out := slices.Clone(rows)
	label := "Extensions"
	for i := range out {
		r := &out[i]
		if !r.Extension {
			label = "Extensions"
			continue
		}
		title := r.Label
		if r.Critical {
			title += " (critical)"
		}
		if title += ":"; len(r.Lines) == 1 && len(title+r.Lines[0]) < shownWidth {
			r.Lines = []string{title + " " + r.Lines[0]}
		} else {
			r.Lines = append([]string{title}, indentedLines(r.Lines)...)
		}
		r.Label, label = label, ""
	}
	return out
}

func indentedLines(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = "  " + l
	}
	return out
}

// Words turns a digest into words that are read aloud, one for each byte.
type Words func(digest []byte) []string

// HTML renders the script as one page that needs nothing else.
func (s *Script) HTML(words Words) ([]byte, error) {
	css, err := scriptFiles.ReadFile("templates/script.css")
	if err != nil {
		return nil, fmt.Errorf("rendering script: %w", err)
	}
	t, err := template.New("script.html.tmpl").Funcs(template.FuncMap{
		"css":   func() template.CSS { return template.CSS(css) }, //nolint:gosec // embedded, a constant of the program
		"fours": fours, "count": counted, "words": spokenAs(words), "qr": planQR,
		"inputs": inputNames, "digests": func(fields []ScriptField) bool { return slices.ContainsFunc(fields, ScriptField.Digest) }, "crosswalk": (*Script).crosswalk, "alphabet": alphabet, "join": strings.Join, "shown": Shown,
	}).ParseFS(scriptFiles, "templates/script.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("rendering script: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, s); err != nil {
		return nil, fmt.Errorf("rendering script: %w", err)
	}
	return visible(out.Bytes()), nil
}

// counted gives the numbers from 1 to n, for blanks.
func counted(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i + 1
	}
	return list
}

// wordRow is four bytes of a digest, as digits and as words.
type wordRow struct {
	Hex   string
	Words []string
}

// wordsPerRow is how many words are in a row, here and on the screen.
const wordsPerRow = 4

// spokenAs gives the words of a digest in hexadecimal.
func spokenAs(words Words) func(string) ([]wordRow, error) {
	return func(digest string) ([]wordRow, error) {
		raw, err := hex.DecodeString(digest)
		if err != nil {
			return nil, fmt.Errorf("digest %q: %w", digest, err)
		}
		var rows []wordRow
		for part := range slices.Chunk(raw, wordsPerRow) {
			rows = append(rows, wordRow{Hex: hex.EncodeToString(part)})
		}
		for i, part := range slices.Collect(slices.Chunk(words(raw), wordsPerRow)) {
			rows[i].Words = part
		}
		return rows, nil
	}
}

// inputNames lists the fields of a step in words.
func inputNames(fields []ScriptField) string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// qrView is a QR code as the path of a drawing.
type qrView struct {
	Size int // modules on a side, with the quiet zone
	Text string
	Path string
}

// quiet is the margin that readers of QR codes want, in modules.
const quiet = 4

// planQR encodes which plan a paper is of. It holds an id and a digest only,
// so that a phone that scans it is led nowhere.
func planQR(ceremony, planSHA256 string) (*qrView, error) {
	q := &qrView{Text: "ceremony:" + ceremony + ":plan:sha256:" + planSHA256}
	code, err := qr.Encode(q.Text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("drawing the QR code: %w", err)
	}
	q.Size = code.Size + 2*quiet
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; {
			n := 0
			for code.Black(x+n, y) {
				n++
			}
			if n > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, n, n)
			}
			x += n + 1
		}
	}
	q.Path = path.String()
	return q, nil
}
