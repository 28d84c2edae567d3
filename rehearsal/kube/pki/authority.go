// Package pki makes the certificates of a cluster with the names that RKE2 gives them.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"

	"drover/rehearsal/kube/layout"
)

const (
	authorityLife = 10 * 365 * 24 * time.Hour
	leafLife      = 365 * 24 * time.Hour
	// backdate bears a clock that is set right under a running machine.
	backdate = time.Hour
)

// Authority signs certificates.
type Authority struct {
	Certificate *x509.Certificate
	// PEM is the certificate as it lies in its file.
	PEM []byte
	key crypto.Signer
}

// Pair is a certificate and its key, both PEM.
type Pair struct{ Certificate, Key []byte }

// Subject is whom a certificate is for.
type Subject struct {
	Name   string
	Groups []string
	// Hosts are names and addresses that a server is reached under; none for a client.
	Hosts []string
}

// create makes an authority and writes it.
func create(certificate, key, name string) error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-backdate),
		NotAfter:              time.Now().Add(authorityLife),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return err
	}
	encoded, err := encodeKey(private)
	if err != nil {
		return err
	}
	if err := layout.Write(key, encoded, 0o600); err != nil {
		return err
	}
	return layout.Write(certificate, encode("CERTIFICATE", der), 0o644)
}

// Load reads an authority from its two files.
func Load(certificate, key string) (*Authority, error) {
	bundle, err := os.ReadFile(certificate)
	if err != nil {
		return nil, err
	}
	parsed, err := ParseCertificate(bundle)
	if err != nil {
		return nil, errUnreadable(certificate, err)
	}
	private, err := os.ReadFile(key)
	if err != nil {
		return nil, err
	}
	signer, err := parseKey(private)
	if err != nil {
		return nil, errUnreadable(key, err)
	}
	return &Authority{Certificate: parsed, PEM: bundle, key: signer}, nil
}

// Issue makes a new key and a certificate for it, good for client and server use.
func (a *Authority) Issue(subject Subject) (Pair, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: subject.Name, Organization: subject.Groups},
		NotBefore:    time.Now().Add(-backdate),
		NotAfter:     time.Now().Add(leafLife),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if len(subject.Hosts) > 0 {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	for _, host := range subject.Hosts {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.Certificate, private.Public(), a.key)
	if err != nil {
		return Pair{}, err
	}
	encoded, err := encodeKey(private)
	if err != nil {
		return Pair{}, err
	}
	return Pair{Certificate: append(encode("CERTIFICATE", der), a.PEM...), Key: encoded}, nil
}

// ParseCertificate reads the first certificate of a PEM bundle.
func ParseCertificate(bundle []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(bundle)
	if block == nil {
		return nil, errNoPEM()
	}
	return x509.ParseCertificate(block.Bytes)
}

func parseKey(encoded []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(encoded)
	if block == nil {
		return nil, errNoPEM()
	}
	return x509.ParseECPrivateKey(block.Bytes)
}

func encodeKey(private *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		return nil, err
	}
	return encode("EC PRIVATE KEY", der), nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func serial() *big.Int {
	number, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err)
	}
	return number
}
