package config

// effect says what becomes of a key here.
type effect int

const (
	// used: has RKE2's effect.
	used effect = iota
	// accepted: RKE2 knows it; here it is recorded in the log and has no effect.
	accepted
)

type key struct {
	effect     effect
	serverOnly bool
}

// keys are those of RKE2 v1.35's config.yaml.
// https://docs.rke2.io/reference/server_config, https://docs.rke2.io/reference/linux_agent_config
var keys = table()

func table() map[string]key {
	all := map[string]key{}
	add := func(effect effect, serverOnly bool, names ...string) {
		for _, name := range names {
			all[name] = key{effect, serverOnly}
		}
	}
	add(used, false,
		"cloud-provider-name", "data-dir", "debug", "kube-proxy-arg", "kubelet-arg", "node-ip", "node-label", "node-name",
		"node-taint", "profile", "protect-kernel-defaults", "server", "token", "token-file")
	add(used, true,
		"advertise-address", "cluster-cidr", "etcd-arg", "etcd-expose-metrics", "kube-apiserver-arg",
		"kube-controller-manager-arg", "kube-scheduler-arg", "service-cidr", "tls-san", "write-kubeconfig",
		"write-kubeconfig-mode", "disable-kube-proxy", "disable-scheduler", "cluster-domain", "cluster-dns")
	add(accepted, false,
		"airgap-extra-registry", "bind-address", "cloud-provider-config", "container-runtime-endpoint",
		"control-plane-probe-configuration", "control-plane-resource-limits", "control-plane-resource-requests",
		"default-runtime", "disable-default-registry-endpoint", "enable-pprof", "image-credential-provider-bin-dir",
		"image-credential-provider-config", "image-service-endpoint", "kubelet-path", "lb-server-port", "log-file",
		"node-external-ip", "node-external-dns", "node-internal-dns", "node-name-from-cloud-provider-metadata",
		"nonroot-devices", "private-registry", "pod-security-admission-config-file", "resolv-conf", "rootless", "selinux",
		"snapshotter", "system-default-registry", "vpn-auth", "vpn-auth-file", "with-node-id", "audit-policy-file",
		"kube-proxy-extra-env", "kube-proxy-extra-mount", "kube-proxy-image", "pause-image", "runtime-image",
		"kube-apiserver-image", "kube-controller-manager-image", "kube-scheduler-image",
		"cloud-controller-manager-image", "etcd-image")
	add(accepted, true,
		"agent-token", "agent-token-file", "cluster-reset", "cluster-reset-restore-path", "cni", "datastore-endpoint",
		"disable", "disable-cloud-controller", "egress-selector-mode", "embedded-registry",
		"enable-servicelb", "etcd-disable-snapshots", "etcd-extra-env", "etcd-extra-mount", "etcd-s3",
		"etcd-s3-access-key", "etcd-s3-bucket", "etcd-s3-bucket-lookup-type", "etcd-s3-config-secret", "etcd-s3-endpoint",
		"etcd-s3-endpoint-ca", "etcd-s3-folder", "etcd-s3-insecure", "etcd-s3-proxy", "etcd-s3-region",
		"etcd-s3-retention", "etcd-s3-secret-key", "etcd-s3-session-token", "etcd-s3-skip-ssl-verify", "etcd-s3-timeout",
		"etcd-snapshot-compress", "etcd-snapshot-dir", "etcd-snapshot-name", "etcd-snapshot-reconcile-interval",
		"etcd-snapshot-retention", "etcd-snapshot-schedule-cron", "helm-controller-arg", "helm-job-image",
		"ingress-controller", "kube-apiserver-extra-env", "kube-apiserver-extra-mount",
		"kube-cloud-controller-manager-arg", "kube-controller-manager-extra-env", "kube-controller-manager-extra-mount",
		"kube-scheduler-extra-env", "kube-scheduler-extra-mount", "secrets-encryption-provider",
		"service-node-port-range", "servicelb-namespace", "supervisor-metrics", "tls-san-security",
		"write-kubeconfig-group")
	return all
}
