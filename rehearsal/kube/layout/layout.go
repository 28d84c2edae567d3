// Package layout knows where RKE2 keeps what, below its data folder.
package layout

import (
	"os"
	"path/filepath"
)

// Places outside the data folder. They are RKE2's own.
const (
	ConfigFile       = "/etc/rancher/rke2/config.yaml"
	AdminKubeconfig  = "/etc/rancher/rke2/rke2.yaml"
	NodePassword     = "/etc/rancher/node/password"
	RuntimeFolder    = "/run/k3s/containerd"
	RuntimeSocket    = RuntimeFolder + "/containerd.sock"
	NetworkFolder    = "/etc/cni/net.d"
	KubeletFolder    = "/var/lib/kubelet"
	DefaultData      = "/var/lib/rancher/rke2"
	SupervisorPort   = "9345"
	APIPort          = "6443"
	KubeletHealthURL = "http://127.0.0.1:10248/healthz"
)

// Data is RKE2's data folder.
type Data string

// Server is a path below the server's part.
func (d Data) Server(path ...string) string {
	return filepath.Join(append([]string{string(d), "server"}, path...)...)
}

// TLS is a path below the server's certificates.
func (d Data) TLS(path ...string) string {
	return d.Server(append([]string{"tls"}, path...)...)
}

// Agent is a path below the agent's part.
func (d Data) Agent(path ...string) string {
	return filepath.Join(append([]string{string(d), "agent"}, path...)...)
}

// Bin is the folder of the programs that RKE2 brings.
func (d Data) Bin(path ...string) string {
	return filepath.Join(append([]string{string(d), "bin"}, path...)...)
}

// HasMember tells whether the folder holds the data of an etcd member.
func (d Data) HasMember() bool {
	entries, err := os.ReadDir(d.Server("db", "etcd", "member", "wal"))
	return err == nil && len(entries) > 0
}

// Write replaces a file in one step and makes its folder.
func Write(path string, content []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".rke2-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	if _, err := temporary.Write(content); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Chmod(mode); err != nil {
		temporary.Close()
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
