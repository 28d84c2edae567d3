package main

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	azureGroup  = "drover-staging"
	azurePlace  = "/subscriptions/00000000-1111-4222-a333-777777777777/resourceGroups/" + azureGroup + "/providers/"
	azureZone   = "1"
	azureRegion = "westeurope"
)

func azure(t *testing.T) *server { return azureWith(t, t.TempDir(), j{}) }

func azureWith(t *testing.T, dir string, features j) *server {
	t.Helper()
	return startIn(t, dir, "azurerm", j{"features": []any{features}})
}

// in is a configuration with name, group and location.
func in(name string, more j) j {
	out := j{"name": name, "resource_group_name": azureGroup, "location": azureRegion}
	for key, value := range more {
		out[key] = value
	}
	return out
}

func (s *server) azureGroup(t *testing.T) *resource {
	t.Helper()
	return s.make(t, "azurerm_resource_group", nil, j{"name": azureGroup, "location": azureRegion})
}

func (s *server) azureNetwork(t *testing.T) (subnet *resource) {
	t.Helper()
	s.make(t, "azurerm_virtual_network", nil, in("weu", j{"address_space": []any{"10.30.0.0/16"}}))
	return s.make(t, "azurerm_subnet", nil, subnetIn("servers", "10.30.240.0/24"))
}

func subnetIn(name, cidr string) j {
	return j{"name": name, "resource_group_name": azureGroup, "virtual_network_name": "weu", "address_prefixes": []any{cidr}}
}

func interfaceIn(name string, subnet *resource, address any) j {
	allocation := "Dynamic"
	if address != nil {
		allocation = "Static"
	}
	return in(name, j{"ip_configuration": []any{j{
		"name": "address", "subnet_id": subnet.id(), "private_ip_address": address, "private_ip_address_allocation": allocation,
	}}})
}

func machineIn(name string, network *resource, userData string) j {
	return in(name, j{
		"size": "Standard_D2s_v5", "zone": azureZone, "admin_username": "drover", "network_interface_ids": []any{network.id()},
		"custom_data": base64.StdEncoding.EncodeToString([]byte(userData)),
		"os_disk":     []any{j{"caching": "ReadWrite", "disk_size_gb": 60}},
		"source_image_reference": []any{j{
			"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "24.04.202606060",
		}},
	})
}

func TestAzureIdentifiersNestAsResourceManagersDo(t *testing.T) {
	s := azure(t)
	group := s.azureGroup(t)
	subnet := s.azureNetwork(t)
	equal(t, "group", group.id(), strings.TrimSuffix(azurePlace, "/providers/"))
	equal(t, "subnet", subnet.id(), azurePlace+"Microsoft.Network/virtualNetworks/weu/subnets/servers")
	gateway := s.make(t, "azurerm_nat_gateway", nil, in("nat", j{}))
	association := s.make(t, "azurerm_subnet_nat_gateway_association", nil, j{"subnet_id": subnet.id(), "nat_gateway_id": gateway.id()})
	equal(t, "association", association.id(), subnet.id())
	identity := s.make(t, "azurerm_user_assigned_identity", nil, in("servers", nil))
	assignment := j{"scope": group.id(), "principal_id": identity.attribute("principal_id"), "role_definition_name": "Reader"}
	role := s.make(t, "azurerm_role_assignment", nil, assignment)
	equal(t, "assignment", role.id(), group.id()+"/providers/Microsoft.Authorization/roleAssignments/"+displayed(role.attribute("name")))
	s.refused(t, "azurerm_role_assignment", assignment, "AlreadyExists")
	equal(t, "again", s.destroy(t, role)+s.make(t, "azurerm_role_assignment", nil, assignment).kind, "azurerm_role_assignment")
}

func TestAzureRefusesWhatDoesNotExistOrIsStillUsed(t *testing.T) {
	s := azure(t)
	s.refused(t, "azurerm_virtual_network", in("weu", j{"address_space": []any{"10.30.0.0/16"}}), `names the azurerm_resource_group.name "drover-staging"`)
	group := s.azureGroup(t)
	subnet := s.azureNetwork(t)
	gone := &resource{kind: "azurerm_subnet", state: subnet.state}
	network := s.make(t, "azurerm_network_interface", nil, interfaceIn("s1", gone, nil))
	if problem := s.destroy(t, subnet); !strings.Contains(problem, "still used by azurerm_network_interface") {
		t.Errorf("got %q", problem)
	}
	if problem := s.destroy(t, group); !strings.Contains(problem, "the Resource Group still contains Resources: "+azurePlace) {
		t.Errorf("got %q", problem)
	}
	equal(t, "the interface", s.destroy(t, network), "")
	equal(t, "the subnet", s.destroy(t, subnet), "")
}

