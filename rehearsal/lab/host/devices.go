package host

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// how much higher the NVMe number of a disk is that has another name.
const farNVMe = 2

// devices are the folders that make a host see its own disks only: what stands for /sys/block and /sys/class/block,
// and /run/udev with the rules that name a disk as its own machine does.
type devices struct {
	folder string
}

func (d devices) block() string { return filepath.Join(d.folder, "block") }
func (d devices) class() string { return filepath.Join(d.folder, "class-block") }
func (d devices) udev() string  { return filepath.Join(d.folder, "udev") }

// binds are the options that put the folders in their places.
func (d devices) binds() []string {
	return []string{
		"--bind=" + d.block() + ":/sys/block", "--bind=" + d.class() + ":/sys/class/block", "--bind=" + d.udev() + ":/run/udev",
	}
}

// clear starts a boot: no disk, no knowledge of an earlier boot. systemd listens to udev only if its control file is
// there before systemd is; without it every mount by UUID waits 90 s and fails.
func (d devices) clear() error {
	for _, folder := range []string{d.block(), d.class(), d.udev()} {
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(d.udev(), "control"), nil, 0o600)
}

// names are what udev is to say of a disk, which would be the NVMe disk of this number where it is one.
func (d Disk) names(number int) string {
	if d.Serial == "" && d.Link == "" {
		serial := strings.Replace(d.VolumeID, "-", "", 1)
		return fmt.Sprintf(`ENV{ID_SERIAL_SHORT}="%s", ENV{ID_MODEL}="Amazon Elastic Block Store", `+
			`ENV{ID_SERIAL}="Amazon_Elastic_Block_Store_%s", `+
			`SYMLINK+="disk/by-id/nvme-Amazon_Elastic_Block_Store_%s nvme%dn1"`, serial, serial, serial, number)
	}
	var out []string
	if d.Serial != "" {
		out = append(out, fmt.Sprintf(`ENV{ID_SERIAL_SHORT}="%s", ENV{ID_SERIAL}="disk_%s", SYMLINK+="disk/by-id/ata-disk_%s"`,
			d.Serial, d.Serial, d.Serial))
	}
	if d.Link != "" {
		out = append(out, fmt.Sprintf(`SYMLINK+="disk/%s"`, d.Link))
	}
	return strings.Join(out, ", ")
}

// show makes the host see the disks, each with its block device.
func (d devices) show(disks []Disk, loops []*loop) error {
	var rules strings.Builder
	for index, disk := range disks {
		name, number := loops[index].name(), index+1
		if loops[index].index >= farLoop { // the kernel counted otherwise this time
			number += farNVMe
		}
		fmt.Fprintf(&rules, `SUBSYSTEM=="block", KERNEL=="%s", %s`+"\n", name, disk.names(number))
		for folder, up := range map[string]string{d.block(): "..", d.class(): "../.."} {
			err := os.Symlink(filepath.Join(up, "devices/virtual/block", name), filepath.Join(folder, name))
			if err != nil && !os.IsExist(err) {
				return err
			}
		}
	}
	folder := filepath.Join(d.udev(), "rules.d")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "65-drover-lab-disks.rules"), []byte(rules.String()), 0o644)
}
