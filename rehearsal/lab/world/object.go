package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// Object is one resource of the clouds. Its file name follows from Type, ID, Scope and Key: these never change.
type Object struct {
	Type  string
	ID    string
	Key   string
	Scope string
	// Attrs are Terraform's attributes.
	Attrs map[string]any
	// Secrets are the write-only arguments: the cloud holds them, no state does.
	Secrets map[string]any
	// Live is what a machine or the cloud changed since and Terraform does not look at.
	Live map[string]any

	// members that this package does not know; a write keeps them.
	others map[string]json.RawMessage
}

// UnmarshalJSON reads an object of the world; numbers stay as written (json.Number).
func (o *Object) UnmarshalJSON(raw []byte) error {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &members); err != nil {
		return err
	}
	known := map[string]any{
		"type": &o.Type, "id": &o.ID, "key": &o.Key, "scope": &o.Scope,
		"attrs": &o.Attrs, "secrets": &o.Secrets, "live": &o.Live,
	}
	for name, target := range known {
		if value, there := members[name]; there {
			decoder := json.NewDecoder(bytes.NewReader(value))
			decoder.UseNumber()
			if err := decoder.Decode(target); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			delete(members, name)
		}
	}
	if o.Attrs == nil {
		o.Attrs = map[string]any{}
	}
	o.others = members
	return nil
}

// MarshalJSON writes the form that the simulated provider reads.
func (o *Object) MarshalJSON() ([]byte, error) {
	out := map[string]any{"provider": MachineOwner}
	for name, value := range o.others {
		out[name] = value
	}
	maps.Copy(out, map[string]any{"type": o.Type, "id": o.ID, "scope": o.Scope, "attrs": o.Attrs})
	if o.Key != "" {
		out["key"] = o.Key
	}
	if len(o.Secrets) > 0 {
		out["secrets"] = o.Secrets
	}
	if len(o.Live) > 0 {
		out["live"] = o.Live
	}
	return json.Marshal(out)
}

// Value is the attribute at a path of names and indexes ("launch_template.0.id"); nil if a part of it is missing.
func Value(o *Object, path string) any {
	if o == nil {
		return nil
	}
	return At(o.Attrs, path)
}

// At is the value at a path within nested maps and lists; nil if a part of it is missing. A map's key that holds dots
// is reached by taking the map itself.
func At(from any, path string) any {
	for _, part := range strings.Split(path, ".") {
		switch container := from.(type) {
		case map[string]any:
			from = container[part]
		case []any:
			index, err := strconv.Atoi(part)
			if err != nil || index < 0 || index >= len(container) {
				return nil
			}
			from = container[index]
		default:
			return nil
		}
	}
	return from
}

// Text is the attribute at a path as text: numbers and booleans as Terraform shows them, "" for everything else.
func Text(o *Object, path string) string { return text(Value(o, path)) }

// Int is the attribute at a path as a whole number; 0 if it is none.
func Int(o *Object, path string) int {
	number, _ := strconv.ParseFloat(Text(o, path), 64)
	return int(number)
}

// Texts is the map or list at a path with its values as text; a list's keys are its indexes.
func Texts(o *Object, path string) map[string]string {
	out := map[string]string{}
	switch container := Value(o, path).(type) {
	case map[string]any:
		for name, value := range container {
			out[name] = text(value)
		}
	case []any:
		for index, value := range container {
			out[strconv.Itoa(index)] = text(value)
		}
	}
	return out
}

// List is the list of texts at a path, in its order.
func List(o *Object, path string) []string {
	values, _ := Value(o, path).([]any)
	out := make([]string, 0, len(values))
	for _, value := range values {
		out = append(out, text(value))
	}
	return out
}

func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case int:
		return strconv.Itoa(value)
	case bool:
		return strconv.FormatBool(value)
	}
	return ""
}
