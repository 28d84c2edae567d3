// Package artifacts serves RKE2's release archives from a folder, as the address of the environment's setting would.
package artifacts

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// DefaultURL is where the machines look for a release if the environment does not say.
const DefaultURL = "https://github.com/rancher/rke2/releases/download"

var (
	isVersion = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+\+rke2r[0-9]+$`)
	isFile    = regexp.MustCompile(`^(rke2\.linux-(amd64|arm64)\.tar\.gz|sha256sum-(amd64|arm64)\.txt)$`)
)

// Handler serves <folder>/<version>/<file> below one address.
type Handler struct {
	// Host is the name that the address asks.
	Host   string
	prefix string
	folder string
	log    *slog.Logger
}

// New serves folder as address, the default one if it is empty.
func New(address, folder string, log *slog.Logger) (*Handler, error) {
	if address == "" {
		address = DefaultURL
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" || parsed.Hostname() == "" || parsed.Port() != "" {
		return nil, fmt.Errorf("address of the RKE2 releases %q must be like %q, without a port", address, DefaultURL)
	}
	return &Handler{
		Host: strings.ToLower(parsed.Hostname()), prefix: strings.TrimSuffix(parsed.Path, "/") + "/", folder: folder, log: log,
	}, nil
}

// ServeHTTP gives a file; everything else is not found.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, inside := strings.CutPrefix(r.URL.Path, h.prefix)
	version, file, _ := strings.Cut(rest, "/")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	if !inside || !isVersion.MatchString(version) || !isFile.MatchString(file) {
		h.refuse(w, r, "no release file")
		return
	}
	opened, err := os.Open(filepath.Join(h.folder, version, file))
	if err != nil {
		h.refuse(w, r, err.Error())
		return
	}
	defer func() { _ = opened.Close() }() // read only: nothing is lost
	status, err := opened.Stat()
	if err != nil {
		h.refuse(w, r, err.Error())
		return
	}
	h.log.Info("artifact", "file", version+"/"+file, "address", r.RemoteAddr)
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, file, status.ModTime(), opened)
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, why string) {
	h.log.Warn("artifact refused", "path", r.URL.Path, "address", r.RemoteAddr, "why", why)
	http.Error(w, "Not Found", http.StatusNotFound)
}
