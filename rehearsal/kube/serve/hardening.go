package serve

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"drover/rehearsal/kube/config"
)

// checkHardening refuses what RKE2's profile cis refuses: a machine that was not prepared for it.
func checkHardening(c *config.Config) error {
	if c.Profile == "" {
		return nil
	}
	if _, err := user.Lookup("etcd"); err != nil {
		return errNoEtcdUser(c.Profile)
	}
	if c.Profile == "etcd" {
		return nil
	}
	for _, name := range []string{"vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"} {
		content, err := os.ReadFile(filepath.Join("/proc/sys", name))
		if err != nil {
			return err
		}
		if found := strings.TrimSpace(string(content)); found != kernel[name] {
			return errKernelValue(strings.ReplaceAll(name, "/", "."), kernel[name], found)
		}
	}
	return nil
}
