package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// reading is one data source's read in progress.
type reading struct {
	*filler
	server *server
	config map[string]any
	// region of the read: the data source's own, else the provider's.
	scope string
}

// dataReaders answer the data sources that need more than a look into the world.
var dataReaders = map[string]func(*reading) error{
	"aws_ami":                    readAMI,
	"aws_availability_zones":     readZones,
	"aws_iam_policy_document":    readPolicyDocument,
	"aws_kms_alias":              readKMSAlias,
	"aws_kms_key":                readKMSKey,
	"aws_route53_zone":           readZone,
	"aws_ssm_parameter":          readParameter,
	"aws_ssm_parameters_by_path": readParametersByPath,
	"azurerm_key_vault_secrets":  readVaultSecrets,
	"kubernetes_resource":        readKubernetesResource,
	"vault_kv_secret_v2":         readKVSecret,
	"vault_kv_secrets_list_v2":   listKVSecrets,
}

// ReadDataSource answers from the world; what exists before any deploy (DNS zones, keys, images) is made up, always
// the same for the same arguments.
func (s *server) ReadDataSource(_ context.Context, request *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	out := &tfprotov6.ReadDataSourceResponse{}
	state, err := s.readData(request)
	if err == nil {
		out.State, err = dynamicValue(state)
	}
	problem := ""
	if err != nil {
		problem = err.Error()
		out.Diagnostics = failure("reading data source %s: %s", request.TypeName, problem)
	}
	s.record("data", request.TypeName, "", problem)
	return out, nil
}

func (s *server) readData(request *tfprotov6.ReadDataSourceRequest) (tftypes.Value, error) {
	schema, ok := s.schemas.data[request.TypeName]
	if !ok {
		return tftypes.Value{}, fmt.Errorf("unknown data source")
	}
	t := schema.ValueType()
	value, err := request.Config.Unmarshal(t)
	if err != nil {
		return value, err
	}
	if err := s.reachable(); err != nil {
		return value, err
	}
	config := objectJSON(value)
	if struck := s.strike(request.TypeName, "data", displayed(config["name"])); struck != nil {
		return value, fmt.Errorf("%s", struck.message())
	}
	own := membersOf(value)
	p := &planning{server: s, kind: request.TypeName, facts: s.facts.ofData(request.TypeName), isNew: true}
	p.planBlock(schema.Block, own, nil, true, "")

	scope := s.scopeOf(request.TypeName, config)
	r := &reading{server: s, config: config, scope: scope,
		filler: s.filler(request.TypeName, seedOf("data."+request.TypeName, scope, config, 0), objectJSON(value))}
	r.isData = true
	if read, ok := dataReaders[request.TypeName]; ok {
		err = read(r)
	} else {
		err = r.lookUp()
	}
	if err != nil {
		return value, err
	}
	if region, ok := own["region"]; ok && !region.IsKnown() {
		own["region"] = tftypes.NewValue(tftypes.String, r.region)
		r.top["region"] = r.region
	}
	if err := r.fillObject(schema.Block, own); err != nil {
		return value, fmt.Errorf("rules of the simulated provider: %w", err)
	}
	return tftypes.NewValue(t, own), nil
}

// lookUp takes the values of the object of the world that the arguments describe.
func (r *reading) lookUp() error {
	candidates, err := r.server.world.all(r.kind)
	if err != nil {
		return err
	}
	for _, candidate := range candidates {
		if candidate.Scope != r.scope || !r.describes(candidate.Attrs) {
			continue
		}
		for name, value := range candidate.Attrs {
			r.chosen[name] = value
		}
		for name, value := range candidate.Secrets { // the cloud answers what was written, however it was
			r.chosen[strings.TrimSuffix(name, "_wo")] = value
		}
		return nil
	}
	if message, ok := r.server.rules.MustExist[r.kind]; ok {
		return fmt.Errorf("%s", message)
	}
	return nil
}

// describes says that an object has every single-valued argument of the data source, and its tags.
func (r *reading) describes(attrs map[string]any) bool {
	compared := 0
	for name, wanted := range r.config {
		switch value := wanted.(type) {
		case string, bool, json.Number:
			if held, known := attrs[name]; !known || name == "region" {
				continue
			} else if displayed(held) != displayed(value) {
				return false
			}
			compared++
		case map[string]any:
			held, _ := attrs[name].(map[string]any)
			for key, text := range value {
				if displayed(held[key]) != displayed(text) {
					return false
				}
				compared++
			}
		}
	}
	matched, ok := r.filtersMatch(attrs)
	if metadata := displayed(jsonAt(r.config, "metadata.0.name")); metadata != "" {
		if metadata != displayed(jsonAt(attrs, "metadata.0.name")) ||
			displayed(jsonAt(r.config, "metadata.0.namespace")) != displayed(jsonAt(attrs, "metadata.0.namespace")) {
			return false
		}
		compared++
	}
	return ok && compared+matched > 0
}

// filtersMatch judges `filter` blocks by tags and by the attribute of the filter's name ("vpc-id").
func (r *reading) filtersMatch(attrs map[string]any) (matched int, ok bool) {
	filters, _ := r.config["filter"].([]any)
	for _, filter := range filters {
		name := displayed(jsonAt(filter, "name"))
		held := attrs[strings.ReplaceAll(name, "-", "_")]
		if tag, isTag := strings.CutPrefix(name, "tag:"); isTag {
			tags, _ := attrs["tags_all"].(map[string]any)
			held = tags[tag]
		}
		values, _ := jsonAt(filter, "values").([]any)
		if held == nil || !oneOf(held, values) {
			return matched, false
		}
		matched++
	}
	return matched, true
}
