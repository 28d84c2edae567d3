package main

import (
	"regexp"
	"testing"
)

// importedCluster is a cluster of others in a world, with the provider that made it.
func importedCluster(t *testing.T, dir string) (s *server, id, token string) {
	t.Helper()
	s = startIn(t, dir, "rancher2", j{"api_url": "https://rancher.test"})
	cluster := s.make(t, "rancher2_cluster", nil, j{"name": "erp", "labels": j{"tier": "erp"}})
	equal(t, "cluster of the token", cluster.attribute("cluster_registration_token.0.cluster_id"), cluster.id())
	equal(t, "driver", cluster.attribute("driver"), "imported")
	return s, cluster.id(), displayed(cluster.attribute("cluster_registration_token.0.token"))
}

// agentWith releases an agent's chart that got a token as a write-only value.
func agentWith(t *testing.T, dir, token string) {
	t.Helper()
	helm := startIn(t, dir, "helm", j{"kubernetes": j{"host": "https://eks.test"}})
	helm.make(t, "helm_release", nil, j{"name": "rancher-agent", "namespace": "kube-system", "chart": "./agent",
		"set_wo": []any{j{"name": "token", "value": token}}, "set_wo_revision": 1})
}

func TestAnImportedClusterIsActiveOnceItsAgentHasRegistered(t *testing.T) {
	dir := t.TempDir()
	s, id, token := importedCluster(t, dir)
	if !regexp.MustCompile("^c-[0-9a-f]{5}$").MatchString(id) {
		t.Errorf("got %q", id)
	}
	agentWith(t, dir, token)
	equal(t, "cluster", s.make(t, "rancher2_cluster_sync", nil, j{"cluster_id": id}).id(), id)
	found, err := s.world.one("rancher2_cluster", id)
	must(t, err)
	labels, _ := found.Attrs["labels"].(map[string]any)
	equal(t, "label of ours", labels["tier"], "erp")
	equal(t, "label of Rancher's", labels[foundLabel], "eks")
}

func TestAnImportedClusterIsNotActiveByTheAgentOfAnother(t *testing.T) {
	dir := t.TempDir()
	s, id, _ := importedCluster(t, dir)
	agentWith(t, dir, "token of another cluster")
	err := s.connectAgent(id)
	if err == nil || err.Error() != `cluster "erp": timeout: no agent has registered with its token` {
		t.Errorf("got %v", err)
	}
}
