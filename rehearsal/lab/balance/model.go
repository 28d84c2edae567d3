package balance

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/lab/world"
)

// listenerModel is one address and port of a load balancer.
type listenerModel struct {
	balancer string
	address  netip.AddrPort
	zone     string
	// zonal keeps connections in the zone of the address that they came to.
	zonal bool
	group string
}

// groupModel is a target group with those who are registered in it now.
type groupModel struct {
	arn, name string
	// preserve means that targets see the client's address.
	preserve bool
	// drain is how long a connection may outlive the target's registration; terminate cuts it then.
	drain     time.Duration
	terminate bool
	// cutUnhealthy closes connections of a target that became unhealthy.
	cutUnhealthy bool
	check        healthCheck
	targets      map[netip.AddrPort]targetModel
}

type targetModel struct {
	zone string
}

type model struct {
	listeners map[netip.AddrPort]listenerModel
	groups    map[string]*groupModel
	// refused says what of the world is not forwarded.
	refused []error
}

// readModel finds out who listens, and who is behind, from the world and the machines.
func readModel(w *world.World, machines []host.Machine, second time.Duration) (*model, error) {
	out := &model{listeners: map[netip.AddrPort]listenerModel{}, groups: map[string]*groupModel{}}
	groups, err := w.List("aws_lb_target_group")
	if err != nil {
		return nil, err
	}
	registered, err := readRegistrations(w, machines)
	if err != nil {
		return nil, err
	}
	for _, object := range groups {
		group := readGroup(object, second)
		group.targets = registered.of(object)
		out.groups[group.arn] = group
	}
	return out, out.readListeners(w, groups)
}

func (m *model) readListeners(w *world.World, groups []*world.Object) error {
	addresses, _, err := frontends(w)
	if err != nil {
		return err
	}
	balancers, err := w.List("aws_lb")
	if err != nil {
		return err
	}
	listeners, err := w.List("aws_lb_listener")
	if err != nil {
		return err
	}
	for _, lb := range balancers {
		name := world.Text(lb, "name")
		if kind := world.Text(lb, "load_balancer_type"); kind != "network" {
			m.refused = append(m.refused, errKind(name, kind))
			continue
		}
		for _, listener := range listeners {
			if world.Text(listener, "load_balancer_arn") != lb.ID {
				continue
			}
			port, protocol := world.Int(listener, "port"), world.Text(listener, "protocol")
			if protocol != "TCP" && protocol != "TCP_UDP" {
				m.refused = append(m.refused, errProtocol(name, port, protocol))
				continue
			}
			arn := forwardedTo(listener)
			index := slices.IndexFunc(groups, func(o *world.Object) bool { return o.ID == arn })
			if index < 0 {
				m.refused = append(m.refused, errGroup(name, port, arn))
				continue
			}
			if world.Text(groups[index], "proxy_protocol_v2") == "true" {
				m.refused = append(m.refused, errProxyProtocol(world.Text(groups[index], "name")))
				continue
			}
			zonal := !crossesZones(lb, groups[index])
			for _, one := range addresses[lb.ID] {
				at := netip.AddrPortFrom(one.address, uint16(port))
				m.listeners[at] = listenerModel{balancer: name, address: at, zone: one.zone, zonal: zonal, group: arn}
			}
		}
	}
	return nil
}

func forwardedTo(listener *world.Object) string {
	if arn := world.Text(listener, "default_action.0.target_group_arn"); arn != "" {
		return arn
	}
	return world.Text(listener, "default_action.0.forward.0.target_group.0.arn")
}

func crossesZones(lb, group *world.Object) bool {
	switch world.Text(group, "load_balancing_cross_zone_enabled") {
	case "true":
		return true
	case "false":
		return false
	}
	return world.Text(lb, "enable_cross_zone_load_balancing") == "true"
}

