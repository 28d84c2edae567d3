package registry

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// start is a registry with a program of that text.
func start(t *testing.T, images ...Image) (*Registry, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "drover-app")
	must(t, os.WriteFile(path, []byte("program"), 0o755))
	return New(Config{
		Program: path, Images: func() ([]Image, error) { return images, nil }, Log: slog.New(slog.DiscardHandler),
	}), path
}

func ask(r *Registry, method, host, path string) *httptest.ResponseRecorder {
	out := httptest.NewRecorder()
	r.ServeHTTP(out, httptest.NewRequest(method, "https://"+host+path, nil))
	return out
}

type manifest struct {
	Config struct{ Digest string }
	Layers []struct {
		Digest string
		Size   int
	}
}

// pull does what a container runtime does, and gives the environment of the image's configuration and its file.
func pull(t *testing.T, r *Registry, host, repository, tag string) (environment []string, file string) {
	t.Helper()
	base := "/v2/" + repository
	head := ask(r, http.MethodHead, host, base+"/manifests/"+tag)
	digest := head.Header().Get("Docker-Content-Digest")
	if head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("Content-Type") != manifestType {
		t.Fatalf("HEAD: %d %v", head.Code, head.Header())
	}
	get := ask(r, http.MethodGet, host, base+"/manifests/"+digest)
	if digestOf(get.Body.Bytes()) != digest {
		t.Fatalf("the manifest of %s is not of it: %s", digest, get.Body)
	}
	var found manifest
	must(t, json.Unmarshal(get.Body.Bytes(), &found))
	var config struct {
		Config struct{ Env []string }
	}
	must(t, json.Unmarshal(ask(r, http.MethodGet, host, base+"/blobs/"+found.Config.Digest).Body.Bytes(), &config))
	layer := ask(r, http.MethodGet, host, base+"/blobs/"+found.Layers[0].Digest)
	if digestOf(layer.Body.Bytes()) != found.Layers[0].Digest || layer.Body.Len() != found.Layers[0].Size {
		t.Fatal("the layer is not what the manifest says")
	}
	reader := tar.NewReader(layer.Body)
	header, err := reader.Next()
	must(t, err)
	if header.Name != "app" || header.Mode != 0o755 {
		t.Errorf("file %q with mode %o", header.Name, header.Mode)
	}
	content, err := io.ReadAll(reader)
	must(t, err)
	return config.Config.Env, string(content)
}

func TestAnyImageHoldsTheStandInAndListensWhereItsReleaseSays(t *testing.T) {
	r, _ := start(t, Image{"ghcr.io/acme/shop/front:1.2.3", 9898}, Image{"redis", 6379}, Image{"docker.io/library/redis:7", 6380})
	for _, c := range []struct{ host, repository, port string }{
		{"ghcr.io", "acme/shop/front", "PORT=9898"},
		{"quay.io", "acme/shop/front", "PORT=8080"},
		{"registry-1.docker.io", "library/redis", "PORT=6379,6380"},
	} {
		environment, file := pull(t, r, c.host, c.repository, "1.2.3")
		if file != "program" || len(environment) != 1 || environment[0] != c.port {
			t.Errorf("%s/%s: %v %q", c.host, c.repository, environment, file)
		}
	}
}

func TestAChangedProgramIsAnotherImage(t *testing.T) {
	r, path := start(t)
	before := ask(r, http.MethodHead, "ghcr.io", "/v2/a/b/manifests/1").Header().Get("Docker-Content-Digest")
	must(t, os.WriteFile(path, []byte("newer"), 0o755))
	status, err := os.Stat(path)
	must(t, err)
	later := status.ModTime().Add(2e9)
	must(t, os.Chtimes(path, later, later))
	if _, file := pull(t, r, "ghcr.io", "a/b", "1"); file != "newer" {
		t.Errorf("the image holds %q", file)
	}
	if got := ask(r, http.MethodGet, "ghcr.io", "/v2/a/b/manifests/"+before); got.Code != 200 {
		t.Errorf("a pull that was begun: %d", got.Code)
	}
}

func TestWhatCannotBeGivenIsRefusedWithItsReason(t *testing.T) {
	r, path := start(t)
	unknown := "sha256:" + strings.Repeat("0", 64)
	for _, c := range []struct {
		method, path, code string
		status             int
		message            string
	}{
		{http.MethodGet, "/v2/a/b/manifests/" + unknown, "MANIFEST_UNKNOWN", 404, `image "ghcr.io/a/b" can't be given by the digest "` + unknown},
		{http.MethodGet, "/v2/a/b/blobs/" + unknown, "BLOB_UNKNOWN", 404, "no blob"},
		{http.MethodPost, "/v2/a/b/blobs/uploads/", "UNSUPPORTED", 405, "takes none"},
		{http.MethodGet, "/v2/a/b/tags/list", "NAME_UNKNOWN", 404, "no such path"},
		{http.MethodGet, "/login", "NAME_UNKNOWN", 404, "no such path"},
	} {
		got := ask(r, c.method, "ghcr.io", c.path)
		var body struct {
			Errors []struct{ Code, Message string }
		}
		must(t, json.Unmarshal(got.Body.Bytes(), &body))
		if got.Code != c.status || len(body.Errors) != 1 || body.Errors[0].Code != c.code || !strings.Contains(body.Errors[0].Message, c.message) {
			t.Errorf("%s: %d %+v", c.path, got.Code, body)
		}
	}
	must(t, os.Remove(path))
	if got := ask(r, http.MethodGet, "ghcr.io", "/v2/a/b/manifests/1"); got.Code != 500 || !bytes.Contains(got.Body.Bytes(), []byte("the stand-in application")) {
		t.Errorf("without the program: %d %s", got.Code, got.Body)
	}
}

func TestRegistriesOfReleasesAreServedBesideTheWellKnown(t *testing.T) {
	r, _ := start(t, Image{"images.example.com/team/app", 80})
	for host, want := range map[string]bool{"images.example.com": true, "ghcr.io": true, "docker.io": true, "example.com": false} {
		if r.Serves(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
	r.config.Images = func() ([]Image, error) { return nil, errors.New("unreadable") }
	if r.Serves("images.example.com") || !r.Serves("quay.io") {
		t.Error("unreadable releases must not take the well-known away")
	}
	if got := ask(r, http.MethodGet, "ghcr.io", "/v2/"); got.Code != 200 || got.Body.String() != "{}" {
		t.Errorf("ping: %d %s", got.Code, got.Body)
	}
}
