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
	promoteDeadline    = 5 * time.Minute
	etcdStatusDeadline = time.Second
	// each read of etcd is given more time than the one before
	etcdReadDeadline, etcdReadLongest = 250 * time.Millisecond, 4 * time.Second
	// a learner that has known its leader for that long and does not serve has lost its first message
	learnerPatience = 600 * time.Millisecond
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
	deadline := etcdReadDeadline
	return client, until(ctx, "etcd", func(ctx context.Context) error {
		// a read that was sent before the member knew its leader hangs until etcd's own, long timeout
		ctx, cancel := context.WithTimeout(ctx, deadline)
		defer cancel()
		deadline = min(2*deadline, etcdReadLongest)
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
// cluster's earlier changes of membership, and etcd repeats it only after nine seconds: a restart is faster.
func awaitLearner(ctx context.Context, client *clientv3.Client, member *child.Kept) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go restartWhenLost(watching, member)
	return until(ctx, "etcd to be a learner", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, etcdStatusDeadline)
		defer cancel()
		_, err := client.Status(ctx, etcd.Local)
		return err
	})
}

// restartWhenLost gives the member more time after each restart: on a busy machine it may just be slow.
func restartWhenLost(ctx context.Context, member *child.Kept) {
	patience, led := learnerPatience, time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pollEvery):
		}
		leader, err := etcd.HasLeader(ctx, etcd.Metrics)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil || !leader:
			led = time.Time{}
		case led.IsZero():
			led = time.Now()
		case time.Since(led) > patience:
			if err := member.Restart(); err != nil {
				slog.Warn("etcd not restarted", "why", err)
			}
			patience, led = 2*patience, time.Time{}
		}
	}
}
