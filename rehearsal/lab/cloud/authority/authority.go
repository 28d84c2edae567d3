// Package authority is the lab's own certificate authority: made once in a workspace, trusted by the base image.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	certificateFile = "ca.pem"
	keyFile         = "ca.key"
	commonName      = "Drover rehearsal"

	// a machine's clock may be behind that of the lab.
	backdated         = 24 * time.Hour
	authorityLifetime = 10 * 365 * 24 * time.Hour
	leafLifetime      = 90 * 24 * time.Hour
)

// Authority issues the certificates of the endpoints.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	path        string

	mutex  sync.Mutex
	leaves map[string]*tls.Certificate
}

// Open reads the authority in dir, or makes one there.
func Open(dir string) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	out, err := read(dir)
	if errors.Is(err, os.ErrNotExist) {
		if err = create(dir); err == nil {
			out, err = read(dir)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("certificate authority in %q: %w", dir, err)
	}
	return out, nil
}

// Path is the file with the authority's certificate in PEM form.
func (a *Authority) Path() string { return a.path }

// PEM is the authority's certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// Leaf is the certificate of one name, the same one until the half of its life is over.
func (a *Authority) Leaf(name string) (*tls.Certificate, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if known := a.leaves[name]; known != nil && time.Now().Before(known.Leaf.NotAfter.Add(-leafLifetime/2)) {
		return known, nil
	}
	issued, err := a.issue(name)
	if err != nil {
		return nil, fmt.Errorf("certificate of %q: %w", name, err)
	}
	a.leaves[name] = issued
	return issued, nil
}

func (a *Authority) issue(name string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	raw, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: commonNameOf(name)},
		DNSNames:     []string{name},
		NotBefore:    now.Add(-backdated),
		NotAfter:     now.Add(leafLifetime),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{raw, a.certificate.Raw}, PrivateKey: key, Leaf: parsed}, nil
}

// commonNameOf shortens a name to the 64 characters that X.509 allows there; the whole name is in the certificate's
// alternative names.
func commonNameOf(name string) string {
	const longest = 64
	if len(name) > longest {
		return name[:longest]
	}
	return name
}

func serialNumber() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
}

func create(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := serialNumber()
	if err != nil {
		return err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: commonName},
		NotBefore:             now.Add(-backdated),
		NotAfter:              now.Add(authorityLifetime),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	encodedKey, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	// the certificate comes last: an authority without it is made anew
	if err := write(filepath.Join(dir, keyFile), "EC PRIVATE KEY", encodedKey, 0o600); err != nil {
		return err
	}
	return write(filepath.Join(dir, certificateFile), "CERTIFICATE", certificate, 0o644)
}

func write(path, kind string, raw []byte, mode os.FileMode) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), mode); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

func read(dir string) (*Authority, error) {
	path := filepath.Join(dir, certificateFile)
	rawCertificate, err := decode(path)
	if err != nil {
		return nil, err
	}
	rawKey, err := decode(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(rawCertificate)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParseECPrivateKey(rawKey)
	if err != nil {
		return nil, err
	}
	if !key.PublicKey.Equal(certificate.PublicKey) {
		return nil, fmt.Errorf("%q does not belong to %q; delete both", keyFile, certificateFile)
	}
	return &Authority{certificate: certificate, key: key, path: path, leaves: map[string]*tls.Certificate{}}, nil
}

func decode(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, fmt.Errorf("%q holds no PEM block", path)
	}
	return block.Bytes, nil
}
