package nodes

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/rancher/kubeapi"
)

const (
	nodesPath     = "/api/v1/nodes"
	roundDeadline = 30 * time.Second
)

// keeper looks after one cluster.
type keeper struct {
	Config
	cluster string
	manager manager
	// isLost says that the last look failed, isKnown that there was one.
	isLost, isKnown bool
	// strangers are nodes that were reported to have no machine.
	strangers map[string]bool
	report    report
	written   []byte
}

func (k *keeper) run(ctx context.Context) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	defer k.withdraw()
	for {
		bounded, cancel := context.WithTimeout(ctx, roundDeadline)
		err := k.round(bounded)
		cancel()
		if ctx.Err() != nil {
			return
		}
		k.say(err)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// say logs that looking fails or works again, not every time that it does.
func (k *keeper) say(err error) {
	switch {
	case err != nil && (!k.isLost || !k.isKnown):
		k.Log.Warn("nodes not looked after", "cluster", k.cluster, "error", err.Error())
	case err == nil && (k.isLost || !k.isKnown):
		k.Log.Info("nodes looked after", "cluster", k.cluster)
	}
	k.isLost, k.isKnown = err != nil, true
}

// round looks once at everything. What fails at one node does not keep the others from being looked after.
func (k *keeper) round(ctx context.Context) error {
	found, err := k.list(ctx)
	if err != nil {
		k.report.Ready = false
		return errors.Join(err, k.publish())
	}
	failed := []error{k.manager.read(ctx, k.do)}
	machines := k.Clusters.Machines(k.cluster)
	for _, one := range found {
		if one.Metadata.DeletionTimestamp == "" {
			failed = append(failed, k.look(ctx, one, machineOf(one, machines)))
		}
	}
	k.report = reportOf(k.cluster, found)
	return errors.Join(append(failed, k.publish())...)
}

// look does for a node what the controllers that run here do; machine is nil if the cloud has none of that node.
func (k *keeper) look(ctx context.Context, one node, machine *host.Machine) error {
	if k.manager.runs(lifecycleController) {
		if isGone, err := k.follow(ctx, one, machine); isGone || err != nil {
			return err
		}
	}
	if !k.manager.runs(nodeController) {
		return nil
	}
	if machine == nil {
		k.noteStranger(one)
		return nil
	}
	return k.introduce(ctx, one, machine)
}

// list reads from the API server's cache, which costs etcd nothing.
func (k *keeper) list(ctx context.Context) ([]node, error) {
	var list struct{ Items []node }
	err := k.do(ctx, http.MethodGet, nodesPath+"?resourceVersion=0", nil, &list)
	return list.Items, err
}

func (k *keeper) do(ctx context.Context, method, path string, in, out any) error {
	return k.Clusters.Do(ctx, k.cluster, method, path, in, out)
}

// change alters a node, or its status with the subresource "/status", and says whether it did: a node that somebody else
// wrote or deleted in between is looked at again in a second.
func (k *keeper) change(ctx context.Context, name, subresource string, alter func(object map[string]any)) (bool, error) {
	path := nodesPath + "/" + url.PathEscape(name)
	var object map[string]any
	err := k.do(ctx, http.MethodGet, path, nil, &object)
	if err == nil {
		alter(object)
		err = k.do(ctx, http.MethodPut, path+subresource, object, nil)
	}
	if kubeapi.IsConflict(err) || kubeapi.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}
