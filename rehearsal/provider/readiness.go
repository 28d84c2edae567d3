package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// No machine runs in a rehearsal without hosts (hosts.go is for one with them), so the readiness resource, an association that waits for the machine's
// bootstrap, writes what the machine would have published.
const (
	publishPrefix     = "PUBLISH_"
	publishesCAHash   = "PUBLISH_CA_HASH"
	publishesDeployer = "PUBLISH_DEPLOYER"
	claimVariable     = "CLAIM_INITIALISED"
)

// publishByMachines is what creating an association brings about on each of its targets.
func publishByMachines(s *server, association *record) error {
	machines, err := s.targets(association)
	if err != nil {
		return err
	}
	if s.hosts {
		return s.awaitBootstraps(association, machines)
	}
	for _, machine := range machines {
		environment, err := bootstrapOf(machine)
		if err != nil {
			return fmt.Errorf("instance %s: %w", machine.ID, err)
		}
		if err := s.publish(machine, environment); err != nil {
			return fmt.Errorf("instance %s: bootstrap failed: %w", machine.ID, err)
		}
	}
	return nil
}

// targets are the instances that an association names by identifier or by tag.
func (s *server) targets(association *record) ([]*record, error) {
	var out []*record
	list, _ := association.Attrs["targets"].([]any)
	for _, target := range list {
		key := displayed(jsonAt(target, "key"))
		values, _ := jsonAt(target, "values").([]any)
		for _, value := range values {
			found, err := s.targetsOf(key, displayed(value))
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	return out, nil
}

func (s *server) targetsOf(key, value string) ([]*record, error) {
	if key == "InstanceIds" {
		machine, err := s.world.one("aws_instance", value)
		if err != nil {
			return nil, err
		}
		if machine == nil {
			return nil, fmt.Errorf("InvalidInstanceId: instance %q does not exist", value)
		}
		return []*record{machine}, nil
	}
	tag, isTag := strings.CutPrefix(key, "tag:")
	if !isTag {
		return nil, fmt.Errorf("InvalidTarget: target key %q must be \"InstanceIds\" or \"tag:<name>\"", key)
	}
	machines, err := s.world.all("aws_instance")
	var out []*record
	for _, machine := range machines {
		tags, _ := machine.Attrs["tags_all"].(map[string]any)
		if displayed(tags[tag]) == value {
			out = append(out, machine)
		}
	}
	return out, err
}

// publish writes what one machine would.
func (s *server) publish(machine *record, environment map[string]string) error {
	region := machine.Scope
	if claim := environment[claimVariable]; claim != "" && environment["INITIALISER"] != "false" {
		if err := s.claimInitialised(region, claim, environment); err != nil {
			return err
		}
	}
	if environment["INITIALISER"] == "false" {
		return nil
	}
	for _, variable := range sortedKeys(environment) {
		if !strings.HasPrefix(variable, publishPrefix) || environment[variable] == "" {
			continue
		}
		value, err := publication(variable, environment)
		if err != nil {
			return err
		}
		if err := s.writeParameter(region, environment[variable], value); err != nil {
			return fmt.Errorf("%s: %w", variable, err)
		}
	}
	return nil
}

// publication is the text that a machine publishes.
func publication(variable string, environment map[string]string) (string, error) {
	address := environment["REGISTRATION_ADDRESS"]
	authority, err := clusterAuthority(address)
	if err != nil {
		return "", err
	}
	switch variable {
	case publishesCAHash:
		return authority.hash, nil
	case publishesDeployer:
		if address == "" {
			return "", errors.New("REGISTRATION_ADDRESS is not set")
		}
		raw, err := json.Marshal(credential{
			Host: "https://" + address + ":6443", Token: serviceAccountToken(address), CA: authority.pem,
		})
		return string(raw), err
	}
	return longHash(variable + "|" + address), nil
}

// writeParameter overwrites a parameter as a machine does: Terraform must have created it. What Terraform knows of it
// stays, apart from a value that it reads back.
func (s *server) writeParameter(region, name, value string) error {
	parameter, err := s.world.get("aws_ssm_parameter", region, name, "")
	if err != nil {
		return err
	}
	if parameter == nil {
		return fmt.Errorf("ParameterNotFound: %s", name)
	}
	if parameter.Live == nil {
		parameter.Live = map[string]any{}
	}
	parameter.Live["version"] = nextVersion(parameter)
	if _, writeOnly := parameter.Secrets["value_wo"]; writeOnly {
		parameter.Secrets["value_wo"] = value
	} else {
		parameter.Attrs["value"] = value
	}
	return s.world.put(parameter)
}

// claimInitialised makes the marker that a cluster has been initialised, if it is not there. No state owns it.
func (s *server) claimInitialised(region, name string, environment map[string]string) error {
	authority, err := clusterAuthority(environment["REGISTRATION_ADDRESS"])
	if err != nil {
		return err
	}
	marker := &record{
		Type: "aws_ssm_parameter", ID: name, Provider: machineOwner, Scope: region,
		Attrs: map[string]any{
			"id": name, "name": name, "type": "String", "value": authority.hash, "tier": "Standard", "data_type": "text",
			"version": json.Number("1"), "arn": parameterARN(s.rules.Account, region, name), "region": region,
		},
	}
	if err := s.world.create(marker, false); err != nil && !errors.Is(err, errTaken) {
		return err
	}
	return nil
}

func parameterARN(account, region, name string) string {
	return fmt.Sprintf("arn:aws:ssm:%s:%s:parameter/%s", region, account, strings.TrimPrefix(name, "/"))
}
