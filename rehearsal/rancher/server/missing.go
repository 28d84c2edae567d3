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

// removeMissing forgets machines that have been silent for too long. The cluster itself has the last word: a node that
// is ready stays, whatever keeps its agent from Rancher, and while the cluster can't be asked nothing that has joined is
// removed.
func (s *Server) removeMissing(ctx context.Context, machines *store.Store, cluster config.Cluster) error {
	after := time.Duration(cluster.MissingAfter)
	if after == 0 {
		return nil
	}
	if s.options.MissingAfter > 0 {
		after = s.options.MissingAfter
	}
	now := s.options.Now()
	// after an outage of Rancher itself everybody has been silent
	if now.Sub(s.lead.Since) < after {
		return nil
	}
	all, err := machines.Machines(ctx, cluster.Name)
	if err != nil {
		return err
	}
	for _, missing := range all {
		silent := now.Sub(missing.LastSeen)
		if silent < after {
			continue
		}
		if missing.Joined && !replaced(all, missing) {
			gone, err := s.dropNode(ctx, machines, cluster, all, missing)
			if err != nil {
				s.options.Log.Warn("missing machine stays: its cluster can't be asked", "cluster", cluster.Name, "machine", missing.Name, "error", err.Error())
				continue
			}
			if !gone {
				continue
			}
		}
		if err := machines.Remove(ctx, cluster.Name, missing.ID); err != nil {
			return err
		}
		s.options.Log.Info("missing machine removed", "cluster", cluster.Name, "machine", missing.Name, "node", missing.NodeName(), "silentSec", int(silent.Seconds()))
	}
	return nil
}

// replaced says that another machine has joined under the missing one's node name: the node is no longer its own.
func replaced(all []machine.Machine, missing machine.Machine) bool {
	return slices.ContainsFunc(all, func(m machine.Machine) bool {
		return m.ID != missing.ID && m.Joined && m.NodeName() == missing.NodeName()
	})
}

// dropNode deletes the machine's node unless it is ready, and says whether it is gone.
func (s *Server) dropNode(ctx context.Context, machines *store.Store, cluster config.Cluster, all []machine.Machine, missing machine.Machine) (bool, error) {
	client, err := s.member(ctx, machines, cluster, all)
	if err != nil {
		return false, err
	}
	var node struct {
		Status struct {
			Conditions []struct{ Type, Status string } `json:"conditions"`
		} `json:"status"`
	}
	path := "/api/v1/nodes/" + url.PathEscape(missing.NodeName())
	switch err := client.Do(ctx, http.MethodGet, path, nil, &node); {
	case kubeapi.IsNotFound(err):
		return true, nil
	case err != nil:
		return false, err
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == "Ready" && condition.Status == "True" {
			return false, nil
		}
	}
	if err := client.Do(ctx, http.MethodDelete, path, nil, nil); err != nil && !kubeapi.IsNotFound(err) {
		return false, err
	}
	return true, nil
}
