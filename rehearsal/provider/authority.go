package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// credential is what a management cluster publishes for the deployer.
type credential struct {
	Host  string `json:"host"`
	Token string `json:"token"`
	CA    string `json:"ca"`
}

// authority is a cluster's certificate authority.
type authority struct {
	pem string
	// hash is the SHA-256 of the PEM text, as joining machines check it.
	hash string
}

func longHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// clusterAuthority makes the certificate of a cluster: self-signed, real, and always the same for one address.
func clusterAuthority(address string) (*authority, error) {
	seed := sha256.Sum256([]byte("authority|" + address))
	key := ed25519.NewKeyFromSeed(seed[:])
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	template := &x509.Certificate{
		SerialNumber:          new(big.Int).SetBytes(seed[:8]),
		Subject:               pkix.Name{CommonName: "rke2-server-ca@" + shortHash(address)},
		NotBefore:             begin,
		NotAfter:              begin.AddDate(10, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	raw, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("certificate authority of %q: %w", address, err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
	return &authority{pem: text, hash: longHash(text)}, nil
}

// serviceAccountToken looks like a token that Kubernetes signs, and is always the same for one address.
func serviceAccountToken(address string) string {
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	signature := sha256.Sum256([]byte("token|" + address))
	return part(`{"alg":"EdDSA","typ":"JWT"}`) + "." +
		part(`{"iss":"https://kubernetes.default.svc","sub":"system:serviceaccount:kube-system:drover-deployer"}`) + "." +
		base64.RawURLEncoding.EncodeToString(append(signature[:], signature[:]...))
}
