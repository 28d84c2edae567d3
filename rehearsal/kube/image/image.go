// Package image makes and loads container images without a registry.
package image

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"sort"
	"strings"
)

// Pause is the name of the image that holds a pod's namespaces, as RKE2 names it.
const Pause = "docker.io/rancher/mirrored-pause:3.6"

const (
	layerType    = "application/vnd.oci.image.layer.v1.tar"
	configType   = "application/vnd.oci.image.config.v1+json"
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	indexType    = "application/vnd.oci.image.index.v1+json"
)

type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int               `json:"size"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Platform    map[string]string `json:"platform,omitempty"`
}

// Write writes an OCI image layout of one layer: a single program, which is the image's entry point. The same input
// gives the same bytes.
func Write(to io.Writer, name, architecture, entry string, program []byte) error {
	layer, err := archive(map[string][]byte{strings.TrimPrefix(entry, "/"): program}, 0o755)
	if err != nil {
		return err
	}
	files := map[string][]byte{"oci-layout": []byte(`{"imageLayoutVersion":"1.0.0"}`)}
	layerRef := add(files, layerType, layer)
	config, err := json.Marshal(map[string]any{
		"architecture": architecture,
		"os":           "linux",
		"config":       map[string]any{"Entrypoint": []string{entry}, "User": "65535:65535"},
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{layerRef.Digest}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2,
		"mediaType":     manifestType,
		"config":        add(files, configType, config),
		"layers":        []descriptor{layerRef},
	})
	if err != nil {
		return err
	}
	root := add(files, manifestType, manifest)
	root.Annotations = map[string]string{
		"io.containerd.image.name":          name,
		"org.opencontainers.image.ref.name": name[strings.LastIndex(name, ":")+1:],
	}
	root.Platform = map[string]string{"architecture": architecture, "os": "linux"}
	index, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": indexType, "manifests": []descriptor{root},
	})
	if err != nil {
		return err
	}
	files["index.json"] = index
	whole, err := archive(files, 0o644)
	if err != nil {
		return err
	}
	_, err = to.Write(whole)
	return err
}

func add(files map[string][]byte, kind string, content []byte) descriptor {
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	files["blobs/sha256/"+digest] = content
	return descriptor{MediaType: kind, Digest: "sha256:" + digest, Size: len(content)}
}

func archive(files map[string][]byte, mode int64) ([]byte, error) {
	var out bytes.Buffer
	writer := tar.NewWriter(&out)
	for _, name := range sortedNames(files) {
		header := &tar.Header{Name: name, Mode: mode, Size: int64(len(files[name])), Typeflag: tar.TypeReg}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write(files[name]); err != nil {
			return nil, err
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func sortedNames(files map[string][]byte) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
