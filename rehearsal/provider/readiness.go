package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// No machine runs in a rehearsal without hosts (hosts.go is for one with them), so the readiness resource that waits for
// the machine's bootstrap, an association or an extension, writes what the machine would have published.
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

// publishByExtension is what creating an extension that runs a script on an Azure machine brings about.
func publishByExtension(s *server, extension *record) error {
	if extension.Attrs["type"] != "CustomScript" {
		return nil
	}
	id := textOf(extension.Attrs, "virtual_machine_id")
	if s.hosts {
		return fmt.Errorf("machine %s: hosts stand for machines on AWS alone; rehearse this environment without them", id)
	}
	machine, err := s.world.one("azurerm_linux_virtual_machine", id)
	if err != nil {
		return err
	}
	if machine == nil {
		return fmt.Errorf("ResourceNotFound: the machine %q does not exist", id)
	}
	environment, err := bootstrapOf(machine)
	if err != nil {
		return fmt.Errorf("machine %s: %w", id, err)
	}
	if err := s.publish(machine, environment); err != nil {
		return fmt.Errorf("VMExtensionProvisioningError: machine %s: bootstrap failed: %w", id, err)
	}
	return nil
}

// publish writes what one machine would. Of a cluster's servers only the first one speaks.
func (s *server) publish(machine *record, environment map[string]string) error {
	if environment["INITIALISER"] == "false" {
		return nil
	}
	to, err := s.storeOf(machine, environment)
	if err != nil {
		return err
	}
	if claim := environment[claimVariable]; claim != "" {
		authority, err := clusterAuthority(environment["REGISTRATION_ADDRESS"])
		if err != nil {
			return err
		}
		if err := to.claim(claim, authority.hash); err != nil {
			return err
		}
	}
	for _, variable := range sortedKeys(environment) {
		if !strings.HasPrefix(variable, publishPrefix) || environment[variable] == "" {
			continue
		}
		value, err := publication(variable, environment)
		if err != nil {
			return err
		}
		if err := to.write(environment[variable], value); err != nil {
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
