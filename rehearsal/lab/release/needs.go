package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"

	"drover/rehearsal/lab/world"
	"drover/rehearsal/rancher/kubeapi"
)

// place is a namespace of a cluster, which is named by the scope of its objects in the world.
type place struct {
	scope, namespace string
}

// need is an object that the world holds and a release in its namespace needs: the namespace itself, and secrets.
type need struct {
	Cluster string `json:"cluster"`
	// Collection is the path of the API that lists its kind.
	Collection string `json:"collection"`
	Name       string `json:"name"`
	// Digest is that of the content that the cluster was given.
	Digest string `json:"digest"`

	body map[string]any
}

func (n need) path() string { return n.Collection + "/" + n.Name }
func (n need) key() string  { return n.Cluster + " " + n.path() }

// needs keeps them in the clusters. What was given is remembered in a file, so that it is taken away with the world's.
type needs struct {
	config Config
	file   string
	mutex  sync.Mutex
	given  map[string]need
}

func openNeeds(config Config, file string) (*needs, error) {
	out := &needs{config: config, file: file, given: map[string]need{}}
	raw, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return out, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &out.given)
	}
	return out, err
}

// ensure gives a cluster what the world holds of a namespace and its secrets, where it is not there yet.
func (n *needs) ensure(ctx context.Context, at place, cluster string) error {
	wanted, err := n.wanted(at, cluster)
	if err != nil {
		return err
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for _, it := range wanted {
		if n.given[it.key()].Digest == it.Digest {
			continue
		}
		if err := n.give(ctx, it); err != nil {
			return err
		}
		n.config.Log.Info("given", "cluster", cluster, "object", it.path())
		n.given[it.key()] = it
		if err := writeJSON(n.file, n.given); err != nil {
			return err
		}
	}
	return nil
}

// follow gives what has changed in the world to the namespaces that were given something, and takes away what has left it.
func (n *needs) follow(ctx context.Context, used map[place]string) error {
	var failed []error
	for at, cluster := range used {
		if n.isGiven(at.namespace, cluster) {
			failed = append(failed, n.ensure(ctx, at, cluster))
		}
	}
	there, err := n.inWorld()
	if err != nil {
		return err
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for key, it := range n.given {
		if there[key] {
			continue
		}
		if err := n.take(ctx, it); err != nil {
			failed = append(failed, err)
			continue
		}
		n.config.Log.Info("taken away", "cluster", it.Cluster, "object", it.path())
		delete(n.given, key)
		failed = append(failed, writeJSON(n.file, n.given))
	}
	return errors.Join(failed...)
}

func (n *needs) isGiven(namespace, cluster string) bool {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	_, given := n.given[namespaceNeed(cluster, namespace, nil).key()]
	return given
}

// give creates the object, or replaces it whole.
func (n *needs) give(ctx context.Context, it need) error {
	err := n.config.API.Do(ctx, it.Cluster, http.MethodPost, it.Collection, it.body, nil)
	if kubeapi.IsConflict(err) {
		err = n.config.API.Do(ctx, it.Cluster, http.MethodPut, it.path(), it.body, nil)
	}
	return err
}

func (n *needs) take(ctx context.Context, it need) error {
	if !(&part{Config: n.config}).hasServers(it.Cluster) {
		return nil // the cluster has gone, and all of it
	}
	if err := n.config.API.Do(ctx, it.Cluster, http.MethodDelete, it.path(), nil, nil); !kubeapi.IsNotFound(err) {
		return err
	}
	return nil
}

// wanted are the world's objects of a namespace, the namespace first.
func (n *needs) wanted(at place, cluster string) ([]need, error) {
	var out []need
	namespaces, err := n.config.World.List("kubernetes_namespace_v1")
	if err != nil {
		return nil, err
	}
	for _, object := range namespaces {
		if object.Scope == at.scope && world.Text(object, "metadata.0.name") == at.namespace {
			out = append(out, namespaceNeed(cluster, at.namespace, object))
		}
	}
	secrets, err := n.config.World.List("kubernetes_secret_v1")
	for _, object := range secrets {
		if object.Scope == at.scope && world.Text(object, "metadata.0.namespace") == at.namespace {
			out = append(out, secretNeed(cluster, object))
		}
	}
	return out, err
}

// inWorld are the keys of all namespaces and secrets of the world.
func (n *needs) inWorld() (map[string]bool, error) {
	out := map[string]bool{}
	for _, kind := range []string{"kubernetes_namespace_v1", "kubernetes_secret_v1"} {
		objects, err := n.config.World.List(kind)
		if err != nil {
			return nil, err
		}
		for _, object := range objects {
			cluster, err := clusterOf(n.config.World, object.Scope)
			if err != nil {
				return nil, err
			}
			if kind == "kubernetes_namespace_v1" {
				out[namespaceNeed(cluster, world.Text(object, "metadata.0.name"), object).key()] = true
			} else {
				out[secretNeed(cluster, object).key()] = true
			}
		}
	}
	return out, nil
}

func namespaceNeed(cluster, name string, object *world.Object) need {
	return sealed(need{Cluster: cluster, Collection: "/api/v1/namespaces", Name: name, body: map[string]any{
		"apiVersion": "v1", "kind": "Namespace", "metadata": metadataOf(object),
	}})
}

func secretNeed(cluster string, object *world.Object) need {
	text := map[string]any{}
	for _, values := range []any{object.Attrs["data"], object.Secrets["data_wo"]} {
		given, _ := values.(map[string]any)
		for name, value := range given {
			text[name] = value
		}
	}
	binary := map[string]any{}
	for _, values := range []any{object.Attrs["binary_data"], object.Secrets["binary_data_wo"]} {
		given, _ := values.(map[string]any)
		for name, value := range given {
			binary[name] = value
		}
	}
	namespace := world.Text(object, "metadata.0.namespace")
	return sealed(need{
		Cluster: cluster, Collection: kubeapi.SecretPath(namespace), Name: world.Text(object, "metadata.0.name"),
		body: map[string]any{
			"apiVersion": "v1", "kind": "Secret", "metadata": metadataOf(object), "type": world.Text(object, "type"),
			"stringData": text, "data": binary,
		},
	})
}

// metadataOf leaves out what only the world counts: versions and identifiers.
func metadataOf(object *world.Object) map[string]any {
	out := map[string]any{}
	for _, name := range []string{"name", "namespace", "labels", "annotations"} {
		if value := world.Value(object, "metadata.0."+name); value != nil {
			out[name] = value
		}
	}
	return out
}

func sealed(it need) need {
	sum := sha256.Sum256(fmt.Appendf(nil, "%v", it.body)) // maps are printed in the order of their keys
	it.Digest = hex.EncodeToString(sum[:])
	return it
}
