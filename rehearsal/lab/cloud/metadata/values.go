package metadata

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"drover/rehearsal/lab/cloud/estate"
	"drover/rehearsal/lab/cloud/seal"
	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

const (
	// credentials are the same for a while, then new ones come, long before the old ones end.
	credentialPeriod   = time.Hour
	credentialLifetime = 6 * time.Hour
)

// facts are what the values of one machine are made of.
type facts struct {
	machine *host.Machine
	// launch is the instance of the world or the launch template; nil if the world holds none.
	launch  *world.Object
	subnet  *world.Object
	network *world.Object
	role    *world.Object
	kind    string
}

func (s *Service) gather(machine *host.Machine) (*facts, error) {
	out := &facts{machine: machine}
	var problems [5]error
	out.launch, problems[0] = s.Estate.Launch(machine)
	out.subnet, problems[1] = s.Estate.World.Find("aws_subnet", machine.Subnet)
	if out.subnet != nil {
		out.network, problems[2] = s.Estate.World.Find("aws_vpc", world.Text(out.subnet, "vpc_id"))
	}
	out.role, problems[3] = s.Estate.Role(machine)
	out.kind, problems[4] = s.Estate.InstanceType(machine)
	return out, errors.Join(problems[:]...)
}

func (s *Service) values(machine *host.Machine) (tree, error) {
	f, err := s.gather(machine)
	if err != nil {
		return nil, err
	}
	out := tree{}
	out.add("meta-data/", f.instance())
	out.add("meta-data/", f.placement())
	out.add("meta-data/network/interfaces/macs/"+estate.MAC(machine.Address)+"/", f.card())
	out.add("meta-data/", announcements(machine))
	if world.Text(f.launch, "metadata_options.0.instance_metadata_tags") == "enabled" {
		if err := s.addTags(out, machine); err != nil {
			return nil, err
		}
	}
	if f.role != nil {
		if err := s.addCredentials(out, f); err != nil {
			return nil, err
		}
	}
	document, err := f.identity()
	if err != nil {
		return nil, err
	}
	out["dynamic/instance-identity/document"] = document
	if machine.UserData == "" {
		return out, nil
	}
	raw, err := os.ReadFile(machine.UserData)
	if err == nil && len(raw) > 0 {
		out["user-data"] = string(raw)
	}
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return out, err
}

// image has another name in an instance than in a launch template.
func (f *facts) image() string {
	if ami := world.Text(f.launch, "ami"); ami != "" {
		return ami
	}
	return world.Text(f.launch, "image_id")
}

func (f *facts) instance() map[string]string {
	name := estate.PrivateName(f.machine.Address, f.machine.Region)
	lifecycle := "on-demand"
	if world.Text(f.launch, "instance_market_options.0.market_type") == "spot" {
		lifecycle = "spot"
	}
	return map[string]string{
		"ami-id": f.image(), "ami-launch-index": "0", "ami-manifest-path": "(unknown)",
		"hostname": name, "local-hostname": name, "local-ipv4": f.machine.Address, "mac": estate.MAC(f.machine.Address),
		"instance-id": f.machine.ID, "instance-life-cycle": lifecycle,
		"instance-type":  f.kind,
		"profile":        "default-hvm",
		"reservation-id": "r-" + strings.TrimPrefix(f.machine.ID, "i-"),
	}
}

func (f *facts) placement() map[string]string {
	domain, partition := "amazonaws.com", "aws"
	if strings.HasPrefix(f.machine.Region, "cn-") {
		domain, partition = "amazonaws.com.cn", "aws-cn"
	}
	return map[string]string{
		"placement/availability-zone":    f.machine.Zone,
		"placement/availability-zone-id": world.Text(f.subnet, "availability_zone_id"),
		"placement/region":               f.machine.Region,
		"services/domain":                domain, "services/partition": partition,
	}
}

func (f *facts) card() map[string]string {
	name := estate.PrivateName(f.machine.Address, f.machine.Region)
	return map[string]string{
		"device-number": "0", "mac": estate.MAC(f.machine.Address),
		"interface-id":   world.Text(f.launch, "primary_network_interface_id"),
		"local-hostname": name, "local-ipv4s": f.machine.Address, "owner-id": f.account(),
		"subnet-id": f.machine.Subnet, "subnet-ipv4-cidr-block": world.Text(f.subnet, "cidr_block"),
		"vpc-id":               world.Text(f.subnet, "vpc_id"),
		"vpc-ipv4-cidr-block":  world.Text(f.network, "cidr_block"),
		"vpc-ipv4-cidr-blocks": world.Text(f.network, "cidr_block"),
	}
}

func (f *facts) account() string { return estate.Account(world.Text(f.subnet, "arn")) }

func (f *facts) identity() (string, error) {
	raw, err := json.MarshalIndent(map[string]any{
		"accountId": f.account(), "architecture": "x86_64", "availabilityZone": f.machine.Zone, "imageId": f.image(),
		"instanceId": f.machine.ID, "instanceType": f.kind,
		"pendingTime": f.machine.Launched.UTC().Format(time.RFC3339), "privateIp": f.machine.Address,
		"region": f.machine.Region, "version": "2017-09-30",
		"billingProducts": nil, "devpayProductCodes": nil, "kernelId": nil, "marketplaceProductCodes": nil, "ramdiskId": nil,
	}, "", "  ")
	return string(raw), err
}

func (s *Service) addTags(out tree, machine *host.Machine) error {
	tags, err := s.Estate.Tags(machine)
	for name, value := range tags {
		// EC2 does not show a name that is no path element
		if !strings.ContainsAny(name, "/ ") && name != "." && name != ".." {
			out["meta-data/tags/instance/"+name] = value
		}
	}
	return err
}

func (s *Service) addCredentials(out tree, f *facts) error {
	// the clock is cut so that the same credentials are given out for a while
	updated := time.Now().UTC().Truncate(credentialPeriod)
	session := seal.Session{Role: f.role.ID, Instance: f.machine.ID, Expires: updated.Add(credentialLifetime)}
	credentials, err := s.Sealer.Issue(session)
	if err != nil {
		return err
	}
	arn, id, err := s.Estate.Profile(f.machine)
	if err != nil {
		return err
	}
	stamp := updated.Format(time.RFC3339)
	info, err := document("Code", "Success", "LastUpdated", stamp, "InstanceProfileArn", arn, "InstanceProfileId", id)
	if err != nil {
		return err
	}
	keys, err := document("Code", "Success", "LastUpdated", stamp, "Type", "AWS-HMAC",
		"AccessKeyId", credentials.AccessKeyID, "SecretAccessKey", credentials.SecretAccessKey,
		"Token", credentials.Token, "Expiration", credentials.Expires.Format(time.RFC3339))
	out["meta-data/iam/info"] = info
	out["meta-data/iam/security-credentials/"+f.role.ID] = keys
	return err
}

// document is a flat JSON object in the service's own form, one member a line.
func document(pairs ...string) (string, error) {
	lines := make([]string, 0, len(pairs)/2)
	for at := 0; at < len(pairs); at += 2 {
		value, err := json.Marshal(pairs[at+1])
		if err != nil {
			return "", err
		}
		lines = append(lines, `  "`+pairs[at]+`" : `+string(value))
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n}", nil
}
