// Package serve is the life of a server and of an agent.
package serve

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sys/unix"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"drover/rehearsal/kube/child"
	"drover/rehearsal/kube/component"
	"drover/rehearsal/kube/config"
	"drover/rehearsal/kube/image"
	"drover/rehearsal/kube/layout"
)

const pollEvery = 100 * time.Millisecond

// programs are the components that this binary is, by the name it is started with.
var programs = []string{
	"kubectl", "kubelet", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "etcd",
}

// installPrograms makes the names by which the components are started.
func installPrograms(data layout.Data) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(data.Bin(), 0o755); err != nil {
		return err
	}
	for _, name := range programs {
		link := data.Bin(name)
		if target, err := os.Readlink(link); err == nil && target == self {
			continue
		}
		if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
			return err
		}
		if err := os.Symlink(self, link); err != nil {
			return err
		}
	}
	return nil
}

// kernel are the settings that the kubelet wants to write.
var kernel = map[string]string{
	"vm/overcommit_memory": "1", "vm/panic_on_oom": "0", "kernel/panic": "10", "kernel/panic_on_oops": "1",
	"kernel/keys/root_maxkeys": "1000000", "kernel/keys/root_maxbytes": "25000000",
}

// shadowKernel puts plain files over settings that belong to the whole machine below this host, and lets pods share
// mounts with it.
func shadowKernel() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, ""); err != nil {
		return errShadow("/", err)
	}
	for name, value := range kernel {
		target := filepath.Join("/proc/sys", name)
		var found unix.Statfs_t
		if err := unix.Statfs(target, &found); err != nil {
			return errShadow(target, err)
		}
		if found.Type != unix.PROC_SUPER_MAGIC {
			continue
		}
		shadow := filepath.Join("/run/rke2/sysctl", name)
		if err := layout.Write(shadow, []byte(value+"\n"), 0o644); err != nil {
			return err
		}
		if err := unix.Mount(shadow, target, "", unix.MS_BIND, ""); err != nil {
			return errShadow(target, err)
		}
	}
	return nil
}

// startRuntime starts the container runtime and loads the images into it.
func startRuntime(ctx context.Context, group *child.Group, data layout.Data) error {
	program, err := component.Containerd(data)
	if err != nil {
		return err
	}
	group.Keep(ctx, program)
	brought, err := image.Brought()
	if err != nil {
		return err
	}
	return until(ctx, "the container runtime", func(ctx context.Context) error {
		if _, err := os.Stat(layout.RuntimeSocket); err != nil {
			return err
		}
		return image.Load(ctx, layout.RuntimeSocket, brought, data.Agent("images"))
	})
}

// startNode starts the kubelet and kube-proxy.
func startNode(ctx context.Context, group *child.Group, c *config.Config) error {
	for _, prepare := range []func() error{
		shadowKernel,
		func() error { return os.MkdirAll(c.Data.Agent("pod-manifests"), 0o755) },
		func() error { return component.WriteKubelet(c) },
		func() error { return component.WriteProxy(c) },
	} {
		if err := prepare(); err != nil {
			return err
		}
	}
	group.Keep(ctx, component.Kubelet(c))
	if !c.WithoutProxy {
		group.Keep(ctx, component.Proxy(c))
	}
	return nil
}

// kubeletHealthy asks the kubelet itself.
func kubeletHealthy(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, layout.KubeletHealthURL, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return errUnhealthy("kubelet", response.Status)
	}
	return nil
}

// connect makes a client of the API.
func connect(kubeconfig string) (*kubernetes.Clientset, error) {
	settings, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	settings.QPS, settings.Burst = 50, 100
	settings.Timeout = 15 * time.Second
	return kubernetes.NewForConfig(settings)
}

// until repeats until it succeeds or the context ends, and says every ten seconds what it waits for.
func until(ctx context.Context, what string, try func(context.Context) error) error {
	started, said := time.Now(), time.Now()
	for {
		attempt, cancel := context.WithTimeout(ctx, 10*time.Second)
		err := try(attempt)
		cancel()
		if err == nil {
			slog.Info("ready", "what", what, "after", time.Since(started).Round(time.Millisecond))
			return nil
		}
		if time.Since(said) > 10*time.Second {
			said = time.Now()
			slog.Info("waiting", "for", what, "since", time.Since(started).Round(time.Second), "why", err)
		}
		select {
		case <-ctx.Done():
			return errStopped(what, err)
		case <-time.After(pollEvery):
		}
	}
}

// notify tells the service manager; without one it does nothing.
func notify(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		slog.Warn("the service manager was not told", "state", state, "why", err)
	}
}
