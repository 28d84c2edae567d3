package balance

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// A server of Azure joins at a name that holds the addresses of all servers, because an internal load balancer of Azure
// drops what leads a machine back to itself. Asked with curl, as the bootstrap asks.
func TestAServerReachesItsClusterByTheNameOfAllServersWhereTheBalancerDropsItsOwn(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	b := newBench(t, map[string]any{"preserve_client_ip": "true"})
	own := b.backend("127.0.7.21")
	own.hangsUp.Store(true)
	b.attach("127.0.7.21")
	b.start()
	b.untilStates("127.0.7.21=healthy ")
	asks := func(addresses string) string {
		name := fmt.Sprintf("join.example.com:%d", b.port)
		out, _ := exec.Command("curl", "--silent", "--http0.9", "--noproxy", "*", "--max-time", "10",
			"--interface", "127.0.7.21", "--resolve", name+":"+addresses, "http://"+name+"/").Output()
		who, _, _ := strings.Cut(string(out), " ")
		return who
	}
	if got := asks("127.0.7.10"); got != "" {
		t.Errorf("by the balancer it was answered by %q", got)
	}
	if own.taken.Load() != 0 {
		t.Error("the balancer led the server back to itself")
	}
	if got := asks("127.0.7.21,127.0.7.22"); got != "127.0.7.21" {
		t.Errorf("a server that is up was answered by %q", got)
	}
	own.kill()
	b.backend("127.0.7.22").hangsUp.Store(true)
	if got := asks("127.0.7.21,127.0.7.22"); got != "127.0.7.22" {
		t.Errorf("a server that is not up was answered by %q", got)
	}
}
