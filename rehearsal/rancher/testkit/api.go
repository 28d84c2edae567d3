package testkit

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// API is as much of a Kubernetes API as is used: objects by path, resource versions, label selectors.
type API struct {
	*httptest.Server
	Authority *Authority
	mutex     sync.Mutex
	objects   map[string]map[string]any
	version   int
	// Conflicts makes the next writes fail as if somebody else had been faster.
	Conflicts int
}

// NewAPI serves with a CA of its own and asks every client for a certificate of that CA.
func NewAPI(t *testing.T) *API {
	t.Helper()
	api := &API{Authority: NewAuthority(t, "kubernetes"), objects: map[string]map[string]any{}}
	api.Server = httptest.NewUnstartedServer(http.HandlerFunc(api.serve))
	api.TLS = api.Authority.Serving(t)
	api.TLS.ClientAuth = tls.RequireAndVerifyClientCert
	api.TLS.ClientCAs = api.Authority.Pool()
	api.StartTLS()
	t.Cleanup(api.Close)
	return api
}

// Kubeconfig writes an administrator's kubeconfig as RKE2 does, and gives its path.
func (a *API) Kubeconfig(t *testing.T) string {
	t.Helper()
	certificate, key := a.Authority.Issue(t, "admin")
	encode := base64.StdEncoding.EncodeToString
	path := filepath.Join(t.TempDir(), "rke2.yaml")
	text := fmt.Sprintf(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: %s
    server: %s
  name: default
users:
- name: default
  user:
    client-certificate-data: %s
    client-key-data: %s
`, encode(a.Authority.PEM), a.URL, encode(certificate), encode(key))
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Put stores an object as if a controller had written it.
func (a *API) Put(path string, object map[string]any) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.store(path, object)
}

// Has says whether there is an object.
func (a *API) Has(path string) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.objects[path] != nil
}

// Paths lists what there is below a path.
func (a *API) Paths(below string) []string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return slices.Sorted(func(yield func(string) bool) {
		for path := range maps.Keys(a.objects) {
			if strings.HasPrefix(path, below) && !yield(path) {
				return
			}
		}
	})
}

func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	path := r.URL.Path
	if r.Header.Get("Authorization") != "" {
		reply(w, http.StatusUnauthorized, status("this token is of another realm"))
		return
	}
	var body map[string]any
	if r.Method == http.MethodPost || r.Method == http.MethodPut {
		if json.NewDecoder(r.Body).Decode(&body) != nil {
			reply(w, http.StatusBadRequest, status("unreadable"))
			return
		}
		if a.Conflicts > 0 {
			a.Conflicts--
			reply(w, http.StatusConflict, status("somebody else was faster"))
			return
		}
	}
	switch {
	case path == "/readyz":
		fmt.Fprint(w, "ok")
	case r.Method == http.MethodGet && a.objects[path] != nil:
		reply(w, http.StatusOK, a.objects[path])
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/secrets"):
		reply(w, http.StatusOK, map[string]any{"items": a.selected(path, r.URL.Query().Get("labelSelector"))})
	case r.Method == http.MethodPost:
		path += "/" + metadata(body)["name"].(string)
		if a.objects[path] != nil {
			reply(w, http.StatusConflict, status("already exists"))
			return
		}
		reply(w, http.StatusCreated, a.store(path, body))
	case a.objects[path] == nil:
		reply(w, http.StatusNotFound, status("not found"))
	case r.Method == http.MethodPut:
		if metadata(body)["resourceVersion"] != metadata(a.objects[path])["resourceVersion"] {
			reply(w, http.StatusConflict, status("the object has been modified"))
			return
		}
		reply(w, http.StatusOK, a.store(path, body))
	case r.Method == http.MethodDelete:
		delete(a.objects, path)
		reply(w, http.StatusOK, map[string]any{"status": "Success"})
	default:
		reply(w, http.StatusMethodNotAllowed, status(r.Method))
	}
}

func (a *API) store(path string, object map[string]any) map[string]any {
	a.version++
	if object["metadata"] == nil {
		object["metadata"] = map[string]any{}
	}
	if metadata(object)["uid"] == nil {
		metadata(object)["uid"] = "uid-" + strconv.Itoa(a.version)
	}
	metadata(object)["resourceVersion"] = strconv.Itoa(a.version)
	a.objects[path] = object
	return object
}

func (a *API) selected(below, selector string) []map[string]any {
	out := []map[string]any{}
	for path, object := range a.objects {
		labels, _ := metadata(object)["labels"].(map[string]any)
		matches := strings.HasPrefix(path, below+"/")
		for _, wish := range strings.Split(selector, ",") {
			key, value, _ := strings.Cut(wish, "=")
			matches = matches && labels[key] == value
		}
		if matches {
			out = append(out, object)
		}
	}
	return out
}

func metadata(object map[string]any) map[string]any {
	found, _ := object["metadata"].(map[string]any)
	return found
}

func status(message string) map[string]any {
	return map[string]any{"kind": "Status", "message": message}
}

func reply(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}
