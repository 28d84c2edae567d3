// Package etcd keeps the membership of a cluster's etcd.
package etcd

import (
	"crypto/tls"
	"time"

	"go.etcd.io/etcd/client/pkg/v3/transport"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"drover/rehearsal/kube/layout"
)

// Local is this server's own member.
const Local = "https://127.0.0.1:2379"

// reconnect is quick: gRPC's own first pause of a second is longer than a member needs to start
var reconnect = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.3, Jitter: 0.2, MaxDelay: time.Second},
	MinConnectTimeout: 5 * time.Second,
}

// Connect opens a client with this server's certificate.
func Connect(data layout.Data, endpoints ...string) (*clientv3.Client, error) {
	settings, err := clientTLS(data)
	if err != nil {
		return nil, err
	}
	return clientv3.New(clientv3.Config{
		Endpoints:   endpoints,
		TLS:         settings,
		DialTimeout: 5 * time.Second,
		DialOptions: []grpc.DialOption{grpc.WithConnectParams(reconnect)},
		Logger:      zap.NewNop(),
	})
}

func clientTLS(data layout.Data) (*tls.Config, error) {
	return transport.TLSInfo{
		TrustedCAFile: data.TLS("etcd/server-ca.crt"),
		CertFile:      data.TLS("etcd/client.crt"),
		KeyFile:       data.TLS("etcd/client.key"),
	}.ClientConfig()
}
