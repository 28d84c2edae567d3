package host

import "context"

// Pull takes a machine's cable out of the switch.
func (h *Hosts) Pull(ctx context.Context, id string) error {
	return h.cable(ctx, id, h.Switch.Pull, "cable pulled")
}

// Plug puts it in again.
func (h *Hosts) Plug(ctx context.Context, id string) error {
	return h.cable(ctx, id, h.Switch.Plug, "cable plugged")
}

func (h *Hosts) cable(ctx context.Context, id string, do func(context.Context, string) error, event string) error {
	g, _, err := h.running(id)
	if err != nil {
		return err
	}
	h.Log.Info(event, "machine", id, "name", g.spec.Name)
	return do(ctx, id)
}
