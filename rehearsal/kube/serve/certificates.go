package serve

import (
	"net"
	"path/filepath"

	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/layout"
	"drover/rehearsal/kube/pki"
)

const apiURL = "https://127.0.0.1:" + layout.APIPort

// issueServer makes this server's own certificates anew at every start, so that a changed name or address is in them.
func issueServer(c *config.Config, cluster *pki.Cluster) error {
	api := pki.Subject{Name: "kube-apiserver", Hosts: append([]string{
		"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc." + c.ClusterDomain,
		"localhost", "127.0.0.1", c.NodeName, c.NodeIP, c.AdvertiseAddress, firstOf(c.ServiceCIDR),
	}, c.SANs...)}
	member := pki.Subject{Name: "etcd-" + c.NodeName, Hosts: []string{"localhost", "127.0.0.1", c.NodeIP, c.NodeName}}
	for _, wanted := range []struct {
		base, authority string
		subject         pki.Subject
	}{
		{"serving-kube-apiserver", pki.ServerCA, api},
		{"etcd/server-client", pki.EtcdServerCA, member},
		{"etcd/peer-server-client", pki.EtcdPeerCA, member},
		{"etcd/client", pki.EtcdServerCA, pki.Subject{Name: "etcd-client"}},
		{"client-kube-apiserver", pki.ClientCA, pki.Subject{Name: "kube-apiserver", Groups: []string{"system:masters"}}},
		{"client-auth-proxy", pki.RequestHeaderCA, pki.Subject{Name: "system:auth-proxy"}},
		{"client-admin", pki.ClientCA, pki.Subject{Name: "system:admin", Groups: []string{"system:masters"}}},
		{"client-supervisor", pki.ClientCA, pki.Subject{Name: "system:rke2-supervisor", Groups: []string{"system:masters"}}},
		{"client-controller", pki.ClientCA, pki.Subject{Name: "system:kube-controller-manager"}},
		{"client-scheduler", pki.ClientCA, pki.Subject{Name: "system:kube-scheduler"}},
	} {
		if err := cluster.IssueTo(c.Data.TLS(wanted.base), wanted.authority, wanted.subject); err != nil {
			return err
		}
	}
	for _, name := range []string{"admin", "supervisor", "controller", "scheduler"} {
		file := c.Data.Server("cred", name+".kubeconfig")
		if err := kubeconfigOf(c.Data, name, false).Write(file, 0o600); err != nil {
			return err
		}
	}
	return kubeconfigOf(c.Data, "admin", true).Write(c.Kubeconfig, c.KubeconfigMode)
}

func kubeconfigOf(data layout.Data, name string, embedded bool) pki.Kubeconfig {
	return pki.Kubeconfig{
		Server:      apiURL,
		CA:          data.TLS("server-ca.crt"),
		Certificate: data.TLS("client-" + name + ".crt"),
		Key:         data.TLS("client-" + name + ".key"),
		Embedded:    embedded,
	}
}

// writeNode writes what makes a machine a node, and the two configurations that use it.
func writeNode(data layout.Data, files pki.Node) error {
	for name, content := range files {
		// the name may come over the network
		if err := layout.Write(data.Agent(filepath.Base(name)), content, 0o600); err != nil {
			return err
		}
	}
	for user, file := range map[string]string{"kubelet": "kubelet.kubeconfig", "kube-proxy": "kubeproxy.kubeconfig"} {
		err := pki.Kubeconfig{
			Server:      apiURL,
			CA:          data.Agent("server-ca.crt"),
			Certificate: data.Agent("client-" + user + ".crt"),
			Key:         data.Agent("client-" + user + ".key"),
		}.Write(data.Agent(file), 0o600)
		if err != nil {
			return err
		}
	}
	return nil
}

// firstOf is the first address of a range: the API's own service has it.
func firstOf(cidr string) string {
	address, _, err := net.ParseCIDR(cidr)
	if err != nil {
		return "10.43.0.1"
	}
	four := address.To4()
	four[3]++
	return four.String()
}
