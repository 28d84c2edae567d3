package host

import (
	"errors"
	"os"
	"path/filepath"
)

// Forget removes the root file systems of a lab that does not run and notes that its machines are terminated.
func Forget(dir string) error {
	failed := []error{os.RemoveAll(filepath.Join(dir, "hosts"))}
	files, err := filepath.Glob(filepath.Join(dir, "machines", "*.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		var machine Machine
		err := readJSON(file, &machine)
		if err == nil && machine.State != Terminated {
			machine.State = Terminated
			err = writeJSON(file, machine)
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
