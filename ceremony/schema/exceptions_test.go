// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

var beyondProfiles = []exception{
	{pattern: `^at-least .* is longer than at-most`, why: "arithmetic on the calendar"},
	{pattern: `^extension raw:.* stands twice`, why: "two items with the same identifier"},
}
var beyondCeremonies = []exception{}
var strictCeremonies = []exception{}
var strictProfiles = []exception{
	{pattern: `: true$`, why: "true or false without quotes where text is wanted: the loader warns and takes the text"},
}
