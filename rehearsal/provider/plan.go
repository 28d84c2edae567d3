package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// planning is one resource's plan in progress.
type planning struct {
	server *server
	kind   string
	facts  *behaviour
	config members
	prior  members
	isNew  bool
}

// PlanResourceChange answers Terraform's own proposal, with what only the provider knows: what will be known after
// apply, what replaces the resource, which counters move.
func (s *server) PlanResourceChange(_ context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	out := &tfprotov6.PlanResourceChangeResponse{PlannedState: request.PriorState, PlannedPrivate: request.PriorPrivate}
	schema, ok := s.schemas.resources[request.TypeName]
	if !ok {
		out.Diagnostics = failure("unknown resource type %q", request.TypeName)
		return out, nil
	}
	t := schema.ValueType()
	proposed, err := request.ProposedNewState.Unmarshal(t)
	if err != nil {
		out.Diagnostics = failure("proposed state of %s: %v", request.TypeName, err)
		return out, nil
	}
	if proposed.IsNull() { // a destroy needs no answer
		out.PlannedState = request.ProposedNewState
		return out, nil
	}
	prior, err := request.PriorState.Unmarshal(t)
	if err != nil {
		out.Diagnostics = failure("prior state of %s: %v", request.TypeName, err)
		return out, nil
	}
	config, err := request.Config.Unmarshal(t)
	if err != nil {
		out.Diagnostics = failure("configuration of %s: %v", request.TypeName, err)
		return out, nil
	}
	p := &planning{
		server: s, kind: request.TypeName, facts: s.facts.of(request.TypeName),
		config: membersOf(config), prior: membersOf(prior), isNew: prior.IsNull(),
	}
	planned := membersOf(proposed)
	p.planBlock(schema.Block, planned, p.prior, p.isNew, "")
	out.UnsafeToUseLegacyTypeSystem = p.planCloudBlocks(planned)
	p.planDefaults(schema.Block, planned)
	if err := p.planTags(planned); err != nil {
		out.Diagnostics = failure("tags of %s: %v", request.TypeName, err)
		return out, nil
	}
	if !p.isNew && !tftypes.NewValue(t, planned).Equal(prior) {
		p.planBumps(planned)
		out.RequiresReplace = p.replacements(schema, planned)
	}
	out.PlannedState, err = dynamicValue(tftypes.NewValue(t, planned))
	if err != nil {
		out.Diagnostics = failure("plan of %s: %v", request.TypeName, err)
	}
	return out, nil
}

// planAttributes: write-only values are never kept; a computed attribute that nobody has a value for is unknown.
func (p *planning) planAttributes(attributes []*tfprotov6.SchemaAttribute, own, prior members, isNew bool, path string) {
	for _, attribute := range attributes {
		name := attribute.Name
		at := joinPath(path, name)
		value := own[name]
		switch {
		case attribute.WriteOnly:
			own[name] = nullOf(value.Type())
		case attribute.Computed && value.IsNull() && isNew:
			own[name] = p.newValue(attribute, value.Type(), at)
		case attribute.NestedType != nil && isGiven(value):
			nested := attribute.NestedType
			own[name] = planObjects(value, prior[name], isNew || isNull(prior, name), func(child, before members, childIsNew bool) {
				p.planAttributes(nested.Attributes, child, before, childIsNew, at)
			})
		}
	}
}

func (p *planning) newValue(attribute *tfprotov6.SchemaAttribute, t tftypes.Type, path string) tftypes.Value {
	if value, ok := p.facts.Defaults[path]; ok && attribute.Optional {
		if out, err := fromJSON(t, value); err == nil {
			return out
		}
	}
	return unknownOf(t)
}

func (p *planning) planBlock(block *tfprotov6.SchemaBlock, own, prior members, isNew bool, path string) {
	p.planAttributes(block.Attributes, own, prior, isNew, path)
	for _, nested := range block.BlockTypes {
		name := nested.TypeName
		value := own[name]
		if !isGiven(value) {
			continue
		}
		own[name] = planObjects(value, prior[name], isNew || isNull(prior, name), func(child, before members, childIsNew bool) {
			p.planBlock(nested.Block, child, before, childIsNew, joinPath(path, name))
		})
	}
}

// planObjects calls plan for every object behind a value, with the object of the prior state that it continues.
func planObjects(v, prior tftypes.Value, isNew bool, plan func(own, prior members, isNew bool)) tftypes.Value {
	one := func(object tftypes.Value, before *tftypes.Value) tftypes.Value {
		if !isGiven(object) {
			return object
		}
		own, earlier := membersOf(object), members{}
		if before != nil {
			earlier = membersOf(*before)
		}
		plan(own, earlier, before == nil)
		return tftypes.NewValue(object.Type(), own)
	}
	t := v.Type()
	switch {
	case t.Is(tftypes.Object{}):
		if isNew {
			return one(v, nil)
		}
		return one(v, &prior)
	case t.Is(tftypes.Map{}):
		own, earlier := membersOf(v), members{}
		if !isNew {
			earlier = membersOf(prior)
		}
		for key := range own {
			if before, ok := earlier[key]; ok {
				own[key] = one(own[key], &before)
			} else {
				own[key] = one(own[key], nil)
			}
		}
		return tftypes.NewValue(t, own)
	}
	list := elementsOf(v)
	var earlier []tftypes.Value
	if !isNew {
		earlier = elementsOf(prior)
	}
	for i := range list {
		list[i] = one(list[i], counterpart(t, list[i], i, earlier))
	}
	return tftypes.NewValue(t, list)
}

// counterpart is the prior element that an element continues: the one at its index in a list, an equal one in a set.
func counterpart(t tftypes.Type, element tftypes.Value, index int, earlier []tftypes.Value) *tftypes.Value {
	if !t.Is(tftypes.Set{}) {
		if index < len(earlier) {
			return &earlier[index]
		}
		return nil
	}
	for i := range earlier {
		if earlier[i].Equal(element) {
			return &earlier[i]
		}
	}
	return nil
}
