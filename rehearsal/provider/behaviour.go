package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed behaviour/*.json
var behaviourFiles embed.FS

// behaviour is what is known of a type beyond its schema. Paths are dotted and without indexes: a path means every
// element. Made by behaviour/reduce.mjs, apart from behaviour/more.json, which is written by hand.
type behaviour struct {
	ForceNew    []string              `json:"forceNew"`
	Conditional []condition           `json:"conditionalForceNew"`
	Bump        []string              `json:"computedBump"`
	Required    []string              `json:"required"`
	Enums       map[string][]any      `json:"enums"`
	Ranges      map[string][2]float64 `json:"ranges"`
	Conflicts   [][]string            `json:"conflicts"`
	ExactlyOne  [][]string            `json:"exactlyOneOf"`
	AtLeastOne  [][]string            `json:"atLeastOneOf"`
	Together    [][]string            `json:"requiredWith"`
	MaxItems    map[string]int        `json:"maxItems"`
	Defaults    map[string]any        `json:"defaults"`
}

// condition is a replacement that depends on more than a difference; behaviour/conditions.mjs says what `Change` means.
type condition struct {
	Path   string           `json:"path"`
	When   map[string][]any `json:"when"`
	Change string           `json:"change"`
	From   any              `json:"from"`
	To     any              `json:"to"`
	Of     string           `json:"of"`
}

type behaviourDocument struct {
	Types       map[string]*behaviour `json:"types"`
	DataSources map[string]*behaviour `json:"dataSources"`
}

var noBehaviour = &behaviour{}

// loadBehaviour reads the facts of one provider; a provider without facts has none.
func loadBehaviour(provider string) (*behaviourDocument, error) {
	out := &behaviourDocument{Types: map[string]*behaviour{}, DataSources: map[string]*behaviour{}}
	for _, name := range []string{provider, "more"} {
		raw, err := behaviourFiles.ReadFile("behaviour/" + name + ".json")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var document behaviourDocument
		if err == nil {
			err = decodeJSON(raw, &document)
		}
		if err != nil {
			return nil, fmt.Errorf("behaviour of %q: %w", name, err)
		}
		for name, facts := range document.Types {
			out.Types[name] = facts
		}
		for name, facts := range document.DataSources {
			out.DataSources[name] = facts
		}
	}
	return out, nil
}

func (d *behaviourDocument) of(kind string) *behaviour {
	if facts := d.Types[kind]; facts != nil {
		return facts
	}
	return noBehaviour
}

func (d *behaviourDocument) ofData(kind string) *behaviour {
	if facts := d.DataSources[kind]; facts != nil {
		return facts
	}
	return noBehaviour
}
