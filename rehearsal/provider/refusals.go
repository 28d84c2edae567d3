package main

import (
	"fmt"
	"slices"
	"strings"
)

// refuseMissing refuses arguments that name objects which do not exist.
func (s *server) refuseMissing(kind string, arguments map[string]any) error {
	var refused error
	eachString(arguments, "", func(path, text string) {
		if refused != nil || path == "id" || path == "arn" || len(text) > 2048 {
			return
		}
		wanted := s.rules.PathReferences[kind+"."+path]
		for expression, target := range s.rules.References {
			if s.rules.references[expression].MatchString(text) {
				wanted = target
			}
		}
		if wanted == "" || strings.HasPrefix(text, "arn:aws:iam::aws:") || strings.HasPrefix(text, "AWS-") {
			return
		}
		exists, err := s.exists(wanted, text)
		if err != nil {
			refused = err
		} else if !exists {
			refused = fmt.Errorf("NotFound: argument %q names the %s %q, which does not exist", path, wanted, text)
		}
	})
	return refused
}

// exists looks for an object by its identifier, or by an attribute where the target is "type.attribute".
func (s *server) exists(target, text string) (bool, error) {
	kind, attribute, byAttribute := strings.Cut(target, ".")
	if !byAttribute {
		found, err := s.world.byID(kind, text)
		return len(found) > 0, err
	}
	all, err := s.world.all(kind)
	for _, r := range all {
		if displayed(r.Attrs[attribute]) == text {
			return true, nil
		}
	}
	return false, err
}

// protections are the arguments that forbid a delete while they are true.
var protections = map[string]string{
	"aws_lb":                   "enable_deletion_protection",
	"aws_instance":             "disable_api_termination",
	"aws_cloudwatch_log_group": "deletion_protection_enabled",
}

// refuseDelete refuses to delete what is protected or still used.
func (s *server) refuseDelete(r *record) error {
	if argument := protections[r.Type]; argument != "" {
		if protected, _ := r.Attrs[argument].(bool); protected {
			return fmt.Errorf("OperationNotPermitted: %q is true", argument)
		}
	}
	if err := s.refuseNestedResources(r); err != nil {
		return err
	}
	users, held := s.rules.Holds[r.Type]
	if !held {
		return nil
	}
	if force, _ := r.Attrs["force_destroy"].(bool); force {
		return nil
	}
	kinds := []string{"*"}
	if !slices.Contains(users, "*") {
		kinds = nil
		for _, user := range users {
			kind, _, _ := strings.Cut(user, ".")
			kinds = append(kinds, kind)
		}
	}
	for _, kind := range kinds {
		others, err := s.world.all(kind)
		if err != nil {
			return err
		}
		for _, other := range others {
			if kind == "*" && !occupies(other) {
				continue
			}
			if path := s.uses(other, r, users); path != "" {
				return fmt.Errorf("DependencyViolation: still used by %s %q (%s)", other.Type, other.ID, path)
			}
		}
	}
	return nil
}

// occupies tells objects of a cloud's network from those that only mention one.
func occupies(r *record) bool {
	return strings.HasPrefix(r.Type, "aws_") && r.Type != "aws_ssm_parameter" && r.Type != "aws_s3_object"
}

// uses is the path at which one object names another; "" if it does not.
func (s *server) uses(user, used *record, allowed []string) string {
	if user.Type == used.Type && user.key() == used.key() {
		return ""
	}
	found := ""
	eachString(user.Attrs, "", func(path, text string) {
		if found != "" || text != used.ID || path == "id" {
			return
		}
		if slices.Contains(allowed, "*") || slices.Contains(allowed, user.Type+"."+path) {
			found = path
		}
	})
	return found
}

// keepsName says that the cloud keeps a deleted object's name: a secret waits for the end of its recovery window, a vault
// for that of its retention.
func (s *server) keepsName(r *record) bool {
	if r.Type == "azurerm_key_vault" {
		return s.keepsVault(r)
	}
	return r.Type == "aws_secretsmanager_secret" && wholeNumber(r.Attrs["recovery_window_in_days"], 30) > 0
}
