package nodes

import (
	"context"
	"slices"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// introduce tells a new node which machine it is, and keeps its addresses: the cloud node controller's work.
func (k *keeper) introduce(ctx context.Context, one node, machine *host.Machine) error {
	if one.hasTaint(uninitialized) {
		labels, err := k.labels(machine)
		if err != nil {
			return err
		}
		isDone, err := k.change(ctx, one.Metadata.Name, "", func(object map[string]any) {
			spec := inner(object, "spec")
			if id, _ := spec["providerID"].(string); id == "" { // the kubelet's own stays
				spec["providerID"] = "aws:///" + machine.Zone + "/" + machine.ID
			}
			own := inner(inner(object, "metadata"), "labels")
			for key, value := range labels {
				own[key] = value
			}
			dropTaint(object, uninitialized)
		})
		if err != nil || !isDone {
			return err
		}
		k.Log.Info("initialised", "cluster", k.cluster, "node", one.Metadata.Name, "machine", machine.ID,
			"zone", machine.Zone, "type", labels["node.kubernetes.io/instance-type"])
	}
	wanted := addresses(machine)
	if sameAddresses(one.Status.Addresses, wanted) {
		return nil
	}
	_, err := k.change(ctx, one.Metadata.Name, "/status", func(object map[string]any) {
		inner(object, "status")["addresses"] = wanted
	})
	return err
}

// labels are those of zone, region and type, under the names of today and those before them.
func (k *keeper) labels(machine *host.Machine) (map[string]string, error) {
	kind, err := k.instanceType(machine)
	if err != nil {
		return nil, err
	}
	subnet, err := k.World.Find("aws_subnet", machine.Subnet)
	if err != nil {
		return nil, err
	}
	out := map[string]string{
		"topology.kubernetes.io/zone":              machine.Zone,
		"failure-domain.beta.kubernetes.io/zone":   machine.Zone,
		"topology.kubernetes.io/region":            machine.Region,
		"failure-domain.beta.kubernetes.io/region": machine.Region,
		"node.kubernetes.io/instance-type":         kind,
		"beta.kubernetes.io/instance-type":         kind,
		"topology.k8s.aws/zone-id":                 world.Text(subnet, "availability_zone_id"),
	}
	for key, value := range out {
		if value == "" {
			delete(out, key)
		}
	}
	return out, nil
}

// instanceType is empty where nobody knows it, as for a machine whose group has forgotten it.
func (k *keeper) instanceType(machine *host.Machine) (string, error) {
	if machine.Group == "" {
		instance, err := k.World.Find("aws_instance", machine.ID)
		return world.Text(instance, "instance_type"), err
	}
	for _, group := range k.Groups() {
		for _, instance := range group.Instances {
			if instance.ID == machine.ID {
				return instance.Type, nil
			}
		}
	}
	return "", nil
}

// addresses are a node's as AWS gives them: its host name is the private DNS name.
func addresses(machine *host.Machine) []address {
	name := privateName(machine)
	return []address{{"InternalIP", machine.Address}, {"InternalDNS", name}, {"Hostname", name}}
}

func sameAddresses(a, b []address) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(one address) bool { return !slices.Contains(b, one) })
}

// noteStranger logs a node that stays uninitialised because no machine is its own, once.
func (k *keeper) noteStranger(one node) {
	name := one.Metadata.Name
	if !one.hasTaint(uninitialized) || k.strangers[name] {
		return
	}
	if k.strangers == nil {
		k.strangers = map[string]bool{}
	}
	k.strangers[name] = true
	k.Log.Warn("no machine has this provider id, or this private DNS name: the node stays uninitialised",
		"cluster", k.cluster, "node", name, "providerID", one.Spec.ProviderID)
}
