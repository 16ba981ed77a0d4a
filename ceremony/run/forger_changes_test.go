// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/transcripts/event"
)

// forging is one change of a record: of a field of one of its lines, or of the lines.
type forging struct {
	name string // type of event, field, and what was done to it
	line int
	do   func(records []event.Record) []event.Record
}

// forgings are the changes of every field of every kind of line that a record has: of
// the first such line.
func forgings(t *testing.T, records []event.Record, seen map[string]bool) []forging {
	t.Helper()
	var all []forging
	pool := valuesIn(records)
	for i, r := range records {
		if k := kindOfLine(r); !seen[k] {
			seen[k] = true
			all = append(all, lineForgings(i, r)...)
			all = append(all, envelopeForgings(i, r, records)...)
			all = append(all, fieldForgings(t, i, r, pool)...)
		}
	}
	return slices.Concat(all, callForgings(records), inventedCalls(records), repeatedCalls(records), strangers(records), uncounted(records), roomForgings(records), preflightForgings(records))
}

// callForgings leave out each call that failed, with both of its lines, and each that
// proved a key, with its proof, and number the others anew: as if it had never been made.
func callForgings(records []event.Record) []forging {
	var all []forging
	begun, ended := map[int]int{}, map[int]int{}
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.OperationIntended:
			begun[e.Operation] = i
		case event.OperationFailed:
			first := begun[e.Operation]
			all = append(all, forging{r.Event.Type() + " " + e.What + " " + e.Effect + ": leave out the call", first + 1, func(l []event.Record) []event.Record {
				return renumbered(slices.Delete(slices.Delete(l, i, i+1), first, first+1), e.Operation)
			}})
		case event.OperationFinished:
			ended[e.Operation] = i
		case event.KeyProved:
			if e.Operation == 0 {
				continue
			}
			first, last := begun[e.Operation], ended[e.Operation]
			all = append(all, forging{r.Event.Type() + " " + e.Key + ": leave out with its signature", first + 1, func(l []event.Record) []event.Record {
				return renumbered(slices.Delete(slices.Delete(slices.Delete(l, i, i+1), last, last+1), first, first+1), e.Operation)
			}})
		}
	}
	return all
}

// renumbered counts the calls after one that is left out.
func renumbered(records []event.Record, without int) []event.Record {
	less := func(n *int) {
		if *n > without {
			*n--
		}
	}
	for i := range records {
		switch e := records[i].Event.(type) {
		case event.OperationIntended:
			less(&e.Operation)
			records[i].Event = e
		case event.OperationFinished:
			less(&e.Operation)
			records[i].Event = e
		case event.OperationFailed:
			less(&e.Operation)
			records[i].Event = e
		case event.SerialDrawn:
			less(&e.Operation)
			records[i].Event = e
		case event.KeyProved:
			less(&e.Operation)
			records[i].Event = e
		}
	}
	return records
}

// kindOfLine tells apart what events of one type are about.
func kindOfLine(r event.Record) string {
	kind := r.Event.Type()
	v := reflect.ValueOf(r.Event)
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		if slices.Contains([]string{"What", "Kind", "Stage", "When", "Encoding", "Outcome", "Purpose", "Exception", "Class", "Effect", "Pause", "CutOff", "Clear"}, name) {
			kind += fmt.Sprint(" ", f.Interface())
		} else if k := f.Kind(); k == reflect.Pointer || k == reflect.String && f.Len() == 0 {
			kind += fmt.Sprint(" ", f.IsZero())
		}
	}
	return kind
}

// lineForgings drop a line, double it, and swap it with the next.
func lineForgings(i int, r event.Record) []forging {
	f := func(what string, do func(l []event.Record) []event.Record) forging {
		return forging{r.Event.Type() + ": " + what, i + 1, do}
	}
	return []forging{
		f("drop", func(l []event.Record) []event.Record { return slices.Delete(l, i, i+1) }),
		f("double", func(l []event.Record) []event.Record { return slices.Insert(l, i, l[i]) }),
		f("swap with the next line", func(l []event.Record) []event.Record {
			if i+1 < len(l) {
				l[i], l[i+1] = l[i+1], l[i]
				l[i].Time, l[i+1].Time, l[i].Mono, l[i+1].Mono = l[i+1].Time, l[i].Time, l[i+1].Mono, l[i].Mono
			}
			return l
		}),
	}
}

