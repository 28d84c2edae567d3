package main

import (
	"encoding/json"
	"slices"
	"strconv"
)

// isCounter tells version numbers from other attributes that move.
func isCounter(value any) bool {
	_, number := value.(json.Number)
	return number
}

// silentArguments are those whose change a launch template marks in the plan without making a version of it.
var silentArguments = map[string][]string{
	"aws_launch_template": {"tags", "tags_all", "maintenance_options"},
}

// nextCounter is the value of a version number after an update.
func (c *change) nextCounter(before *record, name string) any {
	if c.kind == "aws_launch_template" && name == "default_version" {
		name = "latest_version"
	}
	if silent := silentArguments[c.kind]; silent != nil {
		prior, planned := membersOf(c.prior), membersOf(c.planned)
		onlySilent := true
		for argument, value := range planned {
			if value.IsKnown() && !value.Equal(prior[argument]) && !slices.Contains(silent, argument) {
				onlySilent = false
			}
		}
		if onlySilent {
			return before.Attrs[name]
		}
	}
	if name == "version" {
		return nextVersion(before)
	}
	return json.Number(strconv.Itoa(wholeNumber(before.Attrs[name], 0) + 1))
}

// nextVersion counts on from what a machine wrote meanwhile.
func nextVersion(r *record) any {
	return json.Number(strconv.Itoa(wholeNumber(liveOr(r, "version"), 0) + 1))
}

// liveOr is an attribute as the cloud has it, which may be newer than what Terraform knows.
func liveOr(r *record, name string) any {
	if value, ok := r.Live[name]; ok {
		return value
	}
	return r.Attrs[name]
}
