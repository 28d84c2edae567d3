package main

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// tryApply plans and applies a configuration and hands back what Terraform would keep beside the error's text.
func (s *server) tryApply(t *testing.T, kind string, prior *resource, config j) (*resource, string) {
	t.Helper()
	p := s.plan(t, kind, prior, config)
	valueType := s.schemas.resources[kind].ValueType()
	before := nullOf(valueType)
	if prior != nil {
		before = prior.state
	}
	return s.apply(t, kind, before, p.state, p.config, p.response.PlannedPrivate)
}

func (s *server) apply(t *testing.T, kind string, prior, planned, config tftypes.Value, private []byte) (*resource, string) {
	t.Helper()
	wire := func(v tftypes.Value) *tfprotov6.DynamicValue {
		out, err := dynamicValue(v)
		must(t, err)
		return out
	}
	response, err := s.ApplyResourceChange(context.Background(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: kind, Config: wire(config), PriorState: wire(prior), PlannedState: wire(planned), PlannedPrivate: private,
	})
	must(t, err)
	text := ""
	for _, d := range response.Diagnostics {
		text += d.Summary
	}
	state := decode(t, planned.Type(), response.NewState)
	if state.IsNull() {
		return nil, text
	}
	if text == "" && !state.IsFullyKnown() {
		t.Fatalf("%s: the new state has unknown values", kind)
	}
	return &resource{kind: kind, state: state, private: response.Private}, text
}

// make creates or updates without an error and checks that the next plan is empty.
func (s *server) make(t *testing.T, kind string, prior *resource, config j) *resource {
	t.Helper()
	out, problem := s.tryApply(t, kind, prior, config)
	if problem != "" {
		t.Fatalf("%s: %s", kind, problem)
	}
	again := s.plan(t, kind, s.refresh(t, out), config)
	if !again.state.Equal(out.state) {
		t.Fatalf("%s: the second plan is not empty:\n%v\n%v", kind, objectJSON(out.state), objectJSON(again.state))
	}
	return out
}

// refused applies and expects an error that names all parts, with nothing made.
func (s *server) refused(t *testing.T, kind string, config j, parts ...string) {
	t.Helper()
	out, problem := s.tryApply(t, kind, nil, config)
	if out != nil {
		t.Errorf("%s was made", kind)
	}
	for _, part := range parts {
		if !strings.Contains(problem, part) {
			t.Errorf("%s: error %q does not say %q", kind, problem, part)
		}
	}
}

func (s *server) destroy(t *testing.T, r *resource) string {
	t.Helper()
	null := nullOf(r.state.Type())
	_, problem := s.apply(t, r.kind, r.state, null, null, r.private)
	return problem
}

// refresh reads a resource; nil if it is gone.
func (s *server) refresh(t *testing.T, r *resource) *resource {
	t.Helper()
	encoded, err := dynamicValue(r.state)
	must(t, err)
	response, err := s.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: r.kind, CurrentState: encoded, Private: r.private})
	must(t, err)
	expectNone(t, response.Diagnostics)
	state := decode(t, r.state.Type(), response.NewState)
	if state.IsNull() {
		return nil
	}
	return &resource{kind: r.kind, state: state, private: response.Private}
}

// data reads a data source and hands back its result and the error's text.
func (s *server) data(t *testing.T, kind string, config j) (j, string) {
	t.Helper()
	schema := s.schemas.data[kind]
	response, err := s.ReadDataSource(context.Background(), &tfprotov6.ReadDataSourceRequest{TypeName: kind, Config: encode(t, schema, config)})
	must(t, err)
	if len(response.Diagnostics) > 0 {
		return nil, response.Diagnostics[0].Summary
	}
	return objectJSON(decode(t, schema.ValueType(), response.State)), ""
}

// ephemeral opens an ephemeral resource and hands back its result and the error's text.
func (s *server) ephemeral(t *testing.T, kind string, config j) (j, string) {
	t.Helper()
	schema := s.schemas.ephemeral[kind]
	response, err := s.OpenEphemeralResource(context.Background(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: kind, Config: encode(t, schema, config)})
	must(t, err)
	if len(response.Diagnostics) > 0 {
		return nil, response.Diagnostics[0].Summary
	}
	return objectJSON(decode(t, schema.ValueType(), response.Result)), ""
}

// judged lists what validation says about a configuration.
func (s *server) judged(t *testing.T, kind string, config j) []string {
	t.Helper()
	response, err := s.ValidateResourceConfig(context.Background(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: kind, Config: encode(t, s.schemas.resources[kind], config),
	})
	must(t, err)
	var out []string
	for _, d := range response.Diagnostics {
		out = append(out, strings.TrimSuffix(d.Summary+": "+d.Detail, ": "))
	}
	return out
}

// network is a VPC with one subnet.
func (s *server) network(t *testing.T) (vpc, subnet *resource) {
	t.Helper()
	vpc = s.make(t, "aws_vpc", nil, j{"cidr_block": "10.20.0.0/16"})
	subnet = s.make(t, "aws_subnet", nil, j{"vpc_id": vpc.id(), "cidr_block": "10.20.1.0/24", "availability_zone": "eu-west-1a"})
	return vpc, subnet
}

// file lists the world's objects of a type.
func (s *server) objects(t *testing.T, kind string) []*record {
	t.Helper()
	out, err := s.world.all(kind)
	must(t, err)
	return out
}
