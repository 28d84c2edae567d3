package component

import (
	"path/filepath"

	"drover/rehearsal/kube/child"
	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/etcd"
	"drover/rehearsal/kube/layout"
)

// Two cores carry a whole fleet: leases are short so that a fault is seen soon, and the controllers' client is not
// throttled, because the first service account would then come seconds later.
var leases = []argument{
	{"leader-elect-lease-duration", "6s"},
	{"leader-elect-renew-deadline", "4s"},
	{"leader-elect-retry-period", "2s"},
}

// Etcd is this server's member.
func Etcd(c *config.Config, record *etcd.Record) child.Program {
	tls := c.Data.TLS
	metrics := etcd.Metrics
	if c.ExposeEtcdMetrics {
		metrics = "http://0.0.0.0:2381"
	}
	return program(c, "etcd", merge([]argument{
		{"name", record.Name},
		{"data-dir", c.Data.Server("db", "etcd")},
		{"listen-client-urls", etcd.Local + "," + etcd.ClientOf(c.NodeIP)},
		{"advertise-client-urls", etcd.ClientOf(c.NodeIP)},
		{"listen-peer-urls", record.Peer},
		{"initial-advertise-peer-urls", record.Peer},
		{"initial-cluster", record.Cluster},
		{"initial-cluster-state", record.State},
		{"listen-metrics-urls", metrics},
		{"client-cert-auth", "true"},
		{"trusted-ca-file", tls("etcd/server-ca.crt")},
		{"cert-file", tls("etcd/server-client.crt")},
		{"key-file", tls("etcd/server-client.key")},
		{"peer-client-cert-auth", "true"},
		{"peer-trusted-ca-file", tls("etcd/peer-ca.crt")},
		{"peer-cert-file", tls("etcd/peer-server-client.crt")},
		{"peer-key-file", tls("etcd/peer-server-client.key")},
		{"heartbeat-interval", "200"},
		{"election-timeout", "2000"},
		{"log-level", "warn"},
		// a power cut of a rehearsal ends processes, never the kernel that holds what they wrote
		{"unsafe-no-fsync", "true"},
	}, c.Arguments["etcd-arg"]))
}

// APIServer is the API of this server.
func APIServer(c *config.Config) child.Program {
	tls := c.Data.TLS
	defaults := []argument{
		{"advertise-address", c.AdvertiseAddress},
		{"secure-port", layout.APIPort},
		{"allow-privileged", "true"},
		{"authorization-mode", "Node,RBAC"},
		{"enable-admission-plugins", "NodeRestriction"},
		{"client-ca-file", tls("client-ca.crt")},
		{"etcd-servers", etcd.Local},
		{"etcd-cafile", tls("etcd/server-ca.crt")},
		{"etcd-certfile", tls("etcd/client.crt")},
		{"etcd-keyfile", tls("etcd/client.key")},
		{"kubelet-certificate-authority", tls("server-ca.crt")},
		{"kubelet-client-certificate", tls("client-kube-apiserver.crt")},
		{"kubelet-client-key", tls("client-kube-apiserver.key")},
		{"kubelet-preferred-address-types", "InternalIP,ExternalIP,Hostname"},
		{"proxy-client-cert-file", tls("client-auth-proxy.crt")},
		{"proxy-client-key-file", tls("client-auth-proxy.key")},
		{"requestheader-allowed-names", "system:auth-proxy"},
		{"requestheader-client-ca-file", tls("request-header-ca.crt")},
		{"requestheader-extra-headers-prefix", "X-Remote-Extra-"},
		{"requestheader-group-headers", "X-Remote-Group"},
		{"requestheader-username-headers", "X-Remote-User"},
		{"service-account-issuer", "https://kubernetes.default.svc." + c.ClusterDomain},
		{"service-account-key-file", tls("service.key")},
		{"service-account-signing-key-file", tls("service.key")},
		{"service-cluster-ip-range", c.ServiceCIDR},
		{"tls-cert-file", tls("serving-kube-apiserver.crt")},
		{"tls-private-key-file", tls("serving-kube-apiserver.key")},
		{"profiling", "false"},
		{"default-not-ready-toleration-seconds", "5"},
		{"default-unreachable-toleration-seconds", "5"},
	}
	if c.Profile != "" {
		defaults = append(defaults, argument{"admission-control-config-file", AdmissionFile(c.Data)})
	}
	return program(c, "kube-apiserver", merge(defaults, c.Arguments["kube-apiserver-arg"]))
}

// ControllerManager runs the controllers, on one server at a time.
func ControllerManager(c *config.Config) child.Program {
	tls := c.Data.TLS
	kubeconfig := c.Data.Server("cred", "controller.kubeconfig")
	return program(c, "kube-controller-manager", merge(append([]argument{
		{"bind-address", "127.0.0.1"},
		{"kubeconfig", kubeconfig},
		{"authentication-kubeconfig", kubeconfig},
		{"authorization-kubeconfig", kubeconfig},
		{"allocate-node-cidrs", "true"},
		{"cluster-cidr", c.ClusterCIDR},
		{"service-cluster-ip-range", c.ServiceCIDR},
		{"cluster-signing-kube-apiserver-client-cert-file", tls("client-ca.crt")},
		{"cluster-signing-kube-apiserver-client-key-file", tls("client-ca.key")},
		{"cluster-signing-kubelet-client-cert-file", tls("client-ca.crt")},
		{"cluster-signing-kubelet-client-key-file", tls("client-ca.key")},
		{"cluster-signing-kubelet-serving-cert-file", tls("server-ca.crt")},
		{"cluster-signing-kubelet-serving-key-file", tls("server-ca.key")},
		{"cluster-signing-legacy-unknown-cert-file", tls("server-ca.crt")},
		{"cluster-signing-legacy-unknown-key-file", tls("server-ca.key")},
		{"root-ca-file", tls("server-ca.crt")},
		{"service-account-private-key-file", tls("service.key")},
		{"use-service-account-credentials", "true"},
		{"kube-api-qps", "300"},
		{"kube-api-burst", "600"},
		{"node-monitor-period", "2s"},
		{"node-monitor-grace-period", "16s"},
		{"profiling", "false"},
	}, leases...), c.Arguments["kube-controller-manager-arg"]))
}

// Scheduler places pods, on one server at a time.
func Scheduler(c *config.Config) child.Program {
	kubeconfig := c.Data.Server("cred", "scheduler.kubeconfig")
	return program(c, "kube-scheduler", merge(append([]argument{
		{"bind-address", "127.0.0.1"},
		{"kubeconfig", kubeconfig},
		{"authentication-kubeconfig", kubeconfig},
		{"authorization-kubeconfig", kubeconfig},
		{"profiling", "false"},
	}, leases...), c.Arguments["kube-scheduler-arg"]))
}

// program is a component that is part of this very binary.
func program(c *config.Config, name string, arguments []string) child.Program {
	return child.Program{
		Name:      name,
		Path:      c.Data.Bin(name),
		Arguments: arguments,
		LogFile:   filepath.Join(string(c.Data), "agent", "logs", name+".log"),
	}
}
