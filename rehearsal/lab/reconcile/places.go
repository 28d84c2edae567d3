// Package reconcile makes the lab's machines follow the instances of the world.
package reconcile

import (
	"fmt"
	"net/netip"

	"drover/rehearsal/lab/network"
	"drover/rehearsal/lab/world"
)

// Place says where a subnet of the world lies, and in which network.
func Place(w *world.World, subnet string) (network.Place, error) {
	var place network.Place
	if prefix, err := netip.ParsePrefix(subnet); err == nil { // a site on metal has one network
		return network.Place{Subnet: prefix, Network: prefix}, nil
	}
	object, err := w.Find("aws_subnet", subnet)
	if err != nil {
		return place, err
	}
	if object == nil {
		return place, fmt.Errorf("subnet %q is not in the world: the lab can't tell where its machines lie", subnet)
	}
	if place.Subnet, err = netip.ParsePrefix(world.Text(object, "cidr_block")); err != nil {
		return place, fmt.Errorf("subnet %q: %w", subnet, err)
	}
	vpc, err := w.Find("aws_vpc", world.Text(object, "vpc_id"))
	if err != nil {
		return place, err
	}
	place.Network = place.Subnet
	if vpc == nil { // the network is another program's
		return place, nil
	}
	if place.Network, err = netip.ParsePrefix(world.Text(vpc, "cidr_block")); err != nil {
		return place, fmt.Errorf("network %q: %w", vpc.ID, err)
	}
	if !place.Network.Contains(place.Subnet.Addr()) { // a further range of the network
		place.Network = place.Subnet
	}
	return place, nil
}
