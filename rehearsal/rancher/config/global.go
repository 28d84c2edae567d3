package config

import (
	"encoding/json"
	"fmt"
	"strings"
)

// GlobalConfig is RKE2's configuration of every machine of a cluster.
type GlobalConfig map[string]any

// UnmarshalJSON reads an object, or a text as Terraform's yamlencode writes it.
func (g *GlobalConfig) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		var object map[string]any
		if err := json.Unmarshal(raw, &object); err != nil {
			return err
		}
		*g = object
		return nil
	}
	parsed, err := parseGlobal(text)
	if err != nil {
		return fmt.Errorf("'machineGlobalConfig': %w", err)
	}
	*g = parsed
	return nil
}

// parseGlobal reads a flat YAML mapping of scalars and lists of scalars, which is all that RKE2's configuration has.
func parseGlobal(text string) (GlobalConfig, error) {
	out := GlobalConfig{}
	list := ""
	for number, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || trimmed == "{}" || strings.HasPrefix(trimmed, "#") || trimmed == "---" {
			continue
		}
		fail := func(why string) (GlobalConfig, error) {
			return nil, fmt.Errorf("line %d ('%s') %s, allowed is a flat mapping of values and lists", number+1, trimmed, why)
		}
		if item, ok := strings.CutPrefix(trimmed, "- "); ok {
			items, isList := out[list].([]any)
			if !isList {
				return fail("is an item without a key")
			}
			out[list] = append(items, scalar(item))
			continue
		}
		if line[0] == ' ' || line[0] == '\t' {
			return fail("is nested")
		}
		key, value, ok := cutKey(trimmed)
		if !ok {
			return fail("has no key")
		}
		list = ""
		if value == "" {
			list = key
			out[key] = []any{}
		} else {
			out[key] = scalar(value)
		}
	}
	return out, nil
}

func cutKey(line string) (key, value string, ok bool) {
	if !strings.HasPrefix(line, `"`) {
		key, value, ok = strings.Cut(line, ":")
		return key, strings.TrimSpace(value), ok && key != ""
	}
	decoder := json.NewDecoder(strings.NewReader(line))
	if decoder.Decode(&key) != nil {
		return "", "", false
	}
	rest, ok := strings.CutPrefix(line[decoder.InputOffset():], ":")
	return key, strings.TrimSpace(rest), ok
}

// scalar reads what JSON can read, and takes everything else as text.
func scalar(text string) any {
	var value any
	if json.Unmarshal([]byte(text), &value) == nil {
		return value
	}
	if len(text) >= 2 && strings.HasPrefix(text, "'") && strings.HasSuffix(text, "'") {
		return strings.ReplaceAll(text[1:len(text)-1], "''", "'")
	}
	return text
}
