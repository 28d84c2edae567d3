package etcd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
)

const retryPause = 300 * time.Millisecond

// Membership is what a joining member starts with.
type Membership struct {
	// Cluster is etcd's initial cluster: name=peer address, joined by commas.
	Cluster string `json:"cluster"`
	// Endpoints are the client addresses of the members that were there before.
	Endpoints []string `json:"endpoints"`
}

// NewName is a member name that is never used twice: the node's, and a random part.
func NewName(node string) string {
	random := make([]byte, 4)
	if _, err := rand.Read(random); err != nil {
		panic(err)
	}
	return node + "-" + hex.EncodeToString(random)
}

// NodeOf is the node that a member belongs to; empty for one that has not started.
func NodeOf(member string) string {
	cut := strings.LastIndex(member, "-")
	return member[:max(cut, 0)]
}

// Admit makes room for a member and registers it as a learner: what an earlier disk of the same node or address left
// behind is removed first.
func Admit(ctx context.Context, client *clientv3.Client, name, peer string) (Membership, error) {
	list, err := client.MemberList(ctx)
	if err != nil {
		return Membership{}, err
	}
	joined := Membership{}
	pairs := []string{name + "=" + peer}
	for _, member := range list.Members {
		if isStale(member, name, peer) {
			slog.Info("removing the stale etcd member", "name", member.Name, "peers", member.PeerURLs)
			if err := RemoveMember(ctx, client, member.ID); err != nil {
				return Membership{}, err
			}
			continue
		}
		for _, address := range member.PeerURLs {
			pairs = append(pairs, member.Name+"="+address)
		}
		joined.Endpoints = append(joined.Endpoints, member.ClientURLs...)
	}
	if err := addLearner(ctx, client, peer); err != nil {
		return Membership{}, err
	}
	joined.Cluster = strings.Join(pairs, ",")
	return joined, nil
}

func isStale(member *etcdserverpb.Member, name, peer string) bool {
	return slices.Contains(member.PeerURLs, peer) || (member.Name != "" && NodeOf(member.Name) == NodeOf(name))
}

// addLearner waits for its turn: etcd takes one learner at a time, and none while a member is unhealthy.
func addLearner(ctx context.Context, client *clientv3.Client, peer string) error {
	for {
		_, err := client.MemberAddAsLearner(ctx, []string{peer})
		if err == nil {
			return nil
		}
		if !errors.Is(err, rpctypes.ErrTooManyLearners) && !errors.Is(err, rpctypes.ErrUnhealthy) && !isTransient(err) {
			return err
		}
		if !pause(ctx) {
			return errNotAdmitted(peer, err)
		}
	}
}

// Promote makes a learner a voting member once it has caught up.
func Promote(ctx context.Context, client *clientv3.Client, name string) error {
	var last error
	for {
		list, err := client.MemberList(ctx)
		last = err
		if err == nil {
			last = errNoMember(name, namesOf(list.Members))
			for _, member := range list.Members {
				if member.Name != name {
					continue
				}
				if !member.IsLearner {
					return nil
				}
				_, last = client.MemberPromote(ctx, member.ID)
			}
		}
		if last != nil && !pause(ctx) {
			return errNotPromoted(name, last)
		}
	}
}

// RemoveMember removes a member; one that is gone already is no error.
func RemoveMember(ctx context.Context, client *clientv3.Client, id uint64) error {
	for {
		_, err := client.MemberRemove(ctx, id)
		if err == nil || errors.Is(err, rpctypes.ErrMemberNotFound) {
			return nil
		}
		if !errors.Is(err, rpctypes.ErrUnhealthy) && !isTransient(err) {
			return err
		}
		if !pause(ctx) {
			return err
		}
	}
}

// RemoveNode removes the member of a node that was deleted.
func RemoveNode(ctx context.Context, client *clientv3.Client, node string) error {
	list, err := client.MemberList(ctx)
	if err != nil {
		return err
	}
	for _, member := range list.Members {
		if member.Name == "" || NodeOf(member.Name) != node {
			continue
		}
		if err := RemoveMember(ctx, client, member.ID); err != nil {
			return err
		}
		slog.Info("etcd member removed with its node", "node", node, "member", member.Name)
	}
	return nil
}

func isTransient(err error) bool {
	return errors.Is(err, rpctypes.ErrNoLeader) || errors.Is(err, rpctypes.ErrLeaderChanged) ||
		errors.Is(err, rpctypes.ErrTimeout) || errors.Is(err, rpctypes.ErrTimeoutDueToLeaderFail)
}

func namesOf(members []*etcdserverpb.Member) string {
	names := make([]string, 0, len(members))
	for _, member := range members {
		names = append(names, member.Name)
	}
	return strings.Join(names, ", ")
}

func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(retryPause):
		return true
	}
}
