package fleet

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Lifecycle states of an instance, as Auto Scaling names them.
const (
	Pending         = "Pending"
	PendingWait     = "Pending:Wait"
	InService       = "InService"
	Terminating     = "Terminating"
	TerminatingWait = "Terminating:Wait"
)

// Group is what the controller knows of an Auto Scaling group: the content of lab/fleet/<group>.json.
type Group struct {
	Name    string `json:"name"`
	Desired int    `json:"desired"`
	Min     int    `json:"min"`
	Max     int    `json:"max"`
	// Instances are in the order of their launch.
	Instances []Instance `json:"instances"`
	// Deleted is a group that the world does not hold any more; its file stays, so that no identifier is given twice.
	Deleted bool `json:"deleted,omitempty"`
	// Declared is the desired capacity that the world gave last; only a change of it moves Desired.
	Declared int `json:"declared"`
	// Counter is the number of identifiers given so far.
	Counter  int      `json:"counter"`
	Failures Failures `json:"failures"`
	Refresh  *Refresh `json:"refresh,omitempty"`
	// Replaced are initial hooks that a hook of the same name has taken the place of, for ever.
	Replaced []string `json:"replaced,omitempty"`
}

// Instance is one machine of a group.
type Instance struct {
	ID        string `json:"id"`
	Lifecycle string `json:"lifecycle"`
	// Health is Healthy or Unhealthy.
	Health   string    `json:"health"`
	Launched time.Time `json:"launched"`
	// InService is when it entered service; zero before.
	InService time.Time `json:"inService,omitzero"`
	Zone      string    `json:"zone"`
	Subnet    string    `json:"subnet"`
	Address   string    `json:"address"`
	Type      string    `json:"type"`
	// Market is on-demand or spot.
	Market   string  `json:"market"`
	Template Version `json:"template"`
	// Protected keeps it out of scale-in.
	Protected bool `json:"protected,omitempty"`
	// Replacing is a spot machine that leaves once another has taken its place.
	Replacing bool `json:"replacing,omitempty"`
	// Waits are the hooks that hold the instance.
	Waits []Wait `json:"waits,omitempty"`
	// Reason says why it leaves.
	Reason string `json:"reason,omitempty"`
}

// Wait is one hook that holds an instance.
type Wait struct {
	Hook          string    `json:"hook"`
	DefaultResult string    `json:"defaultResult"`
	TimeoutSec    int       `json:"timeoutSec"`
	Started       time.Time `json:"started"`
	Deadline      time.Time `json:"deadline"`
}

// Failures counts launches that failed or were abandoned.
type Failures struct {
	Total int `json:"total"`
	// InRow is the number since an instance last entered service.
	InRow int `json:"inRow"`
	// Next is when the next launch may be tried.
	Next time.Time `json:"next,omitzero"`
	Last string    `json:"last,omitempty"`
}

// Version is a launch template at one version.
type Version struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// Refresh is the last instance refresh of a group.
type Refresh struct {
	// Status is InProgress, Successful, Failed, RollbackInProgress, RollbackSuccessful or RollbackFailed.
	Status  string    `json:"status"`
	From    Version   `json:"from"`
	To      Version   `json:"to"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`
	// Failures are the launches in a row that failed or were abandoned.
	Failures int `json:"failures"`
}

func (i *Instance) leaving() bool { return strings.HasPrefix(i.Lifecycle, Terminating) }

func (g *Group) find(id string) *Instance {
	for index := range g.Instances {
		if g.Instances[index].ID == id {
			return &g.Instances[index]
		}
	}
	return nil
}

func (g *Group) remove(id string) {
	g.Instances = slices.DeleteFunc(g.Instances, func(i Instance) bool { return i.ID == id })
}

// staying are the instances that are not on their way out.
func (g *Group) staying() []*Instance {
	var out []*Instance
	for index := range g.Instances {
		if one := &g.Instances[index]; !one.leaving() {
			out = append(out, one)
		}
	}
	return out
}

func (g *Group) copy() Group {
	out := *g
	out.Instances = slices.Clone(g.Instances)
	for index := range out.Instances {
		out.Instances[index].Waits = slices.Clone(out.Instances[index].Waits)
	}
	out.Replaced = slices.Clone(g.Replaced)
	if g.Refresh != nil {
		refresh := *g.Refresh
		out.Refresh = &refresh
	}
	return out
}

// store is the folder of the groups' files.
type store struct{ dir string }

func (s store) load() (map[string]*Group, error) {
	files, err := filepath.Glob(filepath.Join(s.dir, "*.json"))
	if err != nil {
		return nil, err
	}
	out := map[string]*Group{}
	for _, file := range files {
		group := &Group{}
		if err := readJSON(file, group); err != nil {
			return nil, err
		}
		out[group.Name] = group
	}
	return out, nil
}

func (s store) save(g *Group) error {
	out := g.copy()
	if out.Instances == nil {
		out.Instances = []Instance{}
	}
	return writeJSON(filepath.Join(s.dir, g.Name+".json"), out)
}

func readJSON(path string, into any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return errUnreadable(path, err)
	}
	return nil
}

// writeJSON replaces a file whole, so that a reader never sees half of it; a file with the same content is left alone.
func writeJSON(path string, value any) error {
	raw, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		return err
	}
	raw = append(raw, '\n')
	if before, err := os.ReadFile(path); err == nil && string(before) == string(raw) {
		return nil
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, ".new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(raw)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}
