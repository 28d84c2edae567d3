package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestStartNeedsAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for value, says := range map[string]string{"": `"REHEARSAL_DIR" is not set`, "run": "must be an absolute path", file: "is not a folder"} {
		if _, err := rehearsalDir(value); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v", value, err)
		}
	}
	t.Setenv("REHEARSAL_DIR", t.TempDir())
	if err := run([]string{"aws"}); err == nil || !strings.Contains(err.Error(), `provider "aws": no schemas`) {
		t.Errorf("got %v", err)
	}
	if err := run(nil); err == nil || !strings.Contains(err.Error(), "got 0 arguments") {
		t.Errorf("got %v", err)
	}
}

func TestDelayIsANumberOfMilliseconds(t *testing.T) {
	got, err := applyDelay("250")
	must(t, err)
	equal(t, "delay", got, 250*time.Millisecond)
	for _, value := range []string{"-1", "soon"} {
		if _, err := applyDelay(value); err == nil || !strings.Contains(err.Error(), "REHEARSAL_DELAY_MS") {
			t.Errorf("%q: got %v", value, err)
		}
	}
}

func TestSchemasThatCannotBeReadAreNamed(t *testing.T) {
	for text, says := range map[string]string{
		`{`: "unexpected end",
		`{"resource_schemas":{"a_b":{"block":{"attributes":{"x":{"type":"strng"}}}}}}`:                                        `"a_b"`,
		`{"resource_schemas":{"a_b":{"block":{"block_types":{"x":{"nesting_mode":"tree"}}}}}}`:                                `block "x": unknown nesting mode "tree"`,
		`{"resource_schemas":{"a_b":{"block":{"attributes":{"x":{"nested_type":{"attributes":{},"nesting_mode":"tree"}}}}}}}`: `attribute "x": unknown nesting mode "tree"`,
	} {
		if _, err := parseSchemas([]byte(text), "aws.json"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func TestEverythingElseOfTheProtocolAnswers(t *testing.T) {
	s, ctx := aws(t), t.Context()
	metadata, err := s.GetMetadata(ctx, nil)
	must(t, err)
	schemas, err := s.GetProviderSchema(ctx, nil)
	must(t, err)
	equal(t, "resources", len(metadata.Resources), len(schemas.ResourceSchemas))
	equal(t, "ephemeral resources", len(metadata.EphemeralResources), len(schemas.EphemeralResourceSchemas))
	functions, err := s.GetFunctions(ctx, &tfprotov6.GetFunctionsRequest{})
	must(t, err)
	equal(t, "functions", len(functions.Functions), 0)
	called, err := s.CallFunction(ctx, &tfprotov6.CallFunctionRequest{Name: "arn_parse"})
	must(t, err)
	equal(t, "call", called.Error.Text, `the simulated provider "aws" does not support function "arn_parse"`)
	moved, err := s.MoveResourceState(ctx, &tfprotov6.MoveResourceStateRequest{TargetTypeName: "aws_vpc"})
	must(t, err)
	equal(t, "move", len(moved.Diagnostics), 1)
	identity, err := s.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{})
	must(t, err)
	equal(t, "identity", len(identity.Diagnostics), 1)
	generated, err := s.GenerateResourceConfig(ctx, &tfprotov6.GenerateResourceConfigRequest{})
	must(t, err)
	equal(t, "generated", len(generated.Diagnostics), 1)
	identities, err := s.GetResourceIdentitySchemas(ctx, nil)
	must(t, err)
	equal(t, "identities", len(identities.IdentitySchemas), 0)
	_, err = s.RenewEphemeralResource(ctx, &tfprotov6.RenewEphemeralResourceRequest{})
	must(t, err)
	_, err = s.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{})
	must(t, err)
}

func TestUnknownTypesAreRefusedAndEndNothing(t *testing.T) {
	s, ctx := aws(t), t.Context()
	empty := &tfprotov6.DynamicValue{}
	validated, err := s.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: "aws_x", Config: empty})
	must(t, err)
	planned, err := s.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: "aws_x"})
	must(t, err)
	applied, err := s.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: "aws_x"})
	must(t, err)
	read, err := s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: "aws_x"})
	must(t, err)
	imported, err := s.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: "aws_x"})
	must(t, err)
	upgraded, err := s.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: "aws_x"})
	must(t, err)
	data, err := s.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: "aws_x"})
	must(t, err)
	validatedData, err := s.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: "aws_x"})
	must(t, err)
	opened, err := s.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: "aws_x"})
	must(t, err)
	validatedEphemeral, err := s.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: "aws_x"})
	must(t, err)
	for i, found := range [][]*tfprotov6.Diagnostic{
		validated.Diagnostics, planned.Diagnostics, applied.Diagnostics, read.Diagnostics, imported.Diagnostics, upgraded.Diagnostics,
		data.Diagnostics, validatedData.Diagnostics, opened.Diagnostics, validatedEphemeral.Diagnostics,
	} {
		if len(found) != 1 || !strings.Contains(found[0].Summary, "unknown") {
			t.Errorf("answer %d: %v", i, found)
		}
	}
}

// Every type can be made from its required arguments alone, its second plan is empty, and it can be destroyed.
func TestEveryTypeCanBeMadeAndPlannedAgain(t *testing.T) {
	configs := map[string]j{"aws": {"region": "eu-west-1"}, "rancher2": {"api_url": "https://rancher.test"}}
	for _, provider := range providers {
		s := start(t, provider, configs[provider])
		s.rules.PathReferences = nil // the names below are made up
		for _, kind := range sortedKeys(s.schemas.resources) {
			if kind == "aws_ssm_association" { // needs its document: see readiness_test.go
				continue
			}
			t.Run(kind, func(t *testing.T) {
				config := smallest(s.schemas.resources[kind].Block)
				if kind == "aws_ssm_parameter" {
					config["value"] = "x"
				}
				made := s.make(t, kind, nil, config)
				equal(t, "destroy", s.destroy(t, made), "")
			})
		}
	}
}

// smallest is a configuration of the required arguments.
func smallest(block *tfprotov6.SchemaBlock) j {
	out := j{}
	for _, attribute := range block.Attributes {
		if attribute.Required {
			out[attribute.Name] = placeholder(attribute.Type, attribute.Name)
		}
	}
	for _, nested := range block.BlockTypes {
		if nested.MinItems > 0 {
			out[nested.TypeName] = []any{smallest(nested.Block)}
		}
	}
	return out
}

func placeholder(kind tftypes.Type, name string) any {
	switch {
	case kind.Is(tftypes.Number):
		return 3
	case kind.Is(tftypes.Bool):
		return true
	case kind.Is(tftypes.Map{}):
		return j{"a": "b"}
	case isCollection(kind):
		return []any{"x"}
	}
	return "some-" + strings.ReplaceAll(name, "_", "-")
}
