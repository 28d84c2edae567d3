// Package planner decides what each machine of a cluster does next, in the order of Rancher's planner: nothing before
// every role is there, one machine that begins the cluster, then the other servers one by one, then the workers.
// It is a pure function: whoever asks with the same machines gets the same answer.
package planner

import (
	"hash/crc32"
	"slices"
	"strings"

	"drover/rehearsal/rancher/machine"
)

// Cluster is what all machines of a cluster have in common.
type Cluster struct {
	Name     string
	Version  string
	Artifact machine.Artifact
	// GlobalConfig is RKE2's configuration of every machine.
	GlobalConfig map[string]any
	// AdditionalManifest is applied by the servers.
	AdditionalManifest string
}

// State is what must be remembered of a cluster.
type State struct {
	// ServerToken is the secret that machines join with.
	ServerToken string `json:"serverToken"`
	// Init is the cattle-id of the machine that begins the cluster, or keeps it.
	Init string `json:"init,omitempty"`
	// Initialised says that the cluster has been begun; it never goes back.
	Initialised bool   `json:"initialised"`
	CAHash      string `json:"caHash,omitempty"`
}

// Decision is what to write down.
type Decision struct {
	State State
	// Plans holds the new plans only, by cattle-id.
	Plans map[string]machine.Plan
	// Message says what the cluster waits for; empty when it is active.
	Message string
}

// What a cluster may wait for, in Rancher's words where it has some.
const (
	waitRoles   = "waiting for at least one control plane, etcd, and worker node to be registered"
	waitInit    = "waiting for the init node to answer"
	waitControl = "waiting for control plane to be available"
	waitNodes   = "waiting for nodes to be ready"
	needRestore = "the cluster was initialised but no etcd machine with its data is left: restoration from an etcd snapshot is required"
)

// Decide says what comes next.
func Decide(cluster Cluster, state State, machines []machine.Machine) Decision {
	machines = slices.Clone(machines)
	slices.SortFunc(machines, byAge)
	round := &round{cluster: cluster, machines: machines, out: Decision{State: state, Plans: map[string]machine.Plan{}}}
	round.run()
	return round.out
}

type round struct {
	cluster  Cluster
	machines []machine.Machine
	out      Decision
}

func (r *round) run() {
	if !has(r.machines, etcd) || !has(r.machines, controlPlane) || !has(r.machines, worker) {
		r.out.Message = waitRoles
		return
	}
	initNode := r.elect()
	if initNode == nil {
		r.out.Message = needRestore
		return
	}
	r.out.State.Init = initNode.ID
	if !r.out.State.Initialised && initNode.Status.Ready && initNode.Status.CAHash != "" {
		r.out.State.Initialised, r.out.State.CAHash = true, initNode.Status.CAHash
	}
	r.give(*initNode, machine.InitNode)
	if !r.out.State.Initialised {
		r.out.Message = waitInit
		return
	}
	r.servers(*initNode)
	if !has(r.machines, func(m machine.Machine) bool { return controlPlane(m) && usable(m) }) {
		r.out.Message = waitControl
		return
	}
	r.workers()
	if !r.active() {
		r.out.Message = waitNodes
	}
}

// elect keeps the init node while it is there, and finds another when it is gone or has lost its data.
func (r *round) elect() *machine.Machine {
	if !r.out.State.Initialised {
		if found := r.find(func(m machine.Machine) bool { return etcd(m) && m.ID == r.out.State.Init }); found != nil {
			return found
		}
		return r.find(
			func(m machine.Machine) bool { return etcd(m) && controlPlane(m) && m.Online },
			func(m machine.Machine) bool { return etcd(m) && controlPlane(m) },
			etcd,
		)
	}
	keeps := func(m machine.Machine) bool { return etcd(m) && m.Plan != nil && m.Status.HasData }
	return r.find(
		func(m machine.Machine) bool { return keeps(m) && m.ID == r.out.State.Init },
		func(m machine.Machine) bool { return keeps(m) && controlPlane(m) && usable(m) },
		func(m machine.Machine) bool { return keeps(m) && usable(m) },
		keeps,
	)
}

