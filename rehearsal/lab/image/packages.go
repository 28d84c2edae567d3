package image

// packages are what a cloud's image brings and the bootstrap's steps use. A host of the lab has no way out, so whatever a
// step would install must be here or among those that the mirror holds. Containerd and its friends are those of the RKE2 stand-in.
var packages = []string{
	"bsdutils", "ca-certificates", "cloud-init", "conntrack", "containerd", "containernetworking-plugins", "curl", "dbus",
	"e2fsprogs", "ethtool", "fdisk", "gzip", "iproute2", "iptables", "iputils-ping", "jq", "kmod", "less", "mount",
	"netbase", "nftables", "openssh-server", "openssl", "procps", "python3", "runc", "socat", "sudo", "systemd", "systemd-sysv", "tar",
	"udev", "util-linux", "xfsprogs",
}

// mirrored are the packages that a step may install; what they need comes with them.
var mirrored = []string{
	"curl", "glusterfs-client", "glusterfs-server", "keepalived", "libnginx-mod-stream", "nginx", "xfsprogs",
}

// masked units have no place in a host of the lab: they would ask for packages outside, look after disks that are not
// the host's, or wait for somebody at the console.
var masked = []string{
	"apt-daily.timer", "apt-daily-upgrade.timer", "console-getty.service", "e2scrub_all.timer", "e2scrub_reap.service",
	"fstrim.timer", "getty@tty1.service", "systemd-timesyncd.service",
}

// enabled units, each with the target that wants it.
var enabled = map[string]string{"drover-lab-guard.service": "sysinit.target"}

// disabled are services that their packages switch on: no cloud's image starts a containerd of its own, and nobody but
// hosts that are reached by it needs an SSH server.
var disabled = []string{
	"multi-user.target.wants/containerd.service", "multi-user.target.wants/ssh.service", "sshd.service",
}

// MirrorHost is the name of the mirror that hosts install packages from: the lab's DNS answers it.
const MirrorHost = "packages.drover-lab.internal"
