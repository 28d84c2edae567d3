package release

import (
	"fmt"
	"strings"
)

func errResult(file string, err error) error {
	return fmt.Errorf("result of a release in %q: %w", file, err)
}

func errNoCluster(scope string) error {
	return fmt.Errorf("no cluster of the lab is meant by %q", scope)
}

func errNoServer(cluster string, reasons []error) error {
	if len(reasons) == 0 {
		return fmt.Errorf("no server of cluster %q runs", cluster)
	}
	texts := make([]string, 0, len(reasons))
	for _, reason := range reasons {
		texts = append(texts, reason.Error())
	}
	return fmt.Errorf("no server of cluster %q answers: %s", cluster, strings.Join(texts, "; "))
}

func errArgument(name string) error {
	return fmt.Errorf("the lab does not carry out %q: give it as values", name)
}

func errKubeconfig(err error) error {
	return fmt.Errorf("kubeconfig of the administrator: %w", err)
}

func errKubeconfigClusters(count int) error {
	return fmt.Errorf("kubeconfig of the administrator has %d clusters, must have one", count)
}
