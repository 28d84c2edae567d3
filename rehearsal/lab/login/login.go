// Package login keeps the keys of hosts that are reached by SSH: the authority that signs their host keys, and the one key
// that opens them. The simulated bastion (rehearsal/provider/sshentry) has made them in a folder of the workspace.
package login

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"
)

// The folder's name in the workspace, and what lies in it.
const (
	Folder        = "ssh"
	authorityFile = "authority"
	loginFile     = "login.pub"
)

// Keys are what hosts of one workspace have in common.
type Keys struct {
	authority ssh.Signer
	// Admitted is the public key that opens every host, as in an authorized_keys file.
	Admitted []byte
}

// HostKey is what identifies one host.
type HostKey struct {
	// Private is the key in OpenSSH's form.
	Private []byte
	// Public is the key, and Certificate the same signed by the authority, each as in a .pub file.
	Public, Certificate []byte
}

// Open reads the keys in a folder.
func Open(dir string) (*Keys, error) {
	private, err := os.ReadFile(filepath.Join(dir, authorityFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no keys for hosts in %q: the bastion makes them when a deploy begins", dir)
	}
	if err != nil {
		return nil, err
	}
	out := &Keys{}
	if out.authority, err = ssh.ParsePrivateKey(private); err != nil {
		return nil, fmt.Errorf("authority of hosts in %q: %w", dir, err)
	}
	out.Admitted, err = os.ReadFile(filepath.Join(dir, loginFile))
	return out, err
}

// Host makes the key of a new host, which is known by these names.
func (k *Keys) Host(names ...string) (*HostKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		return nil, err
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	certificate := &ssh.Certificate{
		Key: key, CertType: ssh.HostCert, KeyId: names[0], ValidPrincipals: names, ValidBefore: ssh.CertTimeInfinity,
	}
	if err := certificate.SignCert(rand.Reader, k.authority); err != nil {
		return nil, err
	}
	return &HostKey{
		Private: pem.EncodeToMemory(block), Public: ssh.MarshalAuthorizedKey(key), Certificate: ssh.MarshalAuthorizedKey(certificate),
	}, nil
}
