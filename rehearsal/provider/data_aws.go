package main

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// The letters of a region's zones, as every simulated region has them.
var zoneLetters = []string{"a", "b", "c"}

func readZones(r *reading) error {
	names, ids := []any{}, []any{}
	excluded, _ := r.config["exclude_names"].([]any)
	excludedIDs, _ := r.config["exclude_zone_ids"].([]any)
	for i, letter := range zoneLetters {
		name, id := r.region+letter, fmt.Sprintf("%s-az%d", zonePrefix(r.region), i+1)
		if oneOf(name, excluded) || oneOf(id, excludedIDs) {
			continue
		}
		names, ids = append(names, name), append(ids, id)
	}
	r.chosen["names"], r.chosen["zone_ids"] = names, ids
	r.chosen["group_names"] = []any{r.region}
	r.chosen["id"] = r.region
	return nil
}

func readAMI(r *reading) error {
	recent, _ := r.config["most_recent"].(bool)
	owners, _ := r.config["owners"].([]any)
	allowed, _ := r.config["allow_unsafe_filter"].(bool)
	bounded := len(owners) > 0 || allowed
	filters, _ := r.config["filter"].([]any)
	for _, filter := range filters {
		name := jsonAt(filter, "name")
		bounded = bounded || name == "image-id" || name == "owner-id"
	}
	if recent && !bounded {
		return fmt.Errorf("Most Recent Image Not Filtered: \"most_recent\" is true and neither \"owners\" nor a filter by image or owner is set") //nolint:staticcheck // the provider's own summary
	}
	if !recent && r.config["name_regex"] == nil && len(filters) == 0 {
		return fmt.Errorf("your query returned more than one result: set \"most_recent\" or more filters")
	}
	return nil
}

func readZone(r *reading) error {
	zones, err := r.server.world.all("aws_route53_zone")
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(displayed(r.config["name"]), ".")
	wanted := displayed(r.config["zone_id"])
	if name == "" && wanted == "" {
		return fmt.Errorf("either \"name\" or \"zone_id\" must be set")
	}
	for _, zone := range zones {
		if zone.Attrs["zone_id"] == wanted || name != "" && zone.Attrs["name"] == name {
			for attribute, value := range zone.Attrs {
				r.chosen[attribute] = value
			}
			return nil
		}
	}
	// a zone is a precondition of every environment: it exists before the first deploy
	private, _ := r.config["private_zone"].(bool)
	if wanted == "" {
		wanted = "Z" + strings.ToUpper(longHash(fmt.Sprintf("zone|%s|%t", name, private))[:20])
	}
	r.chosen["id"], r.chosen["zone_id"] = wanted, wanted
	if name != "" {
		r.chosen["name"] = name
	}
	r.chosen["arn"] = "arn:aws:route53:::hostedzone/" + wanted
	return nil
}

var keyIdentifier = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// keyOf is the identifier of the key that an alias, identifier or ARN names: the world's, else one that exists before.
func (r *reading) keyOf(name string) (string, error) {
	if found := keyIdentifier.FindString(name); found != "" {
		return found, nil
	}
	if _, alias, ok := strings.Cut(name, ":alias/"); ok {
		name = "alias/" + alias
	}
	if !strings.HasPrefix(name, "alias/") {
		return "", fmt.Errorf("NotFoundException: %q must be a key identifier, an ARN or begin with \"alias/\"", name)
	}
	alias, err := r.server.world.one("aws_kms_alias", name)
	if err != nil {
		return "", err
	}
	if alias != nil {
		return keyIdentifier.FindString(displayed(alias.Attrs["target_key_arn"])), nil
	}
	maker := r.server.filler("aws_kms_key", "kms|"+r.region+"|"+name, map[string]any{})
	return maker.expand("{uuid}", "key"), nil
}

func readKMSKey(r *reading) error {
	id, err := r.keyOf(displayed(r.config["key_id"]))
	r.chosen["id"] = id
	r.chosen["arn"] = r.expand("arn:aws:kms:{region}:{account}:key/", "") + id
	return err
}

func readKMSAlias(r *reading) error {
	name := displayed(r.config["name"])
	id, err := r.keyOf(name)
	arn := r.expand("arn:aws:kms:{region}:{account}:", "")
	r.chosen["id"], r.chosen["arn"] = arn+name, arn+name
	r.chosen["target_key_id"], r.chosen["target_key_arn"] = id, arn+"key/"+id
	return err
}

func readParameter(r *reading) error {
	name := displayed(r.config["name"])
	if strings.HasPrefix(name, "/aws/service/") {
		value := "ami-" + longHash("public|" + r.region + "|" + name)[:17]
		if !strings.Contains(name, "ami") && !strings.Contains(name, "canonical") && !strings.Contains(name, "suse") {
			value = r.expand("{name}-{h6}", "value")
		}
		r.chosen["value"], r.chosen["insecure_value"], r.chosen["type"] = value, value, "String"
		r.chosen["arn"] = "arn:aws:ssm:" + r.region + "::parameter" + name
		r.chosen["id"], r.chosen["version"] = name, 1
		return nil
	}
	found, err := r.server.world.get("aws_ssm_parameter", r.scope, name, "")
	if err != nil {
		return err
	}
	if found == nil {
		return fmt.Errorf("reading SSM Parameter (%s): ParameterNotFound", name)
	}
	value := parameterValue(found)
	r.chosen["value"], r.chosen["insecure_value"] = value, nil
	if found.Attrs["type"] != "SecureString" {
		r.chosen["insecure_value"] = value
	}
	r.chosen["id"], r.chosen["type"], r.chosen["arn"] = name, found.Attrs["type"], found.Attrs["arn"]
	r.chosen["version"] = liveOr(found, "version")
	return nil
}

// readParametersByPath lists what is below a path. Nothing there is an answer too, not an error.
func readParametersByPath(r *reading) error {
	path := strings.TrimSuffix(displayed(r.config["path"]), "/") + "/"
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("ValidationException: the path %q must begin with \"/\"", displayed(r.config["path"]))
	}
	recursive, _ := r.config["recursive"].(bool)
	all, err := r.server.world.all("aws_ssm_parameter")
	if err != nil {
		return err
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID < all[j].ID })
	names, arns, types, values := []any{}, []any{}, []any{}, []any{}
	for _, parameter := range all {
		rest, below := strings.CutPrefix(parameter.ID, path)
		if !below || parameter.Scope != r.scope || !recursive && strings.Contains(rest, "/") {
			continue
		}
		names, arns = append(names, parameter.ID), append(arns, parameter.Attrs["arn"])
		types, values = append(types, parameter.Attrs["type"]), append(values, parameterValue(parameter))
	}
	r.chosen["names"], r.chosen["arns"], r.chosen["types"], r.chosen["values"] = names, arns, types, values
	r.chosen["id"] = displayed(r.config["path"])
	return nil
}
