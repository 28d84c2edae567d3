package dns

import (
	"net/netip"
	"slices"
	"strings"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// aliases that point to each other are given up after this many steps.
const longestChain = 8

// LabNames are the names of a lab: endpoints of the cloud, load balancers, the environment's zone records, the
// private names of machines, and what people have written for their data centres.
type LabNames struct {
	World *world.World
	Fleet host.Fleet
	// Endpoint is the address of every endpoint of the cloud.
	Endpoint netip.Addr
	// Domains are those whose names all mean the endpoint, but for the load balancers'.
	Domains []string
	// Hosts are single names that mean the endpoint.
	Hosts []string
	// IsHost tells of further single names whether they mean the endpoint.
	IsHost func(name string) bool
	// Balancer tells the addresses of a load balancer.
	Balancer func(*world.Object) []netip.Addr
}

// Find looks a name up.
func (n *LabNames) Find(name string) (Records, bool, error) { return n.find(name, longestChain) }

func (n *LabNames) find(name string, steps int) (Records, bool, error) {
	if steps == 0 {
		return Records{}, false, nil
	}
	found, exists, err := n.balancer(name)
	if err != nil || exists {
		return found, exists, err
	}
	if slices.Contains(n.Hosts, name) || n.IsHost(name) || slices.ContainsFunc(n.Domains, func(domain string) bool {
		return strings.HasSuffix(name, "."+domain)
	}) {
		return Records{Addresses: []netip.Addr{n.Endpoint}}, true, nil
	}
	if found, exists := n.machine(name); exists {
		return found, true, nil
	}
	found, exists, err = n.written(name)
	if err != nil || exists {
		return found, exists, err
	}
	return n.record(name, steps)
}

func (n *LabNames) balancer(name string) (Records, bool, error) {
	balancers, err := n.World.List("aws_lb")
	if err != nil {
		return Records{}, false, err
	}
	for _, balancer := range balancers {
		if strings.EqualFold(world.Text(balancer, "dns_name"), name) {
			return Records{Addresses: n.Balancer(balancer)}, true, nil
		}
	}
	return Records{}, false, nil
}

// machine answers private names (ip-10-20-0-5.eu-west-1.compute.internal), as a network's own resolver does.
func (n *LabNames) machine(name string) (Records, bool) {
	label, domain, _ := strings.Cut(name, ".")
	digits, isPrivate := strings.CutPrefix(label, "ip-")
	if !isPrivate || !strings.HasSuffix(domain, ".internal") {
		return Records{}, false
	}
	address, err := netip.ParseAddr(strings.ReplaceAll(digits, "-", "."))
	if err != nil {
		return Records{}, false
	}
	known := slices.ContainsFunc(n.Fleet.Machines(), func(m host.Machine) bool {
		return m.Address == address.String() && m.State != host.Terminated
	})
	return Records{Addresses: []netip.Addr{address}}, known
}

// record answers from the zones of the world: the name itself before a wildcard, the longest wildcard first.
func (n *LabNames) record(name string, steps int) (Records, bool, error) {
	all, err := n.World.List("aws_route53_record")
	if err != nil {
		return Records{}, false, err
	}
	for wanted := name; wanted != ""; {
		var out Records
		exists := false
		for _, record := range all {
			if recordName(record) != wanted {
				continue
			}
			exists = true
			if err := n.add(&out, record, steps); err != nil {
				return Records{}, false, err
			}
		}
		if exists {
			return out, true, nil
		}
		_, parent, found := strings.Cut(strings.TrimPrefix(wanted, "*."), ".")
		if !found {
			return Records{}, false, nil
		}
		wanted = "*." + parent
	}
	return Records{}, false, nil
}

func recordName(record *world.Object) string {
	name := strings.ToLower(strings.TrimSuffix(world.Text(record, "fqdn"), "."))
	return strings.ReplaceAll(name, `\052`, "*") // Route 53's own way to write it
}

func (n *LabNames) add(out *Records, record *world.Object, steps int) error {
	kind := world.Text(record, "type")
	targets := world.List(record, "records")
	alias := world.Text(record, "alias.0.name")
	if alias != "" {
		kind, targets = "CNAME", []string{alias}
	}
	for _, target := range targets {
		switch kind {
		case "CNAME":
			name := strings.ToLower(strings.TrimSuffix(target, "."))
			// a load balancer's dual-stack name means the same
			found, _, err := n.find(strings.TrimPrefix(name, "dualstack."), steps-1)
			if err != nil {
				return err
			}
			out.Addresses = append(out.Addresses, found.Addresses...)
		case "TXT":
			out.Texts = append(out.Texts, strings.Trim(target, `"`))
		case "A", "AAAA":
			if address, err := netip.ParseAddr(target); err == nil {
				out.Addresses = append(out.Addresses, address)
			}
		}
	}
	return nil
}
