package rancher

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
)

// PEM encodes a certificate with its chain, and its key.
func PEM(leaf *tls.Certificate) (certificate, key []byte, err error) {
	var chain bytes.Buffer
	for _, raw := range leaf.Certificate {
		if err := pem.Encode(&chain, &pem.Block{Type: "CERTIFICATE", Bytes: raw}); err != nil {
			return nil, nil, err
		}
	}
	raw, err := x509.MarshalPKCS8PrivateKey(leaf.PrivateKey)
	if err != nil {
		return nil, nil, err
	}
	return chain.Bytes(), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), nil
}
