// Package registry answers as every registry of images that the lab's clusters ask. Whatever repository and tag is asked
// for, the image holds one program: the stand-in application.
package registry

import (
	"bytes"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Image is what a release says of one of its images.
type Image struct {
	// Name is the image without tag and digest, as the release writes it.
	Name string `json:"name"`
	// Port is the one that its container must listen on.
	Port int `json:"port"`
}

// Config is what a registry knows.
type Config struct {
	// Program is the path of the stand-in application.
	Program string
	// Images are those of all releases; images that none names listen on DefaultPort.
	Images func() ([]Image, error)
	Log    *slog.Logger
}

// DefaultPort is where an image listens of which no release says otherwise.
const DefaultPort = 8080

// wellKnown are registries that need no release to name them: pods may have been made by hand.
var wellKnown = []string{
	dockerHub, dockerHubAPI, "gcr.io", "ghcr.io", "mcr.microsoft.com", "public.ecr.aws", "quay.io", "registry.gitlab.com",
	"registry.k8s.io", "registry.suse.com",
}

// Registry is the handler of all of them.
type Registry struct {
	config  Config
	program program
	mutex   sync.Mutex
	// served holds whatever was answered by its digest: a pull is several requests, and releases change between them.
	served map[string]content
}

// content is a manifest or a blob.
type content struct {
	mediaType string
	raw       []byte
}

// New makes a registry.
func New(config Config) *Registry {
	return &Registry{config: config, program: program{path: config.Program}, served: map[string]content{}}
}

// Serves tells whether a host name is one of a registry.
func (r *Registry) Serves(host string) bool {
	if slices.Contains(wellKnown, host) {
		return true
	}
	images, err := r.config.Images()
	return err == nil && slices.ContainsFunc(images, func(image Image) bool { return parse(image.Name).host == host })
}

// ServeHTTP answers https://distribution.github.io/distribution/spec/api/ as far as a pull goes.
func (r *Registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	if request.Method != http.MethodGet && request.Method != http.MethodHead {
		refuse(w, http.StatusMethodNotAllowed, "UNSUPPORTED", "this registry only gives images, it takes none")
		return
	}
	rest, isAPI := strings.CutPrefix(request.URL.Path, "/v2/")
	if isAPI && rest == "" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
		return
	}
	repository, kind, reference := split(rest)
	if !isAPI || repository == "" {
		refuse(w, http.StatusNotFound, "NAME_UNKNOWN", "no such path: this registry answers pulls of images")
		return
	}
	host, _, _ := strings.Cut(strings.ToLower(request.Host), ":")
	found, problem := r.find(image{host: host, repository: repository}, kind, reference)
	if problem != nil {
		r.config.Log.Warn("image not given", "registry", host, "repository", repository, "reference", reference, "error", problem.Error())
		refuse(w, problem.status, problem.code, problem.message)
		return
	}
	w.Header().Set("Content-Type", found.mediaType)
	w.Header().Set("Docker-Content-Digest", digestOf(found.raw))
	http.ServeContent(w, request, "", time.Time{}, bytes.NewReader(found.raw))
}

// split takes <repository>/manifests/<reference> or <repository>/blobs/<digest> apart; the repository may hold slashes.
func split(path string) (repository, kind, reference string) {
	for _, kind := range []string{"manifests", "blobs"} {
		if at := strings.LastIndex(path, "/"+kind+"/"); at > 0 {
			return path[:at], kind, path[at+len(kind)+2:]
		}
	}
	return "", "", ""
}

func (r *Registry) find(name image, kind, reference string) (content, *failure) {
	isDigest := strings.Contains(reference, ":")
	if isDigest {
		if known, ok := r.known(reference); ok {
			return known, nil
		}
	}
	manifest, err := r.build(name)
	switch {
	case err != nil:
		return content{}, &failure{http.StatusInternalServerError, "UNKNOWN", err.Error()}
	case kind == "manifests" && !isDigest:
		return manifest, nil
	}
	if known, ok := r.known(reference); ok {
		return known, nil
	}
	if kind == "blobs" {
		return content{}, &failure{http.StatusNotFound, "BLOB_UNKNOWN", "no blob of the stand-in application has this digest"}
	}
	return content{}, errDigest(name, reference)
}

func (r *Registry) known(digest string) (content, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	found, ok := r.served[digest]
	return found, ok
}

// build makes the image for a name and remembers its parts by their digests.
func (r *Registry) build(name image) (content, error) {
	ports, err := r.ports(name)
	if err != nil {
		return content{}, err
	}
	layer, err := r.program.layer()
	if err != nil {
		return content{}, err
	}
	manifest, config, err := describe(layer, ports)
	if err != nil {
		return content{}, err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, part := range []content{manifest, config, layer} {
		r.served[digestOf(part.raw)] = part
	}
	return manifest, nil
}

// ports are all that releases want of an image, the smallest first.
func (r *Registry) ports(name image) ([]int, error) {
	images, err := r.config.Images()
	if err != nil {
		return nil, err
	}
	var out []int
	for _, image := range images {
		if parse(image.Name) == name && image.Port > 0 {
			out = append(out, image.Port)
		}
	}
	if len(out) == 0 {
		return []int{DefaultPort}, nil
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
