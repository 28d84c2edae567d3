package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const good = `{"url":"https://rancher.dev.example.com/","certificate":"c","key":"k","apiTokens":["t"],"clusters":[` +
	`{"name":"shop","id":"c-m-1","registrationToken":"r","kubernetesVersion":"v1.35.7+rke2r1","artifactUrl":"https://a/","missingAfter":"10m"}]}`

func read(t *testing.T, text string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(path)
}

func TestAFileIsReadWithItsDefaults(t *testing.T) {
	config, err := read(t, good)
	if err != nil {
		t.Fatal(err)
	}
	if config.URL != "https://rancher.dev.example.com" || config.Namespace != DefaultNamespace || config.Kubeconfig != DefaultKubeconfig {
		t.Errorf("read %+v", config)
	}
	if time.Duration(config.Clusters[0].MissingAfter) != 10*time.Minute {
		t.Errorf("missingAfter is %v", config.Clusters[0].MissingAfter)
	}
}

func TestAWrongFileIsRefusedWithTheReason(t *testing.T) {
	for replaced, want := range map[[2]string]string{
		{"https://rancher.dev.example.com/", "http://x"}:            "'url' is 'http://x', must be like https://rancher.example.com",
		{"v1.35.7+rke2r1", "latest"}:                                "'kubernetesVersion' of cluster 'shop' is 'latest', must be like v1.35.7+rke2r1",
		{`"registrationToken":"r"`, `"sort":"r"`}:                   `unknown field "sort"`,
		{`"registrationToken":"r",`, ``}:                            "'registrationToken' of cluster 'shop' is missing",
		{`"10m"`, `"soon"`}:                                         "'soon' is not a duration, give one such as '10m'",
		{`"missingAfter"`, `"sha256":{"amd64":"1"},"missingAfter"`}: "'sha256.amd64' of cluster 'shop' is '1', must be 64 hexadecimal digits",
	} {
		if _, err := read(t, strings.Replace(good, replaced[0], replaced[1], 1)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error is %v, want %s", replaced, err, want)
		}
	}
}

func TestGlobalConfigurationIsReadFromTerraformsYaml(t *testing.T) {
	yaml := "\"cloud-provider-name\": \"external\"\n\"etcd-expose-metrics\": true\n\"kube-apiserver-arg\":\n- \"service-account-issuer=https://a:443/x\"\n- \"b=c\"\n\"tls-san\":\n- \"api.shop\"\n"
	quoted, err := json.Marshal(yaml)
	if err != nil {
		t.Fatal(err)
	}
	var fromText, fromObject GlobalConfig
	if err := json.Unmarshal(quoted, &fromText); err != nil {
		t.Fatal(err)
	}
	object := `{"cloud-provider-name":"external","etcd-expose-metrics":true,"kube-apiserver-arg":["service-account-issuer=https://a:443/x","b=c"],"tls-san":["api.shop"]}`
	if err := json.Unmarshal([]byte(object), &fromObject); err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(fromText)
	want, _ := json.Marshal(fromObject)
	if string(got) != string(want) {
		t.Errorf("read %s, want %s", got, want)
	}
}

func TestNestedConfigurationIsRefused(t *testing.T) {
	var config GlobalConfig
	err := json.Unmarshal([]byte(`"a:\n  b: c\n"`), &config)
	if err == nil || !strings.Contains(err.Error(), "line 2 ('b: c') is nested") {
		t.Errorf("error is %v", err)
	}
}
