// Package e2e runs the real binary, installer and agent on loopback, with a fake RKE2 and a fake systemd.
package e2e

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"drover/rehearsal/rancher/testkit"
)

const (
	release = "/v1.35.7%2Brke2r1/"
	archive = "rke2.linux-" + runtime.GOARCH + ".tar.gz"
	sums    = "sha256sum-" + runtime.GOARCH + ".txt"
	apiUser = "token-admin"
)

// lab is a Rancher with its management cluster, an artifact server, and what machines ask on themselves.
type lab struct {
	t                               *testing.T
	folder, binary, url, kubeconfig string
	rancherCA, artifactCA           *testkit.Authority
	client                          *http.Client
	health                          *httptest.Server
}

func newLab(t *testing.T, pinned string) *lab {
	t.Helper()
	l := &lab{t: t, folder: t.TempDir(), rancherCA: testkit.NewAuthority(t, "rancher"), artifactCA: testkit.NewAuthority(t, "artifacts")}
	l.binary = filepath.Join(l.folder, "rancher-standin")
	build := exec.Command("go", "build", "-o", l.binary, "drover/rehearsal/rancher")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	l.health = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	t.Cleanup(l.health.Close)
	l.kubeconfig = testkit.NewAPI(t).Kubeconfig(t)
	l.client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: l.rancherCA.Pool()}}}
	l.write("artifact-ca.pem", l.artifactCA.PEM)
	l.serveRancher(l.serveArtifacts(), pinned)
	return l
}

func (l *lab) write(name string, content []byte) string {
	l.t.Helper()
	path := filepath.Join(l.folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		l.t.Fatal(err)
	}
	return path
}

// serveArtifacts serves a release with the fake RKE2 and its list of checksums.
func (l *lab) serveArtifacts() string {
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	writer := tar.NewWriter(zipped)
	script, err := os.ReadFile("testdata/rke2")
	if err != nil {
		l.t.Fatal(err)
	}
	if err := writer.WriteHeader(&tar.Header{Name: "bin/rke2", Mode: 0o755, Size: int64(len(script)), Typeflag: tar.TypeReg}); err != nil {
		l.t.Fatal(err)
	}
	if _, err := writer.Write(script); err != nil {
		l.t.Fatal(err)
	}
	if writer.Close() != nil || zipped.Close() != nil {
		l.t.Fatal("the archive can't be packed")
	}
	sum := sha256.Sum256(packed.Bytes())
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.EscapedPath() {
		case release + archive:
			w.Write(packed.Bytes())
		case release + sums:
			fmt.Fprintf(w, "%s  %s\n", hex.EncodeToString(sum[:]), archive)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	server.TLS = l.artifactCA.Serving(l.t)
	server.StartTLS()
	l.t.Cleanup(server.Close)
	return server.URL
}

func (l *lab) serveRancher(artifacts, pinned string) {
	certificate, key := l.rancherCA.Issue(l.t, "rancher")
	address := freeAddress(l.t)
	l.url = "https://" + address
	cluster := map[string]any{
		"name": "shop", "id": "c-m-1", "registrationToken": "join-shop", "kubernetesVersion": "v1.35.7+rke2r1", "artifactUrl": artifacts,
		"machineGlobalConfig": "\"cni\": \"canal\"\n\"tls-san\":\n- \"api.shop\"\n", "additionalManifest": "kind: HelmChart\n", "missingAfter": "10m",
	}
	if pinned != "" {
		cluster["sha256"] = map[string]string{runtime.GOARCH: pinned}
	}
	raw, err := json.Marshal(map[string]any{
		"url": l.url, "certificate": l.write("tls.crt", certificate), "key": l.write("tls.key", key), "ca": l.write("ca.pem", l.rancherCA.PEM),
		"kubeconfig": l.kubeconfig, "apiTokens": []string{apiUser}, "clusters": []any{cluster},
	})
	if err != nil {
		l.t.Fatal(err)
	}
	l.run("server", nil, "server", "--listen", address, "--config", l.write("config.json", raw), "--every", "50ms")
	l.await("rancher to answer", func() bool { return l.get("/ping", "") == "pong" })
}

func freeAddress(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// run starts the binary and gives what ends it. Its log is shown when the test fails.
func (l *lab) run(name string, environment []string, arguments ...string) (stop func()) {
	l.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, l.binary, arguments...)
	command.Env = append(os.Environ(), environment...)
	var log bytes.Buffer
	command.Stderr = &log
	if err := command.Start(); err != nil {
		l.t.Fatal(err)
	}
	ended := false
	stop = func() {
		if !ended {
			ended = true
			cancel()
			_ = command.Wait()
		}
	}
	l.t.Cleanup(func() {
		stop()
		if l.t.Failed() {
			l.t.Logf("log of %s:\n%s", name, log.String())
		}
	})
	return stop
}

func (l *lab) get(path, token string) string {
	request, err := http.NewRequest(http.MethodGet, l.url+path, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := l.client.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func (l *lab) await(what string, reached func() bool) {
	l.t.Helper()
	testkit.Await(l.t, what, reached, func() any { return l.get("/v3/machines", apiUser) })
}

// host is a root folder with its own systemd.
type host struct {
	lab         *lab
	name, root  string
	environment []string
	stop        func()
}

func (l *lab) host(name string) *host {
	l.t.Helper()
	h := &host{lab: l, name: name, root: filepath.Join(l.folder, name)}
	state, bin := h.root+"-state", filepath.Join(l.folder, "bin")
	for _, folder := range []string{h.root, state, bin} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			l.t.Fatal(err)
		}
	}
	stub, err := filepath.Abs("testdata/systemctl")
	if err != nil {
		l.t.Fatal(err)
	}
	if err := os.Symlink(stub, filepath.Join(bin, "systemctl")); err != nil && !os.IsExist(err) {
		l.t.Fatal(err)
	}
	h.environment = []string{
		"PATH=" + bin + ":" + os.Getenv("PATH"), "FAKE_ROOT=" + h.root, "FAKE_STATE=" + state, "FAKE_LOG=" + filepath.Join(l.folder, "rke2.log"),
		"FAKE_CA_HASH=" + strings.Repeat("c", 64), "FAKE_KUBECONFIG=" + l.kubeconfig, "SSL_CERT_FILE=" + filepath.Join(l.folder, "artifact-ca.pem"),
	}
	return h
}

// join runs the installer that Rancher serves, and then the agent that it installed.
func (h *host) join(address string, roles ...string) {
	l := h.lab
	l.t.Helper()
	installer := l.write(h.name+".sh", []byte(l.get("/system-agent-install.sh", "")))
	sum := sha256.Sum256([]byte(l.get("/cacerts", "")))
	arguments := append([]string{
		installer, "--server", l.url, "--address", address, "--internal-address", address, "--node-name", h.name,
		"--label", "cattle.io/os=linux", "--ca-checksum", hex.EncodeToString(sum[:]),
	}, roles...)
	install := exec.Command("sh", arguments...)
	install.Env = append(append(os.Environ(), h.environment...), "CATTLE_TOKEN=join-shop", "CATTLE_ROOT="+h.root, "CATTLE_RETRIES=1")
	if out, err := install.CombinedOutput(); err != nil {
		l.t.Fatalf("%v\n%s", err, out)
	}
	h.stop = l.run("agent of "+h.name, h.environment, "agent", "--root", h.root, "--every", "50ms",
		"--kubelet", l.health.URL, "--supervisor", l.health.URL)
}
