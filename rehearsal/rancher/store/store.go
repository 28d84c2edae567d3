// Package store keeps machines, plans and clusters as Secrets of the management cluster, so that any of Rancher's
// servers can answer and a lost one loses nothing. Every write is bound to the version that was read.
package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"drover/rehearsal/rancher/kubeapi"
	"drover/rehearsal/rancher/machine"
	"drover/rehearsal/rancher/planner"
)

// Labels and types of the objects, as Rancher names them.
const (
	clusterLabel = "cluster.x-k8s.io/cluster-name"
	planLabel    = "rke.cattle.io/machine-plan"
	planType     = "rke.cattle.io/machine-plan"
	stateType    = "rke.cattle.io/cluster-state"
	planSuffix   = "-machine-plan"
)

// attempts bounds how often a write is tried again after somebody else wrote first.
const attempts = 8

// seenEvery spares the API: an unchanged report is written down this often.
const seenEvery = 5 * time.Second

// ErrUnknownMachine is returned for a machine that was never registered, or removed, or whose token is another.
var ErrUnknownMachine = errors.New("this machine is not known, or its token is not the one it got last")

// Store works on one namespace of one API.
type Store struct {
	Client    *kubeapi.Client
	Namespace string
	// OfflineAfter is the silence after which a machine counts as offline.
	OfflineAfter time.Duration
	Now          func() time.Time
}

// Ensure creates the namespace.
func (s *Store) Ensure(ctx context.Context) error {
	err := s.Client.Do(ctx, http.MethodPost, "/api/v1/namespaces", map[string]any{
		"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": s.Namespace},
	}, nil)
	if kubeapi.IsConflict(err) {
		return nil
	}
	return err
}

// Register writes a machine down, or finds it by its cattle-id, and gives it a new token.
func (s *Store) Register(ctx context.Context, registration machine.Registration) (secretName, token string, err error) {
	token = randomToken()
	secretName = machine.Name(registration.Cluster, registration.ID) + planSuffix
	err = s.change(ctx, secretName, func(secret *kubeapi.Secret) error {
		registration.Registered = s.Now().UTC()
		if before := secret.Data["registration"]; before != nil {
			var known machine.Registration
			if err := json.Unmarshal(before, &known); err != nil {
				return err
			}
			registration.Registered = known.Registered
		}
		if err := restarted(secret); err != nil {
			return err
		}
		secret.Type = planType
		secret.Metadata.Labels = map[string]string{clusterLabel: registration.Cluster, planLabel: "true"}
		secret.Data["tokenHash"] = []byte(hash(token))
		secret.Data["lastSeen"] = encodeTime(s.Now())
		return put(secret, "registration", registration)
	})
	return secretName, token, err
}

