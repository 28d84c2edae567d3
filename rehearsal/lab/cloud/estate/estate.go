// Package estate finds in the world what a machine's calls are about: its role and policies, its instance's facts,
// parameters, buckets, keys.
package estate

import (
	"fmt"
	"net/netip"
	"strings"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/network"
	"drover/rehearsal/lab/world"
)

// Estate reads the world on behalf of the services.
type Estate struct {
	World *world.World
	Fleet host.Fleet
}

// MachineAt is the machine that has an address now; nil if none has.
func (e *Estate) MachineAt(address string) *host.Machine {
	return e.machine(func(m host.Machine) bool { return m.Address == address })
}

// Machine is the machine with an identifier, while it is not terminated; nil if there is none.
func (e *Estate) Machine(id string) *host.Machine {
	return e.machine(func(m host.Machine) bool { return m.ID == id })
}

func (e *Estate) machine(is func(host.Machine) bool) *host.Machine {
	for _, m := range e.Fleet.Machines() {
		// a renewed server has the address of the one that it replaces
		if m.State != host.Terminated && is(m) {
			return &m
		}
	}
	return nil
}

// Role is the role of a machine; nil if its profile is empty or not there.
func (e *Estate) Role(m *host.Machine) (*world.Object, error) {
	profile, err := e.profile(m)
	if err != nil || profile == nil {
		return nil, err
	}
	return e.World.Find("aws_iam_role", world.Text(profile, "role"))
}

// Profile is the ARN of a machine's instance profile and its identifier.
func (e *Estate) Profile(m *host.Machine) (arn, id string, err error) {
	profile, err := e.profile(m)
	return world.Text(profile, "arn"), world.Text(profile, "unique_id"), err
}

// profile takes an ARN as well, which is what launch templates name.
func (e *Estate) profile(m *host.Machine) (*world.Object, error) {
	name := m.Profile[strings.LastIndex(m.Profile, "/")+1:]
	if name == "" {
		return nil, nil
	}
	return e.World.Find("aws_iam_instance_profile", name)
}

// Account is the number of the account that an ARN belongs to.
func Account(arn string) string {
	const accountPart = 4
	parts := strings.Split(arn, ":")
	if len(parts) <= accountPart {
		return ""
	}
	return parts[accountPart]
}

// Launch is what a machine was launched from: the instance of the world, or its group's launch template.
func (e *Estate) Launch(m *host.Machine) (*world.Object, error) {
	if m.Group == "" {
		return e.World.Find("aws_instance", m.ID)
	}
	group, err := e.Group(m)
	if err != nil || group == nil {
		return nil, err
	}
	id := world.Text(group, "launch_template.0.id")
	if id == "" {
		id = world.Text(group, mixedTemplate+".launch_template_specification.0.launch_template_id")
	}
	return e.World.Find("aws_launch_template", id)
}

// mixedTemplate is where a group of several instance types names its template.
const mixedTemplate = "mixed_instances_policy.0.launch_template.0"

// Group is the scaling group of a machine; nil if it has none.
func (e *Estate) Group(m *host.Machine) (*world.Object, error) {
	if m.Group == "" {
		return nil, nil
	}
	return e.Regional("aws_autoscaling_group", m.Region, m.Group)
}

// InstanceType is the first one that a group of several types prefers, else what the machine was launched from says.
func (e *Estate) InstanceType(m *host.Machine) (string, error) {
	group, err := e.Group(m)
	if err != nil {
		return "", err
	}
	if kind := world.Text(group, mixedTemplate+".override.0.instance_type"); kind != "" {
		return kind, nil
	}
	launch, err := e.Launch(m)
	return world.Text(launch, "instance_type"), err
}

// Tags are a machine's tags with those that the provider adds to all.
func (e *Estate) Tags(m *host.Machine) (map[string]string, error) {
	out := map[string]string{}
	if m.Group == "" {
		instance, err := e.World.Find("aws_instance", m.ID)
		if err != nil {
			return nil, err
		}
		out = world.Texts(instance, "tags_all")
	}
	for name, value := range m.Tags {
		out[name] = value
	}
	return out, nil
}

// Regional is the object of a type in a region; nil if there is none. Its identifier is its name.
func (e *Estate) Regional(kind, region, id string) (*world.Object, error) {
	found, err := e.World.List(kind)
	if err != nil {
		return nil, err
	}
	for _, object := range found {
		if object.ID == id && object.Scope == region {
			return object, nil
		}
	}
	return nil, nil
}

// Key is the key that an identifier, an alias or an ARN of either means; nil if there is none.
func (e *Estate) Key(region, name string) (*world.Object, error) {
	const keyMark, aliasMark = ":key/", ":alias/"
	if _, id, found := strings.Cut(name, keyMark); found {
		name = id
	} else if _, alias, found := strings.Cut(name, aliasMark); found {
		name = "alias/" + alias
	}
	if strings.HasPrefix(name, "alias/") {
		alias, err := e.Regional("aws_kms_alias", region, name)
		if err != nil || alias == nil {
			return nil, err
		}
		name = world.Text(alias, "target_key_id")
	}
	return e.Regional("aws_kms_key", region, name)
}

// BucketKey is the ARN of the key that a bucket's objects are encrypted with; empty if S3's own.
func (e *Estate) BucketKey(bucket string) (string, error) {
	found, err := e.World.List("aws_s3_bucket_server_side_encryption_configuration")
	for _, object := range found {
		if world.Text(object, "bucket") == bucket {
			return world.Text(object, "rule.0.apply_server_side_encryption_by_default.0.kms_master_key_id"), err
		}
	}
	return "", err
}

// MAC is the hardware address of the machine with an IPv4 address; empty if it is none.
func MAC(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil || !parsed.Is4() {
		return ""
	}
	return network.MAC(parsed)
}

// PrivateName is the name of an address in a region's own domain.
func PrivateName(address, region string) string {
	return fmt.Sprintf("ip-%s.%s", strings.ReplaceAll(address, ".", "-"), PrivateDomain(region))
}

// PrivateDomain is the domain of a region's private names.
func PrivateDomain(region string) string {
	if region == "us-east-1" {
		return "ec2.internal"
	}
	return region + ".compute.internal"
}
