package cloud

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"drover/rehearsal/lab/balance"
	"drover/rehearsal/lab/world"

	"github.com/miekg/dns"
)

func (l *lab) resolve(t *testing.T, network, name string, kind uint16) *dns.Msg {
	t.Helper()
	query := new(dns.Msg)
	query.SetQuestion(dns.Fqdn(name), kind)
	answer, _, err := (&dns.Client{Net: network}).Exchange(query, l.DNSAddr.String())
	must(t, err)
	return answer
}

func addresses(answer *dns.Msg) []string {
	var out []string
	for _, record := range answer.Answer {
		if a, ok := record.(*dns.A); ok {
			out = append(out, a.A.String())
		}
	}
	slices.Sort(out)
	return out
}

func (l *lab) balancer(t *testing.T, name string) (*world.Object, []string) {
	t.Helper()
	all, err := l.world.List("aws_lb")
	must(t, err)
	for _, lb := range all {
		if world.Text(lb, "name") != name {
			continue
		}
		var out []string
		for _, address := range balance.Addresses(l.world, lb) {
			out = append(out, address.String())
		}
		slices.Sort(out)
		return lb, out
	}
	t.Fatalf("no load balancer %q", name)
	return nil, nil
}

func TestNamesOfTheLabResolveAndNoOthers(t *testing.T) {
	l := start(t)
	endpoint := []string{"127.0.0.1"}
	plane, planeAddresses := l.balancer(t, "dev-management-plane")
	_, web := l.balancer(t, "dev-shop-web")
	if len(planeAddresses) == 0 || slices.Equal(planeAddresses, web) {
		t.Fatalf("load balancers have the addresses %v and %v", planeAddresses, web)
	}
	for name, want := range map[string][]string{
		"ssm.eu-west-1.amazonaws.com":                            endpoint,
		"SSM.eu-west-1.AmazonAWS.com":                            endpoint,
		"drover-dev-eu-bundle-4fe83d.s3.eu-west-1.amazonaws.com": endpoint,
		"github.com":                              endpoint,
		world.Text(plane, "dns_name"):             planeAddresses,
		"api.management.dev.example.com":          planeAddresses,
		"shop.dev.example.com":                    web,
		"storefront.shop.dev.example.com":         web,
		"a.b.shop.dev.example.com":                web,
		"ip-127-0-7-2.eu-west-1.compute.internal": {workerAddress},
	} {
		for _, network := range []string{"udp", "tcp"} {
			answer := l.resolve(t, network, name, dns.TypeA)
			equal(t, name+" over "+network, dns.RcodeToString[answer.Rcode], "NOERROR")
			equal(t, name+" over "+network, addresses(answer), want)
		}
	}
	for _, name := range []string{"example.org", "dev.example.com", "amazonaws.com", "gist.github.com",
		"2.7.0.127.in-addr.arpa", "ip-127-0-7-3.eu-west-1.compute.internal"} {
		equal(t, name, dns.RcodeToString[l.resolve(t, "udp", name, dns.TypeA).Rcode], "NXDOMAIN")
	}
	answer := l.resolve(t, "udp", "ssm.eu-west-1.amazonaws.com", dns.TypeAAAA)
	equal(t, "no address of the other kind", dns.RcodeToString[answer.Rcode], "NOERROR")
	equal(t, "no address of the other kind", len(answer.Answer), 0)
}

func TestOwnRecordsWinOverWildcardsAndChainsEnd(t *testing.T) {
	l := start(t)
	add := func(name, kind string, records ...any) {
		must(t, l.world.Create(&world.Object{Type: "aws_route53_record", ID: name + kind, Scope: "global", Attrs: map[string]any{
			"fqdn": name, "type": kind, "records": records,
		}}))
	}
	add("own.shop.dev.example.com", "A", "10.20.1.9")
	add("alias.dev.example.com", "CNAME", "own.shop.dev.example.com.")
	add("loop.dev.example.com", "CNAME", "loop.dev.example.com")
	add("note.dev.example.com", "TXT", strings.Repeat("x", 300))
	equal(t, "own record", addresses(l.resolve(t, "udp", "own.shop.dev.example.com", dns.TypeA)), []string{"10.20.1.9"})
	equal(t, "alias", addresses(l.resolve(t, "udp", "alias.dev.example.com", dns.TypeA)), []string{"10.20.1.9"})
	equal(t, "loop", len(l.resolve(t, "udp", "loop.dev.example.com", dns.TypeA).Answer), 0)
	text := l.resolve(t, "tcp", "note.dev.example.com", dns.TypeTXT).Answer[0].(*dns.TXT).Txt
	equal(t, "text", strings.Join(text, ""), strings.Repeat("x", 300))
}

func TestReleasesAreServedBelowTheirAddress(t *testing.T) {
	l := start(t)
	folder := filepath.Join(l.dir, "artifacts/v1.35.7+rke2r1")
	must(t, os.MkdirAll(folder, 0o755))
	must(t, os.WriteFile(filepath.Join(folder, "rke2.linux-amd64.tar.gz"), []byte("archive"), 0o644))
	must(t, os.WriteFile(filepath.Join(l.dir, "secret"), []byte("secret"), 0o644))
	const base = "https://github.com/rancher/rke2/releases/download/"
	get := func(path string) (string, int) {
		out, _, code := l.run(t, serverAddress, "curl", []string{"-sS", "--fail", "--path-as-is", "--location", base + path})
		return out, code
	}
	out, code := get("v1.35.7%2Brke2r1/rke2.linux-amd64.tar.gz")
	equal(t, "exit code", code, 0)
	equal(t, "archive", out, "archive")
	for _, path := range []string{"v1.35.7%2Brke2r1/sha256sum-amd64.txt", "v1.35.8%2Brke2r1/rke2.linux-amd64.tar.gz", "../../../../secret", "v1.35.7%2Brke2r1/"} {
		_, code := get(path)
		equal(t, path, code, 22)
	}
}

func TestANameThatIsNotAnsweredHasNoCertificate(t *testing.T) {
	l := start(t)
	_, problems, code := l.run(t, serverAddress, "curl", []string{"-sS", "https://example.org/"})
	equal(t, "exit code", code, 35)
	contains(t, "stderr", problems, "alert")
	if _, err := netip.ParseAddrPort(l.EndpointAddr.String()); err != nil {
		t.Error(err)
	}
}
