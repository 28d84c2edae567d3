package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// members are the attributes and blocks of one object.
type members = map[string]tftypes.Value

// membersOf returns a copy: Value.As hands out the value's own map.
func membersOf(v tftypes.Value) members {
	var own members
	if isGiven(v) {
		_ = v.As(&own)
	}
	out := make(members, len(own))
	for key, value := range own {
		out[key] = value
	}
	return out
}

// elementsOf returns a copy of a list's, set's or tuple's elements.
func elementsOf(v tftypes.Value) []tftypes.Value {
	var own []tftypes.Value
	if isGiven(v) {
		_ = v.As(&own)
	}
	return append([]tftypes.Value(nil), own...)
}

// isGiven says that the value is known and not null.
func isGiven(v tftypes.Value) bool { return v.Type() != nil && v.IsKnown() && !v.IsNull() }

// isNull says that the member is absent or null.
func isNull(m members, name string) bool {
	v, ok := m[name]
	return !ok || v.IsNull()
}

func isCollection(t tftypes.Type) bool {
	return t.Is(tftypes.List{}) || t.Is(tftypes.Set{}) || t.Is(tftypes.Tuple{})
}

func unknownOf(t tftypes.Type) tftypes.Value { return tftypes.NewValue(t, tftypes.UnknownValue) }

func nullOf(t tftypes.Type) tftypes.Value { return tftypes.NewValue(t, nil) }

// toJSON turns a value into plain JSON; what is unknown becomes null.
func toJSON(v tftypes.Value) any {
	if !isGiven(v) {
		return nil
	}
	t := v.Type()
	switch {
	case t.Is(tftypes.String):
		var s string
		_ = v.As(&s)
		return s
	case t.Is(tftypes.Bool):
		var b bool
		_ = v.As(&b)
		return b
	case t.Is(tftypes.Number):
		return numberJSON(v)
	case isCollection(t):
		list := elementsOf(v)
		out := make([]any, len(list))
		for i := range list {
			out[i] = toJSON(list[i])
		}
		return out
	case t.Is(tftypes.Object{}), t.Is(tftypes.Map{}):
		own := membersOf(v)
		out := make(map[string]any, len(own))
		for key := range own {
			out[key] = toJSON(own[key])
		}
		return out
	}
	return nil
}

func numberJSON(v tftypes.Value) json.Number {
	n := new(big.Float)
	_ = v.As(&n)
	if n.IsInt() {
		i, _ := n.Int(nil)
		return json.Number(i.String())
	}
	return json.Number(n.Text('g', -1))
}

// objectJSON is toJSON for a resource's value.
func objectJSON(v tftypes.Value) map[string]any {
	out, ok := toJSON(v).(map[string]any)
	if !ok {
		return map[string]any{}
	}
	return out
}

// fromJSON turns plain JSON into a value of the given type; members that the type lacks are left out.
func fromJSON(t tftypes.Type, value any) (tftypes.Value, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return tftypes.Value{}, err
	}
	state := tfprotov6.RawState{JSON: raw}
	return state.UnmarshalWithOpts(t, tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
}

// dynamicValue encodes a value for the wire.
func dynamicValue(v tftypes.Value) (*tfprotov6.DynamicValue, error) {
	out, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		return nil, fmt.Errorf("a value of the simulated provider does not fit its schema: %w", err)
	}
	return &out, nil
}

// decodeJSON reads JSON with exact numbers.
func decodeJSON(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode(into)
}

// textOf is the string at a key, or "".
func textOf(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}
