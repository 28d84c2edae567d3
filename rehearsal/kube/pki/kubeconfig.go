package pki

import (
	"encoding/json"
	"os"

	"drover/rehearsal/kube/layout"
)

// Kubeconfig says how a client reaches the API: by the paths of its files, or with their content.
type Kubeconfig struct {
	Server, CA, Certificate, Key string
	// Embedded puts the files' content into the configuration.
	Embedded bool
}

// Write writes the configuration; JSON is YAML as well.
func (k Kubeconfig) Write(path string, mode os.FileMode) error {
	cluster := map[string]any{"server": k.Server}
	user := map[string]any{}
	for _, part := range []struct {
		into map[string]any
		name string
		file string
	}{
		{cluster, "certificate-authority", k.CA},
		{user, "client-certificate", k.Certificate},
		{user, "client-key", k.Key},
	} {
		if !k.Embedded {
			part.into[part.name] = part.file
			continue
		}
		content, err := os.ReadFile(part.file)
		if err != nil {
			return err
		}
		part.into[part.name+"-data"] = content
	}
	document, err := json.MarshalIndent(map[string]any{
		"apiVersion":      "v1",
		"kind":            "Config",
		"clusters":        []any{map[string]any{"name": "default", "cluster": cluster}},
		"users":           []any{map[string]any{"name": "default", "user": user}},
		"contexts":        []any{map[string]any{"name": "default", "context": map[string]any{"cluster": "default", "user": "default"}}},
		"current-context": "default",
	}, "", "  ")
	if err != nil {
		return err
	}
	return layout.Write(path, append(document, '\n'), mode)
}
