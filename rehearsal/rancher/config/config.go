// Package config reads the file that the rehearsal writes for Rancher's stand-in.
package config

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"drover/rehearsal/rancher/machine"
	"drover/rehearsal/rancher/planner"
)

// Defaults of what a file may leave out.
const (
	DefaultNamespace  = "fleet-default"
	DefaultKubeconfig = "/etc/rancher/rke2/rke2.yaml"
)

// Config is the whole file.
type Config struct {
	// URL is the https address under which machines know Rancher (its setting server-url).
	URL string `json:"url"`
	// Certificate and Key are PEM files that Rancher serves with.
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
	// CA is the PEM file that /cacerts gives; empty when the certificate is publicly trusted.
	CA string `json:"ca,omitempty"`
	// Kubeconfig is the management cluster's, which keeps machines and plans. @default DefaultKubeconfig
	Kubeconfig string `json:"kubeconfig,omitempty"`
	// Namespace of the machines. @default DefaultNamespace
	Namespace string `json:"namespace,omitempty"`
	// APITokens are the bearer tokens that may read /v3/machines and /v3/clusters and use the proxy.
	APITokens []string  `json:"apiTokens"`
	Clusters  []Cluster `json:"clusters"`
}

// Cluster is a member.
type Cluster struct {
	Name string `json:"name"`
	// ID is the identifier of the management API and of the proxy: c-m-...
	ID                string `json:"id"`
	RegistrationToken string `json:"registrationToken"`
	// KubernetesVersion as RKE2 names its releases, such as v1.35.7+rke2r1.
	KubernetesVersion string `json:"kubernetesVersion"`
	// ArtifactURL is the folder that holds a folder a release.
	ArtifactURL string `json:"artifactUrl"`
	// SHA256 of the archive by architecture (amd64, arm64). @default - the release's own list
	SHA256 map[string]string `json:"sha256,omitempty"`
	// MachineGlobalConfig is an object, or the text that Terraform's yamlencode makes of one.
	MachineGlobalConfig GlobalConfig `json:"machineGlobalConfig,omitempty"`
	AdditionalManifest  string       `json:"additionalManifest,omitempty"`
	// MissingAfter is the duration after which a machine whose node is gone is removed. @default - never
	MissingAfter Duration `json:"missingAfter,omitempty"`
}

// Duration is written as Go does: 10m.
type Duration time.Duration

// UnmarshalJSON reads a text; an empty one is zero.
func (d *Duration) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	if text == "" {
		*d = 0
		return nil
	}
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 {
		return fmt.Errorf("'%s' is not a duration, give one such as '10m'", text)
	}
	*d = Duration(value)
	return nil
}

// Planned is the part of the cluster that the planner works with.
func (c Cluster) Planned() planner.Cluster {
	return planner.Cluster{
		Name:               c.Name,
		Version:            c.KubernetesVersion,
		Artifact:           machine.Artifact{URL: strings.TrimSuffix(c.ArtifactURL, "/"), SHA256: c.SHA256},
		GlobalConfig:       c.MachineGlobalConfig,
		AdditionalManifest: c.AdditionalManifest,
	}
}

// Read reads and checks a file.
func Read(path string) (*Config, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	config := &Config{Kubeconfig: DefaultKubeconfig, Namespace: DefaultNamespace}
	if err := decoder.Decode(config); err != nil {
		return nil, fmt.Errorf("'%s': %w", path, err)
	}
	config.URL = strings.TrimSuffix(config.URL, "/")
	if err := config.check(); err != nil {
		return nil, fmt.Errorf("'%s': %w", path, err)
	}
	return config, nil
}

var (
	urlForm     = regexp.MustCompile(`^https://[A-Za-z0-9.:-]+$`)
	versionForm = regexp.MustCompile(`^v\d+\.\d+\.\d+\+rke2r\d+$`)
	sumForm     = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

func (c *Config) check() error {
	if !urlForm.MatchString(c.URL) {
		return fmt.Errorf("'url' is '%s', must be like https://rancher.example.com", c.URL)
	}
	if c.Certificate == "" || c.Key == "" {
		return fmt.Errorf("'certificate' and 'key' must name PEM files")
	}
	tokens := map[string]string{}
	for _, cluster := range c.Clusters {
		if err := cluster.check(); err != nil {
			return err
		}
		if other, taken := tokens[cluster.RegistrationToken]; taken {
			return fmt.Errorf("clusters '%s' and '%s' have the same 'registrationToken'", other, cluster.Name)
		}
		tokens[cluster.RegistrationToken] = cluster.Name
	}
	return nil
}

func (c Cluster) check() error {
	for name, value := range map[string]string{"name": c.Name, "id": c.ID, "registrationToken": c.RegistrationToken, "artifactUrl": c.ArtifactURL} {
		if value == "" {
			return fmt.Errorf("'%s' of cluster '%s' is missing", name, c.Name)
		}
	}
	if !versionForm.MatchString(c.KubernetesVersion) {
		return fmt.Errorf("'kubernetesVersion' of cluster '%s' is '%s', must be like v1.35.7+rke2r1", c.Name, c.KubernetesVersion)
	}
	for arch, sum := range c.SHA256 {
		if !sumForm.MatchString(sum) {
			return fmt.Errorf("'sha256.%s' of cluster '%s' is '%s', must be 64 hexadecimal digits", arch, c.Name, sum)
		}
	}
	return nil
}

// ByToken finds the cluster that a registration token is for.
func (c *Config) ByToken(token string) (Cluster, bool) {
	for _, cluster := range c.Clusters {
		if subtle.ConstantTimeCompare([]byte(cluster.RegistrationToken), []byte(token)) == 1 {
			return cluster, true
		}
	}
	return Cluster{}, false
}

// Find finds a cluster by its name or its id.
func (c *Config) Find(key string) (Cluster, bool) {
	for _, cluster := range c.Clusters {
		if cluster.Name == key || cluster.ID == key {
			return cluster, true
		}
	}
	return Cluster{}, false
}

// MayRead says whether the bearer of a token may use Rancher's API.
func (c *Config) MayRead(token string) bool {
	for _, allowed := range c.APITokens {
		if allowed != "" && subtle.ConstantTimeCompare([]byte(allowed), []byte(token)) == 1 {
			return true
		}
	}
	return false
}
