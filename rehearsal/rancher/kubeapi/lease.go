package kubeapi

import (
	"context"
	"net/http"
	"time"
)

// leaseDuration is how long a holder may be silent before another takes over.
const leaseDuration = 10 * time.Second

type lease struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Metadata   Metadata `json:"metadata"`
	Spec       struct {
		HolderIdentity       string `json:"holderIdentity"`
		LeaseDurationSeconds int    `json:"leaseDurationSeconds"`
		RenewTime            string `json:"renewTime"`
	} `json:"spec"`
}

// Lead keeps one of several equal servers in charge by a Lease.
type Lead struct {
	// Namespace, Name and Holder say which lease, and as whom.
	Namespace, Name, Holder string
	// Since is when this server took the lead; zero while another has it.
	Since time.Time

	version  string
	observed time.Time
	renewed  time.Time
}

// Hold takes or renews the lease and says whether this server leads. Another's silence is timed by this machine's
// own clock from when it saw the last renewal, so that clocks need not agree.
func (l *Lead) Hold(ctx context.Context, client *Client, now time.Time) (bool, error) {
	if !l.Since.IsZero() && now.Sub(l.renewed) < leaseDuration/3 {
		return true, nil
	}
	path := "/apis/coordination.k8s.io/v1/namespaces/" + l.Namespace + "/leases"
	var current lease
	err := client.Do(ctx, http.MethodGet, path+"/"+l.Name, nil, &current)
	if err != nil && !IsNotFound(err) {
		return l.lost(now), err
	}
	if err == nil && current.Spec.HolderIdentity != l.Holder {
		if current.Metadata.ResourceVersion != l.version {
			l.version, l.observed = current.Metadata.ResourceVersion, now
		}
		if now.Sub(l.observed) < leaseDuration {
			l.Since = time.Time{}
			return false, nil
		}
	}
	method, target := http.MethodPut, path+"/"+l.Name
	if err != nil {
		method, target = http.MethodPost, path
		current = lease{APIVersion: "coordination.k8s.io/v1", Kind: "Lease", Metadata: Metadata{Name: l.Name, Namespace: l.Namespace}}
	}
	current.Spec.HolderIdentity = l.Holder
	current.Spec.LeaseDurationSeconds = int(leaseDuration / time.Second)
	current.Spec.RenewTime = now.UTC().Format("2006-01-02T15:04:05.000000Z")
	if err := client.Do(ctx, method, target, current, nil); err != nil {
		if IsConflict(err) {
			l.Since = time.Time{}
			return false, nil
		}
		return l.lost(now), err
	}
	l.renewed = now
	if l.Since.IsZero() {
		l.Since = now
	}
	return true, nil
}

// lost keeps the lead through a short silence of the API, but not beyond the time after which others may take it.
func (l *Lead) lost(now time.Time) bool {
	if l.Since.IsZero() || now.Sub(l.renewed) >= leaseDuration {
		l.Since = time.Time{}
		return false
	}
	return true
}
