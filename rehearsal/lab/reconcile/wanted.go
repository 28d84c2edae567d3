package reconcile

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// wanted are the machines that the world's instances ask for, in the order of their identifiers, and those of data centres.
func wanted(w *world.World) ([]host.Spec, error) {
	instances, err := w.List("aws_instance")
	if err != nil {
		return nil, err
	}
	disks, err := attachments(w)
	if err != nil {
		return nil, err
	}
	var out []host.Spec
	for _, instance := range instances {
		spec, err := specOf(w, instance)
		if err != nil {
			return nil, fmt.Errorf("instance %q: %w", instance.ID, err)
		}
		spec.Disks = disks[instance.ID]
		out = append(out, spec)
	}
	others, err := standing(w)
	return append(out, others...), err
}

func specOf(w *world.World, instance *world.Object) (host.Spec, error) {
	tags := world.Texts(instance, "tags")
	maps.Copy(tags, world.Texts(instance, "tags_all"))
	spec := host.Spec{
		ID: instance.ID, Name: cmp.Or(tags["Name"], instance.ID), Tags: tags,
		Address: world.Text(instance, "private_ip"), Subnet: world.Text(instance, "subnet_id"),
		Zone: world.Text(instance, "availability_zone"), Region: cmp.Or(world.Text(instance, "region"), instance.Scope),
		Profile:  world.Text(instance, "iam_instance_profile"),
		HopLimit: cmp.Or(world.Int(instance, "metadata_options.0.http_put_response_hop_limit"), 1),
	}
	id := cmp.Or(world.Text(instance, "primary_network_interface.0.network_interface_id"),
		world.Text(instance, "network_interface.0.network_interface_id"))
	if id != "" {
		card, err := w.Find("aws_network_interface", id)
		if err != nil {
			return spec, err
		}
		if card == nil {
			return spec, fmt.Errorf("network interface %q is not in the world", id)
		}
		spec.Address = cmp.Or(world.Text(card, "private_ip"), world.Text(card, "private_ips.0"), spec.Address)
		spec.Subnet = cmp.Or(world.Text(card, "subnet_id"), spec.Subnet)
	}
	spec.UserData = []byte(world.Text(instance, "user_data"))
	if encoded := world.Text(instance, "user_data_base64"); encoded != "" {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return spec, fmt.Errorf("user data: %w", err)
		}
		spec.UserData = decoded
	}
	return spec, nil
}

// attachments gives every instance its volumes, in the order of their device names.
func attachments(w *world.World) (map[string][]host.Disk, error) {
	all, err := w.List("aws_volume_attachment")
	if err != nil {
		return nil, err
	}
	out := map[string][]host.Disk{}
	for _, attachment := range all {
		volume, err := w.Find("aws_ebs_volume", world.Text(attachment, "volume_id"))
		if err != nil {
			return nil, err
		}
		if volume == nil {
			continue // it is being destroyed, its attachment is next
		}
		machine := world.Text(attachment, "instance_id")
		out[machine] = append(out[machine], host.Disk{
			VolumeID: volume.ID, SizeGiB: world.Int(volume, "size"), Device: world.Text(attachment, "device_name"),
		})
	}
	for _, disks := range out {
		slices.SortFunc(disks, func(a, b host.Disk) int {
			return cmp.Or(cmp.Compare(a.Device, b.Device), cmp.Compare(a.VolumeID, b.VolumeID))
		})
	}
	return out, nil
}
