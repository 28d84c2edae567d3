package component

import (
	"encoding/json"
	"fmt"
	"strings"

	"drover/rehearsal/kube/child"
	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/layout"
)

// Kubelet is the node's agent. Its configuration file is written first (WriteKubelet).
func Kubelet(c *config.Config) child.Program {
	defaults := []argument{
		{"config", kubeletFile(c.Data)},
		{"kubeconfig", c.Data.Agent("kubelet.kubeconfig")},
		{"hostname-override", c.NodeName},
		{"node-ip", c.NodeIP},
		{"root-dir", layout.KubeletFolder},
		{"v", "1"},
	}
	if c.ExternalCloud {
		defaults = append(defaults, argument{"cloud-provider", "external"})
	} else {
		defaults = append(defaults, argument{"provider-id", "rke2://" + c.NodeName})
	}
	if len(c.Labels) > 0 {
		defaults = append(defaults, argument{"node-labels", strings.Join(c.Labels, ",")})
	}
	if len(c.Taints) > 0 {
		defaults = append(defaults, argument{"register-with-taints", strings.Join(c.Taints, ",")})
	}
	return program(c, "kubelet", merge(defaults, c.Arguments["kubelet-arg"]))
}

// Proxy is the node's kube-proxy. Its configuration file is written first (WriteProxy).
func Proxy(c *config.Config) child.Program {
	return program(c, "kube-proxy", merge([]argument{
		{"config", proxyFile(c.Data)},
		{"hostname-override", c.NodeName},
	}, c.Arguments["kube-proxy-arg"]))
}

func kubeletFile(data layout.Data) string { return data.Agent("etc", "kubelet.json") }

func proxyFile(data layout.Data) string { return data.Agent("etc", "kube-proxy.json") }

// WriteKubelet writes the kubelet's configuration: for a host without cgroup controllers, on a busy file system.
func WriteKubelet(c *config.Config) error {
	return write(kubeletFile(c.Data), map[string]any{
		"apiVersion": "kubelet.config.k8s.io/v1beta1",
		"kind":       "KubeletConfiguration",
		"authentication": map[string]any{
			"anonymous": map[string]any{"enabled": false},
			"webhook":   map[string]any{"enabled": true},
			"x509":      map[string]any{"clientCAFile": c.Data.Agent("client-ca.crt")},
		},
		"authorization":                          map[string]any{"mode": "Webhook"},
		"tlsCertFile":                            c.Data.Agent("serving-kubelet.crt"),
		"tlsPrivateKeyFile":                      c.Data.Agent("serving-kubelet.key"),
		"cgroupDriver":                           "cgroupfs",
		"cgroupsPerQOS":                          false,
		"enforceNodeAllocatable":                 []string{"none"},
		"failSwapOn":                             false,
		"containerRuntimeEndpoint":               "unix://" + layout.RuntimeSocket,
		"clusterDNS":                             []string{c.ClusterDNS},
		"clusterDomain":                          c.ClusterDomain,
		"resolvConf":                             "/etc/resolv.conf",
		"oomScoreAdj":                            0,
		"protectKernelDefaults":                  c.ProtectKernel,
		"nodeStatusUpdateFrequency":              "4s",
		"nodeStatusReportFrequency":              "10s",
		"imagePullCredentialsVerificationPolicy": "NeverVerify",
		"localStorageCapacityIsolation":          false,
		"shutdownGracePeriod":                    "0s",
		"evictionHard": map[string]string{
			"memory.available": "50Mi", "nodefs.available": "1%", "imagefs.available": "1%", "nodefs.inodesFree": "1%",
		},
		"imageGCHighThresholdPercent": 100,
		"imageGCLowThresholdPercent":  99,
		"healthzBindAddress":          "127.0.0.1",
		"staticPodPath":               c.Data.Agent("pod-manifests"),
	})
}

// WriteProxy writes kube-proxy's configuration: it leaves the kernel's connection table alone.
func WriteProxy(c *config.Config) error {
	return write(proxyFile(c.Data), map[string]any{
		"apiVersion":       "kubeproxy.config.k8s.io/v1alpha1",
		"kind":             "KubeProxyConfiguration",
		"mode":             "iptables",
		"clusterCIDR":      c.ClusterCIDR,
		"clientConnection": map[string]any{"kubeconfig": c.Data.Agent("kubeproxy.kubeconfig")},
		"conntrack": map[string]any{
			"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s",
		},
		"metricsBindAddress": "127.0.0.1:10249",
		"healthzBindAddress": "127.0.0.1:10256",
	})
}

func write(path string, document map[string]any) error {
	content, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return fmt.Errorf("'%s': %w", path, err)
	}
	return layout.Write(path, append(content, '\n'), 0o600)
}
