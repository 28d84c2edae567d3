package server

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"drover/rehearsal/rancher/config"
	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/machine"
	"drover/rehearsal/rancher/store"
)

// pause between two looks at a cluster's nodes.
const nodesPause = 5 * time.Second

// absences remembers what the leader found out about nodes that are gone. Every lead begins it anew: after an outage of
// Rancher itself everybody gets the time to come back.
type absences struct {
	lead time.Time
	// looked is when a cluster's nodes were last looked at.
	looked map[string]time.Time
	// since is when the node of a machine was first found to be gone, by cluster and machine.
	since map[string]map[string]time.Time
}

func (a *absences) begin(lead time.Time) {
	if !a.lead.Equal(lead) || a.looked == nil {
		*a = absences{lead: lead, looked: map[string]time.Time{}, since: map[string]map[string]time.Time{}}
	}
}

// removeMissing forgets machines whose node has been gone for as long as their cluster says. Rancher deletes no node: the
// cluster's cloud controller manager does. While a cluster can't be asked nothing that has joined is removed; a machine
// that never had a node goes when it has been silent for as long.
func (s *Server) removeMissing(ctx context.Context, machines *store.Store, cluster config.Cluster) error {
	after := time.Duration(cluster.MissingAfter)
	if after == 0 {
		return nil
	}
	if s.options.MissingAfter > 0 {
		after = s.options.MissingAfter
	}
	now := s.options.Now()
	s.absent.begin(s.lead.Since)
	if now.Sub(s.absent.looked[cluster.Name]) < nodesPause {
		return nil
	}
	s.absent.looked[cluster.Name] = now
	all, err := machines.Machines(ctx, cluster.Name)
	if err != nil {
		return err
	}
	since, err := s.missing(ctx, machines, cluster, all)
	if err != nil {
		s.options.Log.Warn("machines stay: their cluster can't be asked", "cluster", cluster.Name, "error", err.Error())
	}
	for _, one := range all {
		began, isMissing := since[one.ID]
		if !isMissing || now.Sub(began) < after {
			continue
		}
		if err := machines.Remove(ctx, cluster.Name, one.ID); err != nil {
			return err
		}
		s.options.Log.Info("missing machine removed", "cluster", cluster.Name, "machine", one.Name, "node", one.NodeName(), "missingSec", int(now.Sub(began).Seconds()))
	}
	return nil
}

// missing says since when machines have been missing. Those that have joined are left out if their cluster can't be
// asked; what is known of them is kept.
func (s *Server) missing(ctx context.Context, machines *store.Store, cluster config.Cluster, all []machine.Machine) (map[string]time.Time, error) {
	out, joined := map[string]time.Time{}, []machine.Machine{}
	for _, one := range all {
		switch {
		case one.Joined:
			joined = append(joined, one)
		case one.LastSeen.Before(s.lead.Since):
			out[one.ID] = s.lead.Since
		default:
			out[one.ID] = one.LastSeen
		}
	}
	if len(joined) == 0 {
		return out, nil
	}
	client, err := s.member(ctx, machines, cluster, all)
	if err != nil {
		return out, err
	}
	known := s.absent.since[cluster.Name]
	gone := map[string]time.Time{}
	for _, one := range joined {
		isGone := replaced(all, one)
		if !isGone {
			if isGone, err = hasNoNode(ctx, client, one); err != nil {
				return out, err
			}
		}
		if !isGone {
			continue
		}
		began, isKnown := known[one.ID]
		if !isKnown {
			began = s.options.Now()
			s.options.Log.Info("node is gone", "cluster", cluster.Name, "machine", one.Name, "node", one.NodeName())
		}
		gone[one.ID] = began
	}
	s.absent.since[cluster.Name] = gone
	for id, began := range gone {
		out[id] = began
	}
	return out, nil
}

// replaced says that the machine is silent and another has reported since under its node name: the node is no longer its
// own.
func replaced(all []machine.Machine, old machine.Machine) bool {
	return !old.Online && slices.ContainsFunc(all, func(m machine.Machine) bool {
		return m.ID != old.ID && m.Joined && m.NodeName() == old.NodeName() && m.LastSeen.After(old.LastSeen)
	})
}

func hasNoNode(ctx context.Context, client *kubeapi.Client, one machine.Machine) (bool, error) {
	err := client.Do(ctx, http.MethodGet, "/api/v1/nodes/"+url.PathEscape(one.NodeName()), nil, nil)
	if kubeapi.IsNotFound(err) {
		return true, nil
	}
	return false, err
}
