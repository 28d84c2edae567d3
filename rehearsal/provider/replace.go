package main

import (
	"encoding/json"
	"regexp"
	"sort"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// replacements lists the top-level arguments whose change can't be made in place.
func (p *planning) replacements(schema *tfprotov6.Schema, planned members) []*tftypes.AttributePath {
	t := schema.ValueType()
	before, after := tftypes.NewValue(t, p.prior), tftypes.NewValue(t, planned)
	tops := map[string]bool{}
	mark := func(path string) {
		top, _, _ := strings.Cut(path, ".")
		if _, ok := planned[top]; ok && !(isNull(p.prior, top) && isNull(planned, top)) {
			tops[top] = true
		}
	}
	for _, path := range p.facts.ForceNew {
		if p.differs(schema.Block, path, before, after) {
			mark(path)
		}
	}
	for _, rule := range p.facts.Conditional {
		if p.holds(rule.When, planned) && p.changes(rule, planned) {
			mark(rule.Path)
		}
	}
	if region := attributeOf(schema.Block, "region"); region != nil && p.server.name == "aws" && region.Optional && region.Computed {
		if !planned["region"].Equal(p.prior["region"]) {
			tops["region"] = true
		}
	}
	var out []*tftypes.AttributePath
	for _, top := range sortedKeys(tops) {
		out = append(out, tftypes.NewAttributePath().WithAttributeName(top))
	}
	return out
}

// differs compares the values at a path; of a block only the number counts, as its own arguments have their own rules.
func (p *planning) differs(block *tfprotov6.SchemaBlock, path string, before, after tftypes.Value) bool {
	old, planned := valuesAt(before, path), valuesAt(after, path)
	if isBlock(block, path) {
		count := func(values []tftypes.Value) (n int) {
			for _, value := range values {
				n += len(fanOut(value))
			}
			return n
		}
		return count(old) != count(planned)
	}
	if len(old) != len(planned) {
		// elements that came or went: only what they bring or take matters
		return !onlyNulls(old) || !onlyNulls(planned)
	}
	return !sameValues(old, planned, p.facts.Defaults[path])
}

func onlyNulls(values []tftypes.Value) bool {
	for _, value := range values {
		if !value.IsNull() {
			return false
		}
	}
	return true
}

// sameValues takes an argument that is not set for its default.
func sameValues(a, b []tftypes.Value, otherwise any) bool {
	text := func(values []tftypes.Value) []string {
		out := make([]string, len(values))
		for i, value := range values {
			if value.IsNull() && otherwise != nil {
				if known, err := fromJSON(value.Type(), otherwise); err == nil {
					value = known
				}
			}
			out[i] = value.String()
		}
		sort.Strings(out) // the order of a set's elements says nothing
		return out
	}
	x, y := text(a), text(b)
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

func isBlock(block *tfprotov6.SchemaBlock, path string) bool {
	name, rest, nested := strings.Cut(path, ".")
	for _, candidate := range block.BlockTypes {
		if candidate.TypeName == name {
			return !nested || isBlock(candidate.Block, rest)
		}
	}
	return false
}

// changes says whether a conditional rule's kind of change happens.
func (p *planning) changes(rule condition, planned members) bool {
	old, ok := p.prior[rule.Path]
	if !ok {
		return false
	}
	now := planned[rule.Path]
	if old.Equal(now) {
		return false
	}
	if !now.IsKnown() {
		return !isNull(p.config, rule.Path)
	}
	from, to := toJSON(old), toJSON(now)
	switch rule.Change {
	case "any":
		return true
	case "lost":
		return len(missing(from, to)) > 0
	case "emptiness":
		return isEmptyJSON(from) != isEmptyJSON(to)
	case "decrease":
		return wholeNumber(to, 0) < wholeNumber(from, 0)
	case "first":
		return displayed(jsonAt(from, "0")) != displayed(jsonAt(to, "0"))
	case "without":
		kept := toJSON(p.prior[rule.Of])
		return kept != nil && len(missing([]any{kept}, to)) > 0
	case "from-to":
		return displayed(from) == displayed(rule.From) && displayed(to) == displayed(rule.To)
	case "except":
		return displayed(from) != displayed(rule.From) || displayed(to) != displayed(rule.To)
	case "architecture":
		return isARM(displayed(from)) != isARM(displayed(to))
	}
	return false
}

// missing lists the members of one JSON list that another lacks.
func missing(from, to any) []string {
	have := map[string]bool{}
	list, _ := to.([]any)
	for _, element := range list {
		raw, _ := json.Marshal(element)
		have[string(raw)] = true
	}
	var out []string
	list, _ = from.([]any)
	for _, element := range list {
		if raw, _ := json.Marshal(element); !have[string(raw)] {
			out = append(out, string(raw))
		}
	}
	return out
}

func isEmptyJSON(value any) bool {
	switch node := value.(type) {
	case nil:
		return true
	case string:
		return node == ""
	case []any:
		return len(node) == 0
	case map[string]any:
		return len(node) == 0
	}
	return false
}

// Graviton families carry a "g" behind their generation (m7g, c6gn, x2gd); a1 is the first of them.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
var armFamily = regexp.MustCompile(`^(a1|[a-z]+\d+[a-z]*g[a-z]*)\.`)

func isARM(instanceType string) bool { return armFamily.MatchString(instanceType) }
