package main

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// readKubernetesResource answers for what a recorded release would have made and the program reads back. There is one
// such object: the CA that Rancher makes for itself and keeps in a setting.
func readKubernetesResource(r *reading) error {
	kind, name := displayed(r.config["kind"]), displayed(jsonAt(r.config, "metadata.0.name"))
	if displayed(r.config["api_version"]) != "management.cattle.io/v3" || kind != "Setting" || name != "cacerts" {
		return fmt.Errorf("the simulated cluster records releases and runs none: it has no %s %q", kind, name)
	}
	releases, err := r.server.world.all("helm_release")
	if err != nil {
		return err
	}
	for _, release := range releases {
		if release.Attrs["chart"] != "rancher" {
			continue
		}
		ca, err := clusterAuthority("rancher/" + release.Scope)
		if err != nil {
			return err
		}
		text := func(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
		r.chosen["object"] = objectOf(members{"apiVersion": text("management.cattle.io/v3"), "kind": text(kind), "value": text(ca.pem)})
		return nil
	}
	return fmt.Errorf("settings.management.cattle.io %q not found: Rancher is not installed", name)
}

func objectOf(own members) tftypes.Value {
	types := make(map[string]tftypes.Type, len(own))
	for name, value := range own {
		types[name] = value.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, map[string]tftypes.Value(own))
}
