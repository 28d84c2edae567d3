package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"drover/rehearsal/rancher/config"
	"drover/rehearsal/rancher/machine"
	"drover/rehearsal/rancher/planner"
	"drover/rehearsal/rancher/store"
)

type machineView struct {
	Name            string    `json:"name"`
	ID              string    `json:"id"`
	Cluster         string    `json:"cluster"`
	Roles           []string  `json:"roles"`
	NodeName        string    `json:"nodeName"`
	Address         string    `json:"address"`
	InternalAddress string    `json:"internalAddress"`
	Phase           string    `json:"phase"`
	JoinedTo        string    `json:"joinedTo"`
	Service         string    `json:"service"`
	Error           string    `json:"error"`
	Registered      time.Time `json:"registered"`
	LastSeen        time.Time `json:"lastSeen"`
}

type clusterView struct {
	Name     string `json:"name"`
	ID       string `json:"id"`
	State    string `json:"state"`
	Message  string `json:"message"`
	Machines int    `json:"machines"`
	Ready    int    `json:"ready"`
}

func (s *Server) listMachines(w http.ResponseWriter, r *http.Request) {
	machines, err := s.store()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	views := []machineView{}
	for _, cluster := range s.config.Load().Clusters {
		if wanted := r.URL.Query().Get("cluster"); wanted != "" && wanted != cluster.Name {
			continue
		}
		all, err := machines.Machines(r.Context(), cluster.Name)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		for _, m := range all {
			views = append(views, viewOf(m))
		}
	}
	answer(w, http.StatusOK, map[string]any{"type": "collection", "data": views})
}

func viewOf(m machine.Machine) machineView {
	view := machineView{
		Name: m.Name, ID: m.ID, Cluster: m.Cluster, Roles: m.Roles.Names(), NodeName: m.NodeName(),
		Address: m.Address, InternalAddress: m.InternalAddress, Phase: m.Phase(),
		Service: m.Status.Service, Error: m.Status.Error, Registered: m.Registered, LastSeen: m.LastSeen,
	}
	if m.Plan != nil {
		view.JoinedTo = m.Plan.JoinedTo
	}
	return view
}

func (s *Server) listClusters(w http.ResponseWriter, r *http.Request) {
	machines, err := s.store()
	views := []clusterView{}
	for _, cluster := range s.config.Load().Clusters {
		if err != nil {
			break
		}
		var view *clusterView
		if view, err = clusterViewOf(r.Context(), machines, cluster); err == nil {
			views = append(views, *view)
		}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"type": "collection", "data": views})
}

func (s *Server) showCluster(w http.ResponseWriter, r *http.Request) {
	cluster, known := s.config.Load().Find(r.PathValue("name"))
	if !known {
		answer(w, http.StatusNotFound, problem(fmt.Sprintf("there is no cluster '%s'", r.PathValue("name"))))
		return
	}
	machines, err := s.store()
	var view *clusterView
	if err == nil {
		view, err = clusterViewOf(r.Context(), machines, cluster)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, view)
}

// clusterViewOf asks the planner what the cluster waits for, so that every server of Rancher says the same.
func clusterViewOf(ctx context.Context, machines *store.Store, cluster config.Cluster) (*clusterView, error) {
	all, err := machines.Machines(ctx, cluster.Name)
	if err != nil {
		return nil, err
	}
	state, err := machines.State(ctx, cluster.Name)
	if err != nil {
		return nil, err
	}
	message := planner.Decide(cluster.Planned(), state, all).Message
	view := &clusterView{Name: cluster.Name, ID: cluster.ID, State: stateOf(message), Message: message, Machines: len(all)}
	for _, m := range all {
		if m.Online && m.InSync() {
			view.Ready++
		}
	}
	return view, nil
}
