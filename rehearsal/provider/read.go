package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ReadResource answers what the world holds: drift is an edited file, a lost object a deleted one.
func (s *server) ReadResource(_ context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	out := &tfprotov6.ReadResourceResponse{NewState: request.CurrentState, Private: request.Private}
	state, err := s.read(request)
	if err != nil {
		out.Diagnostics = failure("reading %s: %v", request.TypeName, err)
		return out, nil
	}
	if out.NewState, err = dynamicValue(state); err != nil {
		out.NewState, out.Diagnostics = request.CurrentState, failure("reading %s: %v", request.TypeName, err)
	}
	return out, nil
}

func (s *server) read(request *tfprotov6.ReadResourceRequest) (tftypes.Value, error) {
	schema, ok := s.schemas.resources[request.TypeName]
	if !ok {
		return tftypes.Value{}, fmt.Errorf("unknown resource type")
	}
	t := schema.ValueType()
	current, err := request.CurrentState.Unmarshal(t)
	if err != nil {
		return current, err
	}
	if err := s.reachable(); err != nil {
		return current, err
	}
	state := objectJSON(current)
	id := displayed(state["id"])
	if struck := s.strike(request.TypeName, "read", id); struck != nil {
		return current, fmt.Errorf("%s: %s", id, struck.message())
	}
	found, err := s.locate(request.TypeName, request.Private, state)
	if err != nil {
		return current, err
	}
	if found == nil {
		s.record("gone", request.TypeName, id, "")
		return nullOf(t), nil
	}
	return mergeRecord(current, found.Attrs), nil
}

// mergeRecord takes over what the world has otherwise. Values of a dynamic type, whose type the world does not keep,
// stay as they are in the state.
func mergeRecord(current tftypes.Value, attrs map[string]any) tftypes.Value {
	own := membersOf(current)
	for name, value := range own {
		held, ok := attrs[name]
		if !ok || value.Type().Is(tftypes.DynamicPseudoType) {
			continue
		}
		if now, err := fromJSON(value.Type(), held); err == nil && !now.Equal(value) {
			own[name] = now
		}
	}
	return tftypes.NewValue(current.Type(), own)
}

// ImportResourceState finds an object by its identifier.
func (s *server) ImportResourceState(_ context.Context, request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	out := &tfprotov6.ImportResourceStateResponse{}
	schema, ok := s.schemas.resources[request.TypeName]
	if !ok {
		out.Diagnostics = failure("unknown resource type %q", request.TypeName)
		return out, nil
	}
	found, err := s.world.byID(request.TypeName, request.ID)
	if err != nil {
		out.Diagnostics = failure("importing %s: %v", request.TypeName, err)
		return out, nil
	}
	for _, r := range found {
		if r.Scope != s.scopeOf(request.TypeName, r.Attrs) {
			continue
		}
		value, err := fromJSON(schema.ValueType(), r.Attrs)
		if err != nil {
			out.Diagnostics = failure("importing %s: %v", request.TypeName, err)
			return out, nil
		}
		state, err := dynamicValue(value)
		if err != nil {
			out.Diagnostics = failure("importing %s: %v", request.TypeName, err)
			return out, nil
		}
		out.ImportedResources = []*tfprotov6.ImportedResource{{TypeName: request.TypeName, State: state, Private: r.private()}}
		return out, nil
	}
	out.Diagnostics = failure("Cannot import non-existent remote object: there is no %s %q", request.TypeName, request.ID)
	return out, nil
}

// UpgradeResourceState accepts the state of any version: every simulated version has one shape.
func (s *server) UpgradeResourceState(_ context.Context, request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	out := &tfprotov6.UpgradeResourceStateResponse{}
	schema, ok := s.schemas.resources[request.TypeName]
	if !ok {
		out.Diagnostics = failure("unknown resource type %q", request.TypeName)
		return out, nil
	}
	value, err := request.RawState.UnmarshalWithOpts(schema.ValueType(), tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
	if err == nil {
		out.UpgradedState, err = dynamicValue(value)
	}
	if err != nil {
		out.Diagnostics = failure("state of %s: %v", request.TypeName, err)
	}
	return out, nil
}
