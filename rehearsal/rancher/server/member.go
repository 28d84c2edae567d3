package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"time"

	"drover/rehearsal/rancher/config"
	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/machine"
	"drover/rehearsal/rancher/store"
)

// probeTimeout is how long a member's server may take to answer before the next one is tried.
const probeTimeout = 2 * time.Second

// memberClients keeps connections to members' APIs, by address and certificate.
type memberClients struct {
	mutex   sync.Mutex
	clients map[string]*memberClient
}

type memberClient struct {
	api       *kubeapi.Client
	transport *http.Transport
	address   string
}

func (c *memberClients) get(address string, credential machine.Credential) (*memberClient, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	key := address + "\n" + string(credential.Certificate)
	if found := c.clients[key]; found != nil {
		return found, nil
	}
	api, err := kubeapi.New("https://"+address, credential)
	if err != nil {
		return nil, err
	}
	trust, err := kubeapi.TLS(credential)
	if err != nil {
		return nil, err
	}
	made := &memberClient{api: api, address: address, transport: &http.Transport{TLSClientConfig: trust, IdleConnTimeout: time.Minute}}
	if c.clients == nil {
		c.clients = map[string]*memberClient{}
	}
	c.clients[key] = made
	return made, nil
}

var errNoCredential = errors.New("no control plane has reported a credential yet")

// reach finds a control plane of the cluster whose API is ready, those first whose agents reported lately.
func (s *Server) reach(ctx context.Context, machines *store.Store, cluster config.Cluster, all []machine.Machine) (*memberClient, error) {
	credential, err := machines.Credential(ctx, cluster.Name)
	if err != nil {
		return nil, err
	}
	if credential == nil {
		return nil, errNoCredential
	}
	candidates := slices.DeleteFunc(slices.Clone(all), func(m machine.Machine) bool { return !m.Roles.ControlPlane || !m.Joined })
	slices.SortStableFunc(candidates, func(a, b machine.Machine) int { return b.LastSeen.Compare(a.LastSeen) })
	last := errors.New("no control plane has joined")
	for _, candidate := range candidates {
		client, err := s.members.get(s.options.APIAddress(candidate.NodeAddress()), *credential)
		if err != nil {
			return nil, err
		}
		probe, cancel := context.WithTimeout(ctx, probeTimeout)
		// readyz answers plain text, which is not for out
		err = client.api.Do(probe, http.MethodGet, "/readyz", nil, nil)
		cancel()
		if err == nil {
			return client, nil
		}
		last = err
	}
	return nil, last
}

// member gives a client of the cluster's API.
func (s *Server) member(ctx context.Context, machines *store.Store, cluster config.Cluster, all []machine.Machine) (*kubeapi.Client, error) {
	client, err := s.reach(ctx, machines, cluster, all)
	if err != nil {
		return nil, err
	}
	return client.api, nil
}

// proxy forwards to a member's API as its administrator. Rancher goes through its agent's tunnel and as the user who
// asks; this goes straight to a control plane, which the management network can reach in a rehearsal.
func (s *Server) proxy(w http.ResponseWriter, r *http.Request) {
	cluster, known := s.config.Load().Find(r.PathValue("id"))
	if !known {
		answer(w, http.StatusNotFound, problem(fmt.Sprintf("there is no cluster '%s'", r.PathValue("id"))))
		return
	}
	machines, err := s.store()
	if err != nil {
		s.fail(w, r, err)
		return
	}
	all, err := machines.Machines(r.Context(), cluster.Name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	client, err := s.reach(r.Context(), machines, cluster, all)
	if err != nil {
		s.fail(w, r, fmt.Errorf("cluster '%s' can't be reached: %w", cluster.Name, err))
		return
	}
	forward := &httputil.ReverseProxy{
		Transport:     client.transport,
		FlushInterval: -1,
		Rewrite: func(request *httputil.ProxyRequest) {
			request.SetURL(&url.URL{Scheme: "https", Host: client.address})
			// the bearer's token is Rancher's, not the cluster's
			request.Out.Header.Del("Authorization")
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) { s.fail(w, r, err) },
	}
	http.StripPrefix("/k8s/clusters/"+r.PathValue("id"), forward).ServeHTTP(w, r)
}
