package main

import (
	"fmt"
	"os"
	"path"
	"strings"
)

// deriveAzureMachine takes a machine's address from its interface.
func deriveAzureMachine(m *making) error {
	attached, err := m.object("azurerm_network_interface", jsonAt(m.arguments, "network_interface_ids.0"))
	if err != nil {
		return err
	}
	if attached != nil {
		m.choose("private_ip_address", attached.Attrs["private_ip_address"])
		m.chosen["private_ip_addresses"] = attached.Attrs["private_ip_addresses"]
	}
	disk := displayed(jsonAt(m.arguments, "os_disk.0.name"))
	if disk == "" {
		disk = m.name() + "_OsDisk_1_" + m.hash("os disk")[:32]
	}
	id := m.expand("/subscriptions/{scope}/resourceGroups/{attr:resource_group_name}/providers/Microsoft.Compute/disks/", "") + disk
	m.choose("os_disk.name", disk)
	m.choose("os_disk.id", id)
	m.choose("os_managed_disk_id", id)
	return nil
}

func deriveDiskAttachment(m *making) error {
	diskID, machineID := displayed(m.arguments["managed_disk_id"]), displayed(m.arguments["virtual_machine_id"])
	m.choose("id", machineID+"/dataDisks/"+path.Base(diskID))
	disk, err := m.attributeOfObject("azurerm_managed_disk", diskID, "zone")
	if err != nil {
		return err
	}
	machine, err := m.attributeOfObject("azurerm_linux_virtual_machine", machineID, "zone")
	if err != nil {
		return err
	}
	if displayed(disk) != displayed(machine) {
		return fmt.Errorf("BadRequest: disk %s (zone %q) cannot be attached to the machine because it is not in the same zone (%q)", diskID, displayed(disk), displayed(machine))
	}
	return nil
}

// deriveRoleAssignment gives an assignment its name, and the role that is named its identifier: always the same for one
// name, as Azure's own roles have.
func deriveRoleAssignment(m *making) error {
	role := displayed(m.arguments["role_definition_name"])
	if role != "" {
		digest := longHash("role|" + role)
		m.choose("role_definition_id", m.expand("/subscriptions/{scope}/providers/Microsoft.Authorization/roleDefinitions/", "")+
			strings.Join([]string{digest[:8], digest[8:12], "4" + digest[13:16], "a" + digest[17:20], digest[20:32]}, "-"))
	}
	m.choose("principal_type", "ServicePrincipal")
	if m.before != nil {
		return nil
	}
	name := displayed(m.arguments["name"])
	if name == "" {
		name = m.expand("{uuid}", "id")
	}
	m.choose("name", name)
	m.choose("id", displayed(m.arguments["scope"])+"/providers/Microsoft.Authorization/roleAssignments/"+name)
	return nil
}

// deriveBlob refuses a file that is not there.
func deriveBlob(m *making) error {
	source := displayed(m.arguments["source"])
	if source == "" {
		return nil
	}
	if _, err := os.Stat(source); err != nil {
		return fmt.Errorf("opening source file for upload %q: %w", source, err)
	}
	return nil
}

// refuseNestedResources: the provider looks into a resource group before it deletes it.
// https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/guides/features-block#prevent_deletion_if_contains_resources
func (s *server) refuseNestedResources(r *record) error {
	if r.Type != "azurerm_resource_group" || !s.feature("resource_group", "prevent_deletion_if_contains_resources") {
		return nil
	}
	all, err := s.world.all("azurerm_*")
	if err != nil {
		return err
	}
	for _, nested := range all {
		if strings.HasPrefix(nested.ID, r.ID+"/providers/") {
			return fmt.Errorf("deleting Resource Group %q: the Resource Group still contains Resources: %s", r.Attrs["name"], nested.ID)
		}
	}
	return nil
}
