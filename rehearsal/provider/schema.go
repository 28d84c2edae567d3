package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// schemas are one provider's schemas in the protocol's form.
type schemas struct {
	provider  *tfprotov6.Schema
	resources map[string]*tfprotov6.Schema
	data      map[string]*tfprotov6.Schema
	ephemeral map[string]*tfprotov6.Schema
}

// The file's shape is that of one provider in `terraform providers schema -json`.
type (
	providerJSON struct {
		Provider  *schemaJSON           `json:"provider"`
		Resources map[string]schemaJSON `json:"resource_schemas"`
		Data      map[string]schemaJSON `json:"data_source_schemas"`
		Ephemeral map[string]schemaJSON `json:"ephemeral_resource_schemas"`
	}
	schemaJSON struct {
		Version int64     `json:"version"`
		Block   blockJSON `json:"block"`
	}
	blockJSON struct {
		Attributes map[string]attributeJSON   `json:"attributes"`
		BlockTypes map[string]nestedBlockJSON `json:"block_types"`
	}
	attributeJSON struct {
		Type       json.RawMessage `json:"type"`
		NestedType *nestedTypeJSON `json:"nested_type"`
		Required   bool            `json:"required"`
		Optional   bool            `json:"optional"`
		Computed   bool            `json:"computed"`
		Sensitive  bool            `json:"sensitive"`
		WriteOnly  bool            `json:"write_only"`
		Deprecated bool            `json:"deprecated"`
	}
	nestedTypeJSON struct {
		Attributes map[string]attributeJSON `json:"attributes"`
		Mode       string                   `json:"nesting_mode"`
	}
	nestedBlockJSON struct {
		Mode  string    `json:"nesting_mode"`
		Min   int64     `json:"min_items"`
		Max   int64     `json:"max_items"`
		Block blockJSON `json:"block"`
	}
)

var objectNesting = map[string]tfprotov6.SchemaObjectNestingMode{
	"single": tfprotov6.SchemaObjectNestingModeSingle,
	"list":   tfprotov6.SchemaObjectNestingModeList,
	"set":    tfprotov6.SchemaObjectNestingModeSet,
	"map":    tfprotov6.SchemaObjectNestingModeMap,
}

var blockNesting = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov6.SchemaNestedBlockNestingModeMap,
	"group":  tfprotov6.SchemaNestedBlockNestingModeGroup,
}

// loadSchemas reads `<dir>/schemas/<provider>.json`.
func loadSchemas(dir, provider string) (*schemas, error) {
	file := filepath.Join(dir, "schemas", provider+".json")
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("no schemas: %w", err)
	}
	return parseSchemas(raw, file)
}

func parseSchemas(raw []byte, file string) (*schemas, error) {
	var document providerJSON
	if err := json.Unmarshal(raw, &document); err != nil {
		return nil, fmt.Errorf("schemas in %q: %w", file, err)
	}
	out := &schemas{provider: &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}}}
	var err error
	if document.Provider != nil {
		if out.provider, err = toSchema(*document.Provider); err != nil {
			return nil, fmt.Errorf("schema of the provider in %q: %w", file, err)
		}
	}
	for _, section := range []struct {
		from map[string]schemaJSON
		to   *map[string]*tfprotov6.Schema
	}{{document.Resources, &out.resources}, {document.Data, &out.data}, {document.Ephemeral, &out.ephemeral}} {
		*section.to = make(map[string]*tfprotov6.Schema, len(section.from))
		for name, source := range section.from {
			if (*section.to)[name], err = toSchema(source); err != nil {
				return nil, fmt.Errorf("schema of %q in %q: %w", name, file, err)
			}
		}
	}
	return out, nil
}

func toSchema(source schemaJSON) (*tfprotov6.Schema, error) {
	block, err := toBlock(source.Block)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.Schema{Version: source.Version, Block: block}, nil
}

func toBlock(source blockJSON) (*tfprotov6.SchemaBlock, error) {
	attributes, err := toAttributes(source.Attributes)
	if err != nil {
		return nil, err
	}
	out := &tfprotov6.SchemaBlock{Attributes: attributes}
	for _, name := range sortedKeys(source.BlockTypes) {
		nested := source.BlockTypes[name]
		block, err := toBlock(nested.Block)
		if err != nil {
			return nil, fmt.Errorf("block %q: %w", name, err)
		}
		mode, known := blockNesting[nested.Mode]
		if !known {
			return nil, fmt.Errorf("block %q: unknown nesting mode %q", name, nested.Mode)
		}
		out.BlockTypes = append(out.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: block, Nesting: mode, MinItems: nested.Min, MaxItems: nested.Max,
		})
	}
	return out, nil
}

func toAttributes(source map[string]attributeJSON) ([]*tfprotov6.SchemaAttribute, error) {
	var out []*tfprotov6.SchemaAttribute
	for _, name := range sortedKeys(source) {
		from := source[name]
		to := &tfprotov6.SchemaAttribute{
			Name: name, Required: from.Required, Optional: from.Optional, Computed: from.Computed,
			Sensitive: from.Sensitive, WriteOnly: from.WriteOnly, Deprecated: from.Deprecated,
		}
		if from.NestedType == nil {
			kind, err := tftypes.ParseJSONType(from.Type) //nolint:staticcheck // the only reader of Terraform's own type notation
			if err != nil {
				return nil, fmt.Errorf("attribute %q: %w", name, err)
			}
			to.Type = kind
			out = append(out, to)
			continue
		}
		members, err := toAttributes(from.NestedType.Attributes)
		if err != nil {
			return nil, fmt.Errorf("attribute %q: %w", name, err)
		}
		mode, known := objectNesting[from.NestedType.Mode]
		if !known {
			return nil, fmt.Errorf("attribute %q: unknown nesting mode %q", name, from.NestedType.Mode)
		}
		to.NestedType = &tfprotov6.SchemaObject{Attributes: members, Nesting: mode}
		to.WriteOnly = to.WriteOnly || holdsWriteOnly(to.NestedType)
		out = append(out, to)
	}
	return out, nil
}

// attributeOf finds a top-level attribute, or nil.
func attributeOf(block *tfprotov6.SchemaBlock, name string) *tfprotov6.SchemaAttribute {
	for _, attribute := range block.Attributes {
		if attribute.Name == name {
			return attribute
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	sort.Strings(out)
	return out
}
