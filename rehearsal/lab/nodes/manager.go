package nodes

import (
	"context"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"drover/rehearsal/rancher/kubeapi"
)

// Controllers of the cloud controller manager that are stood in for.
const (
	nodeController      = "cloud-node-controller"
	lifecycleController = "cloud-node-lifecycle-controller"
)

const (
	chartName  = "aws-cloud-controller-manager"
	chartsPath = "/apis/helm.cattle.io/v1/helmcharts"
	// how often an installed manager's arguments are read again.
	rereadAfter = 10 * time.Second
)

var controllersArgument = regexp.MustCompile(`--controllers=([^\s"']+)`)

// manager is what a cluster's HelmChart says of the cloud controller manager: none, or which controllers it runs.
type manager struct {
	isInstalled bool
	controllers []string
	at          time.Time
}

// read asks the cluster for the HelmChart, often as long as there is none.
func (m *manager) read(ctx context.Context, do func(ctx context.Context, method, path string, in, out any) error) error {
	if m.isInstalled && time.Since(m.at) < rereadAfter {
		return nil
	}
	var list struct {
		Items []struct {
			Spec struct{ Chart, ValuesContent string }
		}
	}
	// before RKE2 has made the type nobody can have asked for a chart
	if err := do(ctx, http.MethodGet, chartsPath, nil, &list); err != nil && !kubeapi.IsNotFound(err) {
		return err
	}
	*m = manager{at: time.Now()}
	for _, item := range list.Items {
		if path.Base(item.Spec.Chart) == chartName {
			m.isInstalled, m.controllers = true, []string{"*"}
			if found := controllersArgument.FindStringSubmatch(item.Spec.ValuesContent); found != nil {
				m.controllers = strings.Split(found[1], ",")
			}
		}
	}
	return nil
}

// runs says whether a controller is on: by its name, or by * unless it is switched off.
func (m *manager) runs(controller string) bool {
	if !m.isInstalled || slices.Contains(m.controllers, "-"+controller) {
		return false
	}
	return slices.Contains(m.controllers, controller) || slices.Contains(m.controllers, "*")
}
