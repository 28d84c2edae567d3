package main

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// combinations judges arguments that depend on one another, in the words of the plugin SDK.
func (v *validation) combinations() {
	for _, group := range v.facts.Conflicts {
		v.presences(group, func(set, _ []string) {
			if len(set) > 1 {
				v.refuse(set[0], "Conflicting configuration arguments", "%q: conflicts with %s", set[0], strings.Join(set[1:], ", "))
			}
		})
	}
	for _, group := range v.facts.ExactlyOne {
		all := strings.Join(group, ",")
		v.presences(group, func(set, unclear []string) {
			switch {
			case len(set) > 1:
				v.refuse(set[0], "Invalid combination of arguments", "%q: only one of `%s` can be specified, but `%s` were specified.", set[0], all, strings.Join(set, ","))
			case len(set)+len(unclear) == 0:
				v.refuse(group[0], "Invalid combination of arguments", "%q: one of `%s` must be specified", group[0], all)
			}
		})
	}
	for _, group := range v.facts.AtLeastOne {
		v.presences(group, func(set, unclear []string) {
			if len(set)+len(unclear) == 0 {
				v.refuse(group[0], "Missing required argument", "%q: one of `%s` must be specified", group[0], strings.Join(group, ","))
			}
		})
	}
	for _, group := range v.facts.Together {
		first := group[0]
		v.presences(group, func(set, unclear []string) {
			if slices.Contains(set, first) && len(set)+len(unclear) < len(group) {
				v.refuse(first, "Missing required argument", "%q: all of `%s` must be specified", first, strings.Join(group, ","))
			}
		})
	}
}

// checks judges the combinations that the real providers look at while planning.
func (v *validation) checks() {
	for _, rule := range v.server.rules.Checks {
		if rule.Type != v.kind || !v.applies(rule.If) {
			continue
		}
		for _, path := range rule.Require {
			if v.presence(path) == absent {
				v.refuse(path, "Missing required argument", "%q must be set when %s", path, v.reason(rule.If))
			}
		}
		for _, path := range rule.Forbid {
			if v.presence(path) == given {
				v.refuse(path, "Conflicting configuration arguments", "%q must not be set when %s", path, v.reason(rule.If))
			}
		}
	}
}

func (v *validation) presence(path string) presence {
	best := absent
	for _, value := range valuesAt(v.config, path) {
		best = max(best, presenceOf(value))
	}
	return best
}

// applies says that every guard has one of its values; an argument that is not set has its default.
func (v *validation) applies(guards map[string][]any) bool {
	for path, allowed := range guards {
		values := valuesAt(v.config, path)
		value := v.facts.Defaults[path]
		if len(values) > 0 {
			if !values[0].IsKnown() {
				return false
			}
			if plain := toJSON(values[0]); plain != nil {
				value = plain
			}
		} else if strings.Contains(path, ".") {
			return false // the block that holds the argument is not there
		}
		if !oneOf(value, allowed) {
			return false
		}
	}
	return true
}

func (v *validation) reason(guards map[string][]any) string {
	var out []string
	for _, path := range sortedKeys(guards) {
		value := v.facts.Defaults[path]
		for _, found := range valuesAt(v.config, path) {
			if plain := toJSON(found); plain != nil {
				value = plain
			}
		}
		out = append(out, fmt.Sprintf("%q is %q", path, displayed(value)))
	}
	return strings.Join(out, " and ")
}

// texts judges names and other limited texts.
func (v *validation) texts() {
	for _, rule := range sortedKeys(v.server.rules.Texts) {
		path, ours := strings.CutPrefix(rule, v.kind+".")
		if !ours {
			continue
		}
		for _, value := range valuesBelow(v.config, path) {
			if text, ok := toJSON(value).(string); ok {
				v.text(path, text, v.server.rules.Texts[rule])
			}
		}
	}
}

func (v *validation) text(path, text string, rule textRule) {
	if rule.Max > 0 && (len(text) < rule.Min || len(text) > rule.Max) {
		v.refuse(path, fmt.Sprintf("expected length of %s to be in the range (%d - %d), got %s", path, rule.Min, rule.Max, text), "")
	}
	if rule.Pattern != "" {
		if matched, err := regexp.MatchString(rule.Pattern, text); err != nil || !matched {
			v.refuse(path, fmt.Sprintf("invalid value for %s (must match %s), got %s", path, rule.Pattern, text), "")
		}
	}
	if rule.Bytes == 0 {
		return
	}
	size := len(text)
	if rule.Base64 {
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			v.refuse(path, fmt.Sprintf("expected %s to be base64-encoded", path), "")
			return
		}
		size = len(decoded)
	}
	if size > rule.Bytes {
		v.refuse(path, fmt.Sprintf("expected %s to be at most %d bytes, got %d", path, rule.Bytes, size), "")
	}
}
