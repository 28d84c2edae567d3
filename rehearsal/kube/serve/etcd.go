package serve

import (
	"context"
	"log/slog"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"drover/rehearsal/kube/child"
	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/etcd"
)

const (
	promoteDeadline  = 5 * time.Minute
	etcdReadDeadline = time.Second
	// a learner that is not there by then has lost its first message
	learnerPatience = 2 * time.Second
)

// raiseEtcd waits for this server's member, and makes it a voting one when it has just joined.
func raiseEtcd(ctx context.Context, c *config.Config, record *etcd.Record, member *child.Kept) (*clientv3.Client, error) {
	client, err := etcd.Connect(c.Data, etcd.Local)
	if err != nil {
		return nil, err
	}
	if len(record.Endpoints) > 0 {
		if err := awaitLearner(ctx, client, member); err != nil {
			return nil, err
		}
		if err := promote(ctx, c, record); err != nil {
			return nil, err
		}
	}
	return client, until(ctx, "etcd", func(ctx context.Context) error {
		// a read that was sent before the member knew its leader hangs until etcd's own, long timeout
		ctx, cancel := context.WithTimeout(ctx, etcdReadDeadline)
		defer cancel()
		_, err := client.Get(ctx, "health")
		return err
	})
}

func promote(ctx context.Context, c *config.Config, record *etcd.Record) error {
	others, err := etcd.Connect(c.Data, record.Endpoints...)
	if err != nil {
		return err
	}
	defer others.Close()
	ctx, cancel := context.WithTimeout(ctx, promoteDeadline)
	defer cancel()
	started := time.Now()
	if err := etcd.Promote(ctx, others, record.Name); err != nil {
		return err
	}
	slog.Info("etcd member votes", "name", record.Name, "after", time.Since(started).Round(time.Millisecond))
	record.Endpoints = nil
	return record.Write(c.Data)
}

// awaitLearner waits until a new member serves. Its first message to the cluster is often lost while it replays the
// cluster's earlier changes of membership, and etcd repeats it only after nine seconds: one restart is faster.
func awaitLearner(ctx context.Context, client *clientv3.Client, member *child.Kept) error {
	impatient := time.AfterFunc(learnerPatience, func() {
		if err := member.Restart(); err != nil {
			slog.Warn("etcd not restarted", "why", err)
		}
	})
	defer impatient.Stop()
	return until(ctx, "etcd to be a learner", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, etcdReadDeadline)
		defer cancel()
		_, err := client.Status(ctx, etcd.Local)
		return err
	})
}
