package server

import (
	"context"
	"time"

	"drover/rehearsal/rancher/config"
	"drover/rehearsal/rancher/machine"
	"drover/rehearsal/rancher/planner"
	"drover/rehearsal/rancher/store"
)

// leaseName is the lease of the server that plans.
const leaseName = "rancher-planner"

// Round plans every cluster once and removes what is missing, if this server leads.
func (s *Server) Round(ctx context.Context) {
	machines, err := s.store()
	if err != nil {
		s.options.Log.Debug("no round", "error", err.Error())
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	s.lead.Namespace, s.lead.Name, s.lead.Holder = machines.Namespace, leaseName, s.options.Holder
	before := s.lead.Since
	leads, err := s.lead.Hold(ctx, machines.Client, s.options.Now())
	if err != nil {
		s.options.Log.Warn("the lease can't be held", "error", err.Error())
	}
	if before.IsZero() == leads {
		s.options.Log.Info("lead", "holder", s.options.Holder, "leads", leads)
	}
	if !leads {
		return
	}
	for _, cluster := range s.config.Load().Clusters {
		if err := s.plan(ctx, machines, cluster); err != nil {
			s.options.Log.Warn("not planned", "cluster", cluster.Name, "error", err.Error())
			continue
		}
		if err := s.removeMissing(ctx, machines, cluster); err != nil {
			s.options.Log.Warn("missing machines not looked after", "cluster", cluster.Name, "error", err.Error())
		}
	}
}

func (s *Server) plan(ctx context.Context, machines *store.Store, cluster config.Cluster) error {
	all, err := machines.Machines(ctx, cluster.Name)
	if err != nil || len(all) == 0 {
		return err
	}
	state, err := machines.State(ctx, cluster.Name)
	if err != nil {
		return err
	}
	decision := planner.Decide(cluster.Planned(), state, all)
	// who begins the cluster is settled before anybody is told to
	if decision.State != state {
		if err := machines.SetState(ctx, cluster.Name, state, decision.State); err != nil {
			return err
		}
		s.options.Log.Info("cluster state", "cluster", cluster.Name, "init", machine.Name(cluster.Name, decision.State.Init), "initialised", decision.State.Initialised)
	}
	for id, plan := range decision.Plans {
		if err := machines.Plan(ctx, cluster.Name, id, plan); err != nil {
			return err
		}
		s.options.Log.Info("plan given", "cluster", cluster.Name, "machine", machine.Name(cluster.Name, id), "unit", plan.Unit, "joins", plan.JoinedTo, "version", plan.Version)
	}
	if message := decision.Message; s.lastMessage[cluster.Name] != message {
		s.lastMessage[cluster.Name] = message
		s.options.Log.Info("cluster", "cluster", cluster.Name, "state", stateOf(message), "message", message)
	}
	return nil
}

// stateOf names a cluster's state in Rancher's words.
func stateOf(message string) string {
	if message == "" {
		return "active"
	}
	return "provisioning"
}
