package sshentry

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"
)

// Files of keys that outlive one command; rehearsal/lab/login reads them.
const (
	authorityFile = "authority"
	loginFile     = "login"
)

// Keys are what the bastion, its agent and the hosts behind it have in common.
type Keys struct {
	// authority is the host key of a bastion that plays its hosts itself; of real ones it signs the host keys, its own as well.
	authority ed25519.PrivateKey
	isSigning bool
	// login opens bastion and hosts.
	login ed25519.PrivateKey
}

// NewKeys makes keys for one command: the bastion plays its hosts itself, and both show the same key.
func NewKeys() (*Keys, error) {
	_, authority, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	_, login, err := ed25519.GenerateKey(rand.Reader)
	return &Keys{authority: authority, login: login}, err
}

// KeysIn reads the keys in a folder, or makes them there: hosts that run know them from one command to the next.
func KeysIn(dir string) (*Keys, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	authority, err := keyIn(filepath.Join(dir, authorityFile))
	if err != nil {
		return nil, err
	}
	login, err := keyIn(filepath.Join(dir, loginFile))
	return &Keys{authority: authority, isSigning: true, login: login}, err
}

func keyIn(path string) (ed25519.PrivateKey, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return nil, err
	}
	parsed, err := ssh.ParseRawPrivateKey(raw)
	if err != nil {
		return nil, err
	}
	key, isKnown := parsed.(*ed25519.PrivateKey)
	if !isKnown {
		return nil, errors.New("the key in \"" + path + "\" is not one of Ed25519")
	}
	return *key, nil
}

// makeKey writes the public key first: where the private one is, both are.
func makeKey(path string) (ed25519.PrivateKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		return nil, err
	}
	shown, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path+".pub", ssh.MarshalAuthorizedKey(shown), 0o644); err != nil {
		return nil, err
	}
	if err := os.WriteFile(path+".new", pem.EncodeToMemory(block), 0o600); err != nil {
		return nil, err
	}
	return private, os.Rename(path+".new", path)
}

// hostKey is what the bastion shows, and the public key that it must be trusted by.
func (k *Keys) hostKey() (signer ssh.Signer, public string, err error) {
	authority, err := ssh.NewSignerFromKey(k.authority)
	if err != nil {
		return nil, "", err
	}
	public = string(bytes.TrimSpace(ssh.MarshalAuthorizedKey(authority.PublicKey())))
	if !k.isSigning {
		return authority, public, nil
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, "", err
	}
	own, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return nil, "", err
	}
	certificate := &ssh.Certificate{
		Key: own.PublicKey(), CertType: ssh.HostCert, KeyId: "bastion", ValidPrincipals: []string{"127.0.0.1"}, ValidBefore: ssh.CertTimeInfinity,
	}
	if err := certificate.SignCert(rand.Reader, authority); err != nil {
		return nil, "", err
	}
	signer, err = ssh.NewCertSigner(certificate, own)
	return signer, public, err
}
