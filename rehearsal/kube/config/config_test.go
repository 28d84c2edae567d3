package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"drover/rehearsal/kube/token"
)

// load writes the files and reads the configuration of them.
func load(t *testing.T, role Role, files map[string]string, flags ...string) (*Config, error) {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Load(role, append([]string{"--config", filepath.Join(folder, "config.yaml")}, flags...))
}

func mustLoad(t *testing.T, role Role, files map[string]string, flags ...string) *Config {
	t.Helper()
	c, err := load(t, role, files, flags...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestALaterFileWinsAndAPlusAppends(t *testing.T) {
	c := mustLoad(t, Server, map[string]string{
		"config.yaml":                       "node-ip: 10.0.0.1\nnode-name: first\nkubelet-arg: [max-pods=50]\ntls-san: [a, b]\n",
		"config.yaml.d/10-membership.yaml":  "node-name: second\ntls-san: [c]\n",
		"config.yaml.d/50-drover.yaml":      "kubelet-arg+:\n  - \"provider-id=aws:///z/i-1\"\n",
		"config.yaml.d/60-unread.yaml.save": "nonsense: true\n",
	})
	if c.NodeName != "second" || !slices.Equal(c.SANs, []string{"c"}) {
		t.Errorf("node %q, names %q", c.NodeName, c.SANs)
	}
	if got := c.Arguments["kubelet-arg"]; !slices.Equal(got, []string{"max-pods=50", "provider-id=aws:///z/i-1"}) {
		t.Errorf("kubelet-arg %q", got)
	}
}

func TestTheCommandLineWins(t *testing.T) {
	c := mustLoad(t, Server, map[string]string{"config.yaml": "node-ip: 10.0.0.1\nnode-label: [a=b]\n"},
		"--node-label", "c=d", "--node-label=e=f", "--node-name=N1")
	if !slices.Equal(c.Labels, []string{"c=d", "e=f"}) || c.NodeName != "n1" {
		t.Errorf("labels %q, node %q", c.Labels, c.NodeName)
	}
}

func TestTheFilesOfTheBootstrapAreRead(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := mustLoad(t, Server, map[string]string{
		"config.yaml": `node-name: "dev-management-s1"
node-ip: 10.0.0.1
write-kubeconfig-mode: "0640"
ingress-controller: "traefik"
profile: "cis"
tls-san:
  - "api.management.dev.example.com"
kube-apiserver-arg:
  - "service-account-issuer=https://issuer.example.com"
`,
		"config.yaml.d/10-membership.yaml": "token-file: \"" + secret + "\"\nserver: \"https://api.example.com:9345\"\n",
	})
	if c.Token != (token.Token{Secret: "s3cret"}) || c.Server != "https://api.example.com:9345" || c.KubeconfigMode != 0o640 {
		t.Errorf("token %+v, server %q, mode %o", c.Token, c.Server, c.KubeconfigMode)
	}
	if !c.ProtectKernel || !slices.Equal(c.Ignored, []string{"ingress-controller"}) {
		t.Errorf("protected %v, ignored %q", c.ProtectKernel, c.Ignored)
	}
}

func TestAnAgentIgnoresTheKeysOfServers(t *testing.T) {
	c := mustLoad(t, Agent, map[string]string{
		"config.yaml": "node-ip: 10.0.0.1\nserver: https://a:9345\ntoken: x\ntls-san: [a]\ncni: canal\n",
	})
	if !slices.Equal(c.Ignored, []string{"cni", "tls-san"}) {
		t.Errorf("ignored %q", c.Ignored)
	}
}

func TestWrongSettingsAreRefusedWithTheirReason(t *testing.T) {
	for content, want := range map[string]string{
		"node-labels: [a=b]":                        "unknown key 'node-labels' in '",
		"tls-sans: [a]":                             "did you mean 'tls-san'",
		"node-label: {a: b}":                        "'node-label' in '",
		"node-name: Bad_Name":                       "'node-name' is 'bad_name', must be a DNS name in lower case",
		"node-ip: fe80::1":                          "'node-ip' is 'fe80::1', must be an IPv4 address",
		"server: http://a:9345":                     "'server' is 'http://a:9345', must be like https://address:9345",
		"write-kubeconfig-mode: rw":                 "'write-kubeconfig-mode' is 'rw', must be an octal file mode such as 0600",
		"profile: hard":                             "'profile' is 'hard', allowed are cis and etcd",
		"kubelet-arg: [max-pods]":                   "'kubelet-arg' holds 'max-pods', must be name=value",
		"disable-kube-proxy: maybe":                 "'disable-kube-proxy' is 'maybe', allowed are true and false",
		"profile: cis\nprotect-kernel-defaults: no": "'protect-kernel-defaults'",
		"[]": "is not a YAML mapping",
	} {
		if !strings.Contains(content, "node-ip") && content != "[]" {
			content += "\nnode-ip: 10.0.0.1\n"
		}
		if _, err := load(t, Server, map[string]string{"config.yaml": content}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want it to contain %q", content, err, want)
		}
	}
}

func TestAnAgentNeedsAServerAndAToken(t *testing.T) {
	for content, want := range map[string]string{
		"node-ip: 10.0.0.1\ntoken: x\n":               "an agent needs 'server'",
		"node-ip: 10.0.0.1\nserver: https://a:9345\n": "an agent needs 'token'",
	} {
		if _, err := load(t, Agent, map[string]string{"config.yaml": content}); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