// find returns the first machine of the first wish that any machine fulfils.
func (r *round) find(wishes ...func(machine.Machine) bool) *machine.Machine {
	for _, wish := range wishes {
		if at := slices.IndexFunc(r.machines, wish); at >= 0 {
			return &r.machines[at]
		}
	}
	return nil
}

// servers joins one server at a time, because each of them changes the members of etcd; those with etcd come first.
func (r *round) servers(initNode machine.Machine) {
	busy := has(r.machines, func(m machine.Machine) bool { return m.Roles.Server() && m.Plan != nil && !m.InSync() })
	tiers := []func(machine.Machine) bool{etcd, func(m machine.Machine) bool { return m.Roles.Server() && !etcd(m) }}
	for _, tier := range tiers {
		for _, m := range r.machines {
			if !tier(m) || m.ID == initNode.ID {
				continue
			}
			// a machine that takes another's place may have its address
			other := func(through machine.Machine) bool { return usable(through) && through.JoinURL() != m.JoinURL() }
			through := r.find(
				func(through machine.Machine) bool { return through.ID == initNode.ID && other(through) },
				func(through machine.Machine) bool { return through.Roles.Server() && other(through) },
			)
			if url := joinURL(m, r.machines, through); url != "" && (m.Plan != nil || !busy) {
				busy = r.give(m, url) || busy
			}
		}
	}
}

// workers join all at once, spread over the control planes by their own identity.
func (r *round) workers() {
	var through []machine.Machine
	for _, m := range r.machines {
		if controlPlane(m) && usable(m) {
			through = append(through, m)
		}
	}
	for _, m := range r.machines {
		if m.Roles.Server() {
			continue
		}
		at := uint64(crc32.ChecksumIEEE([]byte(m.ID))) * uint64(len(through)) >> 32
		r.give(m, joinURL(m, r.machines, &through[at]))
	}
}

// give hands out a plan if it is new, and says whether it did. A change that restarts RKE2 waits until no other machine
// of its kind is out of step.
func (r *round) give(m machine.Machine, url string) bool {
	wanted := r.plan(m, url)
	if m.Plan != nil {
		if m.Plan.Hash() == wanted.Hash() {
			return false
		}
		if m.Plan.RestartHash() != wanted.RestartHash() && r.outOfStep(m) {
			return false
		}
	}
	r.out.Plans[m.ID] = wanted
	return true
}

func (r *round) outOfStep(of machine.Machine) bool {
	return has(r.machines, func(m machine.Machine) bool {
		if m.ID == of.ID || m.Roles.Server() != of.Roles.Server() || m.Plan == nil {
			return false
		}
		_, changes := r.out.Plans[m.ID]
		return changes || !m.InSync()
	})
}

func (r *round) active() bool {
	ready := func(role func(machine.Machine) bool) bool {
		return has(r.machines, func(m machine.Machine) bool { return role(m) && usable(m) })
	}
	return ready(etcd) && ready(controlPlane) && ready(worker)
}

// joinURL keeps what the machine joined through while that machine exists, so that plans don't flutter.
func joinURL(m machine.Machine, all []machine.Machine, through *machine.Machine) string {
	if m.Plan != nil && m.Plan.JoinedTo != machine.InitNode &&
		has(all, func(other machine.Machine) bool {
			return other.Roles.Server() && other.JoinURL() != m.JoinURL() && other.JoinURL() == m.Plan.JoinedTo && (m.Joined || usable(other))
		}) {
		return m.Plan.JoinedTo
	}
	if through == nil {
		return ""
	}
	return through.JoinURL()
}

func etcd(m machine.Machine) bool         { return m.Roles.Etcd }
func controlPlane(m machine.Machine) bool { return m.Roles.ControlPlane }
func worker(m machine.Machine) bool       { return m.Roles.Worker }

// usable machines can be joined through.
func usable(m machine.Machine) bool { return m.Joined && m.Online && m.Status.Ready }

func has(machines []machine.Machine, wish func(machine.Machine) bool) bool {
	return slices.ContainsFunc(machines, wish)
}

func byAge(a, b machine.Machine) int {
	if order := a.Registered.Compare(b.Registered); order != 0 {
		return order
	}
	return strings.Compare(a.ID, b.ID)
}
