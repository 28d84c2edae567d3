package serve

import "fmt"

func errShadow(path string, err error) error {
	return fmt.Errorf("'%s' can't be mounted over: %w", path, err)
}

func errUnhealthy(what, status string) error { return fmt.Errorf("%s answers %s", what, status) }

func errStopped(what string, last error) error {
	return fmt.Errorf("stopped while waiting for %s: %w", what, last)
}

func errDataWithoutKeys(folder string) error {
	return fmt.Errorf("'%s' holds etcd data but not the cluster's keys or its record: restore the whole folder, or begin with an empty disk", folder)
}

func errOtherToken() error {
	return fmt.Errorf("bootstrap data already found and encrypted with different token: 'token' is not the one in this server's own 'server/token'")
}

func errNoToken() error { return fmt.Errorf("a server that joins needs 'token' or 'token-file'") }

func errNoEtcdUser(profile string) error {
	return fmt.Errorf("missing required: user: unknown user etcd; profile '%s' needs it (useradd -r -M -U -s /sbin/nologin etcd)", profile)
}

func errKernelValue(name, wanted, found string) error {
	return fmt.Errorf("invalid kernel parameter value %s=%s - expected %s", name, found, wanted)
}
