package main

import (
	"fmt"
	"net/netip"
	"strings"
)

func deriveSubnet(m *making) error {
	own, err := netip.ParsePrefix(displayed(m.arguments["cidr_block"]))
	if err != nil {
		return nil // an IPv6-only subnet, or one from an address manager
	}
	vpc, err := m.object("aws_vpc", m.arguments["vpc_id"])
	if err != nil || vpc == nil {
		return err
	}
	if whole, err := netip.ParsePrefix(displayed(vpc.Attrs["cidr_block"])); err == nil {
		if !whole.Contains(own.Addr()) || own.Bits() < whole.Bits() {
			return fmt.Errorf("InvalidSubnet.Range: the CIDR '%s' is invalid: it is not inside the VPC's %s", own, whole)
		}
	}
	others, err := m.server.world.all("aws_subnet")
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Attrs["vpc_id"] != vpc.ID || m.before != nil && other.ID == m.before.ID {
			continue
		}
		if taken, err := netip.ParsePrefix(displayed(other.Attrs["cidr_block"])); err == nil && taken.Overlaps(own) {
			return fmt.Errorf("InvalidSubnet.Conflict: the CIDR '%s' conflicts with another subnet (%s, %s)", own, other.ID, taken)
		}
	}
	return nil
}

// addressIn gives an address of a subnet that no interface or machine of the world has.
func (m *making) addressIn(subnet *record) (string, error) {
	prefix, err := netip.ParsePrefix(displayed(subnet.Attrs["cidr_block"]))
	if err != nil || !prefix.Addr().Is4() {
		return "", nil
	}
	taken, err := m.addressesOf(subnet)
	if err != nil {
		return "", err
	}
	address := m.freeAddress(prefix, taken)
	if address == "" {
		return "", fmt.Errorf("InsufficientFreeAddressesInSubnet: subnet %s has no free address", subnet.ID)
	}
	return address, nil
}

// freeAddress chooses an address of an IPv4 network that nothing has; "" if there is none. Both clouds keep the first
// four addresses of a subnet and the last one.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
// https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
func (m *making) freeAddress(prefix netip.Prefix, taken map[string]bool) string {
	usable := 1<<(32-prefix.Bits()) - 5
	var start int
	_, _ = fmt.Sscanf(m.hash("address")[:7], "%x", &start)
	base := prefix.Masked().Addr().As4()
	network := uint32(base[0])<<24 | uint32(base[1])<<16 | uint32(base[2])<<8 | uint32(base[3])
	for i := 0; i < usable; i++ {
		host := network + uint32(4+(start+i)%usable)
		address := netip.AddrFrom4([4]byte{byte(host >> 24), byte(host >> 16), byte(host >> 8), byte(host)}).String()
		if !taken[address] {
			return address
		}
	}
	return ""
}

func (m *making) addressesOf(subnet *record) (map[string]bool, error) {
	out := map[string]bool{}
	for _, kind := range []string{"aws_network_interface", "aws_instance", "aws_nat_gateway"} {
		others, err := m.server.world.all(kind)
		if err != nil {
			return nil, err
		}
		for _, other := range others {
			if other.Attrs["subnet_id"] == subnet.ID {
				out[displayed(other.Attrs["private_ip"])] = true
			}
		}
	}
	return out, nil
}

func deriveNetworkInterface(m *making) error {
	subnet, err := m.object("aws_subnet", m.arguments["subnet_id"])
	if err != nil || subnet == nil {
		return err
	}
	addresses, _ := m.arguments["private_ips"].([]any)
	if len(addresses) == 0 {
		addresses, _ = m.arguments["private_ip_list"].([]any)
	}
	if prefix, err := netip.ParsePrefix(displayed(subnet.Attrs["cidr_block"])); err == nil {
		for _, address := range addresses {
			parsed, err := netip.ParseAddr(displayed(address))
			if err != nil || !prefix.Contains(parsed) {
				return fmt.Errorf("InvalidParameterValue: address '%s' does not fall within the subnet's address range (%s)", displayed(address), prefix)
			}
		}
	}
	if len(addresses) == 0 {
		address, err := m.addressIn(subnet)
		if err != nil {
			return err
		}
		addresses = []any{address}
	}
	primary := displayed(addresses[0])
	if m.before != nil { // the primary address stays as long as the interface does
		primary = displayed(m.before.Attrs["private_ip"])
	}
	m.choose("private_ip", primary)
	m.chosen["private_ips"] = addresses
	m.chosen["private_ip_list"] = addresses
	m.chosen["private_ips_count"] = len(addresses) - 1
	m.choose("private_dns_name", privateName(primary, m.region))
	return nil
}

