package cloud

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"drover/rehearsal/lab/world"
)

func TestNothingListensOnceTheContextHasEnded(t *testing.T) {
	dir := t.TempDir()
	loopback := netip.MustParseAddrPort("127.0.0.1:0")
	config := Config{
		Workspace: dir, World: world.Open(filepath.Join(dir, "world")), Fleet: newFleet(t, dir),
		MetadataAddr: loopback, EndpointAddr: loopback, DNSAddr: loopback, Log: slog.New(slog.DiscardHandler),
	}
	ctx, cancel := context.WithCancel(context.Background())
	cloud, err := Start(ctx, config)
	must(t, err)
	taken := config
	taken.DNSAddr = cloud.DNSAddr
	if _, err := Start(ctx, taken); err == nil || !strings.Contains(err.Error(), "DNS over TCP") {
		t.Errorf("a port in use: %v", err)
	}
	cancel()
	cloud.Wait()
	for _, address := range []netip.AddrPort{cloud.MetadataAddr, cloud.EndpointAddr, cloud.DNSAddr} {
		connection, err := net.DialTimeout("tcp", address.String(), commandDeadline)
		if err == nil {
			t.Errorf("%s still listens", address)
			_ = connection.Close()
		}
	}
}

func TestAnAddressOfTheReleasesMustBeUsable(t *testing.T) {
	_, err := Start(context.Background(), Config{Workspace: t.TempDir(), ArtifactURL: "http://mirror.example.com/rke2"})
	if err == nil || !strings.Contains(err.Error(), `"http://mirror.example.com/rke2" must be like`) {
		t.Errorf("got %v", err)
	}
}
