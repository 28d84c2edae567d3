package host

import (
	"context"
	"errors"
	"sync"
)

// Close switches all machines off, cleanly if ctx gives them the time. Those that were on are on again after Resume.
func (h *Hosts) Close(ctx context.Context) error {
	return h.each(func(id string) error {
		g, on, _ := h.running(id) // that it is off already is no error
		if on == nil {
			return nil
		}
		return errors.Join(h.Stop(ctx, id), h.change(g, func(machine *Machine) { machine.State = Pending }))
	})
}

// Resume switches on the machines that were on when the lab ended.
func (h *Hosts) Resume(ctx context.Context) error {
	return h.each(func(id string) error {
		g, err := h.find(id)
		if err != nil {
			return err
		}
		if h.state(g) != Pending {
			return nil
		}
		err = h.Start(ctx, id)
		if err != nil {
			err = errors.Join(err, h.change(g, func(machine *Machine) { machine.State = Stopped }))
		}
		return err
	})
}

// Destroy terminates all machines at once, without asking them.
func (h *Hosts) Destroy() error {
	return h.each(func(id string) error { return h.Terminate(noTime(), id) })
}

func (h *Hosts) each(do func(id string) error) error {
	machines := h.Machines()
	failed := make([]error, len(machines))
	var waiting sync.WaitGroup
	for index, machine := range machines {
		if machine.State != Terminated {
			waiting.Go(func() { failed[index] = do(machine.ID) })
		}
	}
	waiting.Wait()
	return errors.Join(failed...)
}
