package balance

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"drover/rehearsal/lab/host"
)

func TestAddressesAreFreeStableAndInTheUpperQuarterOfTheirSubnets(t *testing.T) {
	b := newBench(t, nil)
	b.put("aws_subnet", "subnet-a", map[string]any{"cidr_block": "10.20.224.0/24", "availability_zone": "eu-west-1a"})
	b.put("aws_subnet", "subnet-b", map[string]any{"cidr_block": "10.20.0.0/19", "availability_zone": "eu-west-1b"})
	lb := b.put("aws_lb", "arn:web", map[string]any{"name": "web", "subnets": []any{"subnet-a", "subnet-b"}})
	first := Addresses(b.world, lb)
	if len(first) != 2 || !netip.MustParsePrefix("10.20.224.0/24").Contains(first[0]) ||
		!netip.MustParsePrefix("10.20.0.0/19").Contains(first[1]) {
		t.Fatalf("addresses %v", first)
	}
	if last := first[0].As4()[3]; last < 192 || last > 254 {
		t.Errorf("address %s is not in the upper quarter", first[0])
	}
	if again := Addresses(b.world, lb); !slices.Equal(first, again) {
		t.Errorf("addresses changed from %v to %v", first, again)
	}
	b.put("aws_network_interface", "eni-1", map[string]any{"private_ip": first[0].String()})
	moved := Addresses(b.world, lb)
	if moved[0] == first[0] || moved[1] != first[1] {
		t.Errorf("with %s in use the addresses are %v", first[0], moved)
	}
}

func TestNoTwoBalancersShareAnAddressEvenInASmallSubnet(t *testing.T) {
	b := newBench(t, nil)
	b.put("aws_subnet", "subnet-a", map[string]any{"cidr_block": "10.20.224.0/28"})
	seen := map[netip.Addr]bool{}
	for _, id := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b"} {
		b.put("aws_lb", "arn:"+id, map[string]any{"name": id, "subnets": []any{"subnet-a"}})
	}
	full := b.put("aws_lb", "arn:c", map[string]any{"name": "c", "subnets": []any{"subnet-a"}})
	balancers, err := b.world.List("aws_lb")
	if err != nil {
		t.Fatal(err)
	}
	for _, lb := range balancers {
		for _, address := range Addresses(b.world, lb) {
			if last := address.As4()[3]; seen[address] || address.As4()[0] == 10 && (last < 4 || last > 14) {
				t.Errorf("balancer %s got %s", lb.ID, address)
			}
			seen[address] = true
		}
	}
	if got := Addresses(b.world, full); len(got) != 0 {
		t.Errorf("a full subnet gave %v", got)
	}
}

func TestAddressesAreOnTheInterfaceBeforeTheyAreListenedOn(t *testing.T) {
	b := newBench(t, nil)
	b.backend("127.0.7.21")
	b.attach("127.0.7.21")
	var mutex sync.Mutex
	var events []string
	note := func(event string) {
		mutex.Lock()
		defer mutex.Unlock()
		events = append(events, event)
	}
	sources := map[netip.Addr]bool{}
	ctx, stop := context.WithCancel(context.Background())
	balancer, err := Start(ctx, Config{
		World: b.world, Machines: func() []host.Machine { return nil }, second: tick,
		AddAddress: func(p netip.Prefix) error { note("address " + p.String()); return nil },
		Listen: func(network, address string) (net.Listener, error) {
			note("listen " + address)
			return net.Listen(network, address)
		},
		Dial: func(ctx context.Context, network string, source netip.Addr, address string) (net.Conn, error) {
			mutex.Lock()
			sources[source] = true
			mutex.Unlock()
			return patiently(ctx, network, source, address)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer balancer.Wait()
	defer stop()
	b.balancer = balancer
	b.untilStates("127.0.7.21=healthy ")
	if _, err := ask(client, b.front()); err != nil {
		t.Fatal(err)
	}
	mutex.Lock()
	defer mutex.Unlock()
	if want := []string{"address 127.0.7.10/32", "listen " + b.front()}; !slices.Equal(events, want) {
		t.Errorf("events %v, want %v", events, want)
	}
	if !sources[netip.MustParseAddr("127.0.7.10")] {
		t.Errorf("sources of connections to targets %v, want the balancer's own address", sources)
	}
}

func TestWhatIsNotForwardedIsRefused(t *testing.T) {
	b := newBench(t, map[string]any{"proxy_protocol_v2": "true"})
	b.put("aws_lb", "arn:web", map[string]any{"name": "web", "load_balancer_type": "application"})
	b.put("aws_lb_listener", "udp", map[string]any{"load_balancer_arn": balancerARN, "port": 53, "protocol": "UDP"})
	b.put("aws_lb_listener", "lost", map[string]any{"load_balancer_arn": balancerARN, "port": 54, "protocol": "TCP",
		"default_action": []any{map[string]any{"target_group_arn": "arn:lost"}}})
	read, err := readModel(b.world, nil, tick)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, refusal := range read.refused {
		got = append(got, refusal.Error())
	}
	slices.Sort(got)
	want := []string{
		"listener 53 of load balancer 'api' has protocol 'UDP': only 'TCP' is forwarded in the lab",
		"listener 54 of load balancer 'api' forwards to target group 'arn:lost', which the world does not hold",
		"load balancer 'web' is of type 'application': only 'network' is forwarded in the lab",
		"target group 'api' asks for 'proxy_protocol_v2', which the lab's balancer does not speak: set it to false",
	}
	if !slices.Equal(got, want) || len(read.listeners) != 0 {
		t.Errorf("refused %q, listeners %v", got, read.listeners)
	}
}

func TestAZonalBalancerKeepsConnectionsInTheZone(t *testing.T) {
	b := newBench(t, map[string]any{"load_balancing_cross_zone_enabled": "false"})
	b.put("aws_subnet", "subnet-2", map[string]any{"cidr_block": "127.0.8.0/24", "availability_zone": "eu-west-1b"})
	b.backend("127.0.7.21")
	b.backend("127.0.8.21")
	b.attach("127.0.7.21")
	b.attach("127.0.8.21")
	b.start()
	b.untilStates("127.0.7.21=healthy 127.0.8.21=healthy ")
	for range 4 {
		if answer, err := ask(client, b.front()); err != nil || answer != "127.0.7.21 hello" {
			t.Errorf("answer %q, error %v", answer, err)
		}
	}
}
