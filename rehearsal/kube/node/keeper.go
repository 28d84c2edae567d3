package node

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"drover/rehearsal/kube/etcd"
)

// Labels, annotations and finalizer as RKE2 sets them on servers.
const (
	labelControlPlane = "node-role.kubernetes.io/control-plane"
	labelEtcd         = "node-role.kubernetes.io/etcd"
	annotationMember  = "etcd.rke2.cattle.io/node-name"
	annotationAddress = "etcd.rke2.cattle.io/node-address"
	finalizer         = "wrangler.cattle.io/managed-etcd-controller"

	roundEvery    = 2 * time.Second
	roundDeadline = 20 * time.Second
)

// Keeper does a server's rounds over the cluster's nodes.
type Keeper struct {
	API     kubernetes.Interface
	Etcd    *clientv3.Client
	Node    string
	Member  string
	Address string
	seen    map[string]bool
}

// Run does rounds until the context ends.
func (k *Keeper) Run(ctx context.Context) {
	ticker := time.NewTicker(roundEvery)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if err := k.round(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("round over the nodes not finished", "why", err)
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

func (k *Keeper) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundDeadline)
	defer cancel()
	list, err := k.API.CoreV1().Nodes().List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return err
	}
	present := map[string]bool{}
	for i := range list.Items {
		found := &list.Items[i]
		present[found.Name] = true
		switch {
		case found.DeletionTimestamp != nil:
			err = k.release(ctx, found)
		case found.Name == k.Node:
			err = k.mark(ctx, found)
		}
		if err != nil {
			return err
		}
	}
	for name := range k.seen {
		if !present[name] {
			slog.Info("node is gone, its name is free", "node", name)
			if err := forgetPassword(ctx, k.API, name); err != nil {
				return err
			}
		}
	}
	k.seen = present
	return nil
}

// mark gives this server's own node its roles.
func (k *Keeper) mark(ctx context.Context, found *v1.Node) error {
	if found.Labels[labelControlPlane] == "true" && found.Labels[labelEtcd] == "true" &&
		found.Annotations[annotationMember] == k.Member && slices.Contains(found.Finalizers, finalizer) {
		return nil
	}
	return k.patch(ctx, found.Name, map[string]any{
		"labels":      map[string]string{labelControlPlane: "true", labelEtcd: "true"},
		"annotations": map[string]string{annotationMember: k.Member, annotationAddress: k.Address},
		"finalizers":  []string{finalizer},
	})
}

// release removes the etcd member of a server whose node is being deleted, then lets the node go.
func (k *Keeper) release(ctx context.Context, found *v1.Node) error {
	if !slices.Contains(found.Finalizers, finalizer) {
		return nil
	}
	if err := etcd.RemoveNode(ctx, k.Etcd, found.Name); err != nil {
		return err
	}
	err := k.patch(ctx, found.Name, map[string]any{"$deleteFromPrimitiveList/finalizers": []string{finalizer}})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (k *Keeper) patch(ctx context.Context, name string, metadata map[string]any) error {
	document, err := json.Marshal(map[string]any{"metadata": metadata})
	if err != nil {
		return err
	}
	_, err = k.API.CoreV1().Nodes().Patch(ctx, name, types.StrategicMergePatchType, document, metav1.PatchOptions{})
	return err
}
