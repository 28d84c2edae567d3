package machine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
)

// InitNode stands in Plan.JoinedTo of the machine that begins the cluster.
const InitNode = "-"

// The two units of RKE2.
const (
	ServerUnit = "rke2-server"
	AgentUnit  = "rke2-agent"
)

// Artifact says where RKE2's release archive is.
type Artifact struct {
	// URL is the folder that holds a folder a release.
	URL string `json:"url"`
	// SHA256 holds the archive's checksum by architecture (amd64, arm64); without it the release's own list counts.
	SHA256 map[string]string `json:"sha256,omitempty"`
}

// Plan is what a machine has to become.
type Plan struct {
	Unit     string   `json:"unit"`
	Version  string   `json:"version"`
	Artifact Artifact `json:"artifact"`
	// Config becomes /etc/rancher/rke2/config.yaml.d/50-rancher.yaml.
	Config map[string]any `json:"config"`
	// Manifests are written below /var/lib/rancher/rke2/server/manifests, by their relative path.
	Manifests map[string]string `json:"manifests,omitempty"`
	// JoinedTo is the URL that the machine joins through, or InitNode.
	JoinedTo string `json:"joinedTo"`
	// NeedsData refuses to start without an etcd member on the disk: the cluster has been begun before.
	NeedsData bool `json:"needsData,omitempty"`
	// CAHash is the CA of the cluster that the machine belongs to, once it is known.
	CAHash string `json:"caHash,omitempty"`
	// ControlPlane says that the API is served here, so that its health is the machine's.
	ControlPlane bool `json:"controlPlane,omitempty"`
}

// Hash identifies the whole plan.
func (p Plan) Hash() string { return digest(p) }

// RestartHash identifies what needs RKE2 to start anew. How a machine joined is not of it: a node that has joined
// keeps its own list of servers.
func (p Plan) RestartHash() string {
	config := maps.Clone(p.Config)
	delete(config, "server")
	delete(config, "token")
	return digest(map[string]any{"unit": p.Unit, "version": p.Version, "config": config})
}

func digest(value any) string {
	// encoding/json sorts the keys of maps; a plan holds nothing that it can't write
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
