package fleet

import (
	"slices"
	"strings"

	"drover/rehearsal/lab/world"
)

const (
	launching   = "autoscaling:EC2_INSTANCE_LAUNCHING"
	terminating = "autoscaling:EC2_INSTANCE_TERMINATING"
)

// model is what the world says of a group.
type model struct {
	name, region       string
	min, max, declared int
	subnets            []subnet
	version            Version
	latest             string // the version of the template that the world holds
	types              []string
	mixed              *distribution
	hooks              map[string]hook
	graceSec           int
	protect            bool
	rebalance          bool
	suspended          []string
	tags               map[string]string
	refresh            *refreshSettings
	// trouble is why nothing can be launched.
	trouble error
}

type subnet struct{ id, zone, cidr string }

type hook struct {
	name, transition, defaultResult string
	timeoutSec                      int
	initial                         bool
}

// distribution says how many machines are on demand. AWS's defaults: none at the base, all above it.
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html
type distribution struct{ base, percentAbove int }

type refreshSettings struct {
	minHealthy, maxHealthy, warmupSec int
	rollback                          bool
	replaceProtected                  bool
}

func readModels(w *world.World, s store) (map[string]*model, error) {
	groups, err := w.List("aws_autoscaling_group")
	if err != nil {
		return nil, err
	}
	hooks, err := w.List("aws_autoscaling_lifecycle_hook")
	if err != nil {
		return nil, err
	}
	subnets, err := w.List("aws_subnet")
	if err != nil {
		return nil, err
	}
	templates, err := w.List("aws_launch_template")
	if err != nil {
		return nil, err
	}
	if err := s.noteTemplates(templates); err != nil {
		return nil, err
	}
	out := map[string]*model{}
	for _, group := range groups {
		m := readModel(group)
		m.readSubnets(group, subnets)
		m.readTemplate(group, templates)
		m.readHooks(group, hooks)
		out[m.name] = m
	}
	return out, nil
}

func number(object *world.Object, path string, fallback int) int {
	if world.Text(object, path) == "" {
		return fallback
	}
	return world.Int(object, path)
}

func readModel(group *world.Object) *model {
	out := &model{
		name: world.Text(group, "name"), region: group.Scope,
		min: world.Int(group, "min_size"), max: world.Int(group, "max_size"),
		graceSec:  number(group, "health_check_grace_period", 300),
		protect:   world.Text(group, "protect_from_scale_in") == "true",
		rebalance: world.Text(group, "capacity_rebalance") == "true",
		suspended: world.List(group, "suspended_processes"),
		tags:      map[string]string{"aws:autoscaling:groupName": world.Text(group, "name")},
		hooks:     map[string]hook{},
	}
	out.declared = number(group, "desired_capacity", out.min)
	tags, _ := world.Value(group, "tag").([]any)
	for _, tag := range tags {
		key, _ := world.At(tag, "key").(string)
		value, _ := world.At(tag, "value").(string)
		if world.At(tag, "propagate_at_launch") == true {
			out.tags[key] = value
		}
	}
	if world.Value(group, "instance_refresh.0") != nil {
		const at = "instance_refresh.0.preferences.0."
		out.refresh = &refreshSettings{
			minHealthy: number(group, at+"min_healthy_percentage", 90),
			maxHealthy: number(group, at+"max_healthy_percentage", 100),
			// AWS takes the health check grace period where neither is given; in the lab that would idle for minutes.
			warmupSec:        number(group, at+"instance_warmup", number(group, "default_instance_warmup", 0)),
			rollback:         world.Text(group, at+"auto_rollback") == "true",
			replaceProtected: world.Text(group, at+"scale_in_protected_instances") == "Refresh",
		}
	}
	return out
}

func (m *model) readSubnets(group *world.Object, subnets []*world.Object) {
	for _, id := range world.List(group, "vpc_zone_identifier") {
		for _, object := range subnets {
			if object.ID == id {
				m.subnets = append(m.subnets,
					subnet{id, world.Text(object, "availability_zone"), world.Text(object, "cidr_block")})
			}
		}
	}
	slices.SortFunc(m.subnets, func(a, b subnet) int { return strings.Compare(a.zone+a.id, b.zone+b.id) })
	if len(m.subnets) == 0 {
		m.trouble = errNoSubnet(m.name)
	}
}

func (m *model) readTemplate(group *world.Object, templates []*world.Object) {
	id, name := world.Text(group, "launch_template.0.id"), world.Text(group, "launch_template.0.name")
	version := world.Text(group, "launch_template.0.version")
	const mixed = "mixed_instances_policy.0."
	if world.Value(group, mixed+"launch_template.0") != nil {
		const at = mixed + "launch_template.0.launch_template_specification.0."
		id, name = world.Text(group, at+"launch_template_id"), world.Text(group, at+"launch_template_name")
		version = world.Text(group, at+"version")
		m.mixed = &distribution{
			base:         number(group, mixed+"instances_distribution.0.on_demand_base_capacity", 0),
			percentAbove: number(group, mixed+"instances_distribution.0.on_demand_percentage_above_base_capacity", 100),
		}
		overrides, _ := world.Value(group, mixed+"launch_template.0.override").([]any)
		for _, override := range overrides {
			if kind, _ := world.At(override, "instance_type").(string); kind != "" {
				m.types = append(m.types, kind)
			}
		}
	}
	for _, object := range templates {
		if object.ID != id && (id != "" || world.Text(object, "name") != name) {
			continue
		}
		m.latest = world.Text(object, "latest_version")
		switch version {
		case "$Latest":
			version = m.latest
		case "$Default", "":
			version = world.Text(object, "default_version")
		}
		m.version = Version{ID: object.ID, Version: version}
		return
	}
	m.trouble = errTemplate(m.name, id+name)
}

// readHooks takes the initial hooks and lays those of their own resource over them, as PutLifecycleHook does.
func (m *model) readHooks(group *world.Object, hooks []*world.Object) {
	initial, _ := world.Value(group, "initial_lifecycle_hook").([]any)
	for _, one := range initial {
		attrs, _ := one.(map[string]any)
		read := readHook(&world.Object{Attrs: attrs})
		read.initial = true
		m.hooks[read.name] = read
	}
	for _, object := range hooks {
		if world.Text(object, "autoscaling_group_name") == m.name {
			read := readHook(object)
			m.hooks[read.name] = read
		}
	}
}

func readHook(object *world.Object) hook {
	out := hook{
		name:          world.Text(object, "name"),
		transition:    world.Text(object, "lifecycle_transition"),
		defaultResult: world.Text(object, "default_result"),
		timeoutSec:    number(object, "heartbeat_timeout", 3600),
	}
	if out.defaultResult == "" {
		out.defaultResult = resultAbandon
	}
	return out
}