// envelopeForgings change what every line has around its event.
func envelopeForgings(i int, r event.Record, records []event.Record) []forging {
	var all []forging
	add := func(field, what string, change func(r *event.Record)) {
		all = append(all, forging{r.Event.Type() + " " + field + ": " + what, i + 1, func(l []event.Record) []event.Record {
			change(&l[i])
			return l
		}})
	}
	for _, how := range []event.How{event.Observed, event.Reported, event.Stated, event.External, event.Simulated} {
		if how != r.How {
			add("how", "change to "+string(how), func(r *event.Record) { r.How = how })
		}
	}
	if len(r.By) > 0 {
		add("by", "drop", func(r *event.Record) { r.By = nil })
		add("by", "drop one", func(r *event.Record) { r.By = r.By[1:] })
		add("by", "double one", func(r *event.Record) { r.By = append(slices.Clone(r.By), r.By[0]) })
		if len(r.By) > 1 {
			add("by", "swap", func(r *event.Record) { r.By = slices.Clone(r.By); slices.Reverse(r.By) })
		}
		add("by", "change to a stranger", func(r *event.Record) { r.By = append([]string{"mallet"}, r.By[1:]...) })
		add("by", "unseen", func(r *event.Record) { r.By = append([]string{r.By[0] + "\u202e"}, r.By[1:]...) })
	} else {
		add("by", "add", func(r *event.Record) { r.By = []string{"alice"} })
		add("by", "add a stranger", func(r *event.Record) { r.By = []string{"mallet"} })
	}
	for _, d := range []time.Duration{time.Second, -time.Second, 24 * time.Hour, -24 * time.Hour} {
		add("t", "change by "+d.String(), func(r *event.Record) { r.Time = r.Time.Add(d) })
	}
	add("mono_ms", "drop", func(r *event.Record) { r.Mono = 0 })
	add("mono_ms", "change", func(r *event.Record) { r.Mono += time.Hour })
	add("session", "change", func(r *event.Record) { r.Session++ })
	if r.Step == "" {
		add("step", "add", func(r *event.Record) { r.Step = "2" })
		return all
	}
	add("step", "drop", func(r *event.Record) { r.Step = "" })
	add("step", "change", func(r *event.Record) { r.Step += "1" })
	return all
}

// spot is a place in an event.
type spot struct {
	path string
	at   func(root reflect.Value) reflect.Value
}

// spotsIn walks through all fields of an event, also those that are empty.
func spotsIn(v reflect.Value, s spot) []spot {
	all := []spot{}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			all = append(all, spotsIn(v.Field(i), spot{strings.TrimPrefix(s.path+"."+name, "."), func(root reflect.Value) reflect.Value { return s.at(root).Field(i) }})...)
		}
		return all
	case reflect.Pointer:
		if !v.IsNil() {
			all = spotsIn(v.Elem(), spot{s.path, func(root reflect.Value) reflect.Value { return s.at(root).Elem() }})
		}
	case reflect.Slice:
		for _, i := range slices.Compact([]int{0, v.Len() - 1}) {
			if i >= 0 && i < v.Len() {
				all = append(all, spotsIn(v.Index(i), spot{s.path + "[]", func(root reflect.Value) reflect.Value { return s.at(root).Index(i) }})...)
			}
		}
	}
	return append(all, s)
}

// valuesIn gathers the texts that the fields of a record have, by their place.
func valuesIn(records []event.Record) map[string][]string {
	pool := map[string][]string{}
	for _, r := range records {
		v := reflect.ValueOf(r.Event)
		for _, s := range spotsIn(v, spot{r.Event.Type() + " ", func(root reflect.Value) reflect.Value { return root }}) {
			if f := s.at(v); f.Kind() == reflect.String && !slices.Contains(pool[s.path], f.String()) {
				pool[s.path] = append(pool[s.path], f.String())
			}
		}
	}
	return pool
}

// fieldForgings change, drop, double and add each field of an event.
func fieldForgings(t *testing.T, i int, r event.Record, pool map[string][]string) []forging {
	t.Helper()
	var all []forging
	was, err := json.Marshal(r.Event)
	if err != nil {
		t.Fatal(err)
	}
	copied := func() reflect.Value {
		c := reflect.New(reflect.TypeOf(r.Event))
		if err := json.Unmarshal(was, c.Interface()); err != nil {
			panic(err)
		}
		return c.Elem()
	}
	v := copied()
	for _, s := range spotsIn(v, spot{"", func(root reflect.Value) reflect.Value { return root }}) {
		if s.path == "" {
			continue
		}
		for _, e := range edits(s.at(v), pool[r.Event.Type()+" ."+s.path]) {
			c := copied()
			e.set(s.at(c))
			is := c.Interface().(event.Event)
			if data, err := json.Marshal(is); err == nil && string(data) == string(was) {
				continue // it changes nothing
			}
			what := e.what
			if s.path == "exception" {
				what += " " + s.at(v).String() // each has its own rule
			}
			all = append(all, forging{r.Event.Type() + " " + s.path + ": " + what, i + 1, func(l []event.Record) []event.Record {
				l[i].Event = is
				return l
			}})
		}
	}
	return all
}

