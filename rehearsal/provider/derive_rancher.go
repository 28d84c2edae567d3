package main

import "fmt"

// deriveBootstrap: the first login sets the given password, or a random one.
// https://registry.terraform.io/providers/rancher/rancher2/14.1.1/docs/resources/bootstrap
func deriveBootstrap(m *making) error {
	password := displayed(m.arguments["password"])
	if password == "" {
		password = m.hash("password")[:20]
	}
	m.choose("password", password)
	m.choose("current_password", password)
	if m.before == nil {
		id := m.expand("token-{h5}", "token")
		m.choose("token_id", id)
		m.choose("token", id+m.expand(":{h54}", "secret"))
	}
	return nil
}

// deriveCluster: a cluster and its registration token name each other.
func deriveCluster(m *making) error {
	if m.before == nil {
		id := m.expand("c-m-{h8}", "cluster_v1_id")
		m.chosen["cluster_v1_id"] = id
		m.registerBy(id)
	}
	return nil
}

// deriveImportedCluster: the same, by the one identifier that such a cluster has.
// https://registry.terraform.io/providers/rancher/rancher2/14.1.1/docs/resources/cluster
func deriveImportedCluster(m *making) error {
	if m.before == nil {
		m.registerBy(m.id())
	}
	return nil
}

// registerBy makes the token by which machines or an agent register with a cluster.
func (m *making) registerBy(id string) {
	token, server := m.expand("{h54}", "registration token"), m.expand("{scope}", "")
	manifest := fmt.Sprintf("%s/v3/import/%s_%s.yaml", server, token, id)
	install := fmt.Sprintf("%s/system-agent-install.sh | sudo sh -s - --server %s --label 'cattle.io/os=linux' --token %s", server, server, token)
	m.chosen["cluster_registration_token"] = []any{map[string]any{
		"annotations": map[string]any{}, "labels": map[string]any{},
		"id": id + ":default-token", "name": "default-token", "cluster_id": id, "token": token, "manifest_url": manifest,
		"command":                       "kubectl apply -f " + manifest,
		"insecure_command":              "curl --insecure -sfL " + manifest + " | kubectl apply -f -",
		"node_command":                  "curl -fL " + install,
		"insecure_node_command":         "curl --insecure -fL " + install,
		"windows_node_command":          "",
		"insecure_windows_node_command": "",
	}}
	m.chosen["kube_config"] = fmt.Sprintf("apiVersion: v1\nkind: Config\nclusters:\n- name: %q\n  cluster:\n    server: %q\n", m.name(), server+"/k8s/clusters/"+id)
}

// deriveClusterSync names the two projects that Rancher makes in every cluster.
func deriveClusterSync(m *making) error {
	cluster := displayed(m.arguments["cluster_id"])
	m.choose("default_project_id", cluster+":p-"+shortHash(cluster + " default")[:5])
	m.choose("system_project_id", cluster+":p-"+shortHash(cluster + " system")[:5])
	return nil
}
