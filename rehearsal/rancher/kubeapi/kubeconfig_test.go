package kubeapi

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var (
	inYAML = "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: " + encoded("ca") + "\n    server: https://127.0.0.1:6443\n  name: default\n" +
		"users:\n- name: default\n  user:\n    client-certificate-data: " + encoded("cert") + "\n    client-key-data: " + encoded("key") + "\n"
	inJSON = `{"clusters":[{"cluster":{"certificate-authority-data":"` + encoded("ca") + `","server":"https://127.0.0.1:6443"},"name":"default"}],` +
		`"users":[{"name":"default","user":{"client-certificate-data":"` + encoded("cert") + `","client-key-data":"` + encoded("key") + `"}}]}`
)

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func readText(t *testing.T, text string) (*Kubeconfig, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rke2.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ReadKubeconfig(path)
}

func TestAKubeconfigIsReadInBothOfItsForms(t *testing.T) {
	fromYAML, err := readText(t, inYAML)
	if err != nil {
		t.Fatal(err)
	}
	fromJSON, err := readText(t, inJSON)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromYAML, fromJSON) || fromYAML.Credential.ServerName != "127.0.0.1" || string(fromYAML.Credential.Key) != "key" {
		t.Errorf("read %+v and %+v", fromYAML, fromJSON)
	}
}

func TestAnIncompleteKubeconfigIsRefused(t *testing.T) {
	for want, text := range map[string]string{
		"has no 'client-key-data'":                         strings.Replace(inYAML, "client-key-data", "client-key", 1),
		"'client-key-data' is not base64":                  strings.Replace(inJSON, encoded("key"), "?", 1),
		"'server' is 'http://x', must be an https address": strings.Replace(inYAML, "https://127.0.0.1:6443", "http://x", 1),
	} {
		if _, err := readText(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}
