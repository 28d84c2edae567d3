package nodes

import (
	"context"
	"net/http"
	"net/url"

	"drover/rehearsal/lab/host"
	"drover/rehearsal/rancher/kubeapi"
)

// follow lets a node go the way of its machine, the cloud node lifecycle controller's work. Only a node that is not
// ready is compared with the cloud: one whose machine is gone (or was never there) is deleted, one whose machine is off
// is marked.
func (k *keeper) follow(ctx context.Context, one node, machine *host.Machine) (isGone bool, err error) {
	name := one.Metadata.Name
	switch {
	case one.isReady():
		if !one.hasTaint(shutDown) {
			return false, nil
		}
		isDone, err := k.change(ctx, name, "", func(object map[string]any) { dropTaint(object, shutDown) })
		if isDone {
			k.Log.Info("runs again", "cluster", k.cluster, "node", name)
		}
		return false, err
	case machine == nil:
		err := k.do(ctx, http.MethodDelete, nodesPath+"/"+url.PathEscape(name), nil, nil)
		if err != nil && !kubeapi.IsNotFound(err) {
			return false, err
		}
		k.Log.Info("deleted: its machine is gone", "cluster", k.cluster, "node", name, "providerID", one.Spec.ProviderID)
		return true, nil
	case machine.State == host.Stopped && !one.hasTaint(shutDown):
		isDone, err := k.change(ctx, name, "", func(object map[string]any) { addTaint(object, shutDown, "NoSchedule") })
		if isDone {
			k.Log.Info("shut down", "cluster", k.cluster, "node", name, "machine", machine.ID)
		}
		return false, err
	}
	return false, nil
}
