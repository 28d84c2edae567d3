// Package config reads RKE2's configuration: config.yaml, config.yaml.d and the command line.
package config

import (
	"net"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"drover/rehearsal/kube/layout"
	"drover/rehearsal/kube/token"
)

// Config is what the stand-in acts on.
type Config struct {
	Data              layout.Data
	NodeName          string
	NodeIP            string
	AdvertiseAddress  string
	Server            string // https://address:9345, empty when a cluster is begun
	Token             token.Token
	HasToken          bool
	Profile           string
	ProtectKernel     bool
	ExternalCloud     bool
	Labels            []string
	Taints            []string
	SANs              []string
	ClusterCIDR       string
	ServiceCIDR       string
	ClusterDomain     string
	ClusterDNS        string
	Kubeconfig        string
	KubeconfigMode    os.FileMode
	ExposeEtcdMetrics bool
	WithoutProxy      bool
	WithoutScheduler  bool
	// Arguments of the components by their key, such as kubelet-arg; each is name=value.
	Arguments map[string][]string
	// Ignored are the keys that RKE2 knows and that have no effect here.
	Ignored []string
}

// Role is the kind of machine that RKE2 is started as.
type Role string

// RKE2's two roles.
const (
	Server Role = "server"
	Agent  Role = "agent"
)

var argumentKeys = []string{
	"kubelet-arg", "kube-proxy-arg", "kube-apiserver-arg", "kube-controller-manager-arg", "kube-scheduler-arg", "etcd-arg",
}

var name = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$`)

// Load reads the configuration of a role. Flags are those of the command line, and win.
func Load(role Role, flags []string) (*Config, error) {
	file, given, err := parseFlags(flags)
	if err != nil {
		return nil, err
	}
	merged, err := readFiles(file)
	if err != nil {
		return nil, err
	}
	for key, list := range given {
		merged[key] = list
	}
	return build(role, merged)
}

func build(role Role, v values) (*Config, error) {
	c := &Config{
		Data:             layout.Data(v.last("data-dir", layout.DefaultData)),
		NodeName:         strings.ToLower(v.last("node-name", hostname())),
		NodeIP:           first(v.last("node-ip", "")),
		AdvertiseAddress: v.last("advertise-address", ""),
		Server:           strings.TrimSuffix(v.last("server", ""), "/"),
		Profile:          v.last("profile", ""),
		ExternalCloud:    v.last("cloud-provider-name", "") == "external",
		Labels:           v["node-label"],
		Taints:           v["node-taint"],
		SANs:             v["tls-san"],
		ClusterCIDR:      v.last("cluster-cidr", "10.42.0.0/16"),
		ServiceCIDR:      v.last("service-cidr", "10.43.0.0/16"),
		ClusterDomain:    v.last("cluster-domain", "cluster.local"),
		ClusterDNS:       v.last("cluster-dns", "10.43.0.10"),
		Kubeconfig:       v.last("write-kubeconfig", layout.AdminKubeconfig),
		Arguments:        map[string][]string{},
	}
	for _, step := range []func(Role, values) error{c.checkNode, c.readToken, c.readSwitches, c.readArguments} {
		if err := step(role, v); err != nil {
			return nil, err
		}
	}
	for _, name := range sortedKeys(v) {
		if keys[name].effect == accepted || (role == Agent && keys[name].serverOnly) {
			c.Ignored = append(c.Ignored, name)
		}
	}
	return c, nil
}

func (c *Config) checkNode(role Role, v values) error {
	if !name.MatchString(c.NodeName) {
		return errNodeName(c.NodeName)
	}
	if c.NodeIP == "" {
		c.NodeIP = ownAddress()
	}
	if net.ParseIP(c.NodeIP).To4() == nil {
		return errAddress("node-ip", c.NodeIP)
	}
	if c.AdvertiseAddress == "" {
		c.AdvertiseAddress = c.NodeIP
	}
	if net.ParseIP(c.AdvertiseAddress).To4() == nil {
		return errAddress("advertise-address", c.AdvertiseAddress)
	}
	if c.Server == "" {
		if role == Agent {
			return errAgentNeeds("server")
		}
		return nil
	}
	if parsed, err := url.Parse(c.Server); err != nil || parsed.Scheme != "https" || parsed.Host == "" {
		return errServer(c.Server)
	}
	return nil
}

func (c *Config) readToken(role Role, v values) error {
	text := v.last("token", "")
	if path := v.last("token-file", ""); text == "" && path != "" {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text = string(content)
	}
	if text == "" {
		if role == Agent {
			return errAgentNeeds("token")
		}
		return nil
	}
	parsed, err := token.Parse(text)
	c.Token, c.HasToken = parsed, err == nil
	return err
}

func (c *Config) readSwitches(_ Role, v values) error {
	for key, target := range map[string]*bool{
		"protect-kernel-defaults": &c.ProtectKernel,
		"etcd-expose-metrics":     &c.ExposeEtcdMetrics,
		"disable-kube-proxy":      &c.WithoutProxy,
		"disable-scheduler":       &c.WithoutScheduler,
	} {
		text := v.last(key, "false")
		value, err := strconv.ParseBool(text)
		if err != nil {
			return errBoolean(key, text)
		}
		*target = value
	}
	mode := v.last("write-kubeconfig-mode", "0600")
	bits, err := strconv.ParseUint(mode, 8, 9)
	if err != nil {
		return errMode(mode)
	}
	c.KubeconfigMode = os.FileMode(bits)
	return c.checkProfile(v)
}

func (c *Config) checkProfile(v values) error {
	switch {
	case c.Profile == "" || c.Profile == "etcd":
		return nil
	case c.Profile != "cis" && !strings.HasPrefix(c.Profile, "cis-"):
		return errProfile(c.Profile)
	case len(v["protect-kernel-defaults"]) > 0 && !c.ProtectKernel:
		return errKernelDefaults(c.Profile)
	}
	c.ProtectKernel = true
	return nil
}

func (c *Config) readArguments(_ Role, v values) error {
	for _, key := range argumentKeys {
		for _, argument := range v[key] {
			if name, _, found := strings.Cut(argument, "="); !found || name == "" {
				return errArgument(key, argument)
			}
		}
		c.Arguments[key] = v[key]
	}
	return nil
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}

func first(list string) string {
	head, _, _ := strings.Cut(list, ",")
	return head
}
