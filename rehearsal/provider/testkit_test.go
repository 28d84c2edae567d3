package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// j is a configuration or state in JSON.
type j = map[string]any

// unknownText marks a value in a test's configuration that is known only after apply.
const unknownText = "(known after apply)"

// start is a configured provider on a world of its own.
func start(t *testing.T, name string, config j) *server {
	t.Helper()
	return startIn(t, t.TempDir(), name, config)
}

func startIn(t *testing.T, dir, name string, config j) *server {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "schemas", name+".json"))
	must(t, err)
	loaded, err := parseSchemas(raw, name)
	must(t, err)
	s, err := newServerWith(name, dir, 0, loaded)
	must(t, err)
	response, err := s.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		Config: encode(t, s.schemas.provider, config),
	})
	must(t, err)
	expectNone(t, response.Diagnostics)
	return s
}

func aws(t *testing.T) *server { return start(t, "aws", j{"region": "eu-west-1"}) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expectNone(t *testing.T, found []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range found {
		t.Fatalf("unexpected: %s: %s", d.Summary, d.Detail)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if displayed(got) != displayed(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// value builds a value of a type from JSON; members that are left out are null.
func value(t *testing.T, kind tftypes.Type, plain any) tftypes.Value {
	t.Helper()
	if plain == nil {
		return nullOf(kind)
	}
	if plain == unknownText {
		return unknownOf(kind)
	}
	var out any
	switch typed := kind.(type) {
	case tftypes.Object:
		own := members{}
		given, ok := plain.(j)
		if !ok {
			t.Fatalf("%v is not an object", plain)
		}
		for name := range given {
			if _, known := typed.AttributeTypes[name]; !known {
				t.Fatalf("the schema has no %q", name)
			}
		}
		for name, member := range typed.AttributeTypes {
			own[name] = value(t, member, given[name])
		}
		out = own
	case tftypes.Map:
		own := members{}
		for name, member := range plain.(j) {
			own[name] = value(t, typed.ElementType, member)
		}
		out = own
	case tftypes.List:
		out = values(t, typed.ElementType, plain)
	case tftypes.Set:
		out = values(t, typed.ElementType, plain)
	default:
		raw, err := json.Marshal(plain)
		must(t, err)
		var number any
		must(t, decodeJSON(raw, &number))
		v, err := fromJSON(kind, number)
		must(t, err)
		return v
	}
	return tftypes.NewValue(kind, out)
}

// withBlocks makes the blocks that are left out empty, as Terraform does.
func withBlocks(block *tfprotov6.SchemaBlock, v tftypes.Value) tftypes.Value {
	if !isGiven(v) {
		return v
	}
	own := membersOf(v)
	for _, nested := range block.BlockTypes {
		member := own[nested.TypeName]
		if !isCollection(member.Type()) || !member.IsKnown() {
			continue
		}
		list := elementsOf(member)
		for i := range list {
			list[i] = withBlocks(nested.Block, list[i])
		}
		own[nested.TypeName] = tftypes.NewValue(member.Type(), list)
	}
	return tftypes.NewValue(v.Type(), own)
}

func values(t *testing.T, element tftypes.Type, plain any) []tftypes.Value {
	t.Helper()
	list, ok := plain.([]any)
	if !ok {
		t.Fatalf("%v is not a list", plain)
	}
	out := make([]tftypes.Value, len(list))
	for i := range list {
		out[i] = value(t, element, list[i])
	}
	return out
}

func encode(t *testing.T, schema *tfprotov6.Schema, plain any) *tfprotov6.DynamicValue {
	t.Helper()
	out, err := dynamicValue(withBlocks(schema.Block, value(t, schema.ValueType(), plain)))
	must(t, err)
	return out
}

func decode(t *testing.T, kind tftypes.Type, encoded *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	out, err := encoded.Unmarshal(kind)
	must(t, err)
	return out
}

// resource is an applied resource as Terraform would hold it.
type resource struct {
	kind    string
	state   tftypes.Value
	private []byte
}

func (r *resource) attribute(path string) any { return jsonAt(objectJSON(r.state), path) }
func (r *resource) id() string                { return displayed(r.attribute("id")) }

// proposed imitates Terraform's proposal: what the configuration has, else what was there, for attributes that the
// provider may decide.
func proposed(schema *tfprotov6.Schema, config, prior tftypes.Value) tftypes.Value {
	if prior.IsNull() {
		return config
	}
	own, before := membersOf(config), membersOf(prior)
	for _, attribute := range schema.Block.Attributes {
		if attribute.Computed && own[attribute.Name].IsNull() {
			own[attribute.Name] = before[attribute.Name]
		}
	}
	for _, nested := range schema.Block.BlockTypes {
		mine, theirs := elementsOf(own[nested.TypeName]), elementsOf(before[nested.TypeName])
		if nested.Nesting != tfprotov6.SchemaNestedBlockNestingModeList {
			continue
		}
		for i := range mine {
			if i < len(theirs) {
				mine[i] = proposed(&tfprotov6.Schema{Block: nested.Block}, mine[i], theirs[i])
			}
		}
		own[nested.TypeName] = tftypes.NewValue(own[nested.TypeName].Type(), mine)
	}
	return tftypes.NewValue(config.Type(), own)
}

// planned is the answer to a plan.
type planned struct {
	response *tfprotov6.PlanResourceChangeResponse
	state    tftypes.Value
	config   tftypes.Value
}

// replaces names the arguments that the plan replaces the resource for.
func (p *planned) replaces() []string {
	var out []string
	for _, path := range p.response.RequiresReplace {
		out = append(out, string(path.Steps()[0].(tftypes.AttributeName)))
	}
	return out
}

func (p *planned) isUnknown(name string) bool { return !membersOf(p.state)[name].IsKnown() }

// plan asks for the plan of a configuration; prior is nil for a new resource.
func (s *server) plan(t *testing.T, kind string, prior *resource, config j) *planned {
	t.Helper()
	schema := s.schemas.resources[kind]
	if schema == nil {
		t.Fatalf("no schema of %s", kind)
	}
	valueType := schema.ValueType()
	before, private := nullOf(valueType), []byte(nil)
	if prior != nil {
		before, private = prior.state, prior.private
	}
	wanted := withBlocks(schema.Block, value(t, valueType, config))
	wire := func(v tftypes.Value) *tfprotov6.DynamicValue {
		out, err := dynamicValue(v)
		must(t, err)
		return out
	}
	response, err := s.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: kind, Config: wire(wanted), PriorState: wire(before), PriorPrivate: private,
		ProposedNewState: wire(proposed(schema, wanted, before)),
	})
	must(t, err)
	expectNone(t, response.Diagnostics)
	return &planned{response: response, config: wanted, state: decode(t, valueType, response.PlannedState)}
}
