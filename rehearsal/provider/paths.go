package main

import (
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// valuesAt finds the values at a dotted path without indexes; lists, sets and maps of objects are fanned out.
// A parent that is unknown yields itself, so that the caller sees that nothing can be said.
func valuesAt(v tftypes.Value, path string) []tftypes.Value {
	if path == "" {
		return fanOut(v)
	}
	name, rest, nested := strings.Cut(path, ".")
	var out []tftypes.Value
	for _, parent := range fanOut(v) {
		if !parent.IsKnown() {
			out = append(out, parent)
			continue
		}
		child, ok := membersOf(parent)[name]
		if !ok {
			continue
		}
		if !nested {
			out = append(out, child)
			continue
		}
		out = append(out, valuesAt(child, rest)...)
	}
	return out
}

// fanOut yields the objects behind a value: itself, or its elements.
func fanOut(v tftypes.Value) []tftypes.Value {
	switch {
	case v.Type() == nil || v.IsNull():
		return nil
	case !v.IsKnown():
		return []tftypes.Value{v}
	case isCollection(v.Type()):
		return elementsOf(v)
	}
	return []tftypes.Value{v}
}

// jsonAt walks plain JSON along a dotted path with indexes ("metadata.0.name"); nil where there is nothing.
func jsonAt(value any, path string) any {
	for _, segment := range strings.Split(path, ".") {
		switch node := value.(type) {
		case map[string]any:
			value = node[segment]
		case []any:
			index, err := strconv.Atoi(segment)
			if err != nil || index < 0 || index >= len(node) {
				return nil
			}
			value = node[index]
		default:
			return nil
		}
	}
	return value
}

// eachString calls visit for every string below a JSON value with its dotted path (without indexes).
func eachString(value any, path string, visit func(path, text string)) {
	switch node := value.(type) {
	case string:
		visit(path, node)
	case []any:
		for _, element := range node {
			eachString(element, path, visit)
		}
	case map[string]any:
		for _, key := range sortedKeys(node) {
			eachString(node[key], joinPath(path, key), visit)
		}
	}
}

func joinPath(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

// parentPath is the path without its last segment.
func parentPath(path string) string {
	if i := strings.LastIndex(path, "."); i >= 0 {
		return path[:i]
	}
	return ""
}

// commonParent is the longest path that is a parent of all.
func commonParent(paths []string) string {
	common := parentPath(paths[0])
	for _, path := range paths[1:] {
		for common != "" && !strings.HasPrefix(path, common+".") {
			common = parentPath(common)
		}
	}
	return common
}

// relativeTo cuts the parent off a path.
func relativeTo(parent, path string) string {
	if parent == "" {
		return path
	}
	return strings.TrimPrefix(path, parent+".")
}
