// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

// siteFile writes the site of the earlier ceremony, but for the folder of its second
// journal, which has to be a new one.
func (n *Next) siteFile() []byte {
	site := *n.site
	site.JournalMirror = ""
	return append([]byte("# yaml-language-server: $schema=schemas/site.schema.json\n#\n# The devices of the earlier ceremony.\n"), site.File()...)
}