func TestAzureAddressesComeFromTheirSubnet(t *testing.T) {
	s := azure(t)
	s.azureGroup(t)
	subnet := s.azureNetwork(t)
	fixed := s.make(t, "azurerm_network_interface", nil, interfaceIn("s1", subnet, "10.30.240.83"))
	equal(t, "fixed", fixed.attribute("private_ip_address"), "10.30.240.83")
	s.refused(t, "azurerm_network_interface", interfaceIn("s2", subnet, "10.30.240.83"), "AlreadyExists", "10.30.240.83")
	s.refused(t, "azurerm_network_interface", interfaceIn("s2", subnet, "10.30.241.83"), "PrivateIPAddressNotInSubnet")
	s.refused(t, "azurerm_subnet", subnetIn("other", "10.30.240.128/25"), "NetcfgSubnetRangesOverlap")
	s.refused(t, "azurerm_subnet", subnetIn("other", "10.31.0.0/24"), "NetcfgInvalidSubnet")
	balancer := s.make(t, "azurerm_lb", nil, in("plane", j{"frontend_ip_configuration": []any{j{"name": "plane", "subnet_id": subnet.id()}}}))
	address := displayed(balancer.attribute("frontend_ip_configuration.0.private_ip_address"))
	if !strings.HasPrefix(address, "10.30.240.") || address == "10.30.240.83" {
		t.Errorf("the frontend has %q", address)
	}
	equal(t, "the balancer's", balancer.attribute("private_ip_address"), address)
	rule := j{"loadbalancer_id": balancer.id(), "name": "api", "protocol": "Tcp", "frontend_port": 6443, "backend_port": 6443, "frontend_ip_configuration_name": "plane"}
	made := s.make(t, "azurerm_lb_rule", nil, rule)
	equal(t, "frontend", made.attribute("frontend_ip_configuration_id"), balancer.attribute("frontend_ip_configuration.0.id"))
	rule["name"], rule["frontend_ip_configuration_name"] = "other", "none"
	s.refused(t, "azurerm_lb_rule", rule, "cannot find FrontEnd IP Configuration with the name none")
}

func TestAzureMachineIsRenewedUnderItsIdentifierAndItsDiskStays(t *testing.T) {
	s := azure(t)
	s.azureGroup(t)
	network := s.make(t, "azurerm_network_interface", nil, interfaceIn("s1", s.azureNetwork(t), "10.30.240.83"))
	config := machineIn("s1", network, "#cloud-config\n{}")
	machine := s.make(t, "azurerm_linux_virtual_machine", nil, config)
	equal(t, "address", machine.attribute("private_ip_address"), "10.30.240.83")
	disk := s.make(t, "azurerm_managed_disk", nil, in("s1-data", j{"storage_account_type": "Premium_LRS", "create_option": "Empty", "disk_size_gb": 50, "zone": azureZone}))
	attachment := j{"managed_disk_id": disk.id(), "virtual_machine_id": machine.id(), "lun": 0, "caching": "None"}
	attached := s.make(t, "azurerm_virtual_machine_data_disk_attachment", nil, attachment)
	equal(t, "attachment", attached.id(), machine.id()+"/dataDisks/s1-data")
	if problem := s.destroy(t, disk); !strings.Contains(problem, "still used by") {
		t.Errorf("got %q", problem)
	}
	equal(t, "replaces", strings.Join(s.plan(t, "azurerm_linux_virtual_machine", machine, machineIn("s1", network, "#cloud-config\n{} ")).replaces(), " "), "custom_data")
	equal(t, "detach and delete", s.destroy(t, attached)+s.destroy(t, machine), "")
	again := s.make(t, "azurerm_linux_virtual_machine", nil, config)
	equal(t, "identifier", again.id(), machine.id())
	equal(t, "attachment", s.make(t, "azurerm_virtual_machine_data_disk_attachment", nil, attachment).id(), attached.id())
	elsewhere := s.make(t, "azurerm_managed_disk", nil, in("s2-data", j{"storage_account_type": "Premium_LRS", "create_option": "Empty", "disk_size_gb": 50, "zone": "2"}))
	s.refused(t, "azurerm_virtual_machine_data_disk_attachment", j{"managed_disk_id": elsewhere.id(), "virtual_machine_id": machine.id(), "lun": 1, "caching": "None"}, "not in the same zone")
}

func TestAzureScaleSetGrowsInPlace(t *testing.T) {
	s := azure(t)
	s.azureGroup(t)
	subnet := s.azureNetwork(t)
	config := func(max string) j {
		return in("workers", j{
			"sku": "Standard_D4s_v5", "instances": 2, "admin_username": "drover", "tags": j{"max": max},
			"os_disk": []any{j{"caching": "ReadWrite", "storage_account_type": "Premium_LRS"}},
			"network_interface": []any{j{"name": "interface", "primary": true, "ip_configuration": []any{j{
				"name": "address", "primary": true, "subnet_id": subnet.id(),
			}}}},
			"source_image_id": "/subscriptions/1/resourceGroups/2/providers/Microsoft.Compute/images/3",
		})
	}
	group := s.make(t, "azurerm_linux_virtual_machine_scale_set", nil, config("6"))
	larger := s.plan(t, "azurerm_linux_virtual_machine_scale_set", group, config("8"))
	equal(t, "replaces", len(larger.replaces()), 0)
	equal(t, "only the tag differs", len(differing(group.state, larger.state)), 1)
	equal(t, "id", s.make(t, "azurerm_linux_virtual_machine_scale_set", group, config("8")).id(), group.id())
}

// differing names the attributes of two states that differ.
func differing(one, other tftypes.Value) []string {
	var out []string
	mine, theirs := membersOf(one), membersOf(other)
	for _, name := range sortedKeys(mine) {
		if !mine[name].Equal(theirs[name]) {
			out = append(out, name)
		}
	}
	return out
}
