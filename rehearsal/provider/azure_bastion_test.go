package main

import (
	"strings"
	"testing"
)

func allow(name, direction, from, to string, priority int, ports ...any) j {
	return j{
		"name": name, "direction": direction, "access": "Allow", "priority": priority, "protocol": "Tcp", "source_port_range": "*",
		"source_address_prefix": from, "destination_address_prefix": to, "destination_port_ranges": ports,
	}
}

func bastionRules() []any {
	return []any{
		allow("control", "Inbound", "GatewayManager", "*", 100, "443"),
		allow("probes", "Inbound", "AzureLoadBalancer", "*", 101, "443"),
		allow("parts-in", "Inbound", "VirtualNetwork", "VirtualNetwork", 102, "8080", "5701"),
		allow("machines", "Outbound", "*", "VirtualNetwork", 100, "22", "3389"),
		allow("cloud", "Outbound", "*", "AzureCloud", 101, "443"),
		allow("parts-out", "Outbound", "VirtualNetwork", "VirtualNetwork", 102, "8080", "5701"),
		allow("sessions", "Outbound", "*", "Internet", 103, "80"),
	}
}

func (s *server) publicAddress(t *testing.T, name, sku string) *resource {
	t.Helper()
	return s.make(t, "azurerm_public_ip", nil, in(name, j{"sku": sku, "allocation_method": "Static"}))
}

func bastionIn(subnet, address *resource) j {
	return in("bastion", j{"sku": "Standard", "ip_configuration": []any{j{
		"name": "address", "subnet_id": subnet.id(), "public_ip_address_id": address.id(),
	}}})
}

func refusedToGo(t *testing.T, problem, part string) {
	t.Helper()
	if !strings.Contains(problem, part) {
		t.Errorf("got %q, want %q in it", problem, part)
	}
}

func TestAzureBastionStandsInItsOwnSubnetAlone(t *testing.T) {
	s := azure(t)
	s.azureGroup(t)
	servers := s.azureNetwork(t)
	address := s.publicAddress(t, "bastion", "Standard")
	s.refused(t, "azurerm_bastion_host", bastionIn(servers, address), "subnet name must be AzureBastionSubnet", `"servers"`)
	small := s.make(t, "azurerm_subnet", nil, subnetIn("AzureBastionSubnet", "10.30.255.0/27"))
	s.refused(t, "azurerm_bastion_host", bastionIn(small, address), "must be at least /26")
	equal(t, "the small subnet", s.destroy(t, small), "")
	subnet := s.make(t, "azurerm_subnet", nil, subnetIn("AzureBastionSubnet", "10.30.255.0/24"))
	s.refused(t, "azurerm_bastion_host", bastionIn(subnet, s.publicAddress(t, "other", "Basic")), `must have sku "Standard", got "Basic"`)
	bastion := s.make(t, "azurerm_bastion_host", nil, bastionIn(subnet, address))
	equal(t, "the bastion", bastion.id(), azurePlace+"Microsoft.Network/bastionHosts/bastion")
	refusedToGo(t, s.destroy(t, subnet), "still used by azurerm_bastion_host")
	refusedToGo(t, s.destroy(t, address), "still used by azurerm_bastion_host")
}

func TestTheSubnetOfABastionTakesNoGroupWithoutTheRulesOfAzure(t *testing.T) {
	s := azure(t)
	s.azureGroup(t)
	servers := s.azureNetwork(t)
	subnet := s.make(t, "azurerm_subnet", nil, subnetIn("AzureBastionSubnet", "10.30.255.0/24"))
	on := func(subnet, group *resource) j {
		return j{"subnet_id": subnet.id(), "network_security_group_id": group.id()}
	}
	for index, rule := range bastionRules() {
		rules := append(append([]any{}, bastionRules()[:index]...), bastionRules()[index+1:]...)
		name := rule.(j)["name"].(string)
		group := s.make(t, "azurerm_network_security_group", nil, in("without-"+name, j{"security_rule": rules}))
		s.refused(t, "azurerm_subnet_network_security_group_association", on(subnet, group), "NotCompliantForAzureBastionSubnet", "without-"+name)
	}
	group := s.make(t, "azurerm_network_security_group", nil, in("bastion", j{"security_rule": bastionRules()}))
	association := s.make(t, "azurerm_subnet_network_security_group_association", nil, on(subnet, group))
	equal(t, "the association", association.id(), subnet.id())
	refusedToGo(t, s.destroy(t, group), "still used by azurerm_subnet_network_security_group_association")
	// Any other subnet takes any group.
	none := s.make(t, "azurerm_network_security_group", nil, in("none", nil))
	s.make(t, "azurerm_subnet_network_security_group_association", nil, on(servers, none))
}
