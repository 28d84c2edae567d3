package pki

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"drover/rehearsal/kube/layout"
)

// The authorities of a cluster, by the base of their files below server/tls.
const (
	ServerCA        = "server-ca"
	ClientCA        = "client-ca"
	RequestHeaderCA = "request-header-ca"
	EtcdServerCA    = "etcd/server-ca"
	EtcdPeerCA      = "etcd/peer-ca"
	// ServiceKey signs the tokens of service accounts.
	ServiceKey = "service.key"
)

var authorities = []string{ServerCA, ClientCA, RequestHeaderCA, EtcdServerCA, EtcdPeerCA}

// sharedFiles are what all servers of a cluster hold alike.
func sharedFiles() []string {
	names := []string{ServiceKey}
	for _, name := range authorities {
		names = append(names, name+".crt", name+".key")
	}
	return names
}

// Cluster is the set of authorities of one cluster.
type Cluster struct {
	data  layout.Data
	known map[string]*Authority
}

// Exists tells whether the data folder holds a cluster's authorities.
func Exists(data layout.Data) bool {
	for _, name := range sharedFiles() {
		if _, err := os.Stat(data.TLS(name)); err != nil {
			return false
		}
	}
	return true
}

// Create makes all authorities of a new cluster.
func Create(data layout.Data) error {
	made := time.Now().Unix()
	for _, name := range authorities {
		title := fmt.Sprintf("rke2-%s@%d", filepath.ToSlash(name), made)
		if err := create(data.TLS(name+".crt"), data.TLS(name+".key"), title); err != nil {
			return err
		}
	}
	// RSA: the libraries that clouds verify tokens with are surest of RS256
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	return layout.Write(data.TLS(ServiceKey), encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(private)), 0o600)
}

// Open loads the authorities of the data folder.
func Open(data layout.Data) (*Cluster, error) {
	cluster := &Cluster{data: data, known: map[string]*Authority{}}
	for _, name := range authorities {
		authority, err := Load(data.TLS(name+".crt"), data.TLS(name+".key"))
		if err != nil {
			return nil, err
		}
		cluster.known[name] = authority
	}
	return cluster, nil
}

// Authority is one of the cluster's authorities.
func (c *Cluster) Authority(name string) *Authority { return c.known[name] }

// Shared reads what a joining server gets.
func (c *Cluster) Shared() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range sharedFiles() {
		content, err := os.ReadFile(c.data.TLS(name))
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	return files, nil
}

// Import writes what a joining server got.
func Import(data layout.Data, files map[string][]byte) error {
	names := sharedFiles()
	for name := range files {
		if !slices.Contains(names, name) {
			return errForeignFile(name)
		}
	}
	for _, name := range names {
		content, given := files[name]
		if !given {
			return errMissingFile(name)
		}
		if err := layout.Write(data.TLS(name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// IssueTo makes a certificate and writes it as <base>.crt and <base>.key.
func (c *Cluster) IssueTo(base, authority string, subject Subject) error {
	pair, err := c.known[authority].Issue(subject)
	if err != nil {
		return err
	}
	if err := layout.Write(base+".key", pair.Key, 0o600); err != nil {
		return err
	}
	return layout.Write(base+".crt", pair.Certificate, 0o644)
}
