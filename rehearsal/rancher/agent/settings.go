package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"drover/rehearsal/rancher/machine"
)

// settings is what the agent needs of its config.yaml.
type settings struct {
	connectionInfoFile, appliedPlanDirectory, workDirectory string
}

// readSettings reads the flat file that the installer writes.
func readSettings(path string) (settings, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return settings{}, err
	}
	values := map[string]string{}
	for _, line := range strings.Split(string(raw), "\n") {
		if key, value, ok := strings.Cut(line, ":"); ok {
			values[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	out := settings{values["connectionInfoFile"], values["appliedPlanDirectory"], values["workDirectory"]}
	if out.connectionInfoFile == "" || out.appliedPlanDirectory == "" || out.workDirectory == "" {
		return settings{}, fmt.Errorf("'%s' needs 'connectionInfoFile', 'appliedPlanDirectory' and 'workDirectory'", path)
	}
	return out, nil
}

func (a *Agent) planFile() string {
	return a.path(filepath.Join(a.settings.appliedPlanDirectory, "plan.json"))
}

// startedFile remembers what RKE2 was started with.
func (a *Agent) startedFile() string {
	return a.path(filepath.Join(a.settings.appliedPlanDirectory, "started"))
}

func (a *Agent) readPlan() (*machine.Plan, error) {
	raw, err := os.ReadFile(a.planFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plan := &machine.Plan{}
	if err := json.Unmarshal(raw, plan); err != nil {
		// a power cut may leave anything; Rancher has the plan
		return nil, nil
	}
	return plan, nil
}

func (a *Agent) writePlan(plan machine.Plan) error {
	raw, err := json.Marshal(plan)
	if err != nil {
		return err
	}
	return writeFile(a.planFile(), raw, 0o600)
}

// writeFile replaces a file in one step.
func writeFile(path string, content []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".rancher-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Chmod(mode), temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
