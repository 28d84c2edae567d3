package etcd

import (
	"strings"
	"testing"

	"go.etcd.io/etcd/api/v3/etcdserverpb"

	"drover/rehearsal/kube/layout"
)

func TestAMemberIsStaleWhenItsNodeOrAddressIsTheJoiners(t *testing.T) {
	for _, given := range []struct {
		why    string
		member etcdserverpb.Member
		stale  bool
	}{
		{"same node", etcdserverpb.Member{Name: "dev-s1-aaaaaaaa", PeerURLs: []string{"https://10.0.0.9:2380"}}, true},
		{"same address, never started", etcdserverpb.Member{PeerURLs: []string{"https://10.0.0.1:2380"}}, true},
		{"another node", etcdserverpb.Member{Name: "dev-s10-aaaaaaaa", PeerURLs: []string{"https://10.0.0.2:2380"}}, false},
		{"never started, another address", etcdserverpb.Member{PeerURLs: []string{"https://10.0.0.3:2380"}}, false},
	} {
		if got := isStale(&given.member, "dev-s1-bbbbbbbb", "https://10.0.0.1:2380"); got != given.stale {
			t.Errorf("%s: %v", given.why, got)
		}
	}
}

func TestANewNameLeadsBackToItsNode(t *testing.T) {
	name := NewName("dev-s1")
	if NodeOf(name) != "dev-s1" || name == NewName("dev-s1") {
		t.Errorf("name %q", name)
	}
	if NodeOf("") != "" {
		t.Error("a member without a name belongs to a node")
	}
}

func TestARecordRefusesAnotherAddress(t *testing.T) {
	data := layout.Data(t.TempDir())
	if err := (&Record{Name: "s1-1", Peer: PeerOf("10.0.0.1"), State: "new"}).Write(data); err != nil {
		t.Fatal(err)
	}
	record, err := ReadRecord(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := record.CheckAddress(PeerOf("10.0.0.1")); err != nil {
		t.Error(err)
	}
	err = record.CheckAddress(PeerOf("10.0.0.2"))
	if err == nil || !strings.Contains(err.Error(), "a member can't change its address") {
		t.Errorf("got %v", err)
	}
}
