// Package machine holds what Rancher's stand-in knows of a machine, and what the two ends of it say to each other.
package machine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// Roles are what a machine does in its cluster.
type Roles struct {
	Etcd         bool `json:"etcd"`
	ControlPlane bool `json:"controlPlane"`
	Worker       bool `json:"worker"`
}

// Server says whether the machine runs rke2-server.
func (r Roles) Server() bool { return r.Etcd || r.ControlPlane }

// Names lists the roles as Rancher's installer calls them.
func (r Roles) Names() []string {
	out := []string{}
	for _, role := range []struct {
		on   bool
		name string
	}{{r.Etcd, "etcd"}, {r.ControlPlane, "controlplane"}, {r.Worker, "worker"}} {
		if role.on {
			out = append(out, role.name)
		}
	}
	return out
}

// Registration is what a machine says of itself when it registers.
type Registration struct {
	// ID is the content of the machine's cattle-id: it stays when the machine comes back with its data disk.
	ID      string `json:"id"`
	Cluster string `json:"cluster"`
	Roles   Roles  `json:"roles"`
	// NodeName is the wanted node name; without it the node is called as its host.
	NodeName string `json:"nodeName,omitempty"`
	// Address is the external address, InternalAddress the one that nodes use among each other.
	Address         string   `json:"address,omitempty"`
	InternalAddress string   `json:"internalAddress,omitempty"`
	Labels          []string `json:"labels,omitempty"`
	Taints          []string `json:"taints,omitempty"`
	// Registered is the time of the first registration.
	Registered time.Time `json:"registered"`
}

// NodeAddress is the address that other machines of the cluster reach this one at.
func (r Registration) NodeAddress() string {
	if r.InternalAddress != "" {
		return r.InternalAddress
	}
	return r.Address
}

// JoinURL is where other machines join through this one.
func (r Registration) JoinURL() string { return "https://" + r.NodeAddress() + ":9345" }

// Name is the machine's name in Rancher: short, and the same whenever the same machine registers.
func Name(cluster, id string) string {
	sum := sha256.Sum256([]byte(cluster + "/" + id))
	return "custom-" + hex.EncodeToString(sum[:6])
}

// Status is what the agent found at its last look.
type Status struct {
	// NodeName is the name that the node has or will have.
	NodeName string `json:"nodeName,omitempty"`
	// Applied is the hash of the plan that the machine runs.
	Applied string `json:"applied,omitempty"`
	// Service is systemd's state of the RKE2 unit.
	Service string `json:"service,omitempty"`
	// HasData says that the disk holds a member of an etcd.
	HasData bool `json:"hasData"`
	// Ready says that every probe of the plan passes.
	Ready bool `json:"ready"`
	// CAHash is the hash of the cluster's CA as tokens carry it; servers only.
	CAHash string `json:"caHash,omitempty"`
	// Error is why the plan can't be applied.
	Error string `json:"error,omitempty"`
}

// Machine is a registered machine.
type Machine struct {
	Registration
	// Name and UID are those of the object that keeps the machine.
	Name, UID string
	// Plan is the last one given to it, nil before the first.
	Plan   *Plan
	Status Status
	// Joined says that it has been ready at least once.
	Joined   bool
	LastSeen time.Time
	// Online says that the agent reported lately, as its reader sees it.
	Online bool
}

// NodeName is the name of the machine's node, as far as it is known.
func (m Machine) NodeName() string {
	if m.Registration.NodeName != "" {
		return m.Registration.NodeName
	}
	return m.Status.NodeName
}

// InSync says that the machine runs its plan and is healthy.
func (m Machine) InSync() bool {
	return m.Plan != nil && m.Status.Applied == m.Plan.Hash() && m.Status.Ready
}

// Phase is the machine's state in the words of Cluster API.
func (m Machine) Phase() string {
	switch {
	case m.Plan == nil:
		return "Pending"
	case !m.Joined:
		return "Provisioning"
	case !m.Online:
		return "Unknown"
	case m.Status.Ready:
		return "Running"
	default:
		return "Provisioned"
	}
}

// Credential is an administrator's way into a member cluster's API.
type Credential struct {
	CA          []byte `json:"ca"`
	Certificate []byte `json:"certificate"`
	Key         []byte `json:"key"`
	// ServerName is the name or address that the API server's certificate is checked against.
	ServerName string `json:"serverName"`
}

// Report is what an agent sends, Reply what it gets.
type Report struct {
	Status     Status      `json:"status"`
	Credential *Credential `json:"credential,omitempty"`
}

// Reply is Rancher's answer to a report.
type Reply struct {
	// Plan is nil as long as there is nothing to do.
	Plan *Plan `json:"plan,omitempty"`
	// WantCredential asks a control plane for the cluster's credential.
	WantCredential bool `json:"wantCredential,omitempty"`
}

// Connection is what a machine gets when it registers, and keeps in a file.
type Connection struct {
	Server    string `json:"server"`
	Namespace string `json:"namespace"`
	// SecretName is the object that holds the machine's plan.
	SecretName string `json:"secretName"`
	Token      string `json:"token"`
	// CA is Rancher's CA in PEM; empty when its certificate is publicly trusted.
	CA string `json:"ca,omitempty"`
}

// PlanPath is where the agent reports to and gets its plan from.
func (c Connection) PlanPath() string {
	return fmt.Sprintf("%s/v3/connect/plan/%s", c.Server, c.SecretName)
}
