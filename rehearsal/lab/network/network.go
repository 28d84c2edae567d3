// Package network is the lab's network: one switch in the lab's own network namespace, a cable to each host, no uplink.
package network

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	bridge = "br0"
	// A bridge without an address of its own takes the lowest of its cables': each further cable may change it, and hosts
	// that have asked for it before would speak to nobody for up to 45 s.
	bridgeMAC = "02:00:00:00:00:01"
	// how long one change of the network may take.
	deadline = 10 * time.Second
	// Namespaces is where ip(8) keeps the namespaces of hosts; the lab has a /run of its own.
	Namespaces = "/run/netns"
)

// The addresses that a cloud gives every network: metadata, and DNS with the cloud's own services; and the one at which
// the Vault of an environment stands, that may have any port.
var (
	Metadata = netip.MustParseAddr("169.254.169.254")
	Services = netip.MustParseAddr("169.254.169.253")
	Vault    = netip.MustParseAddr("169.254.169.252")
)

// Place is where an address lies.
type Place struct {
	Subnet netip.Prefix
	// Network is the whole network that the subnet is part of (a VPC).
	Network netip.Prefix
	// HasMetadata says that machines there reach a cloud's metadata service.
	HasMetadata bool
}

// Router is the address of the subnet's router: its first one.
func (p Place) Router() netip.Addr { return p.Subnet.Masked().Addr().Next() }

// MAC is the hardware address of the host with this IPv4 address.
func MAC(address netip.Addr) string {
	raw := address.As4()
	return fmt.Sprintf("02:00:%02x:%02x:%02x:%02x", raw[0], raw[1], raw[2], raw[3])
}

// Switch is the bridge that all hosts hang on. It must be used inside the lab's namespaces.
type Switch struct {
	mutex     sync.Mutex
	addresses map[netip.Prefix]bool
}

// NewSwitch builds the bridge in the current network namespace, with the addresses that every host asks.
func NewSwitch(ctx context.Context) (*Switch, error) {
	if err := os.MkdirAll(Namespaces, 0o755); err != nil {
		return nil, err
	}
	for _, command := range []string{
		"link set lo up", "link add " + bridge + " address " + bridgeMAC + " type bridge", "link set " + bridge + " up",
	} {
		if err := ip(ctx, strings.Fields(command)...); err != nil {
			return nil, err
		}
	}
	// machines of two networks reach each other through their routers
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644); err != nil {
		return nil, err
	}
	s := &Switch{addresses: map[netip.Prefix]bool{}}
	for _, address := range []netip.Addr{Metadata, Services, Vault} {
		if err := s.AddAddress(netip.PrefixFrom(address, address.BitLen())); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// AddAddress gives the switch itself an address; it may have it already.
func (s *Switch) AddAddress(address netip.Prefix) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.addresses[address] {
		return nil
	}
	if err := ip(context.Background(), "address", "replace", address.String(), "dev", bridge); err != nil {
		return err
	}
	s.addresses[address] = true
	return nil
}

// Connect lays a cable to a new host and gives its network namespace the address; the namespace may be there already.
// It answers the namespace's path.
func (s *Switch) Connect(ctx context.Context, id string, address netip.Addr, place Place) (string, error) {
	if err := s.AddAddress(netip.PrefixFrom(place.Router(), place.Network.Bits())); err != nil {
		return "", err
	}
	namespace, cable := names(id)
	path := filepath.Join(Namespaces, namespace)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	steps := [][]string{
		{"netns", "add", namespace},
		{"-n", namespace, "link", "set", "lo", "up"},
		{"link", "add", cable, "type", "veth", "peer", "name", "eth0", "address", MAC(address), "netns", namespace},
		{"link", "set", cable, "master", bridge, "up"},
		{"-n", namespace, "address", "add", netip.PrefixFrom(address, place.Network.Bits()).String(), "dev", "eth0"},
		{"-n", namespace, "link", "set", "eth0", "up"},
		{"-n", namespace, "route", "add", "default", "via", place.Router().String()},
	}
	if !place.HasMetadata {
		steps = append(steps, []string{"-n", namespace, "route", "add", "unreachable", Metadata.String()})
	}
	for _, step := range steps {
		if err := ip(ctx, step...); err != nil {
			_ = s.Disconnect(ctx, id) // the first error says what is wrong
			return "", err
		}
	}
	return path, nil
}

// Disconnect takes a host's cable and namespace away.
func (s *Switch) Disconnect(ctx context.Context, id string) error {
	namespace, _ := names(id)
	if _, err := os.Stat(filepath.Join(Namespaces, namespace)); err != nil {
		return nil
	}
	return ip(ctx, "netns", "delete", namespace)
}

// Pull takes a host's cable out of the switch.
func (s *Switch) Pull(ctx context.Context, id string) error {
	_, cable := names(id)
	return ip(ctx, "link", "set", cable, "down")
}

// Plug puts it in again.
func (s *Switch) Plug(ctx context.Context, id string) error {
	_, cable := names(id)
	return ip(ctx, "link", "set", cable, "up")
}

// names gives a host's namespace and its cable's end at the switch, which may have 15 characters.
func names(id string) (namespace, cable string) {
	sum := sha256.Sum256([]byte(id))
	return "host-" + id, "h-" + hex.EncodeToString(sum[:5])
}

func ip(ctx context.Context, arguments ...string) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	if output, err := exec.CommandContext(ctx, "ip", arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(arguments, " "), err, strings.TrimSpace(string(output)))
	}
	return nil
}