// editing is one change of a value.
type editing struct {
	what string
	set  func(v reflect.Value)
}

func edits(v reflect.Value, pool []string) []editing {
	drop := editing{"drop", func(v reflect.Value) { v.SetZero() }}
	switch v.Kind() {
	case reflect.String:
		return textEdits(v.String(), pool)
	case reflect.Int, reflect.Int64:
		return []editing{drop, {"change up", func(v reflect.Value) { v.SetInt(v.Int() + 1) }}, {"change down", func(v reflect.Value) { v.SetInt(v.Int() - 1) }}}
	case reflect.Bool:
		return []editing{{"change", func(v reflect.Value) { v.SetBool(!v.Bool()) }}}
	case reflect.Pointer:
		return []editing{drop, {"add", func(v reflect.Value) {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
		}}}
	case reflect.Slice:
		return sliceEdits(v, drop)
	case reflect.Map:
		return mapEdits(v, drop)
	}
	panic("an event has a field of a kind that the forger does not know: " + v.Type().String())
}

func textEdits(s string, pool []string) []editing {
	set := func(what, is string) editing { return editing{what, func(v reflect.Value) { v.SetString(is) }} }
	var all []editing
	n := 0
	for _, other := range pool {
		if other != s && other != "" && n < 2 {
			n++
			all = append(all, set(map[bool]string{true: "add", false: "change"}[s == ""]+" to one that is elsewhere", other))
		}
	}
	if s == "" {
		return append(all, set("add", "x"), set("add a digest", strings.Repeat("0", 64)))
	}
	return append(all, set("drop", ""), set("change", otherText(s)), set("unseen", s+[]string{"\u202e", "\x1b[2J"}[len(s)%2]))
}

// otherText gives a text of the same form.
func otherText(s string) string {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.Add(time.Second).Format(time.RFC3339)
	}
	if _, err := hex.DecodeString(s); err == nil && len(s) >= 4 {
		return s[:len(s)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(s, "0")]
	}
	if b, err := base64.StdEncoding.DecodeString(s); err == nil && len(b) > 11 {
		b[len(b)-1] ^= 1
		return base64.StdEncoding.EncodeToString(b)
	}
	return s + "x"
}

func sliceEdits(v reflect.Value, drop editing) []editing {
	if v.Len() == 0 {
		return []editing{drop, {"add", func(v reflect.Value) {
			e := reflect.New(v.Type().Elem()).Elem()
			if e.Kind() == reflect.String {
				e.SetString("x")
			}
			v.Set(reflect.Append(v, e))
		}}}
	}
	return []editing{drop,
		{"drop one", func(v reflect.Value) { v.Set(v.Slice(0, v.Len()-1)) }},
		{"double one", func(v reflect.Value) { v.Set(reflect.Append(v, v.Index(0))) }},
		{"swap", func(v reflect.Value) {
			first := reflect.New(v.Type().Elem()).Elem()
			first.Set(v.Index(0))
			v.Index(0).Set(v.Index(v.Len() - 1))
			v.Index(v.Len() - 1).Set(first)
		}},
	}
}

func mapEdits(v reflect.Value, drop editing) []editing {
	elem := func(v reflect.Value) reflect.Value {
		e := reflect.New(v.Type().Elem()).Elem()
		if e.Kind() == reflect.String {
			e.SetString("x")
		} else {
			e.SetInt(7)
		}
		return e
	}
	put := func(v reflect.Value, key string) {
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		v.SetMapIndex(reflect.ValueOf(key), elem(v))
	}
	all := []editing{drop, {"add", func(v reflect.Value) { put(v, "extra") }}}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, k := range keys {
		all = append(all, editing{"drop one", func(v reflect.Value) { v.SetMapIndex(k, reflect.Value{}) }},
			editing{"change one", func(v reflect.Value) { put(v, k.String()) }},
			editing{"rename one", func(v reflect.Value) {
				v.SetMapIndex(reflect.ValueOf(k.String()+"x"), v.MapIndex(k))
				v.SetMapIndex(k, reflect.Value{})
			}})
	}
	return all
}
