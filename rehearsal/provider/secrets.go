package main

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// secrets are the write-only arguments that the object holds after the change. They reach a real cloud only when their
// version argument changes, so an update without that keeps what the cloud has.
func (m *making) secrets() map[string]any {
	out := map[string]any{}
	collectWriteOnly(m.schema.Block, m.config, "", out)
	if m.before == nil || m.op == "create" {
		return out
	}
	for name, value := range m.before.Secrets {
		top, _, _ := strings.Cut(name, ".")
		if !m.resent(top) {
			out[name] = value
		}
	}
	return out
}

// resent says that the version argument beside a write-only argument changes; one without such is sent every time.
func (m *making) resent(name string) bool {
	for _, suffix := range []string{"_version", "_revision"} {
		if now, ok := m.arguments[name+suffix]; ok {
			return displayed(now) != displayed(m.before.Attrs[name+suffix])
		}
	}
	return true
}

// collectWriteOnly gathers the given write-only values by their dotted path.
func collectWriteOnly(block *tfprotov6.SchemaBlock, value tftypes.Value, path string, out map[string]any) {
	own := membersOf(value)
	for _, attribute := range block.Attributes {
		if value := own[attribute.Name]; attribute.WriteOnly && isGiven(value) {
			out[joinPath(path, attribute.Name)] = toJSON(value)
		}
	}
	for _, nested := range block.BlockTypes {
		for _, child := range fanOut(own[nested.TypeName]) {
			collectWriteOnly(nested.Block, child, joinPath(path, nested.TypeName), out)
		}
	}
}

// holdsWriteOnly says that a nested object has write-only members, so that it is write-only as a whole.
func holdsWriteOnly(nested *tfprotov6.SchemaObject) bool {
	if nested == nil {
		return false
	}
	for _, attribute := range nested.Attributes {
		if attribute.WriteOnly {
			return true
		}
	}
	return false
}

// heldSecret answers "has_<write-only argument>" attributes.
func heldSecret(attribute string, secrets map[string]any) (held, isOne bool) {
	name, isOne := strings.CutPrefix(attribute, "has_")
	if !isOne || !strings.HasSuffix(name, "_wo") {
		return false, false
	}
	_, held = secrets[name]
	return held, true
}
