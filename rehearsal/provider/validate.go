package main

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// validation judges one configuration by the facts. What is not known yet is not judged.
type validation struct {
	server *server
	kind   string
	facts  *behaviour
	config tftypes.Value
	found  []*tfprotov6.Diagnostic
}

// ValidateResourceConfig refuses what the real provider is known to refuse, in its words.
func (s *server) ValidateResourceConfig(_ context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	out := &tfprotov6.ValidateResourceConfigResponse{}
	schema, ok := s.schemas.resources[request.TypeName]
	if !ok {
		out.Diagnostics = failure("unknown resource type %q", request.TypeName)
		return out, nil
	}
	out.Diagnostics = s.validate(request.TypeName, s.facts.of(request.TypeName), schema, request.Config)
	return out, nil
}

// ValidateDataResourceConfig does the same for a data source.
func (s *server) ValidateDataResourceConfig(_ context.Context, request *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	out := &tfprotov6.ValidateDataResourceConfigResponse{}
	schema, ok := s.schemas.data[request.TypeName]
	if !ok {
		out.Diagnostics = failure("unknown data source %q", request.TypeName)
		return out, nil
	}
	out.Diagnostics = s.validate("data."+request.TypeName, s.facts.ofData(request.TypeName), schema, request.Config)
	return out, nil
}

func (s *server) validate(kind string, facts *behaviour, schema *tfprotov6.Schema, encoded *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	config, err := encoded.Unmarshal(schema.ValueType())
	if err != nil {
		return failure("configuration of %s: %v", kind, err)
	}
	v := &validation{server: s, kind: kind, facts: facts, config: config}
	v.unconfigurable(schema.Block, config, "")
	v.required()
	v.enums()
	v.ranges()
	v.counts()
	v.texts()
	v.combinations()
	v.checks()
	return v.found
}

func (v *validation) refuse(path, summary, format string, args ...any) {
	v.found = append(v.found, failureAt(path, summary, fmt.Sprintf(format, args...)))
}

// unconfigurable: Terraform leaves it to the provider to refuse a value for an attribute that only it decides.
func (v *validation) unconfigurable(block *tfprotov6.SchemaBlock, value tftypes.Value, path string) {
	own := membersOf(value)
	for _, attribute := range block.Attributes {
		given, ok := own[attribute.Name]
		if !ok || !attribute.Computed || attribute.Optional || given.IsNull() {
			continue
		}
		at := joinPath(path, attribute.Name)
		v.refuse(at, "Value for unconfigurable attribute",
			"Can't configure a value for %q: its value will be decided automatically based on the result of applying this configuration.", at)
	}
	for _, nested := range block.BlockTypes {
		for _, child := range fanOut(own[nested.TypeName]) {
			v.unconfigurable(nested.Block, child, joinPath(path, nested.TypeName))
		}
	}
}

// required arguments of a block hold inside every given one.
func (v *validation) required() {
	for _, path := range v.facts.Required {
		for _, parent := range valuesBelow(v.config, parentPath(path)) {
			name := relativeTo(parentPath(path), path)
			value, ok := membersOf(parent)[name]
			if parent.IsKnown() && ok && presenceOf(value) == absent {
				v.refuse(path, "Missing required argument", "The argument %q is required, but no definition was found.", path)
			}
		}
	}
}

// valuesBelow is valuesAt with collections opened: the objects themselves.
func valuesBelow(v tftypes.Value, path string) []tftypes.Value {
	if path == "" {
		return []tftypes.Value{v}
	}
	var out []tftypes.Value
	for _, value := range valuesAt(v, path) {
		out = append(out, fanOut(value)...)
	}
	return out
}

func (v *validation) enums() {
	for _, path := range sortedKeys(v.facts.Enums) {
		allowed := v.facts.Enums[path]
		anyCase := false
		for _, candidate := range v.server.rules.AnyCase {
			anyCase = anyCase || candidate == v.kind+"."+path
		}
		for _, value := range valuesBelow(v.config, path) {
			if !isGiven(value) || isAllowed(toJSON(value), allowed, anyCase) {
				continue
			}
			v.refuse(path, fmt.Sprintf("expected %s to be one of %s, got %s", path, enumText(allowed), displayed(toJSON(value))), "")
		}
	}
}

func isAllowed(value any, allowed []any, anyCase bool) bool {
	for _, candidate := range allowed {
		text, wanted := displayed(value), displayed(candidate)
		if text == wanted || anyCase && strings.EqualFold(text, wanted) {
			return true
		}
	}
	return false
}

// enumText writes a closed set as the SDK does: texts in quotes, numbers without.
func enumText(allowed []any) string {
	out := make([]string, len(allowed))
	for i, value := range allowed {
		if text, ok := value.(string); ok {
			out[i] = fmt.Sprintf("%q", text)
		} else {
			out[i] = displayed(value)
		}
	}
	return "[" + strings.Join(out, " ") + "]"
}

func (v *validation) ranges() {
	for _, path := range sortedKeys(v.facts.Ranges) {
		limits := v.facts.Ranges[path]
		for _, value := range valuesAt(v.config, path) {
			if !isGiven(value) || !value.Type().Is(tftypes.Number) {
				continue
			}
			number, err := numberJSON(value).Float64()
			if err == nil && (number < limits[0] || number > limits[1]) {
				v.refuse(path, fmt.Sprintf("expected %s to be in the range (%v - %v), got %v", path, limits[0], limits[1], number), "")
			}
		}
	}
}

func (v *validation) counts() {
	for _, path := range sortedKeys(v.facts.MaxItems) {
		for _, value := range valuesAt(v.config, path) {
			if !isGiven(value) || !isCollection(value.Type()) {
				continue
			}
			if n := len(elementsOf(value)); n > v.facts.MaxItems[path] {
				v.refuse(path, "Too many list items", "Attribute %s supports %d item maximum, but config has %d declared.", path, v.facts.MaxItems[path], n)
			}
		}
	}
}

// presence of an argument: one whose value is not known yet may turn out either way.
type presence int

const (
	absent presence = iota
	open
	given
)

func presenceOf(value tftypes.Value) presence {
	switch {
	case value.Type() == nil || value.IsNull():
		return absent
	case !value.IsKnown():
		return open
	case isCollection(value.Type()) && len(elementsOf(value)) == 0:
		return absent
	}
	return given
}

// presences of a group of paths, once for every object that is their common parent.
func (v *validation) presences(paths []string, judge func(set, unclear []string)) {
	parent := commonParent(paths)
	for _, object := range valuesBelow(v.config, parent) {
		if !object.IsKnown() {
			continue
		}
		var set, unclear []string
		for _, path := range paths {
			best := absent
			for _, value := range valuesAt(object, relativeTo(parent, path)) {
				best = max(best, presenceOf(value))
			}
			switch best {
			case given:
				set = append(set, path)
			case open:
				unclear = append(unclear, path)
			}
		}
		sort.Strings(set)
		judge(set, unclear)
	}
}
