package agent

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"drover/rehearsal/rancher/machine"
)

// prefix is where RKE2's archive is unpacked.
const prefix = "/usr/local"

// install brings the plan's version of RKE2, unless it is there.
func (a *Agent) install(ctx context.Context, plan machine.Plan) error {
	if a.installed == plan.Version || a.hasVersion(ctx, plan.Version) {
		a.installed = plan.Version
		return nil
	}
	a.installed = ""
	started := time.Now()
	// a bare plus means a space to some stores
	folder := plan.Artifact.URL + "/" + strings.ReplaceAll(plan.Version, "+", "%2B")
	name := "rke2.linux-" + a.options.Architecture + ".tar.gz"
	archive, sum, err := a.download(ctx, folder+"/"+name)
	if err != nil {
		return err
	}
	defer os.Remove(archive)
	wanted, err := a.expectedSum(ctx, plan, folder, name)
	if err != nil {
		return err
	}
	if sum != wanted {
		return fmt.Errorf("checksum of '%s/%s' is '%s', expected '%s'", folder, name, sum, wanted)
	}
	if err := unpack(archive, a.path(prefix)); err != nil {
		return fmt.Errorf("'%s/%s': %w", folder, name, err)
	}
	if _, err := a.systemctl(ctx, "daemon-reload"); err != nil {
		return err
	}
	if !a.hasVersion(ctx, plan.Version) {
		return fmt.Errorf("the archive of '%s' does not bring version '%s'", folder, plan.Version)
	}
	a.installed = plan.Version
	a.options.Log.Info("RKE2 installed", "version", plan.Version, "seconds", time.Since(started).Seconds())
	return nil
}

func (a *Agent) hasVersion(ctx context.Context, version string) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, a.path(prefix+"/bin/rke2"), "--version").Output()
	return err == nil && strings.Contains(string(out), " "+version+" ")
}

// get asks for an artifact; anything but https is refused, also after a redirect.
func (a *Agent) get(ctx context.Context, address string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if request.URL.Scheme != "https" {
		return nil, fmt.Errorf("'%s' is not an https address", address)
	}
	client := *a.options.Artifacts
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if next.URL.Scheme != "https" || len(via) > 10 {
			return fmt.Errorf("redirect to '%s' refused", next.URL)
		}
		return nil
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("'%s' answers %d", address, response.StatusCode)
	}
	return response.Body, nil
}

// download stores an artifact in the agent's own folder and gives its checksum.
func (a *Agent) download(ctx context.Context, address string) (path, sum string, err error) {
	body, err := a.get(ctx, address)
	if err != nil {
		return "", "", err
	}
	defer body.Close()
	folder := a.path(a.settings.workDirectory)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", "", err
	}
	file, err := os.CreateTemp(folder, "rke2-*.tar.gz")
	if err != nil {
		return "", "", err
	}
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(file, hash), body)
	if err = errors.Join(err, file.Close()); err != nil {
		os.Remove(file.Name())
		return "", "", fmt.Errorf("'%s': %w", address, err)
	}
	return file.Name(), hex.EncodeToString(hash.Sum(nil)), nil
}

// expectedSum is the pinned checksum, or the one of the release's own list, which is trusted through TLS.
func (a *Agent) expectedSum(ctx context.Context, plan machine.Plan, folder, name string) (string, error) {
	if pinned := plan.Artifact.SHA256[a.options.Architecture]; pinned != "" {
		return pinned, nil
	}
	list := folder + "/sha256sum-" + a.options.Architecture + ".txt"
	body, err := a.get(ctx, list)
	if err != nil {
		return "", err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, 1<<20))
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if fields := strings.Fields(line); len(fields) == 2 && strings.TrimPrefix(fields[1], "*") == name {
			return fields[0], nil
		}
	}
	return "", fmt.Errorf("'%s' has no line for '%s'", list, name)
}

// unpack extracts files, folders and symbolic links. A file is replaced, never written to: it may be running.
func unpack(archive, target string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	for reader := tar.NewReader(zipped); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := unpackOne(reader, header, target); err != nil {
			return err
		}
	}
}

func unpackOne(reader io.Reader, header *tar.Header, target string) error {
	name := filepath.Clean(header.Name)
	if !filepath.IsLocal(name) {
		return fmt.Errorf("'%s' leaves the folder", header.Name)
	}
	path := filepath.Join(target, name)
	if header.Typeflag == tar.TypeDir {
		return os.MkdirAll(path, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	switch header.Typeflag {
	case tar.TypeSymlink:
		if !filepath.IsLocal(filepath.Join(filepath.Dir(name), header.Linkname)) {
			return fmt.Errorf("link '%s' leaves the folder", header.Name)
		}
		return os.Symlink(header.Linkname, path)
	case tar.TypeReg:
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, header.FileInfo().Mode().Perm())
		if err != nil {
			return err
		}
		_, err = io.Copy(file, reader)
		return errors.Join(err, file.Close())
	default:
		return fmt.Errorf("'%s' is neither a file nor a folder nor a link", header.Name)
	}
}
