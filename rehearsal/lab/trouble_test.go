package main

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"testing"

	"drover/rehearsal/lab/balance"
	"drover/rehearsal/lab/cloud"
	"drover/rehearsal/lab/cloud/dns"
	"drover/rehearsal/lab/control"
	"drover/rehearsal/lab/fleet"
	"drover/rehearsal/lab/trouble"
	"drover/rehearsal/lab/world"
)

func TestATroubleAnswersWhatIsOnAfterIt(t *testing.T) {
	handler := troubleMaker(&trouble.Book{})
	response, err := handler(context.Background(), control.Request{Arguments: []string{"secret", "on", "/drover/dev"}})
	if err != nil {
		t.Fatal(err)
	}
	var entries []trouble.Entry
	if err := json.Unmarshal([]byte(response.Text), &entries); err != nil || len(entries) != 1 || entries[0].Argument != "/drover/dev" {
		t.Fatalf("got %s, %v", response.Text, err)
	}
	if response, err = handler(context.Background(), control.Request{Arguments: []string{"secret", "off"}}); err != nil || response.Text != "[]" {
		t.Fatalf("got %s, %v", response.Text, err)
	}
	_, err = handler(context.Background(), control.Request{Arguments: []string{"secret", "late"}})
	if err == nil || err.Error() != `trouble "secret" is to be "late", allowed are "on" and "off"` {
		t.Fatalf("got %v", err)
	}
}

func TestAnAddressThatRefusesIsALoadBalancers(t *testing.T) {
	w := world.Open(t.TempDir())
	for _, object := range []*world.Object{
		{Type: "aws_subnet", ID: "subnet-1", Attrs: map[string]any{"cidr_block": "10.20.1.0/24"}},
		{Type: "aws_lb", ID: "arn:lb", Attrs: map[string]any{
			"dns_name":       "plane.elb.eu-west-1.amazonaws.com",
			"subnet_mapping": []any{map[string]any{"subnet_id": "subnet-1", "private_ipv4_address": "10.20.1.9"}},
		}},
		{Type: "aws_route53_record", ID: "r1", Attrs: map[string]any{
			"fqdn": "rancher.dev.example.com", "type": "A",
			"alias": []any{map[string]any{"name": "plane.elb.eu-west-1.amazonaws.com"}},
		}},
	} {
		if err := w.Put(object); err != nil {
			t.Fatal(err)
		}
	}
	services := &cloud.Cloud{Names: &dns.LabNames{
		World: w, Fleet: nil, Endpoint: netip.MustParseAddr("169.254.169.253"), Domains: []string{"amazonaws.com"},
		IsHost:   func(string) bool { return false },
		Balancer: func(lb *world.Object) []netip.Addr { return balance.Addresses(w, lb) },
	}}
	for _, name := range []string{"rancher.dev.example.com", "plane.elb.eu-west-1.amazonaws.com", "10.20.1.9"} {
		got, err := balancerOf(w, services, name)
		if err != nil || !slices.Equal(got, []netip.Addr{netip.MustParseAddr("10.20.1.9")}) {
			t.Errorf("%q: got %v, %v", name, got, err)
		}
	}
	for _, name := range []string{"ssm.eu-west-1.amazonaws.com", "10.20.1.10", "elsewhere.example.com"} {
		_, err := balancerOf(w, services, name)
		if want := `"` + name + `" is no load balancer of the lab: give a DNS name or an address of one`; err == nil || err.Error() != want {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

func TestAnUnknownChangeOfADiskIsRefused(t *testing.T) {
	_, err := diskChanger(nil)(context.Background(), "i-1", control.Request{Arguments: []string{"burn"}})
	want := `disk ["burn"], allowed are "back", "fill", "format", "free", "missing", "plain", "rename"`
	if err == nil || err.Error() != want {
		t.Fatalf("got %v", err)
	}
}

func TestAGroupIsShownWithItsInstances(t *testing.T) {
	raw, err := json.Marshal([]groupView{
		viewOf(fleet.Group{Name: "workers", Min: 1, Desired: 2, Max: 3, Instances: []fleet.Instance{
			{ID: "i-1", Lifecycle: fleet.InService, Health: "Healthy", Address: "10.20.1.4"},
		}}),
		viewOf(fleet.Group{Name: "empty"}),
	})
	want := `[{"name":"workers","min":1,"desired":2,"max":3,"instances":[{"id":"i-1","lifecycle":"InService","health":"Healthy",` +
		`"address":"10.20.1.4","reason":""}],"failedLaunches":0,"lastFailure":""},` +
		`{"name":"empty","min":0,"desired":0,"max":0,"instances":[],"failedLaunches":0,"lastFailure":""}]`
	if err != nil || string(raw) != want {
		t.Fatalf("got %s, %v", raw, err)
	}
}
