package fleet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/netip"

	"drover/rehearsal/lab/balance"
	"drover/rehearsal/lab/host"
)

// launch adds an instance to the group and has its machine started; false if it can't even be described.
func (p *pass) launch(g *Group, m *model) bool {
	one, spec, err := p.describe(g, m)
	if err != nil {
		p.failed(g, &Instance{Template: g.current(m)}, err.Error())
		return false
	}
	g.Instances = append(g.Instances, *one)
	p.busy[one.ID] = true
	p.log(g, "launch", one.ID, "zone", one.Zone, "address", one.Address, "type", one.Type, "market", one.Market,
		"version", one.Template.Version)
	p.calls = append(p.calls, func() { p.start(p.ctx, g.Name, spec, one.Lifecycle) })
	return true
}

// describe chooses identifier, zone, type and address of the next instance.
func (p *pass) describe(g *Group, m *model) (*Instance, host.Spec, error) {
	if m.trouble != nil {
		return nil, host.Spec{}, m.trouble
	}
	template, err := p.store.template(g.current(m), m.latest)
	if err != nil {
		return nil, host.Spec{}, err
	}
	taken, err := p.taken()
	if err != nil {
		return nil, host.Spec{}, err
	}
	staying := g.staying()
	in := m.place(staying)
	market, kind := m.purchase(staying, in.zone, template.InstanceType)
	id := g.identifier(func(id string) bool { _, known := p.machines[id]; return known || g.find(id) != nil })
	at, err := address(in, id, taken)
	if err != nil {
		return nil, host.Spec{}, err
	}
	one := &Instance{
		ID: id, Lifecycle: Pending, Health: healthy, Launched: p.config.Now(),
		Zone: in.zone, Subnet: in.id, Address: at.String(),
		Type: kind, Market: market, Template: template.Version, Protected: m.protect,
		Waits: p.waits(g, m, launching),
	}
	if len(one.Waits) > 0 {
		one.Lifecycle = PendingWait
	}
	tags := maps.Clone(template.Tags)
	maps.Copy(tags, m.tags)
	tags["aws:ec2launchtemplate:id"] = template.ID
	tags["aws:ec2launchtemplate:version"] = template.Version.Version
	spec := host.Spec{
		ID: id, Name: machineName(tags["Name"], g.Name, id), Address: one.Address, Subnet: in.id, Zone: in.zone,
		Region: m.region, Profile: template.Profile, Group: g.Name, UserData: template.UserData,
		HopLimit: template.HopLimit, Tags: tags,
	}
	for _, disk := range template.Disks {
		sum := sha256.Sum256([]byte(id + "|" + disk.Device))
		spec.Disks = append(spec.Disks, host.Disk{
			VolumeID: "vol-" + hex.EncodeToString(sum[:])[:17], SizeGiB: disk.SizeGiB, Device: disk.Device,
		})
	}
	return one, spec, nil
}

// machineName tells the machines of a group apart; in a cloud they share the name tag.
func machineName(tag, group, id string) string {
	if tag == "" {
		tag = group
	}
	return tag + "-" + id[2:7]
}

// taken are the addresses that no new machine may get.
func (p *pass) taken() (map[netip.Addr]bool, error) {
	out, err := balance.Taken(p.config.World)
	if err != nil {
		return nil, err
	}
	add := func(text string) {
		if address, err := netip.ParseAddr(text); err == nil {
			out[address] = true
		}
	}
	for _, machine := range p.machines {
		if machine.State != host.Terminated {
			add(machine.Address)
		}
	}
	for _, g := range p.groups {
		for _, one := range g.Instances {
			add(one.Address)
		}
	}
	return out, nil
}

// start has a machine started. Without a hook it is in service once it runs.
func (c *Controller) start(ctx context.Context, group string, spec host.Spec, lifecycle string) {
	ctx, cancel := context.WithTimeout(ctx, launchDeadline)
	defer cancel()
	err := c.config.Fleet.Launch(ctx, spec)
	if err == nil {
		err = c.config.Fleet.SetLifecycle(spec.ID, lifecycle)
	}
	c.settled(group, spec.ID, func(g *Group, one *Instance) {
		switch {
		case err != nil && !one.leaving():
			one.Health, one.Waits = unhealthy, nil
			c.abandon(g, one, "launch: "+err.Error())
		case one.Lifecycle == Pending:
			c.enterService(g, one)
		}
	})
}

func (c *Controller) terminate(ctx context.Context, group, id string) {
	ctx, cancel := context.WithTimeout(ctx, terminateDeadline)
	defer cancel()
	err := c.config.Fleet.Terminate(ctx, id)
	c.settled(group, id, func(g *Group, one *Instance) {
		if err != nil {
			c.trouble(group, err) // tried again at the next look
			return
		}
		c.log(g, "terminated", id, "reason", one.Reason)
		g.remove(id)
	})
}

// settled notes the end of a call of the fleet.
func (c *Controller) settled(group, id string, apply func(*Group, *Instance)) {
	c.mutex.Lock()
	delete(c.busy, id)
	c.mutex.Unlock()
	err := c.change(group, func(g *Group) error {
		if one := g.find(id); one != nil {
			apply(g, one)
		}
		return nil
	})
	if err != nil {
		c.config.Log.Warn("trouble", "group", group, "error", err.Error())
	}
}
