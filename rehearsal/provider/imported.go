package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Rancher writes there what a cluster is once it has looked into it.
const foundLabel = "provider.cattle.io"

// connectAgent is what happens in a cluster that others made: an agent that some release brought there registers with
// the cluster's token, and Rancher looks at what the cluster is. Without such an agent the cluster is never active.
func (s *server) connectAgent(id string) error {
	clusters, err := s.world.byID("rancher2_cluster", id)
	if err != nil {
		return err
	}
	for _, cluster := range clusters {
		token := displayed(jsonAt(cluster.Attrs, "cluster_registration_token.0.token"))
		registered, err := s.someReleaseHas(token)
		if err != nil {
			return err
		}
		if !registered {
			return fmt.Errorf("cluster %q: timeout: no agent has registered with its token", textOf(cluster.Attrs, "name"))
		}
		labels := map[string]any{foundLabel: "eks"}
		if held, ok := cluster.Attrs["labels"].(map[string]any); ok {
			for name, value := range held {
				labels[name] = value
			}
		}
		cluster.Attrs["labels"] = labels
		if err := s.world.put(cluster); err != nil {
			return err
		}
	}
	return nil
}

// someReleaseHas says whether a release got the secret as a write-only value.
func (s *server) someReleaseHas(secret string) (bool, error) {
	releases, err := s.world.all("helm_release")
	if err != nil {
		return false, err
	}
	for _, release := range releases {
		raw, err := json.Marshal(release.Secrets)
		if err != nil {
			return false, err
		}
		if strings.Contains(string(raw), secret) {
			return true, nil
		}
	}
	return false, nil
}
