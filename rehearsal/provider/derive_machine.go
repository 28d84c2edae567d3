package main

import "fmt"

func deriveInstance(m *making) error {
	interfaceID := jsonAt(m.arguments, "primary_network_interface.0.network_interface_id")
	if interfaceID == nil {
		interfaceID = jsonAt(m.arguments, "network_interface.0.network_interface_id")
	}
	attached, err := m.object("aws_network_interface", interfaceID)
	if err != nil {
		return err
	}
	subnetID := m.arguments["subnet_id"]
	if attached != nil {
		subnetID = attached.Attrs["subnet_id"]
		m.choose("subnet_id", subnetID)
		m.choose("private_ip", attached.Attrs["private_ip"])
		m.choose("vpc_security_group_ids", attached.Attrs["security_groups"])
		m.choose("primary_network_interface_id", attached.ID)
	}
	subnet, err := m.object("aws_subnet", subnetID)
	if err != nil {
		return err
	}
	if subnet != nil {
		m.choose("availability_zone", subnet.Attrs["availability_zone"])
		if zone := displayed(m.arguments["availability_zone"]); zone != "" && zone != displayed(subnet.Attrs["availability_zone"]) {
			return fmt.Errorf("InvalidParameterValue: the availability zone %q is not that of subnet %s (%s)", zone, subnet.ID, subnet.Attrs["availability_zone"])
		}
		if attached == nil && m.before == nil {
			address, err := m.addressIn(subnet)
			if err != nil {
				return err
			}
			m.choose("private_ip", address)
		}
	}
	m.choosePublicAddress(subnet)
	address := displayed(m.chosen["private_ip"])
	if given := displayed(m.arguments["private_ip"]); given != "" {
		address = given
	}
	if address != "" {
		m.choose("private_dns", privateName(address, m.region))
	}
	return nil
}

// choosePublicAddress: a machine has one if it, or its subnet, asks for one.
func (m *making) choosePublicAddress(subnet *record) {
	public, given := m.arguments["associate_public_ip_address"].(bool)
	if !given && subnet != nil {
		public, _ = subnet.Attrs["map_public_ip_on_launch"].(bool)
		m.chosen["associate_public_ip_address"] = public
	}
	if !public {
		m.chosen["public_ip"] = ""
		m.chosen["public_dns"] = ""
	}
}

func deriveVolumeAttachment(m *making) error {
	volume, err := m.attributeOfObject("aws_ebs_volume", m.arguments["volume_id"], "availability_zone")
	if err != nil {
		return err
	}
	machine, err := m.attributeOfObject("aws_instance", m.arguments["instance_id"], "availability_zone")
	if err != nil {
		return err
	}
	if volume != nil && machine != nil && volume != machine {
		return fmt.Errorf("InvalidVolume.ZoneMismatch: the volume %s (%s) is not in the same availability zone as the instance (%s)", m.arguments["volume_id"], volume, machine)
	}
	return nil
}
