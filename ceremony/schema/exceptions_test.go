// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

// What JSON Schema cannot say, in the words of the loaders. Everything else
// that a loader refuses, the schema refuses too.

// beyondProfiles lists what the profile language checks beyond its schema.
var beyondProfiles = []exception{
	{pattern: `^at-least .* is longer than at-most`, why: "arithmetic on the calendar"},
	{pattern: `^duplicate extension raw:`, why: "two items with the same identifier"},
}

// beyondCeremonies lists what the ceremony file's loader checks beyond the
// schema.
var beyondCeremonies = []exception{
	// Between places of the file.
	{pattern: `^there is no (key|authority|input|certificate|CRL|responder)`, why: "a reference to another place of the file"},
	{pattern: `; expected a `, why: "a reference to something of another kind"},
	{pattern: `^duplicate (artifact|material) |^an input is named .* too;`, why: "ids are unique"},
	{pattern: `already has a role; one person holds one role$`, why: "names are unique over all pools"},
	{pattern: `people are needed but only [0-9]+ are named$`, why: "a number is compared with a list"},
	{pattern: `is not a role of this ceremony$`, why: "a reference to another place of the file"},
	{pattern: `is not one of the people of this ceremony$`, why: "a reference to another place of the file"},
	{pattern: `^no step (makes an artifact|generates key|uses key)`, why: "every key is used, every waiver has its artifact"},
	{pattern: `^no key is on token`, why: "a reference to another place of the file"},
	{pattern: `is not available at this step$|^an earlier step already generated or found key`, why: "the order of steps"},
	{pattern: `(exists already and cannot be generated|is not an existing key on a token)$`, why: "what the key's entry says"},
	{pattern: `is revoked twice|^duplicate change |^the previous CRL says of serial `, why: "entries are compared with each other"},
	{pattern: `^CRL .* does not list this certificate$|dates this revocation by its own signing`, why: "entries are compared with those of another CRL"},
	{pattern: `^the previous CRL (has|already revokes) `, why: "entries are compared with those of another CRL"},
	// In other files.
	{pattern: `^(file|bundle) .* not found`, why: "another file"},
	{pattern: `^bundle .* has no artifact`, why: "another file"},
	{pattern: `^the file's SHA-256 is`, why: "another file"},
	{pattern: `^the certificate is not for key`, why: "another file"},
	{pattern: `^the key is .*, the profile allows`, why: "the profile decides"},
	{pattern: `, which the profile requires$`, why: "the profile decides"},
}

// warned is where the loaders accept and warn that other YAML tools read
// something else.
var warned = exception{pattern: `: true$`, why: "true without quotes where text is wanted"}

// strictSites is where the schema of site files refuses what the loader accepts.
var strictSites = []exception{
	warned,
	{pattern: `keys\.[a-z-]+\.id: a number$`, why: "the id of a key that has digits alone, without quotes"},
}

// strictCeremonies is where the schema refuses what the loader accepts.
var strictCeremonies = []exception{
	warned,
}

// beyondSites lists what reading a site file checks beyond the schema.
var beyondSites = []exception{
	{pattern: `^unknown template "`, why: "names from one list to another"},
	{pattern: `^the URI has module-path`, why: "what a URI says"},
}

// beyondJournal lists what reading a journal checks beyond the schema.
var beyondJournal = []exception{
	{pattern: `: seq is 77$`, why: "lines are counted"},
	{pattern: `: seal_key: malformed verifier id$`, why: "a key with its own checksum"},
	{pattern: `: file: "lint/.*" begins with none of \["lint/.*\."\]$`, why: "a file that is called after its artifact"},
	{pattern: `: offset_seconds: .* ahead of host$`, why: "arithmetic on times"},
}
