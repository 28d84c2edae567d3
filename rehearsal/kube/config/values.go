package config

import (
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// values are the merged settings: a scalar is a list of one.
type values map[string][]string

// readFiles merges a file and the folder beside it (config.yaml.d), in the order of names: a later file wins, and
// 'key+' appends to what the earlier ones gave.
func readFiles(file string) (values, error) {
	paths, err := files(file)
	if err != nil {
		return nil, err
	}
	merged := values{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if err := merged.merge(path, content); err != nil {
			return nil, err
		}
	}
	return merged, nil
}

func files(file string) ([]string, error) {
	var found []string
	for _, pattern := range []string{"*.yaml", "*.yml"} {
		more, err := filepath.Glob(filepath.Join(file+".d", pattern))
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	sort.Strings(found)
	if _, err := os.Stat(file); err == nil {
		found = append([]string{file}, found...)
	} else if !os.IsNotExist(err) {
		return nil, err
	}
	return found, nil
}

func (v values) merge(path string, content []byte) error {
	document := map[string]yaml.Node{}
	if err := yaml.Unmarshal(content, &document); err != nil {
		return errNoYAML(path, err)
	}
	for _, written := range sortedKeys(document) {
		name := strings.TrimSuffix(written, "+")
		if _, known := keys[name]; !known {
			return errUnknownKey(written, path, nearest(name))
		}
		node := document[written]
		list, err := texts(node, name, path)
		if err != nil {
			return err
		}
		if written == name {
			v[name] = list
		} else {
			v[name] = append(slices.Clone(v[name]), list...)
		}
	}
	return nil
}

func texts(node yaml.Node, name, path string) ([]string, error) {
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag == "!!null":
		return nil, nil
	case node.Kind == yaml.ScalarNode:
		return []string{node.Value}, nil
	case node.Kind == yaml.SequenceNode:
		list := make([]string, 0, len(node.Content))
		for _, item := range node.Content {
			if item.Kind != yaml.ScalarNode {
				return nil, errShape(name, path)
			}
			list = append(list, item.Value)
		}
		return list, nil
	default:
		return nil, errShape(name, path)
	}
}

// last is the value of a scalar key.
func (v values) last(name, otherwise string) string {
	if list := v[name]; len(list) > 0 {
		return list[len(list)-1]
	}
	return otherwise
}

func sortedKeys[V any](of map[string]V) []string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
