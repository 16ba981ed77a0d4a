// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"rootceremony/transcripts/event"
)

// AnnexFile is one file of an annex.
type AnnexFile struct {
	Name string
	Data []byte
}

// Files renders the annex: annex.json with all of it, and a CSV for each
// population, whose first columns say of which ceremony and mode a row is, so
// that rows of many ceremonies can be put together. The names of files of a
// rehearsal say so.
func (a *Annex) Files() ([]AnnexFile, error) {
	mark := ""
	if a.Mode == event.Rehearsal {
		mark = "REHEARSAL-"
	}
	data, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("rendering annex: %w", err)
	}
	files := []AnnexFile{{mark + "annex.json", append(data, '\n')}}
	v := reflect.ValueOf(*a)
	for i := range v.NumField() {
		if v.Field(i).Kind() != reflect.Slice {
			continue
		}
		name := v.Type().Field(i).Tag.Get("json")
		data, err := a.table(v.Field(i))
		if err != nil {
			return nil, fmt.Errorf("rendering annex: %s: %w", name, err)
		}
		files = append(files, AnnexFile{mark + name + ".csv", data})
	}
	return files, nil
}

// table writes one population as CSV. Every record is one line: what would
// break a line is shown as its code point.
func (a *Annex) table(rows reflect.Value) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	t := rows.Type().Elem()
	header := []string{"ceremony", "mode"}
	for i := range t.NumField() {
		header = append(header, t.Field(i).Tag.Get("json"))
	}
	if err := w.Write(header); err != nil {
		return nil, err
	}
	for r := range rows.Len() {
		record := []string{cell(a.Ceremony), cell(string(a.Mode))}
		for i := range t.NumField() {
			record = append(record, cell(cellText(rows.Index(r).Field(i))))
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// cellText writes a value: lists with semicolons, and zero, which no line and
// no operation has, as nothing.
func cellText(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case []string:
		return strings.Join(x, "; ")
	case int:
		return strings.TrimPrefix(fmt.Sprint(x), "0")
	case bool:
		return map[bool]string{true: "yes", false: "no"}[x]
	}
	return fmt.Sprint(v.Interface())
}

// formula are the characters with which spreadsheets begin a formula, also in
// the wide forms of East Asian keyboards.
const formula = "=+-@＝＋－＠"

// cell makes a text harmless: an apostrophe keeps a spreadsheet from taking it
// for a formula, and characters that do not print are shown.
func cell(text string) string {
	text = strings.ReplaceAll(string(visible([]byte(text))), "\n", "[U+000A]")
	if strings.IndexAny(strings.TrimLeft(text, " "), formula) == 0 {
		return "'" + text
	}
	return text
}
