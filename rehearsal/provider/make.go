package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// making is the work on one object's values: by the type's own code (derive*.go), then by rule.
type making struct {
	*change
	*filler
	// arguments are the planned values, what is unknown left out.
	arguments map[string]any
	// before is the object that is updated; nil on create.
	before *record
}

// how many equal objects the world holds at most.
const mostTwins = 1000

func (c *change) create() (*made, error) {
	if err := c.server.refuseMissing(c.kind, objectJSON(c.config)); err != nil {
		return nil, err
	}
	for n := 0; n < mostTwins; n++ {
		out, err := c.createNth(n)
		if !errors.Is(err, errTaken) {
			return out, err
		}
		if out != nil && !out.generated {
			return c.adopt(out)
		}
	}
	return nil, fmt.Errorf("%d equal objects exist", mostTwins)
}

// createNth makes the n-th object with these arguments; errTaken if that one exists.
func (c *change) createNth(n int) (*made, error) {
	arguments := objectJSON(c.planned)
	scope := c.server.scopeOf(c.kind, arguments)
	m := &making{
		change: c, arguments: arguments,
		filler: c.server.filler(c.kind, seedOf(c.kind, scope, arguments, n), objectJSON(c.planned)),
	}
	out, err := m.build()
	if err != nil {
		return nil, err
	}
	w := c.server.world
	if err := w.create(out.record, out.generated); err != nil {
		return out, err
	}
	claims := w.claimsOf(c.server.rules.Unique[c.kind], c.kind, scope, out.record.Attrs)
	if err := w.take(claims, owner(out.record)); err != nil {
		if removeErr := w.remove(out.record, false); removeErr != nil {
			return nil, removeErr
		}
		return nil, c.retryIfChosen(err, out.generated)
	}
	err = c.afterwards(out.record)
	var undone *undoneError
	if errors.As(err, &undone) {
		return nil, errors.Join(err, w.remove(out.record, false), w.release(claims, owner(out.record)))
	}
	return out, err
}

// retryIfChosen answers errTaken where the author did not ask for the value that is taken: the next choice may be free.
func (c *change) retryIfChosen(err error, generated bool) error {
	var taken *takenError
	if !errors.As(err, &taken) || !generated {
		return err
	}
	paths := taken.claim.paths
	if jsonAt(objectJSON(c.config), paths[len(paths)-1]) != nil {
		return err
	}
	return errTaken
}

// afterwards does what the new object brings about.
func (c *change) afterwards(r *record) error {
	if effect, ok := effects[c.kind]; ok {
		return effect(c.server, r)
	}
	return nil
}

// adopt takes over an object that is there, where the type has a switch for that (overwrite) or always does.
func (c *change) adopt(wanted *made) (*made, error) {
	w := c.server.world
	existing, err := w.get(c.kind, wanted.record.Scope, wanted.record.ID, wanted.record.Key)
	if err != nil {
		return nil, err
	}
	overwrite, _ := objectJSON(c.config)["overwrite"].(bool)
	if !overwrite && !slices.Contains(c.server.rules.Upserts, c.kind) || existing == nil {
		return nil, fmt.Errorf("AlreadyExists: an object with the name %q exists and this state does not own it", wanted.record.ID)
	}
	m := &making{change: c, before: existing, arguments: objectJSON(c.planned),
		filler: c.server.filler(c.kind, seedOf(c.kind, existing.Scope, objectJSON(c.planned), 0), objectJSON(c.planned))}
	m.chosen["version"] = nextVersion(existing)
	out, err := m.build()
	if err != nil {
		return nil, err
	}
	return out, w.put(out.record)
}

func (c *change) update() (*made, error) {
	before, err := c.current()
	if err != nil {
		return nil, err
	}
	if before == nil {
		return nil, errors.New("NotFound: the object does not exist any more")
	}
	if err := c.server.refuseMissing(c.kind, objectJSON(c.config)); err != nil {
		return nil, err
	}
	c.moveSilently()
	arguments := objectJSON(c.planned)
	m := &making{
		change: c, arguments: arguments, before: before,
		filler: c.server.filler(c.kind, seedOf(c.kind, before.Scope, arguments, 0)+"|after "+before.key(), objectJSON(c.planned)),
	}
	for name := range c.server.rules.Bumps[c.kind] {
		if isCounter(before.Attrs[name]) {
			m.chosen[name] = c.nextCounter(before, name)
		}
	}
	out, err := m.build()
	if err != nil {
		return nil, err
	}
	out.record.Scope = before.Scope
	if err := c.replaceRecord(before, out.record); err != nil {
		return out, err
	}
	if effect, ok := updateEffects[c.kind]; ok {
		if err := effect(c.server, before, out.record); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// moveSilently makes unknown again what changes with the object though the plan could not say so.
func (c *change) moveSilently() {
	own, prior := membersOf(c.planned), membersOf(c.prior)
	var changed []string
	for name, value := range own {
		if !value.Equal(prior[name]) {
			changed = append(changed, name)
		}
	}
	for name, rule := range c.server.rules.SilentMoves[c.kind] {
		if rule.moves(changed) {
			own[name] = unknownOf(own[name].Type())
		}
	}
	c.planned = tftypes.NewValue(c.planned.Type(), own)
}

// replaceRecord writes the updated object and moves its claims.
func (c *change) replaceRecord(before, after *record) error {
	w := c.server.world
	old := w.claimsOf(c.server.rules.Unique[c.kind], c.kind, before.Scope, before.Attrs)
	now := w.claimsOf(c.server.rules.Unique[c.kind], c.kind, after.Scope, after.Attrs)
	if err := w.take(without(now, old), owner(after)); err != nil {
		return err
	}
	if err := w.put(after); err != nil {
		return err
	}
	if err := w.release(without(old, now), owner(before)); err != nil {
		return err
	}
	if w.pathOf(before) == w.pathOf(after) {
		return nil
	}
	return w.remove(before, true)
}

// build gives the object all its values.
func (m *making) build() (*made, error) {
	if derive, ok := derivations[m.change.kind]; ok {
		if err := derive(m); err != nil {
			return nil, err
		}
	}
	generated := m.isGenerated()
	secrets := m.secrets()
	for name := range membersOf(m.planned) {
		if held, ok := heldSecret(name, secrets); ok {
			m.chosen[name] = held
		}
	}
	own := membersOf(m.planned)
	if err := m.fillObject(m.schema.Block, own); err != nil {
		return nil, fmt.Errorf("rules of the simulated provider: %w", err)
	}
	state := tftypes.NewValue(m.schema.ValueType(), own)
	attrs := objectJSON(state)
	id := displayed(attrs["id"])
	if id == "" {
		id = m.id()
	}
	key := m.key()
	if m.before != nil {
		key = m.before.key()
		if m.before.Key == "" {
			key = id
		}
	}
	if key == id {
		key = ""
	}
	out := &record{
		Type: m.change.kind, ID: id, Key: key, Provider: m.server.name,
		Scope: m.server.scopeOf(m.change.kind, attrs), Attrs: attrs, Secrets: secrets,
	}
	if m.before != nil && membersOf(m.planned)["version"].IsKnown() {
		out.Live = m.before.Live // nothing newer was sent
	}
	return &made{state: state, record: out, generated: generated}, nil
}
