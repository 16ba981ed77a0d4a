// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"io"
	"sort"

	"gopkg.in/yaml.v3"
)

// endOfStream is what the library says of a quote that is not closed.
const endOfStream = "found unexpected end of stream"

// stop returns the offset of the byte at which the library gave up with this
// message. Its own errors carry no column and often the wrong line, so the
// place is found by parsing again: through a reader that counts, and then only
// the text up to one of the last bytes that were read.
func (d *Document) stop(msg string) int {
	if msg == endOfStream {
		return d.openQuote()
	}
	r := &countingReader{data: d.Data}
	_ = syntax(r)
	const ahead = 8 // the library looks at most four characters ahead
	for k := max(r.n-ahead, 1); k < r.n; k++ {
		if err := syntax(bytes.NewReader(d.Data[:k])); err != nil && message(err) == msg {
			return d.wordStart(k - 1)
		}
	}
	// The place is that of the last thing that can be seen.
	return max(len(bytes.TrimRight(d.Data[:r.n], " \r\n\t"))-1, 0)
}

// wordStart returns the offset of the first byte of the word at an offset.
func (d *Document) wordStart(offset int) int {
	for offset > 0 && isWord(d.Data[offset-1:offset+1]) {
		offset--
	}
	return offset
}

// openQuote returns the offset of a quote that is not closed: the place from
// which on every beginning of the text has that problem. Another quote that
// goes over several lines may be reported instead.
func (d *Document) openQuote() int {
	open := func(k int) bool {
		err := syntax(bytes.NewReader(d.Data[:k]))
		return err != nil && message(err) == endOfStream
	}
	n := sort.Search(len(d.lines)-1, func(i int) bool { return open(d.lines[i+1]) })
	end := len(d.Data)
	if n+1 < len(d.lines) {
		end = d.lines[n+1]
	}
	const most = 200 // a longer line is not worth the time
	at := d.lines[n]
	for k := end; k > at && end-k < most; k-- {
		if !open(k) {
			return min(k, len(d.Data)-1)
		}
	}
	return at
}

// syntax parses a whole file for its error alone.
func syntax(r io.Reader) error {
	dec := yaml.NewDecoder(r)
	for {
		var n yaml.Node
		if err := decode(dec, &n); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// countingReader hands out one byte at a time and knows how many.
type countingReader struct {
	data []byte
	n    int
}

func (r *countingReader) Read(p []byte) (int, error) {
	if r.n == len(r.data) {
		return 0, io.EOF
	}
	p[0] = r.data[r.n]
	r.n++
	return 1, nil
}