// privateName is the name that Amazon's resolver gives an address.
func privateName(address, region string) string {
	suffix := region + ".compute.internal"
	if region == "us-east-1" {
		suffix = "ec2.internal"
	}
	return "ip-" + strings.ReplaceAll(address, ".", "-") + "." + suffix
}

func deriveNatGateway(m *making) error {
	subnet, err := m.object("aws_subnet", m.arguments["subnet_id"])
	if err != nil {
		return err
	}
	if subnet != nil {
		address, err := m.addressIn(subnet)
		if err != nil {
			return err
		}
		m.choose("private_ip", address)
		m.choose("vpc_id", subnet.Attrs["vpc_id"])
	}
	address, err := m.attributeOfObject("aws_eip", m.arguments["allocation_id"], "public_ip")
	m.choose("public_ip", address)
	if m.arguments["allocation_id"] == nil {
		m.chosen["public_ip"] = ""
	}
	return err
}

func deriveLoadBalancer(m *making) error {
	subnets, _ := m.arguments["subnets"].([]any)
	mappings, _ := m.arguments["subnet_mapping"].([]any)
	for _, mapping := range mappings {
		subnets = append(subnets, jsonAt(mapping, "subnet_id"))
	}
	zones := map[string]string{}
	for _, id := range subnets {
		subnet, err := m.object("aws_subnet", id)
		if err != nil {
			return err
		}
		if subnet == nil {
			continue
		}
		zone := displayed(subnet.Attrs["availability_zone"])
		if other := zones[zone]; other != "" {
			return fmt.Errorf("InvalidConfigurationRequest: a load balancer cannot be attached to multiple subnets in the same Availability Zone (%s: %s and %s)", zone, other, subnet.ID)
		}
		zones[zone] = subnet.ID
		m.choose("vpc_id", subnet.Attrs["vpc_id"])
	}
	m.chosen["subnets"] = subnets
	if m.before != nil {
		return nil
	}
	family := map[string]string{"network": "net", "gateway": "gwy"}[displayed(m.arguments["load_balancer_type"])]
	if family == "" {
		family = "app"
	}
	m.chooseBalancingARN("loadbalancer/", family+"/")
	if displayed(m.arguments["load_balancer_type"]) != "network" {
		prefix := ""
		if internal, _ := m.arguments["internal"].(bool); internal {
			prefix = "internal-"
		}
		m.choose("dns_name", prefix+m.expand("{name}-{digits9}.{region}.elb.amazonaws.com", "dns_name"))
	}
	return nil
}

func deriveTargetGroup(m *making) error {
	if m.before == nil {
		m.chooseBalancingARN("", "targetgroup/")
	}
	return nil
}

// chooseBalancingARN sets the ARN and its suffix, by which metrics name the object.
func (m *making) chooseBalancingARN(unsuffixed, family string) {
	suffix := family + m.name() + "/" + m.hash("arn")[:16]
	arn := m.expand("arn:aws:elasticloadbalancing:{region}:{account}:", "") + unsuffixed + suffix
	m.choose("arn", arn)
	m.choose("id", arn)
	m.choose("arn_suffix", suffix)
}

// deriveListener makes a listener's ARN from that of its load balancer, as AWS does.
func deriveListener(m *making) error {
	if m.before != nil {
		return nil
	}
	balancer := displayed(m.arguments["load_balancer_arn"])
	arn := strings.Replace(balancer, ":loadbalancer/", ":listener/", 1) + "/" + m.hash("arn")[:16]
	m.choose("arn", arn)
	m.choose("id", arn)
	return nil
}
