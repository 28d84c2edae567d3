package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// private is what the provider remembers beside a resource's state: where the world keeps the object.
type private struct {
	ID  string `json:"id"`
	Key string `json:"key,omitempty"`
}

// locate finds the object that a state is about; nil if it is gone. Terraform forgets what the provider remembers when
// it destroys an object whose creation failed half-way: then the identifier, and where several have it, all attributes.
func (s *server) locate(kind string, raw []byte, state map[string]any) (*record, error) {
	scope := s.scopeOf(kind, state)
	var known private
	if json.Unmarshal(raw, &known) == nil && known.ID != "" {
		return s.world.get(kind, scope, known.ID, known.Key)
	}
	found, err := s.world.byID(kind, displayed(state["id"]))
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(r *record) bool { return r.Scope != scope })
	if len(found) > 1 {
		found = slices.DeleteFunc(found, func(r *record) bool { return !reflect.DeepEqual(r.Attrs, state) })
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

func (r *record) private() []byte {
	out, _ := json.Marshal(private{ID: r.ID, Key: r.Key})
	return out
}

// change is one create, update or delete in progress.
type change struct {
	server  *server
	kind    string
	op      string
	schema  *tfprotov6.Schema
	config  tftypes.Value
	prior   tftypes.Value
	planned tftypes.Value
	private []byte
}

// ApplyResourceChange creates, updates or deletes one object of the world. Once begun it is finished, whatever is asked
// of the process meanwhile: an interrupted deploy leaves whole objects.
func (s *server) ApplyResourceChange(_ context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	out := &tfprotov6.ApplyResourceChangeResponse{NewState: request.PriorState, Private: request.PlannedPrivate}
	c, err := s.newChange(request)
	if err != nil {
		out.Diagnostics = failure("%s: %v", request.TypeName, err)
		return out, nil
	}
	s.pause(s.delay)
	made, id, err := c.run()
	problem := ""
	if err != nil {
		problem = err.Error()
		out.Diagnostics = failure("%s", problem)
	}
	s.record(c.op, c.kind, id, problem)
	if made == nil {
		return out, nil
	}
	out.Private = made.record.private()
	out.UnsafeToUseLegacyTypeSystem = len(s.rules.Blocks[c.kind]) > 0 || len(s.rules.SilentMoves[c.kind]) > 0
	if c.op == "delete" {
		out.NewState = request.PlannedState
		return out, nil
	}
	if out.NewState, err = dynamicValue(made.state); err != nil {
		out.Diagnostics = append(out.Diagnostics, failure("%s: %v", request.TypeName, err)...)
		out.NewState = request.PriorState
	}
	return out, nil
}

func (s *server) newChange(request *tfprotov6.ApplyResourceChangeRequest) (*change, error) {
	schema, ok := s.schemas.resources[request.TypeName]
	if !ok {
		return nil, fmt.Errorf("unknown resource type")
	}
	c := &change{server: s, kind: request.TypeName, schema: schema, private: request.PlannedPrivate}
	t := schema.ValueType()
	var err error
	if c.prior, err = request.PriorState.Unmarshal(t); err != nil {
		return nil, fmt.Errorf("prior state: %w", err)
	}
	if c.planned, err = request.PlannedState.Unmarshal(t); err != nil {
		return nil, fmt.Errorf("planned state: %w", err)
	}
	if c.config, err = request.Config.Unmarshal(t); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	switch {
	case c.prior.IsNull():
		c.op = "create"
	case c.planned.IsNull():
		c.op = "delete"
	default:
		c.op = "update"
	}
	return c, nil
}

// made is an object as it now is.
type made struct {
	record *record
	state  tftypes.Value
	// generated marks an object whose key the cloud chose.
	generated bool
}

// run makes the change. The object is handed back also beside an error if it exists all the same.
func (c *change) run() (*made, string, error) {
	if err := c.server.reachable(); err != nil {
		return nil, "", fmt.Errorf("%s: %w", c.doing(""), err)
	}
	arguments := objectJSON(c.planned)
	name := displayed(arguments["name"])
	if c.op != "create" {
		name = displayed(objectJSON(c.prior)["id"])
	}
	struck := c.server.strike(c.kind, c.op, name)
	if struck != nil && struck.Mode != "partial" {
		return nil, name, fmt.Errorf("%s: %s", c.doing(name), struck.message())
	}
	var out *made
	var err error
	switch c.op {
	case "delete":
		out, err = c.delete()
	case "create":
		out, err = c.create()
	default:
		out, err = c.update()
	}
	if out != nil {
		name = out.record.ID
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", c.doing(name), err)
	} else if struck != nil {
		err = fmt.Errorf("%s: %s", c.doing(name), struck.message())
	}
	return out, name, err
}

func (c *change) doing(id string) string {
	verb := map[string]string{"create": "creating", "update": "updating", "delete": "deleting"}[c.op]
	if id == "" {
		return fmt.Sprintf("%s %s", verb, c.kind)
	}
	return fmt.Sprintf("%s %s (%s)", verb, c.kind, id)
}

// current is the object that the change is about, or nil if it is gone.
func (c *change) current() (*record, error) {
	return c.server.locate(c.kind, c.private, objectJSON(c.prior))
}

func (c *change) delete() (*made, error) {
	found, err := c.current()
	if err != nil {
		return nil, err
	}
	if found == nil { // gone already: that is what was asked for
		state := objectJSON(c.prior)
		return &made{record: &record{ID: displayed(state["id"])}}, nil
	}
	if err := c.server.refuseDelete(found); err != nil {
		return nil, err
	}
	generated := c.server.filler(c.kind, found.key(), found.Attrs).isGenerated()
	if err := c.server.world.remove(found, generated); err != nil {
		return nil, err
	}
	claims := c.server.world.claimsOf(c.server.rules.Unique[c.kind], c.kind, found.Scope, found.Attrs)
	if c.server.keepsName(found) {
		claims = nil
	}
	if err := c.server.world.release(claims, owner(found)); err != nil {
		return &made{record: found}, err
	}
	if ending, ok := endings[c.kind]; ok {
		if err := ending(c.server, found); err != nil {
			return nil, err
		}
	}
	return &made{record: found}, nil
}

// owner is how claims name the object that holds them.
func owner(r *record) string { return r.Type + " " + r.key() }
