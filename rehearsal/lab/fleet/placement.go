package fleet

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"drover/rehearsal/lab/balance"
)

const (
	onDemand = "on-demand"
	spot     = "spot"
)

// identifier is the next instance identifier of a group: "i-" and 17 digits that follow from its name and counter.
func (g *Group) identifier(known func(id string) bool) string {
	for {
		g.Counter++
		sum := sha256.Sum256([]byte(g.Name + "|" + strconv.Itoa(g.Counter)))
		if id := "i-" + hex.EncodeToString(sum[:])[:17]; !known(id) {
			return id
		}
	}
}

// place chooses the subnet in the zone that has fewest of the group's instances, the first by name if several have.
func (m *model) place(instances []*Instance) subnet {
	best, fewest := m.subnets[0], [2]int{int(^uint(0) >> 1), 0}
	for _, one := range m.subnets {
		count := [2]int{}
		for _, instance := range instances {
			if instance.Zone == one.zone {
				count[0]++
			}
			if instance.Subnet == one.id {
				count[1]++
			}
		}
		if slices.Compare(count[:], fewest[:]) < 0 {
			best, fewest = one, count
		}
	}
	return best
}

// purchase chooses market and type of the next instance. On demand takes the first type of the list (the strategy
// "prioritized"); spot takes the type that the zone has fewest of, which stands for the price and capacity that decide
// in a cloud. Weights and instance requirements are not looked at.
func (m *model) purchase(instances []*Instance, zone, templateType string) (market, kind string) {
	if m.mixed == nil {
		return onDemand, templateType
	}
	types := m.types
	if len(types) == 0 {
		types = []string{templateType}
	}
	bought := 0
	for _, one := range instances {
		if one.Market == onDemand {
			bought++
		}
	}
	if bought < m.mixed.onDemandOf(len(instances)+1) {
		return onDemand, types[0]
	}
	return spot, slices.MinFunc(types, func(a, b string) int {
		count := func(kind string) (n int) {
			for _, one := range instances {
				if one.Market == spot && one.Zone == zone && one.Type == kind {
					n++
				}
			}
			return n
		}
		return count(a) - count(b)
	})
}

// onDemandOf is how many of a number of instances are to be on demand; AWS rounds in favour of on demand.
func (d distribution) onDemandOf(total int) int {
	above := max(0, total-d.base)
	return min(total, d.base) + (above*d.percentAbove+99)/100
}

// address chooses a free address of a subnet that follows from the instance's identifier. The highest quarter is left
// to load balancers as long as another is free.
func address(in subnet, id string, taken map[netip.Addr]bool) (netip.Addr, error) {
	prefix, err := netip.ParsePrefix(in.cidr)
	if err != nil || !prefix.Addr().Is4() {
		return netip.Addr{}, errNoAddress(in.id)
	}
	count, at := balance.Hosts(prefix)
	if count == 0 {
		return netip.Addr{}, errNoAddress(in.id)
	}
	sum := sha256.Sum256([]byte(id + "|" + in.id))
	lower := max(1, count-balance.BalancerShare(count))
	start := int(binary.BigEndian.Uint32(sum[:4]) % uint32(lower))
	for i := range count {
		index := i
		if i < lower {
			index = (start + i) % lower
		}
		if free := at(index); !taken[free] {
			return free, nil
		}
	}
	return netip.Addr{}, errNoAddress(in.id)
}

// victim chooses who leaves, roughly as AWS's default policy does: in the zone with most instances, first those that
// are not in service yet, then those that the purchase distribution has too many of, then the older template version,
// then the oldest. Protected instances stay; nil if there is nobody else.
func (m *model) victim(instances []*Instance, current Version) *Instance {
	zones := map[string]int{}
	bought := 0
	for _, one := range instances {
		zones[one.Zone]++
		if one.Market == onDemand {
			bought++
		}
	}
	excess := onDemand
	if m.mixed != nil && bought <= m.mixed.onDemandOf(len(instances)-1) {
		excess = spot
	}
	var open []*Instance
	for _, one := range instances {
		if !one.Protected {
			open = append(open, one)
		}
	}
	if len(open) == 0 {
		return nil
	}
	first := func(yes bool) int {
		if yes {
			return 0
		}
		return 1
	}
	return slices.MinFunc(open, func(a, b *Instance) int {
		if by := zones[b.Zone] - zones[a.Zone]; by != 0 {
			return by
		}
		for _, test := range []func(*Instance) bool{
			func(i *Instance) bool { return i.Lifecycle != InService },
			func(i *Instance) bool { return i.Market == excess },
			func(i *Instance) bool { return i.Template != current },
		} {
			if by := first(test(a)) - first(test(b)); by != 0 {
				return by
			}
		}
		if by := a.Launched.Compare(b.Launched); by != 0 {
			return by
		}
		return strings.Compare(a.ID, b.ID)
	})
}
