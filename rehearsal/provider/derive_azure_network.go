package main

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// prefixesOf are the networks of a list of CIDRs; what is not one is left out.
func prefixesOf(list any) []netip.Prefix {
	texts, _ := list.([]any)
	var out []netip.Prefix
	for _, text := range texts {
		if prefix, err := netip.ParsePrefix(displayed(text)); err == nil {
			out = append(out, prefix)
		}
	}
	return out
}

// deriveAzureSubnet refuses a subnet outside of its network, or over another one.
func deriveAzureSubnet(m *making) error {
	networks, err := m.server.world.all("azurerm_virtual_network")
	if err != nil {
		return err
	}
	inNetwork := func(r *record, name string) bool {
		return r.Attrs[name] == m.arguments["virtual_network_name"] && r.Attrs["resource_group_name"] == m.arguments["resource_group_name"]
	}
	others, err := m.server.world.all("azurerm_subnet")
	if err != nil {
		return err
	}
	for _, own := range prefixesOf(m.arguments["address_prefixes"]) {
		for _, network := range networks {
			isInside := func(space netip.Prefix) bool { return space.Contains(own.Addr()) && own.Bits() >= space.Bits() }
			if inNetwork(network, "name") && !slices.ContainsFunc(prefixesOf(network.Attrs["address_space"]), isInside) {
				return fmt.Errorf("NetcfgInvalidSubnet: subnet %q is not valid in virtual network %q: %s is outside of its address space", m.name(), network.Attrs["name"], own)
			}
		}
		for _, other := range others {
			if !inNetwork(other, "virtual_network_name") || other.Attrs["name"] == m.name() {
				continue
			}
			if slices.ContainsFunc(prefixesOf(other.Attrs["address_prefixes"]), own.Overlaps) {
				return fmt.Errorf("NetcfgSubnetRangesOverlap: subnet %q (%s) overlaps with subnet %q", m.name(), own, other.Attrs["name"])
			}
		}
	}
	return nil
}

// azureAddress gives an address of a subnet that no interface and no load balancer of the world has.
func (m *making) azureAddress(subnetID string) (string, error) {
	subnet, err := m.object("azurerm_subnet", subnetID)
	if err != nil || subnet == nil {
		return "", err
	}
	taken := map[string]bool{}
	for kind, block := range map[string]string{"azurerm_network_interface": "ip_configuration", "azurerm_lb": "frontend_ip_configuration"} {
		others, err := m.server.world.all(kind)
		if err != nil {
			return "", err
		}
		for _, other := range others {
			configurations, _ := other.Attrs[block].([]any)
			for _, configuration := range configurations {
				taken[displayed(jsonAt(configuration, "private_ip_address"))] = true
			}
		}
	}
	for _, prefix := range prefixesOf(subnet.Attrs["address_prefixes"]) {
		if address := m.freeAddress(prefix, taken); prefix.Addr().Is4() && address != "" {
			return address, nil
		}
	}
	return "", fmt.Errorf("SubnetIsFull: subnet %q does not have enough capacity for 1 IP address", subnetID)
}

// addressBlocks gives every configuration of a block its address, and refuses one that its subnet can't have.
func (m *making) addressBlocks(block string, finish func(configuration members)) ([]any, error) {
	own := membersOf(m.planned)
	addresses := []any{}
	changed, err := mapObjects(own[block], func(configuration members) error {
		subnetID, _ := toJSON(configuration["subnet_id"]).(string)
		given := configuration["private_ip_address"]
		if subnetID != "" && !given.IsKnown() {
			address, err := m.azureAddress(subnetID)
			if err != nil {
				return err
			}
			configuration["private_ip_address"] = tftypes.NewValue(tftypes.String, address)
		} else if err := m.refuseOutside(subnetID, toJSON(given)); err != nil {
			return err
		}
		if address := displayed(toJSON(configuration["private_ip_address"])); address != "" {
			addresses = append(addresses, address)
		}
		if finish != nil {
			finish(configuration)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	own[block] = changed
	m.planned = tftypes.NewValue(m.planned.Type(), own)
	return addresses, nil
}

func (m *making) refuseOutside(subnetID string, address any) error {
	parsed, err := netip.ParseAddr(displayed(address))
	if err != nil {
		return nil // none is asked for
	}
	subnet, err := m.object("azurerm_subnet", subnetID)
	if err != nil || subnet == nil {
		return err
	}
	contains := func(prefix netip.Prefix) bool { return prefix.Contains(parsed) }
	if !slices.ContainsFunc(prefixesOf(subnet.Attrs["address_prefixes"]), contains) {
		return fmt.Errorf("PrivateIPAddressNotInSubnet: private static IP address %s does not belong to the range of subnet %q", parsed, subnet.Attrs["name"])
	}
	return nil
}

func deriveAzureInterface(m *making) error {
	addresses, err := m.addressBlocks("ip_configuration", nil)
	if err != nil {
		return err
	}
	m.chosen["private_ip_addresses"] = addresses
	if len(addresses) > 0 {
		m.choose("private_ip_address", addresses[0])
	}
	return nil
}

func deriveAzureBalancer(m *making) error {
	id := m.id()
	addresses, err := m.addressBlocks("frontend_ip_configuration", func(frontend members) {
		if !frontend["id"].IsKnown() {
			name := displayed(toJSON(frontend["name"]))
			frontend["id"] = tftypes.NewValue(tftypes.String, id+"/frontendIPConfigurations/"+name)
		}
	})
	if err != nil {
		return err
	}
	m.chosen["private_ip_addresses"] = addresses
	if len(addresses) > 0 {
		m.choose("private_ip_address", addresses[0])
	}
	return nil
}

// deriveAzureRule refuses a rule on a frontend that its load balancer does not have.
func deriveAzureRule(m *making) error {
	balancer, err := m.object("azurerm_lb", m.arguments["loadbalancer_id"])
	if err != nil || balancer == nil {
		return err
	}
	frontends, _ := balancer.Attrs["frontend_ip_configuration"].([]any)
	for _, frontend := range frontends {
		if jsonAt(frontend, "name") == m.arguments["frontend_ip_configuration_name"] {
			return nil
		}
	}
	return fmt.Errorf("[ERROR] cannot find FrontEnd IP Configuration with the name %v", m.arguments["frontend_ip_configuration_name"])
}
