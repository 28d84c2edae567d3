package main

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// planCloudBlocks keeps the blocks that the cloud fills where the configuration has none. Only the legacy type system
// may plan a block that the configuration lacks; it says whether that was needed.
func (p *planning) planCloudBlocks(planned members) (legacy bool) {
	for name := range p.server.rules.Blocks[p.kind] {
		value, ok := planned[name]
		if !ok || !value.IsKnown() || len(elementsOf(value)) > 0 {
			continue
		}
		legacy = true
		if p.isNew {
			planned[name] = unknownOf(value.Type())
		} else {
			planned[name] = p.prior[name]
		}
	}
	return legacy
}

// planDefaults sets what the provider knows while planning: its defaults where the argument was removed from the
// configuration, and its own region.
func (p *planning) planDefaults(block *tfprotov6.SchemaBlock, planned members) {
	for _, attribute := range block.Attributes {
		name := attribute.Name
		if !attribute.Optional || !attribute.Computed || !isNull(p.config, name) {
			continue
		}
		if name == "region" && p.server.name == "aws" && p.isNew {
			planned[name] = tftypes.NewValue(tftypes.String, p.server.region)
			continue
		}
		if value, ok := p.facts.Defaults[name]; ok {
			if known, err := fromJSON(planned[name].Type(), value); err == nil {
				planned[name] = known
			}
		}
	}
}

// planTags computes tags_all as the AWS provider does while planning: its default tags, overridden by the resource's.
func (p *planning) planTags(planned members) error {
	all, ok := planned["tags_all"]
	if !ok || p.server.name != "aws" {
		return nil
	}
	tags := planned["tags"]
	if !tags.IsKnown() {
		planned["tags_all"] = unknownOf(all.Type())
		return nil
	}
	merged := map[string]any{}
	for key, value := range p.server.defaultTags {
		merged[key] = value
	}
	for key, value := range membersOf(tags) {
		if !value.IsKnown() {
			planned["tags_all"] = unknownOf(all.Type())
			return nil
		}
		merged[key] = toJSON(value)
	}
	value, err := fromJSON(all.Type(), merged)
	planned["tags_all"] = value
	return err
}

// planBumps makes the attributes unknown that a real difference moves.
func (p *planning) planBumps(planned members) {
	var changed []string
	for name, value := range planned {
		if !value.Equal(p.prior[name]) {
			changed = append(changed, name)
		}
	}
	for name, rule := range p.server.rules.Bumps[p.kind] {
		value, ok := planned[name]
		if !ok || !isNull(p.config, name) || !rule.moves(changed) || !p.holds(rule.If, planned) {
			continue
		}
		planned[name] = unknownOf(value.Type())
	}
}

func (b bump) moves(changed []string) bool {
	for _, name := range changed {
		if len(b.On) > 0 && slices.Contains(b.On, name) || len(b.On) == 0 && !slices.Contains(b.Except, name) {
			return true
		}
	}
	return false
}

// holds says that every guarded argument has one of its values in the plan; null means that it is not set.
func (p *planning) holds(guards map[string][]any, planned members) bool {
	for name, allowed := range guards {
		value, ok := planned[name]
		if !ok || !value.IsKnown() {
			return false
		}
		if !oneOf(toJSON(value), allowed) {
			return false
		}
	}
	return true
}

// oneOf compares as text, since JSON knows a number in several forms. A null stands for the absent value.
func oneOf(value any, allowed []any) bool {
	for _, candidate := range allowed {
		if (value == nil) == (candidate == nil) && displayed(value) == displayed(candidate) {
			return true
		}
	}
	return false
}