// Report writes down what a machine's agent says and gives the machine as it is then known.
func (s *Store) Report(ctx context.Context, secretName, token string, status machine.Status) (*machine.Machine, error) {
	var known *machine.Machine
	err := s.change(ctx, secretName, func(secret *kubeapi.Secret) error {
		want := secret.Data["tokenHash"]
		if want == nil || subtle.ConstantTimeCompare(want, []byte(hash(token))) != 1 {
			return ErrUnknownMachine
		}
		var err error
		if known, err = s.decode(*secret); err != nil {
			return err
		}
		joined := known.Joined || status.Ready
		if known.Status == status && joined == known.Joined && s.Now().Sub(known.LastSeen) < seenEvery {
			return errUnchanged
		}
		known.Status, known.Joined = status, joined
		secret.Data["lastSeen"] = encodeTime(s.Now())
		if joined {
			secret.Data["joined"] = []byte("true")
		}
		return put(secret, "status", status)
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return known, err
}

// Machines lists the machines of a cluster.
func (s *Store) Machines(ctx context.Context, cluster string) ([]machine.Machine, error) {
	secrets, err := s.Client.Secrets(ctx, s.Namespace, clusterLabel+"="+cluster+","+planLabel+"=true")
	if err != nil {
		return nil, err
	}
	out := make([]machine.Machine, 0, len(secrets))
	for _, secret := range secrets {
		known, err := s.decode(secret)
		if err != nil {
			return nil, err
		}
		out = append(out, *known)
	}
	return out, nil
}

// Plan gives a machine its next plan.
func (s *Store) Plan(ctx context.Context, cluster, id string, plan machine.Plan) error {
	return s.change(ctx, machine.Name(cluster, id)+planSuffix, func(secret *kubeapi.Secret) error {
		if secret.Data["registration"] == nil {
			return ErrUnknownMachine
		}
		return put(secret, "plan", plan)
	})
}

// Remove forgets a machine.
func (s *Store) Remove(ctx context.Context, cluster, id string) error {
	name := machine.Name(cluster, id) + planSuffix
	err := s.Client.Do(ctx, http.MethodDelete, kubeapi.SecretPath(s.Namespace, name), nil, nil)
	if kubeapi.IsNotFound(err) {
		return nil
	}
	return err
}

// State reads what is remembered of a cluster; a new one gets its server token here, once for all servers of Rancher.
func (s *Store) State(ctx context.Context, cluster string) (planner.State, error) {
	var state planner.State
	err := s.change(ctx, stateName(cluster), func(secret *kubeapi.Secret) error {
		if raw := secret.Data["state"]; raw != nil {
			if err := json.Unmarshal(raw, &state); err != nil {
				return err
			}
			return errUnchanged
		}
		state = planner.State{ServerToken: randomToken()}
		secret.Type = stateType
		secret.Metadata.Labels = map[string]string{clusterLabel: cluster}
		return put(secret, "state", state)
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return state, err
}

// SetState replaces before by after, and fails when somebody else has changed it meanwhile.
func (s *Store) SetState(ctx context.Context, cluster string, before, after planner.State) error {
	return s.change(ctx, stateName(cluster), func(secret *kubeapi.Secret) error {
		var now planner.State
		if err := json.Unmarshal(secret.Data["state"], &now); err != nil {
			return fmt.Errorf("state of cluster '%s': %w", cluster, err)
		}
		if now != before {
			return fmt.Errorf("the state of cluster '%s' was changed by another server", cluster)
		}
		return put(secret, "state", after)
	})
}

// Credential reads the administrator's credential of a member; nil when no control plane has sent one yet.
func (s *Store) Credential(ctx context.Context, cluster string) (*machine.Credential, error) {
	var secret kubeapi.Secret
	err := s.Client.Do(ctx, http.MethodGet, kubeapi.SecretPath(s.Namespace, credentialName(cluster)), nil, &secret)
	if kubeapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	credential := &machine.Credential{}
	return credential, json.Unmarshal(secret.Data["credential"], credential)
}

// SetCredential keeps the administrator's credential of a member.
func (s *Store) SetCredential(ctx context.Context, cluster string, credential machine.Credential) error {
	return s.change(ctx, credentialName(cluster), func(secret *kubeapi.Secret) error {
		secret.Metadata.Labels = map[string]string{clusterLabel: cluster}
		return put(secret, "credential", credential)
	})
}

// restarted keeps what the disk of a machine that comes back holds, and forgets that it was healthy.
func restarted(secret *kubeapi.Secret) error {
	raw := secret.Data["status"]
	if raw == nil {
		return nil
	}
	var status machine.Status
	if err := json.Unmarshal(raw, &status); err != nil {
		return err
	}
	status.Ready, status.Applied, status.Service = false, "", ""
	return put(secret, "status", status)
}

func stateName(cluster string) string      { return cluster + "-rke-state" }
func credentialName(cluster string) string { return cluster + "-kubeconfig" }

func (s *Store) decode(secret kubeapi.Secret) (*machine.Machine, error) {
	out := &machine.Machine{UID: secret.Metadata.UID, Joined: string(secret.Data["joined"]) == "true"}
	for key, target := range map[string]any{"registration": &out.Registration, "plan": &out.Plan, "status": &out.Status} {
		if raw := secret.Data[key]; raw != nil {
			if err := json.Unmarshal(raw, target); err != nil {
				return nil, fmt.Errorf("'%s' of secret '%s': %w", key, secret.Metadata.Name, err)
			}
		}
	}
	out.Name = machine.Name(out.Cluster, out.ID)
	seen, err := time.Parse(time.RFC3339Nano, string(secret.Data["lastSeen"]))
	if err != nil {
		return nil, fmt.Errorf("'lastSeen' of secret '%s': %w", secret.Metadata.Name, err)
	}
	out.LastSeen = seen
	out.Online = s.Now().Sub(seen) < s.OfflineAfter
	return out, nil
}

func encodeTime(at time.Time) []byte { return []byte(at.UTC().Format(time.RFC3339Nano)) }

func randomToken() string {
	raw := make([]byte, 27)
	// crypto/rand never fails
	_, _ = rand.Read(raw)
	return hex.EncodeToString(raw)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
