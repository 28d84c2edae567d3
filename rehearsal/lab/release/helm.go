package release

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"drover/rehearsal/lab/cloud/registry"
	"drover/rehearsal/lab/world"
)

// what Helm may still need after its own time is over: it rolls back.
const helmSlack = 90 * time.Second

// helm is one use of the program: a folder of its own with the credential and the values.
type helm struct {
	program, folder string
}

// shown is what Helm tells of a release.
type shown struct {
	Version int            `json:"version"`
	Config  map[string]any `json:"config"`
	Chart   struct {
		Values map[string]any `json:"values"`
	} `json:"chart"`
}

// run starts Helm and gives what it printed. It is asked to end when ctx does: then it leaves a release that the next
// run can take over.
func (h helm) run(ctx context.Context, arguments ...string) ([]byte, error) {
	process := exec.CommandContext(ctx, h.program, arguments...)
	process.Dir = h.folder
	process.Env = []string{
		"PATH=/usr/bin:/bin", "HOME=" + h.folder, "KUBECONFIG=" + filepath.Join(h.folder, kubeconfigFile),
		"HELM_CACHE_HOME=" + h.folder, "HELM_CONFIG_HOME=" + h.folder, "HELM_DATA_HOME=" + h.folder,
	}
	process.Cancel = func() error { return process.Process.Signal(syscall.SIGTERM) }
	process.WaitDelay = 10 * time.Second
	var out, said bytes.Buffer
	process.Stdout, process.Stderr = &out, &said
	err := process.Run()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("helm %s: %w", arguments[0], context.Cause(ctx))
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, errors.New(messageOf(said.String(), exit.ExitCode()))
	}
	return out.Bytes(), err
}

// messageOf is Helm's own message without the warnings before it.
func messageOf(said string, code int) string {
	if at := strings.LastIndex(said, "Error: "); at >= 0 {
		said = said[at+len("Error: "):]
	}
	if said = strings.TrimSpace(said); said != "" {
		return said
	}
	return fmt.Sprintf("helm ended with %d", code)
}

// switches are arguments of the resource that are Helm's as well.
var switches = map[string]string{
	"atomic": "--atomic", "cleanup_on_fail": "--cleanup-on-fail", "create_namespace": "--create-namespace",
	"disable_openapi_validation": "--disable-openapi-validation", "disable_webhooks": "--no-hooks", "force_update": "--force",
	"reset_values": "--reset-values", "reuse_values": "--reuse-values", "skip_crds": "--skip-crds", "wait": "--wait",
	"wait_for_jobs": "--wait-for-jobs", "take_ownership": "--take-ownership", "dependency_update": "--dependency-update",
}

// notCarriedOut are arguments that the program does not use.
var notCarriedOut = []string{"set", "set_list", "set_sensitive", "postrender"}

// upgrade is the command that makes the release be as it is asked for, with its values in files of the folder.
func (r request) upgrade(folder string) ([]string, error) {
	out := []string{
		"upgrade", "--install", r.name, r.folder, "--namespace", r.namespace, "--output", "json",
		"--history-max", strconv.Itoa(world.Int(r.object, "max_history")),
	}
	if r.timeout > 0 {
		out = append(out, "--timeout", r.timeout.String())
	}
	for _, name := range notCarriedOut {
		if list, ok := world.Value(r.object, name).([]any); ok && len(list) > 0 {
			return nil, errArgument(name)
		}
	}
	for _, name := range sortedKeys(switches) {
		if r.is(name) {
			out = append(out, switches[name])
		}
	}
	if text := world.Text(r.object, "description"); text != "" {
		out = append(out, "--description", text)
	}
	for index, text := range world.List(r.object, "values") {
		file := filepath.Join(folder, fmt.Sprintf("values-%d.yaml", index))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, err
		}
		out = append(out, "--values", file)
	}
	// by files: others can read a command line
	secret, _ := r.object.Secrets["set_wo"].([]any)
	for index, entry := range secret {
		name, _ := world.At(entry, "name").(string)
		value, _ := world.At(entry, "value").(string)
		file := filepath.Join(folder, fmt.Sprintf("secret-%d", index))
		if err := os.WriteFile(file, []byte(value), 0o600); err != nil {
			return nil, err
		}
		out = append(out, "--set-file", name+"="+file)
	}
	return out, nil
}

// imagesOf reads the image that the house chart's values name, and its port. Values win over the chart's defaults.
func imagesOf(raw []byte) ([]registry.Image, error) {
	var told shown
	if err := json.Unmarshal(raw, &told); err != nil {
		return nil, fmt.Errorf("what Helm tells: %w", err)
	}
	value := func(path string) any {
		if given := world.At(told.Config, path); given != nil {
			return given
		}
		return world.At(told.Chart.Values, path)
	}
	repository, _ := value("image.repository").(string)
	port, _ := value("port").(float64)
	if repository == "" {
		return nil, nil
	}
	return []registry.Image{{Name: repository, Port: int(port)}}, nil
}
