package reconcile

import (
	"cmp"
	"fmt"
	"slices"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// standingKind is a machine that stands in a data centre before Terraform comes; rehearsal/hosts/metal-machines.ts puts it
// into the world.
const standingKind = "metal_machine"

// standing are the machines of data centres.
func standing(w *world.World) ([]host.Spec, error) {
	machines, err := w.List(standingKind)
	if err != nil {
		return nil, err
	}
	var out []host.Spec
	for _, machine := range machines {
		spec := host.Spec{
			ID: machine.ID, Name: world.Text(machine, "name"), Tags: world.Texts(machine, "tags"),
			Address: world.Text(machine, "address"), Subnet: world.Text(machine, "cidr"),
			Zone: world.Text(machine, "rack"), Region: world.Text(machine, "region"),
			Bare: &host.Bare{Login: world.Text(machine, "login"), Port: cmp.Or(world.Int(machine, "port"), 22)},
		}
		if spec.Bare.Login == "" || spec.Name == "" {
			return nil, fmt.Errorf("machine %q has no name or no login", machine.ID)
		}
		disks, _ := world.Value(machine, "disks").([]any)
		for index := range disks {
			at := func(name string) string { return fmt.Sprintf("disks.%d.%s", index, name) }
			spec.Disks = append(spec.Disks, host.Disk{
				VolumeID: world.Text(machine, at("id")), SizeGiB: world.Int(machine, at("size")),
				Serial: world.Text(machine, at("serial")), Link: world.Text(machine, at("link")),
			})
		}
		out = append(out, spec)
	}
	return out, nil
}

func hasDisk(spec host.Spec, volume string) bool {
	return slices.ContainsFunc(spec.Disks, func(disk host.Disk) bool { return disk.VolumeID == volume })
}