func readGroup(object *world.Object, second time.Duration) *groupModel {
	// AWS keeps client addresses by default where targets are instances, not where they are addresses.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
	preserve := world.Text(object, "preserve_client_ip")
	if preserve == "" {
		preserve = strconv.FormatBool(world.Text(object, "target_type") != "ip")
	}
	return &groupModel{
		arn:          object.ID,
		name:         world.Text(object, "name"),
		preserve:     preserve == "true",
		drain:        time.Duration(number(object, "deregistration_delay", 300)) * second,
		terminate:    world.Text(object, "connection_termination") == "true",
		cutUnhealthy: world.Text(object, "target_health_state.0.enable_unhealthy_connection_termination") != "false",
		check:        readHealthCheck(object, second),
	}
}

// number is a whole number of the world, or AWS's default where the program gives none.
func number(object *world.Object, path string, fallback int) int {
	if world.Text(object, path) == "" {
		return fallback
	}
	return world.Int(object, path)
}

// registrations knows who is registered with which target group.
type registrations struct {
	attachments []*world.Object
	// scaled are the target groups of every Auto Scaling group.
	scaled   map[string][]string
	machines []host.Machine
	subnets  map[netip.Prefix]string
}

func readRegistrations(w *world.World, machines []host.Machine) (*registrations, error) {
	out := &registrations{machines: machines, scaled: map[string][]string{}, subnets: map[netip.Prefix]string{}}
	var err error
	if out.attachments, err = w.List("aws_lb_target_group_attachment"); err != nil {
		return nil, err
	}
	groups, err := w.List("aws_autoscaling_group")
	if err != nil {
		return nil, err
	}
	for _, group := range groups {
		name := world.Text(group, "name")
		out.scaled[name] = append(out.scaled[name], world.List(group, "target_group_arns")...)
	}
	links, err := w.List("aws_autoscaling_attachment")
	if err != nil {
		return nil, err
	}
	for _, link := range links {
		name := world.Text(link, "autoscaling_group_name")
		out.scaled[name] = append(out.scaled[name], world.Text(link, "lb_target_group_arn"))
	}
	subnets, err := w.List("aws_subnet")
	if err != nil {
		return nil, err
	}
	for _, subnet := range subnets {
		if prefix, err := netip.ParsePrefix(world.Text(subnet, "cidr_block")); err == nil {
			out.subnets[prefix] = world.Text(subnet, "availability_zone")
		}
	}
	return out, nil
}

func (r *registrations) of(group *world.Object) map[netip.AddrPort]targetModel {
	out := map[netip.AddrPort]targetModel{}
	port := world.Int(group, "port")
	for _, attachment := range r.attachments {
		if world.Text(attachment, "target_group_arn") != group.ID {
			continue
		}
		at := number(attachment, "port", port)
		if address, found := r.addressOf(world.Text(attachment, "target_id")); found {
			out[netip.AddrPortFrom(address, uint16(at))] = targetModel{zone: r.zoneOf(address)}
		}
	}
	for _, machine := range r.machines {
		// Auto Scaling registers a machine when it enters service and takes it out first when it leaves.
		if machine.Lifecycle != "InService" || !slices.Contains(r.scaled[machine.Group], group.ID) {
			continue
		}
		if address, err := netip.ParseAddr(machine.Address); err == nil {
			out[netip.AddrPortFrom(address, uint16(port))] = targetModel{zone: machine.Zone}
		}
	}
	return out
}

// addressOf finds a target: an address is itself, an instance is a machine that runs.
func (r *registrations) addressOf(target string) (netip.Addr, bool) {
	if !strings.HasPrefix(target, "i-") {
		address, err := netip.ParseAddr(target)
		return address, err == nil
	}
	for _, machine := range r.machines {
		if machine.ID == target && machine.State == host.Running {
			address, err := netip.ParseAddr(machine.Address)
			return address, err == nil
		}
	}
	return netip.Addr{}, false
}

func (r *registrations) zoneOf(address netip.Addr) string {
	for prefix, zone := range r.subnets {
		if prefix.Contains(address) {
			return zone
		}
	}
	return ""
}
