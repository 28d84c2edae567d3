// Package host runs machines: systemd in a container of its own with its own disks, cable and address.
package host

import (
	"context"
	"encoding/json"
	"time"
)

// State is where a machine is in its life.
type State string

// The states of a machine, as EC2 names them.
const (
	Pending    State = "pending"
	Running    State = "running"
	Stopped    State = "stopped"
	Terminated State = "terminated"
)

// Spec says what machine to run.
type Spec struct {
	// ID is the instance's identifier, "i-...".
	ID string
	// Name is the machine's name tag.
	Name string
	// Address is its IPv4 address.
	Address string
	// Subnet is the identifier of its subnet.
	Subnet string
	Zone   string
	Region string
	// Profile is the name of its instance profile.
	Profile string
	// Group is the name of its Auto Scaling group; empty if it has none.
	Group string
	// UserData is what cloud-init gets, decoded.
	UserData []byte
	Disks    []Disk
	Tags     map[string]string
	// HopLimit is the IP TTL of answers of the metadata service. @default 1
	HopLimit int
	// Bare makes it a machine of a data centre; nil for one of a cloud.
	Bare *Bare `json:",omitempty"`
}

// Disk is a volume beside the root file system. It outlives the machine as long as the world holds what it is of.
type Disk struct {
	// VolumeID is the volume's identifier, "vol-...".
	VolumeID string
	SizeGiB  int
	// Device is the name that the attachment asks for, such as /dev/sdf.
	Device string
	// Serial is the number that the disk of a data centre has, and Link one that udev makes for it below /dev/disk, such as
	// by-path/pci-0000:00:07.0. A disk with neither is an EBS volume.
	Serial, Link string
}

// Machine is what others may know of a machine: the content of its file in lab/machines.
type Machine struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
	Zone    string `json:"zone"`
	Subnet  string `json:"subnet"`
	Region  string `json:"region"`
	// Group is the name of the Auto Scaling group, empty for a machine of the world.
	Group string `json:"group"`
	State State  `json:"state"`
	// Lifecycle is the Auto Scaling lifecycle state, such as Pending:Wait; empty for a machine of the world.
	Lifecycle string    `json:"lifecycle"`
	Launched  time.Time `json:"launched"`
	// Profile is the name of the instance profile.
	Profile string            `json:"profile"`
	Tags    map[string]string `json:"tags"`
	// HopLimit is the IP TTL of answers of the metadata service.
	HopLimit int `json:"hopLimit"`
	// Bootstrap is the machine's own /var/lib/drover/bootstrap.json, null until it is written.
	Bootstrap json.RawMessage `json:"bootstrap"`
	// Console is the path of the console's log.
	Console string `json:"console"`
	// UserData is the path of the user data, decoded.
	UserData string `json:"userData"`
	// Notice is what the metadata service announces to the machine, null if nothing.
	Notice *Notice `json:"notice,omitempty"`
	// IsBare tells a machine of a data centre.
	IsBare bool `json:"isBare,omitempty"`
	// Lost is a machine that has broken for good: it never starts again.
	Lost bool `json:"lost,omitempty"`
}

// Tags by which others know what a machine is for.
const (
	ClusterTag = "drover:cluster"
	RoleTag    = "drover:role"
)

// MayServe tells machines that may be servers of a cluster: those of a group never are, those of a data centre say so.
func (m Machine) MayServe() bool {
	return m.Group == "" && (!m.IsBare || m.Tags[RoleTag] == "server")
}

// Notice announces that the machine is about to be taken away; the metadata service shows it.
type Notice struct {
	// Action is stop, terminate or hibernate, shown at spot/instance-action; empty for a mere recommendation.
	Action string `json:"action"`
	// Time is when it happens.
	Time time.Time `json:"time"`
	// Rebalance shows events/recommendations/rebalance.
	Rebalance bool `json:"rebalance,omitempty"`
}

// Fleet runs machines for those who decide how many there are.
type Fleet interface {
	// Launch starts a machine; it returns once the machine is running, before it has booted.
	Launch(ctx context.Context, spec Spec) error
	// Terminate destroys a machine: a clean stop within a bound, then the power. Its file stays, its disks stay.
	Terminate(ctx context.Context, id string) error
	// Machines are all machines of this run, those that are terminated as well.
	Machines() []Machine
	// SetLifecycle notes the Auto Scaling lifecycle state.
	SetLifecycle(id, state string) error
	// SetTags adds tags to a machine's.
	SetTags(id string, tags map[string]string) error
	// Notice sets what the metadata service announces.
	Notice(id string, n Notice)
}
