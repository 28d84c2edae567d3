package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ephemeralReaders open the ephemeral resources that need more than made-up values.
var ephemeralReaders = map[string]func(*reading) error{
	"aws_ssm_parameter":                 openParameter,
	"aws_secretsmanager_secret_version": openSecretVersion,
	"azurerm_key_vault_secret":          openVaultSecret,
	"random_password":                   openPassword,
	"vault_kv_secret_v2":                readKVSecret,
}

// ValidateEphemeralResourceConfig accepts what the schema accepts.
func (s *server) ValidateEphemeralResourceConfig(_ context.Context, request *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	out := &tfprotov6.ValidateEphemeralResourceConfigResponse{}
	if _, ok := s.schemas.ephemeral[request.TypeName]; !ok {
		out.Diagnostics = failure("unknown ephemeral resource type %q", request.TypeName)
	}
	return out, nil
}

// OpenEphemeralResource reads values that no state will hold.
func (s *server) OpenEphemeralResource(_ context.Context, request *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	out := &tfprotov6.OpenEphemeralResourceResponse{}
	result, name, err := s.open(request)
	if err == nil {
		out.Result, err = dynamicValue(result)
	}
	problem := ""
	if err != nil {
		problem = err.Error()
		out.Diagnostics = failure("opening ephemeral resource %s: %s", request.TypeName, problem)
	}
	s.record("open", request.TypeName, name, problem)
	return out, nil
}

func (s *server) open(request *tfprotov6.OpenEphemeralResourceRequest) (tftypes.Value, string, error) {
	schema, ok := s.schemas.ephemeral[request.TypeName]
	if !ok {
		return tftypes.Value{}, "", fmt.Errorf("unknown ephemeral resource type")
	}
	t := schema.ValueType()
	value, err := request.Config.Unmarshal(t)
	if err != nil {
		return value, "", err
	}
	config := objectJSON(value)
	name := displayed(config["arn"]) + displayed(config["secret_id"]) + displayed(config["name"])
	if err := s.reachable(); err != nil {
		return value, name, err
	}
	if struck := s.strike(request.TypeName, "open", name); struck != nil {
		return value, name, fmt.Errorf("%s", struck.message())
	}
	own := membersOf(value)
	p := &planning{server: s, kind: request.TypeName, facts: noBehaviour, isNew: true}
	p.planBlock(schema.Block, own, nil, true, "")
	r := &reading{server: s, config: config, scope: s.scopeOf(request.TypeName, config),
		filler: s.filler(request.TypeName, seedOf("ephemeral."+request.TypeName, s.scope, config, 0), objectJSON(value))}
	r.isData = true
	if read, ok := ephemeralReaders[request.TypeName]; ok {
		if err := read(r); err != nil {
			return value, name, err
		}
	}
	if region, ok := own["region"]; ok && !region.IsKnown() {
		own["region"] = tftypes.NewValue(tftypes.String, r.region)
	}
	if err := r.fillObject(schema.Block, own); err != nil {
		return value, name, fmt.Errorf("rules of the simulated provider: %w", err)
	}
	return tftypes.NewValue(t, own), name, nil
}

func openParameter(r *reading) error {
	arn := displayed(r.config["arn"])
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "ssm" || !strings.HasPrefix(parts[5], "parameter/") {
		return fmt.Errorf("%q is not the ARN of a parameter", arn)
	}
	short := strings.TrimPrefix(parts[5], "parameter/")
	for _, name := range []string{"/" + short, short} {
		found, err := r.server.world.get("aws_ssm_parameter", parts[3], name, "")
		if err != nil {
			return err
		}
		if found == nil {
			continue
		}
		r.chosen["name"], r.chosen["type"] = name, found.Attrs["type"]
		r.chosen["value"], r.chosen["version"] = parameterValue(found), liveOr(found, "version")
		return nil
	}
	return fmt.Errorf("reading AWS SSM Parameter (%s): ParameterNotFound", arn)
}

func openSecretVersion(r *reading) error {
	wanted := displayed(r.config["secret_id"])
	secrets, err := r.server.world.all("aws_secretsmanager_secret")
	if err != nil {
		return err
	}
	for _, secret := range secrets {
		if secret.Attrs["name"] == wanted && secret.Scope == r.scope {
			wanted = secret.ID
		}
	}
	versions, err := r.server.world.all("aws_secretsmanager_secret_version")
	if err != nil {
		return err
	}
	for _, version := range versions {
		if version.Attrs["secret_id"] != wanted {
			continue
		}
		if id := displayed(r.config["version_id"]); id != "" && id != version.Attrs["version_id"] {
			continue
		}
		text := version.Secrets["secret_string_wo"]
		if text == nil {
			text = version.Attrs["secret_string"]
		}
		r.chosen["secret_string"], r.chosen["secret_binary"] = text, version.Attrs["secret_binary"]
		r.chosen["arn"], r.chosen["version_id"] = version.Attrs["arn"], version.Attrs["version_id"]
		r.chosen["version_stage"], r.chosen["version_stages"] = "AWSCURRENT", []any{"AWSCURRENT"}
		return nil
	}
	return fmt.Errorf("ResourceNotFoundException: Secrets Manager can't find the specified secret value for %q", wanted)
}

// openPassword makes a new password at every opening, from the operating system's randomness.
func openPassword(r *reading) error {
	text, err := randomText(rand.Reader, r.config)
	if err != nil {
		return err
	}
	r.chosen["result"] = text
	for name := range map[string]bool{"lower": true, "upper": true, "numeric": true, "special": true} {
		r.chosen[name] = r.config[name] == nil || r.config[name] == true
	}
	for _, name := range []string{"min_lower", "min_upper", "min_numeric", "min_special"} {
		r.chosen[name] = wholeNumber(r.config[name], 0)
	}
	return nil
}

// RenewEphemeralResource is never needed: nothing here expires while Terraform runs.
func (s *server) RenewEphemeralResource(_ context.Context, request *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return &tfprotov6.RenewEphemeralResourceResponse{Private: request.Private}, nil
}

// CloseEphemeralResource has nothing to give back.
func (s *server) CloseEphemeralResource(_ context.Context, request *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return &tfprotov6.CloseEphemeralResourceResponse{}, nil
}
