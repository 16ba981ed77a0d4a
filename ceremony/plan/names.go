// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	_ "crypto/sha512"
	"fmt"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// ArtifactKind is the word of the journal for what an artifact is.
func ArtifactKind(k profiles.Kind) string { return rowOf(k).journal }

// NameText writes a name for a screen.
func NameText(n profiles.Name) string {
	name, err := nameOf(n)
	if err != nil {
		return err.Error()
	}
	return name.String()
}

// nameOf gives a declared name as the second parser reads it.
func nameOf(n profiles.Name) (inspect.Name, error) {
	der, err := templates.EncodeName(n)
	if err != nil {
		return inspect.Name{}, err
	}
	return inspect.ParseName(der)
}

// commonName is what people call the owner of a name, where it has one.
func commonName(n inspect.Name) string {
	cn, _ := n.First(inspect.OIDCommonName)
	return cn
}

// Label is what a key is called on its token: in a rehearsal with a mark, and from the
// second attempt to make it on with its number.
func (k *Key) Label(rehearsal bool, attempt int) string {
	label := k.ID
	if rehearsal {
		label = RehearsalMark + " " + label
	}
	if attempt > 1 {
		label += fmt.Sprintf(" attempt %d", attempt)
	}
	return label
}

// RehearsalMark begins the labels and file names of a rehearsal.
const RehearsalMark = "REHEARSAL"
