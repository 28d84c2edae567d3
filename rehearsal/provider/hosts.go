package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Machines run in a rehearsal with hosts: then nobody speaks for them, and what waits for them waits here as well.
const (
	machinesFolder = "lab/machines"
	fleetsFolder   = "lab/fleet"
	clustersFolder = "lab/clusters"
	watchInterval  = 200 * time.Millisecond
	// The longest that the AWS provider waits for capacity by default.
	capacityTimeout = 10 * time.Minute
	// The longest that the Rancher provider waits for a cluster by default.
	activeTimeout = 30 * time.Minute
)

var errStopped = errors.New("stopped while it waited")

// machineReport is what the lab says of a machine; its bootstrap is the report that the machine itself keeps.
type machineReport struct {
	Name      string `json:"name"`
	State     string `json:"state"`
	Bootstrap *struct {
		Result string `json:"result"`
	} `json:"bootstrap"`
}

// fleetReport is what the lab says of an Auto Scaling group.
type fleetReport struct {
	Instances []struct {
		Lifecycle string `json:"lifecycle"`
	} `json:"instances"`
}

// clusterReport is what the lab says of a cluster.
type clusterReport struct {
	Ready bool `json:"ready"`
	Nodes []struct {
		Ready bool `json:"ready"`
	} `json:"nodes"`
}

// awaitBootstraps waits until each machine says that its bootstrap is done.
func (s *server) awaitBootstraps(association *record, machines []*record) error {
	seconds := wholeNumber(association.Attrs["wait_for_success_timeout_seconds"], 0)
	if seconds == 0 {
		return nil // whoever does not ask for success does not wait for it
	}
	deadline := time.Now().Add(time.Duration(seconds) * time.Second)
	for _, machine := range machines {
		if err := s.awaitBootstrap(machine.ID, deadline); err != nil {
			return fmt.Errorf("instance %s: %w", machine.ID, err)
		}
	}
	return nil
}

func (s *server) awaitBootstrap(id string, deadline time.Time) error {
	last := "it was never started"
	return s.await(deadline, func() (bool, error) {
		var machine machineReport
		if found, err := s.readReport(machinesFolder, id, &machine); err != nil || !found {
			return false, err
		}
		if machine.Bootstrap == nil {
			last = "it is " + machine.State + ", its bootstrap has not begun"
			return false, nil
		}
		result := machine.Bootstrap.Result
		last = "its bootstrap says " + result
		if step, failed := strings.CutPrefix(result, "failed:"); failed {
			return false, fmt.Errorf("bootstrap of %s failed at step %s; its log is on the machine", machine.Name, step)
		}
		return result == "ok", nil
	}, func() string { return last })
}

// awaitCapacity waits until as many machines of a group as it wants are in service.
func awaitCapacity(s *server, group *record) error {
	limit := capacityTimeout
	if text := textOf(group.Attrs, "wait_for_capacity_timeout"); text != "" {
		var err error
		if limit, err = time.ParseDuration(text); err != nil {
			return fmt.Errorf("wait_for_capacity_timeout: %w", err)
		}
	}
	wanted := wholeNumber(group.Attrs["desired_capacity"], 0)
	if !s.hosts || limit == 0 {
		return nil
	}
	serving := 0
	return s.await(time.Now().Add(limit), func() (bool, error) {
		var fleet fleetReport
		if _, err := s.readReport(fleetsFolder, group.ID, &fleet); err != nil {
			return false, err
		}
		serving = 0
		for _, instance := range fleet.Instances {
			if instance.Lifecycle == "InService" {
				serving++
			}
		}
		return serving >= wanted, nil
	}, func() string { return fmt.Sprintf("%d of %d machines are in service", serving, wanted) })
}

// awaitCluster waits until a member cluster is active, as `rancher2_cluster_sync` does. A cluster that this world's
// Rancher has not made, such as its own, is.
func awaitCluster(s *server, sync *record) error {
	limit := activeTimeout
	if text := displayed(jsonAt(sync.Attrs, "timeouts.create")); text != "" {
		var err error
		if limit, err = time.ParseDuration(text); err != nil {
			return fmt.Errorf("timeouts.create: %w", err)
		}
	}
	if err := s.connectAgent(displayed(sync.Attrs["cluster_id"])); err != nil {
		return err
	}
	members, err := s.world.all("rancher2_cluster_v2")
	if err != nil || !s.hosts {
		return err
	}
	for _, member := range members {
		if member.Attrs["cluster_v1_id"] == sync.Attrs["cluster_id"] {
			name := textOf(member.Attrs, "name")
			if err := s.awaitNodes(name, time.Now().Add(limit)); err != nil {
				return fmt.Errorf("cluster %q: %w", name, err)
			}
		}
	}
	return nil
}

func (s *server) awaitNodes(cluster string, deadline time.Time) error {
	last := "it has no machine"
	return s.await(deadline, func() (bool, error) {
		var report clusterReport
		if found, err := s.readReport(clustersFolder, cluster, &report); err != nil || !found {
			return false, err
		}
		ready := 0
		for _, node := range report.Nodes {
			if node.Ready {
				ready++
			}
		}
		last = fmt.Sprintf("it is not active, %d of %d nodes are ready", ready, len(report.Nodes))
		return report.Ready, nil
	}, func() string { return last })
}

// await asks until it is so, the deadline has passed or Terraform stops; `last` says how far it was.
func (s *server) await(deadline time.Time, isSo func() (bool, error), last func() string) error {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		if done, err := isSo(); err != nil || done {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("timeout: %s", last())
		}
		select {
		case <-s.stop:
			return fmt.Errorf("%w: %s", errStopped, last())
		case <-ticker.C:
		}
	}
}

// readReport reads a file of the lab's, which replaces it whole; false where there is none yet.
func (s *server) readReport(folder, name string, out any) (bool, error) {
	raw, err := os.ReadFile(filepath.Join(s.dir, folder, name+".json"))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, out)
	}
	return err == nil, err
}
