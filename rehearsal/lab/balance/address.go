package balance

import (
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"

	"drover/rehearsal/lab/world"
)

// The addresses that AWS keeps of every subnet: the first four and the last.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
const (
	reservedFirst = 4
	reservedLast  = 1
)

// frontend is one address of a load balancer.
type frontend struct {
	address netip.Addr
	zone    string
}

// Addresses are the private addresses of a load balancer (an aws_lb of the world), one a subnet, in the order of its
// subnets: the one that subnet_mapping gives, else one of the upper quarter of the subnet that follows from the
// balancer's ARN and is no interface's, machine's or other balancer's. It is empty if the world can't be read.
//
// An address depends on nothing but the world, so that DNS and the balancer agree without talking to each other.
func Addresses(w *world.World, lb *world.Object) []netip.Addr {
	all, _, err := frontends(w)
	if err != nil {
		return nil
	}
	var out []netip.Addr
	for _, one := range all[lb.ID] {
		out = append(out, one.address)
	}
	return out
}

// Taken are all addresses of the world that no new machine may get: those of interfaces, machines, gateways and load
// balancers.
func Taken(w *world.World) (map[netip.Addr]bool, error) {
	_, taken, err := frontends(w)
	return taken, err
}

// Hosts are the addresses of a subnet that a machine may have, lowest first: how many there are, and the one at an
// index.
func Hosts(subnet netip.Prefix) (count int, at func(index int) netip.Addr) {
	first := subnet.Masked().Addr().As4()
	base := binary.BigEndian.Uint32(first[:])
	count = max(0, 1<<(32-subnet.Bits())-reservedFirst-reservedLast)
	return count, func(index int) netip.Addr {
		var raw [4]byte
		binary.BigEndian.PutUint32(raw[:], base+reservedFirst+uint32(index))
		return netip.AddrFrom4(raw)
	}
}

// BalancerShare is how many of a subnet's addresses, the highest ones, machines leave to load balancers while they can.
func BalancerShare(count int) int { return max(1, count/4) }

// frontends gives every load balancer its addresses, and all addresses that are in use.
func frontends(w *world.World) (map[string][]frontend, map[netip.Addr]bool, error) {
	taken, err := interfaces(w)
	if err != nil {
		return nil, nil, err
	}
	subnets, err := w.List("aws_subnet")
	if err != nil {
		return nil, nil, err
	}
	balancers, err := w.List("aws_lb")
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(balancers, func(a, b *world.Object) int { return strings.Compare(a.ID, b.ID) })
	given := map[string]map[string]netip.Addr{}
	for _, lb := range balancers {
		given[lb.ID] = mappedAddresses(lb)
		for _, address := range given[lb.ID] {
			taken[address] = true
		}
	}
	out := map[string][]frontend{}
	for _, lb := range balancers {
		for _, id := range subnetsOf(lb) {
			index := slices.IndexFunc(subnets, func(o *world.Object) bool { return o.ID == id })
			if index < 0 {
				continue
			}
			address, isGiven := given[lb.ID][id]
			if !isGiven {
				address = choose(lb.ID, world.Text(subnets[index], "cidr_block"), taken)
			}
			if address.IsValid() {
				taken[address] = true
				out[lb.ID] = append(out[lb.ID], frontend{address, world.Text(subnets[index], "availability_zone")})
			}
		}
	}
	return out, taken, nil
}

func choose(balancer, cidr string, taken map[netip.Addr]bool) netip.Addr {
	subnet, err := netip.ParsePrefix(cidr)
	if err != nil || !subnet.Addr().Is4() {
		return netip.Addr{}
	}
	count, at := Hosts(subnet)
	if count == 0 {
		return netip.Addr{}
	}
	sum := sha256.Sum256([]byte(balancer + "|" + cidr))
	share := BalancerShare(count)
	start := int(binary.BigEndian.Uint32(sum[:4]) % uint32(share))
	for i := range share {
		if address := at(count - 1 - (start+i)%share); !taken[address] {
			return address
		}
	}
	for i := range count - share {
		if address := at(count - share - 1 - i); !taken[address] {
			return address
		}
	}
	return netip.Addr{}
}

func subnetsOf(lb *world.Object) []string {
	mappings, _ := world.Value(lb, "subnet_mapping").([]any)
	var out []string
	for _, mapping := range mappings {
		if id, _ := world.At(mapping, "subnet_id").(string); id != "" {
			out = append(out, id)
		}
	}
	if len(out) > 0 {
		return out
	}
	return world.List(lb, "subnets")
}

func mappedAddresses(lb *world.Object) map[string]netip.Addr {
	out := map[string]netip.Addr{}
	mappings, _ := world.Value(lb, "subnet_mapping").([]any)
	for _, mapping := range mappings {
		id, _ := world.At(mapping, "subnet_id").(string)
		text, _ := world.At(mapping, "private_ipv4_address").(string)
		if address, err := netip.ParseAddr(text); err == nil {
			out[id] = address
		}
	}
	return out
}

// interfaces are the addresses that the world's interfaces, machines and gateways have.
func interfaces(w *world.World) (map[netip.Addr]bool, error) {
	out := map[netip.Addr]bool{}
	for _, kind := range []string{"aws_network_interface", "aws_instance", "aws_nat_gateway"} {
		objects, err := w.List(kind)
		if err != nil {
			return nil, err
		}
		for _, object := range objects {
			texts := append(world.List(object, "private_ips"), world.List(object, "secondary_private_ips")...)
			for _, text := range append(texts, world.Text(object, "private_ip")) {
				if address, err := netip.ParseAddr(text); err == nil {
					out[address] = true
				}
			}
		}
	}
	return out, nil
}
