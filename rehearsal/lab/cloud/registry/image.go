package registry

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	layerType    = "application/vnd.oci.image.layer.v1.tar"
	configType   = "application/vnd.oci.image.config.v1+json"
	manifestType = "application/vnd.oci.image.manifest.v1+json"

	// entry is where the program lies in its image; nobody is its user there.
	entry = "/app"
	user  = "10001:10001"
)

// program is the stand-in application as a layer, read again when the file has changed.
type program struct {
	path string

	mutex sync.Mutex
	of    time.Time
	made  content
}

func (p *program) layer() (content, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	status, err := os.Stat(p.path)
	if err != nil {
		return content{}, fmt.Errorf("the stand-in application: %w", err)
	}
	if p.made.raw != nil && status.ModTime().Equal(p.of) {
		return p.made, nil
	}
	raw, err := os.ReadFile(p.path)
	if err != nil {
		return content{}, fmt.Errorf("the stand-in application: %w", err)
	}
	var packed bytes.Buffer
	writer := tar.NewWriter(&packed)
	err = writer.WriteHeader(&tar.Header{
		Name: strings.TrimPrefix(entry, "/"), Mode: 0o755, Size: int64(len(raw)), Typeflag: tar.TypeReg,
	})
	if err == nil {
		_, err = writer.Write(raw)
	}
	if err == nil {
		err = writer.Close()
	}
	p.of, p.made = status.ModTime(), content{mediaType: layerType, raw: packed.Bytes()}
	return p.made, err
}

// describe gives the manifest and the configuration of an image of that layer whose program listens on these ports.
func describe(layer content, ports []int) (manifest, config content, err error) {
	var list []string
	for _, port := range ports {
		list = append(list, strconv.Itoa(port))
	}
	settings, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config": map[string]any{
			"Entrypoint": []string{entry}, "Env": []string{"PORT=" + strings.Join(list, ",")}, "User": user, "WorkingDir": "/",
		},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{digestOf(layer.raw)}},
	})
	if err != nil {
		return content{}, content{}, err
	}
	config = content{mediaType: configType, raw: settings}
	raw, err := json.Marshal(map[string]any{
		"schemaVersion": 2,
		"mediaType":     manifestType,
		"config":        config.descriptor(),
		"layers":        []any{layer.descriptor()},
	})
	return content{mediaType: manifestType, raw: raw}, config, err
}

func (c content) descriptor() map[string]any {
	return map[string]any{"mediaType": c.mediaType, "digest": digestOf(c.raw), "size": len(c.raw)}
}

func digestOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}
