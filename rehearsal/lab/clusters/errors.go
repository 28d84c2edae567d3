package clusters

import "fmt"

func errNoServer(cluster string) error {
	return fmt.Errorf("no server of cluster '%s' runs", cluster)
}

func errNoCredential(cluster string, err error) error {
	return fmt.Errorf("no server of cluster '%s' gives its administrator's kubeconfig: %w", cluster, err)
}

func errSilent(cluster string, err error) error {
	return fmt.Errorf("no server of cluster '%s' answers: %w", cluster, err)
}

func errKubeconfig(err error) error {
	return fmt.Errorf("kubeconfig of the administrator: %w", err)
}

func errContents(clusters, users int) error {
	return fmt.Errorf("kubeconfig of the administrator has %d clusters and %d users, must have one of each", clusters, users)
}
