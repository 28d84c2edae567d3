package main

import (
	"fmt"
	"net/netip"
	"slices"
)

// bastionSubnet is the name by which Azure knows the subnet of a bastion; a smaller one than this it refuses.
const (
	bastionSubnet     = "AzureBastionSubnet"
	bastionSubnetBits = 26
)

// bastionDemands are rules without which Azure takes no security group on the subnet of a bastion, whatever else it lets through.
var bastionDemands = []struct{ direction, from, to, port string }{
	{"Inbound", "GatewayManager", "*", "443"},
	{"Inbound", "AzureLoadBalancer", "*", "443"},
	{"Inbound", "VirtualNetwork", "VirtualNetwork", "8080"},
	{"Inbound", "VirtualNetwork", "VirtualNetwork", "5701"},
	{"Outbound", "*", "VirtualNetwork", "22"},
	{"Outbound", "*", "VirtualNetwork", "3389"},
	{"Outbound", "*", "AzureCloud", "443"},
	{"Outbound", "VirtualNetwork", "VirtualNetwork", "8080"},
	{"Outbound", "VirtualNetwork", "VirtualNetwork", "5701"},
	{"Outbound", "*", "Internet", "80"},
}

// deriveAzureBastion refuses a bastion outside of its own subnet, and one at an address that it can't have.
func deriveAzureBastion(m *making) error {
	subnet, err := m.object("azurerm_subnet", jsonAt(m.arguments, "ip_configuration.0.subnet_id"))
	if err != nil {
		return err
	}
	if subnet != nil {
		if subnet.Attrs["name"] != bastionSubnet {
			return fmt.Errorf("value in \"subnet_id\" subnet name must be %s, got %q", bastionSubnet, subnet.Attrs["name"])
		}
		tooSmall := func(prefix netip.Prefix) bool { return prefix.Bits() > bastionSubnetBits }
		if slices.ContainsFunc(prefixesOf(subnet.Attrs["address_prefixes"]), tooSmall) {
			return fmt.Errorf("BadRequest: subnet %s must be at least /%d", bastionSubnet, bastionSubnetBits)
		}
	}
	address, err := m.object("azurerm_public_ip", jsonAt(m.arguments, "ip_configuration.0.public_ip_address_id"))
	if err != nil || address == nil {
		return err
	}
	for argument, wanted := range map[string]string{"sku": "Standard", "allocation_method": "Static"} {
		if got := address.Attrs[argument]; got != wanted {
			return fmt.Errorf("BadRequest: the public address of a bastion must have %s %q, got %q", argument, wanted, displayed(got))
		}
	}
	return nil
}

// deriveSubnetGroup refuses a security group on the subnet of a bastion that lacks what Azure demands there.
func deriveSubnetGroup(m *making) error {
	subnet, err := m.object("azurerm_subnet", m.arguments["subnet_id"])
	if err != nil || subnet == nil || subnet.Attrs["name"] != bastionSubnet {
		return err
	}
	group, err := m.object("azurerm_network_security_group", m.arguments["network_security_group_id"])
	if err != nil || group == nil {
		return err
	}
	rules, _ := group.Attrs["security_rule"].([]any)
	for _, demand := range bastionDemands {
		answers := func(rule any) bool {
			ports, _ := jsonAt(rule, "destination_port_ranges").([]any)
			return jsonAt(rule, "access") == "Allow" && jsonAt(rule, "direction") == demand.direction &&
				jsonAt(rule, "source_address_prefix") == demand.from && jsonAt(rule, "destination_address_prefix") == demand.to &&
				(jsonAt(rule, "destination_port_range") == demand.port || slices.Contains(ports, any(demand.port)))
		}
		if !slices.ContainsFunc(rules, answers) {
			return fmt.Errorf("NetworkSecurityGroupNotCompliantForAzureBastionSubnet: network security group %v does not have necessary rules for Azure Bastion Subnet %s: %s %s to %s, port %s",
				group.Attrs["name"], bastionSubnet, demand.direction, demand.from, demand.to, demand.port)
		}
	}
	return nil
}
