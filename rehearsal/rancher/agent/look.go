package agent

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/machine"
)

// commandTimeout bounds a call of systemctl, which only hands a job over.
const commandTimeout = 30 * time.Second

// look finds out what the machine is.
func (a *Agent) look(ctx context.Context, plan *machine.Plan) machine.Status {
	status := machine.Status{HasData: a.hasData(), CAHash: a.caHash(), Error: a.refusal}
	if host, err := os.Hostname(); err == nil {
		status.NodeName = strings.ToLower(host)
	}
	if plan == nil {
		return status
	}
	status.Service = a.unitState(ctx, plan.Unit)
	started, err := os.ReadFile(a.startedFile())
	// what was started from the last plan counts as applied; whether it works is another question
	if err == nil && string(started) == plan.RestartHash() && a.refusal == "" {
		status.Applied = plan.Hash()
	}
	status.Ready = status.Service == "active" && status.Applied != "" && a.probe(ctx, *plan) == nil
	return status
}

// probe asks everything that the plan lets run here.
func (a *Agent) probe(ctx context.Context, plan machine.Plan) error {
	if err := a.answers(ctx, a.options.Kubelet); err != nil {
		return err
	}
	if plan.Unit == machine.AgentUnit {
		_, err := os.Stat(a.path(kubeletConfig))
		return err
	}
	if err := a.answers(ctx, a.options.Supervisor); err != nil {
		return err
	}
	if !plan.ControlPlane {
		return nil
	}
	kubeconfig, err := kubeapi.ReadKubeconfig(a.path(adminKubeconfig))
	if err != nil {
		return err
	}
	client, err := kubeapi.New(kubeconfig.Server, kubeconfig.Credential)
	if err != nil {
		return err
	}
	defer client.Close()
	return client.Do(ctx, http.MethodGet, "/readyz", nil, nil)
}

func (a *Agent) answers(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := a.probes.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("'%s' answers %d", address, response.StatusCode)
	}
	return nil
}

// unitState is systemd's word for the unit's state.
func (a *Agent) unitState(ctx context.Context, unit string) string {
	// the exit code says the same as the word
	out, _ := a.systemctl(ctx, "is-active", unit+".service")
	return strings.TrimSpace(out)
}

func (a *Agent) systemctl(ctx context.Context, arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, "systemctl", arguments...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("systemctl %s: %w: %s", strings.Join(arguments, " "), err, strings.TrimSpace(string(exit.Stderr)))
	}
	return string(out), err
}
