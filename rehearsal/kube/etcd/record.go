package etcd

import (
	"encoding/json"
	"os"

	"drover/rehearsal/kube/layout"
)

// Record is kept beside the data of a member: who it is, and how it began.
type Record struct {
	Name string `json:"name"`
	Peer string `json:"peer"`
	// Cluster and State are etcd's initial cluster; without effect once there is data.
	Cluster string `json:"cluster"`
	State   string `json:"state"`
	// Endpoints of the members that can promote this one; empty once it votes.
	Endpoints []string `json:"endpoints,omitempty"`
}

func recordFile(data layout.Data) string { return data.Server("db", "etcd", "rke2-member.json") }

// ReadRecord returns nil when there is none.
func ReadRecord(data layout.Data) (*Record, error) {
	content, err := os.ReadFile(recordFile(data))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	record := &Record{}
	return record, json.Unmarshal(content, record)
}

// Write keeps the record, and the name in a file of its own, as RKE2 does.
func (r *Record) Write(data layout.Data) error {
	content, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := layout.Write(data.Server("db", "etcd", "name"), []byte(r.Name), 0o600); err != nil {
		return err
	}
	return layout.Write(recordFile(data), content, 0o600)
}

// CheckAddress refuses a machine that came back under another address.
func (r *Record) CheckAddress(peer string) error {
	if r.Peer != peer {
		return errMoved(r.Name, r.Peer, peer)
	}
	return nil
}

// PeerOf is the peer address of a member on a machine.
func PeerOf(address string) string { return "https://" + address + ":2380" }

// ClientOf is the client address of a member on a machine.
func ClientOf(address string) string { return "https://" + address + ":2379" }
