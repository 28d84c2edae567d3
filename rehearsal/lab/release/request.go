package release

import (
	"strings"
	"time"

	"drover/rehearsal/lab/world"
)

// request is a release that the world wants, as the provider asked for it last.
type request struct {
	object *world.Object
	// asked names the request; the provider waits for the result that has it.
	asked string
	// folder is the chart; empty if it is not here.
	folder                   string
	name, namespace, cluster string
	timeout                  time.Duration
}

// requestsOf reads the releases that were asked for while the lab was there, by the stems of their files.
func requestsOf(w *world.World) (map[string]request, error) {
	objects, err := w.List("helm_release")
	if err != nil {
		return nil, err
	}
	out := map[string]request{}
	for _, object := range objects {
		asked, _ := object.Live["asked"].(string)
		if asked == "" {
			continue
		}
		it := request{object: object, asked: asked, name: world.Text(object, "name"), namespace: world.Text(object, "namespace")}
		it.folder, _ = object.Live["chart"].(string)
		if it.namespace == "" {
			it.namespace = "default"
		}
		it.timeout = time.Duration(world.Int(object, "timeout")) * time.Second
		if it.cluster, err = clusterOf(w, object.Scope); err != nil {
			return nil, err
		}
		out[world.Stem(object)] = it
	}
	return out, nil
}

func (r request) isHere() bool { return r.folder != "" }

// result is what the request came to.
func (r request) result(status Status, message string) Result {
	return Result{
		Name: r.name, Namespace: r.namespace, Cluster: r.cluster, Chart: r.chart(), Status: status, Message: message, Asked: r.asked,
	}
}

// chart is its name for people: of a path, that of the chart itself.
func (r request) chart() string {
	chart := world.Text(r.object, "chart")
	if r.isHere() {
		if name := chartName(r.folder); name != "" {
			return name
		}
	}
	return chart
}

// is tells whether an argument that is a switch is on.
func (r request) is(name string) bool { return world.Text(r.object, name) == "true" }

// clusterOf names the cluster that a provider's scope means: Rancher's identifier of a member, or the parameter in which
// a cluster published its credential.
func clusterOf(w *world.World, scope string) (string, error) {
	members, err := w.List("rancher2_cluster_v2")
	if err != nil {
		return "", err
	}
	for _, member := range members {
		if world.Text(member, "cluster_v1_id") == scope {
			return world.Text(member, "name"), nil
		}
	}
	if !strings.HasPrefix(scope, "/") {
		return "", nil
	}
	parameter, err := w.Find("aws_ssm_parameter", scope)
	if err != nil || parameter == nil {
		return "", err
	}
	return world.Texts(parameter, "tags_all")["drover:cluster"], nil
}

// namespacesOf are the namespaces that get a release, by scope.
func namespacesOf(requests map[string]request) map[place]string {
	out := map[place]string{}
	for _, it := range requests {
		if it.isHere() && it.cluster != "" {
			out[place{scope: it.object.Scope, namespace: it.namespace}] = it.cluster
		}
	}
	return out
}
