// Package agent is the system agent of a machine: it reports to Rancher, and makes the machine what its plan says.
package agent

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/machine"
)

// Where the parts of RKE2 answer on their own machine.
const (
	DefaultKubelet    = "http://127.0.0.1:10248/healthz"
	DefaultSupervisor = "https://127.0.0.1:9345/cacerts"
)

// Options are the settings of an agent.
type Options struct {
	// Root is a prefix of every path, used by tests.
	Root string
	// ConfigFile is the file that the installer wrote.
	ConfigFile string
	// Every is the pause between two reports.
	Every time.Duration
	// Kubelet and Supervisor are asked for the health of the node and of its server.
	Kubelet, Supervisor string
	// Architecture is Go's name of it.
	Architecture string
	// Artifacts downloads releases. @default - a client with the system's trust and a deadline
	Artifacts *http.Client
	Log       *slog.Logger
}

// Agent works for one machine.
type Agent struct {
	options    Options
	connection machine.Connection
	settings   settings
	rancher    *http.Client
	probes     *http.Client
	// installed is the version that was last found, so that rke2 is not started at every look.
	installed string
	// refusal is why the plan could not be applied last time; told is the last error that was logged.
	refusal, told string
	// wanted says that Rancher asked for the cluster's credential.
	wanted bool
	// result gives the end of the work on the plan, which goes on beside the reports: a download takes longer than
	// Rancher waits for a sign of life.
	result  chan error
	working bool
}

// ErrRefused is returned when Rancher does not know this machine any more.
var ErrRefused = errors.New("rancher does not know this machine any more")

// New reads what the installer left.
func New(options Options) (*Agent, error) {
	agent := &Agent{options: options, result: make(chan error, 1)}
	var err error
	if agent.settings, err = readSettings(agent.path(options.ConfigFile)); err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(agent.path(agent.settings.connectionInfoFile))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &agent.connection); err != nil {
		return nil, fmt.Errorf("'%s': %w", agent.settings.connectionInfoFile, err)
	}
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if agent.connection.CA != "" {
		trust.RootCAs = x509.NewCertPool()
		if !trust.RootCAs.AppendCertsFromPEM([]byte(agent.connection.CA)) {
			return nil, fmt.Errorf("'%s' holds no certificate in 'ca'", agent.settings.connectionInfoFile)
		}
	}
	agent.rancher = &http.Client{Timeout: 8 * time.Second, Transport: &http.Transport{
		TLSClientConfig: trust, Proxy: http.ProxyFromEnvironment, IdleConnTimeout: 30 * time.Second,
	}}
	// a server's own certificate is looked at by whoever joins it; here only the answer counts
	agent.probes = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true,
	}}
	if agent.options.Artifacts == nil {
		agent.options.Artifacts = &http.Client{Timeout: 10 * time.Minute}
	}
	return agent, nil
}

// Run reports and applies until the context ends.
func (a *Agent) Run(ctx context.Context) error {
	ticker := time.NewTicker(a.options.Every)
	defer ticker.Stop()
	a.options.Log.Info("agent started", "server", a.connection.Server, "machine", a.connection.SecretName)
	for {
		if err := a.step(ctx); err != nil {
			a.tell("report failed", err)
		}
		select {
		case <-ctx.Done():
			if a.working {
				<-a.result
			}
			return nil
		case <-ticker.C:
		}
	}
}

// step looks, reports, and does the next thing that the plan asks for. The last plan is kept on the disk: a machine that
// starts while Rancher is away still becomes what it was.
func (a *Agent) step(ctx context.Context) error {
	a.collect()
	plan, err := a.readPlan()
	if err != nil {
		return err
	}
	status := a.look(ctx, plan)
	reply, reported := a.report(ctx, status)
	if reported == nil && reply.Plan != nil {
		if plan == nil || plan.Hash() != reply.Plan.Hash() {
			if err := a.writePlan(*reply.Plan); err != nil {
				return err
			}
		}
		plan = reply.Plan
	}
	if plan != nil && !a.working && !errors.Is(reported, ErrRefused) {
		a.working = true
		go func() { a.result <- a.apply(ctx, *plan) }()
	}
	return reported
}

// collect takes the end of the work on the plan, if it has come.
func (a *Agent) collect() {
	select {
	case err := <-a.result:
		a.working, a.refusal = false, ""
		if err != nil {
			a.refusal = err.Error()
			a.tell("plan not applied", err)
		}
	default:
	}
}

func (a *Agent) report(ctx context.Context, status machine.Status) (*machine.Reply, error) {
	report := machine.Report{Status: status}
	if a.wanted {
		if kubeconfig, err := kubeapi.ReadKubeconfig(a.path(adminKubeconfig)); err == nil {
			report.Credential = &kubeconfig.Credential
		}
	}
	body, err := json.Marshal(report)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.connection.PlanPath(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+a.connection.Token)
	response, err := a.rancher.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusUnauthorized {
		return nil, ErrRefused
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("rancher answers %d: %s", response.StatusCode, strings.TrimSpace(string(raw[:min(len(raw), 200)])))
	}
	reply := &machine.Reply{}
	if err := json.Unmarshal(raw, reply); err != nil {
		return nil, err
	}
	a.wanted = reply.WantCredential
	return reply, nil
}

// tell logs an error once as long as it stays the same.
func (a *Agent) tell(what string, err error) {
	if err.Error() != a.told {
		a.options.Log.Error(what, "error", err.Error())
	}
	a.told = err.Error()
}

func (a *Agent) path(path string) string { return filepath.Join(a.options.Root, path) }
