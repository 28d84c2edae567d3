package main

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// fillObject replaces everything unknown in an object by values; identity first, since the rest may refer to it.
func (f *filler) fillObject(block *tfprotov6.SchemaBlock, own members) error {
	for _, name := range []string{"id", "arn", "name"} {
		attribute := attributeOf(block, name)
		if attribute == nil || own[name].IsKnown() {
			continue
		}
		if err := f.fillAttribute(attribute, own, ""); err != nil {
			return err
		}
	}
	return f.fillBlock(block, own, "")
}

func (f *filler) fillBlock(block *tfprotov6.SchemaBlock, own members, path string) error {
	for _, attribute := range block.Attributes {
		if err := f.fillAttribute(attribute, own, path); err != nil {
			return err
		}
	}
	for _, nested := range block.BlockTypes {
		name, at := nested.TypeName, joinPath(path, nested.TypeName)
		if template, ok := f.rules.Blocks[f.kind][name]; ok && path == "" && !own[name].IsKnown() {
			value, err := fromJSON(own[name].Type(), f.template(template, at))
			if err != nil {
				return fmt.Errorf("block %q: %w", at, err)
			}
			own[name] = value
		}
		value, err := mapObjects(own[name], func(child members) error { return f.fillBlock(nested.Block, child, at) })
		if err != nil {
			return err
		}
		own[name] = value
	}
	return nil
}

func (f *filler) fillAttribute(attribute *tfprotov6.SchemaAttribute, own members, path string) error {
	name, at := attribute.Name, joinPath(path, attribute.Name)
	value := own[name]
	if !value.IsKnown() {
		filled, err := f.value(value.Type(), name, at, attribute.Optional)
		if err != nil {
			return fmt.Errorf("attribute %q: %w", at, err)
		}
		value = filled
	}
	if attribute.NestedType != nil {
		var err error
		value, err = mapObjects(value, func(child members) error {
			for _, inner := range attribute.NestedType.Attributes {
				if err := f.fillAttribute(inner, child, at); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	own[name] = value
	if path == "" {
		f.top[name] = toJSON(value)
	}
	return nil
}

func (f *filler) value(kind tftypes.Type, name, path string, optional bool) (tftypes.Value, error) {
	if chosen, ok := f.chosen[path].(tftypes.Value); ok {
		return chosen, nil
	}
	if kind.Is(tftypes.DynamicPseudoType) {
		return nullOf(tftypes.DynamicPseudoType), nil
	}
	return fromJSON(kind, f.plain(kind, name, path, optional))
}

// plain is the value of one unknown attribute as JSON: by the type's own code, by rule, else by its type. An argument
// that nobody has a value for stays null.
func (f *filler) plain(kind tftypes.Type, name, path string, optional bool) any {
	if value, ok := f.chosen[path]; ok {
		return value
	}
	if path == name {
		if value, ok := randomValue(f, name); ok {
			return value
		}
	}
	for _, table := range f.tables() {
		if value, ok := f.rules.Attributes[table][path]; ok {
			return f.template(value, path)
		}
	}
	switch path {
	case "id":
		return f.id()
	case "arn":
		return f.arn()
	case "name":
		return f.name()
	}
	if optional {
		return nil
	}
	return f.byType(kind, name, path)
}

func (f *filler) byType(kind tftypes.Type, name, path string) any {
	switch {
	case kind.Is(tftypes.String):
		return f.expand("{kind}-"+name+"-{h6}", path)
	case kind.Is(tftypes.Number):
		return json.Number("0")
	case kind.Is(tftypes.Bool):
		return false
	case isCollection(kind):
		return []any{}
	case kind.Is(tftypes.Map{}):
		return map[string]any{}
	case kind.Is(tftypes.Object{}):
		object, ok := kind.(tftypes.Object)
		if !ok {
			return nil
		}
		out := map[string]any{}
		for member, memberType := range object.AttributeTypes {
			out[member] = f.plain(memberType, member, path+"."+member, false)
		}
		return out
	}
	return nil
}

// mapObjects calls change for every object behind a value and puts the changed objects back.
func mapObjects(v tftypes.Value, change func(members) error) (tftypes.Value, error) {
	if !isGiven(v) {
		return v, nil
	}
	t := v.Type()
	switch {
	case t.Is(tftypes.Object{}):
		own := membersOf(v)
		if err := change(own); err != nil {
			return v, err
		}
		return tftypes.NewValue(t, own), nil
	case t.Is(tftypes.Map{}):
		own := membersOf(v)
		for _, key := range sortedKeys(own) {
			value, err := mapObjects(own[key], change)
			if err != nil {
				return v, err
			}
			own[key] = value
		}
		return tftypes.NewValue(t, own), nil
	case isCollection(t):
		list := elementsOf(v)
		for i := range list {
			value, err := mapObjects(list[i], change)
			if err != nil {
				return v, err
			}
			list[i] = value
		}
		return tftypes.NewValue(t, list), nil
	}
	return v, nil
}
