package rancher

import (
	"net/url"

	"drover/rehearsal/lab/world"
)

const (
	unitName        = "rancher-standin.service"
	unitFile        = "/etc/systemd/system/" + unitName
	certificateFile = "/etc/rancher/standin/tls.crt"
	keyFile         = "/etc/rancher/standin/tls.key"
	settingsFile    = "/etc/rancher/standin/config.json"
	kubeconfigFile  = "/etc/rancher/rke2/rke2.yaml"
	namespace       = "fleet-default"
)

const unit = `[Unit]
Description=Rancher's stand-in
After=rke2-server.service

[Service]
ExecStart=/opt/drover-lab/bin/rancher-standin server --listen :443 --config ` + settingsFile + `
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`

// settings is the configuration of the stand-in; rehearsal/rancher reads it.
type settings struct {
	URL         string    `json:"url"`
	Certificate string    `json:"certificate"`
	Key         string    `json:"key"`
	CA          string    `json:"ca"`
	Kubeconfig  string    `json:"kubeconfig"`
	Namespace   string    `json:"namespace"`
	APITokens   []string  `json:"apiTokens"`
	Clusters    []cluster `json:"clusters"`
}

type cluster struct {
	Name                string `json:"name"`
	ID                  string `json:"id"`
	RegistrationToken   string `json:"registrationToken"`
	KubernetesVersion   string `json:"kubernetesVersion"`
	ArtifactURL         string `json:"artifactUrl"`
	MachineGlobalConfig string `json:"machineGlobalConfig"`
	AdditionalManifest  string `json:"additionalManifest"`
	MissingAfter        string `json:"missingAfter"`
}

func (s *settings) hostname() string {
	if parsed, err := url.Parse(s.URL); err == nil {
		return parsed.Hostname()
	}
	return ""
}

// settingsOf is what the world says of Rancher; nil as long as nobody has logged in for the first time, because a
// Rancher without an administrator registers nobody.
func settingsOf(w *world.World, artifactURL string) (*settings, error) {
	logins, err := w.List("rancher2_bootstrap")
	if err != nil || len(logins) == 0 {
		return nil, err
	}
	out := &settings{
		URL: world.Text(logins[0], "url"), Certificate: certificateFile, Key: keyFile, Kubeconfig: kubeconfigFile,
		Namespace: namespace, APITokens: []string{world.Text(logins[0], "token")}, Clusters: []cluster{},
	}
	members, err := w.List("rancher2_cluster_v2")
	for _, member := range members {
		annotations, _ := member.Attrs["annotations"].(map[string]any)
		missingAfter, _ := annotations["rke.cattle.io/delete-missing-custom-machines-after"].(string)
		out.Clusters = append(out.Clusters, cluster{
			Name: world.Text(member, "name"), ID: world.Text(member, "cluster_v1_id"),
			RegistrationToken: world.Text(member, "cluster_registration_token.0.token"),
			KubernetesVersion: world.Text(member, "kubernetes_version"), ArtifactURL: artifactURL,
			MachineGlobalConfig: world.Text(member, "rke_config.0.machine_global_config"),
			AdditionalManifest:  world.Text(member, "rke_config.0.additional_manifest"),
			MissingAfter:        missingAfter,
		})
	}
	return out, err
}
