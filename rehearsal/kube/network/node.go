// Package network connects a node's pods with those of other nodes, and a node with all API servers.
package network

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/vishvananda/netlink"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"drover/rehearsal/kube/layout"
)

const (
	roundEvery    = 2 * time.Second
	firstEvery    = 200 * time.Millisecond
	roundDeadline = 15 * time.Second
)

//go:embed pods.conflist
var conflist string

// Pods stands in for the network plugin: it writes the plugin's configuration for this node's range of pods, and
// keeps a route to the range of every other node.
type Pods struct {
	API         kubernetes.Interface
	Node        string
	ClusterCIDR string
	configured  string
}

// Run keeps at it until the context ends.
func (p *Pods) Run(ctx context.Context) {
	for ctx.Err() == nil {
		pause := roundEvery
		if err := p.round(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("pod network not up to date", "why", err)
		}
		if p.configured == "" {
			pause = firstEvery
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (p *Pods) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundDeadline)
	defer cancel()
	list, err := p.API.CoreV1().Nodes().List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return err
	}
	var failures []error
	for i := range list.Items {
		found := &list.Items[i]
		if found.Spec.PodCIDR == "" {
			continue
		}
		if found.Name == p.Node {
			failures = append(failures, p.configure(ctx, found.Spec.PodCIDR))
		} else {
			failures = append(failures, route(found.Spec.PodCIDR, addressOf(found)))
		}
	}
	return errors.Join(failures...)
}

func (p *Pods) configure(ctx context.Context, own string) error {
	if p.configured == own {
		return nil
	}
	if err := prepare(ctx, p.ClusterCIDR); err != nil {
		return err
	}
	content := strings.ReplaceAll(conflist, "@POD_CIDR@", own)
	if err := layout.Write(filepath.Join(layout.NetworkFolder, "10-rke2.conflist"), []byte(content), 0o644); err != nil {
		return err
	}
	slog.Info("pod network configured", "range", own)
	p.configured = own
	return nil
}

func addressOf(node *v1.Node) net.IP {
	for _, address := range node.Status.Addresses {
		if address.Type == v1.NodeInternalIP {
			return net.ParseIP(address.Address)
		}
	}
	return nil
}

// route leads to another node's pods; all nodes hang on one network.
func route(pods string, gateway net.IP) error {
	_, target, err := net.ParseCIDR(pods)
	if err != nil || gateway == nil {
		return err
	}
	return netlink.RouteReplace(&netlink.Route{Dst: target, Gw: gateway})
}

// prepare lets the machine forward for its pods, and hides their addresses outside the cluster.
func prepare(ctx context.Context, clusterCIDR string) error {
	for _, name := range []string{"net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables"} {
		path := filepath.Join("/proc/sys", name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if err := os.WriteFile(path, []byte("1\n"), 0o644); err != nil {
			return err
		}
	}
	rule := []string{"POSTROUTING", "-s", clusterCIDR, "!", "-d", clusterCIDR, "-m", "comment", "--comment",
		"rke2: pods to the outside", "-j", "MASQUERADE"}
	if iptables(ctx, append([]string{"-C"}, rule...)) == nil {
		return nil
	}
	return iptables(ctx, append([]string{"-A"}, rule...))
}

func iptables(ctx context.Context, arguments []string) error {
	return exec.CommandContext(ctx, "iptables", append([]string{"-w", "5", "-t", "nat"}, arguments...)...).Run()
}
