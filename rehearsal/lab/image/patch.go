package image

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// patches are what the packages must be told of the lab beyond their own settings.
var patches = []struct{ file, before, after string }{
	// cloud-init asks for session tokens (IMDSv2) only where the firmware or the hypervisor says that this is EC2; a
	// container has neither, and no setting replaces them
	{"usr/lib/python3/dist-packages/cloudinit/sources/DataSourceEc2.py", `"/sys/hypervisor/uuid"`, `"/etc/drover-lab/hypervisor-uuid"`},
}

// patch fails if a package does not look as it did, rather than make an image that behaves otherwise.
func patch(root string) error {
	for _, one := range patches {
		path := filepath.Join(root, one.file)
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		// the remark that explains the file must not be taken for its use
		changed := bytes.ReplaceAll(content, []byte("("+one.before), []byte("("+one.after))
		if bytes.Equal(changed, content) {
			return fmt.Errorf("%q does not mention %s any more: the patch must follow the package", one.file, one.before)
		}
		if err := os.WriteFile(path, changed, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compile renews the byte code of the patched files, so that no host does it at each of its boots.
func compile(ctx context.Context, root string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	arguments := []string{root, "python3", "-m", "compileall", "-q"}
	for _, one := range patches {
		arguments = append(arguments, "/"+one.file)
	}
	if output, err := exec.CommandContext(ctx, "chroot", arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("byte code of the patched files: %w: %s", err, output)
	}
	return nil
}
