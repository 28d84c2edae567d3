// Package kubeapi is a small client of the Kubernetes API: plain HTTPS with the certificate of a kubeconfig.
package kubeapi

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"drover/rehearsal/rancher/machine"
)

// Kubeconfig is the part of a kubeconfig with one cluster and one user that a client needs.
type Kubeconfig struct {
	Server     string
	Credential machine.Credential
}

// ReadKubeconfig reads RKE2's own kubeconfig, in YAML or JSON: one cluster, one user with a client certificate, inline.
func ReadKubeconfig(path string) (*Kubeconfig, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	config, err := parseKubeconfig(raw)
	if err != nil {
		return nil, fmt.Errorf("'%s': %w", path, err)
	}
	return config, nil
}

func parseKubeconfig(raw []byte) (*Kubeconfig, error) {
	values := map[string]string{}
	var document any
	if json.Unmarshal(raw, &document) == nil {
		collect(document, values)
	} else {
		for _, line := range strings.Split(string(raw), "\n") {
			key, value, _ := strings.Cut(strings.TrimLeft(line, " -"), ":")
			values[key] = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	config := &Kubeconfig{Server: values["server"]}
	for key, target := range map[string]*[]byte{
		"certificate-authority-data": &config.Credential.CA,
		"client-certificate-data":    &config.Credential.Certificate,
		"client-key-data":            &config.Credential.Key,
	} {
		decoded, err := base64.StdEncoding.DecodeString(values[key])
		if err != nil {
			return nil, fmt.Errorf("'%s' is not base64: %w", key, err)
		}
		if len(decoded) == 0 {
			return nil, fmt.Errorf("has no '%s'", key)
		}
		*target = decoded
	}
	address, err := url.Parse(config.Server)
	if err != nil || address.Scheme != "https" || address.Hostname() == "" {
		return nil, fmt.Errorf("'server' is '%s', must be an https address", config.Server)
	}
	config.Credential.ServerName = address.Hostname()
	return config, nil
}

// collect flattens a document of which every wanted key is there once.
func collect(document any, into map[string]string) {
	switch typed := document.(type) {
	case map[string]any:
		for key, value := range typed {
			if text, ok := value.(string); ok {
				into[key] = text
			}
			collect(value, into)
		}
	case []any:
		for _, item := range typed {
			collect(item, into)
		}
	}
}

// TLS makes the client's side of the connection out of a credential.
func TLS(credential machine.Credential) (*tls.Config, error) {
	pair, err := tls.X509KeyPair(credential.Certificate, credential.Key)
	if err != nil {
		return nil, fmt.Errorf("client certificate: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(credential.CA) {
		return nil, errors.New("the cluster's CA holds no certificate")
	}
	return &tls.Config{
		RootCAs:      roots,
		Certificates: []tls.Certificate{pair},
		ServerName:   credential.ServerName,
		MinVersion:   tls.VersionTLS12,
	}, nil
}
